/* SPDX-License-Identifier: MIT
 * What crosses the border from a plugin, checked once. */
#include "connection/border.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "connection/batch.h"
#include "store/store.h"

#define HASH_BYTES 16

/* ---- text ---- */

/* Length of the UTF-8 character at s, 0 where there is none: no overlong forms, no surrogates. */
static size_t character(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80)
        return s[0] ? 1 : 0;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || left < n)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
        || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

bool border_is_text(const char *text, size_t bytes)
{
    return json_scan_is_plain(text, bytes) ||
           (json_scan_is_text(text, bytes) && !memchr(text, '\0', bytes));
}

/* ---- values ---- */

/* The way to the value at hand, for the place: a name, or an index where there is none. */
struct step {
    const struct step *outer;
    const char *name;
    size_t index;
};

struct walk {
    struct border_fault *fault;
    size_t bytes; /* of text and names so far */
};

static void place_add(const struct step *step, char *out, size_t room)
{
    if (!step)
        return;
    place_add(step->outer, out, room);
    size_t used = strlen(out);
    if (!step->name)
        snprintf(out + used, room - used, "[%zu]", step->index);
    else if (border_is_text(step->name, strlen(step->name)))
        snprintf(out + used, room - used, "%s%s", used ? "." : "", step->name);
}

static bool wrong(const struct walk *w, const struct step *step, const char *reason)
{
    char place[4 * BORDER_PLACE_BYTES] = "";
    w->fault->reason = reason;
    place_add(step, place, sizeof place);
    size_t n = strlen(place);
    if (n >= sizeof w->fault->place) {
        n = sizeof w->fault->place - 1;
        while (n > 0 && ((unsigned char)place[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(w->fault->place, place, n);
    w->fault->place[n] = '\0';
    return false;
}

static bool check(struct walk *w, const json_t *value, const struct step *step, int depth)
{
    if (depth > BORDER_DEPTH_MAX)
        return wrong(w, step, "plugin.deep");
    switch (json_typeof(value)) {
    case JSON_STRING:
        w->bytes += json_string_length(value);
        if (!border_is_text(json_string_value(value), json_string_length(value)))
            return wrong(w, step, "plugin.text");
        break;
    case JSON_REAL:
        return wrong(w, step, "plugin.real");
    case JSON_OBJECT: {
        json_t *object = (json_t *)value;
        for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
            const char *name = json_object_iter_key(i);
            json_t *member = json_object_iter_value(i);
            struct step inner = {step, name, 0};
            size_t n = json_object_iter_key_len(i);
            w->bytes += n;
            if (!border_is_text(name, n))
                return wrong(w, &inner, "plugin.text");
            if (!check(w, member, &inner, depth + 1))
                return false;
        }
        break;
    }
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(value); i++) {
            struct step inner = {step, NULL, i};
            if (!check(w, json_array_get(value, i), &inner, depth + 1))
                return false;
        }
        break;
    default:
        break;
    }
    return w->bytes <= BORDER_RECORD_BYTES || wrong(w, step, "plugin.large");
}

bool border_check(const json_t *value, struct border_fault *fault)
{
    struct walk w = {.fault = fault};
    *fault = (struct border_fault){0};
    return check(&w, value, NULL, 1);
}

/* Members that the core itself puts into a raw record. */
static const char *reserved_member(const json_t *record)
{
    static const char *const names[] = {BATCH_UNREADABLE, "_gone", "_again"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (json_object_get(record, names[i]))
            return names[i];
    }
    return NULL;
}

static bool holds_key(const json_t *value, const char *key)
{
    char digits[32];
    if (json_is_string(value))
        return strcmp(json_string_value(value), key) == 0;
    if (!json_is_integer(value))
        return false;
    snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return strcmp(digits, key) == 0;
}

bool border_check_record(const json_t *record, const char *key, const char *key_field,
                         struct border_fault *fault)
{
    struct walk w = {.fault = fault};
    if (!border_check(record, fault))
        return false;
    const char *reserved = reserved_member(record);
    struct step named = {NULL, reserved, 0};
    if (reserved)
        return wrong(&w, &named, "plugin.reserved");
    struct step field = {NULL, key_field, 0};
    if (key_field && !holds_key(json_object_get(record, key_field), key))
        return wrong(&w, &field, "plugin.key");
    return true;
}

void border_words(const struct border_fault *fault, char *out, size_t room)
{
    static const struct {
        const char *reason, *words;
    } all[] = {
        {"plugin.text", "holds text that is not UTF-8, or a NUL"},
        {"plugin.real", "is a JSON real; amounts are text that holds an exact decimal"},
        {"plugin.deep", "is nested too deep"},
        {"plugin.large", "makes the record too large"},
        {"plugin.reserved", "is a name that only the engine may use"},
        {"plugin.key", "does not hold the key under which the record came"},
        {"plugin.no_key", "has no key"},
        {"plugin.long_key", "has a key that is too long"},
    };
    const char *words = "cannot be taken";
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].reason, fault->reason) == 0)
            words = all[i].words;
    }
    if (fault->place[0])
        snprintf(out, room, "%s %s", fault->place, words);
    else
        snprintf(out, room, "it %s", words);
}

