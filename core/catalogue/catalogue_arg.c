/* SPDX-License-Identifier: MIT
 * Arguments of functions: types, limits, defaults. */
#include "catalogue/catalogue_arg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/decimal.h"
#include "base/fold.h"
#include "base/nearest.h"
#include "base/zone.h"

static const char *const types[] = {"text", "integer", "decimal", "boolean", "choice", "zone",
                                    "country", "currency", "list", NULL};

/* ---- values ---- */

/* "argument places: "x" is no integer from 0 to 18" */
static int refused(const struct cat_arg *a, const char *text, struct koppel_error *err)
{
    char type[300];
    catalogue_arg_type(a, type, sizeof type);
    const char *near = nearest_name(text, a->values, a->value_count);
    return err_set(err, KOPPEL_E_CONFIG, "argument \"%s\" is \"%.100s\", expected %s%s%s%s",
                   a->name, text, type, near ? "; did you mean \"" : "", near ? near : "",
                   near ? "\"?" : "");
}

static json_t *whole_number(const struct cat_arg *a, const char *text)
{
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    bool plain = text[0] && strspn(text, "-0123456789") == strlen(text);
    return plain && !*end && errno == 0 && n >= a->min && n <= a->max ? json_integer(n) : NULL;
}

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && country_currency_places(text) >= 0;
}

static bool has_length(const struct cat_arg *a, const char *text)
{
    int64_t bytes = (int64_t)strlen(text);
    return bytes >= a->min && bytes <= a->max;
}

/* NULL: it is none of that type. */
static json_t *scalar(const struct cat_arg *a, const char *text)
{
    struct decimal d;
    switch (a->type) {
    case ARG_INTEGER: return whole_number(a, text);
    case ARG_DECIMAL: return decimal_parse(text, &d) == 0 ? json_string(text) : NULL;
    case ARG_BOOLEAN:
        return strcmp(text, "true") == 0    ? json_true()
               : strcmp(text, "false") == 0 ? json_false()
                                            : NULL;
    case ARG_CHOICE:
        return member_has_text(a->values, a->value_count, text) ? json_string(text) : NULL;
    case ARG_ZONE: return zone_find(text) ? json_string(text) : NULL;
    case ARG_COUNTRY: return country_find(text) ? json_string(country_find(text)) : NULL;
    case ARG_CURRENCY: return is_currency(text) ? json_string(text) : NULL;
    default: return has_length(a, text) ? json_string(text) : NULL;
    }
}

/* buf must hold 32 bytes. NULL: it is no text, integer or boolean. */
static const char *text_of(const json_t *given, char *buf)
{
    if (json_is_integer(given)) {
        snprintf(buf, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
        return buf;
    }
    if (json_is_boolean(given))
        return json_is_true(given) ? "true" : "false";
    return json_string_value(given);
}

static int list_value(const struct cat_arg *a, const json_t *given, json_t **out,
                      struct koppel_error *err)
{
    char digits[32];
    size_t n = json_array_size(given);
    if (n < (size_t)a->min || n > (size_t)a->max)
        return err_set(err, KOPPEL_E_CONFIG, "argument \"%s\" has %zu elements, expected %d to %d",
                       a->name, n, (int)a->min, (int)a->max);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const char *text = text_of(json_array_get(given, i), digits);
        if (!text || json_array_append_new(list, json_string(text)) < 0) {
            json_decref(list);
            return err_set(err, KOPPEL_E_CONFIG,
                           "argument \"%s\": element %zu is no text, integer or boolean", a->name,
                           i + 1);
        }
    }
    *out = list;
    return 0;
}

int catalogue_arg_value(const struct cat_arg *a, const json_t *given, json_t **out,
                        struct koppel_error *err)
{
    char digits[32];
    *out = NULL;
    if (a->type == ARG_LIST)
        return list_value(a, given, out, err);
    const char *text = text_of(given, digits);
    if (!text)
        return err_set(err, KOPPEL_E_CONFIG, "argument \"%s\" is %s, expected one value", a->name,
                       member_type_name(given));
    if (a->type != ARG_TEXT && !a->required && fold_is_blank(text))
        return 0;
    *out = scalar(a, text);
    return *out ? 0 : refused(a, text, err);
}

