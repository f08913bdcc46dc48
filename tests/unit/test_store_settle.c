/* SPDX-License-Identifier: MIT
 * How jobs end and step aside, and what a person makes of that. */
#include "store_fixture.h"

START_TEST(stepping_aside)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_WAITING, "retry", 50000, 1);
    ck_assert(due_in() > 49000 && due_in() <= 50000);
    struct store_batch b = read_due(&l);
    ck_assert_int_eq(b.count, 0);
    ck_assert_int_eq(b.next, -1);
    store_batch_done(&b);
    /* a newer one of the key takes its place and its time */
    add("a", 2, "{}");
    b = read_log(&l, 9);
    ck_assert_int_eq(b.jobs[0].state, JOB_WAITING);
    store_batch_done(&b);
    shift(10000);
    end_as(&l, 1, "a", JOB_WAITING, "retry", -1, 2);
    ck_assert(due_in() > 39000 && due_in() <= 40000);
    expect_job(0, JOB_SKIPPED, "superseded", 1);
    ck_assert_int_eq(count().waiting, 1);
    ck_assert_int_eq(count().skipped, 1);
    shift(40000);
    ck_assert_int_eq(due_in(), 0);
    b = read_due(&l);
    ck_assert_int_eq(b.count, 1);
    ck_assert_int_eq(b.jobs[0].off, 1);
    ck_assert_int_eq(b.jobs[0].attempt, 1);
    ck_assert(!b.jobs[0].retried);
    store_batch_done(&b);
    end_as(&l, 1, "a", JOB_PARKED, "customer.missing", 0, -1);
    expect_job(1, JOB_PARKED, "customer.missing", 2);
    ck_assert_int_eq(count().parked, 1);
    ck_assert_int_eq(count().waiting, 0);
    ck_assert_int_eq(due_in(), -1);
    /* a newer one of a parked key comes as new and settles the parked one */
    add("a", 3, "{}");
    b = read_log(&l, 9);
    ck_assert_int_eq(b.jobs[0].state, JOB_NEW);
    store_batch_done(&b);
    end_as(&l, 2, "a", JOB_DONE, "", 0, 3);
    expect_job(1, JOB_SKIPPED, "superseded", 2);
    struct store_counts c = count();
    ck_assert_int_eq(c.done, 1);
    ck_assert_int_eq(c.skipped, 2);
    ck_assert_int_eq(c.parked + c.waiting + c.pending, 0);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(a_waiting_partition_is_leased_when_it_is_due)
{
    struct store_lease l;
    start(_i, 1);
    add("a", 1, "{}");
    l = take(st);
    end_as(&l, 0, "a", JOB_WAITING, "retry", 5000, 1);
    st->ops->release(st, &l);
    ck_assert_int_eq(lease_of(st, &l), 0);
    shift(5000);
    ck_assert_int_eq(lease_of(st, &l), 1);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(attempts_that_count)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_WAITING, .reason = "rest"};
    settle_one(st, &l, 1, &o);
    expect_job(0, JOB_WAITING, "rest", 0);
    o.counts = true;
    settle_one(st, &l, -1, &o);
    expect_job(0, JOB_WAITING, "rest", 1);
    o.state = JOB_DONE;
    settle_one(st, &l, -1, &o);
    expect_job(0, JOB_DONE, "rest", 2);
    st->ops->release(st, &l);
}
END_TEST

/* An older one that is settled late does not push the newer one aside. */
START_TEST(older_after_newer)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("a", 2, "{}");
    struct store_lease l = take(st);
    end_as(&l, 1, "a", JOB_PARKED, "x", 0, -1);
    end_as(&l, 0, "a", JOB_WAITING, "retry", 0, 2);
    expect_job(0, JOB_SKIPPED, "superseded", 1);
    expect_job(1, JOB_PARKED, "x", 1);
    struct store_counts c = count();
    ck_assert_int_eq(c.parked, 1);
    ck_assert_int_eq(c.skipped, 1);
    ck_assert_int_eq(c.pending, 0);
    st->ops->release(st, &l);
}
END_TEST

