/* SPDX-License-Identifier: MIT
 * open() asks the service. */
#include "gallery.h"

static int bad_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    struct gallery_call call = {.method = "GET", .query = "hello"};
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    int rc = good_open(host, ctx, self, err);
    if (rc == 0 && gallery_http(*self, &call, &answer, err) == 0)
        host->http_done(ctx, &answer);
    return rc;
}

GALLERY(.open = bad_open);
