/* SPDX-License-Identifier: MIT
 * Source, hosts and gates around the real flow code. */
#include "world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "catalogue/catalogue_parse.h"
#include "connection/breaker.h"
#include "flow/deliver.h"
#include "flow/read.h"
#include "koppel/plugin.h"
#include "plugin/plugins.h"
#include "store/store_sqlite.h"

#define LEASE_MS 4900
#define TIMEOUT_MS 4500
#define QUIET_MS 3000
#define LAG_MS 10000
#define GRAVES 128
#define WORLDS_PER_STORE 300

static char folder[64], path[96], backup_path[96];
static struct secret *key;
static struct store *pool[8];
static int pool_count, world_number;
static bool store_doubts;
static int64_t shifted_ms;

struct site {
    struct plugin plugin;
    struct conf_connection conf[WORLD_HOSTS + 1], source[WORLD_HOSTS + 1];
    struct conf_setting number[WORLD_HOSTS + 1];
    struct connection *to[WORLD_HOSTS + 1], *from[WORLD_HOSTS + 1];
    struct conf_flow flow[WORLD_HOSTS + 1];
    struct conf_rule rules[4];
    struct path *to_path[4], *from_path[4];
    struct conf_reference customer;
    const char *customer_match[1];
    json_t *no_settings;
};
static struct site *sites[WORLD_WAYS][2][WORLD_MOODS];
static struct world *now; /* the one that the plugin's instances belong to */
static struct world_host *graves[GRAVES];
static int grave_count;

static void die(const char *what, const struct koppel_error *err)
{
    fprintf(stderr, "%s: %s\n", what, err ? err->text : "");
    abort();
}

const char *world_way_name(enum world_way way)
{
    static const char *const names[] = {"look-up",   "look-up, credit", "look-up, difference",
                                        "match key", "idempotent",      "idempotent, credit",
                                        "upsert",    "neither",         "reference"};
    return names[way];
}

const char *world_mood_name(enum world_mood mood)
{
    static const char *const names[] = {"", "unique", "lags", "conditional", "taken", "equal"};
    return names[mood];
}

const char *world_gate_name(enum world_gate gate)
{
    static const char *const names[] = {"lease",    "read",      "aside",  "find",
                                        "announce", "announced", "send",   "answer",
                                        "keep",     "settle",    "release"};
    return names[gate];
}

const char *world_do_name(enum world_do what)
{
    static const char *const names[] = {"go",          "fails", "rejected",      "lost",
                                        "answer lost", "late",  "killed before", "killed after",
                                        "killed, late"};
    return names[what];
}

/* ---- the gate ---- */

static enum world_do pass(struct world_host *h, enum world_gate gate)
{
    if (h->dead)
        return DO_KILL;
    enum world_do what = h->world->gate ? h->world->gate(h->world->arg, h, gate) : DO_GO;
    if (what == DO_KILL || what == DO_KILL_AFTER || what == DO_KILL_LATE)
        world_kill(h);
    if (what == DO_GO && h->dead)
        return DO_KILL;
    return what;
}

void world_kill(struct world_host *h)
{
    h->dead = true;
}

static int gone(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CANCELLED, "this host is no more");
}

/* ---- the store as the flow code sees it ---- */

static struct world_host *host_of(struct store *s)
{
    return (struct world_host *)s; /* base is its first member */
}

/* Around one call of the store: `call` is made, or not, as the gate says. */
#define GATED(h, at, call)                                                                         \
    do {                                                                                           \
        enum world_do what = pass(h, at);                                                          \
        if (what == DO_KILL || what == DO_KILL_LATE || what == DO_FAIL || what == DO_REJECT)       \
            return gone(err);                                                                      \
        int rc = (call);                                                                           \
        return what == DO_GO || rc != 0 ? rc : gone(err);                                          \
    } while (0)

static int gated_lease(struct store *s, const char *const *flows, int n, int want,
                       struct store_lease *out, int *count, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_LEASE, h->real->ops->lease(h->real, flows, n, want, out, count, err));
}

static void gated_release(struct store *s, struct store_lease *lease)
{
    struct world_host *h = host_of(s);
    if (!h->dead && pass(h, GATE_RELEASE) == DO_GO)
        h->real->ops->release(h->real, lease);
}

static int gated_read(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                      struct store_batch *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_READ, h->real->ops->read(h->real, lease, limit, bytes, out, err));
}

static int gated_aside(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                       struct store_batch *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_ASIDE, h->real->ops->read_aside(h->real, lease, limit, bytes, out, err));
}

