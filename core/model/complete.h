/* SPDX-License-Identifier: MIT
 * What a core record must satisfy before it is sent, and what is computed from it: one function per
 * model. They change the record in place and are pure: same record, same settings, same result. */
#ifndef KOPPEL_MODEL_COMPLETE_H
#define KOPPEL_MODEL_COMPLETE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

struct model_facts {
    const json_t *settings;   /* of the flow's model, with defaults; texts */
    bool whole_numbers;       /* the destination numbers articles with whole numbers only */
    const char *destination;  /* its name, for messages */
    json_t *notes;            /* receives what was done on the way; may be NULL */
};

/* KOPPEL_E_REJECTED with a reason code where the record cannot be sent. A model without rules
 * passes. */
int complete_record(const char *model, json_t *core, const struct model_facts *facts,
                   struct koppel_error *err);

/* product: `number` is required. Where the destination wants whole numbers, `article_number`
 * receives the number, which must be one without leading zeros that fits 64 bits ("0012" is another
 * article than "12" and parks); with settings.numbers = "any" it goes to `plu` and the destination
 * numbers the article itself. Without category it gets that of settings.default_category.
 * `price_incl` and `price_excl` complete each other by `vat_rate`, half-up to the cent. Reasons:
 * "article.number", "article.vat". */
int product_complete(json_t *product, const struct model_facts *facts, struct koppel_error *err);

/* stock: `quantities` receives one { branch, amount } per branch of `levels`, summed, by
 * settings.formula: available (available - reserved), physical, free (physical - reserved),
 * economic (physical - reserved + incoming), or an expression over the members of a level. Negative
 * sums are clamped to zero unless settings.negative = "pass". Unmanaged articles get none. A level
 * whose location has no branch is left out with a note. Reason: "stock.formula". */
int stock_complete(json_t *stock, const struct model_facts *facts, struct koppel_error *err);

/* ledger: one day of a till. What was sold and paid in must equal what was received: the
 * difference, at most settings.rounding_limit, goes to `rounding` (debit positive). Reason:
 * "ledger.totals". */
int ledger_complete(json_t *ledger, const struct model_facts *facts, struct koppel_error *err);

#endif
