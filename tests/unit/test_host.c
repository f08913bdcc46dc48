/* SPDX-License-Identifier: MIT
 * core/plugin/host*.c and connection*.c: the border as a plugin sees it, and what the core makes of what
 * a plugin does there, right or wrong. The plugin lives in this program: each test gives it a body. */
#include "plugin/host.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "test_peer.h"

#undef fail /* Check has a macro of this name; the host table has a member */

static const char catalogue_text[] =
    "{\"title\":\"Inside\",\"settings\":[{\"name\":\"url\"},{\"name\":\"size\",\"type\":\"integer\"},"
    "{\"name\":\"password\",\"secret\":true}],\"choices\":[\"sizes\"],"
    "\"entities\":[{\"name\":\"thing\",\"key\":\"id\",\"can\":[\"read\",\"find\",\"create\",\"update\"],"
    "\"repeat\":\"lookup\",\"batch\":{\"read\":50,\"find\":2,\"write\":3},\"find\":[\"id\"]},"
    "{\"name\":\"log\",\"key\":\"id\",\"can\":[\"create\",\"remove\"],\"repeat\":\"never\"}]}";
static const char transform_text[] =
    "{\"title\":\"Words\",\"functions\":[{\"name\":\"say\",\"params\":[]}]}";

/* ---- the plugin ---- */

struct instance_state {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    atomic_int active;
};

static struct {
    atomic_int opened, closed, active, most_active, calls, doubly_used;
    int fail_opens;
} seen;

/* What the test wants done in the call; each may be NULL. */
static struct {
    int (*probe)(struct instance_state *s, struct koppel_list *facts, struct koppel_error *err);
    int (*read)(struct instance_state *s, const struct koppel_read_request *r,
                struct koppel_batch *out, struct koppel_error *err);
    int (*find)(struct instance_state *s, const struct koppel_find_request *r,
                struct koppel_results *out, struct koppel_error *err);
    int (*write)(struct instance_state *s, const struct koppel_write_request *r,
                 struct koppel_results *out, struct koppel_error *err);
    int (*convert)(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                   json_t **out, struct koppel_error *err);
} body;

static int in_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                   struct koppel_error *err)
{
    struct instance_state *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    s->host = host;
    s->ctx = ctx;
    *self = s;
    atomic_fetch_add(&seen.opened, 1);
    if (seen.fail_opens-- > 0) {
        host->fail(err, KOPPEL_E_CONFIG, "no such place");
        return host->reason(err, "place.missing");
    }
    return 0;
}

static void in_close(void *self)
{
    if (self)
        atomic_fetch_add(&seen.closed, 1);
    free(self);
}

static void begin(struct instance_state *s)
{
    int now = atomic_fetch_add(&seen.active, 1) + 1, most = atomic_load(&seen.most_active);
    while (now > most && !atomic_compare_exchange_weak(&seen.most_active, &most, now))
        ;
    if (atomic_fetch_add(&s->active, 1) > 0)
        atomic_fetch_add(&seen.doubly_used, 1);
    atomic_fetch_add(&seen.calls, 1);
}

static int end(struct instance_state *s, int rc)
{
    atomic_fetch_sub(&s->active, 1);
    atomic_fetch_sub(&seen.active, 1);
    return rc;
}

static int in_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct instance_state *s = self;
    begin(s);
    return end(s, body.probe ? body.probe(s, facts, err) : s->host->row(facts, "version", "1", err));
}

static int in_read(void *self, const struct koppel_read_request *r, struct koppel_batch *out,
                   struct koppel_error *err)
{
    begin(self);
    return end(self, body.read(self, r, out, err));
}

static int in_find(void *self, const struct koppel_find_request *r, struct koppel_results *out,
                   struct koppel_error *err)
{
    begin(self);
    return end(self, body.find(self, r, out, err));
}

