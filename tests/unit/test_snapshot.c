/* SPDX-License-Identifier: MIT
 * core/flow/snapshot.c and read.c: what a list shows, what is gone, and a list that cannot be
 * believed. */
#include "inside.h"
#include "unit.h"

#include "flow/read.h"
#include "store/sql.h"

static struct flow flow;
static struct conf_flow flow_conf;
static atomic_bool stop;
static int from, to; /* the records that the source has: from .. to - 1 */
static int64_t told; /* how many it says there are; -1: nothing */
static int unnamed;  /* one of them cannot be decoded, its key neither */
static int pages;    /* that show the same ones; 0: one does */
static int given;    /* with this page the source is to be given back; 0: it is not */
static atomic_int asked; /* the last page so far; several are under way at a time */

static int read_list(struct instance_state *s, const struct koppel_read_request *r,
                     struct koppel_batch *out, struct koppel_error *e)
{
    char key[16];
    int page = (int)r->page;
    for (int i = from; i < to; i++) {
        snprintf(key, sizeof key, "k%03d", i);
        if (s->host->emit(out, key, 0, json_pack("{s:s}", "id", key), e) != 0)
            return -1;
    }
    if (unnamed && s->host->emit_unreadable(out, NULL, 0, "{", 1, "it ends too early", e) != 0)
        return -1;
    if (told >= 0)
        s->host->total(out, told, e);
    if (page > atomic_load(&asked))
        atomic_store(&asked, page);
    if (page == given)
        held_give_all(&sql_of(store)->holds);
    return s->host->batch_end(out, "end", page < pages, e);
}

static void begin_list(void)
{
    setup();
    start();
    inside_body.read = read_list;
    flow_conf = (struct conf_flow){.name = "leaves",
                                   .enabled = true,
                                   .from = &conf,
                                   .to = &conf,
                                   .from_entity = "leaf",
                                   .to_entity = "thing",
                                   .model = "record",
                                   .partitions = 1,
                                   .batch = 100,
                                   .attempts = 8,
                                   .shrink_percent = 20,
                                   .shrink_records = 20,
                                   .options = json_object(),
                                   .settings = json_object(),
                                   .version = "1"};
    atomic_store(&stop, false);
    ck_assert_int_eq(flow_init(&flow, &flow_conf, connection, connection, store, &stop, &err), 0);
    ck_assert_int_eq(flow_declare(&flow, &err), 0);
    from = unnamed = pages = given = 0;
    atomic_store(&asked, 0);
    to = 100;
    told = -1;
}

static void end_list_test(void)
{
    flow_done(&flow);
    json_decref(flow_conf.options);
    json_decref(flow_conf.settings);
    teardown();
}

static int appended(void)
{
    struct store_counts c;
    ck_assert_int_eq(store->ops->counts(store, "leaves", &c, &err), 0);
    return (int)c.read;
}

static void reads(int expected)
{
    int before = appended();
    memset(&err, 0, sizeof err);
    ck_assert_msg(read_up(&flow, &err) == 0, "%s", err.text);
    ck_assert_int_eq(appended() - before, expected);
}

static void refuses(const char *says)
{
    int before = appended();
    memset(&err, 0, sizeof err);
    ck_assert_int_eq(read_up(&flow, &err), -1);
    ck_assert_str_eq(err.reason, "list.shrunk");
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(err.text, says) != NULL, "%s", err.text);
    ck_assert_int_eq(appended() - before, 0);
}

START_TEST(only_what_differs_is_appended)
{
    reads(100);
    reads(0);
    to = 103;
    reads(3);
}
END_TEST

START_TEST(what_is_not_shown_any_more_is_gone_once)
{
    reads(100);
    from = 5;
    reads(5);
    reads(0);
    from = 0; /* and back */
    reads(5);
}
END_TEST

/* What is not read to its end must not pass for it. */
START_TEST(a_source_that_is_to_be_given_back_is_read_no_further)
{
    pages = 40;
    given = 2;
    ck_assert_int_eq(read_up(&flow, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_msg(strstr(err.text, "given back") != NULL, "%s", err.text);
    ck_assert_int_lt(atomic_load(&asked), pages);
    ck_assert_int_eq(appended(), 100);
    given = pages = 1; /* it has no more */
    reads(0);
}
END_TEST

START_TEST(f8_an_empty_list_takes_nothing_away)
{
    to = 3; /* fewer than the limit of records */
    reads(3);
    to = 0;
    refuses("it is empty");
}
END_TEST

START_TEST(f8_a_shrunken_list_takes_nothing_away)
{
    reads(100);
    from = 20; /* 20 of 100: neither more than 20 nor more than 20 % */
    reads(20);
    from = 0;
    reads(20);
    from = 21;
    refuses("21 of 100");
    from = 0;
    reads(0); /* and nothing had been called gone */
}
END_TEST

START_TEST(f8_many_are_few_of_very_many)
{
    to = 400;
    reads(400);
    from = 60; /* 15 % */
    reads(60);
}
END_TEST

START_TEST(f8_a_list_that_tells_of_more_than_came)
{
    reads(100);
    to = 99;
    told = 100;
    refuses("not whole");
    told = 99;
    reads(1);
}
END_TEST

START_TEST(f8_a_person_accepts_once)
{
    char *text;
    reads(100);
    from = 50;
    refuses("50 of 100");
    ck_assert_int_eq(store->ops->note_get(store, SNAPSHOT_SHRUNK "leaves", &text, &err), 0);
    ck_assert_str_eq(text, "50");
    free(text);
    ck_assert_int_eq(store->ops->note_put(store, SNAPSHOT_ACCEPTED "leaves", "49", &err), 0);
    refuses("50 of 100"); /* more than what was accepted */
    ck_assert_int_eq(store->ops->note_put(store, SNAPSHOT_ACCEPTED "leaves", "50", &err), 0);
    reads(50);
    from = 99;
    refuses("49 of 50"); /* once is not for ever */
}
END_TEST

START_TEST(a_record_without_a_key_may_be_any)
{
    reads(100);
    unnamed = 1;
    from = 1;
    reads(1); /* itself; nothing is called gone */
    unnamed = 0;
    reads(2); /* the one that is missing, and the one that had no key */
}
END_TEST

START_TEST(keys_are_told_apart)
{
    struct snapshot s = {0};
    char key[16];
    for (int i = 0; i < 5000; i++) {
        snprintf(key, sizeof key, "%d", i / 2);
        ck_assert_int_eq(snapshot_add(&s, key), 0);
    }
    ck_assert_uint_eq(s.count, 2500);
    snapshot_done(&s);
    ck_assert_uint_eq(s.count, 0);
}
END_TEST

UNIT_MAIN("snapshot")
{
    tcase_add_checked_fixture(t, begin_list, end_list_test);
    tcase_add_test(t, only_what_differs_is_appended);
    tcase_add_test(t, a_source_that_is_to_be_given_back_is_read_no_further);
    tcase_add_test(t, what_is_not_shown_any_more_is_gone_once);
    tcase_add_test(t, f8_an_empty_list_takes_nothing_away);
    tcase_add_test(t, f8_a_shrunken_list_takes_nothing_away);
    tcase_add_test(t, f8_many_are_few_of_very_many);
    tcase_add_test(t, f8_a_list_that_tells_of_more_than_came);
    tcase_add_test(t, f8_a_person_accepts_once);
    tcase_add_test(t, a_record_without_a_key_may_be_any);
    tcase_add_test(t, keys_are_told_apart);
}
