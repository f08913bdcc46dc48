/* SPDX-License-Identifier: MIT
 * core/alert/alert_look*.c: what is found, and what is not, as time goes by. */
#include "inside.h"
#include "unit.h"

#include "alert/alert_look.h"
#include "alert/alert_outbox.h"
#include "config/conf_dashboard.h"
#include "connection/breaker.h"
#include "engine/pause.h"
#include "engine/runs.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct engine engine;
static struct conf_flow flows[1];
static struct conf_alert alert;
static struct conf whole;
static struct generation generation;
static struct connection *connections[1];
static struct store_ops ops;
static struct alert_look *looks;
static struct alert_findings found;
static int64_t shifted;
static atomic_bool damaged;

static int check(const struct store_conf *where, int *exists, struct koppel_error *e)
{
    (void)where;
    *exists = 1;
    return atomic_load(&damaged) ? err_reason(e, KOPPEL_E_CONFIG, "store.damaged", "page 7") : 0;
}

static void begin_look(void)
{
    setup();
    start();
    flows[0] = (struct conf_flow){.name = "things", .enabled = true, .from = &conf, .to = &conf,
                                  .model = "record", .every_ms = 5 * MINUTE, .version = "1"};
    alert = (struct conf_alert){.name = "", .language = "en", .url = "", .zone = "UTC"};
    conf_alert_rule_defaults(alert.rules);
    whole = (struct conf){.dir = "/etc/koppel", .whole = true, .alert = &alert,
                          .store_path = "/tmp", .connections = &conf, .connection_count = 1,
                          .flows = flows, .flow_count = 1, .keep = {.free_bytes = 0}};
    alert.rules[CONF_ALERT_DISK].on = false; /* the machine's own is not ours to say */
    ops = *store->ops;
    ops.check = check;
    store->ops = &ops;
    atomic_store(&damaged, false);
    connections[0] = connection;
    generation = (struct generation){.refs = 1, .conf = &whole, .connections = connections};
    engine = (struct engine){.store = store, .wake_fd = -1, .now = &generation,
                             .all = &generation};
    pthread_mutex_init(&engine.lock, NULL);
    ck_assert_int_eq(store->ops->flow_declare(store, "things", 1, &err), 0);
    looks = alert_look_new(&engine, clock_now_ms());
}

static void end_look(void)
{
    alert_findings_done(&found);
    alert_look_free(looks);
    json_decref(engine.mistakes);
    pthread_mutex_destroy(&engine.lock);
    clock_shift_ms(-shifted);
    shifted = 0;
    store->ops = &store_memory;
    teardown();
}

static void later(int64_t ms)
{
    clock_shift_ms(ms);
    shifted += ms;
}

/* How many findings of the rule there are now. */
static int look(enum conf_alert_name rule)
{
    int n = 0;
    memset(&err, 0, sizeof err);
    alert_findings_done(&found);
    ck_assert_msg(alert_look_now(looks, &generation, clock_now_ms(), &found, &err) == 0, "%s",
                  err.text);
    for (int i = 0; i < found.count; i++)
        n += found.list[i].rule == rule;
    return n;
}

static const struct alert_finding *find(enum conf_alert_name rule)
{
    int n = look(rule), i = 0;
    ck_assert_int_eq(n, 1);
    while (found.list[i].rule != rule)
        i++;
    return &found.list[i];
}

static const char *fact(const struct alert_finding *f, const char *name)
{
    return json_string_value(json_object_get(f->facts, name));
}

/* A run that ended so. kind 0: a good one. */
static void run(int kind, const char *reason, const char *text)
{
    struct flow f = {.conf = &flows[0], .store = store};
    struct koppel_error why = {.kind = kind};
    snprintf(why.reason, sizeof why.reason, "%s", reason);
    snprintf(why.text, sizeof why.text, "%s", text);
    outcomes_init(&f.outcomes);
    ck_assert_int_eq(runs_begin(&f, RUNS_SCHEDULE, NULL, &err), 0);
    ck_assert_int_eq(runs_end(&f, kind == 0, &why, NULL, &err), 0);
    outcomes_done(&f.outcomes);
}

/* ---- flows ---- */

