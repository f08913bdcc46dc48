/* SPDX-License-Identifier: MIT
 * The fence: every move that is leased, against every way in which a lease is none any more. Two
 * engines on one file are two hosts; the clock is in the test's hand. On the memory store, which
 * has one engine, what can happen there. */
#include "store_fixture.h"

/* How the lease stands when the move is made. */
enum how {
    HELD,
    EXPIRED,    /* its time is over, and nobody took it */
    TAKEN_OVER, /* its time is over, and another host has it */
    RELEASED,
    OTHER_FLOW, /* it is a lease, but of another flow */
    RELEASED_AND_TAKEN, /* the same host has it again, under a new epoch */
    HOW_COUNT
};

static const char *const how_name[HOW_COUNT] = {"held",     "expired",    "taken over",
                                                "released", "other flow", "released and taken"};

enum move { APPEND, LINKS_PUT, SETTLE, CLAIM, BEAT, MOVE_COUNT };

static const char *const move_name[MOVE_COUNT] = {"append", "links_put", "settle", "claim", "beat"};

/* An expired lease that nobody took still counts: what was done under it is not thrown away. */
static bool goes_through(enum how how)
{
    return how == HELD || how == EXPIRED;
}

static struct store *host2;

static void two_hosts(int kind)
{
    start(kind, 1);
    OK(st->ops->flow_declare(st, "stock", 1, &err));
    host2 = kind == 0 ? open_store(0, true) : NULL;
    struct store_reader r;
    int none;
    add("a", 1, "{}");
    OK(st->ops->read_begin(st, "stock", &r, &none, &err));
    append_to(st, &r, "s", 1, "{}", NULL, NULL);
    st->ops->read_end(st, &r, false);
}

static bool possible(int kind, enum how how)
{
    return kind == 0 || how != TAKEN_OVER;
}

/* ---- the deliverer's moves ---- */

static int links_put(struct store_lease *l)
{
    int lost = -1;
    struct store_link_change c = {.scope = "s", .key = "a", .state = LINK_THERE, .id = "1"};
    OK(st->ops->links_put(st, l, &c, 1, &lost, &err));
    const char *scope = "s", *k = "a";
    struct store_link link;
    OK(st->ops->links_get(st, NULL, 1, &scope, &k, &link, &err));
    ck_assert_int_eq(link.state, lost ? LINK_ABSENT : LINK_THERE);
    store_link_done(&link);
    return lost;
}

static int settle(struct store_lease *l)
{
    struct store_link_change c = {.scope = "s", .key = "a", .state = LINK_THERE, .id = "1"};
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_DONE, .links = &c,
                              .link_count = 1};
    int64_t cursor = l->cursor;
    int lost = settle_one(st, l, 1, &o);
    ck_assert_int_eq(count().done, !lost);
    ck_assert_int_eq(l->cursor, lost ? cursor : 1);
    return lost;
}

static int claim(struct store_lease *l)
{
    const char *name = "number/1";
    char *holder = NULL;
    int rc = st->ops->claim(st, l, "a", &name, 1, &holder, &err);
    ck_assert_ptr_null(holder);
    if (rc != 0) {
        ck_assert_str_eq(err.reason, "store.lease");
        ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    }
    return rc != 0;
}

static int beat(struct store_lease *l)
{
    OK(st->ops->beat(st, &err));
    return store_left_ms(l->hold) == 0;
}

static struct store_lease bring_to(enum how how, struct store_lease *second)
{
    static const char *const stock[] = {"stock"};
    struct store_lease l = take(st);
    int n = 0;
    switch (how) {
    case EXPIRED:
        shift(LEASE_MS + 1);
        ck_assert_int_eq(store_left_ms(l.hold), 0);
        break;
    case TAKEN_OVER:
        shift(LEASE_MS - 1000);
        ck_assert_int_eq(store_left_ms(l.hold), 0); /* ours is over before another may have it */
        ck_assert_int_eq(lease_of(host2, second), 0);
        shift(1000);
        *second = take(host2);
        ck_assert_int_gt(second->epoch, l.epoch);
        break;
    case RELEASED:
        st->ops->release(st, &l);
        break;
    case RELEASED_AND_TAKEN:
        st->ops->release(st, &l);
        *second = take(st);
        break;
    case OTHER_FLOW:
        OK(st->ops->lease(st, stock, 1, 1, second, &n, &err));
        ck_assert_int_eq(n, 1);
        st->ops->release(st, &l);
        l = *second;
        l.flow = "orders";
        l.hold = NULL;
        break;
    default:
        break;
    }
    return l;
}

