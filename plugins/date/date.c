/* SPDX-License-Identifier: MIT
 * Dates and timestamps for mappings. A moment, which has Z or an offset, is taken in the zone of
 * the home setting; without one it is the day and time where it was written. Nothing in, nothing
 * out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cut.h"
#include "base/date.h"
#include "base/fold.h"
#include "calendar.h"
#include "date_catalogue.h"
#include "koppel/sdk.h"
#include "layout.h"

/* What arguments were made to when the configuration was loaded. */
struct prepared {
    struct layout *layout;
    int *holidays; /* year * 10000 + month * 100 + day; the year 0 is every one */
    int count;
};

/* A call with its value as a date. */
struct when {
    const struct koppel_call *call;
    struct date written; /* as it came */
    struct date day;     /* of a moment: in the home zone, without an offset */
    const struct zone *zone; /* of home; NULL: UTC */
};

static const struct prepared *prepared_of(const struct when *w)
{
    return w->call->prepared;
}

static int refuse(const struct koppel_call *c, const char *why)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s%.*s%s is no date such as 2026-06-12: %s",
                         c->text ? "\"" : "", CUT(c->text ? c->text : "the value", 60),
                         c->text ? "\"" : "", why);
}

static int beyond(const struct when *w)
{
    return w->call->host->fail(w->call->err, KOPPEL_E_REJECTED,
                               "\"%s\": that is no day of this calendar", w->call->text);
}

static int give_day(const struct when *w, const struct date *d, json_t **out)
{
    char text[DATE_TEXT_BYTES];
    date_format_day(d, text);
    return koppel_call_give(w->call, json_string(text), out);
}

static int give_number(const struct when *w, int number, json_t **out)
{
    return koppel_call_give(w->call, json_sprintf("%d", number), out);
}

/* ---- parts ---- */

static int year(const struct when *w, json_t **out)
{
    return give_number(w, w->day.year, out);
}

static int month(const struct when *w, json_t **out)
{
    return give_number(w, w->day.month, out);
}

static int day(const struct when *w, json_t **out)
{
    return give_number(w, w->day.day, out);
}

static int date(const struct when *w, json_t **out)
{
    return give_day(w, &w->day, out);
}

static int midnight(const struct when *w, json_t **out)
{
    char text[DATE_TEXT_BYTES];
    date_format_day(&w->day, text);
    return koppel_call_give(w->call, json_sprintf("%sT00:00:00", text), out);
}

static int time_of_day(const struct when *w, json_t **out)
{
    return koppel_call_give(w->call, json_sprintf("%02d:%02d:%02d", w->day.hour, w->day.minute,
                                                  w->day.second), out);
}

static int quarter(const struct when *w, json_t **out)
{
    return give_number(w, (w->day.month - 1) / 3 + 1, out);
}

static int week(const struct when *w, json_t **out)
{
    int number, of;
    calendar_week(&w->day, &number, &of);
    return give_number(w, number, out);
}

static int week_year(const struct when *w, json_t **out)
{
    int number, of;
    calendar_week(&w->day, &number, &of);
    return give_number(w, of, out);
}

static int weekday(const struct when *w, json_t **out)
{
    return give_number(w, calendar_weekday(&w->day), out);
}

/* Months since the book year began. */
static int months_in(const struct when *w)
{
    return (w->day.month - (int)koppel_call_int(w->call, 0) + 12) % 12;
}

static int book_year(const struct when *w, json_t **out)
{
    bool by_end = strcmp(koppel_call_arg(w->call, 1), "end") == 0;
    int first = (int)koppel_call_int(w->call, 0), begins = w->day.year - (w->day.month < first);
    return give_number(w, by_end && first > 1 ? begins + 1 : begins, out);
}

static int period(const struct when *w, json_t **out)
{
    return give_number(w, months_in(w) / (int)koppel_call_int(w->call, 1) + 1, out);
}

/* ---- other days ---- */

