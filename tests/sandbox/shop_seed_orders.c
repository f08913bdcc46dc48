// SPDX-License-Identifier: MIT
// Seeds the orders. Equal options give equal orders; the first of them carry, one each, the
// cases that are awkward to book, and with --awkward the others carry many (shop_awkward.c).
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The order number of each special case; everything above is drawn at random.
enum special {
    ORDER_UNPAID = 3,
    ORDER_CANCELLED = 4,
    ORDER_NO_EMAIL = 6,
    ORDER_UNKNOWN_ARTICLE = 8,
    ORDER_CRYPTO = 10,
    ORDER_ZERO_LINE = 12,
    ORDER_ZERO_TOTAL = 14,
    ORDER_NEGATIVE = 16,
    ORDER_DEPOSIT = 18,
    ORDER_THIRDS = 20,
    ORDER_WEIGHED = 22,
    ORDER_DISCOUNT = 24,
    ORDER_RETURN = 26,
    ORDER_EXCLUSIVE = 28,
    ORDER_SHIFTED = 30,
    ORDER_CONSUMER_BE = 32,
    ORDER_SPECIALS = 34
};

// ---- Lines ------------------------------------------------------------------------------

struct line *draw_line(struct shop *s, struct doc *d, int64_t article, int64_t quantity)
{
    const struct article *a = shop_article(s, article);
    struct line *l = &d->lines[d->line_count++];

    *l = (struct line){.article = article, .quantity = quantity, .vat_code = a->vat_code};
    l->group = a->group;
    l->price = a->price_incl;
    l->price_excl = a->price_excl;
    if (d->method == METHOD_SHIFTED) {
        l->vat_code = 3;
        l->price = l->price_excl;
    }
    l->original = l->price;
    l->rate = (int16_t)vat_rate(l->vat_code);
    return l;
}

void line_reprice(struct line *l, int64_t price_incl)
{
    l->price = l->original = price_incl;
    l->price_excl = divide(price_incl * 10000, 10000 + l->rate);
}

void line_discount(struct line *l, int percent, int64_t amount)
{
    l->price = percent ? divide(l->original * (10000 - percent), 10000) : l->original - amount;
    l->price_excl = divide(l->price * 10000, 10000 + l->rate);
    l->percent = (int16_t)percent;
    l->discount = l->original - l->price;
}

// Articles any order may hold: neither the one the books lack nor their inactive one nor a
// special one, and for a Belgian consumer only the rate that exists there.
int64_t draw_article(struct shop *s, const struct doc *d)
{
    int64_t last = s->options.articles - (s->options.awkward ? 1 + (int)SPECIAL_DEPOSIT : 1);
    for (;;) {
        int64_t n = 1 + below(s, last);
        if (n == ARTICLE_INACTIVE)
            continue;
        if (!d->belgian || d->method == METHOD_SHIFTED || shop_article(s, n)->vat_code == 1)
            return n;
    }
}

int64_t draw_relation(struct shop *s, bool dutch)
{
    for (;;) {
        int64_t n = 1 + below(s, s->options.relations);
        if (n != RELATION_NO_EMAIL && n != RELATION_AMBIGUOUS &&
            (!dutch || n % (SHIFTED_EVERY / 2) != 0))
            return n;
    }
}

void draw_lines(struct shop *s, struct doc *d)
{
    int n = 1 + (int)below(s, 4);
    for (int i = 0; i < n; i++) {
        struct line *l = draw_line(s, d, draw_article(s, d), 1 + below(s, 3));
        int64_t odd = below(s, 20);
        if (odd == 0) {
            l->quantity = 100 + below(s, 2000);
            l->places = 3;
        } else if (odd == 1) {
            line_discount(l, 1000, 0);
        } else if (odd == 2 && i > 0) {
            l->quantity = -1;
        }
    }
}

static void special_lines(struct shop *s, struct doc *o, int special)
{
    struct line *l = draw_line(s, o, draw_article(s, o), 1);

    switch (special) {
    case ORDER_UNKNOWN_ARTICLE:
        draw_line(s, o, s->options.articles, 1);
        break;
    case ORDER_ZERO_LINE:
        draw_line(s, o, draw_article(s, o), 0);
        break;
    case ORDER_ZERO_TOTAL:
        draw_line(s, o, l->article, -1);
        break;
    case ORDER_NEGATIVE:
        l->quantity = -2;
        break;
    case ORDER_DEPOSIT:
        l = draw_line(s, o, draw_article(s, o), 6);
        l->text = "Statiegeld";
        l->vat_code = 3;
        l->group = GROUP_DEPOSIT;
        l->rate = (int16_t)vat_rate(3);
        line_reprice(l, 25);
        break;
    case ORDER_THIRDS:
        for (int i = 0; i < 3; i++) {
            l = i ? draw_line(s, o, 1, 1) : l;
            line_reprice(l, 33);
        }
        break;
    case ORDER_WEIGHED:
        l->quantity = 530;
        l->places = 3;
        break;
    case ORDER_DISCOUNT:
        line_discount(l, 1000, 0);
        break;
    case ORDER_RETURN:
        l->quantity = 3;
        draw_line(s, o, l->article, -1);
        break;
    default:
        break;
    }
}

