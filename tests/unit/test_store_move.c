/* SPDX-License-Identifier: MIT
 * Taking a store from a file to PostgreSQL and back: everything is there, a move that is broken off
 * goes on, and the source is no engine's any more. */
#include "store/move.h"

#include "store_fixture.h"

#define ORDERS 5000
#define PAGE 500

static int told, stop_at;

static int tell(void *arg, const char *table, int64_t rows)
{
    (void)arg;
    (void)table;
    (void)rows;
    return ++told == stop_at ? -1 : 0;
}

/* Some of everything: done, parked, waiting, links, notes, entries, sealed values. */
static void fill(void)
{
    OK(st->ops->flow_declare(st, "orders", 4, &err));
    struct store_reader r = begin(st);
    static char keys[PAGE][32];
    struct store_record page[PAGE];
    for (int from = 0; from < ORDERS; from += PAGE) {
        char cursor[32];
        int added = 0, lost = 0;
        snprintf(cursor, sizeof cursor, "at %d", from);
        for (int i = 0; i < PAGE; i++) {
            snprintf(keys[i], sizeof keys[i], "order-%d", from + i);
            page[i] = (struct store_record){keys[i], from + i, "{\"a\":1}", 7,
                                            i % 2 ? "d" : NULL, i % 2};
        }
        OK(st->ops->append(st, &r, page, PAGE, cursor, &added, &lost, &err));
        ck_assert_int_eq(added, PAGE);
    }
    st->ops->read_end(st, &r, true);
    struct store_lease l;
    while (lease_of(st, &l)) {
        struct store_batch b = read_log(&l, 500);
        struct store_outcome *all = calloc((size_t)b.count + 1, sizeof *all);
        struct store_link_change link = {.scope = "a>b", .state = LINK_THERE, .id = "7",
                                         .digest = "x", .chain = 1, .version = 1};
        for (int i = 0; i < b.count; i++) {
            bool parked = i % 50 == 3;
            all[i] = (struct store_outcome){.off = b.jobs[i].off, .key = b.jobs[i].key,
                                            .state = parked ? JOB_PARKED : JOB_DONE,
                                            .reason = parked ? "x.missing" : "",
                                            .cause = parked ? "x" : NULL, .counts = true,
                                            .activity = "[1]", .activity_bytes = 3};
        }
        struct store_link_change own = link;
        own.key = b.count > 0 ? b.jobs[0].key : "none";
        if (b.count > 0) {
            all[0].links = &own;
            all[0].link_count = 1;
        }
        int lost = 0;
        OK(st->ops->settle(st, &l, b.next, all, b.count, &lost, &err));
        ck_assert_int_eq(lost, 0);
        st->ops->release(st, &l);
        free(all);
        store_batch_done(&b);
    }
    OK(st->ops->note_put(st, "paused/orders", "why", &err));
    OK(st->ops->sealed_put(st, "token", "secret", 6, -1, NULL, &err));
    OK(st->ops->entry_add(st, &(struct store_entry){.kind = "audit", .who = "jan", .body = "{}",
                                                    .body_bytes = 2}, NULL, &err));
}

static struct store_conf place(int kind)
{
    struct store_conf conf = conf_of(false);
    if (kind == POSTGRES)
        return conf;
    conf.connection = NULL;
    return conf;
}

static int move(int from, int to)
{
    struct store_conf here = place(from), there = place(to);
    struct move_sum sum;
    return move_store(&here, &there, &sum, tell, NULL, &err);
}

/* What is looked at of a store, as one number each. */
static void expect_same(const struct store_counts *c, const char *id)
{
    struct store_counts now = count();
    char *note = NULL;
    struct secret *token = NULL;
    ck_assert_int_eq(now.read, c->read);
    ck_assert_int_eq(now.done, c->done);
    ck_assert_int_eq(now.parked, c->parked);
    ck_assert_int_eq(now.pending, 0);
    ck_assert_str_eq(st->ops->id(st), id);
    OK(st->ops->note_get(st, "paused/orders", &note, &err));
    ck_assert_str_eq(note, "why");
    free(note);
    OK(st->ops->sealed_get(st, "token", &token, NULL, &err));
    ck_assert_str_eq(secret_text(token), "secret");
    secret_free(token);
    /* and it goes on where it was */
    add("order-0", 2, "{\"a\":2}");
    ck_assert_int_eq(count().pending, 1);
}

START_TEST(a_store_is_moved_there_and_back)
{
    int from = _i == 0 ? 0 : POSTGRES, to = _i == 0 ? POSTGRES : 0;
    psql("DROP SCHEMA IF EXISTS koppel CASCADE");
    made_anew = true;
    told = stop_at = 0;
    struct store_conf conf = place(from);
    OK(kinds[from]->open(&conf, STORE_ENGINE, &st, &err));
    fill();
    struct store_counts before = count();
    char id[STORE_ID_BYTES];
    snprintf(id, sizeof id, "%s", st->ops->id(st));
    close_store();
    /* broken off in the middle: nobody takes the target, and the source is as it was */
    stop_at = 7;
    ck_assert_int_eq(move(from, to), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    conf = place(to);
    ck_assert_int_ne(kinds[to]->open(&conf, STORE_ENGINE, &st, &err), 0);
    ck_assert_str_eq(err.reason, "store.moving");
    stop_at = 0;
    OK(move(from, to));
    conf = place(from);
    ck_assert_int_ne(kinds[from]->open(&conf, STORE_ENGINE, &st, &err), 0);
    ck_assert_str_eq(err.reason, "store.moved");
    conf = place(to);
    OK(kinds[to]->open(&conf, STORE_ENGINE, &st, &err));
    expect_same(&before, id);
    close_store();
    /* one that holds a store is no target */
    ck_assert_int_eq(move(from, to), -1);
}
END_TEST

static void add_tests(TCase *t)
{
    if (KINDS == KINDS_MAX)
        tcase_add_loop_test(t, a_store_is_moved_there_and_back, 0, 2);
}

int main(void)
{
    return run_suite("store: move", add_tests);
}
