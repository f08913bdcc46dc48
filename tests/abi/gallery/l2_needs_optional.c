/* SPDX-License-Identifier: MIT
 * It takes a setting for given that need not be. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    const char *note = g->host->setting(g->ctx, "note");
    if (strlen(note) > 1000)
        return g->host->fail(err, KOPPEL_E_CONFIG, "the note is too long");
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
