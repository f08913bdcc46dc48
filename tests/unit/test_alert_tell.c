/* SPDX-License-Identifier: MIT
 * core/alert/alert_tell.c, alert_outbox.c, alert_send.c: messages are queued once, kept until they
 * are taken, and given up after a day. */
#include "unit.h"

#include "store_fixture.h"

#include "alert/alert_book_json.h"
#include "alert/alert_outbox.h"
#include "alert/alert_send.h"
#include "alert/alert_tell.h"
#include "http/http.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static struct conf_alert conf;
static struct conf_alert_channel channels[2];
static struct alert_findings found;
static struct alert_tell_result told;
static int64_t now;
static char kinds_seen[40][16], channels_seen[40][16];
static int messages;

static void begin_book(void)
{
    setup();
    OK(http_start(&err));
    struct store_conf where = {.path = path, .key = key};
    OK(kinds[0]->open(&where, STORE_ENGINE, &st, &err));
    channels[0] = (struct conf_alert_channel){.name = "night", .type = CONF_ALERT_NTFY,
                                              .url = "http://127.0.0.1:1", .topic = "t",
                                              .quiet = {true, 22 * 60, 7 * 60, 0x7f, "UTC", false}};
    channels[1] = (struct conf_alert_channel){.name = "office", .type = CONF_ALERT_NTFY,
                                              .url = "http://127.0.0.1:1", .topic = "t"};
    conf = (struct conf_alert){.name = "shop", .language = "en", .url = "", .zone = "UTC",
                               .digest_minute = 8 * 60, .weekly_day = 1, .channels = channels,
                               .channel_count = 2};
    conf_alert_rule_defaults(conf.rules);
    OK(clock_parse("2026-07-03T23:00:00Z", &now)); /* a Friday */
}

static void end_book(void)
{
    alert_findings_done(&found);
    clock_shift_ms(-shifted);
    shifted = 0;
    http_stop();
    teardown();
}

static struct alert_finding *find(enum conf_alert_name rule, const char *subject)
{
    return alert_findings_add(&found, rule, subject, "", NULL);
}

static void turn(int64_t after)
{
    now += after;
    OK(alert_tell_turn(st, &conf, &found, 3, now, &told, &err));
    alert_findings_done(&found);
}

static int see(void *arg, const char *name, int64_t of, const json_t *m)
{
    (void)arg;
    ck_assert_int_le(of, told.turn);
    snprintf(kinds_seen[messages], 16, "%s", json_string_value(json_object_get(m, "kind")));
    snprintf(channels_seen[messages], 16, "%s", json_string_value(json_object_get(m, "channel")));
    messages++;
    return alert_outbox_drop(st, name, &err);
}

/* The messages that are queued, "office open, night over"; they are taken away. */
static const char *queued(void)
{
    static char text[400];
    text[0] = '\0';
    messages = 0;
    OK(alert_outbox_each(st, see, NULL, &err));
    for (int i = 0; i < messages; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s %s", i ? ", " : "",
                 channels_seen[i], kinds_seen[i]);
    return text;
}

START_TEST(warnings_of_the_night_wait_for_the_digest)
{
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    ck_assert_str_eq(queued(), "office open");
    find(CONF_ALERT_PARKED, "orders");
    find(CONF_ALERT_HALTED, "stock")->critical = true;
    turn(MINUTE);
    ck_assert_str_eq(queued(), "night open, office open");
    find(CONF_ALERT_PARKED, "orders");
    turn(HOUR); /* stock goes on: that is told where it was told */
    ck_assert_str_eq(queued(), "night over, office over");
    find(CONF_ALERT_PARKED, "orders");
    turn(7 * HOUR);
    ck_assert_str_eq(queued(), ""); /* 07:01 */
    find(CONF_ALERT_PARKED, "orders");
    turn(HOUR);
    ck_assert_str_eq(queued(), "night digest, office digest");
    find(CONF_ALERT_PARKED, "orders");
    turn(23 * HOUR);
    ck_assert_str_eq(queued(), ""); /* the digest was the reminder */
    turn(MINUTE);
    ck_assert_str_eq(queued(), "night over, office over");
}
END_TEST

START_TEST(what_was_over_before_the_digest_is_told_to_nobody_who_slept)
{
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    turn(MINUTE);
    ck_assert_str_eq(queued(), "office open, office over");
    turn(10 * HOUR);
    ck_assert_str_eq(queued(), "");
}
END_TEST

