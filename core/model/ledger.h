/* SPDX-License-Identifier: MIT
 * What a day of a till must satisfy before it is sent. */
#ifndef KOPPEL_MODEL_LEDGER_H
#define KOPPEL_MODEL_LEDGER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/facts.h"

/* What was sold and paid in must equal what was received, but for what the till says that it
 * rounded (`rounded`) and at most settings.rounding_limit: the difference goes to `rounding` (debit
 * positive). An amount that is not there is unknown, and parks. Reasons: "ledger.totals",
 * "field.unknown". */
int ledger_complete(json_t *ledger, const struct model_facts *facts, struct koppel_error *err);

/* Was nothing sold, received, paid in or out? An amount that is no number is something. */
bool ledger_is_empty(const json_t *ledger);

#endif
