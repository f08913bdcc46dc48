/* SPDX-License-Identifier: MIT
 * What hosts share while records are under way: locks and claims. */
#include <pthread.h>

#include "store_fixture.h"

static int lock(struct store *s, const char *name, int64_t ttl_ms)
{
    int taken = -1;
    OK(s->ops->lock(s, name, ttl_ms, &taken, &err));
    return taken;
}

static void *lock_there(void *arg)
{
    int taken = -1;
    struct koppel_error problem;
    if (st->ops->lock(st, arg, 1000, &taken, &problem) != 0)
        return NULL;
    st->ops->unlock(st, arg); /* takes nothing from another thread */
    return taken ? arg : NULL;
}

START_TEST(locks)
{
    pthread_t thread;
    void *taken;
    start(_i, 1);
    ck_assert_int_eq(lock(st, "a", 1000), 1);
    ck_assert_int_eq(lock(st, "b", 1000), 1);
    ck_assert_int_eq(lock(st, "a", 1000), 0);
    pthread_create(&thread, NULL, lock_there, (void *)"a");
    pthread_join(thread, &taken);
    ck_assert_ptr_null(taken);
    ck_assert_int_eq(lock(st, "a", 1000), 0);
    st->ops->unlock(st, "a");
    pthread_create(&thread, NULL, lock_there, (void *)"a");
    pthread_join(thread, &taken);
    ck_assert_ptr_nonnull(taken);
    ck_assert_int_eq(lock(st, "a", 1000), 1);
    shift(1000);
    ck_assert_int_eq(lock(st, "a", 1000), 1);
}
END_TEST

START_TEST(locks_of_two_hosts)
{
    start(0, 1);
    struct store *other = open_store(0, true);
    ck_assert_int_eq(lock(st, "a", 5000), 1);
    ck_assert_int_eq(lock(other, "a", 5000), 0);
    other->ops->unlock(other, "a");
    ck_assert_int_eq(lock(other, "a", 5000), 0);
    shift(5000);
    ck_assert_int_eq(lock(other, "a", 5000), 1);
    st->ops->unlock(st, "a"); /* too late: it is another's */
    ck_assert_int_eq(lock(st, "a", 5000), 0);
    other->ops->close(other);
}
END_TEST

static const char *claim(struct store *s, struct store_lease *l, const char *k, const char *one,
                         const char *two)
{
    static char holder[64];
    char *found = NULL;
    const char *names[] = {one, two};
    OK(s->ops->claim(s, l, k, names, two ? 2 : 1, &found, &err));
    snprintf(holder, sizeof holder, "%s", found ? found : "");
    free(found);
    return holder;
}

static void fill(int n)
{
    for (int i = 0; i < n; i++) {
        char k[16];
        snprintf(k, sizeof k, "k%d", i);
        add(k, 1, "{}");
    }
}

START_TEST(claims)
{
    start(_i, 2);
    fill(20);
    struct store_lease one = take(st), two = take(st);
    ck_assert_str_eq(claim(st, &one, "a", "number/1", "barcode/1"), "");
    ck_assert_str_eq(claim(st, &one, "a", "number/1", NULL), ""); /* it has it */
    ck_assert_str_eq(claim(st, &one, "b", "number/1", NULL), "a");
    /* all or none */
    ck_assert_str_eq(claim(st, &two, "c", "number/2", "barcode/1"), "a");
    ck_assert_str_eq(claim(st, &one, "d", "number/2", NULL), "");
    const char *name = "barcode/1";
    st->ops->unclaim(st, &two, &name, 1); /* is not its own */
    ck_assert_str_eq(claim(st, &two, "c", "barcode/1", NULL), "a");
    st->ops->unclaim(st, &one, &name, 1);
    ck_assert_str_eq(claim(st, &two, "c", "barcode/1", NULL), "");
    /* a claim ends with its lease */
    st->ops->release(st, &one);
    ck_assert_str_eq(claim(st, &two, "c", "number/1", "number/2"), "");
    st->ops->release(st, &two);
}
END_TEST

/* Who takes the claim of a host that died takes its right to settle with it. */
START_TEST(claims_of_the_dead)
{
    start(0, 2);
    fill(20);
    struct store *other = open_store(0, true);
    struct store_lease dead = take(st), alive = take(other);
    ck_assert_str_eq(claim(st, &dead, "a", "number/1", NULL), "");
    ck_assert_str_eq(claim(other, &alive, "b", "number/1", NULL), "a");
    shift(LEASE_MS - 5000);
    OK(other->ops->beat(other, &err));
    ck_assert_str_eq(claim(other, &alive, "b", "number/1", NULL), "a");
    shift(5000);
    ck_assert_str_eq(claim(other, &alive, "b", "number/1", NULL), "");
    OK(st->ops->beat(st, &err));
    ck_assert_int_eq(store_left_ms(dead.hold), 0);
    struct store_batch b = read_log(&dead, 1);
    struct store_outcome o = {.off = b.jobs[0].off, .key = b.jobs[0].key, .state = JOB_DONE};
    ck_assert_int_eq(settle_one(st, &dead, 1, &o), 1);
    store_batch_done(&b);
    /* a partition that is taken over has no claims left */
    struct store_lease next = take(other);
    ck_assert_int_eq(next.part, dead.part);
    ck_assert_str_eq(claim(other, &next, "x", "number/2", NULL), "");
    other->ops->close(other);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, locks, 0, KINDS);
    tcase_add_test(t, locks_of_two_hosts);
    tcase_add_loop_test(t, claims, 0, KINDS);
    tcase_add_test(t, claims_of_the_dead);
}

int main(void)
{
    return run_suite("store: claim", add_tests);
}
