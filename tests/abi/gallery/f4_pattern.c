/* SPDX-License-Identifier: MIT
 * It takes a key for a pattern. */
#include <fnmatch.h>

#include "gallery.h"

static int bad_find(void *self, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int rc = 0;
    if (!g->memory)
        return good_find(self, request, out, err);
    for (uint32_t i = 0; rc == 0 && i < request->count; i++) {
        for (int n = 1; rc == 0 && n <= GALLERY_COUNT; n++) {
            json_t *record = gallery_record(n);
            const char *value = koppel_get_text(record, request->match, "");
            if (record && fnmatch(request->keys[i], value, 0) == 0)
                rc = g->host->result_found(out, i, koppel_get_text(record, "id", ""),
                                           json_incref(record), err);
            json_decref(record);
        }
    }
    return rc;
}

GALLERY(.find = bad_find);
