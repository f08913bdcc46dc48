/* SPDX-License-Identifier: MIT
 * Decodes the escapes of JSON strings and refuses what no string may hold. */
#include "base/json_escape.h"

#include <string.h>

#include "base/json_scan.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Of \uXXXX at `at`; -1 where there is none. */
static int unit_at(const char *at, const char *end)
{
    int unit = 0;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static size_t put_character(char *to, unsigned c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
    return n;
}

const char *json_escape_take(const char **at, const char *end, char *to, size_t *used)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *letter = (*at)[1] ? strchr(letters, (*at)[1]) : NULL;
    if (letter) {
        to[(*used)++] = meant[letter - letters];
        *at += 2;
        return NULL;
    }
    int unit = unit_at(*at, end);
    *at += 2;
    if (unit < 0)
        return "this is no escape";
    *at += 4;
    if (unit == 0)
        return "NUL is not allowed";
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int low = unit < 0xDC00 ? unit_at(*at, end) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return "half a surrogate pair";
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    *used += put_character(to + *used, (unsigned)unit);
    return NULL;
}

const char *json_escape_none(const char **at, const char *end)
{
    if ((unsigned char)**at < 0x80) {
        const char *what = **at ? "a control character that is not escaped" : "NUL is not allowed";
        ++*at;
        return what;
    }
    while (*at < end && (unsigned char)**at >= 0x80) {
        size_t n = json_scan_character(*at, (size_t)(end - *at));
        if (n == 0) {
            ++*at;
            return "these bytes are no UTF-8";
        }
        *at += n;
    }
    return NULL;
}
