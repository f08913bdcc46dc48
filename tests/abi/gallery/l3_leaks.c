/* SPDX-License-Identifier: MIT
 * close() forgets a part of what open() made. */
#include "gallery.h"

static int bad_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    int rc = good_open(host, ctx, self, err);
    if (rc == 0)
        ((struct gallery *)*self)->more = malloc(100);
    return rc;
}

GALLERY(.open = bad_open);