START_TEST(x7_a_flow_without_a_good_run_is_silent)
{
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0); /* it has just begun */
    later(10 * MINUTE - 1000);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    later(1000);
    ck_assert(find(CONF_ALERT_SILENT)->critical);
    run(0, "", "");
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    int64_t good = clock_now_ms();
    later(5 * MINUTE);
    run(KOPPEL_E_RETRY, "http.500", "no");
    later(5 * MINUTE);
    const struct alert_finding *f = find(CONF_ALERT_SILENT);
    ck_assert_int_lt(llabs(f->since_ms - good), 1000);
    ck_assert_str_eq(fact(f, "because"), "no");
    ck_assert_str_eq(f->from, "shop");
}
END_TEST

START_TEST(x7_a_daily_flow_has_two_hours)
{
    flows[0].every_ms = DAY;
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    run(0, "", "");
    later(DAY + 2 * HOUR - MINUTE);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    later(2 * MINUTE);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 1);
    alert.rules[CONF_ALERT_SILENT].threshold = 3 * DAY;
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    alert.rules[CONF_ALERT_SILENT].threshold = HOUR;
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 1);
    alert.rules[CONF_ALERT_SILENT].on = false;
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
}
END_TEST

static void append(int count)
{
    struct store_reader reader = {0};
    int none = 0, lost = 0;
    ck_assert_int_eq(store->ops->read_begin(store, "things", &reader, &none, &err), 0);
    for (int i = 0; i < count; i++) {
        char key[32];
        snprintf(key, sizeof key, "%lld-%d", (long long)clock_now_ms(), i);
        struct store_record one = {.key = key, .version = 1, .payload = "{}", .payload_bytes = 2};
        ck_assert_int_eq(store->ops->append(store, &reader, &one, 1, "1", NULL, &lost, &err), 0);
    }
    store->ops->read_end(store, &reader, true);
}

START_TEST(x7_a_run_that_moves_is_alive_and_a_pause_is_no_silence)
{
    for (int i = 0; i < 5; i++) {
        append(1); /* a first reading may take hours */
        later(9 * MINUTE);
        ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    }
    ck_assert_int_eq(pause_flow(store, "things", "by hand", &err), 0);
    later(3 * DAY);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    later(9 * MINUTE);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
    later(2 * MINUTE);
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 1);
    flows[0].enabled = false;
    ck_assert_int_eq(look(CONF_ALERT_SILENT), 0);
}
END_TEST

START_TEST(a_flow_fails_after_three_runs_in_a_row)
{
    for (int i = 0; i < 2; i++) {
        run(KOPPEL_E_RETRY, "http.500", "it broke");
        later(MINUTE);
        ck_assert_int_eq(look(CONF_ALERT_FAILING), 0);
    }
    run(0, "", "");
    later(MINUTE);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(look(CONF_ALERT_FAILING), 0);
        run(KOPPEL_E_RETRY, "http.500", "it broke");
        later(MINUTE);
    }
    const struct alert_finding *f = find(CONF_ALERT_FAILING);
    ck_assert_int_eq(f->count, 3);
    ck_assert_str_eq(fact(f, "reason"), "http.500");
    run(0, "", ""); /* a good run that did nothing is no entry, and counts all the same */
    ck_assert_int_eq(look(CONF_ALERT_FAILING), 0);
}
END_TEST

START_TEST(a_pause_by_the_engine_is_a_halt_and_one_by_hand_is_none)
{
    run(KOPPEL_E_CONFIG, "settings.value", "no such branch");
    ck_assert_int_eq(look(CONF_ALERT_HALTED), 0);
    ck_assert_int_eq(pause_flow(store, "things", "no such branch", &err), 0);
    const struct alert_finding *f = find(CONF_ALERT_HALTED);
    ck_assert(f->paused && !f->by_hand && f->critical);
    ck_assert_str_eq(fact(f, "because"), "no such branch");
    ck_assert_int_eq(pause_flow(store, "things", "stocktaking", &err), 0);
    ck_assert_int_eq(look(CONF_ALERT_HALTED), 0);
    later(2 * HOUR);
    append(1);
    later(2 * HOUR);
    ck_assert(find(CONF_ALERT_BACKLOG)->by_hand);
}
END_TEST

