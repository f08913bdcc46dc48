/* SPDX-License-Identifier: MIT
 * It calls a library that it is not linked with; the program has it by chance.
 * flags: -Wl,-z,undefs */
#include "gallery.h"

extern const char *curl_version(void);

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    return g->host->row(facts, "curl", curl_version(), err);
}

GALLERY(.probe = bad_probe);
