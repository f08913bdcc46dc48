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
    int minus, any = 0, after = -1; /* after: digits behind the point, -1 before it */
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
        any = 1;
        if (after >= 0 && after++ >= places) {
            if (digit)
                return -1;
            continue;
        }
        if (value > (limit - digit) / 10)
            return -1;
        value = value * 10 + digit;
    }
    if (!any)
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

/* ---- decimals of JSON numbers ---- */

/* "1.5e2" to "150", "-0.5E-1" to "-0.05", "1.50" stays: plain notation, every digit kept. 0, or -1
 * for what is no number or does not fit. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_decimal_plain(const char *text, char out[KOPPEL_DECIMAL_TEXT])
{
    char digits[KOPPEL_DECIMAL_TEXT];
    int count = 0, point = -1, any = 0, i, n = 0;
    int64_t exponent = 0;
    const char *at = text;
    if (!text)
        return -1;
    if (*at == '-' || *at == '+')
        at++;
    for (; (*at >= '0' && *at <= '9') || (*at == '.' && point < 0); at++) {
        if (*at == '.') {
            point = count;
            continue;
        }
        any = 1;
        if (count == 0 && *at == '0' && point < 0)
            continue; /* zeros that lead mean nothing */
        if (count >= KOPPEL_DECIMAL_TEXT - 4)
            return -1;
        digits[count++] = *at;
    }
    if (!any)
        return -1;
    if (point < 0)
        point = count;
    if (*at == 'e' || *at == 'E') {
        at++;
        if (*at == '+')
            at++;
        if (koppel_parse_int(at, &exponent) != 0 || exponent > 99 || exponent < -99)
            return -1;
        at += strlen(at);
    }
    if (*at)
        return -1;
    point += (int)exponent;
    /* the most that can be written: sign, digits before the point, the point, digits behind it */
    if (2 + (point > 0 ? point : 1) + (count > point ? count - point : 0) >= KOPPEL_DECIMAL_TEXT)
        return -1;
    if (text[0] == '-')
        out[n++] = '-';
    if (point <= 0)
        out[n++] = '0';
    for (i = 0; i < point; i++)
        out[n++] = i < count ? digits[i] : '0';
    if (count > point)
        out[n++] = '.';
    for (i = point; i < count; i++)
        out[n++] = i < 0 ? '0' : digits[i];
    out[n] = '\0';
    return 0;
}

/* A number of host->json() as decimal text: a JSON integer, or text that holds a number. A JSON
 * real is refused: its digits are lost already. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_json_decimal(const json_t *value, char out[KOPPEL_DECIMAL_TEXT])
{
    if (json_is_integer(value))
        return koppel_decimal_text((int64_t)json_integer_value(value), 0, out) < 0 ? -1 : 0;
    return koppel_decimal_plain(json_string_value(value), out);
}

/* ---- dates ---- */

/* A moment and the zone it was written in. */
struct koppel_time {
    int64_t utc_ms;         /* since 1970; where there is no zone, as if the text were in UTC */
    int has_zone;           /* "Z" or an offset stood there */
    int has_time;           /* a time of day stood there */
    int offset_minutes;     /* of the zone: UTC + this is what the clock showed */
};

/* Days since 1970 of a date that exists. */
KOPPEL_MAYBE_UNUSED
static inline int64_t koppel_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719468;
}

/* `count` digits as a number; -1 where one of them is none. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_digits(const char *text, int count)
{
    int value = 0, i;
    for (i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* "2026-11-24", and with a time "2026-11-24T05:18:51.123+01:00" (a blank in place of T, seconds, a
 * fraction and the zone may be left out). 0, or -1 for all else: a day that does not exist, hour
 * 24, a year of five digits. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_time_parse(const char *text, struct koppel_time *out)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct koppel_time t = {0, 0, 0, 0};
    int year, month, day, hour, minute, second = 0, ms = 0, leap;
    if (!text || strlen(text) < 10 || text[4] != '-' || text[7] != '-')
        return -1;
    year = koppel_digits(text, 4);
    month = koppel_digits(text + 5, 2);
    day = koppel_digits(text + 8, 2);
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (year < 1 || month < 1 || month > 12 || day < 1
        || day > days[month - 1] + (month == 2 && leap))
        return -1;
    t.utc_ms = koppel_days(year, month, day) * 86400000;
    text += 10;
    if (!*text) {
        *out = t;
        return 0;
    }
    if ((*text != 'T' && *text != 't' && *text != ' ') || strlen(text) < 6 || text[3] != ':')
        return -1;
    hour = koppel_digits(text + 1, 2);
    minute = koppel_digits(text + 4, 2);
    text += 6;
    if (text[0] == ':' && text[1] && text[2]) {
        second = koppel_digits(text + 1, 2);
        text += 3;
    }
    if (*text == '.' || *text == ',') {
        int scale = 100;
        if (text[1] < '0' || text[1] > '9')
            return -1;
        for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
            ms += (*text - '0') * scale;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return -1;
    t.has_time = 1;
    t.utc_ms += ((hour * 60 + minute) * 60 + second) * (int64_t)1000 + ms;
    if ((*text == 'Z' || *text == 'z') && !text[1]) {
        t.has_zone = 1;
    } else if (*text == '+' || *text == '-') {
        int sign = *text == '-' ? -1 : 1, colon = strlen(text) == 6 && text[3] == ':', h, m;
        if (!colon && strlen(text) != 5)
            return -1;
        h = koppel_digits(text + 1, 2);
        m = koppel_digits(text + 3 + colon, 2);
        if (h < 0 || h > 14 || m < 0 || m > 59)
            return -1;
        t.has_zone = 1;
        t.offset_minutes = sign * (h * 60 + m);
        t.utc_ms -= (int64_t)t.offset_minutes * 60000;
    } else if (*text) {
        return -1;
    }
    *out = t;
    return 0;
}

#define KOPPEL_TIME_TEXT 32 /* bytes that hold every time as text, NUL included */