START_TEST(deliverers)
{
    int kind = _i % KINDS;
    enum how how = (enum how)(_i / KINDS % HOW_COUNT);
    enum move move = (enum move)(_i / KINDS / HOW_COUNT);
    struct store_lease second = {0};
    if (!possible(kind, how) || move == APPEND)
        return;
    two_hosts(kind);
    struct store_lease l = bring_to(how, &second);
    int lost = move == LINKS_PUT ? links_put(&l)
               : move == SETTLE  ? settle(&l)
               : move == CLAIM   ? claim(&l)
                                 : beat(&l);
    ck_assert_msg(lost == !goes_through(how), "%s, %s: %s", move_name[move], how_name[how],
                  lost ? "fenced" : "went through");
    if (lost && l.hold)
        ck_assert_msg(move == CLAIM || store_left_ms(l.hold) == 0, "%s, %s: its time goes on",
                      move_name[move], how_name[how]);
    if (how == TAKEN_OVER) {
        /* the one who has it now is not disturbed, not even by the other giving it back */
        st->ops->release(st, &l);
        struct store_outcome o = {.off = 0, .key = "a", .state = JOB_DONE};
        ck_assert_int_eq(settle_one(host2, &second, 1, &o), 0);
    }
    if (host2)
        host2->ops->close(host2);
    host2 = NULL;
}
END_TEST

/* ---- the reader's ---- */

START_TEST(readers)
{
    int kind = _i % KINDS, none = 0;
    enum how how = (enum how)(_i / KINDS);
    struct store_reader second = {0}, r;
    if (!possible(kind, how))
        return;
    two_hosts(kind);
    r = begin(st);
    switch (how) {
    case EXPIRED:
        shift(LEASE_MS + 1);
        ck_assert_int_eq(store_left_ms(r.hold), 0);
        break;
    case TAKEN_OVER:
        OK(host2->ops->read_begin(host2, "orders", &second, &none, &err));
        ck_assert_int_eq(none, 1);
        shift(LEASE_MS);
        second = begin(host2);
        break;
    case RELEASED:
        st->ops->read_end(st, &r, false);
        break;
    case RELEASED_AND_TAKEN: {
        struct store_reader old = r;
        old.hold = NULL;
        st->ops->read_end(st, &r, false);
        second = begin(st);
        r = old;
        r.cursor = NULL;
        break;
    }
    case OTHER_FLOW:
        st->ops->read_end(st, &r, false);
        OK(st->ops->read_begin(st, "stock", &second, &none, &err));
        r = second;
        r.flow = "orders";
        break;
    default:
        break;
    }
    int added = append_to(st, &r, "b", 1, "{}", "c", NULL);
    ck_assert_msg((added == 1) == goes_through(how), "append, %s", how_name[how]);
    ck_assert_int_eq(count().read, goes_through(how) ? 2 : 1);
    if (how == TAKEN_OVER) {
        ck_assert_int_eq(store_left_ms(r.hold), 0);
        st->ops->read_end(st, &r, true);
        ck_assert_int_eq(append_to(host2, &second, "b", 1, "{}", "c", NULL), 1);
        host2->ops->read_end(host2, &second, true);
    } else if (r.hold && how != OTHER_FLOW) {
        st->ops->read_end(st, &r, true);
    } else if (second.hold) {
        st->ops->read_end(st, &second, false);
    }
    if (host2)
        host2->ops->close(host2);
    host2 = NULL;
}
END_TEST

/* What is pushed is newer than the page of a reader who stood still: that comes too late. */
START_TEST(pushed_over_a_reader_that_ran_out)
{
    struct store_record newer = {"a", 2, "{\"a\":2}", 7, NULL, false};
    int added = 0, none = 0;
    if (!possible(_i, TAKEN_OVER))
        return;
    two_hosts(_i);
    struct store_reader r = begin(st);
    shift(LEASE_MS + 1);
    OK(host2->ops->push(host2, "orders", &newer, 1, &added, &none, &err));
    ck_assert_int_eq(none, 0);
    ck_assert_int_eq(added, 1);
    ck_assert_int_ne(append_to(st, &r, "a", 1, "{\"a\":1}", "c", NULL), 1);
    st->ops->read_end(st, &r, true);
    r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "b", 1, "{}", "d", NULL), 1);
    st->ops->read_end(st, &r, true);
    ck_assert_int_eq(count().read, 3); /* one stood there before */
    host2->ops->close(host2);
    host2 = NULL;
}
END_TEST

/* ---- time ---- */

