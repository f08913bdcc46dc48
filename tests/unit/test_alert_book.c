/* SPDX-License-Identifier: MIT
 * core/alert/alert_book.c: who is told when, and who is not told twice. */
#include "unit.h"

#include <string.h>

#include "alert/alert_book_json.h"

#define MINUTE 60000
#define HOUR (60 * MINUTE)
#define BEGIN INT64_C(1700000000000)

static struct alert_book book;
static struct alert_notice *notices;
static int count;
static int64_t now;
static struct alert_finding findings[ALERT_BOOK_MAX + 10];
static int found;

static void begin(void)
{
    now = BEGIN;
    found = 0;
}

static void end(void)
{
    alert_book_notices_done(notices, count);
    notices = NULL;
    count = 0;
    alert_book_done(&book);
}

static struct alert_finding *find(enum conf_alert_name rule, const char *subject, const char *cause)
{
    findings[found] = (struct alert_finding){.rule = rule, .subject = subject, .cause = cause,
                                             .count = 1};
    return &findings[found++];
}

/* A look at what was found since the last one, so much later. Between two looks the book is
 * written down and read again, as a restart does. */
static int look(int64_t later)
{
    struct koppel_error err = {0};
    struct alert_book again = {0};
    alert_book_notices_done(notices, count);
    json_t *json = alert_book_json(&book);
    ck_assert_int_eq(alert_book_json_read(&again, json, &err), 0);
    json_decref(json);
    alert_book_done(&book);
    book = again;
    now += later;
    ck_assert_int_eq(alert_book_look(&book, findings, found, now, &notices, &count, &err), 0);
    found = 0;
    return count;
}

static const struct alert *only(void)
{
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(notices[0].count, 1);
    return notices[0].alerts[0];
}

static void parked(const char *flow, const char *cause)
{
    find(CONF_ALERT_PARKED, flow, cause);
}

START_TEST(x6_the_first_is_told_at_once_and_its_end_too)
{
    parked("orders", "a");
    ck_assert_int_eq(look(0), 1);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OPEN);
    ck_assert_str_eq(only()->subject, "orders");
    for (int i = 0; i < 20; i++) {
        parked("orders", "a");
        ck_assert_int_eq(look(15000), 0);
    }
    ck_assert_int_eq(look(15000), 1);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OVER);
    ck_assert_int_eq(only()->gone_ms - only()->opened_ms, 21 * 15000);
    ck_assert_int_eq(look(15000), 0);
    look(ALERT_BOOK_FLAP_MS + 1);
    ck_assert_int_eq(book.count, 0);
    ck_assert_int_eq(book.group_count, 0);
}
END_TEST

START_TEST(x6_others_of_the_flow_join_within_a_minute_then_every_five)
{
    parked("orders", "a");
    ck_assert_int_eq(look(0), 1);
    parked("orders", "a");
    parked("orders", "b");
    parked("stock", "a"); /* another flow does not wait */
    ck_assert_int_eq(look(15000), 1);
    ck_assert_str_eq(only()->subject, "stock");
    for (int i = 0; i < 2; i++) {
        parked("orders", "a");
        parked("orders", "b");
        parked("orders", "c");
        parked("stock", "a");
        ck_assert_int_eq(look(15000), 0);
    }
    parked("orders", "a");
    parked("orders", "b");
    parked("orders", "c");
    parked("stock", "a");
    ck_assert_int_eq(look(15000), 1);
    ck_assert_int_eq(notices[0].count, 2);
    for (int i = 0; i < 19; i++) {
        for (const char *cause = "abcd"; *cause; cause++)
            parked("orders", (const char *[]){"a", "b", "c", "d"}[*cause - 'a']);
        parked("stock", "a");
        ck_assert_int_eq(look(15000), 0);
    }
    for (int i = 0; i < 4; i++)
        parked("orders", (const char *[]){"a", "b", "c", "d"}[i]);
    parked("stock", "a");
    ck_assert_int_eq(look(15000), 1);
    ck_assert_str_eq(only()->cause, "d");
}
END_TEST

static json_t *reasons[2];

static void parked_for(const char *cause, int reason)
{
    find(CONF_ALERT_PARKED, "orders", cause)->facts = reasons[reason];
}

START_TEST(x6_the_first_of_a_kind_is_told_within_a_minute)
{
    reasons[0] = json_pack("{s:s}", "reason", "map.unmapped");
    reasons[1] = json_pack("{s:s}", "reason", "customer.missing");
    parked_for("a", 0);
    ck_assert_int_eq(look(0), 1);
    parked_for("a", 0);
    parked_for("b", 0);
    ck_assert_int_eq(look(MINUTE), 1);
    for (int i = 0; i < 4; i++) {
        parked_for("a", 0);
        parked_for("b", 0);
        parked_for("c", 0);
        ck_assert_int_eq(look(14000), 0); /* it is like these */
    }
    for (const char *cause = "abc"; *cause; cause++)
        parked_for((const char *[]){"a", "b", "c"}[*cause - 'a'], 0);
    parked_for("d", 1);
    ck_assert_int_eq(look(14000), 1);
    ck_assert_int_eq(notices[0].count, 2); /* c goes along */
    json_decref(reasons[0]);
    json_decref(reasons[1]);
}
END_TEST