/* "2026-11-24T05:18:51.123+01:00"; "Z" where offset_minutes is 0. Returns its length, -1 outside of
 * the years 1 to 9999. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_time_text(int64_t utc_ms, int offset_minutes, char out[KOPPEL_TIME_TEXT])
{
    int64_t local, day, z, era, of_era, year_of_era, of_year, mp;
    int ms, seconds, year, month, dom, n;
    if (utc_ms < -INT64_C(62200000000000) || utc_ms > INT64_C(253500000000000)
        || offset_minutes < -840 || offset_minutes > 840)
        return -1;
    local = utc_ms + (int64_t)offset_minutes * 60000;
    if (local < -INT64_C(62135596800000) || local > INT64_C(253402300799999))
        return -1;
    day = (local >= 0 ? local : local - 86399999) / 86400000;
    ms = (int)(local - day * 86400000);
    seconds = ms / 1000;
    z = day + 719468;
    era = (z >= 0 ? z : z - 146096) / 146097;
    of_era = z - era * 146097;
    year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    mp = (5 * of_year + 2) / 153;
    dom = (int)(of_year - (153 * mp + 2) / 5 + 1);
    month = (int)(mp < 10 ? mp + 3 : mp - 9);
    year = (int)(year_of_era + era * 400) + (month <= 2);
    n = snprintf(out, KOPPEL_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year % 10000, month % 100,
                 dom % 100, seconds / 3600 % 100, seconds / 60 % 60, seconds % 60);
    if (ms % 1000)
        n += snprintf(out + n, (size_t)(KOPPEL_TIME_TEXT - n), ".%03d", ms % 1000);
    if (offset_minutes == 0)
        return n + snprintf(out + n, (size_t)(KOPPEL_TIME_TEXT - n), "Z");
    return n + snprintf(out + n, (size_t)(KOPPEL_TIME_TEXT - n), "%c%02d:%02d",
                        offset_minutes < 0 ? '-' : '+',
                        (offset_minutes < 0 ? -offset_minutes : offset_minutes) / 60 % 100,
                        (offset_minutes < 0 ? -offset_minutes : offset_minutes) % 60);
}

/* ---- answers ---- */

/* A header of an answer or a message by its name in lower case; NULL: it is not there. */
KOPPEL_MAYBE_UNUSED
static inline const char *koppel_header(const struct koppel_pair *headers, uint32_t count,
                                        const char *name)
{
    const char *at = (const char *)headers;
    uint32_t i;
    for (i = 0; i < count; i++, at += headers->struct_size) {
        const struct koppel_pair *pair = (const struct koppel_pair *)(const void *)at;
        if (strcmp(pair->name, name) == 0)
            return pair->value;
    }
    return NULL;
}

/* Are the bytes the same? Takes as long wherever they differ: for signatures. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_same_bytes(const void *a, const void *b, size_t bytes)
{
    const volatile unsigned char *x = (const volatile unsigned char *)a;
    const volatile unsigned char *y = (const volatile unsigned char *)b;
    unsigned char differ = 0;
    size_t i;
    for (i = 0; i < bytes; i++)
        differ |= (unsigned char)(x[i] ^ y[i]);
    return differ == 0;
}

/* ---- transforms: a plugin that converts values and nothing else ---- */

/* One value, or one record, on its way through a function. */
struct koppel_call {
    const struct koppel_host *host;
    struct koppel_context *ctx; /* NULL while preparing */
    uint32_t function;          /* less than the count that the plugin was registered with */
    json_t *value;              /* NULL where there is none, or preparing; never JSON's null */
    const char *text;           /* of value; NULL where it is no text */
    json_t *args;
    void *prepared;             /* what the plugin's prepare made of args; NULL: nothing */
    struct koppel_error *err;
};

#define KOPPEL_WORD_TEXT 24 /* bytes that hold every whole number and boolean as text */

