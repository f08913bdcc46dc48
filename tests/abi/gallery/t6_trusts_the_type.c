/* SPDX-License-Identifier: MIT
 * It takes a list for a list of texts. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (json_is_array(c->value) && !json_string_value(json_array_get(c->value, 0))[0])
        return koppel_call_give(c, json_null(), out);
    return shout(c, out);
}

SHOUT(bad);