// ---- Orders -----------------------------------------------------------------------------

static int32_t order_date(const struct shop *s, size_t index)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t day = index * 300 / (size_t)(s->options.orders ? s->options.orders : 1);
    int month = 0;

    if (day > 320)
        day = 320;
    while (day >= (size_t)days[month])
        day -= (size_t)days[month++];
    return ORDER_YEAR * 10000 + (month + 1) * 100 + (int32_t)day + 1;
}

static int64_t special_relation(struct shop *s, int special)
{
    switch (special) {
    case 0:
        return draw_relation(s, false);
    case ORDER_NO_EMAIL:
        return RELATION_NO_EMAIL;
    case ORDER_SHIFTED:
        return SHIFTED_EVERY;
    case ORDER_CONSUMER_BE:
        return SHIFTED_EVERY / 2;
    case 1:
        return RELATION_KNOWN_DEBTOR;
    case 2:
        return RELATION_SHARED_EMAIL;
    case 5:
        return RELATION_SHARED_EMAIL + 1;
    default:
        return draw_relation(s, true);
    }
}

void draw_customer(struct shop *s, struct doc *d, int64_t relation)
{
    d->relation = relation;
    d->employee = EMPLOYEE_BUILT_IN;
    d->branch = d->entry_branch = d->workplace = 1;
    d->version = 1;
    const struct relation *r = shop_relation(s, relation);
    d->belgian = r && strcmp(relation_get(s, r, "country"), "België") == 0;
    if (d->belgian && *relation_get(s, r, "vatNumber"))
        d->method = METHOD_SHIFTED;
}

static int add_order(struct shop *s, int special, int64_t relation)
{
    struct line lines[MAX_LINES] = {0};
    struct doc o = {.lines = lines};

    draw_customer(s, &o, relation ? relation : special_relation(s, special));
    if (o.method != METHOD_SHIFTED &&
        (special == ORDER_EXCLUSIVE || (!special && below(s, 10) == 0)))
        o.method = METHOD_EXCLUSIVE;
    o.payment = (int8_t)(special == ORDER_CRYPTO ? PAY_CRYPTO : below(s, PAY_CRYPTO));
    o.paid = special != ORDER_UNPAID && special != ORDER_CANCELLED &&
             (special || below(s, 50) != 0);
    o.cancelled = special == ORDER_CANCELLED;
    o.delivered = o.paid && below(s, 2) == 0;
    o.faulty = special == ORDER_UNKNOWN_ARTICLE || special == ORDER_CRYPTO ||
               o.relation == RELATION_NO_EMAIL || o.relation == RELATION_AMBIGUOUS;
    o.date = order_date(s, s->docs[DOC_ORDER].count);
    if (special)
        special_lines(s, &o, special);
    else if (s->options.awkward)
        awkward_lines(s, &o);
    else
        draw_lines(s, &o);
    doc_total(&o);
    o.pay_count = o.paid;
    if (s->options.awkward && !special)
        awkward_payments(s, &o);
    if (o.delivered) {
        for (int i = 0; i < o.line_count; i++)
            lines[i].delivered = lines[i].quantity;
    }
    int64_t at = doc_add(s, DOC_ORDER, &o);
    free(o.pays);
    if (at < 0)
        return -1;
    if (!o.cancelled && !o.delivered)
        stock_reserve(s, &s->docs[DOC_ORDER].docs[at], 1);
    return s->options.awkward && !special ? awkward_documents(s, (size_t)at) : 0;
}

int shop_add_order(struct shop *s, int64_t relation)
{
    return add_order(s, 0, relation);
}

int shop_seed_orders(struct shop *s)
{
    for (int n = 1; n <= s->options.orders; n++) {
        if (add_order(s, n < ORDER_SPECIALS ? n : 0, 0) != 0)
            return -1;
    }
    return 0;
}
