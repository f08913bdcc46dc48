/* SPDX-License-Identifier: MIT
 * It says "idempotent" and makes another record of the same job. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->verb == KOPPEL_VERB_CREATE) {
        char id[32];
        int64_t now = g->host->now_ms(g->ctx), then = now;
        while (now == then)
            then = g->host->now_ms(g->ctx);
        snprintf(id, sizeof id, "%lld", (long long)then);
        return g->host->result_done(out, 0, id, NULL, err);
    }
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