/* The answer to the commit got lost, for every kind of outcome at once. */
START_TEST(settling_twice_counts_once)
{
    start(_i, 1);
    for (int i = 0; i < 5; i++)
        add((const char *const[]){"a", "b", "c", "d", "d"}[i], i, "{}");
    struct store_lease l = take(st);
    struct store_outcome o[] = {
        {.off = 0, .key = "a", .state = JOB_DONE, .activity = "[1]", .activity_bytes = 3},
        {.off = 1, .key = "b", .state = JOB_SKIPPED, .reason = "filtered"},
        {.off = 2, .key = "c", .state = JOB_PARKED, .reason = "x"},
        {.off = 3, .key = "d", .state = JOB_WAITING, .retry_in_ms = 9000, .counts = true},
        {.off = 4, .key = "d", .state = JOB_WAITING, .retry_in_ms = -1, .counts = true},
    };
    int lost;
    for (int i = 0; i < 3; i++) {
        OK(st->ops->settle(st, &l, 5, o, 5, &lost, &err));
        ck_assert_int_eq(lost, 0);
        struct store_counts c = count();
        ck_assert_int_eq(c.done, 1);
        ck_assert_int_eq(c.skipped, 2);
        ck_assert_int_eq(c.parked, 1);
        ck_assert_int_eq(c.waiting, 1);
        ck_assert_int_eq(c.pending, 0);
        expect_job(2, JOB_PARKED, "x", 1);
        expect_job(4, JOB_WAITING, "", 1);
    }
    /* once it is due, the same outcome is another attempt */
    shift(9000);
    OK(st->ops->settle(st, &l, -1, &o[4], 1, &lost, &err));
    expect_job(4, JOB_WAITING, "", 2);
    ck_assert_int_eq(count().waiting, 1);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(retry_of_parked_and_waiting)
{
    int n = 0;
    struct job_id ids[] = {{"orders", 0, 0}, {"orders", 0, 1}, {"orders", 0, 77}, {"nobody", 0, 0}};
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_PARKED, "x", 0, 1);
    end_as(&l, 1, "b", JOB_WAITING, "y", 60000, 2);
    OK(st->ops->retry(st, ids, 4, true, &n, &err));
    ck_assert_int_eq(n, 2);
    expect_job(0, JOB_WAITING, "x", 1);
    ck_assert_int_eq(due_in(), 0);
    struct store_batch b = read_due(&l);
    ck_assert_int_eq(b.count, 2);
    ck_assert(b.jobs[0].retried && b.jobs[1].retried);
    store_batch_done(&b);
    /* it stays a person's order until it ended, and is one attempt more each time */
    end_as(&l, 0, "a", JOB_WAITING, "y", 100, -1);
    shift(100);
    b = read_due(&l);
    ck_assert(b.jobs[0].retried);
    store_batch_done(&b);
    end_as(&l, 0, "a", JOB_PARKED, "x", 0, -1);
    expect_job(0, JOB_PARKED, "x", 3);
    ck_assert_int_eq(retry_all(), 2);
    end_as(&l, 0, "a", JOB_DONE, "", 0, -1);
    end_as(&l, 1, "b", JOB_DONE, "", 0, -1);
    ck_assert_int_eq(retry_all(), 0);
    struct store_counts c = count();
    ck_assert_int_eq(c.done, 2);
    ck_assert_int_eq(c.parked + c.waiting + c.skipped + c.pending, 0);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(retry_of_skipped)
{
    int n = 0;
    start(_i, 1);
    add("a", 1, "{}");
    add("a", 2, "{}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_SKIPPED, "filtered", 0, 1);
    end_as(&l, 1, "a", JOB_SKIPPED, "filtered", 0, 2);
    end_as(&l, 2, "b", JOB_DONE, "", 0, 3);
    for (int i = 0; i < 3; i++) {
        OK(st->ops->retry(st, &(struct job_id){"orders", 0, i}, 1, true, &n, &err));
        ck_assert_int_eq(n, i == 1); /* the newest of its key, and no ended document again */
    }
    struct store_counts c = count();
    ck_assert_int_eq(c.skipped, 1);
    ck_assert_int_eq(c.waiting, 1);
    ck_assert_int_eq(c.pending, 0);
    struct store_batch b = read_due(&l);
    ck_assert_int_eq(b.count, 1);
    ck_assert_int_eq(b.jobs[0].off, 1);
    ck_assert(b.jobs[0].retried);
    store_batch_done(&b);
    end_as(&l, 1, "a", JOB_DONE, "", 0, -1);
    c = count();
    ck_assert_int_eq(c.skipped, 1);
    ck_assert_int_eq(c.done, 2);
    ck_assert_int_eq(c.waiting + c.pending, 0);
    st->ops->release(st, &l);
}
END_TEST

/* A bad outcome in a batch leaves nothing of the others. */
START_TEST(all_or_nothing)
{
    int lost;
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    struct store_outcome o[] = {{.off = 0, .key = "a", .state = JOB_DONE},
                                {.off = 1, .key = "b", .state = JOB_NEW}};
    ck_assert_int_eq(st->ops->settle(st, &l, 2, o, 2, &lost, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(count().done, 0);
    o[1].state = JOB_DONE;
    ck_assert_int_eq(st->ops->settle(st, &l, 3, o, 2, &lost, &err), -1); /* behind the head */
    ck_assert_int_eq(count().pending, 2);
    ck_assert_int_eq(l.cursor, 0);
    OK(st->ops->settle(st, &l, 2, o, 2, &lost, &err));
    ck_assert_int_eq(count().done, 2);
    st->ops->release(st, &l);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, stepping_aside, 0, KINDS);
    tcase_add_loop_test(t, a_waiting_partition_is_leased_when_it_is_due, 0, KINDS);
    tcase_add_loop_test(t, attempts_that_count, 0, KINDS);
    tcase_add_loop_test(t, older_after_newer, 0, KINDS);
    tcase_add_loop_test(t, settling_twice_counts_once, 0, KINDS);
    tcase_add_loop_test(t, retry_of_parked_and_waiting, 0, KINDS);
    tcase_add_loop_test(t, retry_of_skipped, 0, KINDS);
    tcase_add_loop_test(t, all_or_nothing, 0, KINDS);
}

int main(void)
{
    return run_suite("store: settle", add_tests);
}
