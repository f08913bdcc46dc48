/* SPDX-License-Identifier: MIT
 * core/engine/events.c: who tells never waits, who reads misses nothing or learns that he did. */
#include "unit.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "engine/events.h"

static struct events *events;
static struct events_event event;
static bool missed;

static void begin(void)
{
    events = events_new();
    ck_assert_ptr_nonnull(events);
}

static void end(void)
{
    events_free(events);
}

static void tell(enum events_kind kind, const char *subject)
{
    events_tell(events, kind, subject, NULL);
}

static bool next(struct events_reader *r)
{
    free(event.body);
    event.body = NULL;
    return events_next(r, &event, &missed);
}

static bool readable(const struct events_reader *r)
{
    struct pollfd fd = {.fd = events_fd(r), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

START_TEST(a_reader_is_told_what_comes_after_it)
{
    tell(EVENTS_BEGUN, "a");
    struct events_reader *r = events_open(events, -1);
    ck_assert(!readable(r) && !next(r));
    events_tell(events, EVENTS_PAUSED, "b", json_pack("{s:s}", "why", "by hand"));
    tell(EVENTS_UP, NULL);
    ck_assert(readable(r) && next(r));
    ck_assert_int_eq(event.kind, EVENTS_PAUSED);
    ck_assert_str_eq(event.subject, "b");
    ck_assert_str_eq(event.body, "{\"why\":\"by hand\"}");
    ck_assert(readable(r) && next(r));
    ck_assert_ptr_null(event.body);
    ck_assert(!readable(r) && !next(r) && !missed);
    events_close(r);

    r = events_open(events, 1); /* one that was away since the first */
    ck_assert(readable(r) && next(r));
    ck_assert_int_eq(event.id, 2);
    events_close(r);
    r = events_open(events, 77); /* of another process's life */
    ck_assert(!next(r));
    events_close(r);
}
END_TEST

START_TEST(who_is_too_slow_learns_that_he_missed_some)
{
    struct events_reader *r = events_open(events, -1);
    for (int i = 0; i < EVENTS_KEPT + 5; i++)
        tell(EVENTS_BEGUN, "a");
    ck_assert(next(r) && missed);
    ck_assert_int_eq(event.id, 6);
    for (int i = 1; i < EVENTS_KEPT; i++)
        ck_assert(next(r) && !missed);
    ck_assert(!next(r));
    events_close(r);
}
END_TEST

START_TEST(a_movement_is_told_once_until_somebody_has_read_it)
{
    struct events_reader *quick = events_open(events, -1), *slow = events_open(events, -1);
    for (int i = 0; i < 5000; i++)
        tell(EVENTS_FLOW, i % 2 ? "a" : "b");
    ck_assert(next(quick) && next(quick) && !next(quick));
    tell(EVENTS_FLOW, "a");
    ck_assert(next(quick));
    ck_assert_str_eq(event.subject, "a");
    /* what the quick one read comes to the slow one once, where it was told last */
    ck_assert(next(slow) && !missed);
    ck_assert_str_eq(event.subject, "b");
    ck_assert(next(slow));
    ck_assert_str_eq(event.subject, "a");
    ck_assert(!next(slow));
    events_close(quick);
    events_close(slow);
    for (int i = 0; i < EVENTS_KEPT + 1; i++)
        tell(EVENTS_BEGUN, "c");
    struct events_reader *late = events_open(events, -1);
    tell(EVENTS_FLOW, "a"); /* what was told is not kept any more */
    ck_assert(next(late));
    ck_assert_int_eq(event.kind, EVENTS_FLOW);
    events_close(late);
}
END_TEST

static atomic_bool over;

static void *teller(void *arg)
{
    while (!atomic_load(&over))
        tell(EVENTS_FLOW, arg);
    return NULL;
}

START_TEST(many_tell_and_read_at_once)
{
    pthread_t threads[4];
    static char names[4][2] = {"a", "b", "c", "d"};
    int counts[4] = {0}, left = 400, heard = 0;
    struct events_reader *r = events_open(events, -1);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, teller, names[i]), 0);
    while (left > 0 || heard < 4) { /* a thread may be given its turn late */
        struct pollfd fd = {.fd = events_fd(r), .events = POLLIN};
        ck_assert_int_eq(poll(&fd, 1, 5000), 1);
        while (next(r)) {
            heard += counts[event.subject[0] - 'a']++ == 0;
            left--;
        }
    }
    atomic_store(&over, true);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    events_close(r);
}
END_TEST

UNIT_MAIN("events")
{
    tcase_set_timeout(t, 30);
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, a_reader_is_told_what_comes_after_it);
    tcase_add_test(t, who_is_too_slow_learns_that_he_missed_some);
    tcase_add_test(t, a_movement_is_told_once_until_somebody_has_read_it);
    tcase_add_test(t, many_tell_and_read_at_once);
}