START_TEST(the_beat_keeps_a_lease)
{
    struct store_lease other;
    two_hosts(0);
    struct store_lease l = take(st);
    struct store_reader r = begin(st);
    for (int i = 0; i < 5; i++) {
        shift(LEASE_MS - 3000);
        ck_assert_int_gt(store_left_ms(l.hold), 0);
        OK(st->ops->beat(st, &err));
        ck_assert_int_gt(store_left_ms(l.hold), LEASE_MS - 3000);
        ck_assert_int_gt(store_left_ms(r.hold), LEASE_MS - 3000);
        ck_assert_int_eq(lease_of(host2, &other), 0);
    }
    st->ops->release(st, &l);
    ck_assert_int_eq(lease_of(host2, &other), 1);
    host2->ops->release(host2, &other);
    st->ops->read_end(st, &r, false);
    host2->ops->close(host2);
    host2 = NULL;
}
END_TEST

/* A short time to live keeps a fifth of it back. */
START_TEST(short_leases)
{
    struct store_conf conf = conf_of(true);
    conf.lease_ms = 1000;
    OK(kinds[_i]->open(&conf, STORE_ENGINE, &st, &err));
    OK(st->ops->flow_declare(st, "orders", 1, &err));
    add("a", 1, "{}");
    struct store_lease l = take(st);
    ck_assert_int_le(store_left_ms(l.hold), 800);
    ck_assert_int_eq(store_left_ms(NULL), 0);
    st->ops->release(st, &l);
}
END_TEST

/* Two hosts, many partitions: none is given twice, and a dead host's all come over. */
START_TEST(a_host_dies)
{
    struct store_lease mine[8], theirs[8];
    int m = 0, t = 0;
    start(0, 8);
    host2 = open_store(0, true);
    for (int i = 0; i < 80; i++) {
        char k[16];
        snprintf(k, sizeof k, "k%d", i);
        add(k, 1, "{}");
    }
    OK(st->ops->lease(st, orders, 1, 5, mine, &m, &err));
    OK(host2->ops->lease(host2, orders, 1, 8, theirs, &t, &err));
    ck_assert_int_eq(m + t, 8);
    for (int i = 0; i < m; i++) {
        for (int k = 0; k < t; k++)
            ck_assert_int_ne(mine[i].part, theirs[k].part);
    }
    shift(LEASE_MS - 1);
    OK(host2->ops->beat(host2, &err));
    shift(1);
    struct store_lease more[8];
    int n = 0;
    OK(host2->ops->lease(host2, orders, 1, 8, more, &n, &err));
    ck_assert_int_eq(n, m);
    /* the dead one wakes up: its beat tells it */
    OK(st->ops->beat(st, &err));
    for (int i = 0; i < m; i++)
        ck_assert_int_eq(store_left_ms(mine[i].hold), 0);
    for (int i = 0; i < t; i++)
        ck_assert_int_gt(store_left_ms(theirs[i].hold), 0);
    host2->ops->close(host2);
    host2 = NULL;
    /* what a host gives back by closing is free at once */
    OK(st->ops->lease(st, orders, 1, 8, theirs, &t, &err));
    ck_assert_int_eq(t, 8);
}
END_TEST

/* A server that crashes takes back who holds what: whoever held it before has no number again that
 * it had, or two threads of one host would pass under it. */
START_TEST(a_server_that_forgets_gives_no_number_twice)
{
    start(POSTGRES, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    psql("UPDATE koppel.lease SET owner = NULL, epoch = 0, until = 0");
    psql("UPDATE koppel.meta SET value = 0 WHERE name = $$epoch$$");
    struct store_lease again = take(st);
    ck_assert_int_gt(again.epoch, l.epoch);
    ck_assert_int_eq(end_as(&l, 0, "a", JOB_DONE, "", 0, 1), 1);
    OK(st->ops->beat(st, &err));
    ck_assert_int_eq(store_left_ms(l.hold), 0);
    ck_assert_int_gt(store_left_ms(again.hold), 0);
    ck_assert_int_eq(end_as(&again, 0, "a", JOB_DONE, "", 0, 1), 0);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, deliverers, 0, KINDS * HOW_COUNT * MOVE_COUNT);
    tcase_add_loop_test(t, pushed_over_a_reader_that_ran_out, 0, KINDS);
    tcase_add_loop_test(t, readers, 0, KINDS * HOW_COUNT);
    tcase_add_test(t, the_beat_keeps_a_lease);
    tcase_add_loop_test(t, short_leases, 0, KINDS);
    tcase_add_test(t, a_host_dies);
    tcase_add_loop_test(t, a_server_that_forgets_gives_no_number_twice, POSTGRES, KINDS);
}

int main(void)
{
    return run_suite("store: fence", add_tests);
}
