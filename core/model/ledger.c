/* SPDX-License-Identifier: MIT
 * Completes a day of a till: see complete.h for the rule. */
#include <string.h>

#include "base/decimal.h"
#include "model/complete.h"

static int amount_of(const json_t *object, const char *name, struct decimal *out)
{
    const char *text = json_string_value(json_object_get(object, name));
    *out = DECIMAL_ZERO;
    return !text || !*text ? 0 : decimal_parse(text, out);
}

/* Adds the member of every element of a list. */
static int add_list(const json_t *ledger, const char *list, const char *name, int sign,
                    struct decimal *total)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(ledger, list), i, element) {
        struct decimal amount;
        if (amount_of(element, name, &amount) != 0 ||
            (sign > 0 ? decimal_add(*total, amount, total) : decimal_sub(*total, amount, total)) !=
                0)
            return -1;
    }
    return 0;
}

int ledger_complete(json_t *ledger, const struct model_facts *facts, struct koppel_error *err)
{
    struct decimal rest = DECIMAL_ZERO, limit;
    char text[DECIMAL_TEXT_BYTES];
    const char *setting = json_string_value(json_object_get(facts->settings, "rounding_limit"));
    if (decimal_parse(setting ? setting : "0.05", &limit) != 0)
        limit = (struct decimal){5, 2};
    /* received - (sold + paid in - paid out) */
    if (add_list(ledger, "payments", "amount", 1, &rest) != 0 ||
        add_list(ledger, "groups", "excl", -1, &rest) != 0 ||
        add_list(ledger, "groups", "vat", -1, &rest) != 0 ||
        add_list(ledger, "inflow", "amount", -1, &rest) != 0 ||
        add_list(ledger, "outflow", "amount", 1, &rest) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "ledger.totals",
                          "an amount of the day is no number or out of range");
    decimal_format(decimal_trim(rest, 2), text);
    if (decimal_compare(decimal_abs(rest), limit) > 0)
        return err_reason(
            err, KOPPEL_E_REJECTED, "ledger.totals",
            "what the till received and what it sold differ by %s; look at the day in the till",
            text);
    if (decimal_is_zero(rest))
        return 0;
    if (facts->notes)
        json_array_append_new(facts->notes, json_sprintf("%s of the day is rounding", text));
    /* more received than sold is a credit on the rounding account */
    decimal_format(decimal_negate(decimal_trim(rest, 2)), text);
    return json_object_set_new(ledger, "rounding", json_string(text));
}
