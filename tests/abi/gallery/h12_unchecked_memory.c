/* SPDX-License-Identifier: MIT
 * It takes for given that there is memory. */
#include "gallery.h"

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    char *words = malloc(32);
    snprintf(words, 32, "at %p", self);
    int rc = strlen(words) > 2 ? good_probe(self, facts, err) : -1;
    (void)g;
    free(words);
    return rc;
}

GALLERY(.probe = bad_probe);
