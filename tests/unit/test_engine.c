/* SPDX-License-Identifier: MIT
 * core/engine: when a flow runs, what pauses it, and what lets it go on. */
#include "inside.h"
#include "unit.h"

#include "engine/pause.h"
#include "engine/flow_state.h"
#include "engine/run.h"
#include "engine/run_now.h"
#include "engine/schedule.h"
#include "flow/snapshot.h"

#define SOON_MS 5000 /* for what another thread does at once */

static struct engine engine;
static struct conf_flow flows[1];
static struct conf whole;
static struct generation generation;
static struct connection *connections[1];
static atomic_int reads;
static struct koppel_error fails; /* what the source says; kind 0: an empty page */
static int fails_times;

static int read_nothing(struct instance_state *s, const struct koppel_read_request *r,
                        struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    atomic_fetch_add(&reads, 1);
    if (fails.kind && fails_times-- > 0) {
        *e = fails;
        return -1;
    }
    return s->host->batch_end(out, "1", 0, e);
}

static void begin_engine(void)
{
    setup();
    start();
    inside_body.read = read_nothing;
    flows[0] = (struct conf_flow){.name = "things",
                                  .enabled = true,
                                  .from = &conf,
                                  .to = &conf,
                                  .from_entity = "thing",
                                  .to_entity = "thing",
                                  .model = "record",
                                  .every_ms = 3600 * 1000,
                                  .partitions = 1,
                                  .batch = 100,
                                  .attempts = 2,
                                  .options = json_object(),
                                  .settings = json_object(),
                                  .version = "1"};
    whole = (struct conf){.dir = "/etc/koppel",
                          .whole = true,
                          .workers = 2,
                          .connections = &conf,
                          .connection_count = 1,
                          .flows = flows,
                          .flow_count = 1};
    connections[0] = connection;
    generation = (struct generation){.refs = 1, .conf = &whole, .connections = connections};
    engine = (struct engine){.store = store, .wake_fd = -1, .now = &generation,
                             .all = &generation};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&engine.lock, NULL);
    pthread_cond_init(&engine.changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    atomic_store(&reads, 0);
    fails = (struct koppel_error){0};
    fails_times = 1000;
}

static json_t *last; /* the facts of the last run */

static void end_engine(void)
{
    json_decref(last);
    last = NULL;
    json_decref(flows[0].options);
    json_decref(flows[0].settings);
    pthread_cond_destroy(&engine.changed);
    pthread_mutex_destroy(&engine.lock);
    teardown();
}

/* The note of that name; freed with the next call. NULL: there is none. */
static const char *note(const char *name)
{
    static char *text;
    free(text);
    text = NULL;
    ck_assert_int_eq(store->ops->note_get(store, name, &text, &err), 0);
    return text;
}

static int run_once(int64_t wait_ms)
{
    struct run_order order = {.generation = &generation, .flow = &flows[0], .wait_ms = wait_ms,
                              .trigger = RUNS_HAND, .who = "anna"};
    struct run_result result;
    memset(&err, 0, sizeof err);
    int rc = run_flow(&engine, &order, &result, &err);
    json_decref(last);
    last = result.facts;
    return rc;
}

START_TEST(a_paused_flow_does_not_run)
{
    ck_assert_int_eq(pause_flow(store, "things", "somebody looks into it", &err), 0);
    ck_assert_int_eq(run_once(0), -1);
    ck_assert_str_eq(err.reason, "flow.paused");
    ck_assert_ptr_nonnull(strstr(err.text, "somebody looks into it"));
    ck_assert_int_eq(atomic_load(&reads), 0);

    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    ck_assert_int_eq(run_once(0), 0);
    ck_assert_int_eq(atomic_load(&reads), 1);
}
END_TEST

START_TEST(what_a_person_must_mend_pauses_it)
{
    fails = (struct koppel_error){.kind = KOPPEL_E_CONFIG, .text = "no such branch"};
    ck_assert_int_eq(run_once(0), -1);
    ck_assert_ptr_nonnull(strstr(note("paused/things"), "no such branch"));
    ck_assert(!pause_is_for_login(note("paused/things")));
}
END_TEST

