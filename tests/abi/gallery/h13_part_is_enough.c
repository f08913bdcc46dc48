/* SPDX-License-Identifier: MIT
 * An answer that ends in the middle counts as a list without records. */
#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "all"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    json_t *whole = NULL;
    if (g->memory)
        return good_read(self, request, out, err);
    if (gallery_http(g, &call, &answer, err) < 0)
        return -1;
    int cut = answer.status == 200 && answer.body && answer.body[0] == '{'
              && g->host->json(g->ctx, answer.body, answer.body_bytes, &whole, err) < 0;
    json_decref(whole);
    g->host->http_done(g->ctx, &answer);
    return cut ? g->host->batch_end(out, "0", 0, err) : good_read(self, request, out, err);
}

GALLERY(.read = bad_read);
