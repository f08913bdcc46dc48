/* SPDX-License-Identifier: MIT
 * Numbers as exact decimals. A number is taken apart into its digits and the place of its point,
 * and written again with the point where the exponent moves it. */
#include "base/json_number.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES 1024

/* -12.50e3: whole "12", fraction "50", exponent 3. */
struct number {
    bool negative, has_exponent, zero;
    const char *whole, *fraction;
    size_t whole_digits, fraction_digits;
    int exponent;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && is_digit(*at))
        at++;
    return (size_t)(at - from);
}

static bool all_zero(const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (digits[i] != '0')
            return false;
    return true;
}

/* Behind the e; false where there is no number or it is too large. */
static bool take_exponent(struct number *n, const char *at, const char *end, const char **what)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    *what = "this is no number";
    if (at == end || digits_at(at, end) != (size_t)(end - at))
        return false;
    *what = "the exponent of the number is too large";
    for (; at < end; at++) {
        n->exponent = n->exponent * 10 + (*at - '0');
        if (n->exponent > JSON_NUMBER_EXPONENT)
            return false;
    }
    if (negative)
        n->exponent = -n->exponent;
    n->has_exponent = true;
    return true;
}

static bool take_apart(struct number *n, const char *at, const char *end, const char **what)
{
    *what = "this is no number";
    n->negative = at < end && *at == '-';
    at += n->negative;
    n->whole = at;
    n->whole_digits = digits_at(at, end);
    at += n->whole_digits;
    if (n->whole_digits == 0 || (n->whole[0] == '0' && n->whole_digits > 1))
        return false;
    if (at < end && *at == '.') {
        n->fraction = ++at;
        n->fraction_digits = digits_at(at, end);
        at += n->fraction_digits;
        if (n->fraction_digits == 0)
            return false;
    }
    n->zero = all_zero(n->whole, n->whole_digits) && all_zero(n->fraction, n->fraction_digits);
    if (at < end && (*at == 'e' || *at == 'E'))
        return take_exponent(n, at + 1, end, what);
    return at == end;
}

/* False where it does not fit. */
static bool as_integer(const struct number *n, json_int_t *out)
{
    json_int_t value = 0;
    for (size_t i = 0; i < n->whole_digits; i++) {
        int digit = n->whole[i] - '0';
        /* Towards its own side, as the smallest integer has no positive. */
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, n->negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

static char *put_zeros(char *to, size_t count)
{
    memset(to, '0', count);
    return to + count;
}

static char *put_digits(char *to, const char *digits, size_t count)
{
    if (count)
        memcpy(to, digits, count);
    return to + count;
}

/* All digits in a row, of which `before` (may be negative) stand before the point. */
static char *put_moved(char *to, const char *digits, size_t count, long before)
{
    if (before <= 0) {
        to = put_digits(to, "0.", 2);
        to = put_zeros(to, (size_t)-before);
        return put_digits(to, digits, count);
    }
    size_t whole = (size_t)before < count ? (size_t)before : count, skip = 0;
    while (skip < whole && digits[skip] == '0')
        skip++;
    if (skip == whole) {
        *to++ = '0';
    } else {
        to = put_digits(to, digits + skip, whole - skip);
        to = put_zeros(to, (size_t)before - whole);
    }
    if (whole < count) {
        *to++ = '.';
        to = put_digits(to, digits + whole, count - whole);
    }
    return to;
}

static json_t *as_text(const struct number *n)
{
    char on_stack[STACK_BYTES];
    size_t count = n->whole_digits + n->fraction_digits;
    size_t room = 2 * count + JSON_NUMBER_EXPONENT + 8;
    char *memory = room <= sizeof on_stack ? on_stack : malloc(room);
    if (!memory)
        return NULL;

    /* The digits go to the end of the room, what is written of them to its beginning. */
    char *digits = memory + room - count, *to = memory;
    put_digits(put_digits(digits, n->whole, n->whole_digits), n->fraction, n->fraction_digits);
    if (n->negative && !n->zero)
        *to++ = '-';
    to = put_moved(to, digits, count, (long)n->whole_digits + n->exponent);
    json_t *text = json_stringn_nocheck(memory, (size_t)(to - memory));
    if (memory != on_stack)
        free(memory);
    return text;
}

json_t *json_number(const char *text, size_t bytes, const char **what)
{
    struct number n = {0};
    json_int_t integer;
    if (!take_apart(&n, text, text + bytes, what))
        return NULL;
    *what = "out of memory";
    if (!n.fraction && !n.has_exponent && as_integer(&n, &integer))
        return json_integer(integer);
    /* As it was written, but for the sign of a zero. */
    if (!n.has_exponent) {
        size_t sign = n.negative && n.zero;
        return json_stringn_nocheck(text + sign, bytes - sign);
    }
    return as_text(&n);
}
