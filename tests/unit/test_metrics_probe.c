/* SPDX-License-Identifier: MIT
 * The probes: what only a restart mends, what keeps the engine from its work, and nothing else. */
#include "unit.h"

#include "store_fixture.h"

#include "engine/slots.h"
#include "metrics/metrics_probe.h"

static struct engine engine;
static struct schedule schedule;
static struct conf whole;
static struct generation generation;
static struct store_ops ops;
static int64_t busy, room;
static const char *refuses; /* the reason with which the store does not write; NULL: it does */

static int64_t busy_ms(struct store *s)
{
    (void)s;
    return busy;
}

static int64_t room_left(struct store *s)
{
    (void)s;
    return room;
}

static int put(struct store *s, const char *name, const char *value, struct koppel_error *e)
{
    if (refuses)
        return err_reason(e, KOPPEL_E_RETRY, refuses, "no");
    return store_memory.note_put_soon(s, name, value, e);
}

static void begin_engine(void)
{
    setup();
    struct store_conf conf = {.key = key};
    OK(store_memory.open(&conf, STORE_ENGINE, &st, &err));
    ops = store_memory;
    ops.busy_ms = busy_ms;
    ops.room = room_left;
    ops.note_put_soon = put;
    st->ops = &ops;
    busy = 0;
    room = INT64_C(1) << 30;
    refuses = NULL;
    whole = (struct conf){.dir = "/etc/koppel", .whole = true, .keep = {.free_bytes = 200 << 20}};
    generation = (struct generation){.refs = 1, .conf = &whole};
    schedule = (struct schedule){.engine = &engine};
    engine = (struct engine){.store = st, .wake_fd = -1, .now = &generation, .all = &generation,
                             .schedule = &schedule};
    pthread_mutex_init(&engine.lock, NULL);
    pthread_cond_init(&engine.changed, NULL);
}

static void end_engine(void)
{
    st->ops = &store_memory;
    pthread_cond_destroy(&engine.changed);
    pthread_mutex_destroy(&engine.lock);
    teardown();
}

/* Is the word in front of what a probe says? */
static void expect(const char *said, const char *word)
{
    ck_assert_ptr_nonnull(said);
    ck_assert_msg(strncmp(said, word, strlen(word)) == 0 && said[strlen(word)] == ':', "%s", said);
}

START_TEST(one_that_works_is_live_and_ready)
{
    char *note = NULL;
    ck_assert_ptr_null(metrics_probe_live(&engine));
    ck_assert_ptr_null(metrics_probe_ready(&engine));
    OK(st->ops->note_get(st, "probe", &note, &err));
    ck_assert_ptr_nonnull(note); /* it was tried */
    free(note);
    busy = METRICS_PROBE_STUCK_MS; /* a long change is no fault */
    atomic_store(&schedule.awake_since_ms, clock_monotonic_ms());
    ck_assert_ptr_null(metrics_probe_live(&engine));
    ck_assert_ptr_null(metrics_probe_ready(&engine));
}
END_TEST

START_TEST(a_store_that_does_not_come_back_is_not_asked)
{
    busy = METRICS_PROBE_STUCK_MS + 1;
    refuses = "store.full"; /* what it would say */
    expect(metrics_probe_live(&engine), "store.stuck");
    expect(metrics_probe_ready(&engine), "store.stuck");
}
END_TEST

START_TEST(a_schedule_that_does_not_come_back)
{
    atomic_store(&schedule.awake_since_ms, clock_monotonic_ms());
    shift(METRICS_PROBE_STUCK_MS + 1000);
    expect(metrics_probe_live(&engine), "schedule.stuck");
    expect(metrics_probe_ready(&engine), "schedule.stuck");
    atomic_store(&schedule.awake_since_ms, 0); /* it sleeps */
    ck_assert_ptr_null(metrics_probe_live(&engine));
}
END_TEST

START_TEST(a_lock_that_is_not_given_back)
{
    pthread_mutex_lock(&engine.lock);
    expect(metrics_probe_live(&engine), "engine.stuck");
    pthread_mutex_unlock(&engine.lock);
    ck_assert_ptr_null(metrics_probe_live(&engine));
}
END_TEST

/* So much is free from now on; what was seen before is not believed any longer. */
static void leave_room(int64_t bytes)
{
    room = bytes;
    shift(1000);
}

START_TEST(what_keeps_it_from_its_work)
{
    static const struct {
        const char *reason, *word;
    } rows[] = {{"store.full", "store.full"},
                {"store.busy", "store.busy"},
                {"store.failed", "store.failed"},
                {"store.memory", "store.failed"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        refuses = rows[i].reason;
        expect(metrics_probe_ready(&engine), rows[i].word);
    }
    refuses = NULL;
    leave_room((200 << 20) - 1);
    expect(metrics_probe_ready(&engine), "disk.low");
    leave_room(201 << 20); /* it goes on with a tenth more */
    expect(metrics_probe_ready(&engine), "disk.low");
    leave_room(220 << 20);
    ck_assert_ptr_null(metrics_probe_ready(&engine));
    leave_room(201 << 20);
    ck_assert_ptr_null(metrics_probe_ready(&engine));
    leave_room(-1); /* nobody can say */
    ck_assert_ptr_null(metrics_probe_ready(&engine));
    whole.whole = false;
    expect(metrics_probe_ready(&engine), "engine.safe");
    atomic_store(&engine.stop, true);
    expect(metrics_probe_ready(&engine), "engine.stopping");
    ck_assert_ptr_null(metrics_probe_live(&engine)); /* none of it wants a restart */
}
END_TEST

UNIT_MAIN("metrics_probe")
{
    tcase_add_checked_fixture(t, begin_engine, end_engine);
    tcase_add_test(t, one_that_works_is_live_and_ready);
    tcase_add_test(t, a_store_that_does_not_come_back_is_not_asked);
    tcase_add_test(t, a_schedule_that_does_not_come_back);
    tcase_add_test(t, a_lock_that_is_not_given_back);
    tcase_add_test(t, what_keeps_it_from_its_work);
}