static int add_days(const struct when *w, json_t **out)
{
    struct date d = w->day;
    return calendar_add_days(&d, koppel_call_int(w->call, 0)) ? beyond(w) : give_day(w, &d, out);
}

static int add_months(const struct when *w, json_t **out)
{
    struct date d = w->day;
    return calendar_add_months(&d, koppel_call_int(w->call, 0)) ? beyond(w) : give_day(w, &d, out);
}

static int add_years(const struct when *w, json_t **out)
{
    struct date d = w->day;
    int64_t months = koppel_call_int(w->call, 0) * 12;
    return calendar_add_months(&d, months) ? beyond(w) : give_day(w, &d, out);
}

static bool is_workday(const struct prepared *p, const struct date *d)
{
    int yearly = d->month * 100 + d->day;
    for (int i = 0; i < p->count; i++) {
        if (p->holidays[i] == yearly || p->holidays[i] == d->year * 10000 + yearly)
            return false;
    }
    return calendar_weekday(d) <= 5;
}

static int add_workdays(const struct when *w, json_t **out)
{
    struct date d = w->day;
    int64_t left = koppel_call_int(w->call, 0);
    int step = left < 0 ? -1 : 1;
    while (left != 0) {
        if (calendar_add_days(&d, step) != 0)
            return beyond(w);
        left -= is_workday(prepared_of(w), &d) ? step : 0;
    }
    return give_day(w, &d, out);
}

static enum calendar_unit unit_of(const struct when *w)
{
    static const char *const names[] = {"week", "month", "quarter", "year"};
    int i = CALENDAR_YEAR;
    while (i > 0 && strcmp(names[i], koppel_call_arg(w->call, 0)) != 0)
        i--;
    return (enum calendar_unit)i;
}

static int first_of(const struct when *w, json_t **out)
{
    struct date d = w->day;
    return calendar_first(&d, unit_of(w)) ? beyond(w) : give_day(w, &d, out);
}

static int last_of(const struct when *w, json_t **out)
{
    struct date d = w->day;
    return calendar_last(&d, unit_of(w)) ? beyond(w) : give_day(w, &d, out);
}

/* ---- moments ---- */

/* The moment in that zone, with its offset. */
static int in_zone(const struct date *moment, const struct zone *zone, struct date *out)
{
    struct date local = *moment, utc = *moment;
    utc.second -= utc.second == 60; /* as date_home() does */
    if (date_home(&local, zone) != 0)
        return -1;
    int64_t ahead = (date_unix_ms(&local) - date_unix_ms(&utc)) / 1000;
    local.has_offset = true;
    local.offset = (int)(ahead / 60);
    *out = local;
    return 0;
}

/* The moment at which clocks of the zone show that. Of an hour that comes twice it is the first
 * one. -1: clocks never show it. */
static int moment_of(const struct date *wall, const struct zone *zone, struct date *out)
{
    int64_t shown = date_unix_ms(wall) / 1000, found = INT64_MAX;
    for (int side = -1; side <= 1; side += 2) {
        int32_t offset = zone_offset(zone, shown + side * (int64_t)86400);
        if (zone_offset(zone, shown - offset) == offset && shown - offset < found)
            found = shown - offset;
    }
    if (found == INT64_MAX || date_from_unix_ms(found * 1000, out) != 0)
        return -1;
    out->millisecond = wall->millisecond;
    return 0;
}

/* What came, as a moment; without an offset it is a time in `zone`. */
static int moment(const struct when *w, const struct zone *zone, struct date *out)
{
    const struct koppel_call *c = w->call;
    if (!w->written.has_time)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%s\" has no time of day", c->text);
    if (w->written.has_offset) {
        *out = w->written;
        return 0;
    }
    if (moment_of(&w->written, zone, out) != 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "\"%s\": no clock of the zone shows that time on that day", c->text);
    return 0;
}

