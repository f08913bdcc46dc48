// SPDX-License-Identifier: MIT
// Products, their articles, the tree of article groups, and stock: adding, finding, moving.
#include "shop.h"

#include <stdlib.h>
#include <string.h>

// ---- Products and articles --------------------------------------------------------------

struct article *shop_article(const struct shop *s, int64_t number)
{
    // Seeded articles lie at their number; others are looked up.
    if (number > 0 && (uint64_t)number <= s->article_count &&
        s->articles[number - 1].number == number)
        return &s->articles[number - 1];
    int64_t at = map_get(&s->article_numbers, (uint64_t)number);
    return at < 0 ? NULL : &s->articles[at];
}

struct product *shop_product(const struct shop *s, int64_t number)
{
    int64_t at = map_get(&s->product_numbers, (uint64_t)number);
    return at < 0 ? NULL : &s->products[at];
}

// The till counts on from how many it has, over numbers that were chosen by a client.
static int64_t free_number(const struct map *numbers, size_t count)
{
    int64_t number = (int64_t)count + 1;
    while (map_get(numbers, (uint64_t)number) >= 0)
        number++;
    return number;
}

struct product *shop_add_product(struct shop *s, int64_t number)
{
    if (number <= 0)
        number = free_number(&s->product_numbers, s->product_count);
    if (grow(&s->products, &s->product_room, s->product_count + 1, sizeof *s->products) != 0 ||
        map_set(&s->product_numbers, (uint64_t)number, s->product_count) != 0)
        return NULL;
    struct product *p = &s->products[s->product_count++];
    *p = (struct product){.number = number, .name = ""};
    return p;
}

static int stock_room(struct shop *s, size_t room)
{
    for (int b = 0; b < BRANCHES; b++) {
        struct stock *more = realloc(s->stock[b], room * sizeof *more);
        if (!more)
            return -1;
        s->stock[b] = more;
    }
    return 0;
}

struct article *shop_add_article(struct shop *s, uint32_t product, int64_t number)
{
    size_t at = s->article_count, room = s->article_room;

    if (number <= 0)
        number = free_number(&s->article_numbers, s->article_count);
    if (grow(&s->articles, &s->article_room, at + 1, sizeof *s->articles) != 0 ||
        (s->article_room != room && stock_room(s, s->article_room) != 0) ||
        map_set(&s->article_numbers, (uint64_t)number, at) != 0)
        return NULL;
    s->articles[at] = (struct article){.number = number, .product = product, .name = "",
                                       .plu = "", .vat_code = 1, .group = 1, .active = true};
    for (int b = 0; b < BRANCHES; b++)
        s->stock[b][at] = (struct stock){0};
    struct product *p = &s->products[product];
    if (p->last)
        s->articles[p->last - 1].next = (uint32_t)at + 1;
    else
        p->first = (uint32_t)at + 1;
    p->last = (uint32_t)at + 1;
    s->article_count++;
    return &s->articles[at];
}

int shop_set_plu(struct shop *s, struct article *a, const char *plu)
{
    a->plu = shop_text(s, plu);
    if (!a->plu)
        return -1;
    if (!*plu)
        return 0;
    int64_t other = map_get(&s->plus, map_text(plu));
    if (other >= 0 && &s->articles[other] != a && strcmp(s->articles[other].plu, plu) == 0)
        s->plu_shared = true;
    return map_set(&s->plus, map_text(plu), (size_t)(a - s->articles));
}

int product_touch(struct shop *s, struct product *p, struct article *a)
{
    if (grow(&s->product_log, &s->product_log_room, s->product_log_count + 1,
             sizeof *s->product_log) != 0)
        return -1;
    s->product_log[s->product_log_count] = (uint32_t)(p - s->products);
    p->marker = FIRST_MARKER + (int64_t)s->product_log_count++;
    if (a)
        a->marker = p->marker;
    return 0;
}

// ---- Article groups ---------------------------------------------------------------------

struct article_group *shop_group(const struct shop *s, int64_t number)
{
    if (number < 1 || (uint64_t)number > s->group_count || s->groups[number - 1].deleted)
        return NULL;
    return &s->groups[number - 1];
}

