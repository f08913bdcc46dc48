/* SPDX-License-Identifier: MIT
 * Dates, times and zones. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "unit.h"

static struct date parsed(const char *text)
{
    struct date d;
    char why[DATE_WHY_BYTES] = "";
    ck_assert_msg(date_parse(text, &d, why) == 0, "%s: %s", text, why);
    return d;
}

static void reads(const char *text, const char *want)
{
    char out[DATE_TEXT_BYTES];
    struct date d = parsed(text);
    date_format(&d, out);
    ck_assert_msg(strcmp(out, want) == 0, "%s became %s, not %s", text, out, want);
}

static void refuses(const char *text, const char *want)
{
    struct date d;
    char why[DATE_WHY_BYTES] = "";
    ck_assert_msg(date_parse(text, &d, why) != 0, "%s was read", text);
    ck_assert_msg(strcmp(why, want) == 0, "%s: \"%s\", not \"%s\"", text, why, want);
}

static void home_is(const char *text, const char *zone, const char *want)
{
    char out[DATE_TEXT_BYTES];
    struct date d = parsed(text);
    const struct zone *z = zone_find(zone);
    ck_assert_ptr_nonnull(z);
    ck_assert_int_eq(date_home(&d, z), 0);
    date_format(&d, out);
    ck_assert_msg(strcmp(out, want) == 0, "%s in %s is %s, not %s", text, zone, out, want);
}

START_TEST(all_forms)
{
    reads("2026-06-30", "2026-06-30");
    reads(" 2026-06-30\u00a0", "2026-06-30");
    reads("20260630", "2026-06-30");
    reads("30-6-2026", "2026-06-30");
    reads("1.6.2026", "2026-06-01");
    reads("2026-06-30T22:01:02", "2026-06-30T22:01:02");
    reads("2026-06-30 22:01", "2026-06-30T22:01:00");
    reads("2026-06-30T22:01:02.5Z", "2026-06-30T22:01:02.500Z");
    reads("2026-06-30t22:01:02.1234567+02:00", "2026-06-30T22:01:02.123+02:00");
    reads("20260630T220102-0330", "2026-06-30T22:01:02-03:30");
    reads("2026-06-30 22:01:02 +02", "2026-06-30T22:01:02+02:00");
    reads("2026-06-30T22:01:02+02:00[Europe/Amsterdam]", "2026-06-30T22:01:02+02:00");
    reads("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z");
    reads("2024-02-29", "2024-02-29");
    reads("0001-01-01T00:00:00", "0001-01-01T00:00:00");
}
END_TEST

START_TEST(f12_what_is_no_date_is_told_with_its_place)
{
    refuses("", "no date at character 1");
    refuses("soon", "no date at character 1");
    refuses("12026-06-30", "the year has not four digits at character 1");
    refuses("026-06-30", "the year has not four digits at character 1");
    refuses("2026-13-01", "month 13 at character 6");
    refuses("2026-00-01", "month 0 at character 6");
    refuses("2026-02-29", "day 29 at character 9");
    refuses("2026-02-00", "day 0 at character 9");
    refuses("2026-2-1", "month has not two digits at character 6");
    refuses("2026-06-301", "more than a day at character 11");
    refuses("2026-06", "no day at character 8");
    refuses("2026-06-30T24:00:00", "hour 24 at character 12");
    refuses("2026-06-30T23:60:00", "minute 60 at character 15");
    refuses("2026-06-30T23:00:61", "second 61 at character 18");
    refuses("2026-06-30T23:00:60", "second 60 at character 18");
    refuses("2026-06-30T23", "minute has not two digits at character 14");
    refuses("2026-06-30T", "hour has not two digits at character 12");
    refuses("2026-06-30T22:00:00+99:00", "offset 99 at character 21");
    refuses("2026-06-30T22:00:00.Z", "no digits behind the point at character 21");
    refuses("2026-06-30T22:00:00Z[Europe", "the zone's bracket is not closed at character 28");
    refuses("2026-06-30Z", "something follows that is no part of a date at character 11");
    refuses("2026-06-30T22:00:00 CET",
            "something follows that is no part of a date at character 21");
    refuses("6/12/2026", "day or month may come first with a slash at character 2");
    refuses("31-02-2026", "day 31 at character 1");
    refuses("20261301", "month 13 at character 5");
}
END_TEST

START_TEST(f18_the_day_in_the_home_zone)
{
    home_is("2026-06-30T22:00:00Z", "Europe/Amsterdam", "2026-07-01T00:00:00");
    home_is("2026-06-30T21:59:59Z", "Europe/Amsterdam", "2026-06-30T23:59:59");
    home_is("2026-07-01T00:00:00+02:00", "Europe/Amsterdam", "2026-07-01T00:00:00");
    home_is("2025-12-31T23:30:00Z", "Europe/Amsterdam", "2026-01-01T00:30:00");
    home_is("2026-06-30T22:00:00", "Europe/Amsterdam", "2026-06-30T22:00:00");
    home_is("2026-06-30", "Pacific/Kiritimati", "2026-06-30");
    home_is("2026-06-30T12:00:00Z", "Pacific/Kiritimati", "2026-07-01T02:00:00");
    home_is("2026-01-01T00:00:00Z", "America/Los_Angeles", "2025-12-31T16:00:00");
    home_is("2016-12-31T23:59:60Z", "UTC", "2016-12-31T23:59:59");
    home_is("2026-01-15T12:00:00Z", "Asia/Kolkata", "2026-01-15T17:30:00");
}
END_TEST

START_TEST(f18_the_hours_of_the_change)
{
    home_is("2026-03-29T00:59:59Z", "Europe/Amsterdam", "2026-03-29T01:59:59");
    home_is("2026-03-29T01:00:00Z", "Europe/Amsterdam", "2026-03-29T03:00:00");
    home_is("2026-10-25T00:59:59Z", "Europe/Amsterdam", "2026-10-25T02:59:59");
    home_is("2026-10-25T01:00:00Z", "Europe/Amsterdam", "2026-10-25T02:00:00");
    /* behind the last entry of the file the rule holds */
    home_is("2060-07-01T12:00:00Z", "Europe/Amsterdam", "2060-07-01T14:00:00");
    home_is("2060-01-01T12:00:00Z", "Europe/Amsterdam", "2060-01-01T13:00:00");
    home_is("2060-01-01T12:00:00Z", "Australia/Sydney", "2060-01-01T23:00:00");
    home_is("2060-07-01T12:00:00Z", "Australia/Sydney", "2060-07-01T22:00:00");
}
END_TEST

