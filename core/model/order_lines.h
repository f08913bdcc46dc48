/* SPDX-License-Identifier: MIT
 * The lines of a core order: see order.h for the rule. */
#ifndef KOPPEL_MODEL_ORDER_LINES_H
#define KOPPEL_MODEL_ORDER_LINES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/facts.h"

/* Zero-quantity lines stay as text or go, as set. */
void order_lines_clean(json_t *lines, const struct model_facts *facts);
/* For a document without VAT totals: a line without a total gets that of its price; one that is an
 * article or taxed, and has neither, parks: "field.unknown". A line of text that has a price is one
 * of costs. */
int order_lines_know(json_t *lines, bool inclusive, struct koppel_error *err);
/* A partial delivery: what was delivered so far, this one included, is at most what was ordered. */
int order_lines_check_deliveries(const json_t *order, struct koppel_error *err);
/* A discounted line becomes one at the price before the discount, and a line of kind "discount".
 * The two have the net amount and the VAT that the one had. */
int order_lines_split_discounts(json_t *order, json_t *lines, const struct model_facts *facts,
                                struct koppel_error *err);

#endif
