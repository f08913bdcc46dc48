/* SPDX-License-Identifier: MIT
 * Amounts of a record. */
#include "model/amount.h"

#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/fact.h"
#include "base/fold.h"

const char *amount_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

int amount_out_of_range(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_REJECTED, "an amount or a sum of amounts is out of range");
}

int amount_unknown(const char *field, struct koppel_error *err)
{
    err_reason(err, KOPPEL_E_REJECTED, "field.unknown",
               "%s is not known: the source does not send it, or under another name; what is "
               "unknown is not sent as 0",
               field);
    return fact_add(err, "field", field);
}

int amount_number(const json_t *object, const char *name, struct decimal *out, int *has,
                  struct koppel_error *err)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    *out = DECIMAL_ZERO;
    *has = 1;
    if (json_is_integer(value))
        return decimal_from_int(json_integer_value(value), 0, out);
    if (!value || json_is_null(value) || (text && fold_is_blank(text))) {
        *has = 0;
        return 0;
    }
    if (text && decimal_parse(text, out) == 0)
        return 0;
    if (!text)
        text = "a list, object, boolean or real";
    return err_set(err, KOPPEL_E_REJECTED, "%s \"%.*s\" is no amount", name, CUT(text, 60));
}

int amount_cents(const json_t *object, const char *name, int64_t *out, int *has,
                 struct koppel_error *err)
{
    struct decimal d;
    if (amount_number(object, name, &d, has, err) != 0)
        return -1;
    if (decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, out) != 0 ||
        *out > AMOUNT_LIMIT_CENTS || *out < -AMOUNT_LIMIT_CENTS)
        return err_set(err, KOPPEL_E_REJECTED, "%s \"%.*s\" is out of range", name,
                       CUT(amount_text(object, name), 60));
    return 0;
}

int amount_known(const json_t *object, const char *where, const char *name, int64_t *out,
                 struct koppel_error *err)
{
    char field[128];
    int has;
    if (amount_cents(object, name, out, &has, err) != 0)
        return -1;
    if (has)
        return 0;
    snprintf(field, sizeof field, "%s%s", where, name);
    return amount_unknown(field, err);
}

int amount_set(json_t *object, const char *name, int64_t cents)
{
    struct decimal d;
    char text[DECIMAL_TEXT_BYTES];
    if (decimal_from_int(cents, 2, &d) != 0)
        return -1;
    decimal_format(d, text);
    return json_object_set_new(object, name, json_string(text));
}

int amount_add(int64_t *sum, int64_t cents, struct koppel_error *err)
{
    int64_t total;
    if (__builtin_add_overflow(*sum, cents, &total) || total > AMOUNT_LIMIT_CENTS ||
        total < -AMOUNT_LIMIT_CENTS)
        return amount_out_of_range(err);
    *sum = total;
    return 0;
}

int amount_percentage(int64_t cents, struct decimal rate, int64_t *out, struct koppel_error *err)
{
    struct decimal d;
    if (decimal_from_int(cents, 4, &d) != 0 || decimal_mul(d, rate, &d) != 0 ||
        decimal_round(d, 2, ROUND_HALF_UP, &d) != 0 || decimal_to_int(d, 2, out) != 0 ||
        *out > AMOUNT_LIMIT_CENTS || *out < -AMOUNT_LIMIT_CENTS)
        return amount_out_of_range(err);
    return 0;
}
