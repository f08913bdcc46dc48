/* SPDX-License-Identifier: MIT
 * fetch() gives something for every key. */
#include "gallery.h"

static int bad_fetch(void *self, const struct koppel_fetch_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int64_t number = 0;
    if (g->memory && koppel_parse_int(request->ids[0], &number) < 0)
        return gallery_emit(g, out, json_pack("{s:s}", "id", request->ids[0]), err);
    return good_fetch(self, request, out, err);
}

GALLERY(.fetch = bad_fetch);
