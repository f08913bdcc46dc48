/* SPDX-License-Identifier: MIT
 * The totals of one financial day, put together from its receipts and cash counts, per branch.
 *
 * In whole cents, without network or state. What a receipt leaves unpaid is a payment by the method
 * "outstanding", so that
 *
 *   sum(payments.amount) = sum(turnover.inclAmount) + sum(inflow.amount) - sum(outflow.amount)
 *
 * but for what the till rounds when cash is paid, which is told receipt by receipt as
 * `roundingAmount`. Whoever books the day decides about the rest.
 *
 * The VAT totals of a receipt are the truth; what its lines differ from them by goes to the largest
 * line of that VAT code. A receipt that belongs to an order is left out: the order carries it.
 *
 * Money that goes out without a sale is a positive amount of `outflow` and a negative payment. */
#ifndef MPLUSKASSA_DAYTOTAL_H
#define MPLUSKASSA_DAYTOTAL_H

#include <jansson.h>
#include <stdint.h>

/* An empty day: an object of branches. Free it with json_decref. NULL: no memory. */
json_t *daytotal_new(void);
/* Adds a receipt as getReceipts gives it, lines and order references included. One that lacks an
 * amount makes its branch unknown. */
void daytotal_add_receipt(json_t *day, const json_t *receipt);
/* Adds a cash count as getCashCountList gives it, if it is final. */
void daytotal_add_cash_count(json_t *day, const json_t *count);
/* A branch wants a record even where nothing is left of its day. */
void daytotal_expect(json_t *day, const char *branch);
/* What belongs to a branch cannot be told ("": to none that is known, so to any): its day is
 * unknown, and why. raw: the record that is to blame, as text; NULL where it is no UTF-8. */
void daytotal_spoil(json_t *day, const char *branch, const char *why, const char *raw);

#endif
