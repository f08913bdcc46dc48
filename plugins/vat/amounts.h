/* SPDX-License-Identifier: MIT
 * Amounts with and without VAT, exactly: what rounding leaves over goes to the lines that it was
 * taken from, so that they sum to the converted total. */
#ifndef KOPPEL_PLUGIN_VAT_AMOUNTS_H
#define KOPPEL_PLUGIN_VAT_AMOUNTS_H

#include "base/decimal.h"

#define AMOUNTS_LIMIT 100000 /* lines at most */

enum amounts_way { AMOUNTS_EXCL, AMOUNTS_INCL };
enum amounts_outcome { AMOUNTS_OK, AMOUNTS_RATE, AMOUNTS_TOO_LARGE, AMOUNTS_NO_MEMORY };

/* Converts n amounts of one VAT percentage to `places` digits behind the point. Their sum is that
 * of the amounts, converted and rounded half up; each line is rounded down, and what is left goes,
 * the smallest unit at a time, to the lines with the largest remainder, the earlier one on a tie.
 * AMOUNTS_RATE: the rate is -100 or less. */
enum amounts_outcome amounts_convert(enum amounts_way way, struct decimal rate, int places,
                                     const struct decimal *in, int n, struct decimal *out);

#endif
