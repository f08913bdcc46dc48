/* SPDX-License-Identifier: MIT
 * core/connection/connection_*.c and instance.c: calls that are split, outcomes for every item, and
 * the pool of instances. What breaks the contract is test_border.c's. */
#include "inside.h"
#include "connection/pages.h"
#include "store/store_sqlite.h"
#include "unit.h"

/* ---- reading ---- */

static int read_two(struct instance_state *s, const struct koppel_read_request *r,
                    struct koppel_batch *out, struct koppel_error *e)
{
    ck_assert_uint_eq(r->limit, 50); /* the catalogue's, less than what was asked */
    ck_assert_ptr_null(r->cursor);
    ck_assert(json_is_object(r->options));
    ck_assert_uint_eq(r->overlap, 7);
    ck_assert_int_eq(s->host->emit(out, "a", 7, json_pack("{s:s}", "id", "a"), e), 0);
    ck_assert_int_eq(s->host->emit(out, "b", 0, json_pack("{s:s}", "id", "b"), e), 0);
    ck_assert_int_eq(s->host->emit_gone(out, "c", 9, e), 0);
    ck_assert_int_eq(s->host->total(out, 1234, e), 0);
    return s->host->batch_end(out, "after c", 1, e);
}

START_TEST(test_read)
{
    struct koppel_batch batch = {0};
    start();
    inside_body.read = read_two;
    struct koppel_read_request request = {.entity = "thing", .limit = 500, .overlap = 7};
    ck_assert_int_eq(connection_read(connection, &request, &batch, NULL, &err), 0);
    ck_assert_int_eq(batch.count, 3);
    ck_assert_str_eq(batch.records[0].key, "a");
    ck_assert_int_eq(batch.records[0].version, 7);
    ck_assert_int_eq(batch.records[0].kind, BATCH_RECORD);
    ck_assert_int_eq(batch.records[2].kind, BATCH_GONE);
    ck_assert_str_eq(batch.records[2].key, "c");
    ck_assert_int_eq(batch.records[2].version, 9);
    ck_assert_ptr_null(batch.records[2].record);
    ck_assert_str_eq(batch.next_cursor, "after c");
    ck_assert(batch.more);
    ck_assert(batch.total_told);
    ck_assert_int_eq(batch.total, 1234);
    batch_done(&batch);
    request.entity = "log";
    ck_assert_int_eq(connection_read(connection, &request, &batch, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "\"log\" cannot read"));
    request.entity = "thnig";
    ck_assert_int_eq(connection_read(connection, &request, &batch, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "no entity \"thnig\""));
}
END_TEST

/* ---- numbered pages ---- */

static struct {
    int total;          /* pages there are */
    bool counted;       /* the peer tells how many follow */
    atomic_uint fails;  /* this page fails once; 0: none */
    atomic_int asked[64];
} leaves;

static int read_leaf(struct instance_state *s, const struct koppel_read_request *r,
                     struct koppel_batch *out, struct koppel_error *e)
{
    char key[16];
    uint32_t page = r->page;
    ck_assert_ptr_null(r->cursor);
    ck_assert_uint_ge(page, 1);
    ck_assert_uint_le(page, (uint32_t)leaves.total); /* never one that may not be there */
    atomic_fetch_add(&leaves.asked[page], 1);
    usleep(1000 * (page % 3)); /* so that they end in another order */
    unsigned want = page;
    if (atomic_compare_exchange_strong(&leaves.fails, &want, 0)) {
        return s->host->fail(e, KOPPEL_E_RETRY, "page %u is not there now", page);
    }
    snprintf(key, sizeof key, "leaf %u", page);
    if (s->host->emit(out, key, 0, json_pack("{s:s}", "id", key), e) != 0)
        return -1;
    int left = leaves.total - (int)page;
    return s->host->batch_end(out, key, leaves.counted ? left : left > 0, e);
}

static void read_all(struct pages **p, uint32_t from)
{
    bool more = true;
    for (uint32_t page = from; more; page++) {
        struct koppel_batch batch = {0};
        char key[16];
        snprintf(key, sizeof key, "leaf %u", page);
        ck_assert_uint_eq(pages_number(*p), page);
        if (pages_next(*p, &batch, &err) != 0) { /* as the engine: open at the same page */
            ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
            ck_assert_ptr_nonnull(strstr(err.text, "shop: page"));
            pages_close(*p);
            *p = pages_open(connection, "leaf", NULL, page, &err);
            page--;
            continue;
        }
        ck_assert_int_eq(batch.count, 1);
        ck_assert_str_eq(batch.records[0].key, key);
        more = batch.more;
        batch_done(&batch);
    }
}

