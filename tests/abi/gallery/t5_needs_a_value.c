/* SPDX-License-Identifier: MIT
 * It does not expect null. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->function == 0 && !c->value)
        return json_string_value(c->value)[0] ? 0 : -1;
    return shout(c, out);
}

SHOUT(bad);
