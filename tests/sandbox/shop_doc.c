// SPDX-License-Identifier: MIT
// Arithmetic on documents: a till counts each line in cents of the prices it shows, and the VAT
// over the sum of the lines per code.
#include "shop.h"

#include <stdlib.h>
#include <string.h>

int64_t power_of_ten(int places)
{
    int64_t power = 1;
    while (places-- > 0)
        power *= 10;
    return power;
}

// Quantity times price in cents, rounded; false when it leaves the range.
static bool amount(int64_t quantity, int64_t price, int places, int64_t *out)
{
    int64_t product;
    if (__builtin_mul_overflow(quantity, price, &product) || product > INT64_MAX / 20000 ||
        product < -(INT64_MAX / 20000))
        return false;
    *out = divide(product, power_of_ten(places));
    return true;
}

bool line_total(const struct doc *d, struct line *l)
{
    if (d->method == METHOD_INCLUSIVE) {
        if (!amount(l->quantity, l->price, l->places, &l->incl))
            return false;
        l->excl = divide(l->incl * 10000, 10000 + l->rate);
    } else {
        if (!amount(l->quantity, l->price_excl, l->places, &l->excl))
            return false;
        l->incl = l->excl + divide(l->excl * l->rate, 10000);
    }
    return true;
}

void doc_total(struct doc *d)
{
    memset(d->groups, 0, sizeof d->groups);
    d->excl = d->incl = 0;
    for (int i = 0; i < d->line_count; i++) {
        struct line *l = &d->lines[i];
        struct vat_group *g = &d->groups[l->vat_code - 1];
        line_total(d, l);
        g->code = l->vat_code;
        g->rate = l->rate;
        // For inclusive prices the sum is kept in excl until it is split below.
        g->excl += d->method == METHOD_INCLUSIVE ? l->incl : l->excl;
    }
    for (int i = 0; i < VAT_CODES; i++) {
        struct vat_group *g = &d->groups[i];
        if (d->method == METHOD_INCLUSIVE) {
            g->vat = divide(g->excl * g->rate, 10000 + g->rate);
            g->excl -= g->vat;
        } else {
            g->vat = divide(g->excl * g->rate, 10000);
        }
        d->excl += g->excl;
        d->incl += g->excl + g->vat;
    }
}

bool line_scale(struct line *l, int places)
{
    for (; l->places < places; l->places++) {
        if (__builtin_mul_overflow(l->quantity, 10, &l->quantity) ||
            __builtin_mul_overflow(l->delivered, 10, &l->delivered) ||
            __builtin_mul_overflow(l->cancelled, 10, &l->cancelled))
            return false;
    }
    return true;
}

int64_t line_open(const struct line *l)
{
    return l->quantity - l->delivered - l->cancelled;
}

bool doc_in_part(const struct doc *order)
{
    bool some = false, open = false;
    for (int i = 0; i < order->line_count; i++) {
        some |= order->lines[i].delivered != 0;
        open |= line_open(&order->lines[i]) != 0;
    }
    return some && open;
}

struct pay doc_pay(const struct doc *d, int i)
{
    if (d->pays)
        return d->pays[i];
    return (struct pay){.amount = d->incl, .date = d->date, .method = d->payment};
}

int doc_add_pay(struct doc *d, struct pay pay)
{
    struct pay *pays = malloc(((size_t)d->pay_count + 1) * sizeof *pays);
    if (!pays)
        return -1;
    for (int i = 0; i < d->pay_count; i++)
        pays[i] = doc_pay(d, i);
    pays[d->pay_count++] = pay;
    free(d->pays);
    d->pays = pays;
    d->paid_amount += pay.amount;
    return 0;
}

struct doc doc_like(const struct doc *d)
{
    return (struct doc){.relation = d->relation,
                        .employee = d->employee,
                        .date = d->date,
                        .method = d->method,
                        .payment = d->payment,
                        .branch = d->branch,
                        .entry_branch = d->entry_branch,
                        .workplace = d->workplace,
                        .belgian = d->belgian,
                        .version = 1};
}

bool order_expected(const struct doc *o)
{
    return (o->paid || o->delivered) && !o->cancelled && !o->faulty;
}

const char *order_country(const struct doc *o)
{
    return o->belgian ? "BE" : "NL";
}
