/* SPDX-License-Identifier: MIT
 * It changes the record that it was lent. */
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->function == 1) {
        int rc = shout(c, out);
        (void)json_object_set_new(c->value, "seen", json_true());
        return rc;
    }
    return shout(c, out);
}

SHOUT(bad);
