/* SPDX-License-Identifier: MIT
 * A host for the files of the REST connector: the real one, but for settings, time and a peer that
 * answers one text. Each program includes it once. */
#ifndef TESTS_UNIT_REST_HOST_H
#define TESTS_UNIT_REST_HOST_H

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "catalogue/catalogue_parse.h"
#include "connection/batch.h"
#include "connection/host.h"
#include "connection/results.h"
#include "describe.h"
#include "fetch.h"
#include "find.h"
#include "read.h"
#include "receive.h"
#include "write.h"

#define REST_NOW_S INT64_C(1767225600) /* the first second of 2026 */

static struct rest rest;
static struct koppel_host rest_host;
static struct koppel_error rest_err;
static struct {
    unsigned status;
    const char *body; /* NUL-terminated; may hold any other byte */
    struct koppel_pair header;
    char asked[16384]; /* "GET URL?a=b\nBODY" of the last request */
} rest_peer;

static const char *rest_setting(struct koppel_context *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "url") == 0      ? "https://shop.example"
           : strcmp(name, "key") == 0    ? "hush"
           : strcmp(name, "tenant") == 0 ? "north"
                                         : NULL;
}

static int64_t rest_now(struct koppel_context *ctx)
{
    (void)ctx;
    return REST_NOW_S * 1000;
}

static int rest_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                     struct koppel_http_response *out, struct koppel_error *err)
{
    size_t used = 0;
    (void)ctx;
    (void)err;
    used += (size_t)snprintf(rest_peer.asked, sizeof rest_peer.asked, "%s %.900s", request->method,
                             request->url);
    for (uint32_t i = 0; i < request->query_count && used < 2000; i++)
        used += (size_t)snprintf(rest_peer.asked + used, sizeof rest_peer.asked - used,
                                 "%c%.100s=%.400s", i ? '&' : '?', request->query[i].name,
                                 request->query[i].value);
    if (request->body && used < 3000)
        snprintf(rest_peer.asked + used, sizeof rest_peer.asked - used, "\n%.12000s",
                 request->body);
    out->status = rest_peer.status;
    out->body = rest_peer.body;
    out->body_bytes = strlen(rest_peer.body);
    out->content_type = "application/json";
    out->headers = rest_peer.header.name ? &rest_peer.header : NULL;
    out->header_count = rest_peer.header.name != NULL;
    return 0;
}

static void rest_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    (void)ctx;
    (void)response;
}

/* The text as a description. false: rest_err says why it is none. */
static bool rest_describe(const char *text)
{
    rest_host = host_table;
    rest_host.setting = rest_setting;
    rest_host.now_ms = rest_now;
    rest_host.http = rest_http;
    rest_host.http_done = rest_http_done;
    rest_err = (struct koppel_error){0};
    struct catalogue *c = catalogue_parse(text, &rest_err);
    json_decref(rest.catalogue);
    rest = (struct rest){.host = &rest_host, .base = (char *)"https://shop.example/api"};
    if (!c || !c->connector) {
        catalogue_free(c);
        return false;
    }
    rest.catalogue = json_incref(c->json);
    rest.service = json_object_get(rest.catalogue, "service");
    catalogue_free(c);
    return describe_check(&rest_host, rest.catalogue, &rest_err) == 0;
}

/* The peer's only answer from now on. */
static void rest_answers(unsigned status, const char *body)
{
    rest_peer.status = status;
    rest_peer.body = body;
}

#endif
