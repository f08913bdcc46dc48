/* SPDX-License-Identifier: MIT
 * The journal on its way in and out: declare, append, snapshots, leases, read. */
#include <pthread.h>

#include "store_fixture.h"

START_TEST(append_moves_the_cursor)
{
    struct store_reader second;
    int none = 0;
    start(_i, 4);
    struct store_reader r = begin(st);
    ck_assert_ptr_null(r.cursor);
    ck_assert_int_gt(store_left_ms(r.hold), LEASE_MS - 5000);
    OK(st->ops->read_begin(st, "orders", &second, &none, &err));
    ck_assert_int_eq(none, 1);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{\"a\":1}", "one", NULL), 1);
    ck_assert_str_eq(r.cursor, "one");
    int lost = 0;
    OK(st->ops->append(st, &r, NULL, 0, "two", NULL, &lost, &err));
    OK(st->ops->append(st, &r, NULL, 0, NULL, NULL, &lost, &err));
    st->ops->read_end(st, &r, true);
    r = begin(st);
    ck_assert_str_eq(r.cursor, "two");
    ck_assert_int_eq(count().read, 1);
    ck_assert_int_eq(count().pending, 1);
    st->ops->read_end(st, &r, true);
}
END_TEST

/* The answer to the commit got lost: the caller asks again with what it knew before. */
START_TEST(append_again_adds_nothing)
{
    start(_i, 1);
    struct store_reader r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{}", "one", NULL), 1);
    struct store_reader again = r;
    again.cursor = NULL;
    ck_assert_int_eq(append_to(st, &again, "a", 1, "{}", "one", NULL), 0);
    ck_assert_str_eq(again.cursor, "one");
    free(again.cursor);
    ck_assert_int_eq(count().read, 1);
    /* the same cursor twice in a row is a page like another */
    ck_assert_int_eq(append_to(st, &r, "b", 1, "{}", "one", NULL), 1);
    ck_assert_int_eq(count().read, 2);
    st->ops->read_end(st, &r, false);
}
END_TEST

/* What a source sends by itself comes in beside its cursor, but never while somebody reads. */
START_TEST(pushed_beside_the_cursor)
{
    struct store_record both[] = {{"a", 2, "{\"a\":2}", 7, "new", false},
                                  {"b", 1, "{}", 2, NULL, false}};
    struct store_record long_key = {"", 1, "{}", 2, NULL, false};
    int added = 0, none = 0;
    start(_i, 4);
    struct store_reader r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{\"a\":1}", "one", "old"), 1);
    OK(st->ops->push(st, "orders", both, 2, &added, &none, &err));
    ck_assert_int_eq(none, 1);
    ck_assert_int_eq(count().read, 1);
    st->ops->read_end(st, &r, true);
    OK(st->ops->push(st, "orders", both, 2, &added, &none, &err));
    ck_assert_int_eq(none, 0);
    ck_assert_int_eq(added, 2);
    /* what is known by its digest is dropped, what has none comes again */
    OK(st->ops->push(st, "orders", both, 2, &added, &none, &err));
    ck_assert_int_eq(added, 1);
    ck_assert_int_eq(count().read, 4);
    ck_assert_int_eq(st->ops->push(st, "orders", &long_key, 1, &added, &none, &err), -1);
    ck_assert_str_eq(err.reason, "store.key_length");
    r = begin(st);
    ck_assert_str_eq(r.cursor, "one");
    st->ops->read_end(st, &r, true);
}
END_TEST

START_TEST(refusals)
{
    char longest[STORE_KEY_BYTES + 1];
    int lost;
    start(_i, 4);
    struct store_reader r = begin(st);
    memset(longest, 'x', sizeof longest);
    longest[STORE_KEY_BYTES] = '\0';
    struct store_record record = {longest, 1, "{}", 2, NULL, false};
    ck_assert_int_eq(st->ops->append(st, &r, &record, 1, "c", NULL, &lost, &err), -1);
    ck_assert_str_eq(err.reason, "store.key_length");
    record.key = "";
    ck_assert_int_eq(st->ops->append(st, &r, &record, 1, "c", NULL, &lost, &err), -1);
    ck_assert_ptr_null(r.cursor);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{}", "c", NULL), 1);
    ck_assert_int_eq(st->ops->flow_declare(st, "orders", 8, &err), -1);
    ck_assert_str_eq(err.reason, "store.partitions");
    struct store_reader nobody = {.flow = "nobody"};
    ck_assert_int_eq(st->ops->append(st, &nobody, NULL, 0, "x", NULL, &lost, &err), -1);
    st->ops->read_end(st, &r, false);
}
END_TEST