/* ---- records that could not be read ---- */

/* Any bytes as text: what is no UTF-8 becomes U+FFFD, and a NUL its picture U+2400. */
static json_t *any_text(const char *raw, size_t bytes)
{
    static const char unknown[] = "\xef\xbf\xbd", nul[] = "\xe2\x90\x80";
    size_t kept = bytes < BORDER_RAW_BYTES ? bytes : BORDER_RAW_BYTES, n = 0;
    char *text = malloc(3 * kept + 1);
    if (!text)
        return NULL;
    for (size_t at = 0; at < kept;) {
        size_t take = character((const unsigned char *)raw + at, kept - at);
        if (take == 0 && bytes > kept && kept - at < 4
            && character((const unsigned char *)raw + at, bytes - at) > 0)
            break; /* the cut goes through a character */
        if (take > 0) {
            memcpy(text + n, raw + at, take);
            n += take;
            at += take;
            continue;
        }
        memcpy(text + n, raw[at] ? unknown : nul, 3);
        n += 3;
        at++;
    }
    json_t *made = json_stringn(text, n);
    explicit_bzero(text, n);
    free(text);
    return made;
}

json_t *border_unreadable(const char *reason, const char *detail, const char *place,
                          const char *raw, size_t raw_bytes)
{
    json_t *inner = json_object(), *outer = json_object();
    json_object_set_new(inner, "reason", json_string(reason));
    json_object_set_new(inner, "detail", any_text(detail, strlen(detail)));
    json_object_set_new(inner, "place", any_text(place ? place : "", place ? strlen(place) : 0));
    json_object_set_new(inner, "raw", any_text(raw ? raw : "", raw ? raw_bytes : 0));
    json_object_set_new(inner, "bytes", json_integer((json_int_t)(raw ? raw_bytes : 0)));
    if (json_object_size(inner) == 5 && outer
        && json_object_set(outer, BATCH_UNREADABLE, inner) == 0) {
        json_decref(inner);
        return outer;
    }
    json_decref(inner);
    json_decref(outer);
    return NULL;
}

char *border_key(const char *key, const char *raw, size_t raw_bytes)
{
    unsigned char hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1], *made = NULL;
    size_t n = key ? strlen(key) : 0;
    if (n > 0 && n < STORE_KEY_BYTES && border_is_text(key, n))
        return strdup(key);
    /* A key that is too long still tells whose record it is: the next version takes its place. */
    const char *of = n > 0 ? key : raw ? raw : "";
    size_t bytes = n > 0 ? n : raw ? raw_bytes : 0;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)of, bytes, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return asprintf(&made, "hash:%s", hex) < 0 ? NULL : made;
}
