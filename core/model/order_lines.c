/* SPDX-License-Identifier: MIT
 * The lines of a core order: what is checked and cleaned before its VAT is shared out, and what
 * other shapes of them a destination may need afterwards. */
#include "model/order_parts.h"

#include <string.h>

#define PRICE_PLACES 4 /* of unit_net */
#define ORDER_RATES 64 /* VAT totals of one document */

const char *order_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

int order_number(const json_t *object, const char *name, struct decimal *out, int *has,
                 struct koppel_error *err)
{
    const char *text = order_text(object, name);
    *has = *text != '\0';
    *out = DECIMAL_ZERO;
    if (*has && decimal_parse(text, out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "%s \"%s\" is no amount", name,
                          text);
    return 0;
}

int order_cents(const json_t *object, const char *name, int64_t *out, int *has,
                struct koppel_error *err)
{
    struct decimal d;
    if (order_number(object, name, &d, has, err) != 0)
        return -1;
    if (decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "%s \"%s\" is out of range", name,
                          order_text(object, name));
    return 0;
}

int order_set_cents(json_t *object, const char *name, int64_t cents)
{
    struct decimal d;
    char text[DECIMAL_TEXT_BYTES];
    if (decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    return json_object_set_new(object, name, json_string(text));
}

static int out_of_range(struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                      "an amount of the order is out of range");
}

int order_percentage(int64_t cents, struct decimal rate, int64_t *out, struct koppel_error *err)
{
    struct decimal d;
    if (decimal_from_int(cents, 4, &d) != 0 || decimal_mul(d, rate, &d) != 0 ||
        decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, out) != 0)
        return out_of_range(err);
    return 0;
}

int order_rate(const json_t *order, const json_t *group, struct decimal *out,
               struct koppel_error *err)
{
    const char *method = order_text(order, "vat_method");
    int has;
    if (order_number(group, "rate", out, &has, err) != 0)
        return -1;
    if (strcmp(method, "shifted") == 0 || strcmp(method, "none") == 0)
        *out = DECIMAL_ZERO;
    return 0;
}

static int sum_quantities(const json_t *list, const char *number, struct decimal *out)
{
    size_t i;
    json_t *one;
    *out = DECIMAL_ZERO;
    json_array_foreach((json_t *)list, i, one) {
        struct decimal quantity;
        if (strcmp(order_text(one, "number"), number) == 0 &&
            (decimal_parse(order_text(one, "quantity"), &quantity) != 0 ||
             decimal_add(*out, quantity, out) != 0))
            return -1;
    }
    return 0;
}

int order_check_deliveries(const json_t *order, struct koppel_error *err)
{
    json_t *ordered = json_object_get(order, "ordered"),
           *delivered = json_object_get(order, "delivered"), *line;
    size_t i;
    if (!ordered || !delivered)
        return 0;
    json_array_foreach(delivered, i, line) {
        const char *number = order_text(line, "number");
        struct decimal want, have;
        if (sum_quantities(ordered, number, &want) != 0 ||
            sum_quantities(delivered, number, &have) != 0)
            return err_reason(err, KOPPEL_E_REJECTED, "order.delivered",
                              "a quantity of article %s is no number", number);
        if (decimal_compare(decimal_abs(have), decimal_abs(want)) > 0) { /* returns count down */
            char a[DECIMAL_TEXT_BYTES], b[DECIMAL_TEXT_BYTES];
            decimal_format(decimal_trim(have, 0), a);
            decimal_format(decimal_trim(want, 0), b);
            return err_reason(err, KOPPEL_E_REJECTED, "order.delivered",
                              "%s of article %s were delivered, and %s were ordered", a, number, b);
        }
    }
    return 0;
}

void order_clean_lines(json_t *lines, const json_t *settings, json_t *notes)
{
    int drop = strcmp(order_text(settings, "zero_lines"), "drop") == 0;
    for (size_t i = json_array_size(lines); i-- > 0;) {
        json_t *line = json_array_get(lines, i);
        struct decimal quantity;
        if (decimal_parse(order_text(line, "quantity"), &quantity) != 0 ||
            !decimal_is_zero(quantity))
            continue;
        if (notes)
            json_array_append_new(notes, json_sprintf("line %zu \"%s\" has quantity 0: %s", i + 1,
                                                      order_text(line, "description"),
                                                      drop ? "dropped" : "kept as text"));
        if (drop)
            json_array_remove(lines, i);
    }
}