static int to_zone(const struct when *w, json_t **out)
{
    const char *from = koppel_call_arg(w->call, 1);
    struct date at;
    char text[DATE_TEXT_BYTES];
    if (moment(w, from ? zone_find(from) : w->zone, &at) < 0)
        return -1;
    if (in_zone(&at, zone_find(koppel_call_arg(w->call, 0)), &at) != 0)
        return beyond(w);
    date_format(&at, text);
    return koppel_call_give(w->call, json_string(text), out);
}

static bool in_milliseconds(const struct koppel_call *c)
{
    return strcmp(koppel_call_arg(c, 0), "milliseconds") == 0;
}

static int to_unix(const struct when *w, json_t **out)
{
    struct date at;
    if (moment(w, w->zone, &at) < 0)
        return -1;
    int64_t ms = date_unix_ms(&at), rest = (ms % 1000 + 1000) % 1000;
    return koppel_call_give(w->call, json_integer(in_milliseconds(w->call) ? ms
                                                                           : (ms - rest) / 1000),
                            out);
}

/* ---- as it is written ---- */

static const char *language(const struct koppel_call *c)
{
    const char *named = koppel_call_arg(c, 1);
    return strcmp(named, "home") == 0 ? c->host->setting(c->ctx, "home.language") : named;
}

static int format(const struct when *w, json_t **out)
{
    char text[LAYOUT_TEXT_BYTES];
    struct date d = w->day;
    if (w->written.has_offset && in_zone(&w->written, w->zone, &d) != 0)
        return beyond(w);
    if (layout_write(prepared_of(w)->layout, &d, language(w->call), text) != 0)
        return w->call->host->fail(w->call->err, KOPPEL_E_REJECTED,
                                   "\"%s\" has no offset that could be written", w->call->text);
    return koppel_call_give(w->call, json_string(text), out);
}

static int parse(const struct koppel_call *c, json_t **out)
{
    char why[LAYOUT_WHY_BYTES], text[DATE_TEXT_BYTES];
    const struct prepared *p = c->prepared;
    struct date d;
    if (!c->text)
        return refuse(c, "it is no text");
    if (layout_read(p->layout, c->text, language(c), &d, why) != 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%.*s\" is no date as %s: %s",
                             CUT(c->text, 60), koppel_call_arg(c, 0), why);
    date_format(&d, text);
    return koppel_call_give(c, json_string(text), out);
}