static const struct {
    int total, concurrency;
    bool counted;
    uint32_t fails;
} page_cases[] = {
    {1, 8, true, 0},  {2, 8, false, 0}, {23, 8, true, 0}, {23, 8, false, 0},  {23, 1, true, 0},
    {40, 3, true, 0}, {23, 8, true, 1}, {23, 8, true, 7}, {23, 8, false, 23},
};

START_TEST(test_numbered_pages)
{
    memset(&leaves, 0, sizeof leaves);
    leaves.total = page_cases[_i].total;
    leaves.counted = page_cases[_i].counted;
    leaves.fails = page_cases[_i].fails;
    conf.concurrency = page_cases[_i].concurrency;
    start();
    inside_body.read = read_leaf;
    struct pages *p = pages_open(connection, "leaf", NULL, 1, &err);
    ck_assert_ptr_nonnull(p);
    read_all(&p, 1);
    pages_close(p);
    for (int i = 1; i <= leaves.total && !page_cases[_i].fails; i++)
        ck_assert_int_eq(atomic_load(&leaves.asked[i]), 1);
    int wanted = page_cases[_i].concurrency - 2; /* what is left to others */
    if (page_cases[_i].counted && leaves.total > 20 && wanted > 1)
        ck_assert_int_gt(atomic_load(&seen.most_active), 1);
    ck_assert_int_le(atomic_load(&seen.most_active), wanted < 1 ? 1 : wanted);
}
END_TEST

START_TEST(test_pages_may_be_left)
{
    struct koppel_batch batch = {0};
    memset(&leaves, 0, sizeof leaves);
    leaves.total = 50;
    leaves.counted = true;
    conf.concurrency = 8;
    start();
    inside_body.read = read_leaf;
    struct pages *p = pages_open(connection, "leaf", NULL, 1, &err);
    ck_assert_int_eq(pages_next(p, &batch, &err), 0);
    batch_done(&batch);
    pages_close(p); /* with pages under way, and some that nobody took */
    pages_close(NULL);
    struct koppel_read_request request = {.entity = "thing", .page = 1};
    ck_assert_int_eq(connection_read(connection, &request, &batch, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
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
            s->host->result_fact(out, i, "key", "open sesame");
            s->host->result_retry_after(out, i, 5000);
            continue;
        }
        int hits = strcmp(key, "two") == 0 ? 2 : strcmp(key, "none") == 0 ? 0 : 1;
        for (int k = 0; k < hits; k++)
            ck_assert_int_eq(s->host->result_found(out, i, key, json_object(), e), 0);
    }
    return 0;
}

START_TEST(test_find_in_slices)
{
    static const char *const keys[] = {"one", "two", "none", "bad", "lost", "six", "seven"};
    struct koppel_results out;
    json_t *records[7] = {json_pack("{s:s}", "id", "one"), NULL, json_pack("{s:s}", "id", "none"),
                          NULL, NULL, NULL, json_pack("{s:s}", "id", "seven")};
    start();
    inside_body.find = find_some;
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
    ck_assert_str_eq(out.entries[3].err.facts, "{\"key\":\"****\"}");
    ck_assert_int_eq(out.entries[3].err.retry_after_ms, 5000);
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
    inside_body.find = find_some;
    results_init(&out, 6);
    ck_assert_int_eq(connection_find(connection, "thing", "id", keys, NULL, 6, &out, NULL, &err),
                     -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(atomic_load(&seen.calls), 2);
    ck_assert_int_eq(connection_find(connection, "thing", "name", keys, NULL, 1, &out, NULL, &err),
                     -1);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot find by \"name\""));
    ck_assert_int_eq(connection_find(connection, "thing", "id", keys, NULL, 7, &out, NULL, &err),
                     -1);
    results_done(&out);
}
END_TEST

/* ---- several hosts ---- */

static int find_busy(struct instance_state *s, const struct koppel_find_request *r,
                     struct koppel_results *out, struct koppel_error *e)
{
    (void)r;
    (void)out;
    s->host->fail(e, KOPPEL_E_RETRY, "come back later");
    return s->host->retry_after(e, 20000);
}

static int find_one(struct connection *c)
{
    static const char *const keys[] = {"one"};
    struct koppel_results out;
    results_init(&out, 1);
    int rc = connection_find(c, "thing", "id", keys, NULL, 1, &out, NULL, &err);
    results_done(&out);
    return rc;
}

