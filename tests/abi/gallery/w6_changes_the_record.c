/* SPDX-License-Identifier: MIT
 * It changes the record that it was lent. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory)
        (void)json_object_set_new(request->items[0]->record, "sent", json_true());
    return good_write(self, request, out, err);
}

GALLERY(.write = bad_write);
