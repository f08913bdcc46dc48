/* SPDX-License-Identifier: MIT
 * core/flow/links.c and keylock.c: the links of a batch in front of the store, and locks by
 * name. */
#include "store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "flow/links.h"
#include "store/keylock.h"

static struct store_lease lease;
static struct links links;
static int reads;
static struct store_ops counted;

static int count_reads(struct store *s, const struct store_lease *l, int count,
                       const char *const *scopes, const char *const *keys, struct store_link *out,
                       struct koppel_error *e)
{
    reads++;
    return store_sqlite.links_get(s, l, count, scopes, keys, out, e);
}

static void begin_links(void)
{
    const char *flow = "orders";
    int count = 0;
    setup();
    start(0, 1);
    add("a", 1, "{}");
    OK(st->ops->lease(st, &flow, 1, 1, &lease, &count, &err));
    ck_assert_int_eq(count, 1);
    counted = *st->ops;
    counted.links_get = count_reads;
    st->ops = &counted;
    reads = 0;
    links_init(&links, st, &lease);
}

static void end_links(void)
{
    links_done(&links);
    st->ops = &store_sqlite;
    if (lease.hold)
        st->ops->release(st, &lease);
    teardown();
}

static void put(const char *k, const char *id)
{
    struct store_link_change change = {.scope = "s",
                                       .key = k,
                                       .state = LINK_THERE,
                                       .id = id,
                                       .digest = "d",
                                       .chain = 1,
                                       .version = 3};
    int lost = 0;
    OK(st->ops->links_put(st, &lease, &change, 1, &lost, &err));
    ck_assert_int_eq(lost, 0);
}

START_TEST(many_links_are_one_read)
{
    char name[16];
    struct store_link *l;
    put("k7", "7");
    for (int i = 0; i < 600; i++) { /* more than the table has room for at first */
        snprintf(name, sizeof name, "k%d", i);
        OK(links_want(&links, "s", name, &err));
        OK(links_want(&links, "s", name, &err)); /* once more is nothing */
    }
    OK(links_fetch(&links, &err));
    OK(links_fetch(&links, &err));
    ck_assert_int_eq(reads, 1);
    for (int i = 0; i < 600; i++) {
        snprintf(name, sizeof name, "k%d", i);
        OK(links_get(&links, "s", name, &l, &err));
        ck_assert_int_eq(l->state, i == 7 ? LINK_THERE : LINK_ABSENT);
    }
    ck_assert_int_eq(reads, 1);
    OK(links_get(&links, "other", "k7", &l, &err)); /* a scope of its own */
    ck_assert_int_eq(l->state, LINK_ABSENT);
    ck_assert_int_eq(reads, 2);
}
END_TEST

START_TEST(again_sees_what_another_has_written)
{
    struct store_link *l;
    OK(links_get(&links, "s", "k", &l, &err));
    ck_assert_int_eq(l->state, LINK_ABSENT);
    put("k", "9");
    OK(links_get(&links, "s", "k", &l, &err));
    ck_assert_int_eq(l->state, LINK_ABSENT);
    OK(links_again(&links, "s", "k", &l, &err));
    ck_assert_int_eq(l->state, LINK_THERE);
    ck_assert_str_eq(l->id, "9");
}
END_TEST

START_TEST(a_change_says_what_the_link_says)
{
    struct store_link *l;
    put("k", "9");
    OK(links_get(&links, "s", "k", &l, &err));
    struct store_link_change change = links_change("s", "other", l);
    OK(links_put(&links, &change, 1, &err));
    struct store_link *other;
    OK(links_again(&links, "s", "other", &other, &err));
    ck_assert_str_eq(other->id, "9");
    ck_assert_str_eq(other->digest, "d");
    ck_assert_int_eq(other->version, 3);
    ck_assert_int_eq(other->chain, 1);
    struct store_link absent = {.state = LINK_ABSENT};
    change = links_change("s", "other", &absent);
    OK(links_put(&links, &change, 1, &err));
    OK(links_again(&links, "s", "other", &other, &err));
    ck_assert_int_eq(other->state, LINK_ABSENT);
}
END_TEST