struct article_group *shop_add_group(struct shop *s, int32_t parent, const char *name,
                                     const char *text, int32_t sort)
{
    struct article_group *more =
        realloc(s->groups, (s->group_count + 1) * sizeof *s->groups);
    if (!more)
        return NULL;
    s->groups = more;
    struct article_group g = {.number = (int32_t)s->group_count + 1, .parent = parent,
                              .sort = sort, .name = strdup(name), .text = strdup(text),
                              .marker = ++s->group_marker};
    if (!g.name || !g.text) {
        free(g.name);
        free(g.text);
        return NULL;
    }
    s->groups[s->group_count] = g;
    return &s->groups[s->group_count++];
}

int group_put(struct shop *s, struct article_group *g, struct product *p, int64_t place)
{
    (void)s;
    group_take(g, p); // also moves one that is in it already
    int64_t *products = realloc(g->products, (g->product_count + 1) * sizeof *products);
    if (!products)
        return -1;
    g->products = products;
    int32_t *groups = realloc(p->groups, (p->group_count + 1) * sizeof *groups);
    if (!groups)
        return -1;
    p->groups = groups;
    size_t at = place < 0 || (size_t)place > g->product_count ? g->product_count : (size_t)place;
    memmove(products + at + 1, products + at, (g->product_count - at) * sizeof *products);
    products[at] = p->number;
    g->product_count++;
    groups[p->group_count++] = g->number;
    return 0;
}

void group_take(struct article_group *g, struct product *p)
{
    size_t left = 0;
    for (size_t i = 0; i < p->group_count; i++) {
        if (p->groups[i] != g->number)
            p->groups[left++] = p->groups[i];
    }
    if (left == p->group_count)
        return;
    p->group_count = left;
    left = 0;
    for (size_t i = 0; i < g->product_count; i++) {
        if (g->products[i] != p->number)
            g->products[left++] = g->products[i];
    }
    g->product_count = left;
}

// ---- Stock ------------------------------------------------------------------------------

int stock_change(struct shop *s, const struct stock_change *change)
{
    if (grow(&s->changes, &s->change_room, s->change_count + 1, sizeof *s->changes) != 0)
        return -1;
    struct stock *st = &s->stock[change->branch - 1][change->article];
    s->changes[s->change_count] = *change;
    s->changes[s->change_count].before = st->free;
    st->free += change->amount;
    st->id = FIRST_MARKER + (int64_t)s->change_count++;
    return 0;
}

// The amount of the line in the units that stock is kept in; 0 for a line that moves none.
static int64_t stock_of(const struct shop *s, const struct line *l, int64_t quantity,
                        uint32_t *article)
{
    const struct article *a = l->article ? shop_article(s, l->article) : NULL;
    if (!a || !a->stock)
        return 0;
    *article = (uint32_t)(a - s->articles);
    return quantity * (STOCK_UNIT / power_of_ten(l->places));
}

void stock_reserve(struct shop *s, const struct doc *order, int sign)
{
    for (int i = 0; i < order->line_count; i++) {
        const struct line *l = &order->lines[i];
        uint32_t article = 0;
        int64_t amount = stock_of(s, l, line_open(l), &article);
        if (amount)
            s->stock[order->branch - 1][article].reserved += sign * amount;
    }
}

int stock_sell(struct shop *s, enum doc_kind kind, size_t index)
{
    const struct doc *d = &s->docs[kind].docs[index];
    for (int i = 0; i < d->line_count; i++) {
        uint32_t article = 0;
        int64_t amount = stock_of(s, &d->lines[i], d->lines[i].quantity, &article);
        if (amount &&
            stock_change(s, &(struct stock_change){.amount = -amount,
                                                   .article = article,
                                                   .doc = (uint32_t)index + 1,
                                                   .doc_kind = (int8_t)kind,
                                                   .branch = d->branch,
                                                   .why = STOCK_SALES,
                                                   .date = d->date}) != 0)
            return -1;
    }
    return 0;
}