json_t *order_group(const json_t *order, const json_t *line)
{
    size_t i;
    json_t *group;
    json_array_foreach(json_object_get(order, "vat"), i, group) {
        if (strcmp(order_text(group, "code"), order_text(line, "vat_code")) == 0)
            return group;
    }
    return NULL;
}

/* ---- discounts ---- */

/* The net amount of a line at its price before the discount. *has = 0: it has no discount, or does
 * not say that price. */
static int net_before(const json_t *order, const json_t *line, struct decimal rate, int64_t *out,
                      int *has, struct koppel_error *err)
{
    struct decimal percent, amount, price, quantity, factor;
    int with_vat = 0, given;
    if (order_number(line, "discount_percent", &percent, &given, err) != 0 ||
        order_number(line, "discount", &amount, &given, err) != 0 ||
        order_number(line, "quantity", &quantity, &given, err) != 0)
        return -1;
    *has = 0;
    if (decimal_is_zero(percent) && decimal_is_zero(amount))
        return 0;
    if (strcmp(order_text(order, "vat_method"), "inclusive") != 0 &&
        order_number(line, "original_price_excl", &price, has, err) != 0)
        return -1;
    if (!*has) {
        with_vat = 1;
        if (order_number(line, "original_price", &price, has, err) != 0)
            return -1;
    }
    if (!*has)
        return 0;
    struct decimal hundred = {100, 0};
    if (decimal_mul(price, quantity, &price) != 0 || decimal_add(hundred, rate, &factor) != 0 ||
        (with_vat && (decimal_mul(price, hundred, &price) != 0 ||
                      decimal_div(price, factor, 6, ROUND_HALF_UP, &price) != 0)) ||
        decimal_round(price, 2, ROUND_HALF_UP, &price) != 0 || decimal_to_int(price, 2, out) != 0)
        return out_of_range(err);
    return 0;
}

static int set_amounts(json_t *line, int64_t net, int64_t vat)
{
    return order_set_cents(line, "net", net) != 0 || order_set_cents(line, "vat", vat) != 0 ||
                   order_set_cents(line, "total_excl", net) != 0 ||
                   order_set_cents(line, "total_incl", net + vat) != 0
               ? -1
               : 0;
}

static json_t *discount_line(const json_t *line, int64_t net, int64_t vat)
{
    const char *percent = order_text(line, "discount_percent");
    struct decimal d;
    int of_hundred = decimal_parse(percent, &d) == 0 && !decimal_is_zero(d);
    json_t *made = json_pack(
        "{s:s,s:s,s:s,s:s,s:o}", "kind", "discount", "quantity", "1", "vat_code",
        order_text(line, "vat_code"), "vat_rate", order_text(line, "vat_rate"), "description",
        json_sprintf("Discount%s%s%s: %s", of_hundred ? " " : "", of_hundred ? percent : "",
                     of_hundred ? " %" : "", order_text(line, "description")));
    if (made && set_amounts(made, net, vat) != 0) {
        json_decref(made);
        return NULL;
    }
    return made;
}

