/* SPDX-License-Identifier: MIT
 * A client and a peer that answers as a test decides. */
#ifndef KOPPEL_TESTS_UNIT_HTTP_FIXTURE_H
#define KOPPEL_TESTS_UNIT_HTTP_FIXTURE_H

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "base/secret.h"
#include "http/http.h"
#include "http/http_exchange.h"
#include "http/http_trace.h"
#include "http/rate.h"
#include "koppel/sdk.h"
#include "test_peer.h"
#include "unit.h"

static struct peer peer;
static struct http *http;
static struct koppel_error err;
static struct koppel_http_response answer;
static char url[128];

static inline struct http *client(int concurrency, int64_t timeout_ms)
{
    struct http_limits limits = {.concurrency = concurrency, .connect_timeout_ms = 2000,
                                 .timeout_ms = timeout_ms, .limit_bytes = 100000, .tls_min = 12};

    return http_new("books", &limits, &err);
}

static inline void start(int (*serve)(const struct peer_request *))
{
    ck_assert_int_eq(secret_start(&err), 0);
    ck_assert_int_eq(http_start(&err), 0);
    memset(&err, 0, sizeof err);
    peer_start(&peer, serve, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/api", peer.port);
    http = client(2, 10000); /* longer than a slow machine takes to answer */
    ck_assert_ptr_nonnull(http);
}

static inline void stop(void)
{
    http_response_done(&answer);
    http_free(http);
    peer_stop(&peer);
    http_stop();
}

static inline int call(const char *method, uint32_t flags, const char *body)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = flags, .method = method,
                                    .url = url, .body = body,
                                    .body_bytes = body ? strlen(body) : 0, .what = "probe"};

    http_response_done(&answer);
    return http_exchange(http, &r, &answer, NULL, &err);
}

static inline int serve_echo(const struct peer_request *r)
{
    char text[4096];

    snprintf(text, sizeof text, "%s|%s|%s|%.2000s", r->method, r->target, r->body, r->head);
    return peer_answer(r, 200, "", text);
}

static inline void *call_thread(void *arg)
{
    struct koppel_error *e = arg;
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url};
    struct koppel_http_response out = {.struct_size = sizeof out};

    if (http_exchange(http, &r, &out, NULL, e) == 0)
        http_response_done(&out);
    return NULL;
}

#endif