void catalogue_arg_type(const struct cat_arg *a, char *out, size_t room)
{
    if (a->type == ARG_INTEGER && a->min > INT64_MIN && a->max < INT64_MAX) {
        snprintf(out, room, "integer, %lld to %lld", (long long)a->min, (long long)a->max);
        return;
    }
    if (a->type == ARG_TEXT && (a->min > 0 || a->max < INT64_MAX)) {
        if (a->max == INT64_MAX)
            snprintf(out, room, "text of at least %lld byte%s", (long long)a->min,
                     a->min == 1 ? "" : "s");
        else
            snprintf(out, room, "text of %lld to %lld bytes", (long long)a->min, (long long)a->max);
        return;
    }
    snprintf(out, room, "%s", a->type == ARG_CHOICE ? "one of " : types[a->type]);
    for (int i = 0; i < a->value_count; i++) {
        size_t used = strlen(out);
        snprintf(out + used, room - used, "%s%s", i == 0 ? "" : ", ", a->values[i]);
    }
}

/* ---- declarations ---- */

static int parse_limit(const struct cat_at *at, json_t *object, const char *name,
                       const struct cat_arg *a, int64_t *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (a->type != ARG_INTEGER && a->type != ARG_LIST && a->type != ARG_TEXT)
        return member_mistake(at, "\"%s\" is for integers, texts and lists", name);
    if (!json_is_integer(value))
        return member_mistake(at, "\"%s\" must be an integer, found %s", name,
                              member_type_name(value));
    *out = json_integer_value(value);
    return 0;
}

static int parse_limits(const struct cat_at *at, json_t *object, struct cat_arg *a)
{
    a->min = a->type == ARG_LIST ? a->required : a->type == ARG_TEXT ? 0 : INT64_MIN;
    a->max = a->type == ARG_LIST ? CAT_ARG_LIST_MAX : INT64_MAX;
    if (parse_limit(at, object, "min", a, &a->min) < 0
        || parse_limit(at, object, "max", a, &a->max) < 0)
        return -1;
    if (a->min > a->max || (a->type == ARG_TEXT && a->min < 0)
        || (a->type == ARG_LIST && (a->min < a->required || a->max > CAT_ARG_LIST_MAX)))
        return member_mistake(at, "min and max leave nothing, or more than there can be");
    return 0;
}

static int parse_default(const struct cat_at *at, json_t *object, struct cat_arg *a)
{
    struct koppel_error why = {0};
    json_t *value = json_object_get(object, "default");
    if (!value)
        return 0;
    if (a->required)
        return member_mistake(at, "a required argument has no use for a default");
    if (catalogue_arg_value(a, value, &a->fallback, &why) < 0)
        return member_mistake(at, "default: %s", why.text);
    return 0;
}

int catalogue_arg_parse(struct cat_at *at, const struct cat_at *list, json_t *object,
                        struct cat_arg *a)
{
    static const char *const known[] = {"name", "help", "type", "required", "default", "min",
                                        "max", "values", NULL};
    int type = ARG_TEXT;
    if (member_name(at, list, object, &a->name) < 0 || member_check_members(at, object, known) < 0)
        return -1;
    a->help = "";
    if (member_words(at, object, "help", &a->help) < 0
        || member_choice(at, object, "type", types, &type) < 0
        || member_bool(at, object, "required", &a->required) < 0
        || member_texts(at, object, "values", &a->values, &a->value_count) < 0)
        return -1;
    a->type = (enum arg_type)type;
    if ((a->type == ARG_CHOICE) != (a->value_count > 0))
        return member_mistake(at, "\"values\" belong to type \"choice\", which needs them");
    return parse_limits(at, object, a) < 0 ? -1 : parse_default(at, object, a);
}

void catalogue_arg_done(struct cat_arg *a)
{
    free(a->values);
    json_decref(a->fallback);
}