static int from_unix(const struct koppel_call *c, json_t **out)
{
    char text[DATE_TEXT_BYTES];
    int64_t number = json_is_integer(c->value) ? (int64_t)json_integer_value(c->value) : 0;
    int64_t scale = in_milliseconds(c) ? 1 : 1000;
    struct date d;
    if (!json_is_integer(c->value) && koppel_parse_int(c->text, &number) < 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no whole number");
    if (number > INT64_MAX / 1000 || number < INT64_MIN / 1000 ||
        date_from_unix_ms(number * scale, &d) != 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "%lld is no day of this calendar",
                             (long long)number);
    date_format(&d, text);
    return koppel_call_give(c, json_string(text), out);
}

/* ---- preparing ---- */

static int prepare_layout(const struct koppel_call *c, struct prepared *p, bool reads)
{
    char why[LAYOUT_WHY_BYTES];
    const char *text = koppel_call_arg(c, 0);
    p->layout = layout_parse(text, reads, why);
    if (p->layout)
        return 0;
    return c->host->fail(c->err, KOPPEL_E_CONFIG, "\"%.*s\" is no form of a date: %s",
                         CUT(text, 60), why);
}

static int prepare_read(const struct koppel_call *c, struct prepared *p)
{
    return prepare_layout(c, p, true);
}

static int prepare_write(const struct koppel_call *c, struct prepared *p)
{
    return prepare_layout(c, p, false);
}

/* "2026-12-25", or "12-25" of every year. */
static int holiday(const char *text, int *out)
{
    char whole[DATE_TEXT_BYTES];
    bool yearly = strlen(text) == 5;
    struct date d;
    snprintf(whole, sizeof whole, "%s%s", yearly ? "2024-" : "", text);
    if (strlen(text) > 10 || date_parse(whole, &d, NULL) != 0 || d.year == 0)
        return -1;
    *out = (yearly ? 0 : d.year * 10000) + d.month * 100 + d.day;
    return 0;
}

static int prepare_holidays(const struct koppel_call *c, struct prepared *p)
{
    json_t *list = json_array_get(c->args, 1), *one;
    size_t i;
    p->holidays = calloc(json_array_size(list) + 1, sizeof *p->holidays);
    if (!p->holidays)
        return c->host->fail(c->err, KOPPEL_E_BUG, "out of memory");
    json_array_foreach(list, i, one) {
        if (holiday(json_string_value(one), &p->holidays[p->count++]) != 0)
            return c->host->fail(c->err, KOPPEL_E_CONFIG,
                                 "holiday \"%.*s\" is no date such as 2026-12-25 or 12-25",
                                 CUT(json_string_value(one), 60));
    }
    return 0;
}

static int prepare_period(const struct koppel_call *c, struct prepared *p)
{
    (void)p;
    if (12 % koppel_call_int(c, 1) == 0)
        return 0;
    return c->host->fail(c->err, KOPPEL_E_CONFIG,
                         "a year has no whole number of periods of %d months",
                         (int)koppel_call_int(c, 1));
}

/* ---- all of them ---- */

/* In the order of the catalogue; one of of_date and of_value. */
static const struct {
    int (*of_date)(const struct when *w, json_t **out);
    int (*of_value)(const struct koppel_call *c, json_t **out);
    int (*prepare)(const struct koppel_call *c, struct prepared *p); /* NULL: nothing to do */
} functions[] = {
    {year, NULL, NULL},
    {month, NULL, NULL},
    {day, NULL, NULL},
    {date, NULL, NULL},
    {midnight, NULL, NULL},
    {time_of_day, NULL, NULL},
    {quarter, NULL, NULL},
    {week, NULL, NULL},
    {week_year, NULL, NULL},
    {weekday, NULL, NULL},
    {book_year, NULL, NULL},
    {period, NULL, prepare_period},
    {add_days, NULL, NULL},
    {add_months, NULL, NULL},
    {add_years, NULL, NULL},
    {add_workdays, NULL, prepare_holidays},
    {first_of, NULL, NULL},
    {last_of, NULL, NULL},
    {format, NULL, prepare_write},
    {NULL, parse, prepare_read},
    {to_zone, NULL, NULL},
    {to_unix, NULL, NULL},
    {NULL, from_unix, NULL},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static int apply(const struct koppel_call *c, json_t **out)
{
    char why[DATE_WHY_BYTES] = "it is no text";
    struct when w = {.call = c};
    if (!c->value || (c->text && fold_is_blank(c->text)))
        return koppel_call_give(c, json_null(), out);
    if (functions[c->function].of_value)
        return functions[c->function].of_value(c, out);
    if (!c->text || date_parse(c->text, &w.written, why) != 0)
        return refuse(c, why);
    const char *name = c->host->setting(c->ctx, "home.zone");
    w.day = w.written;
    w.zone = name ? zone_find(name) : NULL;
    if (name && !w.zone)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "the zone \"%s\" of home cannot be read",
                             name);
    if (name && date_home(&w.day, w.zone) != 0)
        return beyond(&w);
    return functions[c->function].of_date(&w, out);
}

static void release(void *prepared)
{
    struct prepared *p = prepared;
    layout_free(p->layout);
    free(p->holidays);
    free(p);
}

static int prepare(const struct koppel_call *c, void **out)
{
    *out = NULL;
    if (!functions[c->function].prepare)
        return 0;
    struct prepared *p = calloc(1, sizeof *p);
    if (!p)
        return c->host->fail(c->err, KOPPEL_E_BUG, "out of memory");
    if (functions[c->function].prepare(c, p) == 0) {
        *out = p;
        return 0;
    }
    release(p);
    return -1;
}

KOPPEL_REGISTER_PREPARED("date", "0.1.0", catalogue_text, FUNCTIONS, apply, prepare, release);