START_TEST(partitions_change_while_nothing_is_open)
{
    struct store_lease l;
    start(_i, 1);
    OK(st->ops->flow_declare(st, "orders", 4, &err));
    OK(st->ops->flow_declare(st, "orders", 4, &err));
    for (int i = 0; i < 40; i++) {
        char k[16];
        snprintf(k, sizeof k, "k%d", i);
        add(k, 1, "{}");
    }
    int leased = 0;
    struct store_lease all[8];
    OK(st->ops->lease(st, orders, 1, 8, all, &leased, &err));
    ck_assert_int_eq(leased, 4);
    ck_assert_int_eq(lease_of(st, &l), 0);
    for (int i = 0; i < leased; i++)
        st->ops->release(st, &all[i]);
}
END_TEST

START_TEST(lease_read_release)
{
    struct store_lease l, other;
    start(_i, 1);
    ck_assert_int_eq(lease_of(st, &l), 0);
    add("a", 1, "{\"a\":1}");
    add("b", 2, "{\"b\":2}");
    l = take(st);
    ck_assert_int_gt(store_left_ms(l.hold), LEASE_MS - 5000);
    ck_assert_int_le(store_left_ms(l.hold), LEASE_MS - 2000);
    ck_assert_int_eq(lease_of(st, &other), 0);
    struct store_batch b = read_log(&l, 10);
    ck_assert_int_eq(b.count, 2);
    ck_assert_int_eq(b.next, 2);
    ck_assert_str_eq(b.jobs[0].key, "a");
    ck_assert_str_eq(b.jobs[1].payload, "{\"b\":2}");
    ck_assert_int_eq(b.jobs[1].version, 2);
    ck_assert_int_eq(b.jobs[1].state, JOB_NEW);
    ck_assert(!b.jobs[1].doubt && !b.jobs[1].retried);
    store_batch_done(&b);
    ck_assert_int_eq(end_as(&l, 0, "a", JOB_DONE, "", 0, 1), 0);
    ck_assert_int_eq(l.cursor, 1);
    st->ops->release(st, &l);
    ck_assert_ptr_null(l.hold);
    int64_t first = l.epoch;
    l = take(st);
    ck_assert_int_gt(l.epoch, first);
    ck_assert_int_eq(l.cursor, 1);
    end_as(&l, 1, "b", JOB_SKIPPED, "filtered", 0, 2);
    st->ops->release(st, &l);
    ck_assert_int_eq(lease_of(st, &l), 0);
    struct store_counts c = count();
    ck_assert_int_eq(c.done, 1);
    ck_assert_int_eq(c.skipped, 1);
    ck_assert_int_eq(c.pending, 0);
}
END_TEST

START_TEST(read_is_bounded)
{
    start(_i, 1);
    char large[1000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    for (int i = 0; i < 5; i++)
        add("k", i, large);
    struct store_lease l = take(st);
    struct store_batch b = read_log(&l, 2);
    ck_assert_int_eq(b.count, 2);
    ck_assert_int_eq(b.next, 2);
    store_batch_done(&b);
    OK(st->ops->read(st, &l, 100, 2500, &b, &err));
    ck_assert_int_eq(b.count, 2);
    ck_assert_int_eq(b.next, 2);
    store_batch_done(&b);
    OK(st->ops->read(st, &l, 100, 1, &b, &err));
    ck_assert_int_eq(b.count, 1);
    store_batch_done(&b);
    st->ops->release(st, &l);
}
END_TEST

/* A batch of which some were settled before the fall is not delivered again. */
START_TEST(settled_jobs_are_passed_over)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    add("c", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_DONE, "", 0, -1);
    end_as(&l, 2, "c", JOB_PARKED, "x", 0, -1);
    ck_assert_int_eq(l.cursor, 0);
    struct store_batch b = read_log(&l, 10);
    ck_assert_int_eq(b.count, 1);
    ck_assert_str_eq(b.jobs[0].key, "b");
    ck_assert_int_eq(b.next, 3);
    store_batch_done(&b);
    st->ops->release(st, &l);
    l = take(st);
    ck_assert_int_eq(l.cursor, 1);
    st->ops->release(st, &l);
}
END_TEST