static int gated_links_get(struct store *s, const struct store_lease *lease, int count,
                           const char *const *scopes, const char *const *keys,
                           struct store_link *out, struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    return h->dead ? gone(err)
                   : h->real->ops->links_get(h->real, lease, count, scopes, keys, out, err);
}

static int put_links(struct world_host *h, enum world_gate gate, const struct store_lease *lease,
                     const struct store_link_change *changes, int count, int *lost,
                     struct koppel_error *err)
{
    GATED(h, gate, h->real->ops->links_put(h->real, lease, changes, count, lost, err));
}

static int gated_links_put(struct store *s, const struct store_lease *lease,
                           const struct store_link_change *changes, int count, int *lost,
                           struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    bool announces = false;
    for (int i = 0; i < count; i++)
        announces = announces || changes[i].state == LINK_MAYBE;
    if (put_links(h, announces ? GATE_ANNOUNCE : GATE_KEEP, lease, changes, count, lost, err) != 0)
        return -1;
    return announces && pass(h, GATE_ANNOUNCED) != DO_GO ? gone(err) : 0;
}

static int gated_settle(struct store *s, struct store_lease *lease, int64_t cursor,
                        const struct store_outcome *outcomes, int count, int *lost,
                        struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    GATED(h, GATE_SETTLE, h->real->ops->settle(h->real, lease, cursor, outcomes, count, lost, err));
}

static const char *gated_id(struct store *s)
{
    return host_of(s)->real->ops->id(host_of(s)->real);
}

static int64_t gated_now(struct store *s)
{
    (void)s;
    return clock_now_ms();
}

static int gated_declare(struct store *s, const char *flow, int parts, struct koppel_error *err)
{
    return host_of(s)->real->ops->flow_declare(host_of(s)->real, flow, parts, err);
}

static int gated_read_begin(struct store *s, const char *flow, struct store_reader *out, int *none,
                            struct koppel_error *err)
{
    return host_of(s)->real->ops->read_begin(host_of(s)->real, flow, out, none, err);
}

static void gated_read_end(struct store *s, struct store_reader *reader, bool complete)
{
    host_of(s)->real->ops->read_end(host_of(s)->real, reader, complete);
}

static int gated_append(struct store *s, struct store_reader *reader,
                        const struct store_record *records, int count, const char *cursor,
                        int *added, int *lost, struct koppel_error *err)
{
    return host_of(s)->real->ops->append(host_of(s)->real, reader, records, count, cursor, added,
                                         lost, err);
}

static int gated_retry(struct store *s, const struct job_id *ids, int n, bool retried, int *count,
                       struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    return h->dead ? gone(err) : h->real->ops->retry(h->real, ids, n, retried, count, err);
}

static int gated_counts(struct store *s, const char *flow, struct store_counts *out,
                        struct koppel_error *err)
{
    return host_of(s)->real->ops->counts(host_of(s)->real, flow, out, err);
}

static int gated_note_get(struct store *s, const char *name, char **out, struct koppel_error *err)
{
    return host_of(s)->real->ops->note_get(host_of(s)->real, name, out, err);
}

/* Time passes while another holds the name. */
static int gated_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                      struct koppel_error *err)
{
    struct world_host *h = host_of(s);
    if (h->dead)
        return gone(err);
    int rc = h->real->ops->lock(h->real, name, ttl_ms, taken, err);
    if (rc == 0 && !*taken)
        world_pass(h->world, 500, -1);
    return rc;
}

static void gated_unlock(struct store *s, const char *name)
{
    struct world_host *h = host_of(s);
    if (!h->dead)
        h->real->ops->unlock(h->real, name);
}

static void gated_digest(struct store *s, const char *text, char out[STORE_DIGEST_BYTES])
{
    struct world_host *h = host_of(s);
    h->real->ops->digest(h->real, text, out);
}

static const struct store_ops gated_ops = {
    .name = "gated",
    .id = gated_id,
    .digest = gated_digest,
    .now_ms = gated_now,
    .flow_declare = gated_declare,
    .read_begin = gated_read_begin,
    .read_end = gated_read_end,
    .append = gated_append,
    .lease = gated_lease,
    .release = gated_release,
    .read = gated_read,
    .read_aside = gated_aside,
    .links_get = gated_links_get,
    .links_put = gated_links_put,
    .settle = gated_settle,
    .retry = gated_retry,
    .note_get = gated_note_get,
    .lock = gated_lock,
    .unlock = gated_unlock,
    .counts = gated_counts,
};

/* ---- the plugin: both the source and the destination ---- */

struct end {
    const struct koppel_host *host;
    int number;
};

