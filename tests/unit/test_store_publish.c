/* SPDX-License-Identifier: MIT
 * Which configuration all hosts run, as the store keeps it: who publishes second is refused, and
 * who runs another one gets nothing. */
#include "store_fixture.h"

static int64_t put(struct store *s, int64_t revision, int64_t over)
{
    int64_t stands = -1;
    OK(s->ops->publish(s, revision, over, &stands, &err));
    return stands;
}

static int64_t get(struct store *s)
{
    int64_t revision = -1;
    OK(s->ops->published(s, &revision, &err));
    return revision;
}

START_TEST(one_takes_the_place_of_another)
{
    start(_i, 2);
    ck_assert_int_eq(get(st), 0);
    ck_assert_int_eq(put(st, 3, 0), 0);
    ck_assert_int_eq(get(st), 3);
    /* somebody who did not see it */
    ck_assert_int_eq(put(st, 4, 0), 3);
    ck_assert_int_eq(get(st), 3);
    /* a repeat after an answer that was lost is no other one */
    ck_assert_int_eq(put(st, 3, 0), 0);
    ck_assert_int_eq(put(st, 5, 3), 3);
    ck_assert_int_eq(put(st, 2, 5), 5);
    ck_assert_int_eq(get(st), 2);
}
END_TEST

struct look {
    int64_t revision;
    const char *lacks;
    bool found;
};

static int see(void *arg, const struct store_host *h)
{
    struct look *l = arg;
    if (h->own && h->revision == l->revision && strcmp(h->lacks, l->lacks) == 0)
        l->found = true;
    return 0;
}

/* Waits for the beat, which tells who lives, and what each runs. */
static bool stands(struct store *s, int64_t revision, const char *lacks)
{
    struct look l = {revision, lacks, false};
    for (int i = 0; i < 100 && !l.found; i++) {
        OK(s->ops->hosts(s, see, &l, &err));
        usleep(50000);
    }
    return l.found;
}

static int readers(struct store *s)
{
    struct store_reader r;
    int none = 1;
    OK(s->ops->read_begin(s, "orders", &r, &none, &err));
    if (!none)
        s->ops->read_end(s, &r, true);
    return !none;
}

static int leases(struct store *s)
{
    const char *flow = "orders";
    struct store_lease l;
    int count = 0;
    OK(s->ops->lease(s, &flow, 1, 1, &l, &count, &err));
    if (count > 0)
        s->ops->release(s, &l);
    return count;
}

/* 1: it went in; 0: somebody reads; -1: it may not. */
static int pushes(struct store *s)
{
    struct store_record one = {"p", 1, "{}", 2, NULL, false};
    int added = 0, none = 0;
    if (s->ops->push(s, "orders", &one, 1, &added, &none, &err) != 0)
        return -1;
    return !none;
}

START_TEST(who_runs_another_gets_nothing)
{
    struct store_reader r;
    if (KINDS <= POSTGRES)
        return;
    st = open_store(POSTGRES, false);
    OK(st->ops->flow_declare(st, "orders", 2, &err));
    r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{}", "1", NULL), 1);
    st->ops->read_end(st, &r, true);
    ck_assert_int_eq(leases(st), 1); /* nothing is published: each runs its own */
    ck_assert_int_eq(put(st, 7, 0), 0);
    ck_assert_int_eq(leases(st), 0);
    ck_assert_int_eq(readers(st), 0);
    ck_assert_int_eq(pushes(st), -1);
    ck_assert_str_eq(err.reason, "config.older");
    memset(&err, 0, sizeof err);
    ck_assert_int_eq(st->ops->flow_declare(st, "more", 2, &err), -1); /* nor may it lay one out */
    memset(&err, 0, sizeof err);
    st->ops->runs(st, 7, "one thing");
    ck_assert_int_eq(pushes(st), 1);
    ck_assert_int_eq(leases(st), 1);
    ck_assert_int_eq(readers(st), 1);
    ck_assert(stands(st, 7, "one thing"));
    st->ops->runs(st, 6, NULL);
    ck_assert_int_eq(leases(st), 0);
    ck_assert_int_eq(readers(st), 0);
    ck_assert(stands(st, 6, ""));
}
END_TEST

/* What was leased under the rules of before is given back once its batch is settled. */
START_TEST(what_is_held_is_given_back)
{
    const char *flow = "orders";
    struct store_lease l;
    struct store_reader r;
    int count = 0, lost = 0;
    if (KINDS <= POSTGRES)
        return;
    st = open_store(POSTGRES, false);
    OK(st->ops->flow_declare(st, "orders", 1, &err));
    r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{}", "1", NULL), 1);
    st->ops->read_end(st, &r, true);
    OK(st->ops->lease(st, &flow, 1, 1, &l, &count, &err));
    ck_assert_int_eq(count, 1);
    ck_assert(!store_wanted(l.hold));
    ck_assert_int_eq(put(st, 7, 0), 0);
    for (int i = 0; i < 100 && !store_wanted(l.hold); i++)
        usleep(50000);
    ck_assert(store_wanted(l.hold));
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_DONE, .reason = ""};
    OK(st->ops->settle(st, &l, 1, &o, 1, &lost, &err));
    ck_assert_int_eq(lost, 0); /* what was done is kept */
    st->ops->release(st, &l);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, one_takes_the_place_of_another, 0, KINDS);
    tcase_add_test(t, who_runs_another_gets_nothing);
    tcase_add_test(t, what_is_held_is_given_back);
}

int main(void)
{
    return run_suite("store: publish", add_tests);
}
