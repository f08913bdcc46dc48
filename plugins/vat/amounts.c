/* SPDX-License-Identifier: MIT
 * Amounts with and without VAT by the largest remainder. All are whole multiples of 1/d of the
 * smallest unit, so that remainders compare exactly. */
#include "amounts.h"

#include <stdlib.h>

/* An amount as units + rest / d, 0 <= rest < d. */
struct share {
    __int128 units, rest;
    int index;
};

struct scale {
    __int128 factor; /* units of an amount to d-ths of the smallest unit */
    __int128 d;
    int places; /* of all amounts, as they come in */
};

static int multiply_by_ten(__int128 *v, int times)
{
    for (; times > 0; times--) {
        if (__builtin_mul_overflow(*v, 10, v))
            return -1;
    }
    return 0;
}

static int most_places(const struct decimal *in, int n)
{
    int most = 0;
    for (int i = 0; i < n; i++)
        most = in[i].places > most ? in[i].places : most;
    return most;
}

/* Incl is excl * (100 + rate) / 100. */
static enum amounts_outcome make_scale(enum amounts_way way, struct decimal rate, int places,
                                       struct scale *s)
{
    __int128 hundred = 100, with;
    if (multiply_by_ten(&hundred, rate.places) < 0 ||
        __builtin_add_overflow(hundred, rate.units, &with))
        return AMOUNTS_TOO_LARGE;
    if (with <= 0)
        return AMOUNTS_RATE;
    s->factor = way == AMOUNTS_INCL ? with : hundred;
    s->d = way == AMOUNTS_INCL ? hundred : with;
    if (multiply_by_ten(&s->factor, places) < 0 || multiply_by_ten(&s->d, s->places) < 0)
        return AMOUNTS_TOO_LARGE;
    return AMOUNTS_OK;
}

static int share_of(const struct scale *s, struct decimal amount, struct share *out)
{
    __int128 units = amount.units;
    if (multiply_by_ten(&units, s->places - amount.places) < 0 ||
        __builtin_mul_overflow(units, s->factor, &units))
        return -1;
    out->units = units / s->d;
    out->rest = units % s->d;
    if (out->rest < 0) {
        out->rest += s->d;
        out->units--;
    }
    return 0;
}

static int compare_rest(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* How many units are left over: those of the rests together, and one more where what remains of
 * them rounds away from zero. whole: the sum of the units. -1: too large. */
static int left_over(const struct scale *s, __int128 whole, __int128 rests)
{
    __int128 carried = rests / s->d, rest = rests % s->d, sum;
    if (__builtin_add_overflow(whole, carried, &sum) || rest > ((__int128)1 << 125))
        return -1;
    bool up = sum < 0 ? rest * 2 > s->d : rest * 2 >= s->d;
    return (int)carried + up;
}

static enum amounts_outcome shares(const struct scale *s, const struct decimal *in, int n,
                                   struct share *all)
{
    __int128 whole = 0, rests = 0;
    for (int i = 0; i < n; i++) {
        all[i].index = i;
        if (share_of(s, in[i], &all[i]) < 0 ||
            __builtin_add_overflow(whole, all[i].units, &whole) ||
            __builtin_add_overflow(rests, all[i].rest, &rests))
            return AMOUNTS_TOO_LARGE;
    }
    int left = left_over(s, whole, rests);
    if (left < 0)
        return AMOUNTS_TOO_LARGE;
    qsort(all, (size_t)n, sizeof *all, compare_rest);
    for (int i = 0; i < left && i < n; i++)
        all[i].units++;
    return AMOUNTS_OK;
}

enum amounts_outcome amounts_convert(enum amounts_way way, struct decimal rate, int places,
                                     const struct decimal *in, int n, struct decimal *out)
{
    struct scale s = {.places = most_places(in, n)};
    enum amounts_outcome outcome = make_scale(way, rate, places, &s);
    if (outcome != AMOUNTS_OK || n <= 0)
        return outcome;
    if (n > AMOUNTS_LIMIT)
        return AMOUNTS_TOO_LARGE;
    struct share *all = calloc((size_t)n, sizeof *all);
    if (!all)
        return AMOUNTS_NO_MEMORY;
    outcome = shares(&s, in, n, all);
    for (int i = 0; outcome == AMOUNTS_OK && i < n; i++) {
        /* a decimal holds less than 128 bits */
        if (all[i].units > ((__int128)1 << 120) || all[i].units < -((__int128)1 << 120))
            outcome = AMOUNTS_TOO_LARGE;
        else
            out[all[i].index] = (struct decimal){all[i].units, places};
    }
    free(all);
    return outcome;
}
