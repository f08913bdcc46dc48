/* SPDX-License-Identifier: MIT
 * What a core product must satisfy before it is sent. */
#ifndef KOPPEL_MODEL_PRODUCT_H
#define KOPPEL_MODEL_PRODUCT_H

#include <jansson.h>

#include "base/err.h"
#include "model/facts.h"

/* `number` is required, and loses blanks at its ends that nobody sees. Where the destination wants
 * whole numbers, `article_number` receives the number, which must be one without leading zeros that
 * fits 64 bits ("0012" is another article than "12" and parks); with settings.numbers = "any" it
 * goes to `plu` and the destination numbers the article itself. Without category it gets that of
 * settings.default_category. `price_incl` and `price_excl` complete each other by `vat_rate`,
 * half-up to the cent; where neither is known and settings.offer is on, it parks. A barcode whose
 * check digit is wrong is told at the field; it is sent, left out or parks by
 * settings.wrong_barcode. Reasons: "article.number", "article.vat", "field.unknown",
 * "field.wrong". */
int product_complete(json_t *product, const struct model_facts *facts, struct koppel_error *err);

#endif
