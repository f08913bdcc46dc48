/* SPDX-License-Identifier: MIT
 * All hits stand at the first key. */
#include "gallery.h"

static int bad_find(void *self, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < request->count; i++) {
        json_t *list = gallery_list(g, request->match, request->keys[i], err);
        rc = list ? gallery_found(g, list, request->match, request->keys[i], 0, out, err) : -1;
        json_decref(list);
    }
    return rc;
}

GALLERY(.find = bad_find);
