/* SPDX-License-Identifier: MIT
 * Completes a core product: see product.h for the rules. */
#include "model/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check_digit.h"
#include "base/decimal.h"
#include "base/fact.h"
#include "base/fold.h"
#include "model/amount.h"

#define WHOLE_DIGITS 19 /* of the largest 64-bit number */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* A whole number in its only form: digits, no leading zero, within 64 bits. */
static bool is_whole(const char *text)
{
    struct decimal d;
    int64_t value;
    size_t n = strlen(text);
    return n > 0 && n <= WHOLE_DIGITS && strspn(text, "0123456789") == n && text[0] != '0' &&
           decimal_parse(text, &d) == 0 && decimal_to_int(d, 0, &value) == 0;
}

static int set_number(json_t *product, const struct model_facts *facts, struct koppel_error *err)
{
    char *trimmed = fold_trimmed(text_of(product, "number"));
    int rc = trimmed ? json_object_set_new(product, "number", json_string(trimmed)) : -1;
    free(trimmed);
    if (rc != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    const char *number = text_of(product, "number");
    if (!*number)
        return err_reason(err, KOPPEL_E_REJECTED, "article.number", "the article has no number");
    if (facts->whole_numbers && strcmp(facts_setting(facts, "numbers"), "any") == 0)
        return json_object_set_new(product, "plu", json_string(number));
    if (facts->whole_numbers && !is_whole(number))
        return err_reason(err, KOPPEL_E_REJECTED, "article.number",
                          "article number \"%s\" is not a whole number%s, which %s wants", number,
                          number[0] == '0' && number[1] ? " without leading zeros" : "",
                          facts->destination);
    return json_object_set_new(product, "article_number", json_string(number));
}

/* price * (100 + rate) / 100, or the reverse, to the cent. */
static int convert(json_t *product, const char *from, const char *to, bool to_incl,
                   struct koppel_error *err)
{
    struct decimal price, rate, factor, hundred = {100, 0}, out;
    char text[DECIMAL_TEXT_BYTES];
    if (!*text_of(product, from) || *text_of(product, to))
        return 0;
    if (!*text_of(product, "vat_rate"))
        return err_reason(err, KOPPEL_E_REJECTED, "article.vat",
                          "article %s has a price %s VAT, and no VAT rate to convert it with",
                          text_of(product, "number"), to_incl ? "without" : "with");
    if (decimal_parse(text_of(product, from), &price) != 0 ||
        decimal_parse(text_of(product, "vat_rate"), &rate) != 0 ||
        decimal_add(hundred, rate, &factor) != 0 ||
        decimal_mul(price, to_incl ? factor : hundred, &out) != 0 ||
        decimal_div(out, to_incl ? hundred : factor, 2, ROUND_HALF_UP, &out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "article.vat",
                          "article %s: %s \"%s\" or VAT rate \"%s\" is no "
                          "amount",
                          text_of(product, "number"), from, text_of(product, from),
                          text_of(product, "vat_rate"));
    decimal_format(out, text);
    return json_object_set_new(product, to, json_string(text));
}

/* "Clothing/Shirts" as a category inside its parents. A new reference; NULL: no memory. */
static json_t *category_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    json_t *category = json_pack("{s:s,s:s}", "name", slash ? slash + 1 : path, "path", path);
    char *above = slash ? strndup(path, (size_t)(slash - path)) : NULL;
    json_t *parent = above ? category_of(above) : NULL;
    if (category && slash && json_object_set_new(category, "parent", parent) != 0) {
        json_decref(category);
        category = NULL;
    }
    free(above);
    return category;
}

/* Without slashes at its ends; NULL where nothing is left (caller frees). */
static char *trimmed_path(const char *path)
{
    path += strspn(path, "/ ");
    size_t n = strlen(path);
    while (n > 0 && (path[n - 1] == '/' || path[n - 1] == ' '))
        n--;
    return n > 0 ? strndup(path, n) : NULL;
}

static int set_category(json_t *product, const struct model_facts *facts, struct koppel_error *err)
{
    if (*text_of(json_object_get(product, "category"), "path") ||
        *text_of(json_object_get(product, "category"), "name"))
        return 0;
    char *path = trimmed_path(facts_setting(facts, "default_category"));
    int rc = path ? json_object_set_new(product, "category", category_of(path)) : 0;
    free(path);
    return rc == 0 ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* A destination that is offered an article without a price would sell it for nothing. */
static int check_price(const json_t *product, const struct model_facts *facts,
                       struct koppel_error *err)
{
    static const char *const prices[] = {"price_incl", "price_excl"};
    int has = 0;
    if (strcmp(facts_setting(facts, "offer"), "false") == 0)
        return 0;
    for (size_t i = 0; !has && i < sizeof prices / sizeof prices[0]; i++) {
        struct decimal d;
        if (amount_number(product, prices[i], &d, &has, err) != 0) {
            snprintf(err->reason, sizeof err->reason, "article.vat");
            return -1;
        }
    }
    return has ? 0 : amount_unknown("the price (price_incl or price_excl)", err);
}

static int check_barcode(json_t *product, const struct model_facts *facts,
                         struct koppel_error *err)
{
    char why[CHECK_DIGIT_WHY_BYTES];
    const char *policy = facts_setting(facts, "wrong_barcode");
    if (check_digit_barcode(text_of(product, "barcode"), why) == 0)
        return 0;
    if (strcmp(policy, "park") == 0) {
        err_reason(err, KOPPEL_E_REJECTED, "field.wrong", "barcode: %s", why);
        return fact_add(err, "field", "barcode");
    }
    bool drop = strcmp(policy, "drop") == 0;
    facts_note(facts, json_sprintf("barcode: %s; it is %s", why, drop ? "left out" : "sent"));
    if (drop)
        json_object_del(product, "barcode");
    return 0;
}

int product_complete(json_t *product, const struct model_facts *facts, struct koppel_error *err)
{
    if (set_number(product, facts, err) != 0 || set_category(product, facts, err) != 0 ||
        check_price(product, facts, err) != 0 || check_barcode(product, facts, err) != 0)
        return -1;
    if (convert(product, "price_excl", "price_incl", true, err) != 0)
        return -1;
    return convert(product, "price_incl", "price_excl", false, err);
}
