/* SPDX-License-Identifier: MIT
 * It copies without a bound. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    char copy[64];
    const char *note = g->host->setting(g->ctx, "note");
    if (!note || strlen(note) >= sizeof copy)
        return good_probe(self, facts, err);
    strcat(memset(copy, 0, sizeof copy), note);
    return *copy ? good_probe(self, facts, err) : g->host->row(facts, "version", "1", err);
}

GALLERY(.probe = bad_probe);
