/* SPDX-License-Identifier: MIT
 * It asks the machine for the time. */
#include <time.h>

#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->host->deadline_ms(g->ctx) < 0)
        return g->host->fail(err, KOPPEL_E_BUG, "late at %lld", (long long)time(NULL));
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
