/* SPDX-License-Identifier: MIT
 * What a core record must satisfy before it is sent, and what is computed from it. Pure: same
 * record, same settings, same result. */
#ifndef KOPPEL_MODEL_COMPLETE_H
#define KOPPEL_MODEL_COMPLETE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/facts.h"

/* Changes the record in place by the rules of its model (order.h, product.h, stock.h, ledger.h,
 * customer.h). Every field that the model calls a date becomes the day in the home zone
 * ("2026-07-01" of 2026-06-30T22:00:00Z). KOPPEL_E_REJECTED with a reason code where the record
 * cannot be sent; "field.wrong" names a date that is none, and "field.unknown" what is not known. A
 * model without rules passes. */
int complete_record(const char *model, json_t *core, const struct model_facts *facts,
                    struct koppel_error *err);

/* Is there nothing to send? The reason for which the record is skipped ("no_lines", "no_turnover"),
 * with a sentence in *detail; NULL: there is. Asked before complete_record and before any reference
 * is made: an order without lines needs no customer. */
const char *complete_nothing(const char *model, const json_t *core, const char **detail);

/* Compares what a destination's document comes to with the core record that it was made of. total:
 * the field of the mapped document or of the peer's answer that the catalogue gives the role
 * "total", as text; NULL or blank: it tells none, and nothing is compared. with_vat: whether that
 * is the total with VAT. share: of 1 where the document stands for the whole record, -1 where it
 * takes it back. KOPPEL_E_REJECTED, reason "order.totals" ("ledger.totals" of a day), with both
 * totals. Of a record that is completed. */
int complete_total(const char *model, const json_t *core, const char *total, bool with_vat,
                   int share, struct koppel_error *err);

#endif