static int in_write(void *self, const struct koppel_write_request *r, struct koppel_results *out,
                    struct koppel_error *err)
{
    begin(self);
    return end(self, body.write(self, r, out, err));
}

static int in_choices(void *self, const char *list, struct koppel_list *out,
                      struct koppel_error *err)
{
    struct instance_state *s = self;
    ck_assert_str_eq(list, "sizes");
    return s->host->row(out, "L", NULL, err);
}

static int in_verify(void *self, const char *entity, struct koppel_list *out,
                     struct koppel_error *err)
{
    struct instance_state *s = self;
    return s->host->row(out, "id", entity, err);
}

static int in_convert(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                      json_t *value, json_t *args, json_t **out, struct koppel_error *err)
{
    (void)args;
    ck_assert_uint_eq(function, 0);
    return body.convert(host, ctx, value, out, err);
}

/* ---- the connection ---- */

static struct plugin inside, words;
static struct conf_setting settings[3];
static struct conf_connection conf;
static struct connection *connection;
static struct store *store;
static struct koppel_error err;

static void setup(void)
{
    memset(&seen, 0, sizeof seen);
    memset(&body, 0, sizeof body);
    memset(&err, 0, sizeof err);
    inside = (struct plugin){.path = (char *)"/inside.so"};
    inside.entry.kind = KOPPEL_KIND_CONNECTOR;
    inside.entry.name = "inside";
    inside.catalogue = catalogue_parse(catalogue_text, &err);
    ck_assert_msg(inside.catalogue != NULL, "%s", err.text);
    inside.connector = (struct koppel_connector){
        .open = in_open, .close = in_close, .probe = in_probe, .read = in_read, .find = in_find,
        .write = in_write, .choices = in_choices, .verify = in_verify};
    words = (struct plugin){.path = (char *)"/words.so"};
    words.entry.kind = KOPPEL_KIND_TRANSFORM;
    words.entry.name = "words";
    words.catalogue = catalogue_parse(transform_text, &err);
    ck_assert_msg(words.catalogue != NULL, "%s", err.text);
    words.transform.convert = in_convert;
    settings[0] = (struct conf_setting){.name = "url", .text = "https://peer.example"};
    settings[1] = (struct conf_setting){.name = "size", .text = "12", .number = 12};
    settings[2] = (struct conf_setting){.name = "password", .secret = secret_new("open sesame", 11)};
    conf = (struct conf_connection){
        .name = "shop", .plugin = &inside, .catalogue = inside.catalogue, .settings = settings,
        .setting_count = 3, .concurrency = 2, .connect_timeout_ms = 2000, .timeout_ms = 2000,
        .limit_bytes = 1 << 20, .tls_min = 12};
    ck_assert_int_eq(http_start(&err), 0);
    ck_assert_int_eq(store_null.open("", NULL, 1, &store, &err), 0);
}

static void start(void)
{
    connection = connection_new(&conf, store, &err);
    ck_assert_msg(connection != NULL, "%s", err.text);
}

static void teardown(void)
{
    connection_free(connection);
    connection = NULL;
    ck_assert_int_eq(atomic_load(&seen.opened), atomic_load(&seen.closed));
    store->ops->close(store);
    secret_free(settings[2].secret);
    catalogue_free(inside.catalogue);
    catalogue_free(words.catalogue);
    if (inside.turn)
        pthread_mutex_destroy(inside.turn);
    inside.turn = NULL;
    http_stop();
    clock_fix(0);
}

/* ---- what a plugin may ask ---- */

