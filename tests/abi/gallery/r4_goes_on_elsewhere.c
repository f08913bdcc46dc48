/* SPDX-License-Identifier: MIT
 * Reading goes on right only in the instance that began it. */
#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int64_t at = 0;
    char cursor[32];
    int rc = 0;
    if (!g->memory)
        return good_read(self, request, out, err);
    if (request->cursor && (koppel_parse_int(request->cursor, &at) < 0 || at < 0))
        return g->host->fail(err, KOPPEL_E_CONFIG, "\"%s\" is no cursor", request->cursor);
    if (request->cursor && !g->more)
        at++;
    g->more = g;
    for (uint32_t i = 0; rc == 0 && i < request->limit && at < GALLERY_COUNT; i++)
        rc = gallery_emit(g, out, gallery_record((int)++at), err);
    snprintf(cursor, sizeof cursor, "%lld", (long long)at);
    return rc < 0 ? rc : g->host->batch_end(out, cursor, at < GALLERY_COUNT, err);
}

GALLERY(.read = bad_read);
