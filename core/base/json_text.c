/* SPDX-License-Identifier: MIT
 * Writes JSON. */
#include "base/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 1000
#define FIRST_BYTES 1024
#define MEMBERS_ON_STACK 64

struct out {
    char *text;
    size_t bytes, room;
    bool sorted, failed;
};

struct member {
    const char *key;
    size_t key_bytes;
    const json_t *value;
};

/* Room for more bytes and the NUL. */
static bool reserve(struct out *o, size_t more)
{
    if (o->room - o->bytes > more)
        return true;
    size_t room = o->room * 2;
    while (room - o->bytes <= more)
        room *= 2;
    char *text = o->failed ? NULL : realloc(o->text, room);
    if (!text) {
        o->failed = true;
        return false;
    }
    o->text = text;
    o->room = room;
    return true;
}

static void put(struct out *o, const char *text, size_t bytes)
{
    if (!reserve(o, bytes))
        return;
    memcpy(o->text + o->bytes, text, bytes);
    o->bytes += bytes;
}

static void put_char(struct out *o, char c)
{
    if (reserve(o, 1))
        o->text[o->bytes++] = c;
}

static void put_escaped(struct out *o, unsigned char c)
{
    static const char letters[32] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
                                     ['\t'] = 't'};
    char text[8] = {'\\', (char)c};
    if (c >= 0x20)
        put(o, text, 2);
    else if (letters[c])
        put(o, (char[]){'\\', letters[c]}, 2);
    else
        put(o, text, (size_t)snprintf(text, sizeof text, "\\u%04X", c));
}

static void put_string(struct out *o, const char *text, size_t bytes)
{
    size_t from = 0;
    put_char(o, '"');
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(o, text + from, i - from);
        put_escaped(o, c);
        from = i + 1;
    }
    put(o, text + from, bytes - from);
    put_char(o, '"');
}

static void put_integer(struct out *o, json_int_t value)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, value);
    put(o, digits, (size_t)n);
}

/* Rare in records, which hold decimals as text: left to Jansson, digit for digit. */
static void put_real(struct out *o, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        put(o, text, strlen(text));
    else
        o->failed = true;
    free(text);
}

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    size_t n = x->key_bytes < y->key_bytes ? x->key_bytes : y->key_bytes;
    int order = memcmp(x->key, y->key, n);
    if (order != 0 || x->key_bytes == y->key_bytes)
        return order;
    return x->key_bytes < y->key_bytes ? -1 : 1;
}

static void put_value(struct out *o, const json_t *value, int depth);

static void put_member(struct out *o, const struct member *m, bool first, int depth)
{
    if (!first)
        put_char(o, ',');
    put_string(o, m->key, m->key_bytes);
    put_char(o, ':');
    put_value(o, m->value, depth + 1);
}

static struct member member_at(void *iter)
{
    const char *key = json_object_iter_key(iter);
    return (struct member){key, strlen(key), json_object_iter_value(iter)};
}

static void put_sorted(struct out *o, json_t *object, int depth)
{
    struct member few[MEMBERS_ON_STACK], *all = few;
    size_t count = json_object_size(object), n = 0;
    if (count > MEMBERS_ON_STACK && !(all = malloc(count * sizeof *all))) {
        o->failed = true;
        return;
    }
    for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i))
        all[n++] = member_at(i);
    qsort(all, n, sizeof *all, by_key);
    for (size_t i = 0; i < n; i++)
        put_member(o, &all[i], i == 0, depth);
    if (all != few)
        free(all);
}

static void put_object(struct out *o, json_t *object, int depth)
{
    bool first = true;
    put_char(o, '{');
    if (o->sorted) {
        put_sorted(o, object, depth);
    } else {
        for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
            struct member m = member_at(i);
            put_member(o, &m, first, depth);
            first = false;
        }
    }
    put_char(o, '}');
}

static void put_array(struct out *o, const json_t *array, int depth)
{
    size_t count = json_array_size(array);
    put_char(o, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_char(o, ',');
        put_value(o, json_array_get(array, i), depth + 1);
    }
    put_char(o, ']');
}

static void put_value(struct out *o, const json_t *value, int depth)
{
    if (!value || depth > DEPTH_MAX) {
        o->failed = true;
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(o, (json_t *)value, depth);
        break;
    case JSON_ARRAY:
        put_array(o, value, depth);
        break;
    case JSON_STRING:
        put_string(o, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        put_integer(o, json_integer_value(value));
        break;
    case JSON_REAL:
        put_real(o, value);
        break;
    case JSON_TRUE:
        put(o, "true", 4);
        break;
    case JSON_FALSE:
        put(o, "false", 5);
        break;
    case JSON_NULL:
        put(o, "null", 4);
        break;
    }
}

char *json_text(const json_t *value, bool sorted, size_t *bytes)
{
    struct out o = {.text = malloc(FIRST_BYTES), .room = FIRST_BYTES, .sorted = sorted};
    if (!o.text)
        return NULL;
    put_value(&o, value, 0);
    if (o.failed) {
        free(o.text);
        return NULL;
    }
    o.text[o.bytes] = '\0';
    if (bytes)
        *bytes = o.bytes;
    return o.text;
}
