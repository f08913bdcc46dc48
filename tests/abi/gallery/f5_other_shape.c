/* SPDX-License-Identifier: MIT
 * fetch() gives a member that read() does not. */
#include "gallery.h"

static int bad_fetch(void *self, const struct koppel_fetch_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int64_t number = 0;
    (void)koppel_parse_int(request->ids[0], &number);
    json_t *record = g->memory ? gallery_record((int)number) : NULL;
    if (!record)
        return good_fetch(self, request, out, err);
    (void)json_object_set_new(record, "name", json_string("another"));
    return gallery_emit(g, out, record, err);
}

GALLERY(.fetch = bad_fetch);