int order_split_discounts(json_t *order, json_t *lines, struct koppel_error *err)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i), *group = order_group(order, line);
        struct decimal rate;
        int64_t net, vat, before, vat_before;
        int has;
        if (!group)
            continue;
        if (order_rate(order, group, &rate, err) != 0 ||
            net_before(order, line, rate, &before, &has, err) != 0 ||
            (has && (order_cents(line, "net", &net, &has, err) != 0 ||
                     order_cents(line, "vat", &vat, &has, err) != 0 ||
                     order_percentage(before, rate, &vat_before, err) != 0)))
            return -1;
        if (!has || before == net)
            continue;
        json_t *discount = discount_line(line, net - before, vat - vat_before);
        if (!discount || set_amounts(line, before, vat_before) != 0 ||
            json_array_insert_new(lines, ++i, discount) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

/* ---- prices ---- */

/* unit_net of one line, and what a multiplication makes of it. */
static int price_line(json_t *line, int64_t *amount, struct koppel_error *err)
{
    struct decimal net, quantity, unit = DECIMAL_ZERO, product;
    char text[DECIMAL_TEXT_BYTES];
    int has;
    if (order_number(line, "net", &net, &has, err) != 0 ||
        order_number(line, "quantity", &quantity, &has, err) != 0)
        return -1;
    if ((!decimal_is_zero(quantity) &&
         decimal_div(net, quantity, PRICE_PLACES, ROUND_HALF_UP, &unit) != 0) ||
        decimal_mul(unit, quantity, &product) != 0 ||
        decimal_round(product, 2, ROUND_HALF_UP, &product) != 0 ||
        decimal_to_int(product, 2, amount) != 0)
        return out_of_range(err);
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
    json_t *group, *own = order_group(order, line);
    struct decimal rate, other;
    if (!own)
        return 0;
    if (order_rate(order, own, &rate, err) != 0)
        return -1;
    json_array_foreach(json_object_get(order, "vat"), i, group) {
        if (order_rate(order, group, &other, err) != 0)
            return -1;
        if (decimal_compare(rate, other) == 0) {
            sums[i] += amount;
            return 0;
        }
    }
    return 0;
}

int order_set_prices(json_t *order, json_t *lines, int64_t total, struct koppel_error *err)
{
    json_t *groups = json_object_get(order, "vat"), *line, *group;
    int64_t sums[ORDER_RATES] = {0}, amount, vat;
    struct decimal rate;
    size_t i;
    if (json_array_size(groups) > ORDER_RATES)
        return err_reason(err, KOPPEL_E_REJECTED, "order.totals", "it has more than %d VAT totals",
                          ORDER_RATES);
    json_array_foreach(lines, i, line) {
        if (price_line(line, &amount, err) != 0 || add_to_rate(order, line, amount, sums, err) != 0)
            return -1;
    }
    json_array_foreach(groups, i, group) {
        if (order_rate(order, group, &rate, err) != 0 ||
            order_percentage(sums[i], rate, &vat, err) != 0)
            return -1;
        total -= sums[i] + vat;
    }
    if (total == 0)
        return 0;
    return order_set_cents(order, "vat_rounding", total) == 0
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
        if (strcmp(order_text(one, "vat_code"), order_text(line, "vat_code")) == 0)
            found = one;
    }
    if (!found) {
        found = json_pack("{s:s,s:s}", "vat_code", order_text(line, "vat_code"), "vat_rate",
                          order_text(line, "vat_rate"));
        if (json_array_append_new(list, found) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    if (order_number(found, "amount", &before, &has, err) != 0 ||
        decimal_add(sum, before, &sum) != 0)
        return -1;
    decimal_format(sum, text);
    return json_object_set_new(found, "amount", json_string(text));
}

/* The line's price of one in cents: its own where quantity times that makes its total, else the
 * total divided by the quantity, half up. *rest: what quantity times that leaves of the total. */
static int unit_price(json_t *line, int inclusive, struct decimal *rest, struct koppel_error *err)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal price, quantity, total, times;
    int has_price, has_total, has;
    const char *name = inclusive ? "price" : "price_excl";
    *rest = DECIMAL_ZERO;
    if (order_number(line, name, &price, &has_price, err) != 0 ||
        order_number(line, inclusive ? "total_incl" : "total_excl", &total, &has_total, err) != 0 ||
        order_number(line, "quantity", &quantity, &has, err) != 0)
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
    return out_of_range(err);
}

int order_set_unit_prices(json_t *order, json_t *lines, int inclusive, struct koppel_error *err)
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
        if (decimal_parse(order_text(json_array_get(list, i), "amount"), &sum) == 0 &&
            decimal_is_zero(sum))
            json_array_remove(list, i);
    }
    if (rc == 0 && json_array_size(list) > 0)
        return json_object_set_new(order, "price_rounding", list);
    json_decref(list);
    return rc;
}
