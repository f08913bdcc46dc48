/* SPDX-License-Identifier: MIT
 * It reads brackets by itself, one call inside the other. */
#include "gallery.h"

static const char *skip(const char *at)
{
    volatile char page[2048];
    page[0] = *at;
    while (*at == '[' || *at == '{')
        at = skip(at + 1);
    return page[0] && *at ? at + 1 : at;
}

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "all"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    if (g->memory)
        return good_read(self, request, out, err);
    if (gallery_http(g, &call, &answer, err) < 0)
        return -1;
    const char *end = skip(answer.body);
    int wrong = end == answer.body;
    g->host->http_done(g->ctx, &answer);
    return wrong ? g->host->fail(err, KOPPEL_E_RETRY, "it answered nothing")
                 : good_read(self, request, out, err);
}

GALLERY(.read = bad_read);
