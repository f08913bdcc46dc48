/* SPDX-License-Identifier: MIT
 * Exact decimals on 128-bit integers. The smallest 128-bit integer is never produced, so that every
 * value has its negative. */
#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

#define INT128_MIN_VALUE ((__int128)((unsigned __int128)1 << 127))

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static unsigned __int128 magnitude_of(__int128 v)
{
    return v < 0 ? (unsigned __int128)0 - (unsigned __int128)v : (unsigned __int128)v;
}

static int multiply(__int128 a, __int128 b, __int128 *out)
{
    __int128 r;

    if (__builtin_mul_overflow(a, b, &r) || r == INT128_MIN_VALUE)
        return -1;
    *out = r;
    return 0;
}

static int add(__int128 a, __int128 b, __int128 *out)
{
    __int128 r;

    if (__builtin_add_overflow(a, b, &r) || r == INT128_MIN_VALUE)
        return -1;
    *out = r;
    return 0;
}

/* v * 10^power */
static int scale_up(__int128 v, int power, __int128 *out)
{
    if (v == 0)
        power = 0;
    for (; power > 0; power--)
        if (multiply(v, 10, &v) < 0)
            return -1;
    *out = v;
    return 0;
}

static __int128 power_of_ten(int power)
{
    __int128 r = 1;

    while (power-- > 0)
        r *= 10;
    return r;
}

/* Away from zero? rest is what stands above the integer below, missing what it lacks to the next;
 * odd is that integer. */
static bool goes_away(unsigned __int128 rest, unsigned __int128 missing, bool odd, bool positive,
                      enum rounding rounding)
{
    switch (rounding) {
    case ROUND_UP: return true;
    case ROUND_DOWN: return false;
    case ROUND_CEILING: return positive;
    case ROUND_FLOOR: return !positive;
    case ROUND_HALF_EVEN: return rest > missing || (rest == missing && odd);
    default: return rest >= missing;
    }
}

/* n / d rounded to an integer; d is not 0. */
static int divide(__int128 n, __int128 d, enum rounding rounding, __int128 *out)
{
    unsigned __int128 divisor = magnitude_of(d), rest = magnitude_of(n % d);
    __int128 q = n / d;
    bool positive = (n < 0) == (d < 0);

    if (rest != 0 && goes_away(rest, divisor - rest, q % 2 != 0, positive, rounding))
        return add(q, positive ? 1 : -1, out);
    *out = q;
    return 0;
}

int decimal_parse(const char *text, struct decimal *out)
{
    struct decimal d = DECIMAL_ZERO;
    bool negative = false, digits = false, point = false;
    if (!text)
        return -1;
    while (is_blank(*text))
        text++;
    if (*text == '+' || *text == '-')
        negative = *text++ == '-';
    for (; is_digit(*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            if (!digits || !is_digit(text[1]))
                return -1;
            point = true;
            continue;
        }
        digits = true;
        if (point && d.places == DECIMAL_MAX_PLACES)
            return -1;
        if (multiply(d.units, 10, &d.units) < 0 || add(d.units, *text - '0', &d.units) < 0)
            return -1;
        d.places += point;
    }
    while (is_blank(*text))
        text++;
    if (*text || !digits)
        return -1;
    if (negative)
        d.units = -d.units;
    *out = d;
    return 0;
}

int decimal_from_int(int64_t units, int places, struct decimal *out)
{
    if (places < 0 || places > DECIMAL_MAX_PLACES)
        return -1;
    *out = (struct decimal){units, places};
    return 0;
}

