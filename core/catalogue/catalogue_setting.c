/* SPDX-License-Identifier: MIT
 * Settings of a catalogue: what a connection, a flow's options and a core model may be given. */
#include "catalogue/catalogue_setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/expr_parse.h"

static int parse_limit(const struct cat_at *at, json_t *object, const char *name,
                       enum setting_type type, int64_t *out)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        return 0;
    if (type != SETTING_INTEGER && type != SETTING_DURATION)
        return member_mistake(at, "\"%s\" is for integers and durations", name);
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return 0;
    }
    if (type == SETTING_DURATION && json_is_string(value)
        && clock_parse_duration(json_string_value(value), out) == 0)
        return 0;
    return member_mistake(at, "\"%s\" must be %s", name, type == SETTING_DURATION
                       ? "a duration such as \"5m\"" : "an integer");
}

/* Keeps "default" as text in the tree, whatever JSON type it was written in. */
static int take_default(const struct cat_at *at, json_t *object, const char **out)
{
    json_t *value = json_object_get(object, "default");
    if (!value)
        return 0;
    char digits[32];
    json_t *text = NULL;
    if (json_is_string(value)) {
        *out = json_string_value(value);
        return 0;
    }
    if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = json_string(digits);
    } else if (json_is_boolean(value)) {
        text = json_string(json_is_true(value) ? "true" : "false");
    } else {
        return member_mistake(at, "\"default\" must be text, an integer or a boolean, found %s",
                           member_type_name(value));
    }
    if (!text || json_object_set(object, "default", text) < 0) {
        json_decref(text);
        return member_no_memory(at);
    }
    *out = json_string_value(text);
    json_decref(text);
    return 0;
}

static int parse_whole(const char *text, int64_t *out)
{
    char *end;
    if (text[0] == '\0' || strspn(text, "-0123456789") != strlen(text))
        return -1;
    long long n = strtoll(text, &end, 10);
    if (*end != '\0' || n == INT64_MAX || n == INT64_MIN)
        return -1;
    *out = n;
    return 0;
}

static int check_expression(const struct cat_at *at, const struct cat_setting *s)
{
    struct koppel_error why = {0};
    struct expr *e = member_has_text(s->values, s->value_count, s->fallback)
                         ? NULL : expr_parse(s->fallback, &why);
    if (e && expr_compares(e))
        err_set(&why, KOPPEL_E_CONFIG, "\"%s\" compares, and gives no number", s->fallback);
    expr_free(e);
    return why.kind ? member_mistake(at, "default: %s", why.text) : 0;
}

static int check_default(const struct cat_at *at, const struct cat_setting *s)
{
    const char *text = s->fallback;
    struct decimal decimal;
    struct date date;
    char why[DATE_WHY_BYTES];
    int64_t n = 0;
    if (!text)
        return 0;
    if (s->required)
        return member_mistake(at, "a required setting has no use for a default");
    if (s->secret)
        return member_mistake(at, "a secret setting cannot have a default");
    switch (s->type) {
    case SETTING_INTEGER:
    case SETTING_DURATION:
        if ((s->type == SETTING_INTEGER ? parse_whole(text, &n)
                                        : clock_parse_duration(text, &n)) < 0)
            return member_mistake(at, "default \"%s\" is no %s", text,
                               s->type == SETTING_INTEGER ? "integer" : "duration");
        if (n < s->min || n > s->max)
            return member_mistake(at, "default \"%s\" is outside of min and max", text);
        return 0;
    case SETTING_BOOLEAN:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return member_mistake(at, "default \"%s\" is neither true nor false", text);
        return 0;
    case SETTING_CHOICE:
        if (!member_has_text(s->values, s->value_count, text))
            return member_mistake(at, "default \"%s\" is not among its values", text);
        return 0;
    case SETTING_DATE:
        if (date_parse(text, &date, why) != 0)
            return member_mistake(at, "default \"%s\" is no date: %s", text, why);
        return 0;
    case SETTING_DECIMAL:
        if (decimal_parse(text, &decimal) != 0)
            return member_mistake(at, "default \"%s\" is no decimal", text);
        return 0;
    case SETTING_EXPRESSION:
        return check_expression(at, s);
    default:
        return 0;
    }
}

