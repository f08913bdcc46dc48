/* SPDX-License-Identifier: MIT
 * Fakes: each value is moved letter by letter by a keyed digest of itself, so that nobody who lacks
 * the key can try names until one fits. */
#include "flow/cases_fake.h"

#include <ctype.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check_digit.h"

#define HOST "example.org" /* reserved: mail for it reaches nobody */
#define INNER_MIN 4        /* shorter values are not looked for inside others */

enum kind {
    KIND_NONE,
    KIND_WORDS,  /* letters and digits */
    KIND_EMAIL,
    KIND_DIGITS, /* digits only: letters mean something */
    KIND_IBAN,
};

struct faking {
    const struct secret *key;
    json_t *fakes; /* value -> fake */
};

/* ---- what is personal ---- */

static const struct {
    const char *name;
    enum kind kind;
} fields[] = {
    {"name", KIND_WORDS},      {"company", KIND_WORDS},     {"contact", KIND_WORDS},
    {"email", KIND_EMAIL},     {"phone", KIND_DIGITS},      {"mobile", KIND_DIGITS},
    {"street", KIND_WORDS},    {"postcode", KIND_WORDS},    {"city", KIND_WORDS},
    {"iban", KIND_IBAN},       {"vat_number", KIND_DIGITS}, {"coc_number", KIND_DIGITS},
    {"number", KIND_DIGITS},
};

/* Parts of names, as systems call such fields. */
static const struct {
    const char *part;
    enum kind kind;
} names[] = {
    {"email", KIND_EMAIL},     {"e-mail", KIND_EMAIL},      {"phone", KIND_DIGITS},
    {"mobile", KIND_DIGITS},   {"fax", KIND_DIGITS},        {"iban", KIND_IBAN},
    {"birth", KIND_DIGITS},    {"firstname", KIND_WORDS},   {"lastname", KIND_WORDS},
    {"surname", KIND_WORDS},   {"contact", KIND_WORDS},     {"attention", KIND_WORDS},
    {"address", KIND_WORDS},   {"street", KIND_WORDS},      {"postal", KIND_WORDS},
    {"postcode", KIND_WORDS},  {"zipcode", KIND_WORDS},     {"city", KIND_WORDS},
    {"companyname", KIND_WORDS}, {"employeename", KIND_WORDS},
};

/* Of a path of the core record: "customer.email", "delivery.street"; own: it is a customer's own,
 * with "email" in itself. */
static enum kind kind_of_core(const char *to, bool own)
{
    const char *last = strrchr(to, '.');
    last = last ? last + 1 : to;
    if (strcmp(to, "note") == 0)
        return KIND_WORDS;
    bool whose = strncmp(to, "customer.", 9) == 0 || strncmp(to, "delivery.", 9) == 0;
    for (size_t i = 0; (whose || (own && last == to)) && i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(last, fields[i].name) == 0)
            return fields[i].kind;
    }
    return KIND_NONE;
}

static enum kind kind_of_name(const char *name)
{
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (strcasestr(name, names[i].part))
            return names[i].kind;
    }
    return KIND_NONE;
}

static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    return at && at > text && strchr(at, '.') && !strchr(text, ' ');
}

static bool is_iban(const char *text)
{
    return strlen(text) >= 15 && isupper((unsigned char)text[0]) &&
           isupper((unsigned char)text[1]) && isdigit((unsigned char)text[2]) &&
           check_digit_iban(text, NULL) == 0;
}

/* ---- fakes ---- */

static char move(char c, unsigned char by, bool letters, bool leading)
{
    static const char vowels[] = "aeiou", others[] = "bcdfghjklmnpqrstvwxyz";
    bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if (c >= '0' && c <= '9')
        return leading && c != '0' ? (char)('1' + by % 9) : (char)('0' + by % 10);
    if (!letters || (!upper && !lower))
        return c;
    char small = (char)(upper ? c - 'A' + 'a' : c);
    char to = strchr(vowels, small) ? vowels[by % (sizeof vowels - 1)]
                                    : others[by % (sizeof others - 1)];
    return (char)(upper ? to - 'a' + 'A' : to);
}

/* A letter beyond ASCII, where it stands: one of as many bytes. Gives how many those are. */
static size_t move_wide(char *at, unsigned char by)
{
    static const char two[][3] = {"\xc3\xa9", "\xc3\xb6", "\xc3\xa5", "\xc3\xb1", "\xc5\xbe"};
    static const char three[][4] = {"\xe5\xb1\xb1", "\xe5\xb7\x9d", "\xe7\x94\xb0"};
    unsigned char first = (unsigned char)at[0];
    if (first >= 0xc3 && first < 0xe0 && at[1]) {
        memcpy(at, two[by % (sizeof two / sizeof *two)], 2);
        return 2;
    }
    if (first >= 0xe3 && first < 0xf0 && at[1] && at[2]) {
        memcpy(at, three[by % (sizeof three / sizeof *three)], 3);
        return 3;
    }
    return 1;
}

/* Moves bytes from..to of the text, by a stream that the whole value seeds. */
static void shift(const struct faking *f, const char *value, char *text, size_t from, size_t to,
                  bool letters)
{
    unsigned char seed[randombytes_SEEDBYTES], stream[256];
    crypto_generichash(seed, sizeof seed, (const unsigned char *)value, strlen(value),
                       (const unsigned char *)secret_text(f->key),
                       secret_bytes(f->key) < crypto_generichash_KEYBYTES_MAX
                           ? secret_bytes(f->key) : crypto_generichash_KEYBYTES_MAX);
    randombytes_buf_deterministic(stream, sizeof stream, seed);
    for (size_t i = from; i < to;) {
        unsigned char by = stream[(i - from) % sizeof stream];
        bool leading = i == from || !isdigit((unsigned char)text[i - 1]);
        if (letters && (unsigned char)text[i] >= 0x80) {
            i += move_wide(text + i, by);
        } else {
            text[i] = move(text[i], by, letters, leading);
            i++;
        }
    }
    sodium_memzero(seed, sizeof seed);
}

