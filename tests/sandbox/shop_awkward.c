// SPDX-License-Identifier: MIT
// What --awkward puts into the seeded orders: discounts, deposits, gift cards, returns, nothing
// and less than nothing to pay, two payment methods, deliveries in part, quotes behind orders.
#include "shop.h"

#include <stdlib.h>

static bool chance(struct shop *s, int percent)
{
    return below(s, 100) < percent;
}

struct line *special_line(struct shop *s, struct doc *d, enum special_article what,
                          int64_t quantity, int64_t price)
{
    static const int groups[] = {[SPECIAL_DEPOSIT] = GROUP_DEPOSIT,
                                 [SPECIAL_GIFT_CARD] = GROUP_GIFT_CARD,
                                 [SPECIAL_SHIPPING] = GROUP_SHIPPING,
                                 [SPECIAL_DISCOUNT] = 1};
    static const char *const texts[] = {[SPECIAL_DEPOSIT] = "Statiegeld",
                                        [SPECIAL_GIFT_CARD] = "Cadeaukaart",
                                        [SPECIAL_SHIPPING] = "Verzendkosten",
                                        [SPECIAL_DISCOUNT] = "Korting op de bestelling"};
    struct line *l = draw_line(s, d, s->options.articles - (int64_t)what, quantity);
    bool taxed = what == SPECIAL_SHIPPING || what == SPECIAL_DISCOUNT;

    l->text = texts[what];
    l->group = (int16_t)groups[what];
    if (what == SPECIAL_DISCOUNT && d->line_count > 1) {
        l->vat_code = d->lines[0].vat_code;
        l->group = d->lines[0].group;
    } else {
        l->vat_code = taxed && d->method != METHOD_SHIFTED ? 1 : 3;
    }
    l->rate = (int16_t)vat_rate(l->vat_code);
    line_reprice(l, price);
    return l;
}

static void weigh(struct shop *s, struct line *l)
{
    int places = 1 + (int)below(s, 4);
    l->quantity = 1 + below(s, 3 * power_of_ten(places));
    l->places = (int8_t)places;
}

static void odd_line(struct shop *s, struct line *l)
{
    static const int percents[] = {500, 1000, 1250, 3333, 10000};

    switch (below(s, 12)) {
    case 0:
        line_discount(l, percents[below(s, 5)], 0);
        break;
    case 1:
        line_discount(l, 0, 1 + below(s, l->original));
        break;
    case 2:
        weigh(s, l);
        break;
    case 3:
        l->quantity = -1 - below(s, 2);
        break;
    case 4:
        l->quantity = 0;
        break;
    case 5:
        line_reprice(l, 1 + below(s, 99));
        l->quantity = 3 + below(s, 40);
        break;
    default:
        break;
    }
}

// The rare whole: nothing to pay, or money back.
static bool odd_order(struct shop *s, struct doc *d)
{
    int64_t which = below(s, 50);
    if (which > 1)
        return false;
    struct line *l = draw_line(s, d, draw_article(s, d), 1 + below(s, 3));
    if (which == 0)
        draw_line(s, d, l->article, -l->quantity);
    else
        l->quantity = -l->quantity;
    return true;
}

void awkward_lines(struct shop *s, struct doc *d)
{
    int n = 1 + (int)below(s, 5);

    if (odd_order(s, d))
        return;
    for (int i = 0; i < n; i++)
        odd_line(s, draw_line(s, d, draw_article(s, d), 1 + below(s, 5)));
    if (chance(s, 12)) {
        special_line(s, d, SPECIAL_DEPOSIT, 6 * (1 + below(s, 4)), 25);
        if (chance(s, 30))
            special_line(s, d, SPECIAL_DEPOSIT, -1 - below(s, 9), 15);
    }
    if (chance(s, 8))
        special_line(s, d, SPECIAL_GIFT_CARD, 1, 500 * (1 + below(s, 10)));
    if (chance(s, 25))
        special_line(s, d, SPECIAL_SHIPPING, 1, 395 + 100 * below(s, 8));
    if (chance(s, 12))
        special_line(s, d, SPECIAL_DISCOUNT, 1, -1 - below(s, 1000));
}

void awkward_payments(struct shop *s, struct doc *d)
{
    bool card = chance(s, 8), two = card || chance(s, 10);
    if (!two || !d->paid || d->incl < 2)
        return;
    int64_t first = 1 + below(s, d->incl - 1);
    int other = card ? PAY_GIFT_CARD : d->payment == PAY_PIN ? PAY_CASH : PAY_PIN;
    struct pay rest = {.amount = d->incl - first, .date = d->date, .method = d->payment};

    d->pays = calloc(2, sizeof *d->pays);
    if (!d->pays)
        return;
    d->pays[0] = (struct pay){.amount = first,
                              .card = card ? "6064 3600 0000 0017" : NULL,
                              .date = d->date,
                              .method = (int8_t)other};
    d->pays[1] = rest;
    d->pay_count = 2;
    d->paid_amount = d->incl;
}

static int quote_behind(struct shop *s, size_t order)
{
    struct doc *o = &s->docs[DOC_ORDER].docs[order];
    struct doc p = doc_like(o);

    p.lines = o->lines;
    p.line_count = o->line_count;
    doc_total(&p);
    p.type = PROPOSAL_ORDER;
    p.order = (uint32_t)order + 1;
    int64_t at = doc_add(s, DOC_PROPOSAL, &p);
    if (at < 0)
        return -1;
    o->proposal = (uint32_t)at + 1;
    return 0;
}

// One slip, or two, for some of what was ordered.
static int deliver_some(struct shop *s, size_t order)
{
    int64_t quantities[MAX_LINES];
    int slips = 1 + (int)below(s, 2);

    for (int n = 0; n < slips; n++) {
        const struct doc *o = &s->docs[DOC_ORDER].docs[order];
        bool any = false;
        for (int i = 0; i < o->line_count; i++) {
            quantities[i] = line_open(&o->lines[i]) / 2;
            any |= quantities[i] != 0;
        }
        if (any && order_deliver(s, order, quantities) < 0)
            return -1;
    }
    return 0;
}

int awkward_documents(struct shop *s, size_t order)
{
    const struct doc *o = &s->docs[DOC_ORDER].docs[order];
    if (chance(s, 6) && quote_behind(s, order) != 0)
        return -1;
    return chance(s, 10) && !o->delivered && !o->cancelled ? deliver_some(s, order) : 0;
}
