/* SPDX-License-Identifier: MIT
 * Text functions for mappings. Nothing in, nothing out, but for default, equals and has-value. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"
#include "koppel/sdk.h"
#include "text_catalogue.h"

static int trim(const struct koppel_call *c, json_t **out)
{
    size_t n;
    const char *start = fold_trim(c->text, &n);
    return koppel_call_give(c, json_stringn(start, n), out);
}

/* made is freed; NULL stands for a lack of memory. */
static int give_text(const struct koppel_call *c, char *made, json_t **out)
{
    json_t *json = made ? json_string(made) : NULL;
    free(made);
    return koppel_call_give(c, json, out);
}

static int lower(const struct koppel_call *c, json_t **out)
{
    return give_text(c, fold_lower(c->text, strlen(c->text)), out);
}

static int upper(const struct koppel_call *c, json_t **out)
{
    return give_text(c, fold_upper(c->text, strlen(c->text)), out);
}

static int casefold(const struct koppel_call *c, json_t **out)
{
    return give_text(c, fold_key(c->text), out);
}

static int truncate_text(const struct koppel_call *c, json_t **out)
{
    size_t count = (size_t)koppel_call_int(c, 0);
    return koppel_call_give(c, json_stringn(c->text, cut_characters(c->text, count)), out);
}

static int replace(const struct koppel_call *c, json_t **out)
{
    const char *from = koppel_call_arg(c, 0), *to = koppel_call_arg(c, 1), *p = c->text, *hit;
    size_t from_bytes = strlen(from), to_bytes = strlen(to), hits = 0;
    char *made, *end;

    for (hit = strstr(p, from); hit; hit = strstr(hit + from_bytes, from))
        hits++;
    made = end = malloc(strlen(p) + hits * to_bytes + 1);
    if (!made)
        return koppel_call_give(c, NULL, out);
    for (; (hit = strstr(p, from)); p = hit + from_bytes) {
        end = mempcpy(end, p, (size_t)(hit - p));
        end = mempcpy(end, to, to_bytes);
    }
    memcpy(end, p, strlen(p) + 1);
    json_t *json = json_string(made);
    free(made);
    return koppel_call_give(c, json, out);
}

static int prefix(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_sprintf("%s%s", koppel_call_arg(c, 0), c->text), out);
}

static int append(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_sprintf("%s%s", c->text, koppel_call_arg(c, 0)), out);
}

static bool has_value(const struct koppel_call *c)
{
    if (c->text)
        return !fold_is_blank(c->text);
    if (json_is_array(c->value))
        return json_array_size(c->value) > 0;
    if (json_is_object(c->value))
        return json_object_size(c->value) > 0;
    return c->value && !json_is_null(c->value);
}

static int default_text(const struct koppel_call *c, json_t **out)
{
    json_t *kept = has_value(c) ? json_incref(c->value) : json_string(koppel_call_arg(c, 0));

    return koppel_call_give(c, kept, out);
}

static int digits(const struct koppel_call *c, json_t **out)
{
    char *made = malloc(strlen(c->text) + 1), *end = made;
    json_t *json = NULL;

    if (made) {
        for (const char *p = c->text; *p; p++)
            if (*p >= '0' && *p <= '9')
                *end++ = *p;
        *end = '\0';
        json = json_string(made);
    }
    free(made);
    return koppel_call_give(c, json, out);
}

static int if_blank_null(const struct koppel_call *c, json_t **out)
{
    bool blank = fold_is_blank(c->text);
    return koppel_call_give(c, blank ? json_null() : json_incref(c->value), out);
}

static int join(const struct koppel_call *c, json_t **out)
{
    json_t *element, *made = json_string("");
    size_t i;

    if (c->text) {
        json_decref(made);
        return koppel_call_give(c, json_incref(c->value), out);
    }
    json_array_foreach(c->value, i, element) {
        const char *text = json_string_value(element), *before = json_string_value(made);
        json_t *longer;

        if (!before || !text || !*text)
            continue;
        longer = json_sprintf("%s%s%s", before, *before ? koppel_call_arg(c, 0) : "", text);
        json_decref(made);
        made = longer;
    }
    return koppel_call_give(c, made, out);
}

static int split(const struct koppel_call *c, json_t **out)
{
    const char *separator = koppel_call_arg(c, 0), *p = c->text, *end;
    int64_t index = koppel_call_int(c, 1);

    for (; (end = strstr(p, separator)) && index > 0; index--)
        p = end + strlen(separator);
    if (index > 0)
        return koppel_call_give(c, json_null(), out);
    return koppel_call_give(c, json_stringn(p, end ? (size_t)(end - p) : strlen(p)), out);
}

static int equals(const struct koppel_call *c, json_t **out)
{
    const char *text = c->text;
    char digits_of[24];

    if (json_is_boolean(c->value))
        text = json_is_true(c->value) ? "true" : "false";
    if (json_is_integer(c->value)) {
        snprintf(digits_of, sizeof digits_of, "%" JSON_INTEGER_FORMAT,
                 json_integer_value(c->value));
        text = digits_of;
    }
    if (text && strcmp(text, koppel_call_arg(c, 0)) == 0)
        return koppel_call_give(c, json_string(koppel_call_arg(c, 1)), out);
    if (koppel_call_arg(c, 2))
        return koppel_call_give(c, json_string(koppel_call_arg(c, 2)), out);
    return koppel_call_give(c, c->value ? json_incref(c->value) : json_null(), out);
}

static int has_value_text(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_string(koppel_call_arg(c, has_value(c) ? 0 : 1)), out);
}

/* What a function takes besides text. */
enum takes { TEXT, LIST, ANYTHING };

/* In the order of the catalogue. */
static const struct {
    int (*apply)(const struct koppel_call *c, json_t **out);
    enum takes takes;
} functions[] = {
    {trim, TEXT}, {lower, TEXT}, {upper, TEXT}, {truncate_text, TEXT}, {replace, TEXT},
    {prefix, TEXT}, {append, TEXT}, {default_text, ANYTHING}, {digits, TEXT}, {casefold, TEXT},
    {if_blank_null, TEXT}, {join, LIST}, {split, TEXT}, {equals, ANYTHING},
    {has_value_text, ANYTHING},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static int apply(const struct koppel_call *c, json_t **out)
{
    if (functions[c->function].takes != ANYTHING) {
        if (!c->value)
            return koppel_call_give(c, json_null(), out);
        if (!c->text && !(functions[c->function].takes == LIST && json_is_array(c->value)))
            return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    }
    return functions[c->function].apply(c, out);
}

KOPPEL_REGISTER_TRANSFORM("text", "0.1.0", catalogue_text, FUNCTIONS, apply);
