/* SPDX-License-Identifier: MIT
 * The connector that the broken ones of the gallery are made of: it passes every check. Each source
 * here includes it and puts something in the place of one part. The name of a file begins with the
 * check that must fail.
 *
 * With source "memory" it has twelve records and asks nobody, else it speaks to a service by
 * HTTP. */
#ifndef GALLERY_H
#define GALLERY_H

#include "koppel/sdk.h"

#include <stdlib.h>

#ifndef GALLERY_SETTINGS
#define GALLERY_SETTINGS                                                                           \
    "{\"name\":\"source\",\"type\":\"choice\",\"values\":[\"peer\",\"memory\"],"                   \
    "\"default\":\"peer\",\"help\":\"Where records come from.\"},"                                 \
    "{\"name\":\"url\",\"type\":\"url\",\"required\":true,\"help\":\"The service.\"},"             \
    "{\"name\":\"token\",\"required\":true,\"secret\":true,\"help\":\"The login.\"},"              \
    "{\"name\":\"note\",\"help\":\"A word for whoever reads this.\"}"
#endif
#ifndef GALLERY_FIELDS
#define GALLERY_FIELDS                                                                             \
    "{\"name\":\"id\"},{\"name\":\"name\"},"                                                       \
    "{\"name\":\"price\",\"type\":\"decimal\",\"role\":\"total\"}"
#endif
#ifndef GALLERY_CAN
#define GALLERY_CAN                                                                                \
    "\"read\",\"find\",\"fetch\",\"create\",\"update\",\"remove\",\"dry-run\""
#endif
#ifndef GALLERY_REPEAT
#define GALLERY_REPEAT "\"repeat\":\"idempotent\","
#endif
#ifndef GALLERY_MORE
#define GALLERY_MORE ""
#endif
#ifndef GALLERY_VERSION
#define GALLERY_VERSION "1.0"
#endif

static const char gallery_catalogue[] =
    "{\"title\":\"Gallery\",\"settings\":[" GALLERY_SETTINGS "],\"choices\":[\"colours\"],"
    GALLERY_MORE
    "\"entities\":[{\"name\":\"thing\",\"title\":\"A thing\",\"key\":\"id\",\"can\":[" GALLERY_CAN
    "]," GALLERY_REPEAT "\"batch\":{\"read\":5,\"find\":10,\"fetch\":1,\"write\":1},"
    "\"find\":[\"id\",\"name\"],\"fields\":[" GALLERY_FIELDS "]}]}";

#define GALLERY_COUNT 12

struct gallery {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    int memory;
    void *more; /* of the broken ones */
};

KOPPEL_MAYBE_UNUSED
static int good_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                     struct koppel_error *err)
{
    struct gallery *g = calloc(1, sizeof *g);
    const char *source = host->setting(ctx, "source");
    if (!g)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    g->host = host;
    g->ctx = ctx;
    g->memory = source && strcmp(source, "memory") == 0;
    *self = g;
    return 0;
}

KOPPEL_MAYBE_UNUSED
static void good_close(void *self)
{
    free(self);
}

/* ---- the service ---- */

/* What is asked of it. */
struct gallery_call {
    const char *method, *query, *key;
    json_t *body;
    const char *job;
    int write;
};

static int gallery_http(struct gallery *g, const struct gallery_call *c,
                        struct koppel_http_response *answer, struct koppel_error *err)
{
    struct koppel_http_request r = KOPPEL_INIT(r);
    char *text = c->body ? json_dumps(c->body, JSON_COMPACT) : NULL;
    const struct koppel_pair query[] = {KOPPEL_PAIR(c->query ? c->query : "all",
                                                    c->key ? c->key : "1")};
    const struct koppel_pair headers[] = {
        KOPPEL_PAIR_SECRET("Authorization", g->host->setting(g->ctx, "token")),
        KOPPEL_PAIR("Idempotency-Key", c->job ? c->job : "")};
    if (c->body && !text)
        return g->host->fail(err, KOPPEL_E_RETRY, "out of memory");
    r.method = c->method;
    r.url = g->host->setting(g->ctx, "url");
    KOPPEL_QUERY(r, query);
    KOPPEL_HEADERS(r, headers);
    r.body = text;
    r.body_bytes = text ? strlen(text) : 0;
    r.flags = c->write ? KOPPEL_HTTP_WRITE : 0;
    r.what = "things";
    int rc = g->host->http(g->ctx, &r, answer, err);
    free(text);
    return rc;
}

