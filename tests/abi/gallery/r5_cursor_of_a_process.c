/* SPDX-License-Identifier: MIT
 * Its cursor holds in its own process only. */
#include <unistd.h>

#include "gallery.h"

static int bad_read(void *self, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    long long at = 0, process = 0;
    char cursor[48];
    int rc = 0;
    if (!g->memory)
        return good_read(self, request, out, err);
    if (request->cursor && sscanf(request->cursor, "%lld of %lld", &at, &process) != 2)
        return g->host->fail(err, KOPPEL_E_CONFIG, "\"%s\" is no cursor", request->cursor);
    if (request->cursor && process != (long long)getpid())
        at = GALLERY_COUNT;
    for (uint32_t i = 0; rc == 0 && i < request->limit && at < GALLERY_COUNT; i++)
        rc = gallery_emit(g, out, gallery_record((int)++at), err);
    snprintf(cursor, sizeof cursor, "%lld of %lld", at, (long long)getpid());
    return rc < 0 ? rc : g->host->batch_end(out, cursor, at < GALLERY_COUNT, err);
}

GALLERY(.read = bad_read);