START_TEST(what_is_critical_does_not_wait_for_warnings)
{
    parked("orders", "a");
    look(0);
    parked("orders", "a");
    find(CONF_ALERT_HALTED, "orders", "")->critical = true;
    ck_assert_int_eq(look(15000), 1);
    ck_assert_int_eq(only()->rule, CONF_ALERT_HALTED);
    ck_assert(notices[0].critical);
}
END_TEST

START_TEST(it_is_pending_until_it_has_lasted)
{
    for (int i = 0; i < 20; i++) {
        struct alert_finding *f = find(CONF_ALERT_DOWN, "books", "");
        f->since_ms = BEGIN;
        f->after_ms = 5 * MINUTE;
        ck_assert_int_eq(look(i ? 15000 : 0), 0);
        ck_assert_int_eq(book.alerts[0]->state, ALERT_PENDING);
    }
    struct alert_finding *f = find(CONF_ALERT_DOWN, "books", "");
    f->after_ms = 5 * MINUTE;
    ck_assert_int_eq(look(15000), 1);
    f = find(CONF_ALERT_DOWN, "books", "");
    f->critical = true; /* for half an hour */
    ck_assert_int_eq(look(25 * MINUTE), 1);
    ck_assert(notices[0].critical && notices[0].kind == ALERT_NOTICE_OPEN);
    look(MINUTE);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OVER);
    end();
    find(CONF_ALERT_DOWN, "books", "")->after_ms = 5 * MINUTE;
    look(0);
    ck_assert_int_eq(look(MINUTE), 0); /* it never was */
    ck_assert_int_eq(book.count, 0);
}
END_TEST

START_TEST(what_stays_open_is_told_again_after_a_day)
{
    parked("orders", "a");
    look(0);
    parked("orders", "a");
    ck_assert_int_eq(look(24 * HOUR - 1), 0);
    parked("orders", "a");
    ck_assert_int_eq(look(1), 1);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_REMINDER);
    parked("orders", "a");
    ck_assert_int_eq(look(HOUR), 0);
}
END_TEST

START_TEST(what_flaps_is_told_once_unless_it_stays)
{
    parked("orders", "a");
    look(0);
    int64_t number = book.alerts[0]->number;
    ck_assert_int_eq(look(MINUTE), 1);
    for (int i = 1; i <= 3; i++) {
        parked("orders", "a");
        ck_assert_int_eq(look(MINUTE), 0);
        ck_assert_int_eq(book.alerts[0]->flaps, i);
        ck_assert_int_eq(book.alerts[0]->number, number);
        ck_assert_int_eq(look(MINUTE), 0);
    }
    parked("orders", "a");
    ck_assert_int_eq(look(MINUTE), 0);
    parked("orders", "a");
    ck_assert_int_eq(look(ALERT_BOOK_FLAP_MS), 1);
    ck_assert_int_eq(only()->flaps, 4);
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OVER);
    parked("orders", "a");
    ck_assert_int_eq(look(ALERT_BOOK_FLAP_MS + 1), 1); /* that is another one */
    ck_assert_int_ne(only()->number, number);
}
END_TEST

static struct alert_finding *of_flow(enum conf_alert_name rule)
{
    struct alert_finding *f = find(rule, "orders", "");
    f->from = "till";
    f->to = "books";
    f->critical = true;
    return f;
}

static const enum conf_alert_name silenced_rules[] = {CONF_ALERT_HALTED, CONF_ALERT_FAILING,
                                                      CONF_ALERT_SILENT, CONF_ALERT_BACKLOG};

START_TEST(x5_what_follows_from_a_connection_is_not_told)
{
    enum conf_alert_name rule = silenced_rules[_i];
    of_flow(rule);
    find(CONF_ALERT_LOGIN, "books", "")->critical = true;
    find(CONF_ALERT_EXPIRING, "books", "");
    ck_assert_int_eq(look(0), 1);
    ck_assert_int_eq(only()->rule, CONF_ALERT_LOGIN);
    ck_assert_str_eq(book.alerts[0]->silenced, "connection books");
    of_flow(rule);
    ck_assert_int_eq(look(MINUTE), 1); /* the login is there again */
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OVER);
    of_flow(rule);
    ck_assert_int_eq(look(5 * MINUTE), 0); /* the flow has not run yet */
    of_flow(rule);
    ck_assert_int_eq(look(5 * MINUTE), 1);
    ck_assert_int_eq(only()->rule, rule);
}
END_TEST

START_TEST(x5_a_connection_that_is_about_to_be_told_silences_too)
{
    of_flow(CONF_ALERT_FAILING);
    find(CONF_ALERT_DOWN, "till", "")->after_ms = 5 * MINUTE;
    ck_assert_int_eq(look(0), 0);
    parked("orders", "a"); /* these are told all the same */
    of_flow(CONF_ALERT_FAILING);
    find(CONF_ALERT_DOWN, "till", "")->after_ms = 5 * MINUTE;
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(only()->rule, CONF_ALERT_PARKED);
    ck_assert_int_eq(look(MINUTE), 1); /* of what was never told no end is */
    ck_assert_int_eq(only()->rule, CONF_ALERT_PARKED);
}
END_TEST