static int end_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    struct end *e = calloc(1, sizeof *e);
    if (!e)
        return host->fail(err, KOPPEL_E_BUG, "out of memory");
    e->host = host;
    e->number = (int)host->setting_int(ctx, "number");
    *self = e;
    return 0;
}

static void end_close(void *self)
{
    free(self);
}

static int end_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct end *e = self;
    return e->host->row(facts, "version", "1", err);
}

static json_t *record_of(const struct world *w, const struct world_version *v)
{
    char total[32], version[32];
    snprintf(total, sizeof total, "%d.00", v->content);
    snprintf(version, sizeof version, "%lld", (long long)v->version);
    json_t *record =
        json_pack("{s:s,s:s,s:s,s:s,s:s}", "customer", "C1", "total", total, "total_incl", total,
                  "state", v->content ? "open" : "cancelled", w->peer.by, v->key);
    if (w->way == WAY_REFERENCE) {
        snprintf(total, sizeof total, "name %d", v->content);
        char other[32];
        const char *number = v->customer ? world_key(w, v->customer - 1, other) : v->key;
        json_object_set_new(record, "customer",
                            json_pack("{s:s,s:s}", "number", number, "name", total));
    }
    if (strcmp(w->peer.by, "number") == 0)
        json_object_set_new(record, "active", json_string("true"));
    return record;
}

static int end_read(void *self, const struct koppel_read_request *r, struct koppel_batch *out,
                    struct koppel_error *err)
{
    struct end *e = self;
    struct world *w = now;
    char cursor[32];
    int from = r->cursor ? atoi(r->cursor) : 0;
    for (int i = from; i < w->version_count; i++) {
        const struct world_version *v = &w->versions[i];
        bool leaves = !v->content && !v->cancelled && strcmp(w->peer.by, "number") == 0;
        int rc = leaves ? e->host->emit_gone(out, v->key, v->version, err)
                        : e->host->emit(out, v->key, v->version, record_of(w, v), err);
        if (rc != 0)
            return -1;
    }
    snprintf(cursor, sizeof cursor, "%d", w->version_count);
    return e->host->batch_end(out, cursor, 0, err);
}

static struct world_host *end_host(const struct end *e)
{
    return e->number < WORLD_HOSTS ? now->hosts[e->number] : now->reader;
}

static int end_find(void *self, const struct koppel_find_request *r, struct koppel_results *out,
                    struct koppel_error *err)
{
    struct end *e = self;
    struct world_host *h = end_host(e);
    enum world_do what = pass(h, GATE_FIND);
    if (h->dead)
        return e->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    if (what != DO_GO)
        return e->host->fail(err, KOPPEL_E_RETRY, "not now");
    peer_tick(&now->peer);
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_doc *d;
        bool card = strcmp(r->entity, "card") == 0;
        for (int n = 0; (d = peer_find(&now->peer, card, r->match, r->keys[i], n)) != NULL; n++) {
            if (e->host->result_found(out, i, d->id, json_deep_copy(d->record), err) != 0)
                return -1;
        }
    }
    return 0;
}

static void request_of(const struct koppel_write_request *r, uint32_t i, struct peer_request *q)
{
    const struct koppel_write_item *item = r->items[i];
    *q = (struct peer_request){
        .verb = r->verb, .card = strcmp(r->entity, "card") == 0, .record = item->record};
    snprintf(q->id, sizeof q->id, "%s", item->id ? item->id : "");
    snprintf(q->key, sizeof q->key, "%s", item->job);
    snprintf(q->version, sizeof q->version, "%s", item->version ? item->version : "");
}

/* Applied at once, with or without an answer. */
static int apply_all(struct end *e, const struct koppel_write_request *r,
                     struct koppel_results *out, struct koppel_error *err)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_request q;
        struct peer_doc *doc;
        const char *reason;
        request_of(r, i, &q);
        int kind = peer_apply(&now->peer, &q, &doc, &reason);
        if (!out)
            continue;
        if (kind) {
            e->host->result_error(out, i, kind, "the peer says no");
            if (reason)
                e->host->result_reason(out, i, reason);
        } else if (e->host->result_done(out, i, doc->id, json_deep_copy(doc->record), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static void orphan_all(const struct koppel_write_request *r, int64_t at_ms)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_request q;
        request_of(r, i, &q);
        q.life = now->late_life;
        peer_orphan(&now->peer, &q, at_ms);
    }
}

