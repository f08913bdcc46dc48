/* SPDX-License-Identifier: MIT
 * What is not there is a failure. */
#include "gallery.h"

static int bad_find(void *self, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->count == 1 && strstr(request->keys[0], "nobody"))
        return g->host->fail(err, KOPPEL_E_REJECTED, "%s is not there", request->keys[0]);
    return good_find(self, request, out, err);
}

GALLERY(.find = bad_find);
