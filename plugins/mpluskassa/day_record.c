/* SPDX-License-Identifier: MIT
 * The records of a day that was added up: see day_record.h, and daytotal.h for the rules. */
#include "day_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "day_rows.h"
#include "soap_value.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of an object in order, to be freed; NULL: none or no memory. */
static const char **sorted_keys(const json_t *object, size_t *count)
{
    const char *name;
    json_t *value;
    *count = 0;
    const char **keys = calloc(json_object_size(object) + 1, sizeof *keys);
    if (!keys)
        return NULL;
    json_object_foreach((json_t *)object, name, value) keys[(*count)++] = name;
    qsort(keys, *count, sizeof *keys, by_text);
    return keys;
}

static json_t *money(int64_t cents)
{
    char text[NUMBER_BYTES];
    soap_value_format_scaled(cents, 2, text);
    return json_string(text);
}

/* Cents that are kept as integers become decimals. */
static json_t *finished(const json_t *row)
{
    json_t *out = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)row, name, value) {
        if (!json_is_integer(value)) {
            json_object_set(out, name, value);
            continue;
        }
        const char *as = strcmp(name, "excl") == 0  ? "exclAmount"
                         : strcmp(name, "vat") == 0 ? "vatAmount"
                                                    : name;
        json_object_set_new(out, as, money(json_integer_value(value)));
    }
    if (json_object_get(row, "excl"))
        json_object_set_new(out, "inclAmount",
                            money(day_rows_integer(row, "excl") + day_rows_integer(row, "vat")));
    return out;
}

/* The rows that hold an amount. */
static json_t *finished_rows(const json_t *branch, const char *list)
{
    static const char *const amounts[] = {"excl", "vat", "amount", "differenceAmount"};
    const json_t *rows = json_object_get(branch, list);
    json_t *out = json_array();
    size_t count;
    const char **keys = sorted_keys(rows, &count);
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_object_get(rows, keys[i]);
        bool holds = false;
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0]; k++)
            holds = holds || day_rows_integer(row, amounts[k]) != 0;
        if (holds)
            json_array_append_new(out, finished(row));
    }
    free(keys);
    return out;
}

json_t *day_record_branches(const json_t *day)
{
    json_t *out = json_array();
    size_t count;
    const char **keys = sorted_keys(day, &count);
    for (size_t i = 0; i < count; i++) {
        const json_t *branch = json_object_get(day, keys[i]);
        if (day_rows_integer(branch, "receipts") > 0 ||
            json_object_size(json_object_get(branch, "differences")) > 0 ||
            json_object_get(branch, "expected") || json_object_get(branch, "unknown"))
            json_array_append_new(out, json_string(keys[i]));
    }
    free(keys);
    return out;
}

const char *day_record_unknown(const json_t *day, const char *branch, const char **raw)
{
    const json_t *own = json_object_get(day, branch), *any = json_object_get(day, "");
    const json_t *of = json_object_get(own, "unknown") ? own : any;
    *raw = json_string_value(json_object_get(of, "raw"));
    return json_string_value(json_object_get(of, "unknown"));
}

/* The ledger account that a payment method has at a branch. */
static json_t *method_account(const json_t *methods, const char *method, const char *branch)
{
    const json_t *item, *own;
    size_t i, k;
    json_array_foreach((json_t *)methods, i, item) {
        if (!day_rows_is(item, "method", method))
            continue;
        json_array_foreach(json_object_get(item, "branchAccountNumberList"), k, own) {
            json_t *account = json_object_get(own, "accountNumber");
            if (account && day_rows_is(own, "branchNumber", branch))
                return account;
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
        json_t *account = method_account(methods, day_rows_text(row, member), branch);
        if (account && !json_object_get(row, "accountNumber"))
            json_object_set(row, "accountNumber", account);
    }
}

static int64_t sum_of(const json_t *branch, const char *list, const char *a, const char *b)
{
    const char *key;
    json_t *row;
    int64_t sum = 0;
    json_object_foreach(json_object_get(branch, list), key, row) sum +=
        day_rows_integer(row, a) + day_rows_integer(row, b);
    return sum;
}

/* The rows hold all that was added; only a lack of memory on the way could make them lose some. */
static bool is_whole(const json_t *b)
{
    return sum_of(b, "payments", "amount", "") == day_rows_integer(b, "received") &&
           sum_of(b, "turnover", "excl", "vat") == day_rows_integer(b, "sold") &&
           sum_of(b, "inflow", "amount", "") - sum_of(b, "outflow", "amount", "") ==
               day_rows_integer(b, "moved");
}

/* An integer of the branch as digits. */
static json_t *counted(const json_t *branch, const char *name)
{
    return json_sprintf("%" PRId64, day_rows_integer(branch, name));
}

json_t *day_record_make(const json_t *day, const char *branch, const char *date,
                        const json_t *methods, int64_t *marker)
{
    const json_t *b = json_object_get(day, branch);
    if (!is_whole(b))
        return NULL;
    json_t *payments = finished_rows(b, "payments");
    json_t *differences = finished_rows(b, "differences");
    add_accounts(payments, "method", methods, branch);
    add_accounts(differences, "paymentMethod", methods, branch);
    *marker = day_rows_integer(b, "marker");
    return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "dayTotalId",
                     json_sprintf("%s/%s", branch, date), "financialDate", date, "branchNumber",
                     branch, "receipts", counted(b, "receipts"), "turnover",
                     finished_rows(b, "turnover"), "payments", payments, "differences", differences,
                     "inflow", finished_rows(b, "inflow"), "outflow", finished_rows(b, "outflow"),
                     "totalInclAmount", money(day_rows_integer(b, "total")), "roundingAmount",
                     money(day_rows_integer(b, "rounding")), "roundedReceipts",
                     counted(b, "rounded"));
}
