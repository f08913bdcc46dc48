/* SPDX-License-Identifier: MIT
 * Splits an address line: street, one blank, number, suffix give the line again.
 * Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "base/fold.h"
#include "koppel/sdk.h"
#include "address_catalogue.h"

enum function { STREET, NUMBER, SUFFIX, FUNCTIONS };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *p)
{
    size_t n = 0;

    while (is_digit(p[n]))
        n++;
    return n;
}

/* The next digit behind a blank; NULL where there is none. *blank: where that blank begins. */
static const char *next_number(const char *p, const char **blank)
{
    for (size_t n; *p; p += n ? n : 1) {
        n = fold_blank(p);
        if (n && is_digit(p[n])) {
            *blank = p;
            return p + n;
        }
    }
    return NULL;
}

/* A year belongs to the name of the street ("Plein 1944 12") where another number follows it. */
static bool looks_like_year(const char *p)
{
    return count_digits(p) == 4 && p[4] == ' ' && is_digit(p[5]) && p[0] >= '1' && p[0] <= '2';
}

/* Where the house number begins, and the blank before it; a number at the very beginning is part of
 * the name. */
static const char *house_number(const char *line, const char **blank)
{
    const char *number;
    for (size_t n; (n = fold_blank(line)) > 0;)
        line += n;
    number = next_number(line, blank);
    if (!number || !looks_like_year(number))
        return number;
    *blank = number + 4;
    return number + 5;
}

static json_t *part(const char *line, uint32_t function)
{
    const char *blank, *number = house_number(line, &blank);
    if (!number)
        return function == STREET ? json_string(line) : json_null();
    size_t digits = count_digits(number);
    if (function == STREET)
        return json_stringn(line, (size_t)(blank - line));
    if (function == NUMBER)
        return json_stringn(number, digits);
    return number[digits] ? json_string(number + digits) : json_null();
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the address is no text");
    return koppel_call_give(c, part(c->text, c->function), out);
}

KOPPEL_REGISTER_TRANSFORM("address", "0.1.0", catalogue_text, FUNCTIONS, apply);
