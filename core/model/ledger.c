/* SPDX-License-Identifier: MIT
 * Completes a day of a till: see ledger.h for the rule. */
#include "model/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "model/amount.h"

/* The amounts of a day, and how they count in received - (sold + paid in - paid out). */
static const struct {
    const char *list, *name;
    int sign;
} amounts[] = {{"payments", "amount", 1}, {"groups", "excl", -1}, {"groups", "vat", -1},
               {"inflow", "amount", -1}, {"outflow", "amount", 1}};

#define AMOUNTS (sizeof amounts / sizeof amounts[0])

/* Adds the member of every element of a list. */
static int add_list(const json_t *ledger, size_t which, struct decimal *total,
                    struct koppel_error *err)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(ledger, amounts[which].list), i, element) {
        struct decimal amount;
        char field[64];
        int has;
        if (amount_number(element, amounts[which].name, &amount, &has, err) != 0)
            return -1;
        snprintf(field, sizeof field, "%s[%zu].%s", amounts[which].list, i, amounts[which].name);
        if (!has)
            return amount_unknown(field, err);
        if ((amounts[which].sign > 0 ? decimal_add(*total, amount, total)
                                     : decimal_sub(*total, amount, total)) != 0 ||
            decimal_compare(decimal_abs(amount), (struct decimal){AMOUNT_LIMIT_CENTS, 2}) > 0)
            return amount_out_of_range(err);
    }
    return 0;
}

static int balance(json_t *ledger, const struct model_facts *facts, struct koppel_error *err)
{
    struct decimal rest = DECIMAL_ZERO, rounded, odd, limit;
    int has;
    char text[DECIMAL_TEXT_BYTES];
    if (decimal_parse(facts_setting(facts, "rounding_limit"), &limit) != 0)
        limit = (struct decimal){5, 2};
    for (size_t i = 0; i < AMOUNTS; i++) {
        if (add_list(ledger, i, &rest, err) != 0)
            return -1;
    }
    /* a hundred cash payments may round away any sum; what nobody rounded is limited */
    if (amount_number(ledger, "rounded", &rounded, &has, err) != 0)
        return -1;
    if (decimal_sub(rest, rounded, &odd) != 0)
        return amount_out_of_range(err);
    decimal_format(decimal_trim(odd, 2), text);
    if (decimal_compare(decimal_abs(odd), limit) > 0)
        return err_set(err, KOPPEL_E_REJECTED,
                       "what the till received and what it sold differ by %s; look at the day in "
                       "the till",
                       text);
    if (decimal_is_zero(rest))
        return 0;
    decimal_format(decimal_trim(rest, 2), text);
    facts_note(facts, json_sprintf("%s of the day is rounding", text));
    /* more received than sold is a credit on the rounding account */
    decimal_format(decimal_negate(decimal_trim(rest, 2)), text);
    return json_object_set_new(ledger, "rounding", json_string(text)) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int ledger_complete(json_t *ledger, const struct model_facts *facts, struct koppel_error *err)
{
    int rc = balance(ledger, facts, err);
    if (rc != 0 && err->kind == KOPPEL_E_REJECTED && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, "ledger.totals");
    return rc;
}

bool ledger_is_empty(const json_t *ledger)
{
    static const char *const lists[] = {"payments", "groups", "inflow", "outflow", "differences"};
    struct koppel_error ignored = {0};
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        static const char *const names[] = {"amount", "excl", "vat"};
        size_t i;
        json_t *element;
        json_array_foreach(json_object_get(ledger, lists[k]), i, element) {
            for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
                struct decimal d;
                int has;
                if (amount_number(element, names[n], &d, &has, &ignored) != 0 ||
                    !decimal_is_zero(d))
                    return false;
            }
        }
    }
    return true;
}
