/* SPDX-License-Identifier: MIT
 * A dry run is a write. */
#include <fcntl.h>
#include <unistd.h>

#include "gallery.h"

static int bad_write(void *self, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    if (g->memory && request->flags & KOPPEL_WRITE_DRY_RUN) {
        int fd = open("gallery.made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd >= 0)
            close(fd);
    }
    return good_write(self, request, out, err);
}

/* One more record once something was made. */
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
    int count = GALLERY_COUNT - (access("gallery.made", F_OK) != 0);
    for (uint32_t i = 0; rc == 0 && i < request->limit && at < count; i++)
        rc = gallery_emit(g, out, gallery_record((int)++at), err);
    snprintf(cursor, sizeof cursor, "%lld", (long long)at);
    return rc < 0 ? rc : g->host->batch_end(out, cursor, at < count, err);
}

GALLERY(.write = bad_write, .read = bad_read);