int decimal_format(struct decimal d, char out[DECIMAL_TEXT_BYTES])
{
    char reversed[DECIMAL_TEXT_BYTES];
    unsigned __int128 rest = magnitude_of(d.units);
    int n = 0, length = 0;

    do {
        if (n == d.places && n > 0)
            reversed[length++] = '.';
        reversed[length++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
        n++;
    } while (rest > 0 || n <= d.places);
    if (d.units < 0)
        reversed[length++] = '-';
    for (int i = 0; i < length; i++)
        out[i] = reversed[length - 1 - i];
    out[length] = '\0';
    return length;
}

struct decimal decimal_trim(struct decimal d, int min_places)
{
    while (d.places > min_places && d.places > 0 && d.units % 10 == 0) {
        d.units /= 10;
        d.places--;
    }
    return d;
}

/* Brings both to the same number of places. */
static int align(struct decimal *a, struct decimal *b)
{
    struct decimal *low = a->places < b->places ? a : b;
    int places = a->places < b->places ? b->places : a->places;
    if (scale_up(low->units, places - low->places, &low->units) < 0)
        return -1;
    low->places = places;
    return 0;
}

int decimal_add(struct decimal a, struct decimal b, struct decimal *out)
{
    __int128 units;

    if (align(&a, &b) < 0 || add(a.units, b.units, &units) < 0)
        return -1;
    *out = (struct decimal){units, a.places};
    return 0;
}

int decimal_sub(struct decimal a, struct decimal b, struct decimal *out)
{
    return decimal_add(a, decimal_negate(b), out);
}

int decimal_mul(struct decimal a, struct decimal b, struct decimal *out)
{
    struct decimal r;
    /* More places than fit: zeros at the end are no part of the value and may go first. */
    if (a.places + b.places > DECIMAL_MAX_PLACES) {
        a = decimal_trim(a, 0);
        b = decimal_trim(b, 0);
    }
    if (multiply(a.units, b.units, &r.units) < 0)
        return -1;
    r.places = a.places + b.places;
    r = decimal_trim(r, DECIMAL_MAX_PLACES);
    if (r.places > DECIMAL_MAX_PLACES)
        return -1;
    *out = r;
    return 0;
}

int decimal_div(struct decimal a, struct decimal b, int places, enum rounding rounding,
                struct decimal *out)
{
    int power;
    __int128 units;

    if (b.units == 0 || places < 0 || places > DECIMAL_MAX_PLACES)
        return -1;
    a = decimal_trim(a, 0);
    b = decimal_trim(b, 0);
    power = places + b.places - a.places;
    if (scale_up(a.units, power, &a.units) < 0)
        return -1;
    if (power < 0 && scale_up(b.units, -power, &b.units) < 0)
        return -1;
    if (divide(a.units, b.units, rounding, &units) < 0)
        return -1;
    *out = (struct decimal){units, places};
    return 0;
}

int decimal_round(struct decimal a, int places, enum rounding rounding, struct decimal *out)
{
    __int128 units;
    int less = a.places - places;

    if (places < 0 || places > DECIMAL_MAX_PLACES)
        return -1;
    if (less <= 0 ? scale_up(a.units, -less, &units)
                  : divide(a.units, power_of_ten(less), rounding, &units))
        return -1;
    *out = (struct decimal){units, places};
    return 0;
}

int decimal_to_int(struct decimal a, int places, int64_t *out)
{
    a = decimal_trim(a, 0);
    if (places < a.places || places > DECIMAL_MAX_PLACES)
        return -1;
    if (scale_up(a.units, places - a.places, &a.units) < 0)
        return -1;
    if (a.units > INT64_MAX || a.units < INT64_MIN)
        return -1;
    *out = (int64_t)a.units;
    return 0;
}

/* The whole parts first: aligning could overflow. */
int decimal_compare(struct decimal a, struct decimal b)
{
    __int128 pa = power_of_ten(a.places), pb = power_of_ten(b.places);
    __int128 x = a.units / pa, y = b.units / pb;

    if (x == y) {
        x = a.units % pa * power_of_ten(DECIMAL_MAX_PLACES - a.places);
        y = b.units % pb * power_of_ten(DECIMAL_MAX_PLACES - b.places);
    }
    return (x > y) - (x < y);
}

bool decimal_is_zero(struct decimal a)
{
    return a.units == 0;
}

struct decimal decimal_negate(struct decimal a)
{
    a.units = -a.units;
    return a;
}

struct decimal decimal_abs(struct decimal a)
{
    return a.units < 0 ? decimal_negate(a) : a;
}

/* The weights as integers of one scale, and their sum. */
static int weights_to_units(const struct decimal *weights, int n, __int128 *units, __int128 *sum)
{
    int places = 0;
    for (int i = 0; i < n; i++) {
        int p = decimal_trim(weights[i], 0).places;
        places = p > places ? p : places;
    }
    *sum = 0;
    for (int i = 0; i < n; i++) {
        struct decimal w = decimal_trim(weights[i], 0);
        if (scale_up(w.units, places - w.places, &units[i]) < 0 || add(*sum, units[i], sum) < 0)
            return -1;
    }
    return 0;
}

/* Gives the units that are left to the parts with the largest remainder in their direction. */
static void allot_rest(__int128 left, __int128 *remainders, int n, struct decimal *out)
{
    int step = left < 0 ? -1 : 1;
    for (; left != 0; left -= step) {
        int best = 0;
        for (int i = 1; i < n; i++)
            if (remainders[i] * step > remainders[best] * step)
                best = i;
        out[best].units += step;
        remainders[best] = 0;
    }
}

int decimal_allot(struct decimal total, const struct decimal *weights, int n, struct decimal *out)
{
    __int128 *units, sum, left = total.units;
    int rc = -1;

    if (n <= 0)
        return -1;
    units = calloc((size_t)n, sizeof *units);
    if (!units || weights_to_units(weights, n, units, &sum) < 0)
        goto out;
    /* Overflow shows before anything is written. */
    for (int i = 0; i < n; i++) {
        __int128 product;

        if (multiply(total.units, units[i], &product) < 0)
            goto out;
    }
    for (int i = 0; i < n; i++) {
        __int128 product = total.units * units[i];

        out[i] = (struct decimal){sum ? product / sum : 0, total.places};
        left -= out[i].units;
        /* As a part of |sum|, so that remainders compare also where the sum is negative. */
        units[i] = sum ? (sum < 0 ? -(product % sum) : product % sum) : 0;
    }
    if (sum == 0)
        out[0].units = left;
    else
        allot_rest(left, units, n, out);
    rc = 0;
out:
    free(units);
    return rc;
}
