/* SPDX-License-Identifier: MIT
 * core/alert/alert_text.c: five lines in three languages, with nothing in them that does not belong
 * there. */
#include "unit.h"

#include <string.h>

#include "alert/alert_text.h"

#define AT INT64_C(1764234720000) /* 2025-11-27T09:12:00Z */

static struct alert_book book;
static struct alert_text text;
static struct conf_alert conf;

static void begin(void)
{
    conf = (struct conf_alert){.name = "shop", .language = "en", .url = "",
                               .zone = "Europe/Amsterdam"};
}

static void end(void)
{
    alert_text_done(&text);
    alert_book_done(&book);
}

/* An alert with every fact that any text needs. */
static struct alert *add(enum conf_alert_name rule, const char *subject, const char *cause)
{
    struct alert *a = alert_book_add(&book, rule, subject, cause);
    ck_assert_ptr_nonnull(a);
    a->state = ALERT_OPEN;
    a->count = 41;
    a->since_ms = AT;
    json_object_update_new(
        a->facts,
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:i,s:i,s:s}", "reason",
                  "map.unmapped", "table", "payment_condition", "value", "GIFT", "number", "10099",
                  "command", "koppel table orders/payment_condition add GIFT VALUE", "why",
                  "Jan de Vries owes GIFT", "title", "de Vries", "host", "api.example:443", "until",
                  (json_int_t)AT, "free", "180 MiB", "percent", 4, "days", 2, "where",
                  "koppel.conf:3"));
    json_object_set_new(a->facts, "least", json_string("200 MiB"));
    return a;
}

static void tell(enum alert_notice_kind kind, struct alert **alerts, int count)
{
    struct koppel_error err = {0};
    struct alert_notice n = {kind, alerts, count, alerts[0]->critical};
    alert_text_done(&text);
    ck_assert_int_eq(alert_text_notice(&conf, &n, &text, &err), 0);
}

static int lines(const char *body)
{
    int n = 0;
    for (; *body; body++)
        n += *body == '\n';
    return n;
}

START_TEST(it_says_what_why_what_follows_and_what_to_do)
{
    struct alert *a = add(CONF_ALERT_PARKED, "orders", "0123456789ab");
    conf.url = "https://koppel.shop.nl";
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_str_eq(text.subject,
                     "[Koppel shop] orders: 41 records parked: payment_condition has no row for "
                     "GIFT");
    ck_assert_str_eq(text.body,
                     "What    The flow orders has 41 records parked, the first at 2025-11-27 "
                     "10:12 (10099).\n"
                     "Why     payment_condition has no row for GIFT\n"
                     "Effect  The others go on.\n"
                     "Do      koppel table orders/payment_condition add GIFT VALUE\n"
                     "Page    https://koppel.shop.nl/#/errors?cause=0123456789ab\n");
}
END_TEST

static const char *const languages[] = {"en", "de", "nl"};

START_TEST(every_rule_has_its_text_in_every_language)
{
    conf.language = languages[_i];
    for (int rule = 0; rule < CONF_ALERT_RULES; rule++) {
        struct alert *a = add((enum conf_alert_name)rule, "orders", "");
        tell(ALERT_NOTICE_OPEN, &a, 1);
        ck_assert_int_eq(lines(text.body), 4);
        ck_assert_msg(!strpbrk(text.body, "{}") && !strpbrk(text.subject, "{}"), "%s", text.body);
        ck_assert_ptr_null(strstr(text.body, "Vries"));
        ck_assert_int_gt(strlen(text.subject), strlen("[Koppel shop] ") + 10);
        tell(ALERT_NOTICE_REMINDER, &a, 1);
        ck_assert_int_eq(lines(text.body), 4);
        a->state = ALERT_RESOLVED;
        a->gone_ms = AT + 2 * 3600000 + 180000;
        tell(ALERT_NOTICE_OVER, &a, 1);
        ck_assert_int_eq(lines(text.body), 1);
        ck_assert_ptr_nonnull(strstr(text.body, "2 h 3 min"));
    }
}
END_TEST

START_TEST(what_one_host_lacks_is_no_mistake_on_a_disk)
{
    conf.language = languages[_i];
    struct alert *a = add(CONF_ALERT_REJECTED, "", ""), *host = add(CONF_ALERT_REJECTED, "b", "");
    json_object_set_new(host->facts, "where", json_string("till-2"));
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "koppel reload"));
    tell(ALERT_NOTICE_OPEN, &host, 1);
    ck_assert_int_eq(lines(text.body), 4);
    ck_assert_ptr_nonnull(strstr(text.body, "till-2"));
    ck_assert_msg(!strpbrk(text.body, "{}") && !strstr(text.body, "koppel reload"), "%s",
                  text.body);
}
END_TEST