START_TEST(a_pause_by_hand_silences_all_of_the_flow)
{
    static const enum conf_alert_name all[] = {CONF_ALERT_HALTED,  CONF_ALERT_FAILING,
                                               CONF_ALERT_SILENT,  CONF_ALERT_PARKED,
                                               CONF_ALERT_BACKLOG, CONF_ALERT_DIFFERENCE};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct alert_finding *f = find(all[i], "orders", "");
        f->paused = f->by_hand = true;
    }
    ck_assert_int_eq(look(0), 0);
    for (int i = 0; i < book.count; i++)
        ck_assert_str_eq(book.alerts[i]->silenced, "pause");
    look(ALERT_BOOK_FLAP_MS * 2);
    /* one that the engine made silences only what it explains */
    find(CONF_ALERT_SILENT, "orders", "")->paused = true;
    find(CONF_ALERT_HALTED, "orders", "")->paused = true;
    ck_assert_int_eq(look(ALERT_BOOK_FLAP_MS * 2), 1);
    ck_assert_int_eq(only()->rule, CONF_ALERT_HALTED);
}
END_TEST

START_TEST(an_engine_that_is_gone_silences_connections)
{
    find(CONF_ALERT_STOPPED, "koppel.service", "")->critical = true;
    find(CONF_ALERT_DOWN, "books", "");
    find(CONF_ALERT_LOGIN, "till", "");
    ck_assert_int_eq(look(0), 1);
    ck_assert_int_eq(only()->rule, CONF_ALERT_STOPPED);
}
END_TEST

START_TEST(who_knows_of_it_is_left_alone_until_it_grows)
{
    struct koppel_error err = {0};
    find(CONF_ALERT_PARKED, "orders", "a")->count = 3;
    look(0);
    int64_t number = only()->number;
    ck_assert_int_eq(alert_book_acknowledge(&book, number, "anna", 0, &err), 0);
    find(CONF_ALERT_PARKED, "orders", "a")->count = 3;
    ck_assert_int_eq(look(30 * HOUR), 0);
    ck_assert_str_eq(book.alerts[0]->who, "anna");
    find(CONF_ALERT_PARKED, "orders", "a")->count = 4;
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(only()->state, ALERT_OPEN);

    int64_t until = now + HOUR;
    ck_assert_int_eq(alert_book_acknowledge(&book, number, "anna", until, &err), 0);
    find(CONF_ALERT_PARKED, "orders", "a")->count = 9;
    ck_assert_int_eq(look(59 * MINUTE), 0);
    find(CONF_ALERT_PARKED, "orders", "a")->count = 9;
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(alert_book_acknowledge(&book, number, "anna", 0, &err), 0);
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(notices[0].kind, ALERT_NOTICE_OVER);
    ck_assert_int_eq(alert_book_acknowledge(&book, number, "anna", 0, &err), -1);
    ck_assert_int_eq(alert_book_acknowledge(&book, 77, "anna", 0, &err), -1);
}
END_TEST

START_TEST(there_are_never_more_than_fit)
{
    char causes[ALERT_BOOK_MAX + 10][8];
    for (int i = 0; i < ALERT_BOOK_MAX + 10; i++) {
        snprintf(causes[i], sizeof causes[i], "%d", i);
        parked("orders", causes[i]);
    }
    ck_assert_int_eq(look(0), 1);
    ck_assert_int_eq(notices[0].count, ALERT_BOOK_MAX);
    ck_assert_int_eq(look(MINUTE), 1);
    ck_assert_int_eq(notices[0].count, ALERT_BOOK_MAX);
}
END_TEST

UNIT_MAIN("alert_book")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, x6_the_first_is_told_at_once_and_its_end_too);
    tcase_add_test(t, x6_others_of_the_flow_join_within_a_minute_then_every_five);
    tcase_add_test(t, x6_the_first_of_a_kind_is_told_within_a_minute);
    tcase_add_test(t, what_is_critical_does_not_wait_for_warnings);
    tcase_add_test(t, it_is_pending_until_it_has_lasted);
    tcase_add_test(t, what_stays_open_is_told_again_after_a_day);
    tcase_add_test(t, what_flaps_is_told_once_unless_it_stays);
    LOOP(x5_what_follows_from_a_connection_is_not_told, silenced_rules);
    tcase_add_test(t, x5_a_connection_that_is_about_to_be_told_silences_too);
    tcase_add_test(t, a_pause_by_hand_silences_all_of_the_flow);
    tcase_add_test(t, an_engine_that_is_gone_silences_connections);
    tcase_add_test(t, who_knows_of_it_is_left_alone_until_it_grows);
    tcase_add_test(t, there_are_never_more_than_fit);
}