START_TEST(facts_are_texts)
{
    const char *text;
    OK(links_fact(&links, "f", "k", &text, &err));
    ck_assert_str_eq(text, "");
    struct store_link_change change = links_remember("f", "k2", "owner");
    OK(links_put(&links, &change, 1, &err));
    OK(links_fact(&links, "f", "k2", &text, &err));
    ck_assert_str_eq(text, "owner");
}
END_TEST

START_TEST(who_lost_the_lease_writes_nothing)
{
    struct store *other = open_store(0, true);
    struct store_lease theirs = {0};
    const char *flow = "orders";
    struct store_link *l;
    int count = 0;
    shift(LEASE_MS + 1000);
    OK(other->ops->lease(other, &flow, 1, 1, &theirs, &count, &err));
    ck_assert_int_eq(count, 1);
    struct store_link_change change = links_remember("f", "k", "x");
    ck_assert_int_eq(links_put(&links, &change, 1, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    ck_assert(links.lost);
    ck_assert_int_eq(links_put(&links, &change, 1, &err), -1);
    ck_assert_int_eq(links_put(&links, NULL, 0, &err), 0); /* nothing is nothing */
    OK(links_again(&links, "f", "k", &l, &err));
    ck_assert_int_eq(l->state, LINK_ABSENT);
    other->ops->release(other, &theirs);
    other->ops->close(other);
}
END_TEST

START_TEST(a_preview_writes_nothing)
{
    struct links preview;
    links_init(&preview, st, NULL);
    struct store_link_change change = links_remember("f", "k", "x");
    OK(links_put(&preview, &change, 1, &err));
    links_done(&preview);
    struct links after;
    struct store_link *l;
    links_init(&after, st, NULL);
    OK(links_get(&after, "f", "k", &l, &err));
    ck_assert_int_eq(l->state, LINK_ABSENT);
    links_done(&after);
}
END_TEST

/* ---- locks ---- */

static atomic_int inside, most, rounds;

static void *lock_often(void *arg)
{
    (void)arg;
    for (int i = 0; i < 50; i++) {
        struct koppel_error e = {0};
        struct keylock *held = keylock_take(st, "same", 60000, NULL, NULL, &e);
        ck_assert_msg(held != NULL, "%s", e.text);
        int n = atomic_fetch_add(&inside, 1) + 1;
        if (n > atomic_load(&most))
            atomic_store(&most, n);
        atomic_fetch_sub(&inside, 1);
        atomic_fetch_add(&rounds, 1);
        keylock_give(held);
    }
    return NULL;
}

START_TEST(one_thread_at_a_time_holds_a_name)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, lock_often, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&most), 1);
    ck_assert_int_eq(atomic_load(&rounds), 150);
}
END_TEST

static bool stops(const void *arg)
{
    return *(const bool *)arg;
}

START_TEST(another_host_holds_it_until_its_time_is_over)
{
    struct store *other = open_store(0, true);
    bool stop = true;
    struct keylock *theirs = keylock_take(other, "same", 60000, NULL, NULL, &err);
    ck_assert_ptr_nonnull(theirs);
    struct keylock *another = keylock_take(st, "another", 60000, stops, &stop, &err);
    ck_assert_ptr_nonnull(another); /* a name of its own */
    keylock_give(another);
    ck_assert_ptr_null(keylock_take(st, "same", 60000, stops, &stop, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    shift(61000);
    struct keylock *ours = keylock_take(st, "same", 60000, stops, &stop, &err);
    ck_assert_ptr_nonnull(ours);
    keylock_give(ours);
    keylock_give(theirs);
    keylock_give(NULL);
    other->ops->close(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("links");
    TCase *t = tcase_create("links");
    tcase_add_checked_fixture(t, begin_links, end_links);
    tcase_add_test(t, many_links_are_one_read);
    tcase_add_test(t, again_sees_what_another_has_written);
    tcase_add_test(t, a_change_says_what_the_link_says);
    tcase_add_test(t, facts_are_texts);
    tcase_add_test(t, who_lost_the_lease_writes_nothing);
    tcase_add_test(t, a_preview_writes_nothing);
    tcase_add_test(t, one_thread_at_a_time_holds_a_name);
    tcase_add_test(t, another_host_holds_it_until_its_time_is_over);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
