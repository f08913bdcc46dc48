/* SPDX-License-Identifier: MIT
 * Counting with days, by their number since 1970. */
#include "calendar.h"

#define DAY_MS 86400000

static int set_days(struct date *d, int64_t days)
{
    struct date made;
    if (days < -800000 || days > 3000000 || date_from_unix_ms(days * DAY_MS, &made) != 0)
        return -1;
    *d = (struct date){.year = made.year, .month = made.month, .day = made.day};
    return 0;
}

/* 0 is Monday; 1970 began on a Thursday. */
static int since_monday(int64_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7);
}

int calendar_weekday(const struct date *d)
{
    return since_monday(date_days(d)) + 1;
}

/* A week is of the year that its Thursday is in. */
void calendar_week(const struct date *d, int *week, int *year)
{
    struct date thursday = *d;
    int64_t days = date_days(d);
    *year = d->year;
    *week = 1;
    days += 3 - since_monday(days);
    if (set_days(&thursday, days) != 0)
        return; /* the first days of the year 0, the last of 9999 */
    const struct date first = {.year = thursday.year, .month = 1, .day = 1};
    *year = thursday.year;
    *week = (int)((days - date_days(&first)) / 7) + 1;
}

int calendar_add_days(struct date *d, int64_t days)
{
    return set_days(d, date_days(d) + days);
}

/* The day before the first of the next month is the last. */
static int last_day(int year, int month)
{
    const struct date first = {.year = year, .month = month, .day = 1};
    const struct date next = {.year = month == 12 ? year + 1 : year, .month = month % 12 + 1,
                              .day = 1};
    return (int)(date_days(&next) - date_days(&first));
}

int calendar_add_months(struct date *d, int64_t months)
{
    int64_t all = (int64_t)d->year * 12 + d->month - 1 + months;
    if (all < 0 || all > 9999 * 12 + 11)
        return -1;
    int year = (int)(all / 12), month = (int)(all % 12) + 1, last = last_day(year, month);
    *d = (struct date){.year = year, .month = month, .day = d->day < last ? d->day : last};
    return 0;
}

/* How many months the unit has. */
static int months_of(enum calendar_unit unit)
{
    return unit == CALENDAR_MONTH ? 1 : unit == CALENDAR_QUARTER ? 3 : 12;
}

int calendar_first(struct date *d, enum calendar_unit unit)
{
    if (unit == CALENDAR_WEEK)
        return calendar_add_days(d, 1 - calendar_weekday(d));
    *d = (struct date){.year = d->year, .month = d->month - (d->month - 1) % months_of(unit),
                       .day = 1};
    return 0;
}

int calendar_last(struct date *d, enum calendar_unit unit)
{
    if (unit == CALENDAR_WEEK)
        return calendar_add_days(d, 7 - calendar_weekday(d));
    calendar_first(d, unit);
    d->month += months_of(unit) - 1;
    d->day = last_day(d->year, d->month);
    return 0;
}
