/* SPDX-License-Identifier: MIT
 * What persons order of single jobs: ended by hand, edited; beside a worker that has the job, and
 * after one that died. */
#include "store_fixture.h"

#define SCOPE "till/order>books/sales-invoice"

static struct store_hand order_of(int64_t off, enum job_state state)
{
    return (struct store_hand){.id = {"orders", 0, off}, .state = state, .reason = "by_hand",
                               .detail = "anna: it was sent by post",
                               .activity = "{\"by\":\"anna\"}"};
}

/* What comes of one order. */
static enum store_hand_end order(struct store_hand o)
{
    OK(st->ops->settle_by_hand(st, &o, 1, &err));
    return o.end;
}

static struct store_link link_of(const char *k)
{
    const char *scope = SCOPE;
    struct store_link l;
    OK(st->ops->links_get(st, NULL, 1, &scope, &k, &l, &err));
    return l;
}

static char steps[400];

static int see_activity(void *arg, const struct store_activity *a)
{
    size_t at = strlen(steps);
    (void)arg;
    snprintf(steps + at, sizeof steps - at, "%d%s;", a->attempt, a->steps);
    return 0;
}

static const char *steps_of(int64_t off)
{
    steps[0] = '\0';
    OK(st->ops->activity(st, (struct job_id){"orders", 0, off}, see_activity, NULL, &err));
    return steps;
}

static int cause_count;

static int see_cause(void *arg, const struct store_cause *c)
{
    (void)arg;
    cause_count += (int)(c->parked + c->waiting);
    return 0;
}

static int in_causes(void)
{
    cause_count = 0;
    OK(st->ops->causes(st, NULL, 0, see_cause, NULL, &err));
    return cause_count;
}

static void park(struct store_lease *l, int64_t off, const char *k)
{
    struct store_outcome o = {.off = off, .key = k, .state = JOB_PARKED, .reason = "x",
                              .cause = "x", .brief = "{\"number\":\"10099\"}", .activity = "[1]",
                              .activity_bytes = 3, .counts = true};
    settle_one(st, l, off + 1, &o);
}

START_TEST(y3_skipped_by_hand)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    park(&l, 0, "a");
    ck_assert_int_eq(in_causes(), 1);
    /* a parked job is in nobody's hands, whoever has its partition */
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_DONE);
    expect_job(0, JOB_SKIPPED, "by_hand", 2);
    struct store_job_row r = row_of(0);
    ck_assert_str_eq(r.detail, "anna: it was sent by post");
    ck_assert_str_eq(r.brief, "{\"number\":\"10099\"}");
    store_job_row_done(&r);
    ck_assert_str_eq(steps_of(0), "1[1];2{\"by\":\"anna\"};");
    ck_assert_int_eq(in_causes(), 0);
    ck_assert_int_eq(count().skipped, 1);
    ck_assert_int_eq(count().parked + count().pending, 0);
    /* what ended stays ended, for a second order and for a worker that comes late */
    struct store_hand again = order_of(0, JOB_DONE);
    OK(st->ops->settle_by_hand(st, &again, 1, &err));
    ck_assert_int_eq(again.end, HAND_ENDED);
    ck_assert_int_eq(again.was, JOB_SKIPPED);
    end_as(&l, 0, "a", JOB_DONE, "", 0, -1);
    expect_job(0, JOB_SKIPPED, "by_hand", 2);
    ck_assert_int_eq(count().skipped + count().done, 1);
    ck_assert_int_eq(order(order_of(77, JOB_SKIPPED)), HAND_NONE);
    struct store_hand nobody = order_of(0, JOB_SKIPPED);
    nobody.id.flow = "nobody";
    ck_assert_int_eq(order(nobody), HAND_NONE);
    st->ops->release(st, &l);
}
END_TEST

/* Its history is kept, what a person did included. */
START_TEST(x4_skipped_by_hand_and_retried)
{
    int n = 0;
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    park(&l, 0, "a");
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_DONE);
    OK(st->ops->retry(st, &(struct job_id){"orders", 0, 0}, 1, true, &n, &err));
    ck_assert_int_eq(n, 1);
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_DONE, .activity = "[3]",
                              .activity_bytes = 3};
    settle_one(st, &l, -1, &o);
    ck_assert_str_eq(steps_of(0), "1[1];2{\"by\":\"anna\"};3[3];");
    ck_assert_int_eq(count().skipped, 0);
    ck_assert_int_eq(count().done, 1);
    st->ops->release(st, &l);
}
END_TEST

