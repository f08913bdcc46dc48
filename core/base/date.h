/* SPDX-License-Identifier: MIT
 * The one parser of dates and times.
 *
 *   2026-06-30                     20260630                30-6-2026    30.06.2026
 *   2026-06-30T22:00:00Z           2026-06-30 22:00        20260630T220000+0200
 *   2026-06-30T22:00:00.123+02:00  2026-06-30T22:00:00+02:00[Europe/Amsterdam]
 *
 * Years have four digits, hours end at 23. A slash is refused: 6/12/2026 is two days. What is
 * written with Z or an offset is a moment; what is written without is the day and the time on the
 * wall where it was written.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_DATE_H
#define KOPPEL_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/zone.h"

#define DATE_TEXT_BYTES 40
#define DATE_WHY_BYTES 96

struct date {
    int year, month, day;      /* 0..9999, 1..12, 1..31 */
    bool has_time, has_offset; /* has_offset only with has_time */
    int hour, minute, second;  /* second 60 is a leap second */
    int millisecond;           /* further digits are left out */
    int offset;                /* minutes east of UTC */
};

/* Blanks around it are allowed. 0, or -1 with a sentence that names the character where it stops
 * and what is wrong there: "hour 24 at character 12". why may be NULL. */
int date_parse(const char *text, struct date *out, char why[DATE_WHY_BYTES]);

/* A moment becomes the day and time of that zone, without an offset; anything else stays. zone
 * NULL: UTC. A day before the year 0 or after 9999 fails: -1, out untouched. */
int date_home(struct date *d, const struct zone *zone);
/* Milliseconds since 1970 of a moment; of what is none as if it were UTC. */
int64_t date_unix_ms(const struct date *d);
/* The reverse, at an offset of 0; -1 outside of the years 0 to 9999. */
int date_from_unix_ms(int64_t ms, struct date *out);
/* Days since 1970-01-01, for differences. */
int64_t date_days(const struct date *d);

/* "2026-06-30". Returns its length. */
int date_format_day(const struct date *d, char out[DATE_TEXT_BYTES]);
/* "2026-06-30T22:00:00", with ".123" and "+02:00" or "Z" where it has them. Returns its length. */
int date_format(const struct date *d, char out[DATE_TEXT_BYTES]);

#endif
