/* SPDX-License-Identifier: MIT
 * A cursor that is none is taken for the end. */
#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int64_t at = 0;
    if (request->cursor && (koppel_parse_int(request->cursor, &at) < 0 || at < 0))
        return g->host->batch_end(out, request->cursor, 0, err);
    return good_read(self, request, out, err);
}

GALLERY(.read = bad_read);
