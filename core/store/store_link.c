/* SPDX-License-Identifier: MIT
 * What a link holds is freed. */
#include "store/store_link.h"

#include <stdlib.h>

void store_link_done(struct store_link *l)
{
    free(l->id);
    free(l->alias);
    free(l->digest);
    free(l->begun.ref);
    free(l->begun.key);
    free(l->begun.document);
    free(l->begun.digest);
    *l = (struct store_link){0};
}