static int end_write(void *self, const struct koppel_write_request *r, struct koppel_results *out,
                     struct koppel_error *err)
{
    struct end *e = self;
    struct world_host *h = end_host(e);
    peer_tick(&now->peer);
    enum world_do what = pass(h, GATE_SEND);
    if (what == DO_GO)
        what = pass(h, GATE_ANSWER);
    int64_t late = now->late_ms < 0 ? INT64_MAX : clock_now_ms() + now->late_ms;
    switch (what) {
    case DO_GO:
        return apply_all(e, r, out, err);
    case DO_FAIL:
        e->host->fail(err, KOPPEL_E_RETRY, "not now");
        return now->fail_reason ? e->host->reason(err, now->fail_reason) : -1;
    case DO_REJECT:
        e->host->fail(err, now->reject_kind ? now->reject_kind : KOPPEL_E_REJECTED, "no");
        return e->host->reason(err, now->reject_reason ? now->reject_reason : "rejected");
    case DO_LOSE_ANSWER:
    case DO_KILL_AFTER:
        (void)apply_all(e, r, NULL, err);
        break;
    case DO_LATE:
    case DO_KILL_LATE:
        orphan_all(r, late);
        break;
    default:
        break;
    }
    if (h->dead)
        return e->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    return e->host->fail(err, KOPPEL_E_UNSURE, "no answer");
}

/* ---- sites: what worlds of one way share ---- */

static const char *catalogue_of(enum world_way way, bool batched, enum world_mood mood)
{
    static char text[3000];
    static const struct {
        const char *can, *repeat, *more;
    } ways[] = {
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"find\",\"create\",\"update\"", "lookup", "\"match\":{\"number\":\"number\"},"},
        {"\"create\",\"update\",\"remove\"", "idempotent", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "idempotent",
         "\"document\":\"reference\",\"correct\":[\"total\"],"},
        {"\"create\"", "upsert", ""},
        {"\"create\",\"update\",\"remove\"", "never", "\"document\":\"reference\","},
        {"\"find\",\"create\",\"update\",\"remove\"", "lookup",
         "\"document\":\"reference\",\"references\":[{\"name\":\"customer\",\"entity\":\"card\","
         "\"from\":\"customer\",\"key\":\"number\",\"model\":\"record\"}],"},
    };
    bool finds = strstr(ways[way].can, "find") != NULL;
    bool number = way == WAY_MATCH || way == WAY_UPSERT;
    snprintf(text, sizeof text,
             "{\"title\":\"Fake\",\"settings\":[{\"name\":\"number\",\"type\":\"integer\"}],"
             "\"entities\":["
             "{\"name\":\"card\",\"key\":\"id\",\"can\":[\"find\",\"create\",\"update\"],"
             "\"repeat\":\"lookup\",\"find\":[\"id\",\"number\"],"
             "\"match\":{\"number\":\"number\"}},"
             "{\"name\":\"record\",\"model\":\"record\",\"key\":\"%s\",\"can\":[\"read\"]},"
             "{\"name\":\"thing\",\"model\":\"record\",\"key\":\"id\",\"can\":[%s],"
             "\"repeat\":\"%s\",%s%s\"batch\":{\"write\":%d,\"find\":%d}%s%s%s,"
             "\"fields\":[{\"name\":\"id\",\"read_only\":true},{\"name\":\"version\",\"read_only\":"
             "true},{\"name\":\"%s\",\"required\":true},{\"name\":\"customer\",\"role\":"
             "\"customer\"},{\"name\":\"total\",\"type\":\"decimal\",\"role\":\"total\"},"
             "{\"name\":\"state\"},{\"name\":\"active\"}]}]}",
             number ? "number" : "reference", ways[way].can, ways[way].repeat, ways[way].more,
             mood == MOOD_LAGS          ? "\"lag\":\"10s\","
             : mood == MOOD_CONDITIONAL ? "\"conditional\":\"version\","
                                        : "",
             batched && way != WAY_NEVER ? 3 : 1, finds ? 3 : 1,
             finds ? ",\"find\":[\"id\",\"" : "", finds ? (number ? "number" : "reference") : "",
             finds ? "\"]" : "", number ? "number" : "reference");
    return text;
}

/* total, customer, reference and state by rules: a mapping that does not read the VAT rounding. */
static void make_rules(struct site *s, enum world_way way)
{
    static const char *const names[] = {"reference", "customer", "total", "state"};
    struct koppel_error err = {0};
    for (int i = 0; i < 4; i++) {
        s->to_path[i] = path_parse(names[i], &err);
        s->from_path[i] =
            path_parse(way == WAY_REFERENCE && i == 1 ? "customer.ref" : names[i], &err);
        s->rules[i] = (struct conf_rule){
            .to = s->to_path[i], .from = &s->from_path[i], .from_count = 1, .join = "|"};
    }
}

