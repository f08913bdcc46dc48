/* SPDX-License-Identifier: MIT
 * plugin-sdk/koppel/sdk.h: dates, decimals and what else plugins lean on. */
#include "koppel/sdk.h"
#include "unit.h"

#include <stdlib.h>

static const struct {
    const char *text, *plain; /* NULL: refused */
} numbers[] = {
    {"1.50", "1.50"},       {"0", "0"},          {"-0.5", "-0.5"},     {"007", "7"},
    {"1e3", "1000"},        {"1.5e2", "150"},    {"1.25E+1", "12.5"},  {"-5E-2", "-0.05"},
    {"12345e-5", "0.12345"}, {"1e-1", "0.1"},    {"+3.20", "3.20"},    {"0.000", "0.000"},
    {"1.", "1"},            {".5", "0.5"},
    {"1e40", "10000000000000000000000000000000000000000"},
    {"", NULL},             {"-", NULL},         {".", NULL},          {"1e", NULL},
    {"1e999999999", NULL},  {"1e99", NULL},      {"1e-60", NULL},      {"1,5", NULL},
    {"1.2.3", NULL},        {"abc", NULL},       {"0x10", NULL},       {"1 ", NULL},
    {"99999999999999999999999999999999999999999999999", NULL},         {NULL, NULL},
};

START_TEST(test_decimal_plain)
{
    char out[KOPPEL_DECIMAL_TEXT];
    int rc = koppel_decimal_plain(numbers[_i].text, out);
    ck_assert_int_eq(rc, numbers[_i].plain ? 0 : -1);
    if (numbers[_i].plain)
        ck_assert_str_eq(out, numbers[_i].plain);
}
END_TEST

START_TEST(test_json_decimal)
{
    char out[KOPPEL_DECIMAL_TEXT];
    json_t *integer = json_integer(-1250), *text = json_string("12.50"), *real = json_real(12.5);
    ck_assert_int_eq(koppel_json_decimal(integer, out), 0);
    ck_assert_str_eq(out, "-1250");
    ck_assert_int_eq(koppel_json_decimal(text, out), 0);
    ck_assert_str_eq(out, "12.50");
    ck_assert_int_eq(koppel_json_decimal(real, out), -1); /* its digits are lost already */
    ck_assert_int_eq(koppel_json_decimal(NULL, out), -1);
    json_decref(integer);
    json_decref(text);
    json_decref(real);
}
END_TEST

START_TEST(test_value_text)
{
    char word[KOPPEL_WORD_TEXT];
    json_t *least = json_integer(INT64_MIN), *text = json_string("x"), *list = json_array();
    ck_assert_str_eq(koppel_value_text(least, word), "-9223372036854775808");
    ck_assert_str_eq(koppel_value_text(json_true(), word), "true");
    ck_assert_str_eq(koppel_value_text(json_false(), word), "false");
    ck_assert_str_eq(koppel_value_text(text, word), "x");
    ck_assert_ptr_null(koppel_value_text(list, word));
    ck_assert_ptr_null(koppel_value_text(json_null(), word));
    ck_assert_ptr_null(koppel_value_text(NULL, word));
    json_decref(least);
    json_decref(text);
    json_decref(list);
}
END_TEST

