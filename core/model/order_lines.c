/* SPDX-License-Identifier: MIT
 * The lines of a core order: what is checked, cleaned and completed before its VAT is shared out,
 * and discounts as lines afterwards. */
#include "model/order_lines.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/amount.h"
#include "model/order_vat.h"

static int sum_quantities(const json_t *list, const char *number, struct decimal *out)
{
    size_t i;
    json_t *one;
    *out = DECIMAL_ZERO;
    json_array_foreach((json_t *)list, i, one) {
        struct decimal quantity;
        if (strcmp(amount_text(one, "number"), number) == 0 &&
            (decimal_parse(amount_text(one, "quantity"), &quantity) != 0 ||
             decimal_add(*out, quantity, out) != 0))
            return -1;
    }
    return 0;
}

int order_lines_check_deliveries(const json_t *order, struct koppel_error *err)
{
    json_t *ordered = json_object_get(order, "ordered"),
           *delivered = json_object_get(order, "delivered"), *line;
    size_t i;
    if (!ordered || !delivered)
        return 0;
    json_array_foreach(delivered, i, line) {
        const char *number = amount_text(line, "number");
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

void order_lines_clean(json_t *lines, const struct model_facts *facts)
{
    bool drop = strcmp(facts_setting(facts, "zero_lines"), "drop") == 0;
    for (size_t i = json_array_size(lines); i-- > 0;) {
        json_t *line = json_array_get(lines, i);
        struct decimal quantity;
        if (decimal_parse(amount_text(line, "quantity"), &quantity) != 0 ||
            !decimal_is_zero(quantity))
            continue;
        facts_note(facts, json_sprintf("line %zu \"%s\" has quantity 0: %s", i + 1,
                                       amount_text(line, "description"),
                                       drop ? "dropped" : "kept as text"));
        if (drop)
            json_array_remove(lines, i);
    }
}

/* ---- amounts that are not told ---- */

/* Price times quantity, the percentage off. *has = 0: it cannot be told from what is there; an
 * amount of discount may be that of the line or of one. */
static int computed_total(const json_t *line, const char *price_name, int64_t *out, int *has,
                          struct koppel_error *err)
{
    struct decimal price, quantity, percent, discount, rest, hundred = {100, 0};
    int has_price, has_quantity, given;
    if (amount_number(line, price_name, &price, &has_price, err) != 0 ||
        amount_number(line, "quantity", &quantity, &has_quantity, err) != 0 ||
        amount_number(line, "discount_percent", &percent, &given, err) != 0 ||
        amount_number(line, "discount", &discount, &given, err) != 0)
        return -1;
    *has = has_price && has_quantity && (decimal_is_zero(discount) || !decimal_is_zero(percent));
    if (!*has)
        return 0;
    if (decimal_sub(hundred, percent, &rest) != 0 || decimal_mul(price, quantity, &price) != 0 ||
        decimal_mul(price, rest, &price) != 0 ||
        decimal_div(price, hundred, 2, ROUND_HALF_UP, &price) != 0 ||
        decimal_to_int(price, 2, out) != 0)
        return amount_out_of_range(err);
    return 0;
}

/* A line that has a price costs something, whatever it was taken for. */
static int set_computed(json_t *line, bool inclusive, int64_t cents)
{
    const char *kind = amount_text(line, "kind");
    if (cents != 0 && strcmp(kind, "text") == 0 && !*amount_text(line, "number") &&
        json_object_set_new(line, "kind", json_string("cost")) != 0)
        return -1;
    return amount_set(line, inclusive ? "total_incl" : "total_excl", cents);
}

static int know_line(json_t *line, size_t nth, bool inclusive, struct koppel_error *err)
{
    struct decimal ignored, quantity;
    int64_t cents;
    int has_incl, has_excl, has;
    char field[96];
    if (amount_number(line, "total_incl", &ignored, &has_incl, err) != 0 ||
        amount_number(line, "total_excl", &ignored, &has_excl, err) != 0 ||
        amount_number(line, "quantity", &quantity, &has, err) != 0)
        return -1;
    if (has_incl || has_excl || (has && decimal_is_zero(quantity)))
        return 0;
    if (computed_total(line, inclusive ? "price" : "price_excl", &cents, &has, err) != 0 ||
        (!has && !inclusive && computed_total(line, "price", &cents, &has, err) != 0))
        return -1;
    if (has)
        return set_computed(line, inclusive, cents) == 0
                   ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    if (strcmp(amount_text(line, "kind"), "text") == 0 ||
        (!*amount_text(line, "number") && !*amount_text(line, "vat_code")))
        return 0;
    snprintf(field, sizeof field, "the amount of line %zu (total_incl, total_excl or price)", nth);
    return amount_unknown(field, err);
}

int order_lines_know(json_t *lines, bool inclusive, struct koppel_error *err)
{
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        if (know_line(line, i + 1, inclusive, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- discounts ---- */

/* The net amount of a line at its price before the discount. *has = 0: it has no discount, or does
 * not say that price. */
static int net_before(const json_t *order, const json_t *line, struct decimal rate, int64_t *out,
                      int *has, struct koppel_error *err)
{
    struct decimal percent, amount, price, quantity, factor;
    int with_vat = 0, given;
    if (amount_number(line, "discount_percent", &percent, &given, err) != 0 ||
        amount_number(line, "discount", &amount, &given, err) != 0 ||
        amount_number(line, "quantity", &quantity, &given, err) != 0)
        return -1;
    *has = 0;
    if (decimal_is_zero(percent) && decimal_is_zero(amount))
        return 0;
    if (strcmp(amount_text(order, "vat_method"), "inclusive") != 0 &&
        amount_number(line, "original_price_excl", &price, has, err) != 0)
        return -1;
    if (!*has) {
        with_vat = 1;
        if (amount_number(line, "original_price", &price, has, err) != 0)
            return -1;
    }
    if (!*has)
        return 0;
    struct decimal hundred = {100, 0};
    if (decimal_mul(price, quantity, &price) != 0 || decimal_add(hundred, rate, &factor) != 0 ||
        (with_vat && (decimal_mul(price, hundred, &price) != 0 ||
                      decimal_div(price, factor, 6, ROUND_HALF_UP, &price) != 0)) ||
        decimal_round(price, 2, ROUND_HALF_UP, &price) != 0 ||
        decimal_to_int(price, 2, out) != 0 || *out > AMOUNT_LIMIT_CENTS ||
        *out < -AMOUNT_LIMIT_CENTS)
        return amount_out_of_range(err);
    return 0;
}

static int set_amounts(json_t *line, int64_t net, int64_t vat)
{
    return amount_set(line, "net", net) != 0 || amount_set(line, "vat", vat) != 0 ||
                   amount_set(line, "total_excl", net) != 0 ||
                   amount_set(line, "total_incl", net + vat) != 0
               ? -1
               : 0;
}

static json_t *discount_line(const json_t *line, int64_t net, int64_t vat, const char *word)
{
    const char *percent = amount_text(line, "discount_percent");
    struct decimal d;
    int of_hundred = decimal_parse(percent, &d) == 0 && !decimal_is_zero(d);
    json_t *made = json_pack(
        "{s:s,s:s,s:s,s:s,s:o}", "kind", "discount", "quantity", "1", "vat_code",
        amount_text(line, "vat_code"), "vat_rate", amount_text(line, "vat_rate"), "description",
        json_sprintf("%s%s%s%s: %s", word, of_hundred ? " " : "", of_hundred ? percent : "",
                     of_hundred ? " %" : "", amount_text(line, "description")));
    if (made && set_amounts(made, net, vat) != 0) {
        json_decref(made);
        return NULL;
    }
    return made;
}

int order_lines_split_discounts(json_t *order, json_t *lines, const struct model_facts *facts,
                                struct koppel_error *err)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i), *group = order_vat_group(order, line);
        struct decimal rate;
        int64_t net, vat, before, vat_before;
        int has;
        if (!group)
            continue;
        if (order_vat_rate(order, group, &rate, err) != 0 ||
            net_before(order, line, rate, &before, &has, err) != 0 ||
            (has && (amount_cents(line, "net", &net, &has, err) != 0 ||
                     amount_cents(line, "vat", &vat, &has, err) != 0 ||
                     amount_percentage(before, rate, &vat_before, err) != 0)))
            return -1;
        if (!has || before == net)
            continue;
        json_t *discount = discount_line(line, net - before, vat - vat_before,
                                         facts_word(facts, "discount"));
        if (!discount || set_amounts(line, before, vat_before) != 0 ||
            json_array_insert_new(lines, ++i, discount) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}