static json_t *settings_of(enum world_way way)
{
    bool difference = way == WAY_DIFFERENCE || way == WAY_SINGLE || way == WAY_KEYED_SUM;
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "on_change", difference ? "difference" : "update",
                     "on_cancel", difference ? "credit" : "cancel", "removed_there", "create",
                     "on_gone", "deactivate", "on_leave", "deactivate", "update_existing", "true");
}

static struct site *site_of(enum world_way way, bool batched, enum world_mood mood)
{
    struct koppel_error err = {0};
    struct site *s = sites[way][batched][mood];
    if (s)
        return s;
    s = sites[way][batched][mood] = calloc(1, sizeof *s);
    s->plugin.path = (char *)"/fake.so";
    s->plugin.entry.kind = KOPPEL_KIND_CONNECTOR;
    s->plugin.entry.name = "fake";
    s->plugin.catalogue = catalogue_parse(catalogue_of(way, batched, mood), &err);
    if (!s->plugin.catalogue)
        die("catalogue", &err);
    s->plugin.connector = (struct koppel_connector){.open = end_open,
                                                    .close = end_close,
                                                    .probe = end_probe,
                                                    .read = end_read,
                                                    .find = end_find,
                                                    .write = end_write};
    make_rules(s, way);
    for (int i = 0; i <= WORLD_HOSTS; i++) {
        s->number[i] =
            (struct conf_setting){.name = "number", .text = i == 0 ? "0" : "1", .number = i};
        s->conf[i] = (struct conf_connection){.name = "books",
                                              .plugin = &s->plugin,
                                              .catalogue = s->plugin.catalogue,
                                              .settings = &s->number[i],
                                              .setting_count = 1,
                                              .concurrency = 1,
                                              .connect_timeout_ms = 1000,
                                              .timeout_ms = TIMEOUT_MS,
                                              .quiet_ms = QUIET_MS,
                                              .lag_ms = -1,
                                              .limit_bytes = 1 << 20,
                                              .tls_min = 12};
        s->source[i] = s->conf[i];
        s->source[i].name = "till";
        s->to[i] = connection_new(&s->conf[i], NULL, &err);
        s->from[i] = connection_new(&s->source[i], NULL, &err);
        if (!s->to[i] || !s->from[i])
            die("connection", &err);
        s->flow[i] = (struct conf_flow){.enabled = true,
                                        .from = &s->source[i],
                                        .to = &s->conf[i],
                                        .from_entity = "record",
                                        .to_entity = "thing",
                                        .model = "record",
                                        .partitions = 1,
                                        .batch = 100,
                                        .attempts = 8,
                                        .options = json_object(),
                                        .settings = settings_of(way),
                                        .version = "1"};
        if (way == WAY_REFERENCE) {
            s->customer_match[0] = "number";
            s->no_settings = s->no_settings ? s->no_settings : json_object();
            s->customer = (struct conf_reference){.name = "customer",
                                                  .match = s->customer_match,
                                                  .match_count = 1,
                                                  .missing = MISSING_CREATE,
                                                  .update_existing = true,
                                                  .type_change = "park",
                                                  .settings = s->no_settings};
            s->flow[i].references = &s->customer;
            s->flow[i].reference_count = 1;
        }
        if (way == WAY_SINGLE || way == WAY_REFERENCE)
            s->flow[i].send = (struct conf_mapping){.rules = s->rules, .count = 4};
    }
    return s;
}

static void site_free(struct site *s)
{
    for (int i = 0; s && i <= WORLD_HOSTS; i++) {
        connection_free(s->to[i]);
        connection_free(s->from[i]);
        json_decref(s->flow[i].options);
        json_decref(s->flow[i].settings);
    }
    for (int i = 0; s && i < 4; i++) {
        path_free(s->to_path[i]);
        path_free(s->from_path[i]);
    }
    if (s) {
        catalogue_free(s->plugin.catalogue);
        json_decref(s->no_settings);
    }
    free(s);
}

/* ---- the store's file ---- */

static struct store *store_take(void)
{
    struct store_conf conf = {.path = path, .key = key, .lease_ms = LEASE_MS, .shared = true};
    struct koppel_error err = {0};
    struct store *s = NULL;
    if (pool_count > 0)
        return pool[--pool_count];
    if (store_sqlite.open(&conf, STORE_ENGINE, &s, &err) != 0)
        die("store", &err);
    return s;
}

static void store_give(struct store *s)
{
    if (pool_count < 8)
        pool[pool_count++] = s;
    else
        s->ops->close(s);
}

