/* SPDX-License-Identifier: MIT
 *
 * koppel/sdk.h - comfort for plugin authors: small static inline helpers over koppel/plugin.h.
 * No contract lives here; a plugin may do without. Needs Jansson. */
#ifndef KOPPEL_SDK_H
#define KOPPEL_SDK_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "koppel/plugin.h"

/* For structs that a plugin fills: `struct koppel_http_request r = KOPPEL_INIT(r);` */
#define KOPPEL_INIT(variable) {.struct_size = (uint32_t)sizeof(variable)}

/* One struct koppel_pair of an array. */
#define KOPPEL_PAIR(name, value) {(name), (value), 0}
#define KOPPEL_PAIR_SECRET(name, value) {(name), (value), 1}
#define KOPPEL_COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))
/* Sets a request's query or headers from an array of pairs. */
#define KOPPEL_QUERY(request, pairs)                                                               \
    ((request).query = (pairs), (request).query_count = KOPPEL_COUNT(pairs))
#define KOPPEL_HEADERS(request, pairs)                                                             \
    ((request).headers = (pairs), (request).header_count = KOPPEL_COUNT(pairs))

#if defined(__GNUC__)
#define KOPPEL_MAYBE_UNUSED __attribute__((unused))
#else
#define KOPPEL_MAYBE_UNUSED
#endif

/* A text member, or fallback where it is missing or no text. */
KOPPEL_MAYBE_UNUSED
static inline const char *koppel_get_text(const json_t *object, const char *name,
                                          const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : fallback;
}

/* Whole digits with an optional minus to an integer. 0, or -1 for anything else. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_parse_int(const char *text, int64_t *out)
{
    uint64_t value = 0, limit = INT64_MAX;
    int minus = text && text[0] == '-';
    if (minus)
        text++;
    if (!text || !text[0])
        return -1;
    for (; *text; text++) {
        unsigned digit = (unsigned)(*text - '0');
        if (*text < '0' || *text > '9' || value > (limit - digit) / 10)
            return -1;
        value = value * 10 + digit;
    }
    *out = minus ? -(int64_t)value : (int64_t)value;
    return 0;
}

/* An integer member, written as JSON integer or as text. 0, or -1 where it is neither. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_get_int(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value)) {
        *out = (int64_t)json_integer_value(value);
        return 0;
    }
    return koppel_parse_int(json_string_value(value), out);
}

/* A boolean member, or fallback where it is missing or no boolean. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_get_bool(const json_t *object, const char *name, int fallback)
{
    const json_t *value = json_object_get(object, name);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

/* units / 10^places as exact text: (530, 3) is "0.530", (-5, 2) is "-0.05". places: 0 to 18.
 * Returns its length, -1 where places is out of range. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_decimal_text(int64_t units, int places, char out[KOPPEL_DECIMAL_TEXT])
{
    uint64_t size = units < 0 ? 0 - (uint64_t)units : (uint64_t)units, scale = 1;
    int i;
    if (places < 0 || places > 18)
        return -1;
    for (i = 0; i < places; i++)
        scale *= 10;
    if (places == 0)
        return snprintf(out, KOPPEL_DECIMAL_TEXT, "%s%llu", units < 0 ? "-" : "",
                        (unsigned long long)size);
    return snprintf(out, KOPPEL_DECIMAL_TEXT, "%s%llu.%0*llu", units < 0 ? "-" : "",
                    (unsigned long long)(size / scale), places,
                    (unsigned long long)(size % scale));
}

/* The inverse: "0.530" with 3 places is 530. Zeros that are missing are added; digits that do not
 * fit are refused unless they are zeros. 0, or -1 for what is no decimal or too large. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_decimal_units(const char *text, int places, int64_t *out)
{
    uint64_t value = 0, limit = INT64_MAX;
    int minus, seen = 0, after = -1; /* after: digits behind the point, -1 before it */
    if (!text || places < 0 || places > 18)
        return -1;
    minus = text[0] == '-';
    if (text[0] == '-' || text[0] == '+')
        text++;
    for (; *text; text++) {
        unsigned digit = (unsigned)(*text - '0');
        if (*text == '.' && after < 0) {
            after = 0;
            continue;
        }
        if (*text < '0' || *text > '9')
            return -1;
        seen = 1;
        if (after >= 0 && after++ >= places) {
            if (digit)
                return -1;
            continue;
        }
        if (value > (limit - digit) / 10)
            return -1;
        value = value * 10 + digit;
    }
    if (!seen)
        return -1;
    for (after = after < 0 ? 0 : after; after < places; after++) {
        if (value > limit / 10)
            return -1;
        value *= 10;
    }
    *out = minus ? -(int64_t)value : (int64_t)value;
    return 0;
}

