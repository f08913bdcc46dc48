/* SPDX-License-Identifier: MIT
 * The tokens of a configuration text, as libconfig 1.5 takes them. */
#include "config/conf_token.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t\n\r\f"
#define DIGITS "0123456789"
#define HEX DIGITS "ABCDEFabcdef"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*"
#define MARKS "{}()[]=:,;"
#define INCLUDE "@include"

/* Bytes of a comment at p; 0: there is none. */
static size_t comment(const char *p, bool *open)
{
    if (*p == '#' || (p[0] == '/' && p[1] == '/'))
        return strcspn(p, "\n");
    if (p[0] != '/' || p[1] != '*')
        return 0;
    const char *end = strstr(p + 2, "*/");
    *open = !end;
    return end ? (size_t)(end + 2 - p) : strlen(p);
}

static size_t string(const char *p, bool *open)
{
    const char *start = p;
    for (p++; *p && *p != '"'; p++)
        p += *p == '\\' && p[1];
    *open = !*p;
    return (size_t)(p - start) + !*open;
}

/* An include stands first on its line; its name is on the same one. */
static size_t include(const char *p)
{
    size_t n = strlen(INCLUDE);
    if (strncmp(p, INCLUDE, n) != 0)
        return 0;
    n += strspn(p + n, " \t");
    if (n == strlen(INCLUDE) || p[n] != '"')
        return 0;
    size_t name = strcspn(p + n + 1, "\"\n");
    return p[n + 1 + name] == '"' && name > 0 ? n + 1 + name + 1 : 0;
}

/* What stands together without blank, mark, quote or comment. */
static size_t word(const char *p)
{
    size_t n = 0;
    while (p[n] && !strchr(BLANKS MARKS "\"#", p[n]) &&
           !(p[n] == '/' && (p[n + 1] == '/' || p[n + 1] == '*')))
        n++;
    return n;
}

/* The exponent of a number; 0: there is none. */
static size_t exponent(const char *p)
{
    if (*p != 'e' && *p != 'E')
        return 0;
    size_t sign = p[1] == '-' || p[1] == '+', digits = strspn(p + 1 + sign, DIGITS);
    return digits ? 1 + sign + digits : 0;
}

static size_t long_mark(const char *p)
{
    return *p == 'L' ? 1 + (p[1] == 'L') : 0;
}

static enum conf_token_kind number(const char *p, size_t bytes)
{
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        size_t digits = strspn(p + 2, HEX), n = 2 + digits;
        return digits && n + long_mark(p + n) == bytes ? TOKEN_INTEGER : TOKEN_OTHER;
    }
    size_t n = *p == '-' || *p == '+', digits = strspn(p + n, DIGITS);
    n += digits;
    if (digits && n + long_mark(p + n) == bytes)
        return TOKEN_INTEGER;
    size_t before = n;
    if (p[n] == '.')
        n += 1 + strspn(p + n + 1, DIGITS);
    if (n == before && (!digits || !exponent(p + n)))
        return TOKEN_OTHER;
    return n + exponent(p + n) == bytes ? TOKEN_FLOAT : TOKEN_OTHER;
}

static enum conf_token_kind word_kind(const char *p, size_t bytes)
{
    if ((bytes == 4 && strncasecmp(p, "true", 4) == 0) ||
        (bytes == 5 && strncasecmp(p, "false", 5) == 0))
        return TOKEN_BOOLEAN;
    if (strchr(LETTERS, *p))
        return strspn(p, LETTERS DIGITS "_-") >= bytes ? TOKEN_NAME : TOKEN_OTHER;
    return number(p, bytes);
}

struct conf_token conf_token_next(struct conf_token_scan *s)
{
    struct conf_token t = {.at = s->at, .line = s->line, .first = s->first};
    if (!*t.at) {
        t.kind = TOKEN_END;
    } else if ((t.bytes = strspn(t.at, BLANKS)) > 0) {
        t.kind = TOKEN_BLANK;
    } else if ((t.bytes = comment(t.at, &t.open)) > 0) {
        t.kind = TOKEN_COMMENT;
    } else if (*t.at == '"') {
        t.kind = TOKEN_STRING;
        t.bytes = string(t.at, &t.open);
    } else if (t.first && (t.bytes = include(t.at)) > 0) {
        t.kind = TOKEN_INCLUDE;
    } else if (strchr(MARKS, *t.at)) {
        t.kind = TOKEN_MARK;
        t.bytes = 1;
    } else {
        t.bytes = word(t.at);
        t.kind = word_kind(t.at, t.bytes);
    }
    for (size_t i = 0; i < t.bytes; i++)
        t.breaks += t.at[i] == '\n';
    s->at += t.bytes;
    s->line += t.breaks;
    s->first = t.kind == TOKEN_BLANK && (t.first || t.breaks);
    return t;
}

bool conf_token_is(const struct conf_token *t, const char *marks)
{
    return t->kind == TOKEN_MARK && strchr(marks, *t->at);
}
