// SPDX-License-Identifier: MIT
// Building compact JSON text and looking into it; see books_text.h.
#include "books_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_ROOM 512

// ---- Building -------------------------------------------------------------------------------

static bool make_room(struct out *o, size_t more)
{
    if (o->failed)
        return false;
    if (o->room - o->bytes > more)
        return true;
    size_t room = o->room ? o->room : FIRST_ROOM;
    while (room - o->bytes <= more)
        room *= 2;
    char *grown = realloc(o->data, room);
    if (!grown) {
        o->failed = true;
        return false;
    }
    o->data = grown;
    o->room = room;
    return true;
}

void out_add(struct out *o, const char *data, size_t bytes)
{
    if (!make_room(o, bytes))
        return;
    if (bytes)
        memcpy(o->data + o->bytes, data, bytes);
    o->bytes += bytes;
    o->data[o->bytes] = '\0';
}

void out_text(struct out *o, const char *text)
{
    out_add(o, text, strlen(text));
}

void out_format(struct out *o, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n >= 0 && make_room(o, (size_t)n)) {
        vsnprintf(o->data + o->bytes, (size_t)n + 1, format, again);
        o->bytes += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void out_string(struct out *o, const char *text)
{
    out_add(o, "\"", 1);
    for (const char *p = text; *p; p++) {
        size_t plain = strcspn(p, "\"\\\x01\x02\x03\x04\x05\x06\x07\b\t\n\v\f\r\x0e\x0f\x10\x11\x12"
                                  "\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");
        out_add(o, p, plain);
        p += plain;
        if (!*p)
            break;
        if (*p == '"' || *p == '\\')
            out_format(o, "\\%c", *p);
        else
            out_format(o, "\\u%04x", (unsigned char)*p);
    }
    out_add(o, "\"", 1);
}

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

void out_units(struct out *o, int64_t units, int places)
{
    uint64_t size = units < 0 ? (uint64_t)-units : (uint64_t)units;
    uint64_t power = (uint64_t)powers[places], part = size % power;
    char text[48];
    int n =
        snprintf(text, sizeof text, "%s%llu.%0*llu", units < 0 ? "-" : "",
                 (unsigned long long)(size / power), places ? places : 1, (unsigned long long)part);
    while (n > 2 && text[n - 1] == '0' && text[n - 2] != '.')
        n--;
    out_add(o, text, (size_t)n);
}

void out_value(struct out *o, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (text)
        out_text(o, text);
    else
        o->failed = true;
    free(text);
}

char *out_take(struct out *o)
{
    char *text = o->failed ? NULL : o->data;
    if (o->failed)
        free(o->data);
    *o = (struct out){0};
    return text;
}

void out_done(struct out *o)
{
    free(o->data);
    *o = (struct out){0};
}

// ---- Looking into compact JSON text -------------------------------------------------------------

static const char *string_end(const char *quote)
{
    const char *p = quote + 1;
    while (*p && *p != '"')
        p += p[0] == '\\' && p[1] ? 2 : 1;
    return *p ? p + 1 : p;
}

static const char *value_end(const char *p)
{
    int depth = 0;
    for (; *p; p++) {
        if (*p == '"') {
            p = string_end(p) - 1;
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if (*p == '}' || *p == ']') {
            if (depth-- == 0)
                return p;
        } else if (*p == ',' && depth == 0) {
            return p;
        }
    }
    return p;
}

bool span_next(const char **at, struct span *name, struct span *value)
{
    const char *p = *at;
    if (*p == '{' || *p == ',')
        p++;
    if (*p != '"')
        return false;
    const char *end = string_end(p);
    *name = (struct span){p + 1, (size_t)(end - p) - 2};
    p = end + (*end == ':');
    end = value_end(p);
    *value = (struct span){p, (size_t)(end - p)};
    *at = end;
    return true;
}

bool span_get(const char *object, const char *name, struct span *value)
{
    struct span have;
    size_t bytes = strlen(name);
    while (span_next(&object, &have, value)) {
        if (have.bytes == bytes && memcmp(have.at, name, bytes) == 0)
            return true;
    }
    return false;
}

bool span_is(struct span s, const char *text)
{
    return strlen(text) == s.bytes && strncasecmp(s.at, text, s.bytes) == 0;
}

const char *span_string(struct span value, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (value.bytes < 2 || value.at[0] != '"')
        return out;
    if (memchr(value.at, '\\', value.bytes)) {
        json_t *text = json_loadb(value.at, value.bytes, JSON_DECODE_ANY, NULL);
        snprintf(out, out_bytes, "%s", text ? json_string_value(text) : "");
        json_decref(text);
        return out;
    }
    size_t n = value.bytes - 2 < out_bytes ? value.bytes - 2 : out_bytes - 1;
    memcpy(out, value.at + 1, n);
    out[n] = '\0';
    return out;
}

// ---- Numbers ----------------------------------------------------------------------------------

bool units_parse(const char *text, size_t bytes, int places, int64_t *units)
{
    const char *p = text, *end = text + bytes;
    bool negative = p < end && *p == '-', point = false, digits = false;
    int left = places;
    int64_t value = 0;
    for (p += negative; p < end; p++) {
        if (*p == '.' && !point && digits) {
            point = true;
        } else if (!isdigit((unsigned char)*p) || value > UNITS_MAX) {
            return false;
        } else if (point && left == 0) {
            if (*p != '0')
                return false;
        } else {
            value = value * 10 + (*p - '0');
            left -= point;
            digits = true;
        }
    }
    if (!digits || (point && end[-1] == '.'))
        return false;
    for (; left > 0; left--)
        value *= 10;
    *units = negative ? -value : value;
    return value <= UNITS_MAX;
}

bool units_of(const json_t *value, int places, int64_t *units)
{
    char text[64];
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, sizeof text, "%.15g", json_real_value(value));
    else
        return false;
    return units_parse(text, strlen(text), places, units);
}

int64_t units_round(__int128 value, int places)
{
    __int128 power = 1;
    for (int i = 0; i < places; i++)
        power *= 10;
    bool negative = value < 0;
    if (negative)
        value = -value;
    value = (value + power / 2) / power;
    return (int64_t)(negative ? -value : value);
}

json_t *units_json(int64_t units, int places)
{
    struct out o = {0};
    out_units(&o, units, places);
    char *text = out_take(&o);
    json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    free(text);
    return value;
}

json_t *units_string(int64_t units, int places)
{
    uint64_t size = units < 0 ? (uint64_t)-units : (uint64_t)units;
    uint64_t power = (uint64_t)powers[places];
    return json_sprintf("%s%llu.%0*llu", units < 0 ? "-" : "", (unsigned long long)(size / power),
                        places, (unsigned long long)(size % power));
}
