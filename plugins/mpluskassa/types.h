/* SPDX-License-Identifier: MIT
 * The vendor's message types and operations that this connector uses. */
#ifndef MPLUSKASSA_TYPES_H
#define MPLUSKASSA_TYPES_H

#include "soap.h"

extern const struct soap_type type_order, type_line, type_line_data, type_relation, type_product,
    type_article;
/* Parts that several families share. */
extern const struct soap_type type_text, type_custom_field, type_article_discount;

extern const struct soap_operation op_get_api_version, op_get_orders, op_get_order, op_find_order,
    op_get_relations, op_get_relation, op_find_relation, op_create_relation, op_update_relation,
    op_get_products, op_get_vat_groups, op_get_payment_methods, op_get_delivery_methods,
    op_get_branches, op_get_employees, op_get_order_categories;

/* All of them, ended by NULL. */
extern const struct soap_operation *const operations[];

#endif
