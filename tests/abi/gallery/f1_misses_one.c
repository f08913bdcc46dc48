/* SPDX-License-Identifier: MIT
 * It does not find the third record, which is inactive. */
#include "gallery.h"

static int bad_find(void *self, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < request->count; i++) {
        json_t *list = gallery_list(g, request->match, request->keys[i], err);
        if (list && g->memory)
            json_array_remove(list, 2);
        rc = list ? gallery_found(g, list, request->match, request->keys[i], i, out, err) : -1;
        json_decref(list);
    }
    return rc;
}

GALLERY(.find = bad_find);