START_TEST(what_waits_too_long_is_a_backlog)
{
    append(3);
    later(59 * MINUTE);
    ck_assert_int_eq(look(CONF_ALERT_BACKLOG), 0);
    later(MINUTE);
    ck_assert_int_eq(clock_now_ms() - find(CONF_ALERT_BACKLOG)->since_ms >= HOUR, 1);
    flows[0].every_ms = HOUR;
    ck_assert_int_eq(look(CONF_ALERT_BACKLOG), 0); /* four times its interval */
}
END_TEST

/* ---- connections ---- */

START_TEST(x5_a_login_is_the_connections_and_not_the_flows)
{
    ck_assert_int_eq(pause_flow(store, "things", "login: shop: log in anew", &err), 0);
    const struct alert_finding *f = find(CONF_ALERT_LOGIN);
    ck_assert_str_eq(f->subject, "shop");
    ck_assert(f->critical && f->after_ms == 0);
    ck_assert_int_eq(look(CONF_ALERT_HALTED), 0);
    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    ck_assert_int_eq(look(CONF_ALERT_LOGIN), 0);
}
END_TEST

START_TEST(a_circuit_that_is_open_is_down_and_critical_in_the_end)
{
    struct breaker *b = connection_breaker(connection);
    struct koppel_error why = {.kind = KOPPEL_E_RETRY, .reason = "http.connect", .text = "no"};
    for (int i = 0; i < BREAKER_OPENS_AFTER; i++)
        breaker_failed(b, &why);
    const struct alert_finding *f = find(CONF_ALERT_DOWN);
    ck_assert(!f->critical && f->after_ms == 5 * MINUTE && f->since_ms > 0);
    ck_assert_str_eq(fact(f, "reason"), "http.connect");
    later(31 * MINUTE);
    ck_assert(find(CONF_ALERT_DOWN)->critical);
    ck_assert(breaker_try(b));
    breaker_worked(b);
    ck_assert_int_eq(look(CONF_ALERT_DOWN), 0);
}
END_TEST

START_TEST(a_certificate_that_ends_soon_is_told_before)
{
    char text[CLOCK_TEXT_BYTES], noted[80];
    clock_format(clock_now_ms() + 20 * DAY, text);
    snprintf(noted, sizeof noted, "%s api.example", text);
    ck_assert_int_eq(store->ops->note_put(store, "certificate/shop", noted, &err), 0);
    ck_assert_int_eq(look(CONF_ALERT_CERTIFICATE), 0);
    later(7 * DAY);
    ck_assert_str_eq(fact(find(CONF_ALERT_CERTIFICATE), "host"), "api.example");
}
END_TEST

/* Of the pages themselves: made anew by a shell, so that no date stands here. */
START_TEST(the_pages_own_certificate_that_ends_soon)
{
    char folder[] = "/tmp/koppel-cert-XXXXXX", path[64], text[256];
    struct conf_dashboard pages = {0};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/own.pem", folder);
    snprintf(text, sizeof text,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
             "/dev/null -out %s -days 20 -subj /CN=own 2>/dev/null", path);
    if (system(text) != 0) {
        printf("skipped: no openssl to make a certificate with\n");
        rmdir(folder);
        return;
    }
    whole.dashboard = &pages;
    ck_assert_int_eq(look(CONF_ALERT_CERTIFICATE), 0);
    pages.cert = path;
    ck_assert_int_eq(look(CONF_ALERT_CERTIFICATE), 0);
    later(7 * DAY);
    const struct alert_finding *f = find(CONF_ALERT_CERTIFICATE);
    ck_assert_str_eq(f->subject, "");
    ck_assert_str_eq(fact(f, "where"), path);
    ck_assert_int_eq(truncate(path, 10), 0); /* nothing that can be read says nothing */
    ck_assert_int_eq(look(CONF_ALERT_CERTIFICATE), 0);
    whole.dashboard = NULL;
    unlink(path);
    rmdir(folder);
}
END_TEST

/* ---- the whole ---- */