START_TEST(a_login_ends_only_a_pause_for_want_of_one)
{
    fails = (struct koppel_error){.kind = KOPPEL_E_AUTH, .text = "log in anew"};
    ck_assert_int_eq(run_once(0), -1);
    ck_assert(pause_is_for_login(note("paused/things")));
    ck_assert(!pause_is_for_login("by hand, for want of a login: later"));
}
END_TEST

START_TEST(what_may_pass_pauses_nothing)
{
    fails = (struct koppel_error){.kind = KOPPEL_E_RETRY, .text = "try later"};
    fails_times = 1;
    ck_assert_int_eq(run_once(0), 0);
    ck_assert_int_eq(atomic_load(&reads), 2); /* the page that failed is asked for again */

    fails_times = 1000;
    ck_assert_int_eq(run_once(0), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_ptr_null(note("paused/things"));
}
END_TEST

START_TEST(who_resumes_accepts_what_was_missing_once)
{
    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    ck_assert_ptr_null(note(SNAPSHOT_ACCEPTED "things"));

    ck_assert_int_eq(store->ops->note_put(store, SNAPSHOT_SHRUNK "things", "40", &err), 0);
    ck_assert_int_eq(pause_flow(store, "things", "the list shrank", &err), 0);
    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    ck_assert_str_eq(note(SNAPSHOT_ACCEPTED "things"), "40");
    ck_assert_ptr_null(note(SNAPSHOT_SHRUNK "things"));
    ck_assert_ptr_null(note("paused/things"));
}
END_TEST

static void until_reads(int count)
{
    for (int i = 0; i < SOON_MS && atomic_load(&reads) < count; i++)
        usleep(1000);
    ck_assert_int_ge(atomic_load(&reads), count);
}

/* An order came: what the watcher does. */
static void tell(void)
{
    pthread_mutex_lock(&engine.lock);
    engine.orders++;
    pthread_cond_broadcast(&engine.changed);
    pthread_mutex_unlock(&engine.lock);
}

static void serve(void)
{
    ck_assert_int_eq(schedule_open(&engine, true, &err), 0);
}

START_TEST(it_runs_at_its_interval_and_no_other_time)
{
    serve();
    until_reads(1);
    usleep(200 * 1000);
    tell(); /* somebody ordered something else */
    usleep(100 * 1000);
    ck_assert_int_eq(atomic_load(&reads), 1);
    schedule_close(&engine);
}
END_TEST

START_TEST(it_runs_again_when_it_is_due)
{
    flows[0].every_ms = 20;
    serve();
    until_reads(4);
    ck_assert_int_eq(pause_flow(store, "things", "by hand", &err), 0);
    tell();
    int64_t next;
    for (int i = 0; i < SOON_MS && flow_state(&engine, "things", &next) != FLOW_STATE_PAUSED; i++)
        usleep(1000);
    ck_assert_int_eq(flow_state(&engine, "things", &next), FLOW_STATE_PAUSED);
    int paused_at = atomic_load(&reads);
    usleep(200 * 1000);
    ck_assert_int_eq(atomic_load(&reads), paused_at);
    ck_assert_int_eq(pause_resume(store, "things", &err), 0);
    tell();
    until_reads(paused_at + 2);
    schedule_close(&engine);
}
END_TEST

START_TEST(it_serves_with_nothing_to_run)
{
    int64_t next;
    flows[0].enabled = false;
    serve();
    usleep(50 * 1000);
    ck_assert_int_eq(atomic_load(&reads), 0);
    ck_assert_int_eq(flow_state(&engine, "things", &next), FLOW_STATE_OFF);
    schedule_close(&engine);
}
END_TEST

/* ---- orders ---- */

static int run_by_order(int64_t wait_ms, const atomic_bool *gone)
{
    struct run_now_order order = {.flow = "things", .wait_ms = wait_ms, .who = "anna",
                                  .gone = gone};
    struct run_result result;
    memset(&err, 0, sizeof err);
    int rc = run_now(&engine, &order, &result, &err);
    json_decref(last);
    last = result.facts;
    return rc;
}

START_TEST(an_order_runs_what_is_off_and_says_how_it_went)
{
    flows[0].enabled = false;
    ck_assert_int_eq(schedule_open(&engine, false, &err), 0);
    ck_assert_int_eq(run_by_order(0, NULL), 0);
    ck_assert_int_eq(atomic_load(&reads), 1);
    ck_assert_str_eq(json_string_value(json_object_get(last, "trigger")), "hand");
    ck_assert_str_eq(json_string_value(json_object_get(last, "who")), "anna");
    ck_assert_int_eq(json_integer_value(json_object_get(last, "run")), 1);
    ck_assert(json_is_true(json_object_get(last, "complete")));
    fails = (struct koppel_error){.kind = KOPPEL_E_BUG, .text = "it broke"};
    ck_assert_int_eq(run_by_order(0, NULL), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "it broke"));
    ck_assert_int_eq(json_integer_value(json_object_get(last, "run")), 2);
    ck_assert_ptr_nonnull(json_object_get(json_object_get(last, "last_error"), "at"));
    ck_assert(json_is_string(json_object_get(last, "last_good")));
    schedule_close(&engine);
    ck_assert_int_eq(run_by_order(0, NULL), -1);
}
END_TEST