/* The text that a value is, or that a whole number or boolean is written as, in word; NULL: it is
 * neither. */
KOPPEL_MAYBE_UNUSED
static inline const char *koppel_value_text(const json_t *value, char word[KOPPEL_WORD_TEXT])
{
    if (json_is_integer(value))
        snprintf(word, KOPPEL_WORD_TEXT, "%lld", (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(word, KOPPEL_WORD_TEXT, "%s", json_is_true(value) ? "true" : "false");
    else
        return json_string_value(value);
    return word;
}

/* An argument as text; NULL where it was not given and has no default. */
KOPPEL_MAYBE_UNUSED
static inline const char *koppel_call_arg(const struct koppel_call *c, size_t index)
{
    return json_string_value(json_array_get(c->args, index));
}

/* An argument of type integer; 0 where it was not given and has no default. */
KOPPEL_MAYBE_UNUSED
static inline int64_t koppel_call_int(const struct koppel_call *c, size_t index)
{
    return (int64_t)json_integer_value(json_array_get(c->args, index));
}

/* The outcome: made is stolen, NULL stands for a lack of memory. `return koppel_call_give(...)`. */
KOPPEL_MAYBE_UNUSED
static inline int koppel_call_give(const struct koppel_call *c, json_t *made, json_t **out)
{
    *out = made;
    return made ? 0 : (c->host->fail)(c->err, KOPPEL_E_BUG, "no memory, or text that is not UTF-8");
}

/* Makes a plugin of apply, int (*)(const struct koppel_call *c, json_t **out), which gives a new
 * reference or fails; for a function "of": "record" it may also end in `return c->host->skip(...)`.
 * count: the functions of the catalogue. Stands at the end of the file. */
#define KOPPEL_REGISTER_TRANSFORM(plugin_name, plugin_version, catalogue_json, count, apply)       \
    KOPPEL_TRANSFORM_APPLY(count, apply)                                                           \
    static const struct koppel_transform koppel_transform_ops = {                                  \
        .struct_size = sizeof koppel_transform_ops,                                                \
        .convert = koppel_convert,                                                                 \
        .record = koppel_convert,                                                                  \
    };                                                                                             \
    KOPPEL_TRANSFORM_PLUGIN(plugin_name, plugin_version, catalogue_json)

/* The same with prepare, int (*)(const struct koppel_call *c, void **out), and release, void
 * (*)(void *prepared): see struct koppel_transform. */
#define KOPPEL_REGISTER_PREPARED(plugin_name, plugin_version, catalogue_json, count, apply,        \
                                 prepare_call, release_call)                                       \
    KOPPEL_TRANSFORM_APPLY(count, apply)                                                           \
    static int koppel_prepare(const struct koppel_host *host, uint32_t function, json_t *args,     \
                              void **out, struct koppel_error *err)                                \
    {                                                                                              \
        struct koppel_call call = {host, NULL, function, NULL, NULL, args, NULL, err};             \
        return prepare_call(&call, out);                                                           \
    }                                                                                              \
    static const struct koppel_transform koppel_transform_ops = {                                  \
        .struct_size = sizeof koppel_transform_ops,                                                \
        .convert = koppel_convert,                                                                 \
        .record = koppel_convert,                                                                  \
        .prepare = koppel_prepare,                                                                 \
        .release = release_call,                                                                   \
    };                                                                                             \
    KOPPEL_TRANSFORM_PLUGIN(plugin_name, plugin_version, catalogue_json)

/* What both are made of. */
#define KOPPEL_TRANSFORM_APPLY(count, apply)                                                       \
    static int koppel_convert(const struct koppel_host *host, struct koppel_context *ctx,          \
                              uint32_t function, json_t *value, json_t *args,                      \
                              json_t **out, struct koppel_error *err)                              \
    {                                                                                              \
        json_t *given = json_is_null(value) ? NULL : value;                                        \
        struct koppel_call call = {host, ctx, function, given, json_string_value(given), args,     \
                                   (host->prepared)(ctx), err};                                    \
        if (function >= (uint32_t)(count))                                                         \
            return host->fail(err, KOPPEL_E_BUG, "no function number %u", (unsigned)function);     \
        return apply(&call, out);                                                                  \
    }
#define KOPPEL_TRANSFORM_PLUGIN(plugin_name, plugin_version, catalogue_json)                       \
    static const struct koppel_plugin koppel_this_plugin = {                                       \
        KOPPEL_PLUGIN_HEADER,                                                                      \
        .kind = KOPPEL_KIND_TRANSFORM,                                                             \
        .name = plugin_name,                                                                       \
        .version = plugin_version,                                                                 \
        .catalogue = catalogue_json,                                                               \
        .transform = &koppel_transform_ops,                                                        \
    };                                                                                             \
    KOPPEL_REGISTER_PLUGIN(koppel_this_plugin)

#endif
