/* SPDX-License-Identifier: MIT
 * Exact decimals: text, arithmetic, rounding, overflow, allotting. */
#include "base/decimal.h"
#include "unit.h"

#include <stdlib.h>

static struct decimal dec(const char *text)
{
    struct decimal d = DECIMAL_ZERO;

    ck_assert_msg(decimal_parse(text, &d) == 0, "no decimal: %s", text);
    return d;
}

static const char *show(struct decimal d)
{
    static char text[DECIMAL_TEXT_BYTES];

    decimal_format(d, text);
    return text;
}

START_TEST(parses_and_formats)
{
    static const char *const cases[][2] = {
        {"0", "0"}, {"-0", "0"}, {"+5", "5"}, {" 19.95\n", "19.95"}, {"-0.50", "-0.50"},
        {"007.10", "7.10"}, {"0.000000000000000001", "0.000000000000000001"},
        {"170141183460469231731687303715884105727", "170141183460469231731687303715884105727"},
        {"-1.70141183460469231731687303715884105", "-"},
        {"-170141183460469231731.687303715884105727", "-170141183460469231731.687303715884105727"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal d;

        if (cases[i][1][0] == '-' && !cases[i][1][1])
            ck_assert_int_eq(decimal_parse(cases[i][0], &d), -1);
        else
            ck_assert_str_eq(show(dec(cases[i][0])), cases[i][1]);
    }
}
END_TEST

START_TEST(refuses_what_is_no_decimal)
{
    static const char *const bad[] = {
        "", " ", "-", ".", ".5", "5.", "1e3", "1,5", "1.2.3", "1 2", "--1", "0x10", "NaN", "1.5a",
        "0.0000000000000000001", "170141183460469231731687303715884105728",
        "99999999999999999999999999999999999999999999",
    };
    struct decimal d = {42, 1};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(decimal_parse(bad[i], &d) == -1, "taken: %s", bad[i]);
    ck_assert_int_eq(decimal_parse(NULL, &d), -1);
    ck_assert_int_eq((int)d.units, 42);
}
END_TEST

START_TEST(o37_prices_become_cents_without_float_artefacts)
{
    static const struct {
        const char *price;
        int64_t cents;
    } cases[] = {{"19.99", 1999}, {"0.29", 29}, {"1.005", 101}, {"1.0049", 100}, {"-1.005", -101},
                 {"4.35", 435}, {"2.675", 268}, {"1234567.894999", 123456789}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal d;
        int64_t cents;

        ck_assert_int_eq(decimal_round(dec(cases[i].price), 2, ROUND_HALF_UP, &d), 0);
        ck_assert_int_eq(decimal_to_int(d, 2, &cents), 0);
        ck_assert_int_eq(cents, cases[i].cents);
    }
}
END_TEST

START_TEST(rounds_both_ways)
{
    static const struct {
        const char *value;
        int places;
        const char *up, *even;
    } c[] = {{"0.5", 0, "1", "0"},          {"1.5", 0, "2", "2"},
             {"2.5", 0, "3", "2"},          {"-2.5", 0, "-3", "-2"},
             {"0.125", 2, "0.13", "0.12"},  {"0.1251", 2, "0.13", "0.13"},
             {"7", 2, "7.00", "7.00"},      {"-0.4", 0, "0", "0"}};

    for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
        struct decimal d;

        ck_assert_int_eq(decimal_round(dec(c[i].value), c[i].places, ROUND_HALF_UP, &d), 0);
        ck_assert_str_eq(show(d), c[i].up);
        ck_assert_int_eq(decimal_round(dec(c[i].value), c[i].places, ROUND_HALF_EVEN, &d), 0);
        ck_assert_str_eq(show(d), c[i].even);
    }
}
END_TEST

START_TEST(calculates)
{
    struct decimal d;

    ck_assert_int_eq(decimal_add(dec("0.1"), dec("0.25"), &d), 0);
    ck_assert_str_eq(show(d), "0.35");
    ck_assert_int_eq(decimal_sub(dec("1"), dec("1.01"), &d), 0);
    ck_assert_str_eq(show(d), "-0.01");
    ck_assert_int_eq(decimal_mul(dec("0.530"), dec("-2.50"), &d), 0);
    ck_assert_str_eq(show(d), "-1.32500");
    ck_assert_int_eq(decimal_div(dec("1"), dec("3"), 4, ROUND_HALF_UP, &d), 0);
    ck_assert_str_eq(show(d), "0.3333");
    ck_assert_int_eq(decimal_div(dec("39.90"), dec("1.21"), 2, ROUND_HALF_UP, &d), 0);
    ck_assert_str_eq(show(d), "32.98");
    ck_assert_str_eq(show(decimal_trim(dec("1.5000"), 2)), "1.50");
    ck_assert_str_eq(show(decimal_trim(dec("100"), 0)), "100");
    ck_assert_str_eq(show(decimal_abs(dec("-3.2"))), "3.2");
    ck_assert_int_eq(decimal_compare(dec("1.0"), dec("1.000")), 0);
    ck_assert_int_eq(decimal_compare(dec("-1.01"), dec("-1")), -1);
    ck_assert_int_eq(decimal_compare(dec("170141183460469231731687303715884105727"),
                                     dec("0.000000000000000001")), 1);
    ck_assert(decimal_is_zero(dec("0.00")));
}
END_TEST

