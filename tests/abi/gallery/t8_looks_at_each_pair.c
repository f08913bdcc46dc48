/* SPDX-License-Identifier: MIT
 * Its time grows with the square of the length. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    const char *text = c->function == 0 && c->text ? c->text : "";
    volatile unsigned pairs = 0;
    for (const char *a = text; *a; a++) {
        for (const char *b = text; b < a; b++)
            pairs += *a == *b;
    }
    return shout(c, out);
}

SHOUT(bad);