static int parse_setting(struct cat_at *at, const struct cat_at *list, json_t *object,
                         struct cat_setting *s)
{
    static const char *const known[] = {"name", "title", "help", "type", "required", "secret",
                                        "default", "min", "max", "values", "choices", "requires",
                                        "scope", "many", "port", "ask", NULL};
    static const char *const types[] = {"text", "url", "integer", "boolean", "duration", "choice",
                                        "decimal", "expression", "date", NULL};
    int type = SETTING_TEXT;
    if (member_name(at, list, object, &s->name) < 0 || member_check_members(at, object, known) < 0)
        return -1;
    s->title = s->name;
    s->help = "";
    s->titles = member_languages(object, "title");
    s->helps = member_languages(object, "help");
    if (member_words(at, object, "title", &s->title) < 0
        || member_words(at, object, "help", &s->help) < 0
        || member_choice(at, object, "type", types, &type) < 0
        || member_bool(at, object, "required", &s->required) < 0
        || member_bool(at, object, "secret", &s->secret) < 0
        || member_bool(at, object, "many", &s->many) < 0
        || member_bool(at, object, "ask", &s->ask) < 0
        || member_text(at, object, "choices", &s->choices) < 0
        || member_text(at, object, "requires", &s->requires) < 0
        || member_text(at, object, "scope", &s->scope) < 0
        || member_text(at, object, "port", &s->port) < 0
        || member_texts(at, object, "values", &s->values, &s->value_count) < 0)
        return -1;
    s->type = (enum setting_type)type;
    s->min = s->type == SETTING_DURATION ? 0 : INT64_MIN;
    s->max = INT64_MAX;
    if (parse_limit(at, object, "min", s->type, &s->min) < 0
        || parse_limit(at, object, "max", s->type, &s->max) < 0)
        return -1;
    if (s->min > s->max)
        return member_mistake(at, "min is larger than max");
    if (s->type != SETTING_EXPRESSION && (s->type == SETTING_CHOICE) != (s->value_count > 0))
        return member_mistake(at, "\"values\" belong to type \"choice\", which needs them");
    if (s->scope && s->type != SETTING_EXPRESSION)
        return member_mistake(at, "\"scope\" belongs to type \"expression\"");
    if (s->many && s->type != SETTING_CHOICE && !(s->type == SETTING_TEXT && s->choices))
        return member_mistake(at, "\"many\" belongs to type \"choice\", and to a text with "
                              "\"choices\"");
    if (s->port && s->type != SETTING_URL)
        return member_mistake(at, "\"port\" belongs to type \"url\"");
    if (s->secret && s->type != SETTING_TEXT)
        return member_mistake(at, "a secret setting must be of type \"text\"");
    if (take_default(at, object, &s->fallback) < 0)
        return -1;
    return check_default(at, s);
}

int catalogue_setting_parse(const struct cat_at *at, json_t *object, const char *name,
                       struct cat_setting **out, int *out_count)
{
    json_t *list;
    int count = member_list(at, object, name, &list);
    if (count <= 0)
        return count;
    struct cat_at here = member_child(at, name);
    *out = calloc((size_t)count, sizeof(**out));
    if (!*out)
        return member_no_memory(at);
    *out_count = count;
    for (int i = 0; i < count; i++) {
        struct cat_at item = member_index(&here, (size_t)i);
        if (parse_setting(&item, &here, json_array_get(list, (size_t)i), &(*out)[i]) < 0)
            return -1;
        for (int k = 0; k < i; k++) {
            if (strcmp((*out)[k].name, (*out)[i].name) == 0)
                return member_mistake(&item, "this name stands here twice");
        }
    }
    return 0;
}

void catalogue_setting_free(struct cat_setting *settings, int count)
{
    for (int i = 0; settings && i < count; i++)
        free(settings[i].values);
    free(settings);
}