/* A lost write may have been done; all else changed nothing. */
static int gallery_unclear(const struct gallery_call *c)
{
    return c->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

static int gallery_status(struct gallery *g, const struct gallery_call *c, uint32_t status,
                          struct koppel_error *err)
{
    if (status >= 400 && status < 500)
        return g->host->fail(err, KOPPEL_E_REJECTED, "it was answered %u", (unsigned)status);
    if (status != 200)
        return g->host->fail(err, gallery_unclear(c), "it was answered %u", (unsigned)status);
    return 0;
}

/* The list of an answer, "data", as a new reference. */
static int good_ask(struct gallery *g, const struct gallery_call *c, json_t **list,
                    struct koppel_error *err)
{
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    json_t *whole = NULL;
    *list = NULL;
    if (gallery_http(g, c, &answer, err) < 0)
        return -1;
    int rc = gallery_status(g, c, answer.status, err);
    if (rc == 0 && g->host->json(g->ctx, answer.body, answer.body_bytes, &whole, err) < 0)
        rc = g->host->fail(err, gallery_unclear(c), "its answer cannot be read");
    if (rc == 0)
        *list = json_incref(json_object_get(whole, "data"));
    if (rc == 0 && !json_is_array(*list))
        rc = g->host->fail(err, gallery_unclear(c), "its answer has no list \"data\"");
    if (rc < 0) {
        json_decref(*list);
        *list = NULL;
    }
    json_decref(whole);
    g->host->http_done(g->ctx, &answer);
    return rc;
}

#ifndef ASK
#define ASK good_ask
#endif

/* ---- records ---- */

#ifndef GALLERY_PRICE
#define GALLERY_PRICE "1.50"
#endif
#ifndef GALLERY_ID
#define GALLERY_ID "%d"
#endif

/* Number i of memory, from 1; NULL: there is none. */
KOPPEL_MAYBE_UNUSED
static json_t *gallery_record(int i)
{
    char id[24], name[24];
    snprintf(id, sizeof id, GALLERY_ID, i);
    snprintf(name, sizeof name, "name %d", i);
    return i < 1 || i > GALLERY_COUNT
               ? NULL
               : json_pack("{s:s,s:s,s:s}", "id", id, "name", name, "price", GALLERY_PRICE);
}

KOPPEL_MAYBE_UNUSED
static int gallery_emit(struct gallery *g, struct koppel_batch *out, json_t *record,
                        struct koppel_error *err)
{
    const char *id = koppel_get_text(record, "id", NULL);
    int64_t version;
    if (!record)
        return g->host->fail(err, KOPPEL_E_RETRY, "out of memory");
    if (!id || !*id) {
        char *raw = json_dumps(record, JSON_COMPACT | JSON_ENCODE_ANY);
        int rc = raw ? g->host->emit_unreadable(out, NULL, 0, raw, strlen(raw), "no id", err)
                     : g->host->fail(err, KOPPEL_E_RETRY, "out of memory");
        free(raw);
        json_decref(record);
        return rc;
    }
    version = koppel_parse_int(id, &version) == 0 ? version : 1;
    return g->host->emit(out, id, version, record, err);
}

/* What the service gave, from its first record on. */
KOPPEL_MAYBE_UNUSED
static int gallery_emit_all(struct gallery *g, struct koppel_batch *out, json_t *list,
                            struct koppel_error *err)
{
    json_t *record;
    size_t i;
    int rc = 0;
    json_array_foreach(list, i, record) {
        if (rc == 0)
            rc = gallery_emit(g, out, json_incref(record), err);
    }
    return rc;
}

KOPPEL_MAYBE_UNUSED
static int good_read(void *self, const struct koppel_read_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "after", .key = request->cursor};
    int64_t at = 0;
    char cursor[32];
    json_t *list;
    int rc = 0;
    if (request->cursor && (koppel_parse_int(request->cursor, &at) < 0 || at < 0))
        return g->host->fail(err, KOPPEL_E_CONFIG, "\"%s\" is no cursor", request->cursor);
    if (g->memory) {
        for (uint32_t i = 0; rc == 0 && i < request->limit && at < GALLERY_COUNT; i++)
            rc = gallery_emit(g, out, gallery_record((int)++at), err);
    } else if ((rc = ASK(g, &call, &list, err)) == 0) {
        rc = gallery_emit_all(g, out, list, err);
        json_decref(list);
    }
    snprintf(cursor, sizeof cursor, "%lld", (long long)at);
    return rc < 0 ? rc : g->host->batch_end(out, cursor, g->memory && at < GALLERY_COUNT, err);
}

KOPPEL_MAYBE_UNUSED
static int gallery_has(json_t *record, const char *field, const char *key)
{
    return strcmp(koppel_get_text(record, field, ""), key) == 0;
}

