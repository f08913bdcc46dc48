/* SPDX-License-Identifier: MIT
 * probe() says nothing. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "probe"};
    json_t *list = NULL;
    (void)facts;
    if (!g->memory && ASK(g, &call, &list, err) < 0)
        return -1;
    json_decref(list);
    return 0;
}

GALLERY(.probe = bad_probe);
