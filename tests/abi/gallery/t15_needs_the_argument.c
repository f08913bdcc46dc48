/* SPDX-License-Identifier: MIT
 * It takes an argument for given that need not be. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->function == 0 && koppel_call_arg(c, 0)[0] == '~')
        return koppel_call_give(c, json_null(), out);
    return shout(c, out);
}

SHOUT(bad);
