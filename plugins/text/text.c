/* SPDX-License-Identifier: MIT
 * Text functions for mappings. Nothing in, nothing out, but for default, equals and has-value. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "koppel/sdk.h"
#include "text_catalogue.h"

#define MAX_COUNT 1000000

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void trimmed(const char *text, const char **start, size_t *bytes)
{
    size_t n;

    while (is_blank(*text))
        text++;
    n = strlen(text);
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    *start = text;
    *bytes = n;
}

static int trim(const struct koppel_call *c, json_t **out)
{
    const char *start;
    size_t n;

    trimmed(c->text, &start, &n);
    return koppel_call_give(c, json_stringn(start, n), out);
}

/* Letters up to U+017F; pairs there lie side by side, upper case first. */
static unsigned lower_of(unsigned u)
{
    if ((u >= 'A' && u <= 'Z') || (u >= 0xC0 && u <= 0xDE && u != 0xD7))
        return u + 0x20;
    if (u == 0x178)
        return 0xFF;
    if ((u >= 0x100 && u <= 0x137 && u != 0x130) || (u >= 0x14A && u <= 0x177))
        return u | 1;
    if ((u >= 0x139 && u <= 0x148) || (u >= 0x179 && u <= 0x17E))
        return u + (u & 1);
    return u;
}

static unsigned upper_of(unsigned u)
{
    if (u >= 'a' && u <= 'z')
        return u - 0x20;
    if (u == 0xFF)
        return 0x178;
    if (u < 0xE0 || u > 0x17E || u == 0xF7 || u == 0x131 || u == 0x138 || u == 0x149)
        return u;
    if (u <= 0xFE)
        return u - 0x20;
    return u > 0x100 && lower_of(u - 1) == u ? u - 1 : u;
}

/* Every letter concerned takes as many bytes in both cases, so this works in place. */
static void change_case(char *text, unsigned (*change)(unsigned))
{
    for (unsigned char *p = (unsigned char *)text; *p; p++) {
        unsigned u;

        if (*p < 0x80) {
            *p = (unsigned char)change(*p);
        } else if (*p >= 0xC3 && *p <= 0xC5 && p[1]) {
            u = change((*p & 0x1Fu) << 6 | (p[1] & 0x3Fu));
            *p++ = (unsigned char)(0xC0 | u >> 6);
            *p = (unsigned char)(0x80 | (u & 0x3F));
        }
    }
}

static int with_case(const struct koppel_call *c, const char *text, size_t n,
                     unsigned (*change)(unsigned), json_t **out)
{
    char *copy = strndup(text, n);
    json_t *made = NULL;

    if (copy) {
        change_case(copy, change);
        made = json_string(copy);
    }
    free(copy);
    return koppel_call_give(c, made, out);
}

static int lower(const struct koppel_call *c, json_t **out)
{
    return with_case(c, c->text, strlen(c->text), lower_of, out);
}

static int upper(const struct koppel_call *c, json_t **out)
{
    return with_case(c, c->text, strlen(c->text), upper_of, out);
}

static int casefold(const struct koppel_call *c, json_t **out)
{
    const char *start;
    size_t n;

    trimmed(c->text, &start, &n);
    return with_case(c, start, n, lower_of, out);
}

static int number_arg(const struct koppel_call *c, size_t i, long *out)
{
    const char *text = koppel_call_arg(c, i);
    char *end;

    *out = strtol(text, &end, 10);
    if (end == text || *end || *out < 0 || *out > MAX_COUNT)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "\"%s\" is no count", text);
    return 0;
}

static int truncate_text(const struct koppel_call *c, json_t **out)
{
    const char *p = c->text;
    long count;

    if (number_arg(c, 0, &count) < 0)
        return -1;
    for (; *p; p++)
        if (((unsigned char)*p & 0xC0) != 0x80 && count-- == 0)
            break;
    return koppel_call_give(c, json_stringn(c->text, (size_t)(p - c->text)), out);
}

static int replace(const struct koppel_call *c, json_t **out)
{
    const char *from = koppel_call_arg(c, 0), *to = koppel_call_arg(c, 1), *p = c->text, *hit;
    size_t from_bytes = strlen(from), to_bytes = strlen(to), hits = 0;
    char *made, *end;

    if (!from_bytes)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "replace: the text to replace is empty");
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
        return *c->text != '\0';
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
    const char *start;
    size_t n;

    trimmed(c->text, &start, &n);
    return koppel_call_give(c, n ? json_incref(c->value) : json_null(), out);
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
    long index;

    if (!*separator)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "split: the separator is empty");
    if (number_arg(c, 1, &index) < 0)
        return -1;
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
    unsigned args; /* required */
} functions[] = {
    {trim, TEXT, 0}, {lower, TEXT, 0}, {upper, TEXT, 0}, {truncate_text, TEXT, 1},
    {replace, TEXT, 2}, {prefix, TEXT, 1}, {append, TEXT, 1}, {default_text, ANYTHING, 1},
    {digits, TEXT, 0}, {casefold, TEXT, 0}, {if_blank_null, TEXT, 0}, {join, LIST, 1},
    {split, TEXT, 2}, {equals, ANYTHING, 2}, {has_value_text, ANYTHING, 2},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static int apply(const struct koppel_call *c, json_t **out)
{
    for (size_t i = 0; i < functions[c->function].args; i++)
        if (!koppel_call_arg(c, i))
            return c->host->fail(c->err, KOPPEL_E_CONFIG, "argument %zu is missing", i + 1);
    if (functions[c->function].takes != ANYTHING) {
        if (!c->value)
            return koppel_call_give(c, json_null(), out);
        if (!c->text && !(functions[c->function].takes == LIST && json_is_array(c->value)))
            return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    }
    return functions[c->function].apply(c, out);
}

KOPPEL_REGISTER_TRANSFORM("text", "0.1.0", catalogue_text, FUNCTIONS, apply);