static struct store_link_change there(const char *k, const char *id)
{
    return (struct store_link_change){.scope = SCOPE, .key = k, .state = LINK_THERE, .id = id,
                                      .version = 1, .chain = 1};
}

START_TEST(y3_done_by_hand)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    park(&l, 0, "a");
    struct store_link_change link = there("a", "26000871");
    struct store_hand o = order_of(0, JOB_DONE);
    o.remote_id = "26000871";
    o.link = &link;
    /* a newer version may be in the hands of who has the partition, with what it knows of the
     * link: it is asked to give it back */
    ck_assert(!store_wanted(l.hold));
    ck_assert_int_eq(order(o), HAND_BUSY);
    struct store_link found = link_of("a");
    ck_assert_int_eq(found.state, LINK_ABSENT);
    store_link_done(&found);
    add("b", 1, "{}");
    end_as(&l, 1, "b", JOB_DONE, "", 0, 2);
    ck_assert(store_wanted(l.hold));
    st->ops->release(st, &l);
    /* nobody takes it meanwhile */
    add("c", 1, "{}");
    ck_assert_int_eq(lease_of(st, &l), 0);
    ck_assert_int_eq(order(o), HAND_DONE);
    expect_job(0, JOB_DONE, "by_hand", 2);
    found = link_of("a");
    ck_assert_int_eq(found.state, LINK_THERE);
    ck_assert_str_eq(found.id, "26000871");
    ck_assert_int_eq(found.version, 1);
    store_link_done(&found);
    ck_assert_int_eq(count().done, 2);
    ck_assert_int_eq(count().parked, 0);
    /* and then it goes on */
    ck_assert_int_eq(lease_of(st, &l), 1);
    ck_assert(!store_wanted(l.hold));
    st->ops->release(st, &l);
}
END_TEST

/* Who asked and went away keeps a partition no longer than a moment. */
START_TEST(what_was_asked_for_falls_free)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_BUSY);
    st->ops->release(st, &l);
    ck_assert_int_eq(lease_of(st, &l), 0);
    shift(5000);
    ck_assert_int_eq(lease_of(st, &l), 1);
    st->ops->release(st, &l);
}
END_TEST

/* The worker died with the job, or sleeps: once its time is over it may write no more. */
START_TEST(fenced_against_a_worker_that_ran_out)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_BUSY);
    shift(LEASE_MS + 1000);
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_DONE);
    expect_job(0, JOB_SKIPPED, "by_hand", 1);
    struct store_outcome done = {.off = 0, .key = "a", .state = JOB_DONE};
    ck_assert_int_eq(settle_one(st, &l, 1, &done), 1);
    struct store_link_change change = there("a", "1");
    int lost = 0;
    OK(st->ops->links_put(st, &l, &change, 1, &lost, &err));
    ck_assert_int_eq(lost, 1);
    expect_job(0, JOB_SKIPPED, "by_hand", 1);
    st->ops->release(st, &l);
    /* the cursor passes over it */
    ck_assert_int_eq(count().pending, 0);
    ck_assert_int_eq(lease_of(st, &l), 1);
    struct store_batch b = read_log(&l, 9);
    ck_assert_int_eq(b.count, 0);
    store_batch_done(&b);
    st->ops->release(st, &l);
}
END_TEST

/* Waiting ones that a person made due may be in the hands of a worker. */
START_TEST(waiting_ones_wait_for_their_partition)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_WAITING, "quiet", 60000, 1);
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_BUSY);
    st->ops->release(st, &l);
    ck_assert_int_eq(order(order_of(0, JOB_SKIPPED)), HAND_DONE);
    ck_assert_int_eq(due_in(), -1);
    ck_assert_int_eq(count().waiting, 0);
}
END_TEST

/* ---- edited ---- */

static enum store_hand_end edit(int64_t off, const char *record)
{
    struct store_edit e = {.id = {"orders", 0, off}, .record = record,
                           .record_bytes = strlen(record), .who = "anna", .why = "a typing error"};
    enum store_hand_end end;
    OK(st->ops->edit(st, &e, &end, &err));
    return end;
}

