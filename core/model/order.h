/* SPDX-License-Identifier: MIT
 * What a core order must satisfy before it is sent: currency, shifted VAT, and exact amounts per
 * line.
 *
 * The till's VAT totals (`vat`: code, rate, excl, vat) are the truth; they are never recomputed
 * from the lines. Each line receives `net` and `vat` such that per VAT code their sums equal the
 * till's totals: the exact share is rounded down to the cent and the cents that are left go, one
 * each, to the lines with the largest remainder (the earlier one on a tie), so no line is off by a
 * cent or more. What is left beyond that, at most settings.rounding_limit per VAT code, goes to a
 * line of kind "rounding" on settings.rounding_account (its `account`), or to the largest line
 * where none is set; a larger difference parks, and so does a line whose amount is in no VAT total.
 * A document without VAT totals of its own, a packing slip, has them summed from its lines; a line
 * without a total gets that of its price there, and parks where it has no price either: what is
 * unknown is never zero. total_incl and total_excl of the source must be what this comes to.
 *
 * For a destination that multiplies and taxes by itself, `unit_net` is net / quantity to four
 * places, or those of the destination, and vat_rounding what such a computation misses of the
 * total, where it misses something; where VAT is shifted its rates count as zero. `unit_price` and
 * price_rounding are the same for one that takes prices in cents, and not VAT. settings.discounts =
 * "line" shows a discount as a line of its own.
 *
 * total_paid is the sum of `payments`; a `delivery` that says no more than the address of the
 * customer goes. `ordered` and `delivered` (lists of number and quantity) of a partial delivery
 * must not show more delivered than ordered. */
#ifndef KOPPEL_MODEL_ORDER_H
#define KOPPEL_MODEL_ORDER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/facts.h"

/* Completes a core order in place: lines[].net, lines[].vat, lines[].unit_net, lines[].region
 * (country or "shifted"), total_net, total_vat, vat_rounding, total_paid. KOPPEL_E_REJECTED with
 * reason "order.currency", "order.shifted", "order.type", "order.totals", "order.delivered",
 * "field.unknown" or "field.wrong" otherwise. */
int order_complete(json_t *order, const struct model_facts *facts, struct koppel_error *err);

/* Is nothing sold, charged or taken back by it: no line with an article or an amount, and no total?
 * An amount that is no number is something. */
bool order_is_empty(const json_t *order);

#endif
