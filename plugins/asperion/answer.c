/* SPDX-License-Identifier: MIT
 * Text of answers; see answer.h. */
#include "answer.h"

#include <string.h>

#define MARK "\xef\xbb\xbf" /* byte order mark */

/* ---- Borders ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && is_blank(*p))
        p++;
    return p;
}

/* Behind a string that begins at p; NULL: it does not end. */
static const char *skip_string(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\';
    return p < end ? p + 1 : NULL;
}

static const char *skip_nested(const char *p, const char *end)
{
    size_t depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = skip_string(p, end);
            if (!p)
                return NULL;
            continue;
        }
        if (*p == '{' || *p == '[')
            depth++;
        else if ((*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
        p++;
    }
    return NULL;
}

/* Behind the value that begins at p, whatever stands in it; NULL: it does not end. */
static const char *skip_value(const char *p, const char *end)
{
    const char *start = p;
    if (p < end && *p == '"')
        return skip_string(p, end);
    if (p < end && (*p == '{' || *p == '['))
        return skip_nested(p, end);
    while (p < end && *p != ',' && *p != ']' && *p != '}' && !is_blank(*p))
        p++;
    return p > start && p < end ? p : NULL;
}

struct answer_text answer_trim(struct answer_text text)
{
    size_t mark = sizeof MARK - 1;
    if (text.bytes >= mark && memcmp(text.start, MARK, mark) == 0) {
        text.start += mark;
        text.bytes -= mark;
    }
    while (text.bytes > 0 && is_blank(*text.start)) {
        text.start++;
        text.bytes--;
    }
    while (text.bytes > 0 && is_blank(text.start[text.bytes - 1]))
        text.bytes--;
    return text;
}

struct answer_text answer_member(struct answer_text object, const char *name)
{
    struct answer_text none = {0};
    size_t n = strlen(name);
    object = answer_trim(object);
    const char *p = object.start, *end = p + object.bytes;
    if (object.bytes == 0 || *p != '{')
        return none;
    for (p = skip_blanks(p + 1, end); p < end && *p == '"';) {
        const char *key = p + 1;
        p = skip_string(p, end);
        if (!p)
            return none;
        bool found = (size_t)(p - 1 - key) == n && memcmp(key, name, n) == 0;
        p = skip_blanks(p, end);
        if (p == end || *p != ':')
            return none;
        const char *value = skip_blanks(p + 1, end);
        p = skip_value(value, end);
        if (!p)
            return none;
        if (found)
            return (struct answer_text){value, (size_t)(p - value)};
        p = skip_blanks(p, end);
        if (p < end && *p == ',')
            p = skip_blanks(p + 1, end);
    }
    return none;
}

int answer_next(struct answer_text *rest, struct answer_text *element)
{
    const char *p = rest->start, *end = p + rest->bytes;
    if (rest->bytes == 0 || (*p != '[' && *p != ',' && *p != ']'))
        return -1;
    if (*p == ']')
        return 0;
    bool first = *p == '[';
    p = skip_blanks(p + 1, end);
    if (first && p < end && *p == ']')
        return 0;
    const char *behind = skip_value(p, end);
    if (!behind)
        return -1;
    *element = (struct answer_text){p, (size_t)(behind - p)};
    p = skip_blanks(behind, end);
    *rest = (struct answer_text){p, (size_t)(end - p)};
    return 1;
}

/* ---- Numbers ---- */

static const char *digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

bool answer_is_number(struct answer_text text)
{
    const char *p = text.start, *end = p + text.bytes;
    p += p < end && *p == '-';
    const char *first = p;
    p = digits(p, end);
    if (p == first || (*first == '0' && p - first > 1))
        return false;
    if (p < end && *p == '.') {
        const char *fraction = p + 1;
        p = digits(fraction, end);
        if (p == fraction)
            return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        const char *exponent = p;
        p = digits(p, end);
        if (p == exponent)
            return false;
    }
    return p == end;
}
