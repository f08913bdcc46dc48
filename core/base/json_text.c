/* SPDX-License-Identifier: MIT
 * Writes JSON, into memory that grows or piece by piece to a taker. */
#include "base/json_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"

#define DEPTH_MAX 1000
#define FIRST_BYTES 1024
#define MEMBERS_ON_STACK 64
#define INTEGER_BYTES 20 /* the smallest integer with its sign */

struct out {
    char *text;
    size_t bytes, room;
    json_text_take *take; /* NULL: text grows; else it is handed over whenever it is full */
    void *user;
    bool sorted, indented, failed;
};

struct member {
    const char *key;
    size_t key_bytes;
    const json_t *value;
};

static void hand_over(struct out *o)
{
    if (o->bytes && !o->failed)
        o->take(o->user, o->text, o->bytes);
    o->bytes = 0;
}

static bool grow(struct out *o, size_t more)
{
    if (o->take) {
        hand_over(o);
        return true;
    }
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

/* Room for more bytes and the NUL; with a taker, more is less than FIRST_BYTES. */
static inline bool reserve(struct out *o, size_t more)
{
    return __builtin_expect(o->room - o->bytes > more, true) || grow(o, more);
}

static void put(struct out *o, const char *text, size_t bytes)
{
    if (o->take && bytes >= FIRST_BYTES) {
        hand_over(o);
        if (!o->failed)
            o->take(o->user, text, bytes);
        return;
    }
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

/* A line of its own for what comes, where lines are wanted. */
static void put_line(struct out *o, int depth)
{
    if (!o->indented)
        return;
    put_char(o, '\n');
    for (int i = 0; i < depth; i++)
        put(o, "  ", 2);
}

static void put_escaped(struct out *o, unsigned char c)
{
    static const char letters[32] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
                                     ['\t'] = 't'};
    static const char hex[] = "0123456789ABCDEF";
    if (c >= 0x20)
        put(o, (char[]){'\\', (char)c}, 2);
    else if (letters[c])
        put(o, (char[]){'\\', letters[c]}, 2);
    else
        put(o, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

/* What is no UTF-8 becomes the character that stands for what cannot be shown: the text is JSON
 * whatever a string holds. */
static void put_escaping(struct out *o, const char *text, size_t bytes)
{
    const char *at = text, *from = text, *end = text + bytes;
    put_char(o, '"');
    while ((at = json_scan_plain(at, end)) < end) {
        size_t n = (unsigned char)*at < 0x80 ? 0 : json_scan_character(at, (size_t)(end - at));
        if (n > 0) {
            at += n;
            continue;
        }
        put(o, from, (size_t)(at - from));
        if ((unsigned char)*at < 0x80)
            put_escaped(o, (unsigned char)*at);
        else
            put(o, "\xEF\xBF\xBD", 3);
        from = ++at;
    }
    put(o, from, (size_t)(end - from));
    put_char(o, '"');
}

/* Most strings stand for themselves: those are copied in one piece. */
static void put_string(struct out *o, const char *text, size_t bytes)
{
    if (bytes >= FIRST_BYTES / 2 || !json_scan_is_plain(text, bytes)) {
        put_escaping(o, text, bytes);
        return;
    }
    if (!reserve(o, bytes + 2))
        return;
    char *to = o->text + o->bytes;
    *to = '"';
    memcpy(to + 1, text, bytes);
    to[bytes + 1] = '"';
    o->bytes += bytes + 2;
}

static void put_integer(struct out *o, json_int_t value)
{
    char digits[INTEGER_BYTES];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    put(o, digits + at, sizeof digits - at);
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

/* Objects are small, and those of one source come in one order: what stands in its place already
 * costs one comparison. */
static void sort(struct member *all, size_t count)
{
    if (count > MEMBERS_ON_STACK) {
        qsort(all, count, sizeof *all, by_key);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct member m = all[i];
        size_t to = i;
        for (; to > 0 && by_key(&all[to - 1], &m) > 0; to--)
            all[to] = all[to - 1];
        all[to] = m;
    }
}

static void put_value(struct out *o, const json_t *value, int depth);

/* `"name":` in one piece, where the name stands for itself. */
static bool put_name(struct out *o, const struct member *m, bool first)
{
    size_t n = m->key_bytes;
    if (o->indented || n >= FIRST_BYTES / 2 || !json_scan_is_plain(m->key, n) ||
        !reserve(o, n + 4))
        return false;
    char *to = o->text + o->bytes;
    *to = ',';
    to += !first;
    *to++ = '"';
    memcpy(to, m->key, n);
    to[n] = '"';
    to[n + 1] = ':';
    o->bytes += n + 3 + !first;
    return true;
}

static void put_member(struct out *o, const struct member *m, bool first, int depth)
{
    if (put_name(o, m, first)) {
        put_value(o, m->value, depth + 1);
        return;
    }
    if (!first)
        put_char(o, ',');
    put_line(o, depth + 1);
    put_string(o, m->key, m->key_bytes);
    put(o, ": ", o->indented ? 2 : 1);
    put_value(o, m->value, depth + 1);
}

static struct member member_at(void *iter)
{
    return (struct member){json_object_iter_key(iter), json_object_iter_key_len(iter),
                           json_object_iter_value(iter)};
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
    sort(all, n);
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
    if (json_object_size(object))
        put_line(o, depth);
    put_char(o, '}');
}

static void put_array(struct out *o, const json_t *array, int depth)
{
    size_t count = json_array_size(array);
    put_char(o, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_char(o, ',');
        put_line(o, depth + 1);
        put_value(o, json_array_get(array, i), depth + 1);
    }
    if (count)
        put_line(o, depth);
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

static char *whole(struct out o, const json_t *value, size_t *bytes)
{
    o.room = FIRST_BYTES;
    o.text = malloc(o.room);
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

char *json_text(const json_t *value, bool sorted, size_t *bytes)
{
    return whole((struct out){.sorted = sorted}, value, bytes);
}

char *json_text_lines(const json_t *value)
{
    return whole((struct out){.indented = true}, value, NULL);
}

int json_text_feed(const json_t *value, bool sorted, json_text_take *take, void *user)
{
    char room[FIRST_BYTES];
    struct out o = {.text = room, .room = sizeof room, .take = take, .user = user,
                    .sorted = sorted};
    put_value(&o, value, 0);
    hand_over(&o);
    return o.failed ? -1 : 0;
}
