/* SPDX-License-Identifier: MIT
 * Links: what is known, what was begun, and since when nobody saw what became of it. */
#include "store_fixture.h"

#define SCOPE "till/order>books/sales-invoice"

static struct store_link get_from(struct store *s, const struct store_lease *lease, const char *k)
{
    struct store_link l;
    const char *scope = SCOPE;
    OK(s->ops->links_get(s, lease, 1, &scope, &k, &l, &err));
    return l;
}

static int put(struct store *s, struct store_lease *lease, const struct store_link_change *c)
{
    int lost = 0;
    OK(s->ops->links_put(s, lease, c, 1, &lost, &err));
    return lost;
}

static struct store_link_change maybe(const char *k)
{
    return (struct store_link_change){
        .scope = SCOPE, .key = k, .state = LINK_MAYBE, .version = 1,
        .begun = {.write = WRITE_CREATE, .ref = (char *)"R/1", .key = (char *)"idem",
                  .document = (char *)"{\"total\":\"1.00\"}", .digest = (char *)"d1",
                  .version = 7}};
}

START_TEST(what_is_known)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    struct store_link l = get_from(st, &lease, "a");
    ck_assert_int_eq(l.state, LINK_ABSENT);
    struct store_link_change c = maybe("a");
    ck_assert_int_eq(put(st, &lease, &c), 0);
    l = get_from(st, &lease, "a");
    ck_assert_int_eq(l.state, LINK_MAYBE);
    ck_assert_ptr_null(l.id);
    ck_assert_int_eq(l.begun.write, WRITE_CREATE);
    ck_assert_str_eq(l.begun.ref, "R/1");
    ck_assert_str_eq(l.begun.key, "idem");
    ck_assert_str_eq(l.begun.document, "{\"total\":\"1.00\"}");
    ck_assert_str_eq(l.begun.digest, "d1");
    ck_assert_int_eq(l.begun.version, 7);
    store_link_done(&l);
    c = (struct store_link_change){.scope = SCOPE, .key = "a", .state = LINK_THERE, .id = "77",
                                   .alias = "C77", .digest = "d1", .version = 7, .chain = 1};
    put(st, &lease, &c);
    l = get_from(st, NULL, "a");
    ck_assert_int_eq(l.state, LINK_THERE);
    ck_assert_str_eq(l.id, "77");
    ck_assert_int_eq(l.chain, 1);
    ck_assert_ptr_null(l.begun.document);
    ck_assert_int_eq(l.begun.write, WRITE_NONE);
    store_link_done(&l);
    /* the alias stays with the same id, and goes with another */
    c.alias = NULL;
    c.closed = true;
    c.chain = 2;
    put(st, &lease, &c);
    l = get_from(st, NULL, "a");
    ck_assert_str_eq(l.alias, "C77");
    ck_assert(l.closed && l.chain == 2);
    store_link_done(&l);
    c.id = "78";
    put(st, &lease, &c);
    l = get_from(st, NULL, "a");
    ck_assert_ptr_null(l.alias);
    store_link_done(&l);
    c.forget = true;
    put(st, &lease, &c);
    l = get_from(st, NULL, "a");
    ck_assert_int_eq(l.state, LINK_ABSENT);
    ck_assert_ptr_null(l.id);
    st->ops->release(st, &lease);
}
END_TEST

/* A refusal gives back what was known; a second announcement takes the place of the first. */
START_TEST(announced_and_refused)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    struct store_link_change c = maybe("a");
    put(st, &lease, &c);
    c.begun.document = (char *)"{\"total\":\"2.00\"}";
    c.begun.write = WRITE_POST;
    c.id = "77";
    put(st, &lease, &c);
    struct store_link l = get_from(st, &lease, "a");
    ck_assert_str_eq(l.begun.document, "{\"total\":\"2.00\"}");
    ck_assert_int_eq(l.begun.write, WRITE_POST);
    ck_assert_str_eq(l.id, "77");
    store_link_done(&l);
    c = (struct store_link_change){.scope = SCOPE, .key = "a", .state = LINK_ABSENT};
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_PARKED, .reason = "rejected",
                              .links = &c, .link_count = 1};
    ck_assert_int_eq(settle_one(st, &lease, 1, &o), 0);
    l = get_from(st, &lease, "a");
    ck_assert_int_eq(l.state, LINK_ABSENT);
    st->ops->release(st, &lease);
}
END_TEST

