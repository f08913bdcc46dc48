/* SPDX-License-Identifier: MIT
 * The totals of one financial day: see daytotal.h for the rules.
 *
 * A day is an object of branches. A branch holds its rows in objects by sort key, amounts as JSON
 * integers of cents, until daytotal_record() writes them out. */
#include "daytotal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "day_rows.h"
#include "soap_value.h"

#define KEY_BYTES 256
/* What a cash payment in steps of five cents is rounded by at most. */
#define ROUNDING_MAX 2

/* The member, an object; made where it is not there yet. */
static json_t *object_of(json_t *parent, const char *name)
{
    json_t *object = json_object_get(parent, name);
    if (!object && json_object_set_new(parent, name, json_object()) == 0)
        object = json_object_get(parent, name);
    return object;
}

json_t *daytotal_new(void)
{
    return json_object();
}

/* Numbers sort as numbers, everything else after them as text. */
static void sort_key(const char *text, char out[KEY_BYTES / 4])
{
    size_t n = strspn(text, "0123456789");
    if (n > 0 && !text[n] && n < 20)
        snprintf(out, KEY_BYTES / 4, "%020" PRId64, (int64_t)strtoll(text, NULL, 10));
    else
        snprintf(out, KEY_BYTES / 4, "~%.50s", text);
}

/* ---- turnover ---- */

static void merge_row(json_t *branch, const json_t *row)
{
    char group[KEY_BYTES / 4], code[KEY_BYTES / 4], key[KEY_BYTES];
    sort_key(day_rows_text(row, "turnoverGroup"), group);
    sort_key(day_rows_text(row, "vatCode"), code);
    snprintf(key, sizeof key, "%s|%s|%.16s|%.40s|%.12s", group, code,
             day_rows_text(row, "vatPercentage"), day_rows_text(row, "turnoverGroupType"),
             day_rows_text(row, "accountNumber"));
    json_t *total = object_of(object_of(branch, "turnover"), key), *value;
    const char *name;
    json_object_foreach((json_t *)row, name, value) {
        if (json_is_string(value) && !json_object_get(total, name))
            json_object_set(total, name, value);
    }
    day_rows_add(total, "excl", day_rows_integer(row, "excl"));
    day_rows_add(total, "vat", day_rows_integer(row, "vat"));
}

static void add_turnover(json_t *branch, const json_t *receipt)
{
    json_t *rows = day_rows_turnover(receipt), *item;
    size_t i;
    json_array_foreach(rows, i, item) merge_row(branch, item);
    day_rows_add(branch, "sold", day_rows_sum(rows));
    day_rows_add(branch, "total", day_rows_cents(receipt, "totalInclAmount"));
    json_decref(rows);
}

/* ---- payments ---- */

static void add_payment(json_t *branch, const json_t *payment, int64_t amount)
{
    static const char *const names[][2] = {{"method", "method"},
                                           {"description", "description"},
                                           {"accountNumber", "accountNumber"},
                                           {"paymentMethodType", "paymentMethodType"},
                                           {NULL, NULL}};
    json_t *row = object_of(object_of(branch, "payments"), day_rows_text(payment, "method"));
    day_rows_copy(row, payment, names);
    day_rows_add(row, "amount", amount);
    day_rows_add(branch, "received", amount);
}

static int64_t sum_payments(const json_t *receipt)
{
    const json_t *payment;
    int64_t sum = 0;
    size_t i;
    json_array_foreach(json_object_get(receipt, "paymentList"), i, payment) sum +=
        day_rows_cents(payment, "amount");
    return sum;
}

static void add_payments(json_t *branch, const json_t *receipt, int sign)
{
    const json_t *payment;
    size_t i;
    json_array_foreach(json_object_get(receipt, "paymentList"), i, payment)
        add_payment(branch, payment, sign * day_rows_cents(payment, "amount"));
}

/* What a sale lacks of its payment is still to be paid, or it is the rounding of a cash payment,
 * which may come to anything over a day but to no more than this on one receipt. Else it stays
 * visible as a difference between turnover and payments. */
static void add_unpaid(json_t *branch, const json_t *receipt)
{
    int64_t open = day_rows_cents(receipt, "totalInclAmount") - sum_payments(receipt);
    const char *state = day_rows_text(receipt, "state");
    if (open == 0)
        return;
    if (strstr(state, "OUTSTANDING") || strstr(state, "PARTLY")) {
        json_t *payment = json_pack("{s:s}", "method", "outstanding");
        add_payment(branch, payment, open);
        json_decref(payment);
    } else if (llabs(open) <= ROUNDING_MAX) {
        day_rows_add(branch, "rounding", -open);
        day_rows_add(branch, "rounded", 1);
    }
}

/* ---- money that goes in or out without a sale ---- */

