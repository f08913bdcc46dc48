/* SPDX-License-Identifier: MIT
 * Names of months and days of the week in English, Dutch and German. */
#ifndef KOPPEL_DATE_NAMES_H
#define KOPPEL_DATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* number: 1 to 12, 1 (Monday) to 7. language: "nl", "de", or anything else for English. */
const char *names_month(const char *language, int number, bool brief);
const char *names_weekday(const char *language, int number, bool brief);

/* The number of the month or day whose name text begins with, as a whole word, in full, brief or
 * cut at three letters or more, and the bytes that it takes. 0: none. */
int names_read_month(const char *language, const char *text, size_t *bytes);
int names_read_weekday(const char *language, const char *text, size_t *bytes);

#endif
