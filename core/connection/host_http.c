/* SPDX-License-Identifier: MIT
 * The host table's HTTP. */
#include "connection/host_http.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "connection/instance.h"
#include "http/http_exchange.h"
#include "http/http_trace.h"
#include "oauth/oauth2.h"
#include "oauth/oauth2_exchange.h"

#define PAIRS_MAX 1000

/* Every version of the struct begins with these. */
#define PAIR_LEAST (offsetof(struct koppel_pair, value) + sizeof(char *))
#define RESPONSE_LEAST (offsetof(struct koppel_http_response, host_private) + sizeof(void *))

/* The plugin's pairs in this program's form: its own array where that has it already, else a copy
 * in *made (caller frees). */
static int pairs_take(const struct koppel_pair *theirs, uint32_t count,
                      const struct koppel_pair **out, struct koppel_pair **made,
                      struct koppel_error *err)
{
    *out = theirs;
    *made = NULL;
    if (count == 0)
        return 0;
    if (!theirs || count > PAIRS_MAX)
        return err_set(err, KOPPEL_E_BUG, "http wants its pairs, and at most %d", PAIRS_MAX);
    uint32_t size = theirs->struct_size;
    if (size < PAIR_LEAST)
        return err_set(err, KOPPEL_E_BUG, "http: a pair has no size; use KOPPEL_PAIR");
    struct koppel_pair *copy = NULL;
    if (size != sizeof *copy) {
        copy = calloc(count, sizeof *copy);
        if (!copy)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct koppel_pair *pair =
            (const struct koppel_pair *)((const char *)theirs + (size_t)i * size);
        if (pair->struct_size != size || !pair->name) {
            free(copy);
            return err_set(err, KOPPEL_E_BUG, "http: pair %u has another size than the first, or "
                           "no name", i);
        }
        if (copy)
            memcpy(&copy[i], pair, size < sizeof *copy ? size : sizeof *copy);
    }
    *made = copy;
    if (copy)
        *out = copy;
    return 0;
}

static int capture(struct koppel_context *ctx, const struct koppel_http_request *request,
                   struct koppel_error *err)
{
    json_array_append_new(ctx->captured, http_trace_request(request));
    return err_reason(err, KOPPEL_E_CANCELLED, HOST_HTTP_CAPTURED,
                      "%s was not sent: it is only shown", request->what ? request->what
                                                                        : request->method);
}

static int exchange(struct koppel_context *ctx, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err)
{
    struct connection *c = ctx->connection;
    bool refused;
    if (ctx->captured && http_exchange_changes(request))
        return capture(ctx, request, err);
    if (!(request->flags & KOPPEL_HTTP_OAUTH))
        return http_exchange_bearer(c->http, request, NULL, ctx->leave, out, ctx->trace, &refused,
                                    err);
    if (!c->oauth)
        return err_set(err, KOPPEL_E_CONFIG, "%s: this connection has no OAuth settings",
                       c->conf->name);
    return oauth2_exchange(c->oauth, c->http, request, ctx->leave, out, ctx->trace, err);
}

int host_http_exchange(struct koppel_context *ctx, const struct koppel_http_request *request,
                       struct koppel_http_response *out, struct koppel_error *err)
{
    struct koppel_http_request full = {0};
    struct koppel_http_response answer = {.struct_size = sizeof answer};
    struct koppel_pair *query = NULL, *headers = NULL;
    if (!ctx->connection)
        return err_set(err, KOPPEL_E_BUG, "a transform has no HTTP");
    size_t bytes = request->struct_size < sizeof full ? request->struct_size : sizeof full;
    memcpy(&full, request, bytes); /* what an older plugin's request lacks is zero */
    full.struct_size = sizeof full;
    if (!full.method || !full.url || (!full.body && full.body_bytes))
        return err_set(err, KOPPEL_E_BUG, "http wants struct_size, method and url, and a body "
                       "where it has bytes");
    if (out->struct_size < RESPONSE_LEAST)
        return err_set(err, KOPPEL_E_BUG, "http wants a response that is initialised with "
                       "KOPPEL_INIT");
    if (pairs_take(full.query, full.query_count, &full.query, &query, err) < 0)
        return -1;
    int rc = pairs_take(full.headers, full.header_count, &full.headers, &headers, err);
    if (rc == 0) {
        call_host_begin();
        rc = exchange(ctx, &full, &answer, err);
        call_host_end();
    }
    free(query);
    free(headers);
    uint32_t size = out->struct_size;
    if (rc == 0)
        memcpy(out, &answer, size < sizeof answer ? size : sizeof answer);
    out->struct_size = size;
    return rc;
}

void host_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    (void)ctx;
    if (!response || response->struct_size < RESPONSE_LEAST)
        return;
    struct koppel_http_response answer = {.host_private = response->host_private};
    http_response_done(&answer);
    uint32_t size = response->struct_size;
    memcpy(response, &answer, size < sizeof answer ? size : sizeof answer);
    response->struct_size = size;
}
