/* SPDX-License-Identifier: MIT
 * It takes for given that what was shared is there. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    json_t *known = g->host->shared_get(g->ctx, "login");
    if (!known) {
        if (g->host->shared_set(g->ctx, "login", json_string("x"), 0, err) < 0)
            return -1;
        known = g->host->shared_get(g->ctx, "login");
    }
    size_t bytes = strlen(json_string_value(known));
    json_decref(known);
    return bytes ? good_probe(self, facts, err) : g->host->fail(err, KOPPEL_E_RETRY, "no login");
}

GALLERY(.probe = bad_probe);