/* Partitions take turns, and flows with them. */
START_TEST(the_longest_wait_first)
{
    static const char *const both[] = {"orders", "stock"};
    struct store_lease l[3];
    int n = 0;
    start(_i, 2);
    OK(st->ops->flow_declare(st, "stock", 1, &err));
    for (int i = 0; i < 20; i++) {
        char k[16];
        snprintf(k, sizeof k, "k%d", i);
        add(k, 1, "{}");
    }
    struct store_reader r;
    int none;
    OK(st->ops->read_begin(st, "stock", &r, &none, &err));
    append_to(st, &r, "s", 1, "{}", NULL, NULL);
    st->ops->read_end(st, &r, true);
    int seen[3] = {0};
    for (int i = 0; i < 3; i++) {
        OK(st->ops->lease(st, both, 2, 1, l, &n, &err));
        ck_assert_int_eq(n, 1);
        seen[strcmp(l[0].flow, "stock") == 0 ? 2 : l[0].part]++;
        st->ops->release(st, &l[0]);
    }
    ck_assert(seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
}
END_TEST

static int list_keys(void *arg, const char *k, struct job_id id)
{
    strcat(arg, k);
    ck_assert_str_eq(id.flow, "orders");
    return 0;
}

static int list_seen(char *keys, const char *after, int limit)
{
    int n = 0;
    keys[0] = '\0';
    OK(st->ops->seen(st, "orders", after, limit, list_keys, keys, &n, &err));
    return n;
}

/* Only what differs from the last one of its key enters the log; what is gone is listed no more. */
START_TEST(snapshots)
{
    char keys[64];
    start(_i, 1);
    struct store_reader r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{\"v\":1}", NULL, "d1"), 1);
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{\"v\":1}", NULL, "d1"), 0);
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{\"v\":2}", NULL, "d2"), 1);
    ck_assert_int_eq(append_to(st, &r, "b", 0, "{}", NULL, "d1"), 1);
    struct store_record twice[] = {{"c", 0, "{}", 2, "d", false}, {"c", 0, "{}", 2, "d", false}};
    int added = 0, lost = 0;
    OK(st->ops->append(st, &r, twice, 2, NULL, &added, &lost, &err));
    ck_assert_int_eq(added, 1);
    ck_assert_int_eq(count().read, 4);
    ck_assert_int_eq(list_seen(keys, NULL, 10), 3);
    ck_assert_str_eq(keys, "abc");
    ck_assert_int_eq(list_seen(keys, NULL, 2), 2);
    ck_assert_str_eq(keys, "ab");
    ck_assert_int_eq(list_seen(keys, "b", 2), 1);
    ck_assert_str_eq(keys, "c");
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{}", NULL, ""), 1);
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{}", NULL, ""), 0);
    list_seen(keys, NULL, 10);
    ck_assert_str_eq(keys, "bc");
    ck_assert_int_eq(append_to(st, &r, "a", 0, "{\"v\":2}", NULL, "d2"), 1); /* it is back */
    st->ops->read_end(st, &r, true);
}
END_TEST

static int list_payloads(void *arg, const char *k, enum job_state state, int64_t finished_ms,
                         const char *payload, size_t bytes)
{
    (void)k;
    ck_assert_uint_eq(bytes, strlen(payload));
    strcat(arg, payload);
    strcat(arg, state == JOB_PARKED ? "!" : state == JOB_WAITING ? "?" : "");
    strcat(arg, finished_ms > 0 ? "." : "");
    return 0;
}

static const char *unsettled(int64_t *mark)
{
    static char all[64];
    all[0] = '\0';
    OK(st->ops->unsettled(st, "orders", INT64_MAX, mark, list_payloads, all, &err));
    return all;
}

