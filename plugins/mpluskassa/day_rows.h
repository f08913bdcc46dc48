/* SPDX-License-Identifier: MIT
 * Amounts of a day while they are added up: members of objects in whole cents. */
#ifndef MPLUSKASSA_DAY_ROWS_H
#define MPLUSKASSA_DAY_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The text of a member, "" where there is none. */
const char *day_rows_text(const json_t *object, const char *name);
/* Whether a member is that text. */
bool day_rows_is(const json_t *object, const char *name, const char *value);
/* A decimal as cents. false: there is none, or no shop sells for so much: nobody knows it. */
bool day_rows_known(const json_t *object, const char *name, int64_t *cents);
/* The same, 0 where nobody knows. */
int64_t day_rows_cents(const json_t *object, const char *name);
/* A member that holds cents as an integer, and adding to it. */
int64_t day_rows_integer(const json_t *object, const char *name);
void day_rows_add(json_t *object, const char *name, int64_t cents);
/* The texts of an object under other names, where the row has none yet: {{row's name, from's
 * name}, ..., {NULL, NULL}}. */
void day_rows_copy(json_t *row, const json_t *from, const char *const names[][2]);

/* The turnover of a receipt: an array of rows with turnover group, VAT code and `excl` and `vat` in
 * cents, brought to the receipt's own VAT totals. A new reference. */
json_t *day_rows_turnover(const json_t *receipt);
/* The plain lines of a receipt, without what is below them. A new reference. */
json_t *day_rows_lines(const json_t *receipt);
/* The sum of rows with VAT, in cents. */
int64_t day_rows_sum(const json_t *rows);

/* What of a receipt nobody knows that the day cannot be added up without: "paymentList[0].amount".
 * false: nothing. */
bool day_rows_unknown(const json_t *receipt, char *place, size_t room);

#endif