START_TEST(no_day_beyond_the_calendar)
{
    struct date d = parsed("9999-12-31T23:30:00Z"), before = d;
    ck_assert_int_eq(date_home(&d, zone_find("Europe/Amsterdam")), -1);
    ck_assert_mem_eq(&d, &before, sizeof d);
    d = parsed("0000-01-01T00:30:00+02:00");
    ck_assert_int_eq(date_home(&d, NULL), -1);
}
END_TEST

/* Against the C library, over the years that its time_t knows well. */
START_TEST(days_and_moments_agree_with_the_library)
{
    for (int64_t s = -70000000000; s < 200000000000; s += 86400 * 97 + 12345) {
        struct date d;
        struct tm t;
        time_t moment = (time_t)s;
        ck_assert_int_eq(date_from_unix_ms(s * 1000 + 7, &d), s < -62167219200 ? -1 : 0);
        if (s < -62167219200)
            continue;
        gmtime_r(&moment, &t);
        ck_assert_int_eq(d.year, t.tm_year + 1900);
        ck_assert_int_eq(d.month, t.tm_mon + 1);
        ck_assert_int_eq(d.day, t.tm_mday);
        ck_assert_int_eq(d.hour, t.tm_hour);
        ck_assert_int_eq(d.second, t.tm_sec);
        ck_assert_int_eq(date_unix_ms(&d), s * 1000 + 7);
    }
}
END_TEST

/* Every zone of a list, hour by hour of some years, against localtime. */
START_TEST(zones_agree_with_the_library)
{
    static const char *const zones[] = {
        "Europe/Amsterdam",  "America/New_York",  "Asia/Tokyo",   "Australia/Lord_Howe",
        "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu",
        "Europe/Dublin",     "America/Nuuk"};
    const char *name = zones[_i];
    const struct zone *z = zone_find(name);
    ck_assert_ptr_nonnull(z);
    ck_assert_ptr_eq(zone_find(name), z);
    setenv("TZ", name, 1);
    tzset();
    for (int64_t s = -2500000000; s < 4200000000; s += 3600 * 37) {
        struct tm t;
        time_t moment = (time_t)s;
        localtime_r(&moment, &t);
        ck_assert_msg(zone_offset(z, s) == t.tm_gmtoff, "%s at %lld: %d, not %ld", name,
                      (long long)s, zone_offset(z, s), t.tm_gmtoff);
    }
}
END_TEST

START_TEST(zones_that_are_none)
{
    static const char *const names[] = {
        "",
        "Europe",
        "Europe/Amsterdm",
        "../../etc/passwd",
        "/etc/passwd",
        "posixrules/x",
        "Europe/../Europe/Amsterdam",
        "tzdata.zi",
        "zone.tab",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    ck_assert_ptr_null(zone_find(NULL));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(zone_find(names[i]) == NULL, "%s", names[i]);
}
END_TEST

START_TEST(a_zone_file_that_is_damaged)
{
    unsigned char data[8192];
    FILE *in = fopen("/usr/share/zoneinfo/Europe/Amsterdam", "rb");
    ck_assert_ptr_nonnull(in);
    size_t n = fread(data, 1, sizeof data, in);
    fclose(in);
    struct zone *z = zone_parse(data, n);
    ck_assert_ptr_nonnull(z);
    zone_free(z);
    for (size_t cut = 0; cut < n; cut++) {
        unsigned char *part = malloc(cut + 1); /* so that a sanitizer sees what is read behind it */
        memcpy(part, data, cut);
        z = zone_parse(part, cut);
        ck_assert_ptr_null(z);
        free(part);
    }
    for (size_t i = 0; i < n; i += 7) {
        unsigned char was = data[i];
        data[i] = (unsigned char)~was;
        z = zone_parse(data, n);
        if (z)
            (void)zone_offset(z, 1800000000);
        zone_free(z);
        data[i] = was;
    }
}
END_TEST

UNIT_MAIN("date")
{
    tcase_add_test(t, all_forms);
    tcase_add_test(t, f12_what_is_no_date_is_told_with_its_place);
    tcase_add_test(t, f18_the_day_in_the_home_zone);
    tcase_add_test(t, f18_the_hours_of_the_change);
    tcase_add_test(t, no_day_beyond_the_calendar);
    tcase_add_test(t, days_and_moments_agree_with_the_library);
    tcase_add_loop_test(t, zones_agree_with_the_library, 0, 10);
    tcase_add_test(t, zones_that_are_none);
    tcase_add_test(t, a_zone_file_that_is_damaged);
}