static void add_moved(json_t *branch, const char *list, const json_t *data, int64_t amount)
{
    static const char *const names[][2] = {{"turnoverGroup", "turnoverGroup"},
                                           {"turnoverGroupName", "turnoverGroupName"},
                                           {"accountNumber", "turnoverGroupAccountNumber"},
                                           {NULL, NULL}};
    char key[KEY_BYTES / 4];
    sort_key(day_rows_text(data, "turnoverGroup"), key);
    json_t *row = object_of(object_of(branch, list), key);
    day_rows_copy(row, data, names);
    day_rows_add(row, "amount", amount);
    day_rows_add(branch, "moved", strcmp(list, "outflow") == 0 ? -amount : amount);
}

/* Money that goes out is a positive amount of `outflow` and a negative payment, whichever sign the
 * receipt gives it. */
static void add_move(json_t *branch, const json_t *receipt, bool out)
{
    const char *list = out ? "outflow" : "inflow";
    int64_t paid = sum_payments(receipt);
    json_t *rows = day_rows_lines(receipt), *line;
    int64_t moved = day_rows_sum(rows);
    int line_sign = out && moved < 0 ? -1 : 1, pay_sign = out && paid > 0 ? -1 : 1;
    size_t i;
    json_decref(rows);
    json_array_foreach(json_object_get(receipt, "lineList"), i, line) {
        const json_t *data = json_object_get(line, "data");
        int64_t amount = day_rows_cents(data, "totalInclAmount");
        if (amount != 0)
            add_moved(branch, list, data, line_sign * amount);
    }
    add_payments(branch, receipt, pay_sign);
    /* what its lines do not explain, all of it where there are none */
    paid = (out ? -1 : 1) * pay_sign * paid - line_sign * moved;
    if (paid != 0)
        add_moved(branch, list, NULL, paid);
}

/* ---- adding ---- */

void daytotal_expect(json_t *day, const char *branch)
{
    json_object_set_new(object_of(day, branch), "expected", json_true());
}

void daytotal_spoil(json_t *day, const char *branch, const char *why, const char *raw)
{
    json_t *of = object_of(day, branch);
    if (json_object_get(of, "unknown"))
        return; /* the first one is told */
    json_object_set_new(of, "unknown", json_string(why));
    if (raw)
        json_object_set_new(of, "raw", json_string(raw));
}

static void spoil_by(json_t *day, const char *branch, const char *what, const char *id,
                     const char *place, const json_t *record)
{
    char why[200];
    char *raw = json_dumps(record, JSON_COMPACT);
    snprintf(why, sizeof why, "%s %.60s: %.100s is missing", what, id, place);
    daytotal_spoil(day, branch, why, raw);
    free(raw);
}

void daytotal_add_receipt(json_t *day, const json_t *receipt)
{
    const char *number = day_rows_text(receipt, "financialBranchNumber");
    json_t *branch = object_of(day, number);
    int64_t marker = strtoll(day_rows_text(receipt, "syncMarker"), NULL, 10);
    char place[80];
    if (marker > day_rows_integer(branch, "marker"))
        json_object_set_new(branch, "marker", json_integer(marker));
    if (json_array_size(json_object_get(receipt, "orderIds")) > 0)
        return;
    day_rows_add(branch, "receipts", 1);
    if (day_rows_unknown(receipt, place, sizeof place)) {
        spoil_by(day, number, "receipt", day_rows_text(receipt, "receiptId"), place, receipt);
        return;
    }
    if (day_rows_is(receipt, "receiptType", "RECEIPT-TYPE-CASH-INFLOW")) {
        add_move(branch, receipt, false);
    } else if (day_rows_is(receipt, "receiptType", "RECEIPT-TYPE-CASH-OUTFLOW")) {
        add_move(branch, receipt, true);
    } else if (day_rows_is(receipt, "receiptType", "RECEIPT-TYPE-PAYMENT-METHOD-TRANSFER")) {
        add_payments(branch, receipt, 1);
    } else {
        add_turnover(branch, receipt);
        add_payments(branch, receipt, 1);
        add_unpaid(branch, receipt);
    }
}

static void add_difference(json_t *branch, const json_t *line, int64_t amount)
{
    static const char *const names[][2] = {{"paymentMethod", "paymentMethod"},
                                           {"differenceAccountNumber", "differenceAccountNumber"},
                                           {"accountNumber", "accountNumber"},
                                           {NULL, NULL}};
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "%.120s|%.20s", day_rows_text(line, "paymentMethod"),
             day_rows_text(line, "differenceAccountNumber"));
    json_t *row = object_of(object_of(branch, "differences"), key);
    day_rows_copy(row, line, names);
    day_rows_add(row, "differenceAmount", amount);
}

void daytotal_add_cash_count(json_t *day, const json_t *count)
{
    if (json_is_false(json_object_get(count, "isFinalized")))
        return;
    const char *number = day_rows_text(count, "branchNumber");
    json_t *branch = object_of(day, number), *line;
    size_t i;
    json_array_foreach(json_object_get(count, "cashCountLineList"), i, line) {
        int64_t amount;
        if (!day_rows_known(line, "differenceAmount", &amount))
            spoil_by(day, number, "cash count", day_rows_text(count, "cashCountId"),
                     "differenceAmount", line);
        else if (amount != 0)
            add_difference(branch, line, amount);
    }
}
