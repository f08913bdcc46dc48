/* SPDX-License-Identifier: MIT
 * The vendor's message types and operations that this connector uses. */
#ifndef MPLUSKASSA_TYPES_H
#define MPLUSKASSA_TYPES_H

#include "soap.h"

/* What many messages hold: types.c */
extern const struct soap_type type_text, type_year_number, type_workplace_year_number,
    type_transaction_number, type_address, type_vat_group, type_branch_account;

/* Orders: types_orders.c */
extern const struct soap_type type_order, type_line, type_line_data, type_payment;
extern const struct soap_operation op_get_orders, op_get_order, op_find_order, op_create_order_v3,
    op_create_order, op_update_order, op_pay_order, op_cancel_order;

/* Invoices, packing slips, proposals: types_documents.c */
extern const struct soap_type type_invoice, type_packing_slip, type_proposal;
extern const struct soap_operation op_get_invoices, op_get_invoice, op_find_invoice,
    op_get_packing_slips, op_get_packing_slips_by_order, op_get_proposals, op_get_proposal,
    op_save_proposal, op_cancel_proposal, op_create_order_from_proposal,
    op_create_invoice_from_proposal;

/* Receipts, the financial journal, cash counts: types_till.c */
extern const struct soap_type type_receipt, type_cash_count;
extern const struct soap_operation op_get_receipts, op_get_financial_journal, op_get_cash_counts;

/* Relations: types_relations.c */
extern const struct soap_type type_relation, type_custom_field, type_article_discount;
extern const struct soap_operation op_get_relations, op_get_relation, op_find_relation,
    op_create_relation, op_update_relation, op_get_custom_field_lists;

/* Products, article groups and stock: types_goods.c */
/* Is the type named when it is read, and never sent? */
bool types_only_read(const struct soap_type *type);
extern const struct soap_type type_product, type_article, type_write_product, type_article_group;
extern const struct soap_operation op_get_products, op_get_articles, op_create_product,
    op_update_product, op_get_groups, op_get_group_changes, op_new_group, op_update_group,
    op_get_stock, op_set_stock, op_save_corrections;

/* Version and choice lists: types.c */
extern const struct soap_operation op_get_api_version, op_get_vat_groups, op_get_payment_methods,
    op_get_delivery_methods, op_get_branches, op_get_employees, op_get_order_categories,
    op_get_turnover_groups, op_get_card_categories;

/* Which operations an entity cannot do without, for the fuzzer and for the comparison with the
 * vendor's description: operations.c. entity NULL: needed always. The last row has no op. */
struct used_operation {
    const char *entity;
    const struct soap_operation *op;
};
extern const struct used_operation used_operations[];

#endif
