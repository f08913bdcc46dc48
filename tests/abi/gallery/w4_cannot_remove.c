/* SPDX-License-Identifier: MIT
 * It says that it can remove, and cannot. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->verb == KOPPEL_VERB_REMOVE)
        return g->host->fail(err, KOPPEL_E_REJECTED, "nothing is ever removed here");
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
