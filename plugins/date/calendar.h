/* SPDX-License-Identifier: MIT
 * Days of the Gregorian calendar: weeks, first and last days, days further on. Each takes and gives
 * days; the time of day goes. */
#ifndef KOPPEL_DATE_CALENDAR_H
#define KOPPEL_DATE_CALENDAR_H

#include "base/date.h"

enum calendar_unit { CALENDAR_WEEK, CALENDAR_MONTH, CALENDAR_QUARTER, CALENDAR_YEAR };

/* 1 is Monday, 7 Sunday. */
int calendar_weekday(const struct date *d);
/* The week of ISO 8601, and the year that it belongs to. */
void calendar_week(const struct date *d, int *week, int *year);

/* -1: that day is before the year 0 or after 9999. */
int calendar_add_days(struct date *d, int64_t days);
/* On a day that the month does not have: its last one. */
int calendar_add_months(struct date *d, int64_t months);
int calendar_first(struct date *d, enum calendar_unit unit);
int calendar_last(struct date *d, enum calendar_unit unit);

#endif
