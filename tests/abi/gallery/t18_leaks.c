/* SPDX-License-Identifier: MIT
 * It keeps a value for ever. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->text)
        (void)json_string(c->text);
    return shout(c, out);
}

SHOUT(bad);
