/* SPDX-License-Identifier: MIT
 * Unit prices of a core order: see order.h for the rule. */
#ifndef KOPPEL_MODEL_ORDER_PRICES_H
#define KOPPEL_MODEL_ORDER_PRICES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* lines[].unit_net with that many places (0: four), and vat_rounding: what a destination that
 * multiplies and taxes these prices itself would miss of the source's total. total: net and VAT, in
 * cents. */
int order_prices_net(json_t *order, json_t *lines, int places, int64_t total,
                     struct koppel_error *err);
/* lines[].unit_price and price_rounding: a destination that takes prices in cents and multiplies
 * them itself needs, beside a price per line, what these prices miss of the totals: one amount per
 * VAT code. */
int order_prices_in_cents(json_t *order, json_t *lines, bool inclusive, struct koppel_error *err);

#endif
