/* SPDX-License-Identifier: MIT
 * core/connection/breaker.c: the circuit of a connection. */
#include "connection/breaker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "unit.h"

static struct breaker *b;

static void setup(void)
{
    b = breaker_new("shop");
    ck_assert_ptr_nonnull(b);
}

static void teardown(void)
{
    breaker_free(b);
    breaker_free(NULL);
}

static struct koppel_error down(const char *reason, int64_t retry_after_ms)
{
    struct koppel_error err = {0};
    err_reason(&err, KOPPEL_E_RETRY, reason, "shop: nobody there");
    err.retry_after_ms = retry_after_ms;
    return err;
}

static void fail_times(int times, const char *reason)
{
    struct koppel_error err = down(reason, 0);
    for (int i = 0; i < times; i++)
        breaker_failed(b, &err);
}

static enum breaker_phase phase(void)
{
    struct breaker_state state;
    breaker_look(b, &state);
    return state.phase;
}

static const struct {
    int kind;
    const char *reason;
    bool down;
} kinds[] = {
    {KOPPEL_E_RETRY, "http.connect", true},   {KOPPEL_E_UNSURE, "http.timeout", true},
    {KOPPEL_E_UNSURE, "http.502", true},      {KOPPEL_E_RETRY, "http.503", true},
    {KOPPEL_E_RETRY, KOPPEL_REASON_DOWN, true}, {KOPPEL_E_RETRY, "", false},
    {KOPPEL_E_RETRY, "http.500", false},      {KOPPEL_E_REJECTED, "http.connect", false},
    {KOPPEL_E_BUG, KOPPEL_REASON_DOWN, false}, {KOPPEL_E_CONFIG, "tls.certificate", false},
    {KOPPEL_E_CANCELLED, "http.lost", false}, {KOPPEL_E_RETRY, "circuit.open", false},
};

START_TEST(f11_what_speaks_of_the_peer_as_a_whole)
{
    struct koppel_error err = {0};
    err_reason(&err, kinds[_i].kind, kinds[_i].reason, "x");
    ck_assert_int_eq(breaker_is_down(&err), kinds[_i].down);
    for (int i = 0; i < BREAKER_OPENS_AFTER; i++)
        breaker_failed(b, &err);
    ck_assert_int_eq(phase(), kinds[_i].down ? BREAKER_OPEN : BREAKER_CLOSED);
}
END_TEST

START_TEST(f11_opens_after_failures_in_a_row)
{
    struct breaker_state state;
    fail_times(BREAKER_OPENS_AFTER - 1, "http.connect");
    breaker_worked(b);
    fail_times(BREAKER_OPENS_AFTER - 1, "http.connect");
    ck_assert(breaker_try(b));
    ck_assert_int_eq(breaker_wait_ms(b), 0);
    fail_times(1, "http.connect");
    ck_assert(!breaker_try(b));
    breaker_look(b, &state);
    ck_assert_int_eq(state.phase, BREAKER_OPEN);
    ck_assert_int_gt(state.since_ms, 0);
    ck_assert_int_gt(state.retry_in_ms, 0);
    ck_assert_int_le(state.retry_in_ms, BREAKER_REST_FIRST_MS);
    ck_assert_str_eq(state.why.text, "shop: nobody there");
    /* what began before it opened is no news: the rest does not grow */
    fail_times(20, "http.connect");
    ck_assert_int_le(breaker_wait_ms(b), BREAKER_REST_FIRST_MS);
    breaker_worked(b); /* but a success is */
    ck_assert(breaker_try(b));
    breaker_look(b, &state);
    ck_assert_int_eq(state.since_ms, 0);
    ck_assert_int_eq(state.why.kind, 0);
}
END_TEST

static bool never(void *arg)
{
    (void)arg;
    return false;
}

