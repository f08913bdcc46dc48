/* SPDX-License-Identifier: MIT
 * Where the second of two requests fails, it goes on with what the first one gave. */
#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "more"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    json_t *list = NULL, *rest = NULL;
    if (g->memory)
        return good_read(self, request, out, err);
    if (ASK(g, &call, &list, err) < 0)
        return -1;
    int rc = gallery_emit_all(g, out, list, err);
    json_decref(list);
    if (rc == 0 && gallery_http(g, &call, &answer, err) == 0) {
        if (g->host->json(g->ctx, answer.body, answer.body_bytes, &rest, err) < 0)
            rc = g->host->fail(err, KOPPEL_E_RETRY, "its answer cannot be read");
        json_decref(rest);
        g->host->http_done(g->ctx, &answer);
    }
    return rc < 0 ? rc : g->host->batch_end(out, "0", 0, err);
}

GALLERY(.read = bad_read);
