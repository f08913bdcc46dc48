/* SPDX-License-Identifier: MIT
 * A choice list that its catalogue names cannot be had. */
#include "gallery.h"

static int bad_choices(void *self, const char *name, struct koppel_list *out,
                       struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory)
        return g->host->fail(err, KOPPEL_E_REJECTED, "there is no list %s", name);
    return good_choices(self, name, out, err);
}

GALLERY(.choices = bad_choices);
