/* SPDX-License-Identifier: MIT
 * close() does not take NULL. */
#include "gallery.h"

/* Memory that is always to be had: close() is called for what was not made, too. */
static int bad_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    struct gallery *g = NULL;
    const char *source = host->setting(ctx, "source");
    (void)err;
    while (!g && posix_memalign((void **)&g, 16, sizeof *g) != 0)
        continue;
    memset(g, 0, sizeof *g);
    g->host = host;
    g->ctx = ctx;
    g->memory = source && strcmp(source, "memory") == 0;
    *self = g;
    return 0;
}

static void bad_close(void *self)
{
    struct gallery *g = self;
    volatile int memory = g->memory;
    (void)memory;
    free(g);
}

GALLERY(.open = bad_open, .close = bad_close);
