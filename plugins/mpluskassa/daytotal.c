/* SPDX-License-Identifier: MIT
 * The totals of one financial day: see daytotal.h for the rules.
 *
 * A day is an object of branches. A branch holds its rows in objects by sort key, amounts as JSON
 * integers of cents, until daytotal_record() writes them out. */
#include "daytotal.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"

#define KEY_BYTES 256

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

/* No shop sells for more than this; it keeps the sums of a million lines within 64 bits. */
#define CENTS_MAX 1000000000000

static int64_t cents(const json_t *object, const char *name)
{
    int64_t value = 0;

    if (!soap_scale_decimal(text_of(object, name), 2, &value))
        return 0;
    return value > CENTS_MAX ? CENTS_MAX : value < -CENTS_MAX ? -CENTS_MAX : value;
}

static int64_t integer(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void add(json_t *object, const char *name, int64_t value)
{
    json_object_set_new(object, name, json_integer(integer(object, name) + value));
}

static bool is(const json_t *object, const char *name, const char *value)
{
    return strcmp(text_of(object, name), value) == 0;
}

/* The member, an object; made where it is not there yet. */
static json_t *object_of(json_t *parent, const char *name)
{
    json_t *object = json_object_get(parent, name);

    if (object == NULL && json_object_set_new(parent, name, json_object()) == 0)
        object = json_object_get(parent, name);
    return object;
}

json_t *daytotal_new(void)
{
    return json_object();
}

/* ---- rows ---- */

/* Numbers sort as numbers, everything else after them as text. */
static void sort_key(const char *text, char out[KEY_BYTES / 4])
{
    size_t n = strspn(text, "0123456789");

    if (n > 0 && text[n] == '\0' && n < 20)
        snprintf(out, KEY_BYTES / 4, "%020" PRId64, (int64_t)strtoll(text, NULL, 10));
    else
        snprintf(out, KEY_BYTES / 4, "~%.50s", text);
}

static void copy_texts(json_t *row, const json_t *from, const char *const names[][2])
{
    size_t i;

    for (i = 0; names[i][0] != NULL; i++) {
        json_t *value = json_object_get(from, names[i][1]);

        if (value != NULL && json_object_get(row, names[i][0]) == NULL)
            json_object_set(row, names[i][0], value);
    }
}

/* ---- turnover ---- */

static const char *const turnover_names[][2] = {
    {"turnoverGroup", "turnoverGroup"}, {"turnoverGroupName", "turnoverGroupName"},
    {"turnoverGroupType", "turnoverGroupType"}, {"accountNumber", "turnoverGroupAccountNumber"},
    {"vatCode", "vatCode"}, {"vatPercentage", "vatPercentage"}, {NULL, NULL}};

/* What one line brings, as a row of its own with excl and vat. */
static void add_line(json_t *rows, const json_t *line)
{
    const json_t *data = json_object_get(line, "data");
    int64_t excl = cents(data, "totalExclAmount"), incl = cents(data, "totalInclAmount");
    json_t *row;

    if (excl == 0 && incl == 0)
        return;
    row = json_object();
    copy_texts(row, data, turnover_names);
    add(row, "excl", excl);
    add(row, "vat", incl - excl);
    json_array_append_new(rows, row);
}

/* parts: also the options and components below a line. */
static void add_lines(json_t *rows, const json_t *lines, bool parts)
{
    const json_t *line;
    size_t i;

    json_array_foreach((json_t *)lines, i, line) {
        add_line(rows, line);
        if (parts)
            add_lines(rows, json_object_get(line, "preparationList"), true);
    }
}

static int64_t sum_incl(const json_t *rows)
{
    const json_t *row;
    int64_t sum = 0;
    size_t i;

    json_array_foreach((json_t *)rows, i, row)
        sum += integer(row, "excl") + integer(row, "vat");
    return sum;
}

/* The lines of a receipt. Whether a line's total holds that of its parts is not documented: the
 * reading that adds up to the receipt's total is the right one. */
static json_t *lines_of(const json_t *receipt)
{
    const json_t *lines = json_object_get(receipt, "lineList");
    int64_t total = cents(receipt, "totalInclAmount");
    json_t *rows = json_array(), *all;

    add_lines(rows, lines, false);
    if (sum_incl(rows) == total)
        return rows;
    all = json_array();
    add_lines(all, lines, true);
    if (sum_incl(all) != total) {
        json_decref(all);
        return rows;
    }
    json_decref(rows);
    return all;
}

/* Brings the rows of one VAT code to the receipt's own total of it. */
static void settle_vat(json_t *rows, const json_t *group)
{
    int64_t excl = cents(group, "exclAmount"), vat = cents(group, "vatAmount");
    json_t *row, *largest = NULL;
    size_t i;

    json_array_foreach(rows, i, row) {
        if (strcmp(text_of(row, "vatCode"), text_of(group, "vatCode")) != 0)
            continue;
        excl -= integer(row, "excl");
        vat -= integer(row, "vat");
        if (largest == NULL ||
            llabs(integer(row, "excl")) > llabs(integer(largest, "excl")))
            largest = row;
    }
    if (excl == 0 && vat == 0)
        return;
    if (largest == NULL) {
        largest = json_pack("{s:s, s:s, s:s}", "turnoverGroup", "unexplained", "turnoverGroupName",
                            "VAT without lines", "turnoverGroupType", "UNEXPLAINED");
        json_object_set(largest, "vatCode", json_object_get(group, "vatCode"));
        json_object_set(largest, "vatPercentage", json_object_get(group, "vatPercentage"));
        json_array_append_new(rows, largest);
    }
    add(largest, "excl", excl);
    add(largest, "vat", vat);
}

static void merge_row(json_t *branch, const json_t *row)
{
    char group[KEY_BYTES / 4], code[KEY_BYTES / 4], key[KEY_BYTES];
    json_t *total;
    const char *name;
    json_t *value;

    sort_key(text_of(row, "turnoverGroup"), group);
    sort_key(text_of(row, "vatCode"), code);
    snprintf(key, sizeof key, "%s|%s|%.16s|%.40s|%.12s", group, code, text_of(row, "vatPercentage"),
             text_of(row, "turnoverGroupType"), text_of(row, "accountNumber"));
    total = object_of(object_of(branch, "turnover"), key);
    json_object_foreach((json_t *)row, name, value) {
        if (json_is_string(value) && json_object_get(total, name) == NULL)
            json_object_set(total, name, value);
    }
    add(total, "excl", integer(row, "excl"));
    add(total, "vat", integer(row, "vat"));
}

static void add_turnover(json_t *branch, const json_t *receipt)
{
    json_t *rows = lines_of(receipt), *item;
    size_t i;

    json_array_foreach(json_object_get(receipt, "vatGroupList"), i, item)
        settle_vat(rows, item);
    json_array_foreach(rows, i, item)
        merge_row(branch, item);
    add(branch, "sold", sum_incl(rows));
    add(branch, "total", cents(receipt, "totalInclAmount"));
    json_decref(rows);
}

/* ---- payments ---- */

static const char *const payment_names[][2] = {
    {"method", "method"}, {"description", "description"}, {"accountNumber", "accountNumber"},
    {"paymentMethodType", "paymentMethodType"}, {NULL, NULL}};

static void add_payment(json_t *branch, const json_t *payment, int64_t amount)
{
    json_t *row = object_of(object_of(branch, "payments"), text_of(payment, "method"));

    copy_texts(row, payment, payment_names);
    add(row, "amount", amount);
    add(branch, "received", amount);
}

static int64_t sum_payments(const json_t *receipt)
{
    const json_t *payment;
    int64_t sum = 0;
    size_t i;

    json_array_foreach(json_object_get(receipt, "paymentList"), i, payment)
        sum += cents(payment, "amount");
    return sum;
}

static void add_payments(json_t *branch, const json_t *receipt, int sign)
{
    const json_t *payment;
    size_t i;

    json_array_foreach(json_object_get(receipt, "paymentList"), i, payment)
        add_payment(branch, payment, sign * cents(payment, "amount"));
}

/* What is still to be paid for a sale. What a paid one lacks is rounding and stays visible as a
 * difference between turnover and payments. */
static void add_unpaid(json_t *branch, const json_t *receipt)
{
    int64_t open = cents(receipt, "totalInclAmount") - sum_payments(receipt);
    const char *state = text_of(receipt, "state");
    json_t *payment;

    if (open == 0 || (strstr(state, "OUTSTANDING") == NULL && strstr(state, "PARTLY") == NULL))
        return;
    payment = json_pack("{s:s, s:s}", "method", "outstanding", "description", "Not paid yet");
    add_payment(branch, payment, open);
    json_decref(payment);
}

/* ---- money that goes in or out without a sale ---- */

static const char *const move_names[][2] = {
    {"turnoverGroup", "turnoverGroup"}, {"turnoverGroupName", "turnoverGroupName"},
    {"accountNumber", "turnoverGroupAccountNumber"}, {NULL, NULL}};

static void add_moved(json_t *branch, const char *list, const json_t *data, int64_t amount)
{
    char key[KEY_BYTES / 4];
    json_t *row;

    sort_key(text_of(data, "turnoverGroup"), key);
    row = object_of(object_of(branch, list), key);
    copy_texts(row, data, move_names);
    add(row, "amount", amount);
    add(branch, "moved", strcmp(list, "outflow") == 0 ? -amount : amount);
}

/* Money that goes out is a positive amount of `outflow` and a negative payment, whichever sign the
 * receipt gives it. */
static void add_move(json_t *branch, const json_t *receipt, bool out)
{
    const char *list = out ? "outflow" : "inflow";
    json_t *rows = json_array(), *line;
    int64_t paid = sum_payments(receipt), moved;
    int line_sign, pay_sign = out && paid > 0 ? -1 : 1;
    size_t i;

    add_lines(rows, json_object_get(receipt, "lineList"), false);
    moved = sum_incl(rows);
    line_sign = out && moved < 0 ? -1 : 1;
    json_decref(rows);
    json_array_foreach(json_object_get(receipt, "lineList"), i, line) {
        const json_t *data = json_object_get(line, "data");
        int64_t amount = cents(data, "totalInclAmount");

        if (amount != 0)
            add_moved(branch, list, data, line_sign * amount);
    }
    add_payments(branch, receipt, pay_sign);
    /* What its lines do not explain, all of it where there are none. */
    paid = (out ? -1 : 1) * pay_sign * paid - line_sign * moved;
    if (paid != 0)
        add_moved(branch, list, NULL, paid);
}

/* ---- adding ---- */

void daytotal_add_receipt(json_t *day, const json_t *receipt)
{
    json_t *branch = object_of(day, text_of(receipt, "financialBranchNumber"));
    int64_t marker = strtoll(text_of(receipt, "syncMarker"), NULL, 10);

    if (marker > integer(branch, "marker"))
        json_object_set_new(branch, "marker", json_integer(marker));
    if (json_array_size(json_object_get(receipt, "orderIds")) > 0)
        return;
    add(branch, "receipts", 1);
    if (is(receipt, "receiptType", "RECEIPT-TYPE-CASH-INFLOW")) {
        add_move(branch, receipt, false);
    } else if (is(receipt, "receiptType", "RECEIPT-TYPE-CASH-OUTFLOW")) {
        add_move(branch, receipt, true);
    } else if (is(receipt, "receiptType", "RECEIPT-TYPE-PAYMENT-METHOD-TRANSFER")) {
        add_payments(branch, receipt, 1);
    } else {
        add_turnover(branch, receipt);
        add_payments(branch, receipt, 1);
        add_unpaid(branch, receipt);
    }
}

static const char *const difference_names[][2] = {
    {"paymentMethod", "paymentMethod"}, {"differenceAccountNumber", "differenceAccountNumber"},
    {"accountNumber", "accountNumber"}, {NULL, NULL}};

void daytotal_add_cash_count(json_t *day, const json_t *count)
{
    json_t *branch, *line;
    size_t i;

    if (json_is_false(json_object_get(count, "isFinalized")))
        return;
    branch = object_of(day, text_of(count, "branchNumber"));
    json_array_foreach(json_object_get(count, "cashCountLineList"), i, line) {
        char key[KEY_BYTES];
        json_t *row;

        if (cents(line, "differenceAmount") == 0)
            continue;
        snprintf(key, sizeof key, "%.120s|%.20s", text_of(line, "paymentMethod"),
                 text_of(line, "differenceAccountNumber"));
        row = object_of(object_of(branch, "differences"), key);
        copy_texts(row, line, difference_names);
        add(row, "differenceAmount", cents(line, "differenceAmount"));
    }
}

/* ---- the record ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of an object in order, to be freed; NULL: none or no memory. */
static const char **sorted_keys(const json_t *object, size_t *count)
{
    const char **keys, *name;
    json_t *value;

    *count = 0;
    if (json_object_size(object) == 0)
        return NULL;
    keys = calloc(json_object_size(object), sizeof *keys);
    if (keys == NULL)
        return NULL;
    json_object_foreach((json_t *)object, name, value)
        keys[(*count)++] = name;
    qsort(keys, *count, sizeof *keys, by_text);
    return keys;
}

static json_t *money(int64_t value)
{
    char text[NUMBER_BYTES];

    soap_format_scaled(value, 2, text);
    return json_string(text);
}

/* Cents that are kept as integers become decimals. */
static json_t *finished(const json_t *row)
{
    json_t *out = json_object(), *value;
    const char *name;

    json_object_foreach((json_t *)row, name, value) {
        if (!json_is_integer(value))
            json_object_set(out, name, value);
        else if (strcmp(name, "excl") == 0)
            json_object_set_new(out, "exclAmount", money(json_integer_value(value)));
        else if (strcmp(name, "vat") == 0)
            json_object_set_new(out, "vatAmount", money(json_integer_value(value)));
        else
            json_object_set_new(out, name, money(json_integer_value(value)));
    }
    if (json_object_get(row, "excl") != NULL)
        json_object_set_new(out, "inclAmount",
                            money(integer(row, "excl") + integer(row, "vat")));
    return out;
}

/* The rows that hold an amount. */
static json_t *finished_rows(const json_t *branch, const char *list)
{
    const json_t *rows = json_object_get(branch, list);
    json_t *out = json_array();
    size_t count, i;
    const char **keys = sorted_keys(rows, &count);

    for (i = 0; i < count; i++) {
        const json_t *row = json_object_get(rows, keys[i]);

        if (integer(row, "excl") != 0 || integer(row, "vat") != 0 || integer(row, "amount") != 0 ||
            integer(row, "differenceAmount") != 0)
            json_array_append_new(out, finished(row));
    }
    free(keys);
    return out;
}

json_t *daytotal_branches(const json_t *day)
{
    json_t *out = json_array();
    size_t count, i;
    const char **keys = sorted_keys(day, &count);

    for (i = 0; i < count; i++) {
        const json_t *branch = json_object_get(day, keys[i]);

        if (integer(branch, "receipts") > 0 ||
            json_object_size(json_object_get(branch, "differences")) > 0)
            json_array_append_new(out, json_string(keys[i]));
    }
    free(keys);
    return out;
}

/* The ledger account that a payment method has at a branch. */
static json_t *method_account(const json_t *methods, const char *method, const char *branch)
{
    const json_t *item, *own;
    size_t i, k;

    json_array_foreach((json_t *)methods, i, item) {
        if (strcmp(text_of(item, "method"), method) != 0)
            continue;
        json_array_foreach(json_object_get(item, "branchAccountNumberList"), k, own) {
            if (strcmp(text_of(own, "branchNumber"), branch) == 0 &&
                json_object_get(own, "accountNumber") != NULL)
                return json_object_get(own, "accountNumber");
        }
        return json_object_get(item, "accountNumber");
    }
    return NULL;
}

static void add_accounts(json_t *rows, const char *member, const json_t *methods,
                         const char *branch)
{
    json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        json_t *account = method_account(methods, text_of(row, member), branch);

        if (json_object_get(row, "accountNumber") == NULL && account != NULL)
            json_object_set(row, "accountNumber", account);
    }
}

