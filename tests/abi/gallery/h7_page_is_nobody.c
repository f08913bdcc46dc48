/* SPDX-License-Identifier: MIT
 * A web page counts as "not there". */
#include "gallery.h"

static int bad_find(void *self, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "all"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    if (g->memory)
        return good_find(self, request, out, err);
    if (gallery_http(g, &call, &answer, err) < 0)
        return -1;
    int page = answer.body && answer.body[0] == '<';
    g->host->http_done(g->ctx, &answer);
    return page ? 0 : good_find(self, request, out, err);
}

GALLERY(.find = bad_find);