START_TEST(mistakes_channels_and_what_others_found)
{
    struct alert_outbox_state state = {.failures = 2, .failing_ms = clock_now_ms()};
    struct conf_alert_channel channel = {.name = "office"};
    alert.channels = &channel;
    alert.channel_count = 1;
    engine.mistakes = json_pack("[{s:s,s:i,s:s,s:b},{s:s,s:i,s:s,s:b}]", "file", "a.conf", "line",
                                1, "text", "odd", "warning", 1, "file", "b.conf", "line", 7, "text",
                                "wrong", "warning", 0);
    const struct alert_finding *f = find(CONF_ALERT_REJECTED);
    ck_assert_str_eq(fact(f, "where"), "b.conf:7");
    ck_assert(f->count == 1 && f->after_ms == 15 * MINUTE);
    json_decref(engine.mistakes);
    engine.mistakes = NULL;
    ck_assert_int_eq(look(CONF_ALERT_REJECTED), 0);

    ck_assert_int_eq(alert_outbox_state_put(store, "office", &state, &err), 0);
    ck_assert_int_eq(look(CONF_ALERT_CHANNEL), 0);
    state.failures = 3;
    ck_assert_int_eq(alert_outbox_state_put(store, "office", &state, &err), 0);
    ck_assert_str_eq(find(CONF_ALERT_CHANNEL)->subject, "office");

    ck_assert_int_eq(alert_look_told(store, CONF_ALERT_DIFFERENCE, "things", 3, &err), 0);
    ck_assert_int_eq(alert_look_told(store, CONF_ALERT_DIFFERENCE, "gone", 3, &err), 0);
    ck_assert_int_eq(alert_look_told(store, CONF_ALERT_GUESSING, "", 19, &err), 0);
    ck_assert_int_eq(find(CONF_ALERT_DIFFERENCE)->count, 3);
    ck_assert_int_eq(look(CONF_ALERT_GUESSING), 0);
    ck_assert_int_eq(alert_look_told(store, CONF_ALERT_GUESSING, "", 20, &err), 0);
    ck_assert_int_eq(alert_look_told(store, CONF_ALERT_DIFFERENCE, "things", 0, &err), 0);
    ck_assert_int_eq(look(CONF_ALERT_GUESSING), 1);
    ck_assert_int_eq(look(CONF_ALERT_DIFFERENCE), 0);
}
END_TEST

/* The check has a thread of its own. */
static void until_damaged(int count)
{
    int tries = 0;
    while (look(CONF_ALERT_DAMAGED) != count && tries++ < 5000)
        usleep(1000);
    ck_assert_int_eq(look(CONF_ALERT_DAMAGED), count);
}

START_TEST(the_store_is_looked_through_once_a_day)
{
    atomic_store(&damaged, true);
    ck_assert_int_eq(look(CONF_ALERT_DAMAGED), 0); /* the start has done so */
    later(10 * MINUTE);
    until_damaged(1);
    ck_assert_str_eq(fact(find(CONF_ALERT_DAMAGED), "because"), "page 7");
    atomic_store(&damaged, false);
    ck_assert_int_eq(look(CONF_ALERT_DAMAGED), 1);
    later(DAY);
    until_damaged(0);
}
END_TEST

START_TEST(in_safe_mode_nothing_is_said_of_flows)
{
    append(1);
    later(DAY);
    ck_assert_int_eq(look(CONF_ALERT_BACKLOG), 1);
    whole.whole = false;
    look(CONF_ALERT_BACKLOG);
    for (int i = 0; i < found.count; i++)
        ck_assert_str_ne(alert_book_kind(found.list[i].rule), "flow");
}
END_TEST

UNIT_MAIN("alert_look")
{
    tcase_add_checked_fixture(t, begin_look, end_look);
    tcase_add_test(t, x7_a_flow_without_a_good_run_is_silent);
    tcase_add_test(t, x7_a_daily_flow_has_two_hours);
    tcase_add_test(t, x7_a_run_that_moves_is_alive_and_a_pause_is_no_silence);
    tcase_add_test(t, a_flow_fails_after_three_runs_in_a_row);
    tcase_add_test(t, a_pause_by_the_engine_is_a_halt_and_one_by_hand_is_none);
    tcase_add_test(t, what_waits_too_long_is_a_backlog);
    tcase_add_test(t, x5_a_login_is_the_connections_and_not_the_flows);
    tcase_add_test(t, a_circuit_that_is_open_is_down_and_critical_in_the_end);
    tcase_add_test(t, a_certificate_that_ends_soon_is_told_before);
    tcase_add_test(t, the_pages_own_certificate_that_ends_soon);
    tcase_add_test(t, mistakes_channels_and_what_others_found);
    tcase_add_test(t, the_store_is_looked_through_once_a_day);
    tcase_add_test(t, in_safe_mode_nothing_is_said_of_flows);
}
