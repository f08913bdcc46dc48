/* SPDX-License-Identifier: MIT
 * A service that breaks down behind a write is taken for one that refused it. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "POST", .body = request->items[0]->record, .write = 1};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    if (g->memory || request->flags & KOPPEL_WRITE_DRY_RUN)
        return good_write(self, request, out, err);
    if (gallery_http(g, &call, &answer, err) < 0)
        return -1;
    uint32_t status = answer.status;
    g->host->http_done(g->ctx, &answer);
    if (status >= 500)
        return g->host->fail(err, KOPPEL_E_REJECTED, "it was answered %u", (unsigned)status);
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
