/* SPDX-License-Identifier: MIT
 * Parses and writes dates and times. Days are counted in the Gregorian calendar throughout. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"

#define DAY_SECONDS 86400
#define FIRST_DAY (-719528) /* 0000-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

/* A text on its way through the parser. */
struct reading {
    const char *start, *at, *end;
    char *why; /* NULL: nobody wants to know */
};

static int refuse(const struct reading *r, const char *where, const char *what)
{
    if (r->why)
        snprintf(r->why, DATE_WHY_BYTES, "%s at character %d", what, (int)(where - r->start) + 1);
    return -1;
}

static int refuse_number(const struct reading *r, const char *where, const char *what, int n)
{
    char text[48];
    snprintf(text, sizeof text, "%s %d", what, n);
    return refuse(r, where, text);
}

static bool is_digit(const struct reading *r, int ahead)
{
    return r->end - r->at > ahead && r->at[ahead] >= '0' && r->at[ahead] <= '9';
}

static int digits(const struct reading *r)
{
    int n = 0;
    while (is_digit(r, n))
        n++;
    return n;
}

static bool take(struct reading *r, const char *allowed)
{
    if (r->at == r->end || !*r->at || !strchr(allowed, *r->at))
        return false;
    r->at++;
    return true;
}

/* n digits, which are there. */
static int number(struct reading *r, int n)
{
    int value = 0;
    for (; n > 0; n--)
        value = value * 10 + (*r->at++ - '0');
    return value;
}