/* Reports what of the list has the key. */
KOPPEL_MAYBE_UNUSED
static int gallery_found(struct gallery *g, json_t *list, const char *field, const char *key,
                         uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    json_t *record;
    size_t i;
    int rc = 0;
    json_array_foreach(list, i, record) {
        if (rc == 0 && gallery_has(record, field, key))
            rc = g->host->result_found(out, index, koppel_get_text(record, "id", ""),
                                       json_incref(record), err);
    }
    return rc;
}

/* The records of memory, or of the service that have the key. */
KOPPEL_MAYBE_UNUSED
static json_t *gallery_list(struct gallery *g, const char *field, const char *key,
                            struct koppel_error *err)
{
    struct gallery_call call = {.method = "GET", .query = field, .key = key};
    json_t *list = NULL;
    if (!g->memory)
        return ASK(g, &call, &list, err) == 0 ? list : NULL;
    list = json_array();
    for (int i = 1; list && i <= GALLERY_COUNT; i++)
        (void)json_array_append_new(list, gallery_record(i));
    if (!list)
        g->host->fail(err, KOPPEL_E_RETRY, "out of memory");
    return list;
}

KOPPEL_MAYBE_UNUSED
static int good_find(void *self, const struct koppel_find_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < request->count; i++) {
        json_t *list = gallery_list(g, request->match, request->keys[i], err);
        rc = list ? gallery_found(g, list, request->match, request->keys[i], i, out, err) : -1;
        json_decref(list);
    }
    return rc;
}

KOPPEL_MAYBE_UNUSED
static int good_fetch(void *self, const struct koppel_fetch_request *request,
                      struct koppel_batch *out, struct koppel_error *err)
{
    struct gallery *g = self;
    json_t *list = gallery_list(g, "id", request->ids[0], err), *record, *found = NULL;
    size_t i;
    if (!list)
        return -1;
    json_array_foreach(list, i, record) {
        if (!found && gallery_has(record, "id", request->ids[0]))
            found = record;
    }
    int rc = found ? gallery_emit(g, out, json_incref(found), err)
                   : g->host->emit_gone(out, request->ids[0], 0, err);
    json_decref(list);
    return rc;
}

KOPPEL_MAYBE_UNUSED
static int good_write(void *self, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct gallery *g = self;
    const struct koppel_write_item *item = request->items[0];
    struct gallery_call call = {.method = "POST", .body = item->record, .job = item->job,
                                .write = !(request->flags & KOPPEL_WRITE_DRY_RUN)};
    const char *id = item->id ? item->id : koppel_get_text(item->record, "id", item->job);
    json_t *list = NULL;
    if (!g->memory && ASK(g, &call, &list, err) < 0)
        return -1;
    json_decref(list);
    return g->host->result_done(out, 0, id, NULL, err);
}

KOPPEL_MAYBE_UNUSED
static int good_choices(void *self, const char *name, struct koppel_list *out,
                        struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = name};
    json_t *list = NULL;
    if (!g->memory && ASK(g, &call, &list, err) < 0)
        return -1;
    json_decref(list);
    return g->host->row(out, "red", "Red", err);
}

KOPPEL_MAYBE_UNUSED
static int good_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    struct gallery_call call = {.method = "GET", .query = "probe"};
    json_t *list = NULL;
    if (!g->memory && ASK(g, &call, &list, err) < 0)
        return -1;
    json_decref(list);
    return g->host->row(facts, "version", "1", err);
}

/* The plugin; what is given replaces members of its functions. */
#define GALLERY_OPS(...)                                                                           \
    static const struct koppel_connector gallery_ops = {                                           \
        .struct_size = sizeof gallery_ops,                                                         \
        .open = good_open,                                                                         \
        .close = good_close,                                                                       \
        .probe = good_probe,                                                                       \
        .read = good_read,                                                                         \
        .find = good_find,                                                                         \
        .fetch = good_fetch,                                                                       \
        .write = good_write,                                                                       \
        .choices = good_choices,                                                                   \
        __VA_ARGS__                                                                                \
    }
#define GALLERY_PLUGIN(...)                                                                        \
    static const struct koppel_plugin gallery_plugin = {                                           \
        KOPPEL_PLUGIN_HEADER,                                                                      \
        .kind = KOPPEL_KIND_CONNECTOR,                                                             \
        .name = GALLERY_NAME,                                                                      \
        .version = GALLERY_VERSION,                                                                \
        .catalogue = gallery_catalogue,                                                            \
        .connector = &gallery_ops,                                                                 \
        __VA_ARGS__                                                                                \
    }
#define GALLERY(...)                                                                               \
    GALLERY_OPS(__VA_ARGS__);                                                                      \
    GALLERY_PLUGIN(.threads = KOPPEL_THREADS_INSTANCE);                                            \
    KOPPEL_REGISTER_PLUGIN(gallery_plugin)

#endif