static const struct {
    const char *text, *utc; /* NULL: refused */
    int zone, minutes;
} times[] = {
    {"2026-11-24", "2026-11-24T00:00:00Z", 0, 0},
    {"2026-11-24T05:18:51Z", "2026-11-24T05:18:51Z", 1, 0},
    {"2026-11-24 05:18", "2026-11-24T05:18:00Z", 0, 0},
    {"2026-11-24T00:30:00+01:00", "2026-11-23T23:30:00Z", 1, 60},
    {"2026-11-23T23:30:00-0330", "2026-11-24T03:00:00Z", 1, -210},
    {"2026-11-24T05:18:51.1239+14:00", "2026-11-23T15:18:51.123Z", 1, 840},
    {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", 1, 0},
    {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", 1, 0},
    {"0001-01-01", "0001-01-01T00:00:00Z", 0, 0},
    {"2023-02-29", NULL, 0, 0},
    {"2100-02-29", NULL, 0, 0},
    {"20261-01-01", NULL, 0, 0},
    {"2026-13-01", NULL, 0, 0},
    {"2026-11-31", NULL, 0, 0},
    {"2026-11-24T24:00:00Z", NULL, 0, 0},
    {"2026-11-24T12:60:00Z", NULL, 0, 0},
    {"2026-11-24T12:00:00X", NULL, 0, 0},
    {"2026-11-24T12:00:00Z1", NULL, 0, 0},
    {"2026-11-24T12:00:00.Z", NULL, 0, 0},
    {"2026-11-24T12:00:00+15:00", NULL, 0, 0},
    {"2026-11-24T12:00:00+1", NULL, 0, 0},
    {"2026-11-24T1", NULL, 0, 0},
    {"2026-11-24T12", NULL, 0, 0},
    {"24-11-2026", NULL, 0, 0},
    {"0000-01-01", NULL, 0, 0},
    {"", NULL, 0, 0},
    {NULL, NULL, 0, 0},
};

START_TEST(f18_times)
{
    struct koppel_time t = {0};
    char out[KOPPEL_TIME_TEXT];
    int rc = koppel_time_parse(times[_i].text, &t);
    ck_assert_int_eq(rc, times[_i].utc ? 0 : -1);
    if (!times[_i].utc)
        return;
    ck_assert_int_eq(t.has_zone, times[_i].zone);
    ck_assert_int_eq(t.offset_minutes, times[_i].minutes);
    ck_assert_int_gt(koppel_time_text(t.utc_ms, 0, out), 0);
    ck_assert_str_eq(out, times[_i].utc);
}
END_TEST

START_TEST(f18_time_in_its_zone)
{
    char out[KOPPEL_TIME_TEXT];
    struct koppel_time t;
    ck_assert_int_eq(koppel_time_parse("2026-11-24T00:30:00.5+01:00", &t), 0);
    ck_assert_int_eq(koppel_time_text(t.utc_ms, t.offset_minutes, out), 29);
    ck_assert_str_eq(out, "2026-11-24T00:30:00.500+01:00");
    koppel_time_text(t.utc_ms, -150, out);
    ck_assert_str_eq(out, "2026-11-23T21:00:00.500-02:30");
    ck_assert_int_eq(koppel_time_text(t.utc_ms, 900, out), -1);
    ck_assert_int_eq(koppel_time_text(INT64_MAX, 0, out), -1);
    ck_assert_int_eq(koppel_time_text(INT64_MIN, 0, out), -1);
    /* every day of 800 years, against itself */
    for (int64_t day = -146097; day < 146097; day++) {
        ck_assert_int_gt(koppel_time_text(day * 86400000, 0, out), 0);
        ck_assert_int_eq(koppel_time_parse(out, &t), 0);
        ck_assert_int_eq(t.utc_ms, day * 86400000);
    }
}
END_TEST

START_TEST(test_headers_and_bytes)
{
    struct {
        struct koppel_pair now;
        char later[8];
    } pairs[] = {{{sizeof pairs[0], 0, "link", "a"}, ""}, {{sizeof pairs[0], 0, "etag", "b"}, ""}};
    ck_assert_str_eq(koppel_header(&pairs[0].now, 2, "etag"), "b");
    ck_assert_ptr_null(koppel_header(&pairs[0].now, 2, "location"));
    ck_assert_ptr_null(koppel_header(NULL, 0, "etag"));
    ck_assert(koppel_same_bytes("abc", "abc", 3));
    ck_assert(!koppel_same_bytes("abc", "abd", 3));
    ck_assert(!koppel_same_bytes("\0a", "\0b", 2));
    ck_assert(koppel_same_bytes("a", "b", 0));
}
END_TEST

UNIT_MAIN("sdk")
{
    LOOP(test_decimal_plain, numbers);
    tcase_add_test(t, test_json_decimal);
    tcase_add_test(t, test_value_text);
    LOOP(f18_times, times);
    tcase_add_test(t, f18_time_in_its_zone);
    tcase_add_test(t, test_headers_and_bytes);
}
