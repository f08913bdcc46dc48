/* SPDX-License-Identifier: MIT
 * What one receipt brings, as rows of whole cents: see day_rows.h. */
#include "day_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"

/* No shop sells for more than this; it keeps the sums of a million lines within 64 bits. */
#define CENTS_MAX 1000000000000

const char *day_rows_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

bool day_rows_is(const json_t *object, const char *name, const char *value)
{
    return strcmp(day_rows_text(object, name), value) == 0;
}

bool day_rows_known(const json_t *object, const char *name, int64_t *cents)
{
    *cents = 0;
    if (!soap_value_scale(day_rows_text(object, name), 2, cents) || *cents > CENTS_MAX ||
        *cents < -CENTS_MAX)
        return *cents = 0, false;
    return true;
}

int64_t day_rows_cents(const json_t *object, const char *name)
{
    int64_t cents;
    day_rows_known(object, name, &cents);
    return cents;
}

int64_t day_rows_integer(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

void day_rows_add(json_t *object, const char *name, int64_t cents)
{
    json_object_set_new(object, name, json_integer(day_rows_integer(object, name) + cents));
}

void day_rows_copy(json_t *row, const json_t *from, const char *const names[][2])
{
    for (size_t i = 0; names[i][0]; i++) {
        json_t *value = json_object_get(from, names[i][1]);
        if (value && !json_object_get(row, names[i][0]))
            json_object_set(row, names[i][0], value);
    }
}

/* ---- lines ---- */

static const char *const turnover_names[][2] = {{"turnoverGroup", "turnoverGroup"},
                                                {"turnoverGroupName", "turnoverGroupName"},
                                                {"turnoverGroupType", "turnoverGroupType"},
                                                {"accountNumber", "turnoverGroupAccountNumber"},
                                                {"vatCode", "vatCode"},
                                                {"vatPercentage", "vatPercentage"},
                                                {NULL, NULL}};

/* What one line brings, as a row of its own with excl and vat. */
static void add_line(json_t *rows, const json_t *line)
{
    const json_t *data = json_object_get(line, "data");
    int64_t excl = day_rows_cents(data, "totalExclAmount");
    int64_t incl = day_rows_cents(data, "totalInclAmount");
    if (excl == 0 && incl == 0)
        return;
    json_t *row = json_object();
    day_rows_copy(row, data, turnover_names);
    day_rows_add(row, "excl", excl);
    day_rows_add(row, "vat", incl - excl);
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

json_t *day_rows_lines(const json_t *receipt)
{
    json_t *rows = json_array();
    add_lines(rows, json_object_get(receipt, "lineList"), false);
    return rows;
}

int64_t day_rows_sum(const json_t *rows)
{
    const json_t *row;
    int64_t sum = 0;
    size_t i;
    json_array_foreach((json_t *)rows, i, row) sum +=
        day_rows_integer(row, "excl") + day_rows_integer(row, "vat");
    return sum;
}

/* Whether a line's total holds that of its parts is not documented: the reading that adds up to the
 * receipt's total is the right one. */
static json_t *fitting_lines(const json_t *receipt)
{
    int64_t total = day_rows_cents(receipt, "totalInclAmount");
    json_t *rows = day_rows_lines(receipt);
    if (day_rows_sum(rows) == total)
        return rows;
    json_t *all = json_array();
    add_lines(all, json_object_get(receipt, "lineList"), true);
    bool fits = day_rows_sum(all) == total;
    json_decref(fits ? rows : all);
    return fits ? all : rows;
}

/* Brings the rows of one VAT code to the receipt's own total of it. */
static void settle_vat(json_t *rows, const json_t *group)
{
    int64_t excl = day_rows_cents(group, "exclAmount"), vat = day_rows_cents(group, "vatAmount");
    json_t *row, *largest = NULL;
    size_t i;
    json_array_foreach(rows, i, row) {
        if (!day_rows_is(row, "vatCode", day_rows_text(group, "vatCode")))
            continue;
        excl -= day_rows_integer(row, "excl");
        vat -= day_rows_integer(row, "vat");
        if (!largest ||
            llabs(day_rows_integer(row, "excl")) > llabs(day_rows_integer(largest, "excl")))
            largest = row;
    }
    if (excl == 0 && vat == 0)
        return;
    if (!largest) {
        static const char *const names[][2] = {
            {"vatCode", "vatCode"}, {"vatPercentage", "vatPercentage"}, {NULL, NULL}};
        largest = json_pack("{s:s, s:s}", "turnoverGroup", "unexplained", "turnoverGroupType",
                            "UNEXPLAINED");
        day_rows_copy(largest, group, names);
        json_array_append_new(rows, largest);
    }
    day_rows_add(largest, "excl", excl);
    day_rows_add(largest, "vat", vat);
}

json_t *day_rows_turnover(const json_t *receipt)
{
    json_t *rows = fitting_lines(receipt), *group;
    size_t i;
    json_array_foreach(json_object_get(receipt, "vatGroupList"), i, group) settle_vat(rows, group);
    return rows;
}

/* ---- what nobody knows ---- */

static bool lacks(const json_t *object, const char *name)
{
    int64_t cents;
    return !day_rows_known(object, name, &cents);
}

/* A line of text has neither price nor totals. */
static const char *line_lacks(const json_t *line)
{
    const json_t *data = json_object_get(line, "data");
    if (lacks(data, "totalInclAmount") && lacks(data, "totalExclAmount") &&
        day_rows_cents(data, "price") == 0 && day_rows_cents(data, "priceExcl") == 0 &&
        !json_object_get(data, "totalInclAmount") && !json_object_get(data, "totalExclAmount"))
        return NULL;
    return lacks(data, "totalInclAmount")   ? "data.totalInclAmount"
           : lacks(data, "totalExclAmount") ? "data.totalExclAmount"
                                            : NULL;
}

static const char *vat_lacks(const json_t *group)
{
    return lacks(group, "exclAmount")  ? "exclAmount"
           : lacks(group, "vatAmount") ? "vatAmount"
                                       : NULL;
}

static const char *payment_lacks(const json_t *payment)
{
    return lacks(payment, "amount") ? "amount" : NULL;
}

bool day_rows_unknown(const json_t *receipt, char *place, size_t room)
{
    static const struct {
        const char *list;
        const char *(*lacks)(const json_t *item);
    } lists[] = {
        {"lineList", line_lacks}, {"vatGroupList", vat_lacks}, {"paymentList", payment_lacks}};
    if (lacks(receipt, "totalInclAmount")) {
        snprintf(place, room, "totalInclAmount");
        return true;
    }
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        const json_t *item;
        size_t i;
        json_array_foreach(json_object_get(receipt, lists[k].list), i, item) {
            const char *member = lists[k].lacks(item);
            if (!member)
                continue;
            snprintf(place, room, "%s[%zu].%s", lists[k].list, i, member);
            return true;
        }
    }
    return false;
}
