/* SPDX-License-Identifier: MIT
 * The totals of one financial day, put together from its receipts and cash counts, per branch.
 *
 * In whole cents, without network or state. What a receipt leaves unpaid is a payment by the method
 * "outstanding", so that
 *
 *   sum(payments.amount) = sum(turnover.inclAmount) + sum(inflow.amount) - sum(outflow.amount)
 *
 * but for what the till rounds when cash is paid. Whoever books the day decides about the rest.
 *
 * The VAT totals of a receipt are the truth; what its lines differ from them by goes to the largest
 * line of that VAT code. A receipt that belongs to an order is left out: the order carries it.
 *
 * Money that goes out without a sale is a positive amount of `outflow` and a negative payment. */
#ifndef MPLUSKASSA_DAYTOTAL_H
#define MPLUSKASSA_DAYTOTAL_H

#include <jansson.h>
#include <stdint.h>

/* An empty day; free it with json_decref. NULL: no memory. */
json_t *daytotal_new(void);
/* Adds a receipt as getReceipts gives it, lines and order references included. */
void daytotal_add_receipt(json_t *day, const json_t *receipt);
/* Adds a cash count as getCashCountList gives it, if it is final. */
void daytotal_add_cash_count(json_t *day, const json_t *count);
/* The branches that have something to tell, an array of texts in ascending order. */
json_t *daytotal_branches(const json_t *day);
/* The record of one branch. methods: payment methods as getPaymentMethods gives them, or NULL; they
 * name the ledger account of a payment that does not. *marker: the highest of the receipts.
 * NULL: memory ran out on the way. */
json_t *daytotal_record(const json_t *day, const char *branch, const char *date,
                        const json_t *methods, int64_t *marker);

#endif