START_TEST(f11_one_call_is_tried_and_decides)
{
    struct breaker_state before, after;
    fail_times(BREAKER_OPENS_AFTER, "http.connect");
    breaker_look(b, &before);
    ck_assert(breaker_wait(b, never, NULL));
    ck_assert(breaker_try(b)); /* half-open: this one */
    ck_assert(!breaker_try(b)); /* and nobody else */
    ck_assert_int_gt(breaker_wait_ms(b), 0);
    breaker_untried(b); /* it had nothing to ask after all */
    ck_assert(breaker_try(b));
    fail_times(1, "http.timeout");
    ck_assert_int_eq(phase(), BREAKER_OPEN);
    breaker_look(b, &after);
    ck_assert_int_gt(after.retry_in_ms, BREAKER_REST_FIRST_MS / 4); /* doubled, half is chance */
    ck_assert_int_eq(after.since_ms, before.since_ms);
    ck_assert(breaker_wait(b, never, NULL));
    ck_assert(breaker_try(b));
    breaker_worked(b);
    ck_assert_int_eq(phase(), BREAKER_CLOSED);
    ck_assert(breaker_try(b));
    ck_assert(breaker_try(b));
}
END_TEST

START_TEST(x1_retry_after_is_obeyed)
{
    struct koppel_error err = down("http.429", 5 * 60 * 1000);
    breaker_failed(b, &err); /* asked once is enough */
    ck_assert_int_eq(phase(), BREAKER_OPEN);
    ck_assert_int_gt(breaker_wait_ms(b), 4 * 60 * 1000);
    err = down("http.503", INT64_C(1000) * 60 * 60 * 24);
    breaker_worked(b);
    breaker_failed(b, &err);
    ck_assert_int_le(breaker_wait_ms(b), BREAKER_ASKED_MAX_MS);
    ck_assert_int_gt(breaker_wait_ms(b), BREAKER_ASKED_MAX_MS - 60000);
}
END_TEST

START_TEST(x5_refused_alike_is_counted_by_key)
{
    struct koppel_error forbidden = {0}, other = {0};
    struct breaker_state state;
    err_reason(&forbidden, KOPPEL_E_REJECTED, "http.403", "no");
    err_set(&other, KOPPEL_E_REJECTED, "too heavy");
    ck_assert_int_eq(breaker_refused(b, "a", &forbidden), 1);
    ck_assert_int_eq(breaker_refused(b, "a", &forbidden), 1); /* the same record again */
    ck_assert_int_eq(breaker_refused(b, "b", &forbidden), 2);
    breaker_worked(b); /* a look-up that was answered says nothing of what is refused */
    ck_assert_int_eq(breaker_refused(b, "c", &forbidden), 3);
    ck_assert_int_eq(breaker_refused(b, "c", &other), 1); /* for another reason */
    ck_assert_int_eq(breaker_refused(b, "d", &other), 2);
    breaker_accepted(b);
    breaker_look(b, &state);
    ck_assert_int_eq(state.refused, 0);
    ck_assert_int_eq(breaker_refused(b, "e", &other), 1);
    for (int i = 0; i < 200; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        ck_assert_int_le(breaker_refused(b, key, &other), 64);
    }
    ck_assert_int_eq(phase(), BREAKER_CLOSED); /* a refusal is an answer */
}
END_TEST

static bool stopping(void *arg)
{
    return atomic_load((atomic_bool *)arg);
}

static void *wait_thread(void *arg)
{
    return breaker_wait(b, stopping, arg) ? arg : NULL;
}

START_TEST(f11_who_waits_is_woken_by_a_stop_and_by_an_answer)
{
    atomic_bool stop = false;
    struct koppel_error err = down("http.503", 30 * 60 * 1000);
    pthread_t threads[4];
    void *went;
    breaker_failed(b, &err);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, wait_thread, &stop);
    atomic_store(&stop, true);
    breaker_wake(b);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &went);
        ck_assert_ptr_null(went);
    }
    atomic_store(&stop, false);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, wait_thread, &stop);
    breaker_worked(b);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &went);
        ck_assert_ptr_eq(went, &stop);
    }
}
END_TEST

static atomic_int tried;

static void *try_thread(void *arg)
{
    (void)arg;
    if (breaker_wait(b, never, NULL) && breaker_try(b))
        atomic_fetch_add(&tried, 1);
    else
        return NULL;
    breaker_untried(b);
    return NULL;
}

START_TEST(f11_many_threads_one_probe)
{
    pthread_t threads[8];
    fail_times(BREAKER_OPENS_AFTER, "http.connect");
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, try_thread, NULL);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_ge(atomic_load(&tried), 1);
    ck_assert_int_eq(phase(), BREAKER_OPEN);
}
END_TEST