static int64_t sum_of(const json_t *branch, const char *list, const char *a, const char *b)
{
    const char *key;
    json_t *row;
    int64_t sum = 0;

    json_object_foreach(json_object_get(branch, list), key, row)
        sum += integer(row, a) + integer(row, b);
    return sum;
}

/* The rows hold all that was added; only a lack of memory on the way could make them lose some. */
static bool is_whole(const json_t *b)
{
    return sum_of(b, "payments", "amount", "") == integer(b, "received") &&
           sum_of(b, "turnover", "excl", "vat") == integer(b, "sold") &&
           sum_of(b, "inflow", "amount", "") - sum_of(b, "outflow", "amount", "") ==
               integer(b, "moved");
}

json_t *daytotal_record(const json_t *day, const char *branch, const char *date,
                        const json_t *methods, int64_t *marker)
{
    const json_t *b = json_object_get(day, branch);
    json_t *payments = finished_rows(b, "payments");
    json_t *differences = finished_rows(b, "differences");
    char id[KEY_BYTES], receipts[24];

    if (!is_whole(b)) {
        json_decref(payments);
        json_decref(differences);
        return NULL;
    }
    add_accounts(payments, "method", methods, branch);
    add_accounts(differences, "paymentMethod", methods, branch);
    snprintf(id, sizeof id, "%.40s/%.40s", branch, date);
    snprintf(receipts, sizeof receipts, "%" PRId64, integer(b, "receipts"));
    *marker = integer(b, "marker");
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "dayTotalId", id,
                     "financialDate", date, "branchNumber", branch, "receipts", receipts,
                     "turnover", finished_rows(b, "turnover"), "payments", payments, "differences",
                     differences, "inflow", finished_rows(b, "inflow"), "outflow",
                     finished_rows(b, "outflow"), "totalInclAmount", money(integer(b, "total")));
}
