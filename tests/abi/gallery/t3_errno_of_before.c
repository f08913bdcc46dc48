/* SPDX-License-Identifier: MIT
 * It looks at errno, where the call before it may have left something. */
#include <errno.h>
#include <stdlib.h>

#define SHOUT_EXAMPLE                                                                              \
    "{\"in\":\"7\",\"args\":[\"?\"],\"out\":\"7?\"},"                                              \
    "{\"in\":\"99999999999999999999\",\"error\":\"too large\"}"
#include "gallery_transform.h"

static int bad(const struct koppel_call *c, json_t **out)
{
    if (c->function == 0 && c->text) {
        (void)strtoll(c->text, NULL, 10);
        if (errno == ERANGE)
            return c->host->fail(c->err, KOPPEL_E_REJECTED, "the number is too large");
    }
    return shout(c, out);
}

SHOUT(bad);
