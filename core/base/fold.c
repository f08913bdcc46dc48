/* SPDX-License-Identifier: MIT
 * Trimming, folding and comparing of text, on utf8proc. */
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The code point that text begins with and its bytes; -1 and 1 byte where it is no UTF-8. bytes
 * left: at least 1. */
static utf8proc_ssize_t next_point(const char *text, size_t left, utf8proc_int32_t *point)
{
    unsigned char c = (unsigned char)*text;
    if (c < 0x80) {
        *point = c;
        return 1;
    }
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text,
                                          (utf8proc_ssize_t)left, point);
    if (n > 0)
        return n;
    *point = -1;
    return 1;
}

/* What nobody sees: joiners, direction marks, soft hyphen, byte order mark, and their like. */
static bool is_unseen(utf8proc_int32_t u)
{
    return u == 0xAD || u == 0x34F || u == 0x61C || u == 0x115F || u == 0x1160 || u == 0x17B4 ||
           u == 0x17B5 || (u >= 0x180B && u <= 0x180F) || (u >= 0x200B && u <= 0x200F) ||
           (u >= 0x202A && u <= 0x202E) || (u >= 0x2060 && u <= 0x206F) || u == 0x3164 ||
           u == 0xFEFF || u == 0xFFA0;
}

static bool is_white(utf8proc_int32_t u)
{
    if (u < 0x80)
        return u == ' ' || (u >= '\t' && u <= '\r') || (u >= 0x1C && u <= 0x1F);
    return u == 0x85 || u == 0xA0 || u == 0x1680 || (u >= 0x2000 && u <= 0x200A) || u == 0x2028 ||
           u == 0x2029 || u == 0x202F || u == 0x205F || u == 0x3000;
}

static size_t blank_at(const char *text, size_t left)
{
    utf8proc_int32_t u;
    if (left > 0 && (unsigned char)*text < 0x80) /* most are */
        return is_white(*text);
    utf8proc_ssize_t n = next_point(text, left, &u);
    return u >= 0 && (is_white(u) || is_unseen(u)) ? (size_t)n : 0;
}

size_t fold_blank(const char *text)
{
    return *text ? blank_at(text, strnlen(text, 4)) : 0;
}

bool fold_is_blank(const char *text)
{
    size_t n;
    if (text && *text > ' ' && *text < 0x7f) /* most begin so */
        return false;
    while (text && *text) {
        n = fold_blank(text);
        if (n == 0)
            return false;
        text += n;
    }
    return true;
}

const char *fold_trim(const char *text, size_t *bytes)
{
    size_t n, end = 0;
    while ((n = fold_blank(text)) > 0)
        text += n;
    for (size_t at = 0, left = strlen(text); left > 0; at += n, left -= n) {
        utf8proc_int32_t u;
        bool blank = blank_at(text + at, left) > 0;
        n = (size_t)next_point(text + at, left, &u);
        if (!blank)
            end = at + n;
    }
    *bytes = end;
    return text;
}

char *fold_trimmed(const char *text)
{
    size_t n;
    const char *start = fold_trim(text, &n);
    return strndup(start, n);
}

/* Letters, digits and signs of ASCII only: the common case, without a table. */
static bool is_ascii(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Takes away what nobody sees and makes one space of white space, in place. */
static void squeeze(char *text)
{
    char *start = text, *to = text;
    bool space = false;
    for (size_t left = strlen(text); left > 0;) {
        utf8proc_int32_t u;
        size_t n = (size_t)next_point(text, left, &u);
        if (u >= 0 && is_white(u)) {
            space = true;
        } else if (u < 0 || !is_unseen(u)) {
            if (space && to > start)
                *to++ = ' '; /* the white space itself took at least as much */
            space = false;
            memmove(to, text, n);
            to += n;
        }
        text += n;
        left -= n;
    }
    *to = '\0';
}

/* Text that is no UTF-8 is its own key, but for ASCII. */
static char *raw_key(const char *text, size_t bytes)
{
    char *made = strndup(text, bytes);
    for (char *p = made; p && *p; p++)
        *p = ascii_lower(*p);
    return made;
}

static char *mapped(const char *text, size_t bytes, int options)
{
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)bytes,
                                      &made, (utf8proc_option_t)options);
    return n < 0 ? NULL : (char *)made;
}

