/* SPDX-License-Identifier: MIT
 * It cuts by bytes. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->text && strlen(c->text) > 3 && strlen(c->text) < 1000)
        return koppel_call_give(c, json_stringn(c->text, 3), out);
    return shout(c, out);
}

SHOUT(bad);
