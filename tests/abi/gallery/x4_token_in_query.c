/* SPDX-License-Identifier: MIT
 * It sends the token as an ordinary query. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "token",
                                .key = g->host->setting(g->ctx, "token")};
    json_t *list = NULL;
    if (!g->memory && ASK(g, &call, &list, err) < 0)
        return -1;
    json_decref(list);
    return g->host->row(facts, "version", "1", err);
}

GALLERY(.probe = bad_probe);