static int ask_settings(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)facts;
    (void)e;
    ck_assert_str_eq(s->host->setting(s->ctx, "url"), "https://peer.example");
    ck_assert_str_eq(s->host->setting(s->ctx, "password"), "open sesame");
    ck_assert_ptr_null(s->host->setting(s->ctx, "nothing"));
    ck_assert_int_eq(s->host->setting_int(s->ctx, "size"), 12);
    ck_assert_int_eq(s->host->setting_int(s->ctx, "nothing"), 0);
    ck_assert_ptr_eq(s->host->catalogue(s->ctx), conf.catalogue->json);
    ck_assert_int_eq(s->host->now_ms(s->ctx), 1234567);
    ck_assert_int_eq(s->host->cancelled(s->ctx), 0);
    ck_assert_uint_eq(s->host->struct_size, sizeof(struct koppel_host));
    ck_assert_uint_eq(s->host->abi_minor, KOPPEL_ABI_MINOR);
    return 0;
}

START_TEST(test_settings_catalogue_and_time)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    start();
    clock_fix(1234567);
    body.probe = ask_settings;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), 0);
    list_done(&facts);
}
END_TEST

static int ask_state(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    char long_name[400];
    (void)facts;
    ck_assert_ptr_null(s->host->state_get(s->ctx, "token"));
    ck_assert_int_eq(s->host->state_set(s->ctx, "token", "abc", e), 0);
    char *value = s->host->state_get(s->ctx, "token");
    ck_assert_str_eq(value, "abc");
    s->host->state_done(value);
    s->host->state_done(NULL);
    memset(long_name, 'n', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    ck_assert_int_eq(s->host->state_set(s->ctx, long_name, "abc", e), -1);
    return s->host->state_set(s->ctx, "token", NULL, e);
}

START_TEST(test_state_outlives_the_connection_and_is_its_own)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    struct secret *kept = NULL;
    start();
    body.probe = ask_state;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_int_eq(e.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(store->ops->sealed_get(store, "state/shop/token", &kept, &e), 0);
    ck_assert_str_eq(secret_text(kept), "abc");
    secret_free(kept);
}
END_TEST

static const struct {
    uint32_t op;
    const char *a, *b;
    int32_t places;
    uint32_t rounding;
    const char *out; /* NULL: refused */
} sums[] = {
    {KOPPEL_DECIMAL_ADD, "0.10", "0.2", -1, 0, "0.30"},
    {KOPPEL_DECIMAL_SUB, "1", "0.99", -1, 0, "0.01"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.5", 2, KOPPEL_ROUND_HALF_UP, "1.25"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.25", 2, KOPPEL_ROUND_HALF_UP, "0.63"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.25", 2, KOPPEL_ROUND_HALF_EVEN, "0.62"},
    {KOPPEL_DECIMAL_DIV, "1", "3", 4, 0, "0.3333"},
    {KOPPEL_DECIMAL_DIV, "1", "3", -1, 0, NULL},
    {KOPPEL_DECIMAL_DIV, "1", "0.00", 2, 0, NULL},
    {KOPPEL_DECIMAL_ROUND, "1.005", NULL, 2, KOPPEL_ROUND_HALF_UP, "1.01"},
    {KOPPEL_DECIMAL_COMPARE, "1.10", "1.1", 0, 0, "0"},
    {KOPPEL_DECIMAL_COMPARE, "-2", "1", 0, 0, "-1"},
    {KOPPEL_DECIMAL_ADD, "1,10", "1", -1, 0, NULL},
    {KOPPEL_DECIMAL_ADD, "1", NULL, -1, 0, NULL},
    {99, "1", "1", -1, 0, NULL},
};

START_TEST(test_decimals)
{
    char out[KOPPEL_DECIMAL_TEXT];
    int rc = host_table.decimal(NULL, sums[_i].op, sums[_i].a, sums[_i].b, sums[_i].places,
                                sums[_i].rounding, out, &err);
    ck_assert_int_eq(rc, sums[_i].out ? 0 : -1);
    if (sums[_i].out)
        ck_assert_str_eq(out, sums[_i].out);
    else
        ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
}
END_TEST

/* ---- errors ---- */

START_TEST(test_fail_masks_and_is_one_line)
{
    start(); /* registers the password */
    ck_assert_int_eq(host_table.fail(&err, KOPPEL_E_REJECTED, "it said\n\"%s\"", "open sesame"), -1);
    ck_assert_str_eq(err.text, "it said \"****\"");
    ck_assert_int_eq(host_table.reason(&err, "thing.locked"), -1);
    ck_assert_str_eq(err.reason, "thing.locked");
    ck_assert_int_eq(host_table.fail(&err, 77, "what"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_str_eq(err.reason, ""); /* of the failure before */
    ck_assert_int_eq(host_table.fail(NULL, KOPPEL_E_RETRY, "nobody listens"), -1);
    ck_assert_int_eq(host_table.reason(NULL, "nobody"), -1);
}
END_TEST

static int silent(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)s;
    (void)facts;
    (void)e;
    return -1;
}

static int named(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)facts;
    s->host->fail(e, KOPPEL_E_REJECTED, "the peer says no");
    return s->host->reason(e, "no");
}

START_TEST(test_failures_name_the_connection)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    start();
    body.probe = silent;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_int_eq(e.kind, KOPPEL_E_BUG);
    ck_assert_ptr_nonnull(strstr(e.text, "inside: probe failed without a reason"));
    body.probe = named;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_str_eq(e.text, "shop: the peer says no");
    ck_assert_str_eq(e.reason, "no");
}
END_TEST

/* ---- reading ---- */

static int read_two(struct instance_state *s, const struct koppel_read_request *r,
                    struct koppel_batch *out, struct koppel_error *e)
{
    ck_assert_uint_eq(r->limit, 50); /* the catalogue's, less than what was asked */
    ck_assert_ptr_null(r->cursor);
    ck_assert(json_is_object(r->options));
    ck_assert_int_eq(s->host->emit(out, "", 1, json_object(), e), -1);
    ck_assert_int_eq(s->host->emit(out, "k", 1, json_array(), e), -1);
    ck_assert_int_eq(s->host->emit(out, NULL, 1, NULL, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_BUG);
    ck_assert_int_eq(s->host->emit(out, "a", 7, json_pack("{s:s}", "id", "a"), e), 0);
    ck_assert_int_eq(s->host->emit(out, "b", 0, json_pack("{s:s}", "id", "b"), e), 0);
    ck_assert_int_eq(s->host->batch_end(out, NULL, 0, e), -1);
    ck_assert_int_eq(s->host->batch_end(out, "first", 0, e), 0);
    return s->host->batch_end(out, "after b", 1, e); /* the last word counts */
}

static int read_without_end(struct instance_state *s, const struct koppel_read_request *r,
                            struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    return s->host->emit(out, "a", 1, json_object(), e);
}

START_TEST(test_read)
{
    struct koppel_batch batch = {0};
    start();
    body.read = read_two;
    ck_assert_int_eq(connection_read(connection, "thing", NULL, 500, NULL, &batch, NULL, &err), 0);
    ck_assert_int_eq(batch.count, 2);
    ck_assert_str_eq(batch.records[0].key, "a");
    ck_assert_int_eq(batch.records[0].version, 7);
    ck_assert_str_eq(batch.next_cursor, "after b");
    ck_assert(batch.more);
    batch_done(&batch);
    body.read = read_without_end;
    ck_assert_int_eq(connection_read(connection, "thing", NULL, 5, NULL, &batch, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_ptr_nonnull(strstr(err.text, "batch_end"));
    batch_done(&batch);
    ck_assert_int_eq(connection_read(connection, "log", NULL, 5, NULL, &batch, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "\"log\" cannot read"));
    ck_assert_int_eq(connection_read(connection, "thnig", NULL, 5, NULL, &batch, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "no entity \"thnig\""));
}
END_TEST

START_TEST(test_drop_wants_a_reason)
{
    struct koppel_batch batch = {0};
    ck_assert_int_eq(host_table.drop(&batch, "", &err), -1);
    ck_assert_int_eq(host_table.drop(&batch, "a test order", &err), 0);
    ck_assert_str_eq(batch.dropped, "a test order");
    batch_done(&batch);
}
END_TEST

/* ---- finding ---- */

/* "two" is there twice, "bad" fails alone, "lost" takes its whole call down. */
static int find_some(struct instance_state *s, const struct koppel_find_request *r,
                     struct koppel_results *out, struct koppel_error *e)
{
    ck_assert_uint_le(r->count, 2);
    ck_assert_str_eq(r->match, "id");
    for (uint32_t i = 0; i < r->count; i++) {
        const char *key = r->keys[i];
        if (r->records && r->records[i]) /* the record belongs to its key, in every slice */
            ck_assert_str_eq(json_string_value(json_object_get(r->records[i], "id")), key);
        if (strcmp(key, "lost") == 0)
            return s->host->fail(e, KOPPEL_E_UNSURE, "the answer was lost");
        if (strcmp(key, "down") == 0)
            return s->host->fail(e, KOPPEL_E_RETRY, "down");
        if (strcmp(key, "bad") == 0) {
            s->host->result_error(out, i, KOPPEL_E_REJECTED, "no key: open sesame");
            s->host->result_reason(out, i, "key.bad");
            continue;
        }
        int hits = strcmp(key, "two") == 0 ? 2 : strcmp(key, "none") == 0 ? 0 : 1;
        for (int k = 0; k < hits; k++)
            ck_assert_int_eq(s->host->result_found(out, i, key, json_object(), e), 0);
    }
    ck_assert_int_eq(s->host->result_found(out, r->count, "x", json_object(), e), -1);
    ck_assert_int_eq(s->host->result_found(out, 0, "", json_object(), e), -1);
    ck_assert_int_eq(s->host->result_error(out, r->count, KOPPEL_E_BUG, "nobody"), 0);
    ck_assert_int_eq(s->host->result_reason(out, r->count, "nobody"), 0);
    return 0;
}

START_TEST(test_find_in_slices)
{
    static const char *const keys[] = {"one", "two", "none", "bad", "lost", "six", "seven"};
    struct koppel_results out;
    json_t *records[7] = {json_pack("{s:s}", "id", "one"), NULL, json_pack("{s:s}", "id", "none"),
                          NULL, NULL, NULL, json_pack("{s:s}", "id", "seven")};
    start();
    body.find = find_some;
    results_init(&out, 7);
    ck_assert_int_eq(connection_find(connection, "thing", "id", keys, records, 7, &out, NULL, &err),
                     0);
    ck_assert_int_eq(atomic_load(&seen.calls), 4);
    ck_assert_int_eq(out.entries[0].hit_count, 1);
    ck_assert_int_eq(out.entries[1].hit_count, 2);
    ck_assert_int_eq(out.entries[2].hit_count, 0);
    ck_assert_int_eq(out.entries[2].err.kind, 0);
    ck_assert_str_eq(out.entries[3].err.text, "shop: no key: ****");
    ck_assert_str_eq(out.entries[3].err.reason, "key.bad");
    /* the slice that failed as a whole: its keys know no better, the others go on */
    ck_assert_int_eq(out.entries[4].err.kind, KOPPEL_E_UNSURE);
    ck_assert_int_eq(out.entries[5].err.kind, KOPPEL_E_UNSURE);
    ck_assert_int_eq(out.entries[6].hit_count, 1);
    results_done(&out);
    for (int i = 0; i < 7; i++)
        json_decref(records[i]);
}
END_TEST

START_TEST(test_find_stops_where_going_on_is_of_no_use)
{
    static const char *const keys[] = {"one", "two", "down", "four", "five", "six"};
    struct koppel_results out;
    start();
    body.find = find_some;
    results_init(&out, 6);
    ck_assert_int_eq(connection_find(connection, "thing", "id", keys, NULL, 6, &out, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(atomic_load(&seen.calls), 2);
    ck_assert_int_eq(connection_find(connection, "thing", "name", keys, NULL, 1, &out, NULL, &err),
                     -1);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot find by \"name\""));
    ck_assert_int_eq(connection_find(connection, "thing", "id", keys, NULL, 7, &out, NULL, &err), -1);
    results_done(&out);
}
END_TEST

/* ---- writing ---- */

static int write_some(struct instance_state *s, const struct koppel_write_request *r,
                      struct koppel_results *out, struct koppel_error *e)
{
    ck_assert_uint_le(r->count, 3);
    for (uint32_t i = 0; i < r->count; i++) {
        const char *job = r->items[i]->job;
        if (strcmp(job, "forgotten") == 0)
            continue;
        if (strcmp(job, "refused") == 0) {
            s->host->result_error(out, i, KOPPEL_E_REJECTED, "too heavy");
            continue;
        }
        ck_assert_int_eq(s->host->result_done(out, i, job, NULL, e), 0);
        ck_assert_int_eq(s->host->result_done(out, i, job, json_object(), e), -1);
    }
    return 0;
}

static void make_items(struct koppel_write_item *items, const struct koppel_write_item **list,
                       const char *const *jobs, int count)
{
    for (int i = 0; i < count; i++) {
        items[i] = (struct koppel_write_item){.struct_size = sizeof items[i], .job = jobs[i]};
        list[i] = &items[i];
    }
}

START_TEST(test_write_every_item_has_an_outcome)
{
    static const char *const jobs[] = {"j1", "refused", "forgotten", "j4"};
    struct koppel_write_item items[4];
    const struct koppel_write_item *list[4];
    struct koppel_results out;
    make_items(items, list, jobs, 4);
    start();
    body.write = write_some;
    results_init(&out, 4);
    ck_assert_int_eq(connection_write(connection, "thing", KOPPEL_VERB_CREATE, 0, list, 4, &out, NULL,
                                      &err), 0);
    ck_assert_int_eq(atomic_load(&seen.calls), 2);
    ck_assert(out.entries[0].done);
    ck_assert_str_eq(out.entries[0].hits[0].id, "j1");
    ck_assert_str_eq(out.entries[1].err.text, "shop: too heavy");
    ck_assert_int_eq(out.entries[2].err.kind, KOPPEL_E_BUG); /* it may have been written */
    ck_assert(out.entries[3].done);
    results_done(&out);
}
END_TEST

START_TEST(test_write_refusals)
{
    static const char *const jobs[] = {"j1"};
    struct koppel_write_item items[1];
    const struct koppel_write_item *list[1];
    struct koppel_results out;
    make_items(items, list, jobs, 1);
    start();
    body.write = write_some;
    results_init(&out, 1);
    ck_assert_int_eq(connection_write(connection, "thing", KOPPEL_VERB_REMOVE, 0, list, 1, &out, NULL,
                                      &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "\"thing\" cannot remove"));
    ck_assert_int_eq(connection_write(connection, "thing", KOPPEL_VERB_UPDATE, 0, list, 1, &out, NULL,
                                      &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "without an id"));
    ck_assert_int_eq(connection_write(connection, "thing", KOPPEL_VERB_CREATE, KOPPEL_WRITE_DRY_RUN,
                                      list, 1, &out, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot dry-run"));
    ck_assert_int_eq(connection_write(connection, "thing", 9, 0, list, 1, &out, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(atomic_load(&seen.calls), 0);
    results_done(&out);
}
END_TEST

/* ---- lists ---- */

START_TEST(test_choices_and_verify)
{
    struct koppel_list rows = {0};
    start();
    ck_assert_int_eq(connection_choices(connection, "sizes", &rows, &err), 0);
    ck_assert_int_eq(rows.count, 1);
    ck_assert_str_eq(rows.rows[0].value, "L");
    ck_assert_str_eq(rows.rows[0].title, "");
    list_done(&rows);
    ck_assert_int_eq(connection_choices(connection, "szies", &rows, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "no choice list \"szies\""));
    ck_assert_int_eq(connection_verify(connection, "thing", &rows, &err), 0);
    ck_assert_str_eq(rows.rows[0].title, "thing");
    list_done(&rows);
    inside.connector.verify = NULL; /* a plugin of ABI 1.0 */
    ck_assert_int_eq(connection_verify(connection, "thing", &rows, &err), 0);
    ck_assert_int_eq(rows.count, 0);
    ck_assert_int_eq(host_table.row(&rows, NULL, "no value", &err), -1);
}
END_TEST

/* ---- instances ---- */

static int slow(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)s;
    (void)facts;
    (void)e;
    usleep(20000);
    return 0;
}

static void *probe_thread(void *arg)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    int *rc = arg;
    *rc = connection_probe(connection, &facts, NULL, &e) == 0 ? 0 : e.kind;
    list_done(&facts);
    return NULL;
}

#define THREADS 6

static void probe_all(int rcs[THREADS])
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, probe_thread, &rcs[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* _i == 1: the plugin takes one call at a time in all. */
START_TEST(test_instances_are_never_shared)
{
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
    int rcs[THREADS];
    if (_i == 1) {
        inside.entry.threads = KOPPEL_THREADS_PLUGIN;
        inside.turn = &turn;
    }
    start();
    body.probe = slow;
    probe_all(rcs);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(rcs[i], 0);
    ck_assert_int_eq(atomic_load(&seen.calls), THREADS);
    ck_assert_int_eq(atomic_load(&seen.doubly_used), 0);
    ck_assert_int_le(atomic_load(&seen.opened), 2);
    ck_assert_int_eq(atomic_load(&seen.most_active), _i == 1 ? 1 : 2);
}
END_TEST

START_TEST(test_open_that_fails_is_closed_and_tried_again)
{
    struct koppel_list facts = {0};
    start();
    seen.fail_opens = 1;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_str_eq(err.reason, "place.missing");
    ck_assert_int_eq(atomic_load(&seen.closed), 1); /* what was half built */
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), 0);
    ck_assert_int_eq(facts.count, 1);
    list_done(&facts);
}
END_TEST

static int until_cancelled(struct instance_state *s, struct koppel_list *facts,
                           struct koppel_error *e)
{
    (void)facts;
    while (!s->host->cancelled(s->ctx))
        usleep(1000);
    return s->host->fail(e, KOPPEL_E_CANCELLED, "stopping");
}

START_TEST(test_cancel_wakes_those_who_wait)
{
    pthread_t threads[THREADS];
    int rcs[THREADS];
    start();
    body.probe = until_cancelled;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, probe_thread, &rcs[i]);
    while (atomic_load(&seen.active) < 2)
        usleep(1000);
    connection_cancel(connection);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(rcs[i], KOPPEL_E_CANCELLED);
    }
    ck_assert_int_eq(atomic_load(&seen.calls), 2); /* the others never got an instance */
}
END_TEST

/* ---- http ---- */

static int serve(const struct peer_request *r)
{
    return peer_answer(r, 200, "", "{\"ok\":true}");
}

static char peer_url[64];

/* A request as a plugin of an older header sends it: shorter than ours. */
static int short_request(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    struct koppel_http_request r = {.method = "GET", .url = peer_url, .what = "beyond the size"};
    struct koppel_http_response out = {.struct_size = sizeof out};
    r.struct_size = offsetof(struct koppel_http_request, query);
    if (s->host->http(s->ctx, &r, &out, e) != 0)
        return -1;
    int rc = s->host->row(facts, "status", out.status == 200 ? "200" : "another", e);
    s->host->http_done(s->ctx, &out);
    r = (struct koppel_http_request){.struct_size = sizeof r, .method = "GET", .url = peer_url,
                                     .flags = KOPPEL_HTTP_OAUTH};
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_CONFIG); /* this connector has no login */
    r = (struct koppel_http_request){.struct_size = sizeof r, .method = "GET"};
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_BUG);
    return rc;
}

START_TEST(test_http_of_an_older_plugin)
{
    struct koppel_list facts = {0};
    struct peer peer;
    json_t *trace = json_array();
    peer_start(&peer, serve, NULL);
    snprintf(peer_url, sizeof peer_url, "http://127.0.0.1:%d/x", peer.port);
    start();
    body.probe = short_request;
    ck_assert_int_eq(connection_probe(connection, &facts, trace, &err), 0);
    ck_assert_str_eq(facts.rows[0].title, "200");
    ck_assert_uint_eq(json_array_size(trace), 1);
    ck_assert_str_ne(json_string_value(json_object_get(json_array_get(trace, 0), "what")),
                     "beyond the size");
    json_decref(trace);
    list_done(&facts);
    connection_free(connection);
    connection = NULL;
    peer_stop(&peer);
}
END_TEST

/* ---- transforms ---- */

static int convert_once(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                        json_t **out, struct koppel_error *e)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = "http://x"};
    ck_assert_int_eq(host->http(ctx, &r, NULL, e), -1); /* pure: no HTTP, no settings, no state */
    ck_assert_ptr_null(host->setting(ctx, "url"));
    ck_assert_ptr_null(host->state_get(ctx, "token"));
    ck_assert_int_eq(host->cancelled(ctx), 0);
    ck_assert_ptr_eq(host->catalogue(ctx), words.catalogue->json);
    *out = json_incref(value);
    return 0;
}

