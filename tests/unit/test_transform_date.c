/* SPDX-License-Identifier: MIT
 * Dates beyond the examples of their catalogue. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"date.year", "'2026-06-02'", "'2026'", NULL},
    {"date.month", "'2026-06-02'", "'6'", NULL},
    {"date.day", "'2026-06-02T00:00:00+02:00'", "'2'", NULL},
    {"date.date", "'2026-06-02T23:59:00'", "'2026-06-02'", NULL},
    {"date.midnight", "'2024-02-29 10:00:00'", "'2024-02-29T00:00:00'", NULL},
    {"date.date", "''", "null", NULL},
    {"date.date", "'2026-02-29'", NULL, "is no date"},
    {"date.date", "'2026-13-01'", NULL, "is no date"},
    {"date.date", "'2026-1-1'", NULL, "is no date"},
    {"date.date", "'2026-06-30T22:00:00Z'", "'2026-07-01'", NULL},
    {"date.date", "'2026-07-01T00:00:00+02:00'", "'2026-07-01'", NULL},
    {"date.date", "'2026-06-30T22:00:00'", "'2026-06-30'", NULL},
    {"date.time", "'2026-06-30T22:15:00Z'", "'00:15:00'", NULL},
    {"date.month", "'2025-12-31T23:30:00Z'", "'1'", NULL},
    {"date.date", "'30-6-2026'", "'2026-06-30'", NULL},
    {"date.date", "'12026-06-30'", NULL, "the year has not four digits at character 1"},
    {"date.date", "'2026-06-30T24:00:00'", NULL, "hour 24 at character 12"},
    {"date.date", "'\u00a0'", "null", NULL},
    {"date.date", "20260101", NULL, "the value"},
    {"date.quarter", "'2026-12-31T23:30:00Z'", "'1'", NULL},
    {"date.week", "'2024-12-30'", "'1'", NULL},
    {"date.week-year", "'2024-12-30'", "'2025'", NULL},
    {"date.week", "'2020-12-31'", "'53'", NULL},
    {"date.week", "'0000-01-01'", "'1'", NULL},
    {"date.week", "'9999-12-31'", "'52'", NULL},
    {"date.weekday", "'2026-11-29'", "'7'", NULL},
    {"date.weekday", "'1969-12-31'", "'3'", NULL},
    {"date.book-year", "'2026-01-01'", "'2026'", NULL},
    {"date.book-year:1:end", "'2026-12-31'", "'2026'", NULL},
    {"date.book-year:12", "'2026-11-30'", "'2025'", NULL},
    {"date.book-year:4:end", "'2026-04-01'", "'2027'", NULL},
    {"date.book-year:13", "'2026-04-01'", NULL, "1 to 12"},
    {"date.period:4:3", "'2026-03-31'", "'4'", NULL},
    {"date.period:4:3", "'2026-04-01'", "'1'", NULL},
    {"date.period:12", "'2026-12-01'", "'1'", NULL},
    {"date.add-days:-1", "'2024-03-01'", "'2024-02-29'", NULL},
    {"date.add-days:1", "'9999-12-31'", NULL, "no day of this calendar"},
    {"date.add-days:-1", "'0000-01-01'", NULL, "no day of this calendar"},
    {"date.add-days:1", "'2026-06-30T22:30:00Z'", "'2026-07-02'", NULL},
    {"date.add-months:1", "'2024-01-30'", "'2024-02-29'", NULL},
    {"date.add-months:-12", "'2024-02-29'", "'2023-02-28'", NULL},
    {"date.add-months:1", "'9999-12-01'", NULL, "no day of this calendar"},
    {"date.add-months:1", "'9999-11-30'", "'9999-12-30'", NULL},
    {"date.add-months:-1", "'0000-02-29'", "'0000-01-29'", NULL},
    {"date.add-months:-1", "'0000-01-31'", NULL, "no day of this calendar"},
    {"date.add-years:-2026", "'2026-05-05'", "'0000-05-05'", NULL},
    {"date.add-years:-2027", "'2026-05-05'", NULL, "no day of this calendar"},
    {"date.add-workdays:0", "'2026-11-28'", "'2026-11-28'", NULL},
    {"date.add-workdays:5", "'2026-11-27'", "'2026-12-04'", NULL},
    {"date.add-workdays:-2:2026-11-26", "'2026-11-30'", "'2026-11-25'", NULL},
    {"date.add-workdays:1:02-29", "'2026-02-27'", "'2026-03-02'", NULL},
    {"date.add-workdays:1:2026-02-29", "'2026-02-27'", NULL, "is no date such as"},
    {"date.first-of:week", "'2026-03-01'", "'2026-02-23'", NULL},
    {"date.last-of:week", "'2026-03-02'", "'2026-03-08'", NULL},
    {"date.last-of:quarter", "'2026-12-01'", "'2026-12-31'", NULL},
    {"date.last-of:month", "'2000-02-01'", "'2000-02-29'", NULL},
    {"date.last-of:month", "'1900-02-01'", "'1900-02-28'", NULL},
    {"date.first-of:decade", "'1900-02-01'", NULL, "one of week, month, quarter, year"},
    {"date.format:yyyy''MM", "'2026-06-12'", "'2026\\u002706'", NULL},
    {"date.format:'it''s' d", "'2026-06-12'", "'it\\u0027s 12'", NULL},
    {"date.format:d 'de", "'2026-06-12'", NULL, "column 3: the apostrophe is not closed"},
    {"date.format:d MMM yy:de", "'2026-03-02'", "'2 M\u00e4r 26'", NULL},
    {"date.format:EEE:nl", "'2026-03-02'", "'ma'", NULL},
    {"date.format:d MMMM", "'2026-03-02'", "'2 maart'", NULL},
    {"date.format:h a", "'2026-03-02T00:10:00'", "'12 am'", NULL},
    {"date.format:hh a", "'2026-03-02T12:10:00'", "'12 pm'", NULL},
    {"date.format:H.mm.ss.SSS", "'2026-03-02T07:10:05.5'", "'7.10.05.500'", NULL},
    {"date.format:XXX", "'2026-01-02T12:00:00Z'", "'+01:00'", NULL},
    {"date.format:XXX", "'2026-01-02'", NULL, "no offset that could be written"},
    {"date.parse:d MMMM yyyy:de", "'1. M\u00c4RZ 2026'", NULL, "no   at character 2"},
    {"date.parse:d. MMMM yyyy:de", "'1. M\u00c4RZ 2026 '", "'2026-03-01'", NULL},
    {"date.parse:d MMM yyyy:nl", "'1 mrt. 2026'", "'2026-03-01'", NULL},
    {"date.parse:d MMM yyyy:en", "'1 Sept 2026'", "'2026-09-01'", NULL},
    {"date.parse:d MMM yyyy:en", "'1 Ju 2026'", NULL, "no month at character 3"},
    {"date.parse:d MMM yyyy:en", "'1 mei 2026'", NULL, "no month"},
    {"date.parse:yyyyMMdd", "'20260612'", "'2026-06-12'", NULL},
    {"date.parse:yyyyMMddHHmm", "'202606122359'", "'2026-06-12T23:59:00'", NULL},
    {"date.parse:yyyyMMddHHmm", "'202606122360'", NULL, "there is no 2026-06-12T23"},
    {"date.parse:yyyy-MM-dd'T'HHmmXXX",
     "'2026-06-12T1000+0200'", "'2026-06-12T10:00:00+02:00'", NULL},
    {"date.parse:yyyy-MM-dd'T'HHXXX", "'2026-06-12T10Z'", "'2026-06-12T10:00:00Z'", NULL},
    {"date.parse:yyyy-MM-dd'T'HHXXX", "'2026-06-12T10+1900'", NULL, "no offset"},
    {"date.parse:dd/MM/yy", "'12/06/26'", "'2026-06-12'", NULL},
    {"date.parse:dd/MM/yyyy", "'1/06/2026'", NULL, "no day at character 1"},
    {"date.parse:d/M/yyyy", "'01/6/2026'", "'2026-06-01'", NULL},
    {"date.parse:d/M/yyyy", "'001/6/2026'", NULL, "no / at character 3"},
    {"date.parse:d/M/yyyy", "'1/6/2026x'", NULL, "no end at character 9"},
    {"date.parse:d/M/yyyy", "'1/13/2026'", NULL, "there is no 2026-13-01"},
    {"date.parse:EEE d/M/yyyy:en", "'Mon 1/6/2026'", "'2026-06-01'", NULL},
    {"date.parse:EEE d/M/yyyy:en", "'Tue 1/6/2026'", NULL, "2026-06-01 is a Monday"},
    {"date.parse:d/M/yyyy h a", "'1/6/2026 13 PM'", NULL, "no hour 13 of 12"},
    {"date.parse:d/M/yyyy h a", "'1/6/2026 12 AM'", "'2026-06-01T00:00:00'", NULL},
    {"date.parse:d/M/yyyy h", "'1/6/2026 1'", NULL, "hh and a belong together"},
    {"date.parse:d/M/yyyy mm", "'1/6/2026 01'", NULL, "no hour (HH)"},
    {"date.parse:d/d/M/yyyy", "'1/1/6/2026'", NULL, "the day (dd) must stand there once"},
    {"date.parse:dMyyyy", "'1112026'", NULL, "that is no digit"},
    {"date.parse:d'0'MM yyyy", "'1006 2026'", NULL, "that is no digit"},
    {"date.format:z", "'2026-06-12'", NULL, "\"z\" is no field"},
    {"date.format:Z", "'2026-06-12'", NULL, "\"Z\" is no field"},
    {"date.parse:EEE. d/M/yyyy:nl", "'ma. 1/6/2026'", "'2026-06-01'", NULL},
    {"date.parse:EEE d/M/yyyy:nl", "'ma. 1/6/2026'", "'2026-06-01'", NULL},
    {"date.parse:d/M/yyyy HHXXX", "'1/6/2026 00+18:59'", "'2026-06-01T00:00:00+18:59'", NULL},
    {"date.parse:d/M/yyyy HHXXX", "'1/6/2026 00+18:60'", NULL, "no offset"},
    {"date.parse:d/M/yyyy HHXXX", "'1/6/2026 00-0330'", "'2026-06-01T00:00:00-03:30'", NULL},
    {"date.parse:d/M/yyyy HHXXX", "'1/6/2026 00 0330'", NULL, "no offset"},
    {"date.parse:d/M/yyyy h a", "'1/6/2026 1 xm'", NULL, "no am or pm"},
    {"date.parse:d/M/yyyy h a", "'1/6/2026 1 ax'", NULL, "no am or pm"},
    {"date.parse:d MMM. yyyy:nl", "'1 mrt. 2026'", "'2026-03-01'", NULL},
    {"date.parse:d MMM. yyyy:nl", "'1 mrt 2026'", NULL, "at character 6"},
    {"date.parse:d/M/yyyy", "''", "null", NULL},
    {"date.parse:d/M/yyyy", "7", NULL, "no text"},
    {"date.to-zone:UTC", "'2026-10-25T02:30:00'", "'2026-10-25T00:30:00Z'", NULL},
    {"date.to-zone:UTC", "'2026-10-25T03:30:00'", "'2026-10-25T02:30:00Z'", NULL},
    {"date.to-zone:UTC", "'2026-03-29T03:00:00'", "'2026-03-29T01:00:00Z'", NULL},
    {"date.to-zone:Europe/Amsterdam",
     "'2026-03-29T00:59:59Z'", "'2026-03-29T01:59:59+01:00'", NULL},
    {"date.to-zone:Asia/Kolkata",
     "'2026-01-01T00:00:00-05:00'", "'2026-01-01T10:30:00+05:30'", NULL},
    {"date.to-zone:America/New_York",
     "'2026-01-01T00:00:00Z'", "'2025-12-31T19:00:00-05:00'", NULL},
    {"date.to-zone:UTC", "'2026-06-30T23:59:60Z'", "'2026-06-30T23:59:59Z'", NULL},
    {"date.to-zone:Mars/Base", "'2026-01-01T00:00:00Z'", NULL, "expected zone"},
    {"date.to-zone:Pacific/Kiritimati", "'9999-12-31T23:00:00Z'", NULL, "no day of this calendar"},
    {"date.to-unix", "'1969-12-31T23:59:59.5Z'", "-1", NULL},
    {"date.to-unix:milliseconds", "'1969-12-31T23:59:59.5Z'", "-500", NULL},
    {"date.to-unix", "'2026-07-01T00:00:00'", "1782856800", NULL},
    {"date.from-unix", "-1", "'1969-12-31T23:59:59Z'", NULL},
    {"date.from-unix", "9223372036854775807", NULL, "no day of this calendar"},
    {"date.from-unix", "253402300800", NULL, "no day of this calendar"},
    {"date.from-unix", "true", NULL, "no whole number"},
};

START_TEST(f18_dates_of_every_form)
{
    transform_expect(&cases[_i]);
}
END_TEST

/* With a colon, which "name:argument" has no place for. */
START_TEST(forms_with_a_colon)
{
    struct koppel_error err = {0};
    json_t *args = json_pack("[s]", "dd-MM-yyyy HH:mm:ss");
    json_t *out = transform_call("date.parse", args, json_string("02-01-2026 03:04:05"), &err);
    ck_assert_str_eq(json_string_value(out), "2026-01-02T03:04:05");
    json_t *back = transform_call("date.format", args, out, &err);
    ck_assert_str_eq(json_string_value(back), "02-01-2026 03:04:05");
    json_decref(back);
    json_decref(args);
}
END_TEST

/* Every name is read as what it is written for, in full and brief. */
START_TEST(every_month_and_day_both_ways)
{
    static const char *const forms[] = {"EEEE d MMMM yyyy", "EEE d MMM yyyy"};
    static const char *const languages[] = {"en", "nl", "de"};
    struct koppel_error err = {0};
    for (int i = 0; i < 366 * 6; i++) {
        json_t *args = json_pack("[s,s]", forms[i % 2], languages[i / 2 % 3]);
        json_t *days = json_pack("[i]", i / 6);
        json_t *day = transform_call("date.add-days", days, json_string("2024-01-01"), &err);
        json_t *text = transform_call("date.format", args, json_incref(day), &err);
        ck_assert_msg(text != NULL, "%s", err.text);
        json_t *again = transform_call("date.parse", args, json_incref(text), &err);
        ck_assert_msg(json_equal(day, again), "%s: %s", json_string_value(text), err.text);
        json_decref(again);
        json_decref(text);
        json_decref(day);
        json_decref(days);
        json_decref(args);
    }
}
END_TEST

UNIT_MAIN("transform_date")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    LOOP(f18_dates_of_every_form, cases);
    tcase_add_test(t, forms_with_a_colon);
    tcase_add_test(t, every_month_and_day_both_ways);
}
