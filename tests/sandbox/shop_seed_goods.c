// SPDX-License-Identifier: MIT
// Seeds articles, most of them a product of their own, some of them sizes and colours of one;
// the tree of article groups; and what lies in stock.
#include "data.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of every forty articles the 31st to 36th are one product in three sizes and two colours, the
// 38th is out of the range, the 39th is a service without stock.
#define ROUND 40
#define VARIANTS_FROM 30
#define VARIANTS 6
#define INACTIVE_AT 37
#define SERVICE_AT 38

static int seed_groups(struct shop *s)
{
    const json_t *groups = json_object_get(data_json("till.json"), "article_groups"), *one;
    size_t i;
    json_array_foreach(groups, i, one) {
        if (!shop_add_group(s, (int32_t)data_number(one, "parent"), data_word(one, "name"),
                            data_word(one, "text"), (int32_t)i * 10))
            return -1;
    }
    s->groups[7].deleted = true;
    s->groups[7].marker = ++s->group_marker;
    return 0;
}

static void variant(struct article *a, int which)
{
    const json_t *words = data_json("till.json");
    a->size = data_pick(words, "sizes", (size_t)which % 3);
    a->colour = data_pick(words, "colours", (size_t)which / 3);
}

static int seed_article(struct shop *s, int i)
{
    const json_t *words = data_json("till.json");
    static const int shelves[] = {2, 3, 4, 1, 1, 1, 7, 7};
    int at = i % ROUND, which = at - VARIANTS_FROM;
    bool shirt = which >= 0 && which < VARIANTS;
    char text[48];

    struct product *p = shirt && which > 0 ? &s->products[s->product_count - 1]
                                           : shop_add_product(s, i + 1);
    struct article *a = p ? shop_add_article(s, (uint32_t)(p - s->products), i + 1) : NULL;
    if (!a)
        return -1;
    a->vat_code = (int8_t)(i % 17 == 16 ? 3 : i % 5 == 4 ? 2 : 1);
    a->group = i % 8 == 7 ? 4 : a->vat_code;
    a->price_incl = 95 + below(s, 9900);
    a->price_excl = divide(a->price_incl * 10000, 10000 + vat_rate(a->vat_code));
    a->purchase = a->price_excl * 6 / 10;
    a->active = at != INACTIVE_AT;
    a->stock = at != SERVICE_AT;
    a->webshop = i % 10 != 9;
    if (shirt)
        variant(a, which);
    snprintf(text, sizeof text, "%s %d", shirt ? "Shirt" : data_pick(words, "things", (size_t)i),
             shirt ? i - which : i + 1);
    a->name = shop_text(s, text);
    snprintf(text, sizeof text, "%d", i + 1);
    if (!a->name || shop_set_plu(s, a, text) != 0)
        return -1;
    if (!shirt || which == 0) {
        p->name = a->name;
        if (group_put(s, shop_group(s, shirt ? 6 : shelves[i % 8]), p, -1) != 0)
            return -1;
    }
    return product_touch(s, p, a);
}

// What a delivery brought in; a tenth of it by weight, the second branch has every third.
static int seed_stock(struct shop *s)
{
    for (int b = 1; b <= BRANCHES; b++) {
        for (size_t i = 0; i < s->article_count; i++) {
            int64_t amount = (int64_t)((i * 7 + (size_t)b * 3) % 60) * STOCK_UNIT;
            if (!s->articles[i].stock || (b == 2 && i % 3 != 0))
                continue;
            if (i % 10 == 5)
                amount += STOCK_UNIT / 4;
            if (stock_change(s, &(struct stock_change){.amount = amount,
                                                       .article = (uint32_t)i,
                                                       .branch = (int8_t)b,
                                                       .why = STOCK_MANUAL,
                                                       .date = ORDER_YEAR * 10000 + 102}) != 0)
                return -1;
            if (i % 25 == 3)
                s->stock[b - 1][i].incoming = 12 * STOCK_UNIT;
        }
    }
    return 0;
}

// With --awkward the last articles but one are what a shop sells beside its goods.
static void seed_specials(struct shop *s)
{
    static const struct {
        enum special_article what;
        const char *name;
        int group, vat_code;
        int64_t price;
    } specials[] = {
        {SPECIAL_DEPOSIT, "Statiegeld", GROUP_DEPOSIT, 3, 25},
        {SPECIAL_GIFT_CARD, "Cadeaukaart", GROUP_GIFT_CARD, 3, 2500},
        {SPECIAL_SHIPPING, "Verzendkosten", GROUP_SHIPPING, 1, 695},
        {SPECIAL_DISCOUNT, "Korting", 1, 1, -500},
    };
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        struct article *a = &s->articles[s->article_count - 1 - (size_t)specials[i].what];
        a->name = s->products[a->product].name = specials[i].name;
        a->group = (int16_t)specials[i].group;
        a->vat_code = (int8_t)specials[i].vat_code;
        a->price_incl = specials[i].price;
        a->price_excl = divide(a->price_incl * 10000, 10000 + vat_rate(a->vat_code));
        a->stock = false;
    }
}

int shop_seed_goods(struct shop *s)
{
    if (seed_groups(s) != 0)
        return -1;
    for (int i = 0; i < s->options.articles; i++) {
        if (seed_article(s, i) != 0)
            return -1;
    }
    if (s->options.awkward)
        seed_specials(s);
    return seed_stock(s);
}
