/* SPDX-License-Identifier: MIT
 * Completes a core stock level: see stock.h for the rules. */
#include "model/stock.h"

#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/decimal.h"
#include "base/expr_parse.h"
#include "model/amount.h"

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

/* The inputs of one level, for the activity: "branch 1: available - reserved, of available 10,
 * ...". */
static void note_level(const struct model_facts *facts, const struct expr *e, const json_t *level,
                       const char *branch, const char *result)
{
    char inputs[400] = "";
    size_t used = 0;
    for (int i = 0; expr_path(e, i) && used < sizeof inputs - 1; i++) {
        const char *name = path_text(expr_path(e, i));
        int n = snprintf(inputs + used, sizeof inputs - used, "%s%s %s", used ? ", " : "", name,
                         text_of(level, name));
        used += n > 0 ? (size_t)n : 0;
    }
    facts_note(facts, json_sprintf("branch %s: %s = %s, from %s", *branch ? branch : "default",
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

/* As an amount: more is a mistake of the source. */
static bool out_of_range(struct decimal d)
{
    return decimal_compare(decimal_abs(d), (struct decimal){AMOUNT_LIMIT_CENTS, 2}) > 0;
}

/* The first name of the formula that the level does not tell. */
static int unknown_level(const struct expr *e, const json_t *level, struct koppel_error *err)
{
    char field[128];
    struct decimal ignored;
    struct koppel_error none = {0};
    const char *name = "levels";
    int has = 1;
    for (int i = 0; has && expr_path(e, i); i++) {
        name = path_text(expr_path(e, i));
        (void)amount_number(level, name, &ignored, &has, &none);
    }
    const char *location = text_of(level, "location");
    snprintf(field, sizeof field, "levels[].%.60s%s%.*s", name, *location ? " of location " : "",
             CUT(location, 40));
    return amount_unknown(field, err);
}

static int add_level(const struct expr *e, const json_t *level, json_t *quantities,
                     const struct model_facts *facts, struct koppel_error *err)
{
    struct decimal amount, sum;
    char text[DECIMAL_TEXT_BYTES];
    const char *branch = text_of(level, "branch");
    if (!*branch && *text_of(level, "location")) {
        facts_note(facts, json_sprintf("location %s belongs to no branch: its stock is left out; "
                                       "add it to the table of branches",
                                       text_of(level, "location")));
        return 0;
    }
    int rc = expr_eval(e, level, NULL, 0, &amount, err);
    if (rc != 0 && strcmp(err->reason, "expr.missing") == 0)
        return unknown_level(e, level, err);
    if (rc != 0) {
        snprintf(err->reason, sizeof err->reason, "stock.formula");
        return err_prefix(err, "formula %s", expr_text(e));
    }
    json_t *quantity = quantity_for(quantities, branch);
    if (!quantity)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (decimal_parse(text_of(quantity, "amount"), &sum) != 0 ||
        decimal_add(sum, amount, &sum) != 0 || out_of_range(sum))
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
    if (strcmp(facts_setting(facts, "negative"), "pass") == 0)
        return 0;
    json_array_foreach(quantities, i, one) {
        if (text_of(one, "amount")[0] != '-')
            continue;
        facts_note(facts, json_sprintf("branch %s: %s is sent as 0", text_of(one, "branch"),
                                      text_of(one, "amount")));
        if (json_object_set_new(one, "amount", json_string("0")) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

int stock_complete(json_t *stock, const struct model_facts *facts, struct koppel_error *err)
{
    const char *formula = facts_setting(facts, "formula");
    size_t i;
    json_t *level, *quantities = json_array();
    if (!quantities || json_object_set_new(stock, "quantities", quantities) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (strcmp(text_of(stock, "managed"), "false") == 0 ||
        json_is_false(json_object_get(stock, "managed"))) {
        facts_note(facts, json_string("its stock is not managed: no quantity is sent"));
        return 0;
    }
    if (json_array_size(json_object_get(stock, "levels")) == 0)
        return amount_unknown("levels: its stock", err);
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