START_TEST(all_well_is_told_once_a_week)
{
    turn(0);
    turn(57 * HOUR); /* Monday, eight o'clock */
    ck_assert_str_eq(queued(), "night weekly, office weekly");
    turn(MINUTE);
    turn(6 * 24 * HOUR);
    ck_assert_str_eq(queued(), "");
    find(CONF_ALERT_DOWN, "books");
    turn(24 * HOUR); /* not all is */
    ck_assert_str_eq(queued(), "night open, office open, night digest, office digest");
    conf.weekly_day = CONF_ALERT_NO_DAY;
    turn(HOUR);
    (void)queued();
    turn(8 * 24 * HOUR);
    ck_assert_str_eq(queued(), "");
}
END_TEST

START_TEST(a_rule_tells_whom_it_is_set_to)
{
    const char *own[] = {"office"};
    conf.rules[CONF_ALERT_PARKED].channels = own;
    conf.rules[CONF_ALERT_PARKED].channel_count = 1;
    now += 12 * HOUR;
    find(CONF_ALERT_PARKED, "orders");
    find(CONF_ALERT_BACKLOG, "orders");
    find(CONF_ALERT_CHANNEL, "office"); /* is told by the others */
    turn(0);
    ck_assert_str_eq(queued(), "night open, office open, night open");
}
END_TEST

/* ---- crashes, and others that come in between ---- */

START_TEST(a_kill_between_queueing_and_keeping_tells_once)
{
    struct alert_book book = {0};
    int64_t rev = 0;
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    /* what the next turn had queued when the program was killed */
    struct alert_outbox_place place = {told.turn + 1, 0, "office"};
    OK(alert_outbox_put(st, &place, json_pack("{s:s,s:s}", "kind", "open", "channel", "office"),
                        &err));
    OK(alert_book_json_load(&book, st, &rev, &err));
    OK(alert_outbox_drop_after(st, book.turn, &err));
    alert_book_done(&book);
    ck_assert_str_eq(queued(), "office open");
}
END_TEST

static struct store_ops ops;
static int others;

/* A person acknowledges while the turn is made, so often. */
static int put(struct store *s, const char *name, const char *value, size_t bytes, int64_t rev,
               int *lost, struct koppel_error *e)
{
    if (others > 0 && strcmp(name, "alert/book") == 0) {
        others--;
        if (kinds[0]->sealed_put(s, name, "{\"serial\":7}", 12, -1, NULL, e) != 0)
            return -1;
    }
    return kinds[0]->sealed_put(s, name, value, bytes, rev, lost, e);
}

START_TEST(a_turn_that_an_order_came_in_between_is_made_again)
{
    ops = *st->ops;
    ops.sealed_put = put;
    st->ops = &ops;
    others = 2;
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    ck_assert_int_eq(others, 0);
    ck_assert_str_eq(queued(), "office open");
    others = 100;
    find(CONF_ALERT_HALTED, "stock");
    now += MINUTE;
    ck_assert_int_eq(alert_tell_turn(st, &conf, &found, 3, now, &told, &err), -1);
    ck_assert_str_eq(queued(), ""); /* nothing of it may go */
    st->ops = kinds[0];
}
END_TEST

START_TEST(nothing_is_written_where_nothing_changes)
{
    struct alert_book book = {0};
    int64_t before = 0, after = 0;
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    OK(alert_book_json_load(&book, st, &before, &err));
    alert_book_done(&book);
    for (int i = 0; i < 5; i++) {
        find(CONF_ALERT_PARKED, "orders");
        turn(15000);
        ck_assert(!told.queued && !told.changed);
    }
    OK(alert_book_json_load(&book, st, &after, &err));
    alert_book_done(&book);
    ck_assert_int_eq(before, after);
}
END_TEST

START_TEST(a_service_that_is_gone_leaves_the_others_open)
{
    struct alert_book book = {0};
    int64_t rev = 0;
    find(CONF_ALERT_PARKED, "orders");
    find(CONF_ALERT_DOWN, "books")->after_ms = HOUR;
    turn(0);
    (void)queued();
    OK(alert_tell_stopped(st, &conf, "koppel.service", "exit-code 2", now + MINUTE, &told, &err));
    ck_assert_str_eq(queued(), "night open, office open");
    OK(alert_book_json_load(&book, st, &rev, &err));
    ck_assert_int_eq(book.count, 3);
    for (int i = 0; i < book.count; i++)
        ck_assert_int_ne(book.alerts[i]->state, ALERT_RESOLVED);
    alert_book_done(&book);
    find(CONF_ALERT_PARKED, "orders");
    turn(10 * MINUTE); /* the engine is back */
    ck_assert_str_eq(queued(), "night over, office over");
}
END_TEST

