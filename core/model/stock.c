/* SPDX-License-Identifier: MIT
 * Completes a core stock level: see complete.h for the rules. */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/expr.h"
#include "model/complete.h"

static const struct {
    const char *name, *expression;
} formulas[] = {
    {"available", "available - reserved"},
    {"physical", "physical"},
    {"free", "physical - reserved"},
    {"economic", "physical - reserved + incoming"},
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void note_take(const struct model_facts *facts, json_t *note)
{
    if (facts->notes && note)
        json_array_append_new(facts->notes, note);
    else
        json_decref(note);
}

/* The inputs of one level, for the activity: "branch 1: available - reserved, of available 10,
 * ...". */
static void note_level(const struct model_facts *facts, const struct expr *e, const json_t *level,
                       const char *branch, const char *result)
{
    char inputs[400] = "";
    size_t used = 0;
    for (int i = 0; expr_name(e, i) && used < sizeof inputs - 1; i++) {
        const char *value = text_of(level, expr_name(e, i));
        int n = snprintf(inputs + used, sizeof inputs - used, "%s%s %s", used ? ", " : "",
                         expr_name(e, i), *value ? value : "0");
        used += n > 0 ? (size_t)n : 0;
    }
    note_take(facts, json_sprintf("branch %s: %s = %s, from %s", *branch ? branch : "default",
                                  expr_text(e), result, inputs));
}

/* The entry of quantities for a branch; made with amount 0 where there is none. Borrowed. */
static json_t *quantity_for(json_t *quantities, const char *branch)
{
    size_t i;
    json_t *one;
    json_array_foreach(quantities, i, one) {
        if (strcmp(text_of(one, "branch"), branch) == 0)
            return one;
    }
    one = json_pack("{s:s,s:s}", "branch", branch, "amount", "0");
    return one && json_array_append_new(quantities, one) == 0 ? one : NULL;
}

static int add_level(const struct expr *e, const json_t *level, json_t *quantities,
                     const struct model_facts *facts, struct koppel_error *err)
{
    struct decimal amount, sum;
    char text[DECIMAL_TEXT_BYTES];
    const char *branch = text_of(level, "branch");
    if (!*branch && *text_of(level, "location")) {
        note_take(
            facts,
            json_sprintf("location %s belongs to no branch: its stock is left out; add it to the "
                         "table of branches",
                         text_of(level, "location")));
        return 0;
    }
    if (expr_eval(e, level, EXPR_MISSING_ZERO, &amount, err) != 0) {
        snprintf(err->reason, sizeof err->reason, "stock.formula");
        return err_prefix(err, "formula %s", expr_text(e));
    }
    json_t *quantity = quantity_for(quantities, branch);
    if (!quantity)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (decimal_parse(text_of(quantity, "amount"), &sum) != 0 ||
        decimal_add(sum, amount, &sum) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "stock.formula", "the stock is out of range");
    decimal_format(decimal_trim(amount, 0), text);
    note_level(facts, e, level, branch, text);
    decimal_format(decimal_trim(sum, 0), text);
    return json_object_set_new(quantity, "amount", json_string(text));
}

static int clamp(json_t *quantities, const struct model_facts *facts, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    if (strcmp(text_of(facts->settings, "negative"), "pass") == 0)
        return 0;
    json_array_foreach(quantities, i, one) {
        if (text_of(one, "amount")[0] != '-')
            continue;
        note_take(facts, json_sprintf("branch %s: %s is sent as 0", text_of(one, "branch"),
                                      text_of(one, "amount")));
        if (json_object_set_new(one, "amount", json_string("0")) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

int stock_complete(json_t *stock, const struct model_facts *facts, struct koppel_error *err)
{
    const char *formula = text_of(facts->settings, "formula");
    size_t i;
    json_t *level, *quantities = json_array();
    if (!quantities || json_object_set_new(stock, "quantities", quantities) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (strcmp(text_of(stock, "managed"), "false") == 0 ||
        json_is_false(json_object_get(stock, "managed"))) {
        note_take(facts, json_string("its stock is not managed: no quantity is sent"));
        return 0;
    }
    for (i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        if (strcmp(formula, formulas[i].name) == 0 || (!*formula && i == 0))
            formula = formulas[i].expression;
    }
    struct expr *e = expr_parse(formula, err);
    if (!e)
        return -1;
    int rc = 0;
    json_array_foreach(json_object_get(stock, "levels"), i, level) {
        rc = add_level(e, level, quantities, facts, err);
        if (rc != 0)
            break;
    }
    expr_free(e);
    return rc != 0 ? -1 : clamp(quantities, facts, err);
}
