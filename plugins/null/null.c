/* SPDX-License-Identifier: MIT
 * null: reads nothing, finds nothing, accepts everything and forgets it. For previews, for
 * measuring what the engine itself costs, and as the smallest connector there is. */
#include "koppel/sdk.h"
#include "null_catalogue.h"

#include <stdlib.h>

struct null {
    const struct koppel_host *host;
};

static int null_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                     struct koppel_error *err)
{
    (void)ctx;
    struct null *n = calloc(1, sizeof(*n));
    if (!n)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    n->host = host;
    *self = n;
    return 0;
}

static void null_close(void *self)
{
    free(self);
}

static int null_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct null *n = self;
    return n->host->row(facts, "records", "0", err);
}

static int null_read(void *self, const struct koppel_read_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct null *n = self;
    return n->host->batch_end(out, request->cursor ? request->cursor : "0", 0, err);
}

static int null_find(void *self, const struct koppel_find_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    (void)self;
    (void)request;
    (void)out;
    (void)err;
    return 0; /* no result for a key means: not there */
}

static int null_write(void *self, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct null *n = self;
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (n->host->result_done(out, i, item->id ? item->id : item->job, NULL, err) < 0)
            return -1;
    }
    return 0;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = null_open,
    .close = null_close,
    .probe = null_probe,
    .read = null_read,
    .find = null_find,
    .write = null_write,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "null",
    .version = "0.1.0",
    .catalogue = catalogue_text,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
