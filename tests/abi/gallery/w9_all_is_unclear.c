/* SPDX-License-Identifier: MIT
 * A write that was not sent counts as one whose answer was lost, as long as the service is
 * there. */
#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call look = {.method = "GET", .query = "name"};
    json_t *list = NULL;
    if (g->memory)
        return good_write(self, request, out, err);
    if (ASK(g, &look, &list, err) < 0)
        return -1;
    json_decref(list);
    return good_write(self, request, out, err) == 0
               ? 0
               : g->host->fail(err, KOPPEL_E_UNSURE, "it may have arrived");
}

GALLERY(.write = bad_write);