/* The text as a JSON string; a new reference, or NULL where places is out of range. */
KOPPEL_MAYBE_UNUSED
static inline json_t *koppel_decimal_json(int64_t units, int places)
{
    char text[KOPPEL_DECIMAL_TEXT];
    return koppel_decimal_text(units, places, text) < 0 ? NULL : json_string(text);
}

/* An integer as a JSON string of digits; a new reference. */
KOPPEL_MAYBE_UNUSED
static inline json_t *koppel_int_json(int64_t value)
{
    return koppel_decimal_json(value, 0);
}

/* ---- transforms: a plugin that converts values and nothing else ---- */

/* One value on its way through a function. */
struct koppel_call {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    uint32_t function;          /* less than the count that the plugin was registered with */
    json_t *value;              /* NULL where there is none, never JSON's null */
    const char *text;           /* of value; NULL where it is no text */
    json_t *args;
    struct koppel_error *err;
};

/* An argument as text; NULL where it was not given. */
KOPPEL_MAYBE_UNUSED
static inline const char *koppel_call_arg(const struct koppel_call *c, size_t index)
{
    return json_string_value(json_array_get(c->args, index));
}

/* The outcome: made is stolen, NULL stands for a lack of memory. `return koppel_call_give(...)`. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_call_give(const struct koppel_call *c, json_t *made, json_t **out)
{
    *out = made;
    return made ? 0 : (c->host->fail)(c->err, KOPPEL_E_BUG, "no memory, or text that is not UTF-8");
}

/* Makes a plugin of apply, int (*)(const struct koppel_call *c, json_t **out), which gives a new
 * reference or fails. count: the functions of the catalogue. Stands at the end of the file. */
#define KOPPEL_REGISTER_TRANSFORM(plugin_name, plugin_version, catalogue_json, count, apply)       \
    static int koppel_convert(const struct koppel_host *host, struct koppel_context *ctx,          \
                              uint32_t function, json_t *value, json_t *args,                      \
                              json_t **out, struct koppel_error *err)                              \
    {                                                                                              \
        json_t *given = json_is_null(value) ? NULL : value;                                        \
        struct koppel_call call = {host, ctx, function, given, json_string_value(given), args,     \
                                   err};                                                           \
        if (function >= (uint32_t)(count))                                                         \
            return host->fail(err, KOPPEL_E_BUG, "no function number %u", (unsigned)function);     \
        return apply(&call, out);                                                                  \
    }                                                                                              \
    static const struct koppel_transform koppel_transform_ops = {                                  \
        .struct_size = sizeof koppel_transform_ops,                                                \
        .convert = koppel_convert,                                                                 \
    };                                                                                             \
    static const struct koppel_plugin koppel_this_plugin = {                                       \
        KOPPEL_PLUGIN_HEADER,                                                                      \
        .kind = KOPPEL_KIND_TRANSFORM,                                                             \
        .threads = KOPPEL_THREADS_PARALLEL,                                                        \
        .name = plugin_name,                                                                       \
        .version = plugin_version,                                                                 \
        .catalogue = catalogue_json,                                                               \
        .transform = &koppel_transform_ops,                                                        \
    };                                                                                             \
    KOPPEL_REGISTER_PLUGIN(koppel_this_plugin)

#endif