/* Another host was told to come back later. */
START_TEST(x1_a_rest_of_another_host)
{
    struct breaker_state state;
    struct koppel_error err = down("http.503", 20000);
    breaker_rest(b, 5000, "http.503");
    breaker_look(b, &state);
    ck_assert_int_eq(state.phase, BREAKER_OPEN);
    ck_assert_int_gt(state.retry_in_ms, 4000);
    ck_assert_str_eq(state.why.reason, "http.503");
    ck_assert(!breaker_try(b));
    breaker_rest(b, 8000, "http.503"); /* longer */
    breaker_rest(b, 1000, "http.503"); /* no shorter */
    ck_assert_int_gt(breaker_wait_ms(b), 7000);
    clock_shift_ms(8000);
    ck_assert(breaker_try(b));
    breaker_rest(b, 5000, "http.503"); /* this one is asking the peer itself */
    breaker_look(b, &state);
    ck_assert_int_eq(state.phase, BREAKER_HALF_OPEN);
    ck_assert(breaker_worked(b));
    ck_assert(!breaker_worked(b)); /* no news */
    /* one that it did not ask for is over with the first success, were it a probe's */
    struct koppel_error away = down("http.connect", 0);
    for (int i = 0; i < BREAKER_OPENS_AFTER; i++)
        (void)breaker_failed(b, &away);
    ck_assert_int_gt(breaker_wait_ms(b), 0);
    ck_assert(breaker_worked(b));
    breaker_rest(b, 5000, "http.503");
    ck_assert(!breaker_worked(b)); /* the peer, or another host, said so */
    ck_assert_int_eq(breaker_failed(b, &err), 20000);
    err.retry_after_ms = 10000; /* of a call that began before */
    ck_assert_int_eq(breaker_failed(b, &err), 0);
    clock_shift_ms(-8000);
}
END_TEST

/* Of two rests only the own guess ends with an answer to a call that began before. */
START_TEST(x1_a_rest_of_another_host_behind_an_own)
{
    struct koppel_error own = down("http.timeout", 0);
    for (int times = 0; times < 2; times++) {
        fail_times(BREAKER_OPENS_AFTER, "http.timeout");
        breaker_rest(b, times ? 200000 : 120000, "http.429");
        ck_assert_int_gt(breaker_wait_ms(b), 100000);
        ck_assert(!breaker_worked(b));
        ck_assert_int_eq(phase(), BREAKER_CLOSED);
    }
    /* one that ends before the own one is another's too */
    for (int i = 0; i < 6; i++) {
        fail_times(i ? 1 : BREAKER_OPENS_AFTER, "http.timeout");
        clock_shift_ms(BREAKER_REST_MAX_MS);
        ck_assert(breaker_try(b));
    }
    fail_times(1, "http.timeout");
    int64_t left_ms = breaker_wait_ms(b);
    ck_assert_int_gt(left_ms, 10000);
    breaker_rest(b, left_ms - 5000, "http.429");
    ck_assert_int_gt(breaker_wait_ms(b), left_ms - 2500);
    ck_assert(!breaker_worked(b));
    /* the own one, as the store gives it back */
    for (int i = 0; i < BREAKER_OPENS_AFTER; i++)
        left_ms = breaker_failed(b, &own);
    breaker_rest(b, left_ms + 40, "http.timeout");
    ck_assert(breaker_worked(b));
    clock_shift_ms(-6 * BREAKER_REST_MAX_MS);
}
END_TEST

UNIT_MAIN("breaker")
{
    tcase_add_checked_fixture(t, setup, teardown);
    LOOP(f11_what_speaks_of_the_peer_as_a_whole, kinds);
    tcase_add_test(t, f11_opens_after_failures_in_a_row);
    tcase_add_test(t, f11_one_call_is_tried_and_decides);
    tcase_add_test(t, x1_retry_after_is_obeyed);
    tcase_add_test(t, x5_refused_alike_is_counted_by_key);
    tcase_add_test(t, f11_who_waits_is_woken_by_a_stop_and_by_an_answer);
    tcase_add_test(t, f11_many_threads_one_probe);
    tcase_add_test(t, x1_a_rest_of_another_host);
    tcase_add_test(t, x1_a_rest_of_another_host_behind_an_own);
}
