/* SPDX-License-Identifier: MIT
 * shelf: three records that are always there. Built once against ABI 1.1 and kept as shelf.so, which
 * every later program must load and call; this source is never built again. */
#include "koppel/sdk.h"

#include <stdlib.h>

static const char catalogue_text[] =
    "{\"schema\":1,\"title\":\"A shelf\",\"settings\":["
    "{\"name\":\"prefix\",\"title\":\"Prefix\",\"help\":\"Before each name.\",\"default\":\"no \"},"
    "{\"name\":\"shift\",\"title\":\"Shift\",\"help\":\"Added to each price.\",\"type\":\"integer\","
    "\"default\":0}],"
    "\"entities\":[{\"name\":\"thing\",\"title\":\"A thing\",\"key\":\"id\","
    "\"can\":[\"read\",\"find\",\"fetch\"],\"find\":[\"id\"],\"batch\":{\"read\":2,\"find\":10},"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"name\"},{\"name\":\"price\",\"type\":\"decimal\"}]}]}";

struct shelf {
    const struct koppel_host *host;
    struct koppel_context *ctx;
};

static int shelf_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                      struct koppel_error *err)
{
    struct shelf *s = calloc(1, sizeof *s);
    if (!s)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    s->host = host;
    s->ctx = ctx;
    *self = s;
    return 0;
}

static void shelf_close(void *self)
{
    free(self);
}

static int shelf_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct shelf *s = self;
    if (s->host->step(facts, "look", KOPPEL_STEP_OK, NULL, NULL, err) != 0)
        return -1;
    return s->host->row(facts, "things", "3", err);
}

/* Number i, from 1; NULL with err. */
static json_t *thing(struct shelf *s, int i, struct koppel_error *err)
{
    static const char text[] = "[{\"price\":1.50},{\"price\":20},{\"price\":3e2}]";
    char sum[KOPPEL_DECIMAL_TEXT], price[KOPPEL_DECIMAL_TEXT], shift[24];
    json_t *list = NULL, *made = NULL;
    snprintf(shift, sizeof shift, "%lld", (long long)s->host->setting_int(s->ctx, "shift"));
    if (s->host->json(s->ctx, text, sizeof text - 1, &list, err) != 0)
        return NULL;
    int rc = koppel_json_decimal(json_object_get(json_array_get(list, (size_t)i - 1), "price"), price);
    json_decref(list);
    if (rc != 0) {
        s->host->fail(err, KOPPEL_E_REJECTED, "thing %d has no price", i);
        return NULL;
    }
    if (s->host->decimal(s->ctx, KOPPEL_DECIMAL_ADD, price, shift, 2, KOPPEL_ROUND_HALF_UP, sum, err))
        return NULL;
    made = json_pack("{s:o,s:o,s:s}", "id", koppel_int_json(i), "name",
                     json_sprintf("%s%d", s->host->setting(s->ctx, "prefix"), i), "price", sum);
    if (!made)
        s->host->fail(err, KOPPEL_E_RETRY, "out of memory");
    return made;
}

static int shelf_read(void *self, const struct koppel_read_request *request,
                      struct koppel_batch *out, struct koppel_error *err)
{
    struct shelf *s = self;
    int64_t at = 0;
    char text[24];
    uint32_t n;
    if (request->cursor && (koppel_parse_int(request->cursor, &at) != 0 || at < 0))
        return s->host->fail(err, KOPPEL_E_CONFIG, "\"%s\" is no cursor", request->cursor);
    for (n = 0; n < request->limit && at < 3; n++) {
        json_t *record = thing(s, (int)++at, err);
        snprintf(text, sizeof text, "%d", (int)at);
        if (!record || s->host->emit(out, text, at, record, err) != 0)
            return -1;
    }
    snprintf(text, sizeof text, "%d", (int)at);
    if (s->host->total(out, 3, err) != 0)
        return -1;
    return s->host->batch_end(out, text, at < 3, err);
}

static int shelf_find(void *self, const struct koppel_find_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct shelf *s = self;
    uint32_t i;
    for (i = 0; i < request->count; i++) {
        int64_t number;
        json_t *record;
        if (koppel_parse_int(request->keys[i], &number) != 0 || number < 1 || number > 3
            || request->keys[i][0] == '0')
            continue;
        record = thing(s, (int)number, err);
        if (!record || s->host->result_found(out, i, request->keys[i], record, err) != 0)
            return -1;
    }
    return 0;
}

static int shelf_fetch(void *self, const struct koppel_fetch_request *request,
                       struct koppel_batch *out, struct koppel_error *err)
{
    struct shelf *s = self;
    uint32_t i;
    for (i = 0; i < request->count; i++) {
        int64_t number;
        json_t *record;
        if (koppel_parse_int(request->ids[i], &number) != 0 || number < 1 || number > 3) {
            if (s->host->emit_gone(out, request->ids[i], 0, err) != 0)
                return -1;
            continue;
        }
        record = thing(s, (int)number, err);
        if (!record || s->host->emit(out, request->ids[i], number, record, err) != 0)
            return -1;
    }
    return 0;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof connector,
    .open = shelf_open,
    .close = shelf_close,
    .probe = shelf_probe,
    .read = shelf_read,
    .find = shelf_find,
    .fetch = shelf_fetch,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .threads = KOPPEL_THREADS_INSTANCE,
    .name = "shelf",
    .version = "1.1",
    .catalogue = catalogue_text,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
