/* SPDX-License-Identifier: MIT
 * It counts in a static variable. */
#include "gallery.h"

static int probes;

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    probes++;
    return good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
