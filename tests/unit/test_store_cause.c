/* SPDX-License-Identifier: MIT
 * What several jobs wait for alike, and what happened when. */
#include "base/clock.h"
#include "store_fixture.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static char all[1000];
static int64_t ids[8];
static int seen;

static int see(void *arg, const struct store_cause *c)
{
    size_t at = strlen(all);
    (void)arg;
    ids[seen++] = c->id;
    ck_assert_int_ge(c->last_ms, c->first_ms);
    snprintf(all + at, sizeof all - at, "%s %s %d+%d %s;", c->flow, c->reason, (int)c->parked,
             (int)c->waiting, c->example.facts ? c->example.facts : "-");
    return 0;
}

static const char *causes(const char *flow, int limit)
{
    all[0] = '\0';
    seen = 0;
    OK(st->ops->causes(st, flow, limit, see, NULL, &err));
    return all;
}

static bool stands(int64_t id)
{
    bool found;
    OK(st->ops->cause_stands(st, id, &found, &err));
    return found;
}

/* The job ends aside for a cause. */
static void aside(struct store_lease *l, int64_t off, const char *k, enum job_state state,
                  const char *cause, const char *facts)
{
    struct store_outcome o = {.off = off, .key = k, .state = state, .reason = "r", .cause = cause,
                              .facts = facts, .counts = true};
    settle_one(st, l, off + 1, &o);
}

START_TEST(counted_by_cause)
{
    start(_i, 1);
    for (int i = 0; i < 4; i++)
        add((const char *const[]){"a", "b", "c", "d"}[i], 1, "{}");
    struct store_lease l = take(st);
    aside(&l, 0, "a", JOB_PARKED, "one", "{\"n\":1}");
    aside(&l, 1, "b", JOB_PARKED, "one", "{\"n\":1}");
    aside(&l, 2, "c", JOB_WAITING, "two", NULL);
    aside(&l, 3, "d", JOB_PARKED, NULL, NULL);
    ck_assert_str_eq(causes(NULL, 0), "orders r 2+0 {\"n\":1};orders r 0+1 -;");
    int64_t one = ids[0];
    ck_assert(one > 0 && one < INT64_C(1) << 48);
    ck_assert_str_eq(causes("orders", 1), "orders r 2+0 {\"n\":1};");
    ck_assert_str_eq(causes("nobody", 1), "");
    ck_assert(stands(one));
    ck_assert(!stands(one + 1));
    struct store_job_row r = row_of(0);
    ck_assert_int_eq(r.cause, one);
    store_job_row_done(&r);
    /* one that is tried again keeps its cause, until it ends or finds another one */
    int n = 0;
    OK(st->ops->retry(st, &(struct job_id){"orders", 0, 0}, 1, true, &n, &err));
    ck_assert_str_eq(causes("orders", 1), "orders r 1+1 {\"n\":1};");
    clock_shift_ms(2); /* the newest is first: it must not be of the same millisecond */
    aside(&l, 0, "a", JOB_PARKED, "three", NULL);
    clock_shift_ms(-2);
    ck_assert_str_eq(causes("orders", 9),
                     "orders r 1+0 -;orders r 1+0 {\"n\":1};orders r 0+1 -;");
    /* the last one that had it takes it away; the same cause has the same number ever after */
    ck_assert_int_eq(retry_all(), 4);
    end_as(&l, 1, "b", JOB_DONE, "", 0, -1);
    ck_assert_str_eq(causes("orders", 9), "orders r 0+1 -;orders r 0+1 -;");
    add("b", 2, "{}");
    aside(&l, 4, "b", JOB_PARKED, "one", NULL);
    ck_assert_str_eq(causes("orders", 1), "orders r 1+0 -;");
    ck_assert_int_eq(ids[0], one);
    /* a newer version of the key takes its place */
    add("b", 3, "{}");
    end_as(&l, 5, "b", JOB_SKIPPED, "unchanged", 0, 6);
    ck_assert_str_eq(causes("orders", 9), "orders r 0+1 -;orders r 0+1 -;");
    st->ops->release(st, &l);
}
END_TEST