static void pool_close(void)
{
    while (pool_count > 0) {
        struct store *s = pool[--pool_count];
        s->ops->close(s);
    }
}

static void unlink_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness", ".bak"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

void world_start(void)
{
    struct koppel_error err = {0};
    char text[SECRET_KEY_BYTES];
    log_set_level(getenv("FLOW_LOG") ? LOG_DEBUG : 0);
    if (secret_start(&err) != 0 || http_start(&err) != 0)
        die("start", &err);
    snprintf(folder, sizeof folder, "%s/koppel-flow-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder))
        die("no folder", NULL);
    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(backup_path, sizeof backup_path, "%s/store.db.bak", folder);
    memset(text, 'k', sizeof text);
    key = secret_new(text, sizeof text);
}

void world_stop(void)
{
    pool_close();
    for (int i = 0; i < WORLD_WAYS * 2 * WORLD_MOODS; i++) {
        struct site **s = &sites[i / 2 / WORLD_MOODS][i / WORLD_MOODS % 2][i % WORLD_MOODS];
        site_free(*s);
        *s = NULL;
    }
    unlink_store();
    rmdir(folder);
    secret_free(key);
    clock_shift_ms(-shifted_ms);
    shifted_ms = 0;
    http_stop();
}

/* ---- hosts ---- */

static void close_flow(struct world_host *h)
{
    if (h->open)
        flow_done(&h->flow);
    h->open = false;
}

static void open_flow(struct world_host *h)
{
    struct koppel_error err = {0};
    struct world *w = h->world;
    struct site *s = site_of(w->way, w->batched, w->mood);
    close_flow(h);
    atomic_store(&h->stop, false);
    if (flow_init(&h->flow, &s->flow[h->number], h->from, h->to, &h->base, &h->stop, &err) != 0 ||
        flow_declare(&h->flow, &err) != 0)
        die("flow", &err);
    h->open = true;
}

static struct world_host *host_new(struct world *w, int number)
{
    struct world_host *h = calloc(1, sizeof *h);
    struct site *s = site_of(w->way, w->batched, w->mood);
    h->ops = gated_ops;
    h->base.ops = &h->ops;
    h->real = store_take();
    h->world = w;
    h->number = number;
    h->from = s->from[number];
    h->to = s->to[number];
    s->flow[number].name = w->flow_name;
    return h;
}

static void host_free(struct world_host *h)
{
    if (!h)
        return;
    close_flow(h);
    if (h->dead)
        h->real->ops->close(h->real);
    else
        store_give(h->real);
    free(h);
}

struct world *world_new(enum world_way way, bool batched, enum world_mood mood)
{
    struct world *w = calloc(1, sizeof *w);
    bool number = way == WAY_MATCH || way == WAY_UPSERT;
    w->way = way;
    w->batched = batched;
    w->mood = mood;
    w->late_ms = TIMEOUT_MS - 500;
    w->peer = (struct peer){.by = number ? "number" : "reference",
                            .keyed = way == WAY_KEYED || way == WAY_KEYED_SUM,
                            .upserts = way == WAY_UPSERT,
                            .unique = mood == MOOD_UNIQUE,
                            .conditional = mood == MOOD_CONDITIONAL,
                            .lag_ms = mood == MOOD_LAGS ? LAG_MS : 0};
    /* a store holds so many flows and no more, and one that was restored doubts what is new to
     * it */
    if (++world_number % WORLDS_PER_STORE == 0 || store_doubts) {
        pool_close();
        unlink_store();
        store_doubts = false;
    }
    snprintf(w->flow_name, sizeof w->flow_name, "flow%d", world_number);
    now = w;
    for (int i = 0; i < WORLD_HOSTS; i++)
        w->hosts[i] = host_new(w, i);
    w->reader = host_new(w, WORLD_HOSTS);
    return w;
}

void world_set(struct world *w, const char *name, const char *value)
{
    struct site *s = site_of(w->way, w->batched, w->mood);
    for (int i = 0; i <= WORLD_HOSTS; i++)
        json_object_set_new(s->flow[i].settings, name, json_string(value));
    w->set = true;
}

/* The settings as they were. */
static void unset(const struct world *w)
{
    struct site *s = site_of(w->way, w->batched, w->mood);
    for (int i = 0; i <= WORLD_HOSTS; i++) {
        json_decref(s->flow[i].settings);
        s->flow[i].settings = settings_of(w->way);
    }
}

void world_free(struct world *w)
{
    if (w->set)
        unset(w);
    for (int i = 0; i < WORLD_HOSTS; i++)
        host_free(w->hosts[i]);
    host_free(w->reader);
    while (grave_count > 0)
        host_free(graves[--grave_count]);
    peer_clear(&w->peer);
    now = NULL;
    free(w);
}

const char *world_key(const struct world *w, int n, char buf[32])
{
    snprintf(buf, 32, "%.20s-%d", w->flow_name, n % 100);
    return buf;
}

void world_emit(struct world *w, const char *name, int content)
{
    int64_t version = 1;
    for (int i = 0; i < w->version_count; i++)
        version += strcmp(w->versions[i].key, name) == 0;
    if (w->version_count == WORLD_VERSIONS)
        die("too many versions", NULL);
    struct world_version *v = &w->versions[w->version_count++];
    *v = (struct world_version){.version = version, .content = content};
    snprintf(v->key, sizeof v->key, "%s", name);
}

void world_read(struct world *w)
{
    struct koppel_error err = {0};
    if (w->read_count == w->version_count)
        return;
    open_flow(w->reader);
    if (read_up(&w->reader->flow, &err) != 0)
        die("reading", &err);
    w->read_count = w->version_count;
}

void world_deliver(struct world *w, int host)
{
    struct world_host *h = w->hosts[host];
    open_flow(h);
    deliver_partitions(&h->flow, NULL);
    close_flow(h);
}

void world_restart(struct world *w, int host)
{
    if (grave_count == GRAVES)
        die("too many dead", NULL);
    w->hosts[host]->dead = true;
    close_flow(w->hosts[host]);
    graves[grave_count++] = w->hosts[host];
    w->hosts[host] = host_new(w, host);
}

void world_pass(struct world *w, int64_t ms, int paused)
{
    struct koppel_error err = {0};
    while (ms > 0) {
        int64_t step = ms < LEASE_MS / 2 ? ms : LEASE_MS / 2;
        clock_shift_ms(step);
        shifted_ms += step;
        ms -= step;
        for (int i = 0; i < WORLD_HOSTS; i++) {
            struct world_host *h = w->hosts[i];
            if (!h->dead && i != paused && h->real->ops->beat(h->real, &err) != 0)
                die("beat", &err);
        }
        peer_tick(&w->peer);
    }
}

static bool is_open(struct world *w)
{
    struct store_counts c;
    struct koppel_error err = {0};
    struct store *s = w->reader->real;
    if (s->ops->counts(s, w->flow_name, &c, &err) != 0)
        die("counts", &err);
    return c.pending > 0 || c.waiting > 0;
}

bool world_drain(struct world *w)
{
    w->gate = NULL;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < WORLD_HOSTS; i++) {
            if (w->hosts[i]->dead)
                world_restart(w, i);
        }
        world_read(w);
        world_deliver(w, 0);
        if (!is_open(w)) {
            world_pass(w, 2 * TIMEOUT_MS, -1); /* what is late is applied now */
            world_deliver(w, 0);
            return !is_open(w);
        }
        world_pass(w, round < 30 ? 700 : 30000, -1);
    }
    return false;
}