START_TEST(unsettled_jobs)
{
    int64_t mark = 0, nobody = 0;
    char none[8] = "";
    start(_i, 1);
    add("a", 1, "A");
    add("b", 1, "B");
    add("c", 1, "C");
    ck_assert_str_eq(unsettled(&mark), "ABC");
    ck_assert_str_eq(unsettled(&mark), "");
    struct store_lease l = take(st);
    struct store_outcome o[] = {{.off = 0, .key = "a", .state = JOB_DONE},
                                {.off = 1, .key = "b", .state = JOB_PARKED, .reason = "x"}};
    int lost;
    OK(st->ops->settle(st, &l, 2, o, 2, &lost, &err));
    ck_assert_str_eq(unsettled(&mark), "CB!");
    ck_assert_str_eq(unsettled(&mark), "");
    ck_assert_int_eq(retry_all(), 1);
    ck_assert_str_eq(unsettled(&mark), "CB?");
    add("d", 1, "D");
    ck_assert_str_eq(unsettled(&mark), "CDB?");
    /* what ended since a time is shown with it */
    char since[64] = "";
    int64_t other = 0;
    OK(st->ops->unsettled(st, "orders", 1, &other, list_payloads, since, &err));
    ck_assert_str_eq(since, "CDB?A.");
    other = 0;
    since[0] = '\0';
    int64_t later = st->ops->now_ms(st) + 60000;
    OK(st->ops->unsettled(st, "orders", later, &other, list_payloads, since, &err));
    ck_assert_str_eq(since, "CDB?");
    OK(st->ops->unsettled(st, "nobody", INT64_MAX, &nobody, list_payloads, none, &err));
    ck_assert_str_eq(none, "");
    st->ops->release(st, &l);
}
END_TEST

static void *append_many(void *arg)
{
    struct koppel_error problem;
    char flow[16];
    struct store_reader r;
    int none = 1, lost = 0;
    snprintf(flow, sizeof flow, "flow%d", *(int *)arg);
    if (st->ops->flow_declare(st, flow, 4, &problem) != 0 ||
        st->ops->read_begin(st, flow, &r, &none, &problem) != 0 || none)
        return arg;
    for (int i = 0; i < 50; i++) {
        char k[32];
        snprintf(k, sizeof k, "%d-%d", *(int *)arg, i);
        struct store_record record = {k, i, "{}", 2, NULL, false};
        if (st->ops->append(st, &r, &record, 1, k, NULL, &lost, &problem) != 0 || lost)
            return arg;
    }
    st->ops->read_end(st, &r, true);
    const char *const flows[] = {flow};
    struct store_lease l[4];
    int count = 0, total = 0;
    if (st->ops->lease(st, flows, 1, 4, l, &count, &problem) != 0)
        return arg;
    for (int p = 0; p < count; p++) {
        struct store_batch b;
        if (st->ops->read(st, &l[p], 500, 1 << 20, &b, &problem) != 0)
            return arg;
        for (int i = 0; i < b.count; i++) {
            struct store_outcome o = {.off = i, .key = b.jobs[i].key, .state = JOB_DONE};
            if (b.jobs[i].off != i ||
                st->ops->settle(st, &l[p], i + 1, &o, 1, &lost, &problem) != 0 || lost)
                return arg;
            total++;
        }
        store_batch_done(&b);
        st->ops->release(st, &l[p]);
    }
    return total == 50 ? NULL : arg;
}

START_TEST(eight_threads)
{
    pthread_t threads[8];
    int ids[8];
    start(_i, 16);
    for (int i = 0; i < 8; i++) {
        ids[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, append_many, &ids[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, append_moves_the_cursor, 0, KINDS);
    tcase_add_loop_test(t, append_again_adds_nothing, 0, KINDS);
    tcase_add_loop_test(t, pushed_beside_the_cursor, 0, KINDS);
    tcase_add_loop_test(t, refusals, 0, KINDS);
    tcase_add_loop_test(t, partitions_change_while_nothing_is_open, 0, KINDS);
    tcase_add_loop_test(t, lease_read_release, 0, KINDS);
    tcase_add_loop_test(t, read_is_bounded, 0, KINDS);
    tcase_add_loop_test(t, settled_jobs_are_passed_over, 0, KINDS);
    tcase_add_loop_test(t, the_longest_wait_first, 0, KINDS);
    tcase_add_loop_test(t, snapshots, 0, KINDS);
    tcase_add_loop_test(t, unsettled_jobs, 0, KINDS);
    tcase_add_loop_test(t, eight_threads, 0, KINDS);
}

int main(void)
{
    return run_suite("store: journal", add_tests);
}
