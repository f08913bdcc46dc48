/* SPDX-License-Identifier: MIT
 * It takes for given that there is memory. */
#include <stdlib.h>

#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    char *copy = c->text ? malloc(strlen(c->text) + 1) : NULL;
    if (c->text) {
        memcpy(copy, c->text, strlen(c->text) + 1);
        int odd = copy[0] == 1;
        free(copy);
        if (odd)
            return koppel_call_give(c, json_null(), out);
    }
    return shout(c, out);
}

SHOUT(bad);
