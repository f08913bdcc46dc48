/* SPDX-License-Identifier: MIT
 * Time text, durations, the fixed clock, random numbers. */
#include "base/clock.h"
#include "unit.h"

#include <stdlib.h>

START_TEST(formats)
{
    char text[CLOCK_TEXT_BYTES];

    clock_format(0, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:00Z");
    ck_assert_int_eq(clock_format(1795493931123, text), 24);
    ck_assert_str_eq(text, "2026-11-24T04:18:51.123Z");
    clock_format(-1, text);
    ck_assert_str_eq(text, "1969-12-31T23:59:59.999Z");
}
END_TEST

START_TEST(parses_what_rfc_3339_allows)
{
    int64_t ms;

    ck_assert_int_eq(clock_parse("2026-11-24T04:18:51.123Z", &ms), 0);
    ck_assert_int_eq(ms, 1795493931123);
    ck_assert_int_eq(clock_parse("2026-11-24T06:18:51+02:00", &ms), 0);
    ck_assert_int_eq(ms, 1795493931000);
    ck_assert_int_eq(clock_parse("2026-11-23T23:48:51.1234567-04:30", &ms), 0);
    ck_assert_int_eq(ms, 1795493931123);
    ck_assert_int_eq(clock_parse("2024-02-29T00:00:00Z", &ms), 0);
}
END_TEST

START_TEST(refuses_other_times)
{
    static const char *const bad[] = {
        "", "2026-11-24", "2026-11-24T04:18:51", "2026-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "12026-01-01T00:00:00Z",
    };
    int64_t ms = 5;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(clock_parse(bad[i], &ms) == -1, "taken: %s", bad[i]);
    ck_assert_int_eq(clock_parse(NULL, &ms), -1);
    ck_assert_int_eq(ms, 5);
}
END_TEST

START_TEST(parses_durations)
{
    static const char *const bad[] = {"", "5", "m", "-5m", "5 m", "5M", "5mm", "1.5h",
                                      "9223372036854775808ms", "106751991168d"};
    int64_t ms;

    ck_assert_int_eq(clock_parse_duration("500ms", &ms), 0);
    ck_assert_int_eq(ms, 500);
    ck_assert_int_eq(clock_parse_duration("30s", &ms), 0);
    ck_assert_int_eq(ms, 30000);
    ck_assert_int_eq(clock_parse_duration("5m", &ms), 0);
    ck_assert_int_eq(ms, 300000);
    ck_assert_int_eq(clock_parse_duration("2h", &ms), 0);
    ck_assert_int_eq(ms, 7200000);
    ck_assert_int_eq(clock_parse_duration("1d", &ms), 0);
    ck_assert_int_eq(ms, 86400000);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(clock_parse_duration(bad[i], &ms) == -1, "taken: %s", bad[i]);
}
END_TEST

START_TEST(can_be_fixed)
{
    int64_t before = clock_monotonic_ms();

    clock_fix(1000);
    ck_assert_int_eq(clock_now_ms(), 1000);
    clock_fix(0);
    ck_assert(clock_now_ms() > INT64_C(1500000000000));
    ck_assert(clock_monotonic_ms() >= before);
}
END_TEST

START_TEST(deadlines_carry)
{
    struct timespec now, at;

    clock_deadline(0, &now);
    clock_deadline(2999, &at);
    int64_t ms = (at.tv_sec - now.tv_sec) * 1000 + (at.tv_nsec - now.tv_nsec) / 1000000;
    ck_assert_int_ge(ms, 2999);
    ck_assert_int_lt(ms, 60000);
    ck_assert_int_lt(at.tv_nsec, 1000000000);
}
END_TEST

START_TEST(both_clocks_can_be_shifted)
{
    int64_t now = clock_now_ms(), monotonic = clock_monotonic_ms();

    clock_shift_ms(3600000);
    ck_assert_int_ge(clock_now_ms(), now + 3600000);
    ck_assert_int_ge(clock_monotonic_ms(), monotonic + 3600000);
    clock_fix(1000);
    ck_assert_int_eq(clock_now_ms(), 3601000);
    clock_fix(0);
    clock_shift_ms(-3600000);
    ck_assert_int_lt(clock_now_ms(), now + 3600000);
}
END_TEST

START_TEST(random_stays_below_its_bound)
{
    int seen[3] = {0};

    for (int i = 0; i < 1000; i++)
        seen[clock_random(3)]++;
    ck_assert(seen[0] && seen[1] && seen[2]);
    ck_assert_uint_eq(clock_random(1), 0);
}
END_TEST

UNIT_MAIN("clock")
{
    tcase_add_test(t, formats);
    tcase_add_test(t, parses_what_rfc_3339_allows);
    tcase_add_test(t, refuses_other_times);
    tcase_add_test(t, parses_durations);
    tcase_add_test(t, can_be_fixed);
    tcase_add_test(t, deadlines_carry);
    tcase_add_test(t, both_clocks_can_be_shifted);
    tcase_add_test(t, random_stays_below_its_bound);
}