char *fold_composed(const char *text)
{
    size_t bytes;
    const char *start = fold_trim(text, &bytes);
    char *made = is_ascii(start, bytes) ? NULL
                                        : mapped(start, bytes, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return made ? made : strndup(start, bytes);
}

char *fold_key(const char *text)
{
    size_t bytes;
    const char *start = fold_trim(text, &bytes);
    char *made = NULL;
    if (!is_ascii(start, bytes))
        made = mapped(start, bytes, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (!made)
        made = raw_key(start, bytes);
    if (made)
        squeeze(made);
    return made;
}

/* The longest beginning of at most limit bytes that ends between code points. */
static size_t whole_points(const char *text, size_t limit)
{
    size_t n = strnlen(text, limit + 1);
    if (n <= limit)
        return n;
    for (n = limit; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80; n--)
        ;
    return n;
}

size_t fold_key_into(const char *text, char *out, size_t room)
{
    char *key = fold_key(text);
    size_t whole = key ? strlen(key) : room;
    size_t n = key && room > 0 ? whole_points(key, room - 1) : 0;
    if (n > 0)
        memcpy(out, key, n);
    if (room > 0)
        out[n] = '\0';
    free(key);
    return whole;
}

bool fold_same(const char *a, const char *b)
{
    if (fold_is_blank(a) || fold_is_blank(b))
        return false;
    if (strcmp(a, b) == 0)
        return true;
    char *ka = fold_key(a), *kb = fold_key(b);
    bool same = ka && kb && strcmp(ka, kb) == 0;
    free(ka);
    free(kb);
    return same;
}

static bool is_letter_or_digit(utf8proc_int32_t u)
{
    switch (utf8proc_category(u)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND: return true;
    default: return false;
    }
}

char *fold_name(const char *text)
{
    char *made = mapped(text, strlen(text), UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
    if (!made)
        made = raw_key(text, strlen(text));
    if (!made)
        return NULL;
    char *to = made, *from = made;
    for (size_t left = strlen(made); left > 0;) {
        utf8proc_int32_t u;
        size_t n = (size_t)next_point(from, left, &u);
        if (u < 0 || is_letter_or_digit(u)) {
            memmove(to, from, n);
            to += n;
        }
        from += n;
        left -= n;
    }
    *to = '\0';
    return made;
}

static char *with_case(const char *text, size_t bytes,
                       utf8proc_int32_t (*change)(utf8proc_int32_t))
{
    /* no letter of two or three bytes has a partner of more than three */
    char *made = malloc(bytes * 2 + 1), *to = made;
    for (size_t at = 0; made && at < bytes;) {
        utf8proc_int32_t u;
        size_t n = (size_t)next_point(text + at, bytes - at, &u);
        if (u < 0)
            *to++ = text[at];
        else
            to += utf8proc_encode_char(change(u), (utf8proc_uint8_t *)to);
        at += n;
    }
    if (made)
        *to = '\0';
    return made;
}

char *fold_lower(const char *text, size_t bytes)
{
    return with_case(text, bytes, utf8proc_tolower);
}

char *fold_upper(const char *text, size_t bytes)
{
    return with_case(text, bytes, utf8proc_toupper);
}

static bool is_in_word(utf8proc_int32_t u)
{
    if (u == '\'' || u == 0x2019 || is_letter_or_digit(u))
        return true;
    utf8proc_category_t category = utf8proc_category(u);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

char *fold_title(const char *text)
{
    size_t left = strlen(text);
    char *made = malloc(left * 2 + 1), *to = made;
    for (bool inside = false; made && left > 0;) {
        utf8proc_int32_t u;
        size_t n = (size_t)next_point(text, left, &u);
        if (u < 0)
            *to++ = *text;
        else
            to += utf8proc_encode_char(inside ? utf8proc_tolower(u) : utf8proc_totitle(u),
                                       (utf8proc_uint8_t *)to);
        inside = u >= 0 && is_in_word(u);
        text += n;
        left -= n;
    }
    if (made)
        *to = '\0';
    return made;
}

/* What taking accents away does not bring to ASCII. */
static const struct {
    utf8proc_int32_t point;
    const char *text;
} plain[] = {
    {0xAB, "\""},    {0xBB, "\""},   {0xC6, "AE"},    {0xD0, "D"},     {0xD7, "x"},
    {0xD8, "O"},     {0xDE, "Th"},   {0xDF, "ss"},    {0xE6, "ae"},    {0xF0, "d"},
    {0xF8, "o"},     {0xFE, "th"},   {0x110, "D"},    {0x111, "d"},    {0x126, "H"},
    {0x127, "h"},    {0x131, "i"},   {0x141, "L"},    {0x142, "l"},    {0x14A, "N"},
    {0x14B, "n"},    {0x152, "OE"},  {0x153, "oe"},   {0x1E9E, "SS"},  {0x2010, "-"},
    {0x2011, "-"},   {0x2012, "-"},  {0x2013, "-"},   {0x2014, "-"},   {0x2018, "'"},
    {0x2019, "'"},   {0x201A, "'"},  {0x201C, "\""},  {0x201D, "\""},  {0x201E, "\""},
    {0x2044, "/"},   {0x20AC, "EUR"}, {0x2212, "-"}};

static const char *plain_of(utf8proc_int32_t u, const char *other)
{
    if (is_white(u))
        return " ";
    if (is_unseen(u))
        return "";
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (plain[i].point == u)
            return plain[i].text;
    }
    return other;
}

/* The same with room for what is longer. NULL: no memory. */
static char *replaced(const char *text, const char *other)
{
    size_t left = strlen(text), most = strlen(other) > 3 ? strlen(other) : 3;
    char *made = malloc(left * most + 1), *to = made;
    while (made && left > 0) {
        utf8proc_int32_t u;
        size_t n = (size_t)next_point(text, left, &u);
        if (u >= 0 && u < 0x80)
            *to++ = *text;
        else
            to = stpcpy(to, u < 0 ? other : plain_of(u, other));
        text += n;
        left -= n;
    }
    if (made)
        *to = '\0';
    return made;
}

char *fold_ascii(const char *text, const char *other)
{
    if (is_ascii(text, strlen(text)))
        return strdup(text);
    char *bare = mapped(text, strlen(text), UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                UTF8PROC_COMPAT | UTF8PROC_STRIPMARK);
    char *made = replaced(bare ? bare : text, other);
    free(bare);
    return made;
}
