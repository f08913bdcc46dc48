/* SPDX-License-Identifier: MIT
 * It calls an empty text a defect of the program. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->text && !c->text[0])
        return c->host->fail(c->err, KOPPEL_E_BUG, "no letter");
    return shout(c, out);
}

SHOUT(bad);
