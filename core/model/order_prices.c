/* SPDX-License-Identifier: MIT
 * Unit prices of a core order for destinations that multiply, and what that misses. */
#include "model/order_prices.h"

#include <string.h>

#include "model/amount.h"
#include "model/order_vat.h"

#define PRICE_PLACES 4 /* of unit_net */
#define ORDER_RATES 64 /* VAT totals of one document */

/* unit_net of one line, and what a multiplication makes of it. */
static int price_line(json_t *line, int places, int64_t *amount, struct koppel_error *err)
{
    struct decimal net, quantity, unit = DECIMAL_ZERO, product;
    char text[DECIMAL_TEXT_BYTES];
    int has;
    if (amount_number(line, "net", &net, &has, err) != 0 ||
        amount_number(line, "quantity", &quantity, &has, err) != 0)
        return -1;
    if ((!decimal_is_zero(quantity) &&
         decimal_div(net, quantity, places, ROUND_HALF_UP, &unit) != 0) ||
        decimal_mul(unit, quantity, &product) != 0 ||
        decimal_round(product, 2, ROUND_HALF_UP, &product) != 0 ||
        decimal_to_int(product, 2, amount) != 0)
        return amount_out_of_range(err);
    decimal_format(decimal_trim(unit, 2), text);
    return json_object_set_new(line, "unit_net", json_string(text)) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* Adds the line's amount to that of the first group with its rate: who taxes a document knows
 * rates, not the till's codes. */
static int add_to_rate(const json_t *order, const json_t *line, int64_t amount, int64_t *sums,
                       struct koppel_error *err)
{
    size_t i;
    json_t *group, *own = order_vat_group(order, line);
    struct decimal rate, other;
    if (!own)
        return 0;
    if (order_vat_rate(order, own, &rate, err) != 0)
        return -1;
    json_array_foreach(json_object_get(order, "vat"), i, group) {
        if (order_vat_rate(order, group, &other, err) != 0)
            return -1;
        if (decimal_compare(rate, other) == 0) {
            return amount_add(&sums[i], amount, err);
        }
    }
    return 0;
}

int order_prices_net(json_t *order, json_t *lines, int places, int64_t total,
                     struct koppel_error *err)
{
    json_t *groups = json_object_get(order, "vat"), *line, *group;
    int64_t sums[ORDER_RATES] = {0}, amount, vat;
    struct decimal rate;
    size_t i;
    if (json_array_size(groups) > ORDER_RATES)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "it has more than %d VAT totals",
                          ORDER_RATES);
    json_array_foreach(lines, i, line) {
        if (price_line(line, places ? places : PRICE_PLACES, &amount, err) != 0 ||
            add_to_rate(order, line, amount, sums, err) != 0)
            return -1;
    }
    json_array_foreach(groups, i, group) {
        if (order_vat_rate(order, group, &rate, err) != 0 ||
            amount_percentage(sums[i], rate, &vat, err) != 0)
            return -1;
        if (amount_add(&total, -sums[i], err) != 0 || amount_add(&total, -vat, err) != 0)
            return -1;
    }
    if (total == 0)
        return 0;
    return amount_set(order, "vat_rounding", total) == 0
               ? 0
               : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- prices in cents ---- */

/* Adds what the lines of a VAT code miss at their unit prices. */
static int add_price_rounding(json_t *list, const json_t *line, struct decimal rest,
                              struct koppel_error *err)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal sum = rest, before;
    size_t i;
    int has;
    json_t *one, *found = NULL;
    json_array_foreach(list, i, one) {
        if (strcmp(amount_text(one, "vat_code"), amount_text(line, "vat_code")) == 0)
            found = one;
    }
    if (!found) {
        found = json_pack("{s:s,s:s}", "vat_code", amount_text(line, "vat_code"), "vat_rate",
                          amount_text(line, "vat_rate"));
        if (json_array_append_new(list, found) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    if (amount_number(found, "amount", &before, &has, err) != 0 ||
        decimal_add(sum, before, &sum) != 0)
        return -1;
    decimal_format(sum, text);
    return json_object_set_new(found, "amount", json_string(text));
}

/* The line's price of one in cents: its own where quantity times that makes its total, else the
 * total divided by the quantity, half up. *rest: what quantity times that leaves of the total. */
static int unit_price(json_t *line, bool inclusive, struct decimal *rest,
                      struct koppel_error *err)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal price, quantity, total, times;
    int has_price, has_total, has;
    *rest = DECIMAL_ZERO;
    if (amount_number(line, inclusive ? "price" : "price_excl", &price, &has_price, err) != 0 ||
        amount_number(line, inclusive ? "total_incl" : "total_excl", &total, &has_total, err) !=
            0 ||
        amount_number(line, "quantity", &quantity, &has, err) != 0)
        return -1;
    if (!has_price && !has_total)
        return 0;
    if (decimal_round(price, 2, ROUND_HALF_UP, &price) != 0 ||
        decimal_mul(price, quantity, &times) != 0 ||
        decimal_round(times, 2, ROUND_HALF_UP, &times) != 0)
        goto range;
    if (has_total && decimal_compare(times, total) != 0 && !decimal_is_zero(quantity)) {
        if (decimal_div(total, quantity, 2, ROUND_HALF_UP, &price) != 0 ||
            decimal_mul(price, quantity, &times) != 0 ||
            decimal_round(times, 2, ROUND_HALF_UP, &times) != 0)
            goto range;
    }
    if (has_total &&
        (decimal_sub(total, times, rest) != 0 || decimal_round(*rest, 2, ROUND_HALF_UP, rest) != 0))
        goto range;
    decimal_format(price, text);
    return json_object_set_new(line, "unit_price", json_string(text));
range:
    return amount_out_of_range(err);
}

int order_prices_in_cents(json_t *order, json_t *lines, bool inclusive, struct koppel_error *err)
{
    json_t *line, *list = json_array();
    size_t i;
    int rc = list ? 0 : -1;
    for (i = 0; rc == 0 && (line = json_array_get(lines, i)); i++) {
        struct decimal rest;
        rc = unit_price(line, inclusive, &rest, err);
        if (rc == 0 && !decimal_is_zero(rest))
            rc = add_price_rounding(list, line, rest, err);
    }
    for (i = json_array_size(list); rc == 0 && i-- > 0;) {
        struct decimal sum;
        if (decimal_parse(amount_text(json_array_get(list, i), "amount"), &sum) == 0 &&
            decimal_is_zero(sum))
            json_array_remove(list, i);
    }
    if (rc == 0 && json_array_size(list) > 0)
        return json_object_set_new(order, "price_rounding", list);
    json_decref(list);
    return rc;
}
