/* SPDX-License-Identifier: MIT
 * The text is unescaped and folded as a whole, then searched: an address in an answer of a peer
 * stands in JSON in JSON, that in a question in a web address. */
#include "service/address.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

int address_init(struct address *a, const char *text)
{
    *a = (struct address){.folded = fold_key(text)};
    const char *at = a->folded ? strchr(a->folded, '@') : NULL;
    return at && at > a->folded && at[1] && !strpbrk(a->folded, " \"<>,;") ? 0 : -1;
}

void address_done(struct address *a)
{
    free(a->folded);
    free(a->buf);
    *a = (struct address){0};
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                                               : -1;
}

/* So many hexadecimal digits; -1: there are fewer. */
static int32_t digits(const char *at, const char *end, int count)
{
    int32_t n = 0;
    for (int i = 0; i < count; i++) {
        int d = at + i < end ? hex(at[i]) : -1;
        if (d < 0)
            return -1;
        n = n << 4 | d;
    }
    return n;
}

static char *put(char *out, int32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

/* What an escape stands for, and where it ends; -1: there is none. Everything it may be has more
 * bytes than it stands for. */
static int32_t escape(const char *at, const char *end, const char **next)
{
    int32_t c = -1;
    if (*at == '%') {
        c = digits(at + 1, end, 2);
        *next = at + 3;
    } else if (*at == '\\' && at + 1 < end && at[1] == 'u') {
        c = digits(at + 2, end, 4);
        *next = at + 6;
    } else if (*at == '&' && end - at > 4 && at[1] == '#') {
        const char *semicolon = memchr(at, ';', (size_t)(end - at < 9 ? end - at : 9));
        char *stop = NULL;
        if (semicolon)
            c = (int32_t)strtol(at + 2 + (at[2] == 'x'), &stop, at[2] == 'x' ? 16 : 10);
        if (!semicolon || stop != semicolon || c > 0xffff)
            c = -1;
        *next = semicolon + 1;
    }
    return c > 0 ? c : -1;
}

static size_t unescape(const char *text, size_t bytes, char *out)
{
    const char *end = text + bytes, *next;
    char *to = out;
    for (const char *at = text; at < end;) {
        int32_t c = *at == '%' || *at == '\\' || *at == '&' ? escape(at, end, &next) : -1;
        if (c >= 0) {
            /* a percent sign stands for bytes, the others for characters */
            if (*at == '%')
                *to++ = (char)c;
            else
                to = put(to, c);
            at = next;
        } else {
            *to++ = *at && *at != '\n' ? *at : ' ';
            at++;
        }
    }
    *to = '\0';
    return (size_t)(to - out);
}

/* May it be part of an address, in front of the @ or behind it? */
static bool goes_on(unsigned char c, bool before)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           (before && c && strchr(".!#$%&'*+/=?^`{|}~", c));
}

/* Some characters that an address may begin with stand in front of one more often. */
static bool stands_alone(const char *text, const char *at, size_t bytes)
{
    const char *end = at + bytes;
    bool before = at > text && goes_on((unsigned char)at[-1], true) && !strchr("'=&/?{|`", at[-1]);
    bool behind = goes_on((unsigned char)*end, false) ||
                  (*end == '.' && goes_on((unsigned char)end[1], false));
    return !before && !behind;
}

int address_in(struct address *a, const char *text, size_t bytes)
{
    if (bytes + 1 > a->room) {
        char *more = realloc(a->buf, bytes + 1);
        if (!more)
            return -1;
        a->buf = more;
        a->room = bytes + 1;
    }
    (void)unescape(text, bytes, a->buf);
    char *folded = fold_key(a->buf);
    if (!folded)
        return -1;
    size_t n = strlen(a->folded);
    int found = 0;
    for (const char *at = strstr(folded, a->folded); at && !found; at = strstr(at + 1, a->folded))
        found = stands_alone(folded, at, n);
    free(folded);
    return found;
}