/* What one host is told counts for all on the store, as does that the peer answers again. */
START_TEST(test_hosts_rest_together)
{
    char folder[] = "/tmp/koppel-connection-XXXXXX", path[64], key[SECRET_KEY_BYTES] = "k";
    struct store *stores[2];
    struct connection *hosts[2];
    struct breaker_state state;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/store.db", folder);
    struct secret *own = secret_new(key, sizeof key);
    struct store_conf where = {.path = path, .key = own, .shared = true};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(store_sqlite.open(&where, STORE_ENGINE, &stores[i], &err), 0);
        hosts[i] = connection_new(&conf, stores[i], &err);
    }
    inside_body.find = find_busy;
    ck_assert_int_eq(find_one(hosts[0]), -1);
    int calls = atomic_load(&seen.calls);
    ck_assert_int_eq(find_one(hosts[1]), -1);
    ck_assert_str_eq(err.reason, CONNECTION_CIRCUIT_OPEN);
    ck_assert_ptr_nonnull(strstr(err.text, "another host"));
    ck_assert_int_gt(err.retry_after_ms, 18000);
    ck_assert_int_eq(atomic_load(&seen.calls), calls); /* nobody went there */
    breaker_look(connection_breaker(hosts[1]), &state);
    ck_assert_int_eq(state.phase, BREAKER_OPEN);
    clock_shift_ms(20100);
    inside_body.find = find_some;
    ck_assert_msg(find_one(hosts[1]) == 0, "%s", err.text);
    ck_assert_msg(find_one(hosts[0]) == 0, "%s", err.text);
    clock_shift_ms(-20100);
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness"};
    for (int i = 0; i < 2; i++) {
        connection_free(hosts[i]);
        stores[i]->ops->close(stores[i]);
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    secret_free(own);
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
        s->host->result_note(out, i, "made", "number %s with open sesame", job);
        ck_assert_int_eq(s->host->result_done(out, i, strcmp(job, "nameless") == 0 ? "" : job,
                                              NULL, e), 0);
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
    static const char *const jobs[] = {"j1", "refused", "forgotten", "j4", "nameless"};
    struct koppel_write_item items[5];
    const struct koppel_write_item *list[5];
    struct koppel_results out;
    make_items(items, list, jobs, 5);
    start();
    inside_body.write = write_some;
    results_init(&out, 5);
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_CREATE, 0, list, 5, &out,
                         NULL, NULL, &err), 0);
    ck_assert_int_eq(atomic_load(&seen.calls), 2);
    ck_assert(out.entries[0].done);
    ck_assert_str_eq(out.entries[0].hits[0].id, "j1");
    ck_assert_str_eq(out.entries[1].err.text, "shop: too heavy");
    ck_assert_int_eq(out.entries[2].err.kind, KOPPEL_E_UNSURE); /* it may have been written */
    ck_assert_str_eq(out.entries[2].err.reason, "plugin.no_result");
    ck_assert(out.entries[3].done);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(out.entries[3].notes, 0),
                                                       "detail")), "number j4 with ****");
    ck_assert(!out.entries[4].done); /* made, and nobody knows as what */
    ck_assert_int_eq(out.entries[4].err.kind, KOPPEL_E_UNSURE);
    ck_assert_str_eq(out.entries[4].err.reason, "plugin.no_id");
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
    inside_body.write = write_some;
    results_init(&out, 1);
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_REMOVE, 0, list, 1, &out,
                         NULL, NULL, &err),
        -1);
    ck_assert_ptr_nonnull(strstr(err.text, "\"thing\" cannot remove"));
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_UPDATE, 0, list, 1, &out,
                         NULL, NULL, &err),
        -1);
    ck_assert_ptr_nonnull(strstr(err.text, "without an id"));
    ck_assert_int_eq(connection_write(connection, "thing", KOPPEL_VERB_CREATE, KOPPEL_WRITE_DRY_RUN,
                                      list, 1, &out, NULL, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot dry-run"));
    ck_assert_int_eq(connection_write(connection, "thing", 9, 0, list, 1, &out,
                         NULL, NULL, &err), -1);
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
    inside.connector.verify = NULL; /* it is optional */
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
    inside_body.probe = slow;
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
    inside_body.probe = until_cancelled;
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

UNIT_MAIN("connection")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_read);
    LOOP(test_numbered_pages, page_cases);
    tcase_add_test(t, test_pages_may_be_left);
    tcase_add_test(t, test_find_in_slices);
    tcase_add_test(t, test_find_stops_where_going_on_is_of_no_use);
    tcase_add_test(t, test_hosts_rest_together);
    tcase_add_test(t, test_write_every_item_has_an_outcome);
    tcase_add_test(t, test_write_refusals);
    tcase_add_test(t, test_choices_and_verify);
    tcase_add_loop_test(t, test_instances_are_never_shared, 0, 2);
    tcase_add_test(t, test_open_that_fails_is_closed_and_tried_again);
    tcase_add_test(t, test_cancel_wakes_those_who_wait);
}