/* maybe and "what was begun" go together; a batch with one mistake writes nothing. */
START_TEST(mistakes)
{
    int lost;
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    struct store_link_change c[] = {maybe("a"), maybe("b")};
    c[1].begun.write = WRITE_NONE;
    ck_assert_int_eq(st->ops->links_put(st, &lease, c, 2, &lost, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    struct store_link l = get_from(st, &lease, "a");
    ck_assert_int_eq(l.state, LINK_ABSENT);
    st->ops->release(st, &lease);
}
END_TEST

START_TEST(many_at_once)
{
    enum { MANY = 100 };
    struct store_link_change c[MANY];
    struct store_link l[MANY + 1];
    const char *scopes[MANY + 1], *names[MANY + 1];
    char text[MANY][16];
    int lost;
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    for (int i = 0; i < MANY; i++) {
        snprintf(text[i], sizeof text[i], "k%d", i);
        c[i] = maybe(text[i]);
        c[i].scope = scopes[i] = i % 2 ? "one" : "two";
        names[i] = text[i];
    }
    scopes[MANY] = "three";
    names[MANY] = "k1";
    OK(st->ops->links_put(st, &lease, c, MANY, &lost, &err));
    OK(st->ops->links_get(st, &lease, MANY + 1, scopes, names, l, &err));
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(l[i].state, LINK_MAYBE);
        store_link_done(&l[i]);
    }
    ck_assert_int_eq(l[MANY].state, LINK_ABSENT);
    st->ops->release(st, &lease);
}
END_TEST

static int64_t unseen(struct store *s, const struct store_lease *lease)
{
    struct store_link l = get_from(s, lease, "a");
    ck_assert_int_eq(l.state, LINK_MAYBE);
    int64_t ms = l.unseen_ms;
    store_link_done(&l);
    return ms;
}

#define NEAR(ms, want)                                                                             \
    do {                                                                                           \
        int64_t near_ms = (ms);                                                                    \
        ck_assert_int_ge(near_ms, want);                                                           \
        ck_assert_int_lt(near_ms, (want) + 2000);                                                  \
    } while (0)

/* The quiet time counts from the last announcement or unseen outcome, whoever asks. */
START_TEST(quiet_from_the_announcement)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    struct store_link_change c = maybe("a");
    put(st, &lease, &c);
    NEAR(unseen(st, &lease), 0);
    shift(10000);
    NEAR(unseen(st, &lease), 10000);
    NEAR(unseen(st, NULL), 10000);
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_WAITING, .reason = "unsure",
                              .retry_in_ms = 60000, .links = &c, .link_count = 1};
    settle_one(st, &lease, 1, &o);
    NEAR(unseen(st, &lease), 0);
    /* a lease that was given back sends nothing: the next one goes on counting */
    st->ops->release(st, &lease);
    shift(60000);
    lease = take(st);
    NEAR(unseen(st, &lease), 60000);
    /* a clock that was set back gives no negative age */
    shift(-120000);
    ck_assert_int_eq(unseen(st, NULL), 0);
    shift(120000);
    st->ops->release(st, &lease);
}
END_TEST

/* At a take-over it counts from the take-over: the dead one may have sent until then. */
START_TEST(quiet_from_the_takeover)
{
    start(0, 1);
    struct store *other = open_store(0, true);
    OK(other->ops->flow_declare(other, "orders", 1, &err));
    add("a", 1, "{}");
    struct store_lease dead = take(st), lease;
    struct store_link_change c = maybe("a");
    put(st, &dead, &c);
    ck_assert_int_eq(lease_of(other, &lease), 0);
    shift(10000);
    /* alive: it renewed */
    OK(st->ops->beat(st, &err));
    NEAR(unseen(other, NULL), 10000);
    shift(LEASE_MS + 5000);
    /* run out and not taken over: from the end of its time */
    NEAR(unseen(other, NULL), 5000);
    ck_assert_int_eq(lease_of(other, &lease), 1);
    NEAR(unseen(other, &lease), 0);
    shift(3000);
    NEAR(unseen(other, &lease), 3000);
    /* one that is written after the take-over counts from when it was written */
    put(other, &lease, &c);
    NEAR(unseen(other, &lease), 0);
    other->ops->release(other, &lease);
    st->ops->release(st, &dead);
    /* and the next holder goes on from there */
    shift(4000);
    lease = take(other);
    NEAR(unseen(other, &lease), 4000);
    other->ops->release(other, &lease);
    other->ops->close(other);
}
END_TEST

/* The last of what was announced together may leave long after it; whoever could not settle it and
 * gives the partition back says so. */
START_TEST(quiet_from_a_batch_that_was_not_settled)
{
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease lease = take(st);
    struct store_link_change c = maybe("a");
    put(st, &lease, &c);
    shift(10000);
    lease.unsettled = true;
    st->ops->release(st, &lease);
    shift(3000);
    NEAR(unseen(st, NULL), 3000); /* of a person who ends it by hand */
    lease = take(st);
    NEAR(unseen(st, &lease), 3000);
    /* who gives back in peace begins nothing anew */
    st->ops->release(st, &lease);
    shift(4000);
    lease = take(st);
    NEAR(unseen(st, &lease), 7000);
    st->ops->release(st, &lease);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, what_is_known, 0, KINDS);
    tcase_add_loop_test(t, announced_and_refused, 0, KINDS);
    tcase_add_loop_test(t, mistakes, 0, KINDS);
    tcase_add_loop_test(t, many_at_once, 0, KINDS);
    tcase_add_loop_test(t, quiet_from_the_announcement, 0, KINDS);
    tcase_add_test(t, quiet_from_the_takeover);
    tcase_add_loop_test(t, quiet_from_a_batch_that_was_not_settled, 0, KINDS);
}

int main(void)
{
    return run_suite("store: link", add_tests);
}
