/* SPDX-License-Identifier: MIT
 * It makes a real of a number with an exponent. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->text && c->text[0] == '1' && c->text[1] == 'e')
        return koppel_call_give(c, json_real(1), out);
    return shout(c, out);
}

SHOUT(bad);
