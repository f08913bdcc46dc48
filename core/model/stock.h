/* SPDX-License-Identifier: MIT
 * What a core stock level must satisfy before it is sent. */
#ifndef KOPPEL_MODEL_STOCK_H
#define KOPPEL_MODEL_STOCK_H

#include <jansson.h>

#include "base/err.h"
#include "model/facts.h"

/* `quantities` receives one { branch, amount } per branch of `levels`, summed, by settings.formula:
 * available (available - reserved), physical, free (physical - reserved), economic (physical -
 * reserved + incoming), or an expression over the members of a level. What the formula names and a
 * level does not have is unknown, never zero: the article parks. Negative sums are clamped to zero
 * unless settings.negative = "pass". Unmanaged articles get none. A level whose location has no
 * branch is left out with a note. Reasons: "stock.formula", "field.unknown". */
int stock_complete(json_t *stock, const struct model_facts *facts, struct koppel_error *err);

#endif
