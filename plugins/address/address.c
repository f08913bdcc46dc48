/* SPDX-License-Identifier: MIT
 * Address lines and postcodes, by the customs of a country. Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/cut.h"
#include "base/fold.h"
#include "koppel/sdk.h"
#include "address_catalogue.h"
#include "postcode.h"
#include "split.h"

enum function { STREET, NUMBER, SUFFIX, BOX, SPLIT, JOIN, POSTCODE, FUNCTIONS };

/* What a value says: "BE|Wetstraat 16" names the country itself. */
struct given {
    const char *text;    /* behind the bar */
    const char *country; /* two letters, of the text, the argument or the home; NULL: of none */
};

static int no_country(const struct koppel_call *c, const char *name)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "unknown country \"%.*s\": write its name in Dutch, German or English, "
                         "or its two letters of ISO 3166",
                         CUT(name, 60));
}

/* -1 after a mistake: the text names a country that is none. */
static int take(const struct koppel_call *c, struct given *out)
{
    const char *bar = strchr(c->text, '|'), *named = koppel_call_arg(c, 0);
    char *before = bar ? strndup(c->text, (size_t)(bar - c->text)) : NULL;
    int rc = 0;
    if (before && !fold_is_blank(before))
        named = before;
    if (!named)
        named = c->host->setting(c->ctx, "home.country");
    *out = (struct given){bar ? bar + 1 : c->text, named ? country_find(named) : NULL};
    if (named && !out->country)
        rc = no_country(c, named);
    free(before);
    return rc;
}

/* ---- lines ---- */

static json_t *text_of(struct split_part part)
{
    return part.n ? json_stringn(part.at, part.n) : json_null();
}

/* Leaves out what is not there, so that one blank between the two is not written. */
static int add(json_t *object, const char *name, struct split_part part)
{
    return part.n ? json_object_set_new(object, name, json_stringn(part.at, part.n)) : 0;
}

static json_t *object_of(const struct split *s)
{
    bool one_blank = s->between.n == 1 && s->between.at[0] == ' ';
    json_t *made = json_object();
    int rc = add(made, "street", s->street) + add(made, "number", s->number) +
             add(made, "suffix", s->suffix);
    if (s->number.n && !one_blank)
        rc += json_object_set_new(made, "between", json_stringn(s->between.at, s->between.n));
    if (s->number_first)
        rc += json_object_set_new(made, "number_first", json_true());
    if (!s->number.n)
        rc += json_object_set_new(made, "whole", json_true());
    if (rc == 0)
        return made;
    json_decref(made);
    return NULL;
}

static json_t *part(const struct split *s, uint32_t function)
{
    switch (function) {
    case STREET: return text_of(s->street);
    case NUMBER: return text_of(s->number);
    case SUFFIX: return text_of(s->suffix);
    case BOX: return text_of(split_box(s));
    default: return object_of(s);
    }
}

static int split(const struct koppel_call *c, const struct given *g, json_t **out)
{
    struct split s;
    char *line = split_blanks(g->text);
    json_t *made = NULL;
    if (line && !*line) {
        made = json_null();
    } else if (line) {
        split_line(line, g->country, &s);
        made = part(&s, c->function);
    }
    free(line);
    return koppel_call_give(c, made, out);
}

/* A member as text; "" where there is none. digits: room for a number. NULL: it is neither. */
static const char *member(const json_t *object, const char *name, char digits[KOPPEL_DECIMAL_TEXT])
{
    const json_t *value = json_object_get(object, name);
    if (!value || json_is_null(value))
        return "";
    if (json_is_integer(value)) {
        koppel_decimal_text((int64_t)json_integer_value(value), 0, digits);
        return digits;
    }
    return json_string_value(value);
}

static int join(const struct koppel_call *c, json_t **out)
{
    char digits[KOPPEL_DECIMAL_TEXT], of_suffix[KOPPEL_DECIMAL_TEXT];
    const char *street = member(c->value, "street", digits);
    const char *number = member(c->value, "number", digits);
    const char *suffix = member(c->value, "suffix", of_suffix);
    const char *between = json_string_value(json_object_get(c->value, "between"));
    if (!street || !number || !suffix)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "street, number and suffix of an address are texts");
    if (!*street && !*number && !*suffix)
        return koppel_call_give(c, json_null(), out);
    if (!between)
        between = *street && (*number || *suffix) ? " " : "";
    const char *gap = *number ? split_gap(suffix) : "";
    bool first = json_is_true(json_object_get(c->value, "number_first"));
    json_t *made = first ? json_sprintf("%s%s%s%s%s", number, gap, suffix, between, street)
                         : json_sprintf("%s%s%s%s%s", street, between, number, gap, suffix);
    return koppel_call_give(c, made, out);
}

/* ---- postcodes ---- */

/* The first of the forms. */
static int wrong_postcode(const struct koppel_call *c, const struct given *g, const char *form)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "\"%.*s\" is no postcode of %s, which looks like %.*s (9 a digit, A a "
                         "letter, X either)",
                         CUT(g->text, 40), g->country, (int)strcspn(form, "|"), form);
}

static int postcode(const struct koppel_call *c, const struct given *g, json_t **out)
{
    char code[POSTCODE_BYTES];
    const char *form;
    if (fold_is_blank(g->text))
        return koppel_call_give(c, json_null(), out);
    if (!g->country)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the country of the postcode is missing");
    switch (postcode_form(g->text, g->country, code, &form)) {
    case POSTCODE_OK: return koppel_call_give(c, json_string(code), out);
    case POSTCODE_WRONG: return wrong_postcode(c, g, form);
    default: break;
    }
    char *as_it_is = fold_trimmed(g->text);
    json_t *made = as_it_is ? json_string(as_it_is) : NULL;
    free(as_it_is);
    return koppel_call_give(c, made, out);
}

static int apply(const struct koppel_call *c, json_t **out)
{
    struct given given;
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (c->function == JOIN && json_is_object(c->value))
        return join(c, out);
    if (c->function == JOIN)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no object");
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the address is no text");
    if (take(c, &given) < 0)
        return -1;
    return c->function == POSTCODE ? postcode(c, &given, out) : split(c, &given, out);
}

KOPPEL_REGISTER_TRANSFORM("address", "0.1.0", catalogue_text, FUNCTIONS, apply);
