/* SPDX-License-Identifier: MIT
 * The behaviours by name. */
#include "behaviour/behaviour.h"

#include <string.h>

#include "behaviour/behaviour_category.h"
#include "behaviour/behaviour_customer.h"
#include "behaviour/behaviour_ledger.h"
#include "behaviour/behaviour_order.h"
#include "behaviour/behaviour_product.h"
#include "behaviour/behaviour_quote.h"
#include "behaviour/behaviour_stock.h"

static const struct behaviour plain = {.model = "record"};

static const struct behaviour *const all[] = {
    &behaviour_category, &behaviour_customer, &behaviour_ledger, &behaviour_order,
    &behaviour_product,  &behaviour_quote,    &behaviour_stock,
};

const struct behaviour *behaviour_for(const char *model)
{
    if (model && strcmp(model, "article") == 0)
        model = "product"; /* as documents call it */
    for (size_t i = 0; model && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->model, model) == 0)
            return all[i];
    }
    return &plain;
}
