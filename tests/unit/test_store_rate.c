/* SPDX-License-Identifier: MIT
 * What hosts keep to together at one peer: its limit and its rests. */
#include "store_fixture.h"

#define MS_NS INT64_C(1000000)
#define CLOCKS_US 200000 /* of two looks at the server's clock, each wrong by half of its way */

static struct store_rate get_rate(struct store *s, int64_t interval_ms)
{
    struct store_rate r = {.count = -1};
    OK(s->ops->rate(s, "books", interval_ms * MS_NS, 0, &r, &err));
    return r;
}

/* left_us is what is left of span_us, which began behind asked_ms: what passed since then, however
 * slow the machine, may be gone from it and no more. */
static void expect_left(int64_t left_us, int64_t span_us, int64_t asked_ms)
{
    int64_t gone_us = (clock_monotonic_ms() - asked_ms) * 1000;
    ck_assert_int_ge(left_us, span_us - gone_us - CLOCKS_US);
    ck_assert_int_le(left_us, span_us + CLOCKS_US);
}

/* A kind that several hosts share: a file, and PostgreSQL. */
static int shared_kind(int i)
{
    return i == 0 ? 0 : POSTGRES;
}

START_TEST(a_second_at_a_time)
{
    start(_i, 1);
    int64_t asked_ms = clock_monotonic_ms();
    struct store_rate r = get_rate(st, 100);
    ck_assert_int_eq(r.count, 10);
    ck_assert_int_eq(r.interval_us, 100000);
    ck_assert_int_eq(r.starts_us, 0);
    r = get_rate(st, 100); /* the second after that one */
    ck_assert_int_eq(r.count, 10);
    expect_left(r.starts_us, 1000000, asked_ms);
    shift(60000); /* what was not used is not saved up */
    asked_ms = clock_monotonic_ms();
    ck_assert_int_eq(get_rate(st, 100).starts_us, 0);
    expect_left(get_rate(st, 100).starts_us, 1000000, asked_ms);
    /* one that takes longer than a second each; and the limit of another peer */
    asked_ms = clock_monotonic_ms();
    OK(st->ops->rate(st, "till", 6000 * MS_NS, 0, &r, &err));
    ck_assert_int_eq(r.count, 1);
    ck_assert_int_eq(r.starts_us, 0);
    OK(st->ops->rate(st, "till", 6000 * MS_NS, 0, &r, &err));
    expect_left(r.starts_us, 6000000, asked_ms);
}
END_TEST

/* Who waits long for an answer asks for more than passes meanwhile. */
START_TEST(as_much_as_is_asked_for)
{
    struct store_rate r;
    start(_i, 1);
    OK(st->ops->rate(st, "books", 100 * MS_NS, 400 * MS_NS, &r, &err)); /* a second is more */
    ck_assert_int_eq(r.count, 10);
    OK(st->ops->rate(st, "books", 100 * MS_NS, 2001 * MS_NS, &r, &err));
    ck_assert_int_eq(r.count, 21);
    int64_t asked_ms = clock_monotonic_ms();
    OK(st->ops->rate(st, "books", 100 * MS_NS, 3600000 * MS_NS, &r, &err));
    ck_assert_int_eq(r.count, 600); /* and no more than a minute's */
    expect_left(r.starts_us, 3100000, asked_ms);
    OK(st->ops->rate(st, "till", 6000 * MS_NS, 7000 * MS_NS, &r, &err));
    ck_assert_int_eq(r.count, 2);
}
END_TEST

/* Whoever asks in whatever order, no two are given the same moment. */
START_TEST(hosts_share_a_limit)
{
    int kind = shared_kind(_i);
    start(kind, 1);
    struct store *other = open_store(kind, true);
    int64_t ends_us = 0, began_ms = clock_monotonic_ms();
    for (int i = 0; i < 20; i++) {
        /* the moment that it counts from is somewhere in the call: what is compared is the latest
         * that this one starts with the earliest that the one before it ends */
        int64_t asked_us = (clock_monotonic_ms() - began_ms) * 1000;
        struct store_rate r = get_rate(i % 3 ? st : other, 20);
        int64_t told_us = (clock_monotonic_ms() - began_ms) * 1000;
        ck_assert_int_gt(r.count, 0);
        ck_assert_int_ge(told_us + r.starts_us, ends_us - CLOCKS_US);
        ends_us = asked_us + r.starts_us + r.count * r.interval_us;
    }
    ck_assert_int_gt(ends_us, 19 * 900000);
    other->ops->close(other);
}
END_TEST

START_TEST(hosts_share_rests)
{
    int kind = shared_kind(_i);
    struct store_rest rest = {.reason = ""};
    start(kind, 1);
    struct store *other = open_store(kind, true);
    ck_assert_int_eq(other->ops->resting(other, "books", &rest), 0);
    int64_t asked_ms = clock_monotonic_ms();
    OK(st->ops->rest(st, "books", 30000, "http.503", &err));
    ck_assert_int_eq(other->ops->resting(other, "books", &rest), 0); /* seen a moment ago */
    shift(1000);
    expect_left(other->ops->resting(other, "books", &rest) * 1000, 30000000, asked_ms);
    ck_assert_str_eq(rest.reason, "http.503");
    ck_assert_int_eq(other->ops->resting(other, "till", &rest), 0);
    /* a shorter one ends nothing; one that is over before anybody looks is not told */
    OK(other->ops->rest(other, "books", 5000, "http.429", &err));
    OK(other->ops->rest(other, "till", 500, "http.429", &err));
    shift(1000);
    expect_left(st->ops->resting(st, "books", &rest) * 1000, 30000000, asked_ms);
    ck_assert_str_eq(rest.reason, "http.503");
    ck_assert_int_eq(st->ops->resting(st, "till", &rest), 0);
    /* it answers again: here at once, elsewhere within a second */
    OK(st->ops->rest(st, "books", 0, "", &err));
    ck_assert_int_eq(st->ops->resting(st, "books", &rest), 0);
    shift(1000);
    ck_assert_int_eq(other->ops->resting(other, "books", &rest), 0);
    /* it ends by itself */
    OK(st->ops->rest(st, "books", 3000, "http.503", &err));
    shift(3100); /* the store's clock and ours are not read at the same moment */
    ck_assert_int_eq(other->ops->resting(other, "books", &rest), 0);
    other->ops->close(other);
}
END_TEST

/* A file that one engine has for itself keeps nothing of it. */
START_TEST(alone)
{
    struct store_rest rest;
    st = open_store(_i, false);
    ck_assert_int_eq(get_rate(st, 100).count, 0);
    OK(st->ops->rest(st, "books", 30000, "http.503", &err));
    shift(1000);
    ck_assert_int_eq(st->ops->resting(st, "books", &rest), 0);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, a_second_at_a_time, 0, KINDS);
    tcase_add_loop_test(t, as_much_as_is_asked_for, 0, KINDS);
    tcase_add_loop_test(t, hosts_share_a_limit, 0, KINDS - 1);
    tcase_add_loop_test(t, hosts_share_rests, 0, KINDS - 1);
    tcase_add_loop_test(t, alone, 0, POSTGRES);
}

int main(void)
{
    return run_suite("store: rate", add_tests);
}