/* The two digits that make it right; those there are "00". */
static void check_iban(char *iban)
{
    for (int n = 2; n < 99; n++) {
        iban[2] = (char)('0' + n / 10);
        iban[3] = (char)('0' + n % 10);
        if (check_digit_iban(iban, NULL) == 0)
            return;
    }
}

static char *fake_of(const struct faking *f, const char *value, enum kind kind)
{
    char *text = NULL;
    size_t bytes = strlen(value);
    const char *at = kind == KIND_EMAIL ? strchr(value, '@') : NULL;
    if (at && asprintf(&text, "%.*s@" HOST, (int)(at - value), value) < 0)
        return NULL;
    if (!at && !(text = strdup(value)))
        return NULL;
    if (at)
        shift(f, value, text, 0, (size_t)(at - value), true);
    else if (kind == KIND_IBAN && is_iban(value))
        shift(f, value, text, 4, bytes, false); /* the bank stays */
    else
        shift(f, value, text, 0, bytes, kind == KIND_WORDS || kind == KIND_EMAIL);
    if (kind == KIND_IBAN && is_iban(value))
        check_iban(text);
    return text;
}

/* Remembers the fake of a value. -1: no memory. */
static int know(struct faking *f, const char *value, enum kind kind)
{
    if (kind == KIND_NONE || !value || !*value || json_object_get(f->fakes, value))
        return 0;
    if (is_email(value))
        kind = KIND_EMAIL;
    char *fake = fake_of(f, value, kind);
    int rc = fake ? json_object_set_new(f->fakes, value, json_string(fake)) : -1;
    free(fake);
    return rc;
}

/* ---- finding them ---- */

/* Values that a rule, or one of its parts, reads. */
static int know_read(struct faking *f, const json_t *row, enum kind kind)
{
    size_t i;
    json_t *one;
    int rc = 0;
    json_array_foreach(json_object_get(row, "from"), i, one)
        rc |= know(f, json_string_value(json_object_get(one, "value")), kind);
    json_array_foreach(json_object_get(row, "parts"), i, one)
        rc |= know_read(f, one, kind);
    return rc;
}

static int know_rows(struct faking *f, const json_t *rows)
{
    size_t i;
    json_t *row;
    bool own = false;
    int rc = 0;
    json_array_foreach(rows, i, row) {
        const char *to = json_string_value(json_object_get(row, "to"));
        own = own || (to && strcmp(to, "email") == 0);
    }
    json_array_foreach(rows, i, row) {
        const char *to = json_string_value(json_object_get(row, "to"));
        rc |= know_read(f, row, to ? kind_of_core(to, own) : KIND_NONE);
    }
    return rc;
}

static int know_values(struct faking *f, const char *name, const json_t *value)
{
    const char *inner, *text = json_string_value(value);
    json_t *one;
    size_t i;
    int rc = 0;
    if (text)
        return know(f, text, is_email(text)  ? KIND_EMAIL
                             : is_iban(text) ? KIND_IBAN
                                             : kind_of_name(name));
    json_object_foreach((json_t *)value, inner, one)
        rc |= know_values(f, inner, one);
    json_array_foreach(value, i, one)
        rc |= know_values(f, name, one);
    return rc;
}

/* ---- replacing ---- */

/* The text with every known value in it replaced, whole words only. NULL: no memory. */
static char *replaced(const struct faking *f, const char *text)
{
    const char *value, *whole = json_string_value(json_object_get(f->fakes, text));
    json_t *fake;
    char *out = strdup(whole ? whole : text);
    if (whole || !out)
        return out;
    json_object_foreach(f->fakes, value, fake) {
        size_t bytes = strlen(value);
        if (bytes < INNER_MIN)
            continue;
        for (char *hit = strstr(out, value); hit; hit = strstr(hit + 1, value)) {
            bool before = hit == out || !isalnum((unsigned char)hit[-1]);
            if (!before || isalnum((unsigned char)hit[bytes]))
                continue;
            char *next = NULL;
            size_t at = (size_t)(hit - out);
            if (asprintf(&next, "%.*s%s%s", (int)at, out, json_string_value(fake),
                         hit + bytes) < 0) {
                free(out);
                return NULL;
            }
            free(out);
            out = next;
            hit = out + at + json_string_length(fake) - 1;
        }
    }
    return out;
}

static json_t *faked(const struct faking *f, const json_t *value)
{
    const char *name;
    json_t *one, *out;
    size_t i;
    if (json_is_string(value)) {
        char *text = replaced(f, json_string_value(value));
        out = text ? json_string(text) : NULL;
        free(text);
        return out;
    }
    if (!json_is_object(value) && !json_is_array(value))
        return json_incref((json_t *)value);
    out = json_is_object(value) ? json_object() : json_array();
    json_object_foreach((json_t *)value, name, one)
        json_object_set_new(out, name, faked(f, one));
    json_array_foreach(value, i, one)
        json_array_append_new(out, faked(f, one));
    return out;
}

json_t *cases_fake(const json_t *source, const json_t *explain, const struct secret *key)
{
    struct faking f = {.key = key, .fakes = json_object()};
    json_t *out = NULL;
    if (f.fakes && know_rows(&f, explain) == 0 && know_values(&f, "", source) == 0)
        out = faked(&f, source);
    json_decref(f.fakes);
    return out;
}
