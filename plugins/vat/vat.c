/* SPDX-License-Identifier: MIT
 * Country names to codes, and the form of VAT numbers. Nothing in, nothing out. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/cut.h"
#include "base/fold.h"
#include "base/vat_number.h"
#include "koppel/sdk.h"
#include "vat_catalogue.h"

enum function { COUNTRY, VALID_NUMBER, IN_UNION, FUNCTIONS };

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
    case VAT_NUMBER_OK: return koppel_call_give(c, json_string(number), out);
    default: return c->host->fail(c->err, KOPPEL_E_REJECTED, "%s", why);
    }
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    switch (c->function) {
    case COUNTRY: return country(c, out);
    case IN_UNION: return in_union(c, out);
    default: return valid_number(c, out);
    }
}

KOPPEL_REGISTER_TRANSFORM("vat", "0.1.0", catalogue_text, FUNCTIONS, apply);