static int convert_nothing(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                           json_t **out, struct koppel_error *e)
{
    (void)host;
    (void)ctx;
    (void)value;
    (void)out;
    (void)e;
    return 0;
}

static int convert_refused(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                           json_t **out, struct koppel_error *e)
{
    (void)ctx;
    *out = json_incref(value); /* a plugin that fails half-way leaks nothing */
    return host->fail(e, KOPPEL_E_REJECTED, "\"open sesame\" is no word");
}

START_TEST(test_convert)
{
    json_t *value = json_string("open sesame"), *out = NULL;
    start(); /* registers the password */
    body.convert = convert_once;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), 0);
    ck_assert_ptr_eq(out, value);
    json_decref(out);
    body.convert = convert_nothing;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    body.convert = convert_refused;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_str_eq(err.text, "\"****\" is no word");
    words.transform.convert = NULL;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    json_decref(value);
}
END_TEST

START_TEST(test_a_transform_is_no_connector)
{
    conf.plugin = &words;
    ck_assert_ptr_null(connection_new(&conf, store, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "connection shop"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("host");
    TCase *t = tcase_create("border");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_settings_catalogue_and_time);
    tcase_add_test(t, test_state_outlives_the_connection_and_is_its_own);
    tcase_add_loop_test(t, test_decimals, 0, (int)(sizeof sums / sizeof sums[0]));
    tcase_add_test(t, test_fail_masks_and_is_one_line);
    tcase_add_test(t, test_failures_name_the_connection);
    tcase_add_test(t, test_read);
    tcase_add_test(t, test_drop_wants_a_reason);
    tcase_add_test(t, test_find_in_slices);
    tcase_add_test(t, test_find_stops_where_going_on_is_of_no_use);
    tcase_add_test(t, test_write_every_item_has_an_outcome);
    tcase_add_test(t, test_write_refusals);
    tcase_add_test(t, test_choices_and_verify);
    tcase_add_loop_test(t, test_instances_are_never_shared, 0, 2);
    tcase_add_test(t, test_open_that_fails_is_closed_and_tried_again);
    tcase_add_test(t, test_cancel_wakes_those_who_wait);
    tcase_add_test(t, test_http_of_an_older_plugin);
    tcase_add_test(t, test_convert);
    tcase_add_test(t, test_a_transform_is_no_connector);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
