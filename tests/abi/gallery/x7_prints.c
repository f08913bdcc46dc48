/* SPDX-License-Identifier: MIT
 * It can print to standard error. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->host->deadline_ms(g->ctx) < 0)
        perror("late");
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
