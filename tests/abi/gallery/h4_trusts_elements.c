/* SPDX-License-Identifier: MIT
 * It takes every element of a list for a record with an id. */
#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "all"};
    json_t *list = NULL, *record;
    size_t i, bytes = 0;
    if (g->memory)
        return good_read(self, request, out, err);
    if (ASK(g, &call, &list, err) < 0)
        return -1;
    json_array_foreach(list, i, record)
        bytes += strlen(json_string_value(json_object_get(record, "id")));
    json_decref(list);
    return bytes > 1 ? good_read(self, request, out, err)
                     : g->host->batch_end(out, "0", 0, err);
}

GALLERY(.read = bad_read);
