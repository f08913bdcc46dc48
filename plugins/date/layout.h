/* SPDX-License-Identifier: MIT
 * How a date is written, as letters: "d-M-yyyy", "EEEE d MMMM yyyy", "yyyyMMdd'T'HHmmssXXX".
 *
 *   yyyy yy     year; of two digits in this century (2000 to 2099)
 *   MM M        month by number, with two digits or as many as it has; MMMM MMM by name
 *   dd d        day of the month
 *   EEEE EEE    day of the week by name
 *   HH H        hour of 24; hh h of 12, with a for am or pm
 *   mm ss SSS   minute, second, thousandths
 *   XXX         Z or the offset: +02:00
 *   'text'      itself, and '' an apostrophe; so is all that is no letter */
#ifndef KOPPEL_DATE_LAYOUT_H
#define KOPPEL_DATE_LAYOUT_H

#include <stdbool.h>

#include "base/date.h"

#define LAYOUT_WHY_BYTES 128
#define LAYOUT_TEXT_BYTES 1024 /* of a date as it is written */

struct layout;

/* NULL: why says what is wrong, with the column. reads: it is for reading, so that day, month and
 * year must be there, once each. */
struct layout *layout_parse(const char *text, bool reads, char why[LAYOUT_WHY_BYTES]);
void layout_free(struct layout *l); /* takes NULL */

/* text, blanks around it allowed, to a date that exists. -1: why says why not. */
int layout_read(const struct layout *l, const char *text, const char *language, struct date *out,
                char why[LAYOUT_WHY_BYTES]);
/* The reverse. -1: it has an offset, and the date has none. */
int layout_write(const struct layout *l, const struct date *d, const char *language,
                 char out[LAYOUT_TEXT_BYTES]);

#endif
