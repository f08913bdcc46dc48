/* SPDX-License-Identifier: MIT
 * It wants a host of exactly its own size. */
#include "gallery.h"

static int bad_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    if (host->struct_size != sizeof *host)
        return host->fail(err, KOPPEL_E_CONFIG, "this program is not the one it was built for");
    return good_open(host, ctx, self, err);
}

GALLERY(.open = bad_open);