START_TEST(people_are_named_only_where_that_is_wanted)
{
    struct alert *a = add(CONF_ALERT_PARKED, "orders", "");
    json_object_set_new(a->facts, "reason", json_string("something.else"));
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "the code is something.else"));
    conf.personal = true;
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "Jan de Vries owes GIFT"));
    json_object_del(a->facts, "why");
    json_object_set_new(a->facts, "reason", json_string("http.connect"));
    json_object_set_new(a->facts, "because", json_string("books: no route"));
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "no connection could be made (books: no route)"));
}
END_TEST

START_TEST(several_are_one_message_with_the_worst_in_front)
{
    struct alert *all[] = {add(CONF_ALERT_PARKED, "orders", "a"),
                           add(CONF_ALERT_HALTED, "orders", ""),
                           add(CONF_ALERT_BACKLOG, "orders", "")};
    all[1]->critical = true;
    all[1]->flaps = 3;
    tell(ALERT_NOTICE_OPEN, all, 3);
    ck_assert_str_eq(text.subject,
                     "[Koppel shop] orders has stopped (came back, 3\u00d7) (and 2 more)");
    ck_assert_int_eq(lines(text.body), 3 * 5 + 2);
    struct koppel_error err = {0};
    alert_text_done(&text);
    conf.language = "de";
    ck_assert_int_eq(alert_text_digest(&conf, all, 3, &text, &err), 0);
    ck_assert_str_eq(text.subject, "[Koppel shop] 3 offen heute früh");
    ck_assert(text.critical);
    ck_assert_int_eq(lines(text.body), 3 * 5 + 2);
}
END_TEST

START_TEST(nothing_gets_out_of_its_line)
{
    struct alert *a = add(CONF_ALERT_PARKED, "orders\r\nBcc: all@example.org", "");
    json_object_set_new(a->facts, "value", json_string("x\n.\n\xe2\x80\xae\x1b[2J"));
    conf.name = "a\rb";
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_null(strpbrk(text.subject, "\r\n\x1b"));
    ck_assert_ptr_null(strpbrk(text.body, "\r\x1b"));
    ck_assert_ptr_null(strstr(text.body, "\xe2\x80\xae"));
    ck_assert_int_eq(lines(text.body), 4);
    json_object_set_new(a->facts, "remedy", json_string("add the row"));
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "Do      add the row: koppel table orders/"));
    json_object_del(a->facts, "command");
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_ptr_nonnull(strstr(text.body, "Do      add the row\n"));
    char large[100000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    json_object_set_new(a->facts, "value", json_string(large));
    tell(ALERT_NOTICE_OPEN, &a, 1);
    ck_assert_uint_lt(strlen(text.subject), 400); /* however large a value is */
    ck_assert_uint_lt(strlen(text.body), 4000);
}
END_TEST

START_TEST(all_well_and_a_test_have_texts)
{
    struct koppel_error err = {0};
    struct alert_text_week week = {1204, 1157, 7, 0, 3};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        conf.language = languages[i];
        alert_text_done(&text);
        ck_assert_int_eq(alert_text_weekly(&conf, &week, &text, &err), 0);
        ck_assert_ptr_nonnull(strstr(text.subject, "1157"));
        ck_assert_ptr_nonnull(strstr(text.body, "1204"));
        ck_assert_int_eq(lines(text.body), 2);
        alert_text_done(&text);
        ck_assert_int_eq(alert_text_test(&conf, "office", &text, &err), 0);
        ck_assert_ptr_nonnull(strstr(text.subject, "office"));
    }
}
END_TEST

UNIT_MAIN("alert_text")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, it_says_what_why_what_follows_and_what_to_do);
    LOOP(every_rule_has_its_text_in_every_language, languages);
    LOOP(what_one_host_lacks_is_no_mistake_on_a_disk, languages);
    tcase_add_test(t, people_are_named_only_where_that_is_wanted);
    tcase_add_test(t, several_are_one_message_with_the_worst_in_front);
    tcase_add_test(t, nothing_gets_out_of_its_line);
    tcase_add_test(t, all_well_and_a_test_have_texts);
}
