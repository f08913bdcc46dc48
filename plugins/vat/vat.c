/* SPDX-License-Identifier: MIT
 * Countries, VAT numbers, and amounts with and without VAT. Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/cut.h"
#include "base/fold.h"
#include "base/vat_number.h"
#include "koppel/sdk.h"
#include "digits.h"
#include "lines.h"
#include "vat_catalogue.h"

enum function { COUNTRY, VALID_NUMBER, IN_UNION, EXCL, INCL, EXCL_LINES, INCL_LINES, FUNCTIONS };

/* ---- countries and numbers ---- */

static int unknown(const struct koppel_call *c, const char *text)
{
    const char *near = country_nearest(text);
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "unknown country \"%.*s\"%s%s%s: write its name in Dutch, German or "
                         "English, or its two letters of ISO 3166",
                         CUT(text, 60), near ? " (did you mean \"" : "", near ? near : "",
                         near ? "\"?)" : "");
}

static int country(const struct koppel_call *c, json_t **out)
{
    if (fold_is_blank(c->text))
        return koppel_call_give(c, json_null(), out);
    const char *code = country_find(c->text);
    return code ? koppel_call_give(c, json_string(code), out) : unknown(c, c->text);
}

static int in_union(const struct koppel_call *c, json_t **out)
{
    if (fold_is_blank(c->text))
        return koppel_call_give(c, json_null(), out);
    const char *code = country_find(c->text);
    if (!code)
        return unknown(c, c->text);
    return koppel_call_give(c, json_string(country_vat_prefix(code) ? "true" : "false"), out);
}

static int give_number(const struct koppel_call *c, const char *number, json_t **out)
{
    const char *check = koppel_call_arg(c, 0);
    if (check && strcmp(check, "digits") == 0 && !digits_right(number))
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "the check digits of the VAT number \"%s\" are wrong: one of its "
                             "characters is mistyped",
                             number);
    return koppel_call_give(c, json_string(number), out);
}

/* "NL|123456789B01": the country of the customer first, which a number without letters is of. */
static int valid_number(const struct koppel_call *c, json_t **out)
{
    char number[VAT_NUMBER_BYTES], why[VAT_NUMBER_WHY_BYTES];
    const char *bar = strchr(c->text, '|'), *text = bar ? bar + 1 : c->text, *code = NULL;
    char *before = bar ? strndup(c->text, (size_t)(bar - c->text)) : NULL;
    if (before)
        code = country_find(before);
    free(before);
    switch (vat_number_parse(text, code, number, why)) {
    case VAT_NUMBER_NONE: return koppel_call_give(c, json_null(), out);
    case VAT_NUMBER_OK: return give_number(c, number, out);
    default: return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
    }
}

/* ---- amounts ---- */

static int apply_to_amounts(const struct koppel_call *c, json_t **out)
{
    bool lines = c->function == EXCL_LINES || c->function == INCL_LINES;
    enum amounts_way way =
        c->function == EXCL || c->function == EXCL_LINES ? AMOUNTS_EXCL : AMOUNTS_INCL;
    if (lines && !json_is_array(c->value))
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no list of lines");
    return lines ? lines_of_rates(c, way, out) : lines_of_rate(c, way, out);
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (c->function >= EXCL)
        return apply_to_amounts(c, out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    switch (c->function) {
    case COUNTRY: return country(c, out);
    case IN_UNION: return in_union(c, out);
    default: return valid_number(c, out);
    }
}

KOPPEL_REGISTER_TRANSFORM("vat", "0.1.0", catalogue_text, FUNCTIONS, apply);
