/* SPDX-License-Identifier: MIT
 * It asks for the time. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->host->now_ms(c->ctx) < 0)
        return koppel_call_give(c, json_null(), out);
    return shout(c, out);
}

SHOUT(bad);
