/* SPDX-License-Identifier: MIT
 * The tokens of a configuration file. */
#include "config/conf_edit_scan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define INCLUDE "@include"

/* All that follows reads a text that ends in a NUL, and holds none before that counts. */

static size_t span_text(const char *p)
{
    const char *q = p + 1;
    while (*q && *q != '"')
        q += *q == '\\' && q[1] ? 2 : 1;
    return *q ? (size_t)(q - p) + 1 : 0;
}

/* 0: no comment begins here, or it does not end. */
static size_t span_comment(const char *p)
{
    if (*p == '#' || (p[0] == '/' && p[1] == '/')) {
        size_t n = strcspn(p, "\n");
        while (p[n] == '\n' && p[n - 1] == '\r') /* of the line's end, not of the comment */
            n--;
        return n;
    }
    if (p[0] != '/' || p[1] != '*')
        return 0;
    const char *end = strstr(p + 2, "*/");
    return end ? (size_t)(end - p) + 2 : 0;
}

/* The digits of an exponent with its e; 0: there is none. */
static size_t span_exponent(const char *p)
{
    if (*p != 'e' && *p != 'E')
        return 0;
    size_t sign = p[1] == '+' || p[1] == '-';
    size_t digits = strspn(p + 1 + sign, DIGITS);
    return digits ? 1 + sign + digits : 0;
}

static size_t span_long(const char *p)
{
    return *p != 'L' ? 0 : p[1] == 'L' ? 2 : 1;
}

static size_t span_number(const char *p)
{
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        size_t hex = strspn(p + 2, DIGITS "abcdefABCDEF");
        if (hex)
            return 2 + hex + span_long(p + 2 + hex);
    }
    size_t sign = *p == '+' || *p == '-';
    size_t whole = sign + strspn(p + sign, DIGITS);
    if (p[whole] == '.') {
        size_t n = whole + 1 + strspn(p + whole + 1, DIGITS);
        return n + span_exponent(p + n);
    }
    if (whole == sign)
        return 0;
    size_t exponent = span_exponent(p + whole);
    return whole + (exponent ? exponent : span_long(p + whole));
}

static size_t span_word(const char *p)
{
    return strspn(p, LETTERS "*") ? strspn(p, LETTERS DIGITS "-_*") : 0;
}

/* An include is one at the beginning of a line only. */
static size_t span_include(const char *text, const char *p)
{
    const char *q = p;
    while (q > text && (q[-1] == ' ' || q[-1] == '\t'))
        q--;
    if ((q > text && q[-1] != '\n') || strncmp(p, INCLUDE, strlen(INCLUDE)) != 0)
        return 0;
    size_t blank = strspn(p + strlen(INCLUDE), " \t"), n = strlen(INCLUDE) + blank;
    size_t name = blank && p[n] == '"' ? span_text(p + n) : 0;
    return name ? n + name : 0;
}

static struct conf_edit_scan_token token_at(const char *text, size_t bytes, size_t at)
{
    const char *p = text + at;
    struct conf_edit_scan_token t = {SCAN_BAD, at, at + 1};
    size_t n = 0;
    if (at == bytes) {
        t.kind = SCAN_END;
        t.end = at;
    } else if (*p == '\n') {
        t.kind = SCAN_BREAK;
    } else if ((n = strspn(p, " \t\r\f"))) {
        t.kind = SCAN_BLANK;
    } else if (*p == '"') {
        n = span_text(p);
        t.kind = n ? SCAN_TEXT : SCAN_BAD;
        n = n ? n : bytes - at;
    } else if ((n = span_comment(p))) {
        t.kind = SCAN_COMMENT;
    } else if (p[0] == '/' && p[1] == '*') {
        n = bytes - at;
    } else if (*p == '@') {
        n = span_include(text, p);
        t.kind = n ? SCAN_INCLUDE : SCAN_BAD;
    } else if ((n = span_number(p))) {
        t.kind = SCAN_NUMBER;
    } else if ((n = span_word(p))) {
        t.kind = SCAN_WORD;
    } else if (*p && strchr("=:,;{}[]()", *p)) {
        t.kind = SCAN_MARK;
    }
    if (n)
        t.end = at + n;
    return t;
}

int conf_edit_scan(struct conf_edit_scan *s, const char *text, size_t bytes,
                   struct koppel_error *err)
{
    int room = 0;
    *s = (struct conf_edit_scan){0};
    for (size_t at = 0;;) {
        if (s->count == room) {
            room = room ? room * 2 : 256;
            struct conf_edit_scan_token *more =
                realloc(s->tokens, sizeof *more * (size_t)room);
            if (!more) {
                conf_edit_scan_done(s);
                return err_set(err, KOPPEL_E_RETRY, "out of memory");
            }
            s->tokens = more;
        }
        struct conf_edit_scan_token t = token_at(text, bytes, at);
        s->tokens[s->count++] = t;
        if (t.kind == SCAN_END)
            return 0;
        at = t.end;
    }
}

void conf_edit_scan_done(struct conf_edit_scan *s)
{
    free(s->tokens);
    *s = (struct conf_edit_scan){0};
}

int conf_edit_scan_at(const struct conf_edit_scan *s, size_t at)
{
    int low = 0, high = s->count - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (s->tokens[middle].start <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
