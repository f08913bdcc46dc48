/* SPDX-License-Identifier: MIT
 * A failure has two lines. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "probe"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    if (g->memory)
        return good_probe(self, facts, err);
    if (gallery_http(g, &call, &answer, err) < 0)
        return -1;
    uint32_t status = answer.status;
    g->host->http_done(g->ctx, &answer);
    return g->host->fail(err, status >= 400 && status < 500 ? KOPPEL_E_REJECTED : KOPPEL_E_RETRY,
                         "it was answered\nlevel=error event=forged");
}

GALLERY(.probe = bad_probe);
