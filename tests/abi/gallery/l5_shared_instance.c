/* SPDX-License-Identifier: MIT
 * All instances of a connection are one. */
#include "gallery.h"

static int bad_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    json_t *known = host->shared_get(ctx, "self");
    int rc = 0;
    if (known) {
        *self = (void *)(uintptr_t)json_integer_value(known);
        json_decref(known);
        return 0;
    }
    rc = good_open(host, ctx, self, err);
    return rc < 0 ? rc
                  : host->shared_set(ctx, "self", json_integer((json_int_t)(uintptr_t)*self), 0,
                                     err);
}

static void bad_close(void *self)
{
    (void)self; /* another one may use it */
}

GALLERY(.open = bad_open, .close = bad_close);