/* Exactly two digits of at most max. */
static int two_digits(struct reading *r, const char *what, int max, int *out)
{
    const char *where = r->at;
    char text[48];
    if (digits(r) < 2) {
        snprintf(text, sizeof text, "%s has not two digits", what);
        return refuse(r, where, text);
    }
    *out = number(r, 2);
    return *out <= max ? 0 : refuse_number(r, where, what, *out);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Where month and day stand, for the message. */
static int check_day(const struct reading *r, const struct date *d, const char *month,
                     const char *day)
{
    if (d->month < 1 || d->month > 12)
        return refuse_number(r, month, "month", d->month);
    if (d->day < 1 || d->day > days_in_month(d->year, d->month))
        return refuse_number(r, day, "day", d->day);
    return 0;
}

/* d-m-yyyy, by dash or dot. */
static int day_first(struct reading *r, struct date *d)
{
    const char *day = r->at;
    d->day = number(r, digits(r));
    char mark[2] = {*r->at, '\0'};
    r->at++;
    const char *month = r->at;
    int n = digits(r);
    if (n < 1 || n > 2)
        return refuse(r, r->at, "no month");
    d->month = number(r, n);
    if (!take(r, mark))
        return refuse(r, r->at, "no year");
    if (digits(r) != 4)
        return refuse(r, r->at, "the year has not four digits");
    d->year = number(r, 4);
    return check_day(r, d, month, day);
}

/* yyyymmdd */
static int packed(struct reading *r, struct date *d)
{
    d->year = number(r, 4);
    d->month = number(r, 2);
    d->day = number(r, 2);
    return check_day(r, d, r->at - 4, r->at - 2);
}

static int take_day(struct reading *r, struct date *d)
{
    int n = digits(r);
    if (n == 0)
        return refuse(r, r->at, "no date");
    if (n == 8)
        return packed(r, d);
    char behind = r->end - r->at > n ? r->at[n] : '\0';
    if (behind == '/' || (n <= 2 && behind == '\0' && r->end - r->at > n))
        return refuse(r, r->at + n, "day or month may come first with a slash");
    if (n <= 2 && (behind == '-' || behind == '.'))
        return day_first(r, d);
    if (n != 4)
        return refuse(r, r->at, "the year has not four digits");
    d->year = number(r, 4);
    if (!take(r, "-"))
        return refuse(r, r->at, "no month");
    const char *month = r->at;
    if (two_digits(r, "month", 99, &d->month) != 0)
        return -1;
    if (!take(r, "-"))
        return refuse(r, r->at, "no day");
    const char *day = r->at;
    if (digits(r) > 2)
        return refuse(r, r->at + 2, "more than a day");
    return two_digits(r, "day", 99, &d->day) != 0 ? -1 : check_day(r, d, month, day);
}

static int take_fraction(struct reading *r, struct date *d)
{
    int scale = 100;
    if (!is_digit(r, 0))
        return refuse(r, r->at, "no digits behind the point");
    for (; is_digit(r, 0); r->at++, scale /= 10)
        d->millisecond += (*r->at - '0') * scale;
    return 0;
}

static int take_clock(struct reading *r, struct date *d)
{
    d->has_time = true;
    if (two_digits(r, "hour", 23, &d->hour) != 0)
        return -1;
    bool colon = take(r, ":");
    if (two_digits(r, "minute", 59, &d->minute) != 0)
        return -1;
    if (colon ? !take(r, ":") : digits(r) == 0)
        return 0;
    const char *where = r->at;
    if (two_digits(r, "second", 60, &d->second) != 0)
        return -1;
    if (d->second == 60 && d->minute != 59)
        return refuse_number(r, where, "second", 60);
    return take(r, ".,") ? take_fraction(r, d) : 0;
}

/* Z, +02, +0200, +02:00, and the name of the zone in brackets, which says nothing more. */
static int take_offset(struct reading *r, struct date *d)
{
    int sign = r->at < r->end && *r->at == '-' ? -1 : 1, hours, minutes = 0;
    if (take(r, "Zz")) {
        d->has_offset = true;
    } else if (take(r, "+-")) {
        d->has_offset = true;
        if (two_digits(r, "offset", 18, &hours) != 0)
            return -1;
        if ((take(r, ":") || digits(r) > 0) &&
            two_digits(r, "minutes of the offset", 59, &minutes) != 0)
            return -1;
        d->offset = sign * (hours * 60 + minutes);
    }
    if (!d->has_offset || !take(r, "["))
        return 0;
    while (r->at < r->end && *r->at != ']')
        r->at++;
    return take(r, "]") ? 0 : refuse(r, r->at, "the zone's bracket is not closed");
}

int date_parse(const char *text, struct date *out, char why[DATE_WHY_BYTES])
{
    size_t bytes;
    struct date d = {0};
    struct reading r = {.start = text, .why = why};
    r.at = fold_trim(text, &bytes);
    r.end = r.at + bytes;
    if (take_day(&r, &d) != 0)
        return -1;
    if (take(&r, "Tt") || take(&r, " ")) {
        if (take_clock(&r, &d) != 0)
            return -1;
        (void)take(&r, " ");
        if (take_offset(&r, &d) != 0)
            return -1;
    }
    if (r.at != r.end)
        return refuse(&r, r.at, "something follows that is no part of a date");
    *out = d;
    return 0;
}

/* ---- days and moments ---- */

int64_t date_days(const struct date *d)
{
    /* years that begin in March put the leap day at their end */
    int64_t year = d->month > 2 ? d->year : d->year - 1;
    int64_t month = (d->month + 9) % 12;
    int64_t era = (year >= 0 ? year : year - 399) / 400, in_era = year - era * 400;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (month * 153 + 2) / 5 +
           d->day - 1 + FIRST_DAY + 60;
}

static void set_day(struct date *d, int64_t days)
{
    int64_t n = days - FIRST_DAY - 60; /* since 0000-03-01 */
    int64_t era = (n >= 0 ? n : n - 146096) / 146097, in_era = n - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100),
    month = (5 * in_year + 2) / 153;
    d->day = (int)(in_year - (153 * month + 2) / 5 + 1);
    d->month = (int)(month < 10 ? month + 3 : month - 9);
    d->year = (int)(year + era * 400 + (d->month <= 2));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t unix_seconds(const struct date *d)
{
    return date_days(d) * DAY_SECONDS + d->hour * 3600 + d->minute * 60 + d->second -
           (d->has_offset ? (int64_t)d->offset * 60 : 0);
}

static int set_seconds(struct date *d, int64_t seconds)
{
    int64_t days = floor_div(seconds, DAY_SECONDS), rest = seconds - days * DAY_SECONDS;
    if (days < FIRST_DAY || days > LAST_DAY)
        return -1;
    set_day(d, days);
    d->hour = (int)(rest / 3600);
    d->minute = (int)(rest / 60 % 60);
    d->second = (int)(rest % 60);
    return 0;
}

int date_home(struct date *d, const struct zone *zone)
{
    if (!d->has_offset)
        return 0;
    struct date local = *d;
    if (local.second == 60) /* a leap second ends the minute it stands in */
        local.second = 59;
    int64_t utc = unix_seconds(&local);
    local.has_offset = false;
    local.offset = 0;
    if (set_seconds(&local, utc + zone_offset(zone, utc)) != 0)
        return -1;
    *d = local;
    return 0;
}

int64_t date_unix_ms(const struct date *d)
{
    return unix_seconds(d) * 1000 + d->millisecond;
}

int date_from_unix_ms(int64_t ms, struct date *out)
{
    int64_t seconds = floor_div(ms, 1000);
    struct date d = {.has_time = true, .has_offset = true};
    d.millisecond = (int)(ms - seconds * 1000);
    if (set_seconds(&d, seconds) != 0)
        return -1;
    *out = d;
    return 0;
}

int date_format_day(const struct date *d, char out[DATE_TEXT_BYTES])
{
    return snprintf(out, DATE_TEXT_BYTES, "%04d-%02d-%02d", d->year, d->month, d->day);
}

int date_format(const struct date *d, char out[DATE_TEXT_BYTES])
{
    int n = date_format_day(d, out);
    if (!d->has_time)
        return n;
    n += snprintf(out + n, DATE_TEXT_BYTES - (size_t)n, "T%02d:%02d:%02d", d->hour, d->minute,
                  d->second);
    if (d->millisecond)
        n += snprintf(out + n, DATE_TEXT_BYTES - (size_t)n, ".%03d", d->millisecond);
    if (!d->has_offset)
        return n;
    int east = d->offset < 0 ? -d->offset : d->offset;
    if (east == 0)
        return n + snprintf(out + n, DATE_TEXT_BYTES - (size_t)n, "Z");
    return n + snprintf(out + n, DATE_TEXT_BYTES - (size_t)n, "%c%02d:%02d",
                        d->offset < 0 ? '-' : '+', east / 60, east % 60);
}
