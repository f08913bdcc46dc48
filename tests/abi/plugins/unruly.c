/* SPDX-License-Identifier: MIT
 * A connector that does what no plugin may: its setting `mode` says what, in its first read.
 *
 *   block    never comes back         exit     calls exit(0)        crash    follows a bad pointer
 *   records  gives good records with bad ones between them
 *   late     gives a record behind the end */
#include "koppel/sdk.h"

#include <stdlib.h>
#include <unistd.h>

static const char catalogue[] =
    "{\"title\":{\"en\":\"Unruly\",\"nl\":\"Onhandelbaar\"},\"settings\":["
    "{\"name\":\"mode\",\"type\":\"choice\",\"default\":\"records\","
    "\"values\":[\"block\",\"exit\",\"crash\",\"records\",\"late\"]}],"
    "\"entities\":[{\"name\":\"thing\",\"key\":\"id\",\"can\":[\"read\"],"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"price\",\"type\":\"decimal\"}]}]}";

struct unruly {
    const struct koppel_host *host;
    struct koppel_context *ctx;
};

static int unruly_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                       struct koppel_error *err)
{
    struct unruly *u = calloc(1, sizeof *u);
    if (!u)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    u->host = host;
    u->ctx = ctx;
    *self = u;
    return 0;
}

static int unruly_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct unruly *u = self;
    return u->host->row(facts, "version", "1", err);
}

static json_t *deep(int levels)
{
    json_t *value = json_string("bottom");
    while (levels-- > 0)
        value = json_pack("[o]", value);
    return value;
}

static int give(struct unruly *u, struct koppel_batch *out, const char *id, json_t *more,
                struct koppel_error *err)
{
    json_t *record = json_pack("{s:s,s:o}", "id", id, "price", more);
    return u->host->emit(out, id, 1, record, err);
}

static int give_records(struct unruly *u, struct koppel_batch *out, struct koppel_error *err)
{
    static const char raw[] = "<thing id=4 price=\x01";
    char long_id[301];
    memset(long_id, 'k', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    if (give(u, out, "1", json_string("1.50"), err) != 0
        || give(u, out, "2", json_real(2.5), err) != 0
        || give(u, out, "3", deep(2000), err) != 0
        || u->host->emit_unreadable(out, "4", 1, raw, sizeof raw - 1, "price: a control character",
                                    err) != 0
        || give(u, out, long_id, json_string("5.00"), err) != 0
        || give(u, out, "6", json_string_nocheck("caf\xe9"), err) != 0
        || u->host->emit(out, "7", 1, json_pack("{s:s}", "id", "8"), err) != 0
        || give(u, out, "9", json_string("9.99"), err) != 0)
        return -1;
    return u->host->batch_end(out, "end", 0, err);
}

static int unruly_read(void *self, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err)
{
    struct unruly *u = self;
    const char *mode = u->host->setting(u->ctx, "mode");
    static volatile int nowhere;
    if (strcmp(mode, "exit") == 0)
        exit(0);
    if (strcmp(mode, "crash") == 0)
        return *(volatile int *)(uintptr_t)nowhere;
    while (strcmp(mode, "block") == 0)
        pause();
    if (strcmp(mode, "late") == 0) {
        u->host->batch_end(out, "end", 0, err);
        return give(u, out, "1", json_string("1.50"), err), 0;
    }
    if (request->cursor)
        return u->host->batch_end(out, request->cursor, 0, err);
    return give_records(u, out, err);
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = unruly_open,
    .close = free,
    .probe = unruly_probe,
    .read = unruly_read,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "unruly",
    .version = "1",
    .catalogue = catalogue,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
