/* SPDX-License-Identifier: MIT
 * Amounts of a record: read, summed and written with every overflow seen, and never taken for zero
 * where they are not known.
 *
 * An amount of more than AMOUNT_LIMIT_CENTS, and a sum of more, is a mistake of the source: it is
 * refused, as it would be booked for years. */
#ifndef KOPPEL_MODEL_AMOUNT_H
#define KOPPEL_MODEL_AMOUNT_H

#include <jansson.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"

#define AMOUNT_LIMIT_CENTS 1000000000000 /* ten thousand million */

/* A member as text, "" where there is none. */
const char *amount_text(const json_t *object, const char *name);
/* A member as a decimal, and in cents, half up; *has = 0 where it is not there, null or blank, and
 * *out is zero then. -1 and KOPPEL_E_REJECTED where it is no number or beyond the limit. */
int amount_number(const json_t *object, const char *name, struct decimal *out, int *has,
                  struct koppel_error *err);
int amount_cents(const json_t *object, const char *name, int64_t *out, int *has,
                 struct koppel_error *err);
/* The same where it must be there: -1 with reason "field.unknown", naming it as `where`name. */
int amount_known(const json_t *object, const char *where, const char *name, int64_t *out,
                 struct koppel_error *err);
int amount_set(json_t *object, const char *name, int64_t cents);
/* *sum += cents. -1 beyond the limit. */
int amount_add(int64_t *sum, int64_t cents, struct koppel_error *err);
/* Cents of a percentage of cents, half up. */
int amount_percentage(int64_t cents, struct decimal rate, int64_t *out, struct koppel_error *err);
/* Returns -1: an amount that no field could hold. */
int amount_out_of_range(struct koppel_error *err);
/* Returns -1: KOPPEL_E_REJECTED, reason "field.unknown". field: what is not known, as the mapping
 * names it. */
int amount_unknown(const char *field, struct koppel_error *err);

#endif
