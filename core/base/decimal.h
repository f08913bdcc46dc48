/* SPDX-License-Identifier: MIT
 * Exact decimals: a 128-bit integer and the number of digits after the point.
 *
 * Money and quantities live here and in strings, never in a double. Every operation checks for
 * overflow; rounding is named at every call.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_DECIMAL_H
#define KOPPEL_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_TEXT_BYTES 48 /* every decimal as text, sign, point and NUL included */
#define DECIMAL_MAX_PLACES 18

/* Half up is away from zero, as documents do, and so is up; down is towards zero. In the order of
 * the contract's KOPPEL_ROUND_*. */
enum rounding { ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR };

struct decimal {
    __int128 units; /* value = units / 10^places */
    int places;     /* 0 .. DECIMAL_MAX_PLACES */
};

#define DECIMAL_ZERO ((struct decimal){0, 0})

/* [+-]digits[.digits], at least one digit, surrounding blanks allowed, no exponent, no grouping.
 * 0, or -1 for anything else and for what does not fit (out untouched). */
int decimal_parse(const char *text, struct decimal *out);
/* units / 10^places, as the till sends it ("530" with 3). -1 where places is out of range. */
int decimal_from_int(int64_t units, int places, struct decimal *out);
/* Writes the digits with exactly d.places places ("-0.50"); returns its length. */
int decimal_format(struct decimal d, char out[DECIMAL_TEXT_BYTES]);
/* Takes trailing zeros after the point away, keeping at least min_places. */
struct decimal decimal_trim(struct decimal d, int min_places);

/* 0, or -1 on overflow (out untouched). */
int decimal_add(struct decimal a, struct decimal b, struct decimal *out);
int decimal_sub(struct decimal a, struct decimal b, struct decimal *out);
int decimal_mul(struct decimal a, struct decimal b, struct decimal *out); /* exact; places add up */
/* -1 also on division by zero. */
int decimal_div(struct decimal a, struct decimal b, int places, enum rounding rounding,
                struct decimal *out);
/* To exactly `places` digits after the point. -1 on overflow. */
int decimal_round(struct decimal a, int places, enum rounding rounding, struct decimal *out);
/* value * 10^places as an integer; -1 where it is not whole or does not fit in 64 bits. */
int decimal_to_int(struct decimal a, int places, int64_t *out);

int decimal_compare(struct decimal a, struct decimal b); /* -1, 0, 1; any places */
bool decimal_is_zero(struct decimal a);
struct decimal decimal_negate(struct decimal a);
struct decimal decimal_abs(struct decimal a);

/* Splits total over weights so that the parts, each with total.places places, sum to total exactly:
 * each part is rounded towards zero and the remaining units go, one each, to the parts with the
 * largest remainder, the earlier one on a tie. All weights zero: everything to the first part.
 * -1 on overflow or n == 0. */
int decimal_allot(struct decimal total, const struct decimal *weights, int n, struct decimal *out);

#endif