/* ---- sending ---- */

static int count_one(void *arg, const char *name, int64_t of, const json_t *m)
{
    (void)name;
    (void)of;
    (void)m;
    ++*(int *)arg;
    return 0;
}

START_TEST(a_message_is_tried_for_a_day)
{
    struct alert_outbox_state state;
    int sent = 0;
    now = clock_now_ms();
    channels[0].quiet.set = false;
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    OK(alert_send_once(st, &conf, told.turn - 1, &sent, &err));
    OK(alert_outbox_state_get(st, "office", &state, &err));
    ck_assert(sent == 0 && state.failures == 0); /* of a turn that is not kept yet */
    for (int i = 1; i <= 4; i++) {
        OK(alert_send_once(st, &conf, told.turn, &sent, &err));
        OK(alert_outbox_state_get(st, "office", &state, &err));
        ck_assert_int_eq(state.failures, i);
        int64_t wait = state.next_ms - clock_now_ms();
        ck_assert(wait > 0 && wait <= 30000 << (i - 1));
        OK(alert_send_once(st, &conf, told.turn, &sent, &err)); /* it rests */
        OK(alert_outbox_state_get(st, "office", &state, &err));
        ck_assert_int_eq(state.failures, i);
        shift(wait);
    }
    ck_assert_ptr_nonnull(strstr(state.text, "127.0.0.1:1"));
    shift(24 * HOUR);
    OK(alert_send_once(st, &conf, told.turn, &sent, &err));
    ck_assert_str_eq(queued(), "");
}
END_TEST

/* No host may have its secret: what nobody sends is kept as long as what nobody takes. */
START_TEST(a_channel_that_lacks_its_secret_is_waited_for_a_day)
{
    int sent = 0;
    now = clock_now_ms();
    channels[0].quiet.set = false;
    channels[0].lacks = channels[1].lacks = "channel office lacks a secret here: file:x";
    find(CONF_ALERT_PARKED, "orders");
    turn(0);
    shift(23 * HOUR);
    OK(alert_send_once(st, &conf, told.turn, &sent, &err));
    ck_assert_int_eq(sent, 0);
    int kept = 0;
    OK(alert_outbox_each(st, count_one, &kept, &err));
    ck_assert_int_eq(kept, 2);
    shift(2 * HOUR);
    OK(alert_send_once(st, &conf, told.turn, &sent, &err));
    ck_assert_str_eq(queued(), "");
}
END_TEST

START_TEST(the_newest_messages_have_room)
{
    for (int i = 0; i < ALERT_OUTBOX_MAX + 3; i++) {
        struct alert_outbox_place place = {i, 0, "office"};
        OK(alert_outbox_put(st, &place, json_pack("{s:s}", "kind", "open"), &err));
    }
    told.turn = 2;
    OK(alert_outbox_drop_after(st, 2, &err));
    ck_assert_str_eq(queued(), ""); /* the three oldest had made room */
}
END_TEST

UNIT_MAIN("alert_tell")
{
    tcase_add_checked_fixture(t, begin_book, end_book);
    tcase_add_test(t, warnings_of_the_night_wait_for_the_digest);
    tcase_add_test(t, what_was_over_before_the_digest_is_told_to_nobody_who_slept);
    tcase_add_test(t, all_well_is_told_once_a_week);
    tcase_add_test(t, a_rule_tells_whom_it_is_set_to);
    tcase_add_test(t, a_kill_between_queueing_and_keeping_tells_once);
    tcase_add_test(t, a_turn_that_an_order_came_in_between_is_made_again);
    tcase_add_test(t, nothing_is_written_where_nothing_changes);
    tcase_add_test(t, a_service_that_is_gone_leaves_the_others_open);
    tcase_add_test(t, a_message_is_tried_for_a_day);
    tcase_add_test(t, a_channel_that_lacks_its_secret_is_waited_for_a_day);
    tcase_add_test(t, the_newest_messages_have_room);
}