struct picked {
    const char *flow;
    struct job_id ids[64];
    int count;
};

static int take_id(void *arg, const struct store_pick *p)
{
    struct picked *all = arg;
    if (all->count < (int)(sizeof all->ids / sizeof all->ids[0]))
        all->ids[all->count++] = (struct job_id){all->flow, p->id.part, p->id.off};
    return 0;
}

void world_retry(struct world *w)
{
    static const enum job_state states[] = {JOB_PARKED, JOB_WAITING};
    struct koppel_error err = {0};
    struct picked all = {.flow = w->flow_name};
    struct store *s = w->reader->real;
    int count;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct store_job_filter f = {.flow = w->flow_name, .state = (int)states[i]};
        if (s->ops->pick(s, &f, take_id, &all, &err) != 0)
            die("pick", &err);
    }
    if (s->ops->retry(s, all.ids, all.count, true, &count, &err) != 0)
        die("retry", &err);
}

/* ---- a store that is lost ---- */

static void copy_db(const char *from, const char *to)
{
    sqlite3 *db;
    char sql[256];
    unlink(to);
    snprintf(sql, sizeof sql, "VACUUM INTO '%s'", to);
    if (sqlite3_open(from, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(db), NULL);
    sqlite3_close(db);
}

void world_backup(struct world *w)
{
    (void)w;
    copy_db(path, backup_path);
}

void world_restore(struct world *w)
{
    struct koppel_error err = {0};
    struct store_conf conf = {.path = path, .key = key, .lease_ms = LEASE_MS};
    struct store *s = NULL;
    char name[128];
    for (int i = 0; i < WORLD_HOSTS; i++) {
        w->hosts[i]->dead = true;
        host_free(w->hosts[i]);
    }
    w->reader->dead = true;
    host_free(w->reader);
    while (grave_count > 0)
        host_free(graves[--grave_count]);
    pool_close();
    snprintf(name, sizeof name, "%s.bak", path);
    char kept[128];
    snprintf(kept, sizeof kept, "%s/kept", folder);
    rename(name, kept);
    unlink_store();
    rename(kept, path);
    /* an engine of its own finds the witness of another store beside it */
    snprintf(name, sizeof name, "%s.witness", path);
    FILE *f = fopen(name, "w");
    if (!f || fprintf(f, "%032d %019d\n", 7, 1000000) < 0 || fclose(f) != 0)
        die("witness", NULL);
    if (store_sqlite.open(&conf, STORE_ENGINE, &s, &err) != 0)
        die("restored store", &err);
    s->ops->close(s);
    store_doubts = true;
    w->read_count = -1;
    for (int i = 0; i < WORLD_HOSTS; i++)
        w->hosts[i] = host_new(w, i);
    w->reader = host_new(w, WORLD_HOSTS);
}

/* ---- judging ---- */

static int take_row(void *arg, const struct store_job_row *row)
{
    struct world_end *end = arg;
    if (end->reason[0] != '?')
        return 0; /* newest first */
    end->state = row->state;
    end->attempt = row->attempt;
    snprintf(end->reason, sizeof end->reason, "%s", row->reason ? row->reason : "");
    snprintf(end->detail, sizeof end->detail, "%.290s", row->detail ? row->detail : "");
    return 0;
}

void world_end_of(struct world *w, const char *name, struct world_end *out)
{
    struct koppel_error err = {0};
    struct store *s = w->reader->real;
    struct store_job_filter filter = {.flow = w->flow_name, .state = -1, .key = name};
    struct store_page page = {.limit = 10};
    *out = (struct world_end){.state = JOB_NEW, .reason = "?"};
    if (s->ops->jobs(s, &filter, &page, take_row, out, &err) != 0)
        die("jobs", &err);
}

int world_content(const struct world *w, const char *name)
{
    for (int i = w->version_count - 1; i >= 0; i--) {
        if (strcmp(w->versions[i].key, name) == 0)
            return w->versions[i].content;
    }
    return -1;
}

/* "" after the name: the record itself; else "/" and a number: one of its chain. */
static bool is_of(const char *name, const char *text)
{
    size_t n = strlen(name);
    return strncmp(text, name, n) == 0 && (text[n] == '\0' || text[n] == '/');
}

/* Is it the card of that name, up to date? */
static bool is_card_of(const struct peer_doc *d, const char *name, int content)
{
    char wanted[32];
    const char *number = json_string_value(json_object_get(d->record, "number"));
    const char *there = json_string_value(json_object_get(d->record, "name"));
    snprintf(wanted, sizeof wanted, "name %d", content);
    return number && there && strcmp(number, name) == 0 && strcmp(there, wanted) == 0;
}

bool world_right(struct world *w, const char *name, char *why, size_t room)
{
    int content = world_content(w, name), sum = 0, count = 0, active = 0, cards = 0;
    bool chain = w->way == WAY_DIFFERENCE || w->way == WAY_SINGLE || w->way == WAY_KEYED_SUM;
    for (int i = 0; i < w->peer.count; i++) {
        const struct peer_doc *d = &w->peer.docs[i];
        const char *text = json_string_value(json_object_get(d->record, w->peer.by));
        if (d->card) {
            cards += is_card_of(d, name, content);
            continue;
        }
        if (d->removed || !text || !is_of(name, text) ||
            (d->foreign && (w->mood != MOOD_EQUAL || !content)))
            continue;
        const char *use = json_string_value(json_object_get(d->record, "active"));
        sum += atoi(json_string_value(json_object_get(d->record, "total")));
        active += !use || strcmp(use, "true") == 0;
        count++;
    }
    snprintf(why, room, "%d documents, sum %d instead of %d%s", count, sum, content,
             strcmp(w->peer.by, "number") == 0 && active != (content > 0) ? ", in use or not" : "");
    if (w->peer.broken[0])
        return false;
    if (w->way == WAY_REFERENCE && content && cards != 1) {
        snprintf(why, room, "%d cards with that name", cards);
        return false;
    }
    if (strcmp(w->peer.by, "number") == 0)
        return content ? count == 1 && active == 1 && sum == content : active == 0;
    if (chain)
        return sum == content && (count > 0 || content == 0);
    return content ? count == 1 && sum == content : count == 0;
}
