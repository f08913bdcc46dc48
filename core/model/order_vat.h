/* SPDX-License-Identifier: MIT
 * The VAT groups of a core order, and each line's share of them: see order.h for the rule. */
#ifndef KOPPEL_MODEL_ORDER_VAT_H
#define KOPPEL_MODEL_ORDER_VAT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "model/facts.h"

/* What the lines of all groups share. */
struct order_vat {
    const json_t *order;
    json_t *lines;
    const struct model_facts *facts;
    bool inclusive;      /* prices hold the VAT */
    int64_t limit;       /* of rounding, in cents */
    const char *account; /* of rounding lines; "": the largest line takes what is left */
};

/* The VAT total that a line is part of, borrowed; NULL: none. */
json_t *order_vat_group(const json_t *order, const json_t *line);
/* The percentage of a VAT group that is really charged: none where VAT is shifted or not charged.
 */
int order_vat_rate(const json_t *order, const json_t *group, struct decimal *out,
                   struct koppel_error *err);
/* A document that brings no VAT totals of its own (a packing slip) gets them from its lines. */
int order_vat_derive(json_t *order, json_t *lines, bool inclusive, struct koppel_error *err);
/* Every line's share of the VAT totals; *net and *vat are what these come to. */
int order_vat_share(const struct order_vat *o, int64_t *net, int64_t *vat,
                    struct koppel_error *err);

#endif