START_TEST(notices_overflow_and_bad_places)
{
    struct decimal most = dec("170141183460469231731687303715884105727"), d = {7, 0};
    int64_t whole;

    ck_assert_int_eq(decimal_add(most, dec("1"), &d), -1);
    ck_assert_int_eq(decimal_add(most, dec("0.1"), &d), -1);
    ck_assert_int_eq(decimal_sub(decimal_negate(most), dec("1"), &d), -1);
    ck_assert_int_eq(decimal_mul(most, dec("2"), &d), -1);
    ck_assert_int_eq(decimal_mul(dec("0.0000000001"), dec("0.0000000001"), &d), -1);
    ck_assert_int_eq(decimal_div(most, dec("1"), 1, ROUND_HALF_UP, &d), -1);
    ck_assert_int_eq(decimal_div(most, dec("0.00"), 2, ROUND_HALF_UP, &d), -1);
    ck_assert_int_eq(decimal_round(most, 1, ROUND_HALF_UP, &d), -1);
    ck_assert_int_eq(decimal_round(most, 19, ROUND_HALF_UP, &d), -1);
    ck_assert_int_eq(decimal_from_int(1, -1, &d), -1);
    ck_assert_int_eq(decimal_to_int(dec("9223372036854775808"), 0, &whole), -1);
    ck_assert_int_eq(decimal_to_int(dec("0.005"), 2, &whole), -1);
    ck_assert_int_eq((int)d.units, 7);
    ck_assert_int_eq(decimal_to_int(dec("-9223372036854775808.0"), 0, &whole), 0);
    ck_assert(whole == INT64_MIN);
}
END_TEST

START_TEST(takes_integers_with_companion_places)
{
    struct decimal d;

    ck_assert_int_eq(decimal_from_int(530, 3, &d), 0);
    ck_assert_str_eq(show(d), "0.530");
    ck_assert_int_eq(decimal_from_int(-1, 2, &d), 0);
    ck_assert_str_eq(show(d), "-0.01");
}
END_TEST

static void check_allot(const char *total, const char *const *weights, int n,
                        const char *const *parts)
{
    struct decimal w[8], out[8];

    for (int i = 0; i < n; i++)
        w[i] = dec(weights[i]);
    ck_assert_int_eq(decimal_allot(dec(total), w, n, out), 0);
    for (int i = 0; i < n; i++)
        ck_assert_str_eq(show(out[i]), parts[i]);
}

START_TEST(allots_exactly)
{
    check_allot("1.00", (const char *[]){"1", "1", "1"}, 3,
                (const char *[]){"0.34", "0.33", "0.33"});
    check_allot("-1.00", (const char *[]){"1", "1", "1"}, 3,
                (const char *[]){"-0.34", "-0.33", "-0.33"});
    check_allot("10.00", (const char *[]){"0.5", "2", "0"}, 3,
                (const char *[]){"2.00", "8.00", "0.00"});
    check_allot("5.00", (const char *[]){"0", "0"}, 2, (const char *[]){"5.00", "0.00"});
    check_allot("0.05", (const char *[]){"1", "2", "3"}, 3,
                (const char *[]){"0.01", "0.02", "0.02"});
    check_allot("1.00", (const char *[]){"3", "-1"}, 2, (const char *[]){"1.50", "-0.50"});
    check_allot("1.00", (const char *[]){"-3", "-3", "-3"}, 3,
                (const char *[]){"0.34", "0.33", "0.33"});
}
END_TEST

START_TEST(allots_what_adds_up)
{
    unsigned seed = 1;

    for (int round = 0; round < 2000; round++) {
        struct decimal w[8], out[8], sum = DECIMAL_ZERO;
        struct decimal total = {(int)(rand_r(&seed) % 200000) - 100000, 2};

        for (int i = 0; i < 8; i++)
            w[i] = (struct decimal){(int)(rand_r(&seed) % 10000) - 2000, (int)(rand_r(&seed) % 4)};
        ck_assert_int_eq(decimal_allot(total, w, 8, out), 0);
        for (int i = 0; i < 8; i++)
            ck_assert_int_eq(decimal_add(sum, out[i], &sum), 0);
        ck_assert_int_eq(decimal_compare(sum, total), 0);
    }
}
END_TEST

START_TEST(allot_refuses_nothing_and_overflow)
{
    struct decimal out[1], w[1] = {{1000, 0}};
    struct decimal most = dec("170141183460469231731687303715884105727");

    ck_assert_int_eq(decimal_allot(dec("1"), w, 0, out), -1);
    ck_assert_int_eq(decimal_allot(most, w, 1, out), -1);
}
END_TEST

UNIT_MAIN("decimal")
{
    tcase_add_test(t, parses_and_formats);
    tcase_add_test(t, refuses_what_is_no_decimal);
    tcase_add_test(t, o37_prices_become_cents_without_float_artefacts);
    tcase_add_test(t, rounds_both_ways);
    tcase_add_test(t, calculates);
    tcase_add_test(t, notices_overflow_and_bad_places);
    tcase_add_test(t, takes_integers_with_companion_places);
    tcase_add_test(t, allots_exactly);
    tcase_add_test(t, allots_what_adds_up);
    tcase_add_test(t, allot_refuses_nothing_and_overflow);
}