START_TEST(the_newest_cause_of_a_size_comes_first)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    aside(&l, 0, "a", JOB_PARKED, "one", "{\"n\":1}");
    shift(1000);
    aside(&l, 1, "b", JOB_PARKED, "two", "{\"n\":2}");
    ck_assert_str_eq(causes(NULL, 0), "orders r 1+0 {\"n\":2};orders r 1+0 {\"n\":1};");
    st->ops->release(st, &l);
}
END_TEST

/* Nothing that a person is known by stands in clear. */
START_TEST(a_cause_is_sealed)
{
    char word[] = "jan@x.nl", buf[1 << 16];
    start(0, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    aside(&l, 0, "a", JOB_PARKED, "customer jan@x.nl", "{\"email\":\"jan@x.nl\"}");
    st->ops->release(st, &l);
    static const char *const ends[] = {"", "-wal"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        FILE *f = fopen(name, "r");
        ck_assert_ptr_nonnull(f);
        for (size_t n; (n = fread(buf, 1, sizeof buf, f)) > 0;)
            ck_assert_ptr_null(memmem(buf, n, word, strlen(word)));
        fclose(f);
    }
}
END_TEST

/* ---- history ---- */

static int see_bucket(void *arg, const struct store_bucket *b)
{
    size_t at = strlen(all);
    (void)arg;
    ck_assert_int_eq(b->at_ms % b->step_ms, 0);
    snprintf(all + at, sizeof all - at, "%s/%d r%d d%d s%d p%d;", b->flow,
             (int)(b->step_ms / MINUTE), (int)b->read, (int)b->done, (int)b->skipped,
             (int)b->parked);
    return 0;
}

static const char *history(const char *flow)
{
    all[0] = '\0';
    OK(st->ops->tidy(st, &err));
    OK(st->ops->history(st, flow, 0, INT64_MAX, see_bucket, NULL, &err));
    return all;
}

START_TEST(what_happened_becomes_coarser)
{
    start(_i, 1);
    shift(DAY - clock_now_ms() % DAY); /* at the beginning of a day */
    for (int i = 0; i < 3; i++)
        add((const char *const[]){"a", "b", "c"}[i], 1, "{}");
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_DONE, "", 0, 1);
    end_as(&l, 1, "b", JOB_PARKED, "x", 0, 2);
    end_as(&l, 1, "b", JOB_PARKED, "x", 0, 2); /* the same once more */
    shift(20 * MINUTE);
    end_as(&l, 2, "c", JOB_SKIPPED, "y", 0, 3);
    add("b", 2, "{}");
    end_as(&l, 3, "b", JOB_DONE, "", 0, 4); /* and the parked one is skipped */
    st->ops->release(st, &l);
    ck_assert_str_eq(history("orders"), "orders/15 r3 d1 s0 p1;orders/15 r1 d1 s2 p0;");
    ck_assert_str_eq(history("nobody"), "");
    shift(2 * HOUR);
    add("a", 2, "{}");
    ck_assert_str_eq(history(NULL), "orders/15 r3 d1 s0 p1;orders/15 r1 d1 s2 p0;"
                                    "orders/15 r1 d0 s0 p0;");
    shift(7 * DAY + HOUR);
    ck_assert_str_eq(history(NULL), "orders/60 r4 d2 s2 p1;orders/60 r1 d0 s0 p0;");
    shift(90 * DAY);
    ck_assert_str_eq(history(NULL), "orders/1440 r5 d2 s2 p1;");
    int64_t now = clock_now_ms();
    all[0] = '\0';
    OK(st->ops->history(st, "orders", now - DAY, now, see_bucket, NULL, &err));
    ck_assert_str_eq(all, "");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, counted_by_cause, 0, KINDS);
    tcase_add_loop_test(t, the_newest_cause_of_a_size_comes_first, 0, KINDS);
    tcase_add_test(t, a_cause_is_sealed);
    tcase_add_loop_test(t, what_happened_becomes_coarser, 0, KINDS);
}

int main(void)
{
    return run_suite("store: causes", add_tests);
}
