/* SPDX-License-Identifier: MIT
 * Values of JSON-RPC; see wire.h. */
#include "wire.h"

#include <stdlib.h>

#include "koppel/sdk.h"

#define NUMBER "__number__" /* an object with this alone is a number */

/* ---- text ---- */

struct out {
    char *text;
    size_t bytes, room;
    bool failed;
};

static void add(struct out *o, const char *text, size_t bytes)
{
    if (o->failed)
        return;
    if (o->bytes + bytes + 1 > o->room) {
        size_t room = (o->bytes + bytes + 1) * 2;
        char *grown = realloc(o->text, room);
        if (!grown) {
            o->failed = true;
            return;
        }
        o->text = grown;
        o->room = room;
    }
    memcpy(o->text + o->bytes, text, bytes);
    o->bytes += bytes;
    o->text[o->bytes] = '\0';
}

static void print(struct out *o, const json_t *value);

static void print_scalar(struct out *o, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    if (text)
        add(o, text, strlen(text));
    else
        o->failed = true;
    free(text);
}

static void print_object(struct out *o, const json_t *object)
{
    const char *name, *number = koppel_get_text(object, NUMBER, NULL);
    json_t *value;
    bool first = true;
    if (number) {
        add(o, number, strlen(number));
        return;
    }
    add(o, "{", 1);
    json_object_foreach((json_t *)object, name, value) {
        json_t *key = json_string(name);
        if (!first)
            add(o, ",", 1);
        first = false;
        print_scalar(o, key);
        json_decref(key);
        add(o, ":", 1);
        print(o, value);
    }
    add(o, "}", 1);
}

static void print(struct out *o, const json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_object(value)) {
        print_object(o, value);
        return;
    }
    if (!json_is_array(value)) {
        print_scalar(o, value);
        return;
    }
    add(o, "[", 1);
    json_array_foreach((json_t *)value, i, item) {
        if (i > 0)
            add(o, ",", 1);
        print(o, item);
    }
    add(o, "]", 1);
}

char *wire_print(const json_t *value, size_t *bytes)
{
    struct out o = {0};
    print(&o, value);
    if (o.failed) {
        free(o.text);
        return NULL;
    }
    *bytes = o.bytes;
    return o.text;
}

/* ---- decimals ---- */

void wire_trim(char *decimal)
{
    size_t n = strlen(decimal);
    if (strchr(decimal, '.')) {
        while (decimal[n - 1] == '0')
            n--;
        n -= decimal[n - 1] == '.';
        decimal[n] = '\0';
    }
    if (strcmp(decimal, "-0") == 0)
        memmove(decimal, "0", 2);
}

bool wire_same_number(const char *a, const char *b)
{
    char x[KOPPEL_DECIMAL_TEXT], y[KOPPEL_DECIMAL_TEXT];
    if (koppel_decimal_plain(a, x) != 0 || koppel_decimal_plain(b, y) != 0)
        return false;
    wire_trim(x);
    wire_trim(y);
    return strcmp(x, y) == 0;
}

json_t *wire_decimal(const char *text)
{
    char plain[KOPPEL_DECIMAL_TEXT];
    if (koppel_decimal_plain(text, plain) != 0)
        return NULL;
    return json_pack("{s:s,s:s}", "__class__", "Decimal", "decimal", plain);
}

json_t *wire_number(const char *text)
{
    char plain[KOPPEL_DECIMAL_TEXT];
    if (koppel_decimal_plain(text, plain) != 0)
        return NULL;
    return json_pack("{s:s}", NUMBER, plain);
}

json_t *wire_decimal_text(const json_t *value)
{
    char plain[KOPPEL_DECIMAL_TEXT];
    int rc = json_is_object(value)
                 ? koppel_decimal_plain(koppel_get_text(value, "decimal", NULL), plain)
                 : koppel_json_decimal(value, plain);
    if (rc != 0)
        return NULL;
    wire_trim(plain);
    return json_string(plain);
}

/* ---- dates ---- */

json_t *wire_date(const char *text)
{
    struct koppel_time time;
    if (koppel_time_parse(text, &time) != 0)
        return NULL;
    return json_pack("{s:s,s:i,s:i,s:i}", "__class__", "date", "year", koppel_digits(text, 4),
                     "month", koppel_digits(text + 5, 2), "day", koppel_digits(text + 8, 2));
}

json_t *wire_date_text(const json_t *value)
{
    int64_t year, month, day;
    if (koppel_get_int(value, "year", &year) != 0 || koppel_get_int(value, "month", &month) != 0 ||
        koppel_get_int(value, "day", &day) != 0)
        return NULL;
    return json_sprintf("%04d-%02d-%02d", (int)year, (int)month, (int)day);
}

/* ---- rows ---- */

const char *wire_text(const json_t *row, const char *name)
{
    return koppel_get_text(row, name, "");
}

int64_t wire_id(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

int64_t wire_id_of(const char *text)
{
    int64_t id;
    return koppel_parse_int(text, &id) == 0 && id > 0 ? id : 0;
}

json_t *wire_inside(const json_t *row, const char *field)
{
    char name[64];
    snprintf(name, sizeof name, "%s.", field);
    json_t *inside = json_object_get(row, name);
    return json_is_null(inside) ? NULL : inside;
}