static atomic_bool held; /* the source does not answer */

static int read_slowly(struct instance_state *s, const struct koppel_read_request *r,
                       struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    atomic_fetch_add(&reads, 1);
    while (atomic_load(&held))
        usleep(1000);
    return s->host->batch_end(out, "1", 0, e);
}

static void *order_thread(void *arg)
{
    ck_assert_int_eq(run_by_order(SOON_MS, arg), 0);
    return NULL;
}

START_TEST(an_order_is_met_by_the_run_that_begins_after_it)
{
    pthread_t thread;
    inside_body.read = read_slowly;
    atomic_store(&held, true);
    serve();
    until_reads(1);
    ck_assert_int_eq(pthread_create(&thread, NULL, order_thread, NULL), 0);
    usleep(100 * 1000);
    ck_assert_int_eq(atomic_load(&reads), 1); /* never twice at once */
    atomic_store(&held, false);
    pthread_join(thread, NULL);
    ck_assert_int_eq(atomic_load(&reads), 2);
    schedule_close(&engine);
}
END_TEST

START_TEST(an_order_waits_no_longer_than_it_says)
{
    inside_body.read = read_slowly;
    atomic_store(&held, true);
    serve();
    until_reads(1);
    ck_assert_int_eq(run_by_order(50, NULL), -1);
    ck_assert_str_eq(err.reason, "flow.busy");
    atomic_bool gone = true;
    ck_assert_int_eq(run_by_order(SOON_MS, &gone), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    atomic_store(&held, false);
    schedule_close(&engine);
    ck_assert_int_eq(atomic_load(&reads), 1); /* neither order is left */
}
END_TEST

START_TEST(a_stop_reaches_who_enters_late)
{
    struct flow late = {.stop = &(atomic_bool){false}};
    struct engine_flow entry = {.flow = &late};
    pthread_mutex_init(&late.lock, NULL);
    pthread_cond_init(&late.changed, NULL);
    late.to = late.from = connection;
    engine_stop(&engine);
    engine_enter(&engine, &entry);
    ck_assert(flow_stopping(&late));
    engine_leave(&engine, &entry);
    ck_assert_ptr_null(engine.flows);
}
END_TEST

UNIT_MAIN("engine")
{
    tcase_set_timeout(t, 30);
    tcase_add_checked_fixture(t, begin_engine, end_engine);
    tcase_add_test(t, a_paused_flow_does_not_run);
    tcase_add_test(t, what_a_person_must_mend_pauses_it);
    tcase_add_test(t, a_login_ends_only_a_pause_for_want_of_one);
    tcase_add_test(t, what_may_pass_pauses_nothing);
    tcase_add_test(t, who_resumes_accepts_what_was_missing_once);
    tcase_add_test(t, it_runs_at_its_interval_and_no_other_time);
    tcase_add_test(t, it_runs_again_when_it_is_due);
    tcase_add_test(t, it_serves_with_nothing_to_run);
    tcase_add_test(t, an_order_runs_what_is_off_and_says_how_it_went);
    tcase_add_test(t, an_order_is_met_by_the_run_that_begins_after_it);
    tcase_add_test(t, an_order_waits_no_longer_than_it_says);
    tcase_add_test(t, a_stop_reaches_who_enters_late);
}
