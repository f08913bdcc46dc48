/* SPDX-License-Identifier: MIT
 * Which operations of the service each entity uses. */
#include "types.h"

const struct used_operation used_operations[] = {
    {NULL, &op_get_api_version},
    {"order", &op_get_orders},
    {"order", &op_get_order},
    {"order", &op_find_order},
    {"order", &op_get_relations},
    {"order", &op_get_payment_methods},
    {"order", &op_get_delivery_methods},
    {"order", &op_get_branches},
    {"order", &op_get_employees},
    {"order", &op_get_order_categories},
    {"relation", &op_get_relations},
    {"relation", &op_get_relation},
    {"relation", &op_find_relation},
    {"relation", &op_create_relation},
    {"relation", &op_update_relation},
    {"product", &op_get_products},
    {"article", &op_get_products},
    {"article", &op_get_vat_groups},
    {NULL, NULL},
};
