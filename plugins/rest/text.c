/* SPDX-License-Identifier: MIT
 * Texts that grow, and JSON in them; see text.h. */
#include "text.h"

#include <stdlib.h>

/* A number is an object with this member alone: no name of a record begins so, and one that does is
 * written as a number only where it is one. */
#define NUMBER "\001number"

void text_add(struct text *t, const char *data, size_t bytes)
{
    if (t->failed)
        return;
    if (t->room - t->bytes <= bytes) {
        size_t room = (t->bytes + bytes + 1) * 2 < 256 ? 256 : (t->bytes + bytes + 1) * 2;
        char *grown = realloc(t->data, room);
        if (!grown) {
            t->failed = true;
            return;
        }
        t->data = grown;
        t->room = room;
    }
    if (bytes > 0)
        memcpy(t->data + t->bytes, data, bytes);
    t->bytes += bytes;
    t->data[t->bytes] = '\0';
}

void text_puts(struct text *t, const char *data)
{
    text_add(t, data, strlen(data));
}

void text_add_escaped(struct text *t, const char *data)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (; *data; data++) {
        unsigned char c = (unsigned char)*data;
        const char code[] = {'%', digits[c >> 4], digits[c & 15]};
        if (strchr(plain, c))
            text_add(t, data, 1);
        else
            text_add(t, code, sizeof code);
    }
}

char *text_take(struct text *t)
{
    text_add(t, "", 0);
    char *data = t->failed ? NULL : t->data;
    if (t->failed)
        free(t->data);
    *t = (struct text){0};
    return data;
}

void text_done(struct text *t)
{
    free(t->data);
    *t = (struct text){0};
}

json_t *text_number(const char *decimal)
{
    return json_pack("{s:s}", NUMBER, decimal);
}

/* As RFC 8259 has it. */
static bool is_number(const char *text)
{
    text += *text == '-';
    size_t whole = strspn(text, "0123456789");
    if (whole == 0 || (whole > 1 && *text == '0'))
        return false;
    text += whole;
    if (*text != '.')
        return !*text;
    size_t fraction = strspn(text + 1, "0123456789");
    return fraction > 0 && !text[1 + fraction];
}

const char *text_digits(const json_t *value)
{
    const char *number = koppel_get_text(value, NUMBER, "");
    return json_object_size(value) == 1 && is_number(number) ? number : NULL;
}

static void add_plain(struct text *t, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        text_puts(t, text);
    else
        t->failed = true;
    free(text);
}

/* Most texts stand for themselves. */
static void add_string(struct text *t, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '"' || text[i] == '\\' || (unsigned char)text[i] < ' ') {
            json_t *value = json_stringn(text, bytes);
            add_plain(t, value);
            json_decref(value);
            return;
        }
    }
    text_add(t, "\"", 1);
    text_add(t, text, bytes);
    text_add(t, "\"", 1);
}

static void add_object(struct text *t, const json_t *object)
{
    const char *name, *number = text_digits(object);
    json_t *value;
    bool first = true;
    if (number) {
        text_puts(t, number);
        return;
    }
    text_add(t, "{", 1);
    json_object_foreach((json_t *)object, name, value) {
        text_add(t, ",", first ? 0 : 1);
        add_string(t, name, strlen(name));
        text_add(t, ":", 1);
        text_add_json(t, value);
        first = false;
    }
    text_add(t, "}", 1);
}

void text_add_json(struct text *t, const json_t *value)
{
    if (json_is_object(value)) {
        add_object(t, value);
    } else if (json_is_array(value)) {
        text_add(t, "[", 1);
        for (size_t i = 0; i < json_array_size(value); i++) {
            text_add(t, ",", i ? 1 : 0);
            text_add_json(t, json_array_get(value, i));
        }
        text_add(t, "]", 1);
    } else if (json_is_string(value)) {
        add_string(t, json_string_value(value), json_string_length(value));
    } else {
        add_plain(t, value);
    }
}