START_TEST(y3_edited)
{
    char *record, *who, *why;
    start(_i, 1);
    add("a", 1, "{\"x\":1}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    park(&l, 0, "a");
    struct store_job_row r = row_of(0);
    ck_assert(!r.edited);
    store_job_row_done(&r);
    ck_assert_int_eq(edit(0, "{\"x\":2}"), HAND_DONE);
    struct store_batch b = read_due(&l);
    ck_assert_int_eq(b.count, 1);
    ck_assert_str_eq(b.jobs[0].payload, "{\"x\":2}");
    ck_assert(b.jobs[0].edited && b.jobs[0].retried);
    store_batch_done(&b);
    /* the log entry stays as it was read */
    char *payload = NULL;
    int found;
    OK(st->ops->job(st, (struct job_id){"orders", 0, 0}, &r, &payload, &found, &err));
    ck_assert_str_eq(payload, "{\"x\":1}");
    ck_assert(r.edited);
    free(payload);
    store_job_row_done(&r);
    OK(st->ops->edited(st, (struct job_id){"orders", 0, 0}, &record, &who, &why, &err));
    ck_assert_str_eq(record, "{\"x\":2}");
    ck_assert_str_eq(who, "anna");
    ck_assert_str_eq(why, "a typing error");
    free(record);
    free(who);
    free(why);
    OK(st->ops->edited(st, (struct job_id){"orders", 0, 1}, &record, NULL, NULL, &err));
    ck_assert_ptr_null(record);
    /* the next version of the key is another job, and has nothing of it */
    add("a", 2, "{\"x\":3}");
    b = read_log(&l, 9);
    ck_assert_int_eq(b.count, 2);
    ck_assert_str_eq(b.jobs[1].payload, "{\"x\":3}");
    ck_assert(!b.jobs[1].edited);
    store_batch_done(&b);
    end_as(&l, 2, "a", JOB_DONE, "", 0, 3);
    ck_assert_int_eq(edit(0, "{}"), HAND_ENDED);
    ck_assert_int_eq(edit(1, "{}"), HAND_NONE);
    ck_assert_int_eq(edit(9, "{}"), HAND_NONE);
    st->ops->release(st, &l);
}
END_TEST

/* One that is due may be in the hands of a worker, with the record that was. */
START_TEST(edited_beside_a_worker)
{
    start(_i, 1);
    add("a", 1, "{\"x\":1}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_WAITING, "retry", 0, 1);
    ck_assert_int_eq(edit(0, "{\"x\":2}"), HAND_BUSY);
    struct store_batch b = read_due(&l);
    ck_assert_str_eq(b.jobs[0].payload, "{\"x\":1}");
    store_batch_done(&b);
    end_as(&l, 0, "a", JOB_DONE, "", 0, -1);
    st->ops->release(st, &l);
    ck_assert_int_eq(edit(0, "{\"x\":2}"), HAND_ENDED);
    char *record;
    OK(st->ops->edited(st, (struct job_id){"orders", 0, 0}, &record, NULL, NULL, &err));
    ck_assert_ptr_null(record);
}
END_TEST

/* Skipped ones come back with it, where no newer one of their key was read. */
START_TEST(edited_after_it_was_skipped)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_SKIPPED, "filtered", 0, 1);
    ck_assert_int_eq(edit(0, "{\"x\":2}"), HAND_DONE);
    struct store_batch b = read_due(&l);
    ck_assert_str_eq(b.jobs[0].payload, "{\"x\":2}");
    store_batch_done(&b);
    end_as(&l, 0, "a", JOB_SKIPPED, "filtered", 0, -1);
    add("a", 2, "{}");
    ck_assert_int_eq(edit(0, "{\"x\":3}"), HAND_ENDED);
    st->ops->release(st, &l);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, y3_skipped_by_hand, 0, KINDS);
    tcase_add_loop_test(t, x4_skipped_by_hand_and_retried, 0, KINDS);
    tcase_add_loop_test(t, y3_done_by_hand, 0, KINDS);
    tcase_add_loop_test(t, what_was_asked_for_falls_free, 0, KINDS);
    tcase_add_loop_test(t, fenced_against_a_worker_that_ran_out, 0, KINDS);
    tcase_add_loop_test(t, waiting_ones_wait_for_their_partition, 0, KINDS);
    tcase_add_loop_test(t, y3_edited, 0, KINDS);
    tcase_add_loop_test(t, edited_beside_a_worker, 0, KINDS);
    tcase_add_loop_test(t, edited_after_it_was_skipped, 0, KINDS);
}

int main(void)
{
    return run_suite("store: hand", add_tests);
}
