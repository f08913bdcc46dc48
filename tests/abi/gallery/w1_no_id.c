/* SPDX-License-Identifier: MIT
 * What it makes has no id. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->verb == KOPPEL_VERB_CREATE)
        return g->host->result_done(out, 0, NULL, NULL, err);
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
