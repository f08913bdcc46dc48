/* SPDX-License-Identifier: MIT
 * What the files that complete a core order share: order.c its head and the shares of its VAT
 * groups, order_lines.c its lines before and after. */
#ifndef KOPPEL_MODEL_ORDER_PARTS_H
#define KOPPEL_MODEL_ORDER_PARTS_H

#include <jansson.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"

/* A member as text, "" where there is none. */
const char *order_text(const json_t *object, const char *name);
/* A member as a decimal, and in cents; *has = 0 where it is not there. KOPPEL_E_REJECTED otherwise.
 */
int order_number(const json_t *object, const char *name, struct decimal *out, int *has,
                 struct koppel_error *err);
int order_cents(const json_t *object, const char *name, int64_t *out, int *has,
                struct koppel_error *err);
int order_set_cents(json_t *object, const char *name, int64_t cents);
/* Cents of a percentage of cents, half up. */
int order_percentage(int64_t cents, struct decimal rate, int64_t *out, struct koppel_error *err);
/* The VAT total that a line is part of, borrowed; NULL: none. */
json_t *order_group(const json_t *order, const json_t *line);
/* The percentage of a VAT group that is really charged: none where VAT is shifted or not charged.
 */
int order_rate(const json_t *order, const json_t *group, struct decimal *out,
               struct koppel_error *err);

/* Zero-quantity lines stay as text or go, as set. */
void order_clean_lines(json_t *lines, const json_t *settings, json_t *notes);
/* A partial delivery: what was delivered so far, this one included, is at most what was ordered. */
int order_check_deliveries(const json_t *order, struct koppel_error *err);
/* A discounted line becomes one at the price before the discount, and a line of kind "discount".
 * The two have the net amount and the VAT that the one had. */
int order_split_discounts(json_t *order, json_t *lines, struct koppel_error *err);
/* lines[].unit_net, and vat_rounding: what a destination that multiplies and taxes these prices
 * itself would miss of the till's total. total: net and VAT of the till, in cents. */
int order_set_prices(json_t *order, json_t *lines, int64_t total, struct koppel_error *err);
/* lines[].unit_price and price_rounding: a destination that takes prices in cents and multiplies
 * them itself needs, beside a price per line, what these prices miss of the totals: one amount per
 * VAT code. */
int order_set_unit_prices(json_t *order, json_t *lines, int inclusive, struct koppel_error *err);

#endif
