/* SPDX-License-Identifier: MIT
 * core/store: the time of a shared store is its server's, however this host's clock goes. */
#include "store_fixture.h"

#include "store/postgres.h"
#include "store/postgres_session.h"

#define WAITS 50
#define WAIT_US 100000

static int64_t off_ms(int64_t there_ms)
{
    int64_t off = st->ops->now_ms(st) - there_ms;
    return off < 0 ? -off : off;
}

/* This host's clock has gone a minute wrong since the connections were opened. */
START_TEST(a_clock_that_goes_wrong_is_set_right)
{
    if (kind_count <= POSTGRES)
        return;
    st = open_store(POSTGRES, false);
    struct conn_postgres_place *place = &postgres_of(st)->place;
    ck_assert_int_lt(off_ms(clock_now_ms()), 5000); /* the server is on this machine */
    atomic_fetch_add(&place->ahead_ms, 60000);
    int waits = 0;
    while (off_ms(clock_now_ms()) > 5000) {
        ck_assert_int_lt(waits++, WAITS);
        usleep(WAIT_US);
    }
}
END_TEST

/* An answer that was long under way does not tell when it was given. */
START_TEST(a_late_answer_is_passed_over)
{
    struct conn_postgres_place place = {0};
    int64_t now = clock_monotonic_ms();
    postgres_session_saw(&place, now, now + 1000);
    int64_t ahead = atomic_load(&place.ahead_ms);
    ck_assert_int_ge(ahead, 900);
    ck_assert_int_le(ahead, 1000);
    postgres_session_saw(&place, clock_monotonic_ms() - 5000, now + 9000);
    ck_assert_int_eq(atomic_load(&place.ahead_ms), ahead);
    postgres_session_saw(&place, clock_monotonic_ms() + 5000, now + 9000);
    ck_assert_int_eq(atomic_load(&place.ahead_ms), ahead);
    postgres_session_saw(&place, clock_monotonic_ms(), clock_monotonic_ms() + 3000);
    ck_assert_int_gt(atomic_load(&place.ahead_ms), 2000);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_test(t, a_clock_that_goes_wrong_is_set_right);
    tcase_add_test(t, a_late_answer_is_passed_over);
}

int main(void)
{
    return run_suite("store: clock", add_tests);
}
