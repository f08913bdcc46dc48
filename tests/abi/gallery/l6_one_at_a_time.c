/* SPDX-License-Identifier: MIT
 * While one instance is at work, another one takes the connection's work for its own. */
#include "gallery.h"

#define LOOKS 20000 /* at what it noted, which is the time that its work takes */

/* Is what this call noted there still? */
static int mine(struct gallery *g, json_int_t number)
{
    json_t *known = g->host->shared_get(g->ctx, "at-work");
    int same = !known || json_integer_value(known) == number;
    json_decref(known);
    return same;
}

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    json_int_t number = (json_int_t)(uintptr_t)g;
    if (g->host->shared_set(g->ctx, "at-work", json_integer(number), 0, err) < 0)
        return -1;
    for (int i = 0; i < LOOKS; i++) {
        if (!mine(g, number))
            return -1;
    }
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
