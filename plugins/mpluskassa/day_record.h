/* SPDX-License-Identifier: MIT
 * The records of a day that was added up: one per branch. */
#ifndef MPLUSKASSA_DAY_RECORD_H
#define MPLUSKASSA_DAY_RECORD_H

#include <jansson.h>
#include <stdint.h>

/* The branches that have something to tell, an array of texts in ascending order. "" is among them
 * where something is to blame whose branch is not known. */
json_t *day_record_branches(const json_t *day);
/* Why the day of a branch is unknown, and the text of what is to blame (may be NULL). NULL: it is
 * known. */
const char *day_record_unknown(const json_t *day, const char *branch, const char **raw);
/* The record of one branch. methods: payment methods as getPaymentMethods gives them, or NULL; they
 * name the ledger account of a payment that does not. *marker: the highest of the receipts.
 * NULL: memory ran out on the way. */
json_t *day_record_make(const json_t *day, const char *branch, const char *date,
                        const json_t *methods, int64_t *marker);

#endif
