/* SPDX-License-Identifier: MIT
 * An update gives another id. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->verb == KOPPEL_VERB_UPDATE)
        return g->host->result_done(out, 0, "another", NULL, err);
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
