/* SPDX-License-Identifier: MIT
 * The models that have rules. */
#include "model/complete.h"

#include <string.h>

#include "model/order.h"

int complete_record(const char *model, json_t *core, const struct model_facts *facts,
                   struct koppel_error *err)
{
    if (strcmp(model, "order") == 0 || strcmp(model, "quote") == 0)
        return order_complete(core, facts->settings, facts->notes, err);
    if (strcmp(model, "product") == 0)
        return product_complete(core, facts, err);
    if (strcmp(model, "stock") == 0)
        return stock_complete(core, facts, err);
    if (strcmp(model, "ledger") == 0)
        return ledger_complete(core, facts, err);
    return 0;
}
