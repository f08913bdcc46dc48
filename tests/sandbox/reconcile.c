// SPDX-License-Identifier: MIT
// Compares what the till sold with what the books hold, document by document and per VAT
// rate. An order that must not be in the books counts only once it is there.
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATES 16

struct total {
    int rate;
    int64_t till, books;
};

struct posted {
    int64_t excl, vat, incl;
    int64_t rate_vat[VAT_CODES]; // by the position of the order's VAT group
    int64_t other_vat;           // at rates the order does not have
    int documents;
};

struct compare {
    const struct books *books;
    const struct shop *shop;
    struct posted *posted; // by order index
    struct total totals[RATES];
    int rates;
    int64_t till_excl, till_incl, books_excl, books_incl;
    json_int_t till_documents, books_documents;
    json_t *missing, *doubled, *different, *unexpected;
};

static json_t *amount(int64_t cents)
{
    return json_sprintf("%s%lld.%02lld", cents < 0 ? "-" : "", llabs(cents) / 100,
                        llabs(cents) % 100);
}

static struct total *total_of(struct compare *c, int rate)
{
    for (int i = 0; i < c->rates; i++) {
        if (c->totals[i].rate == rate)
            return &c->totals[i];
    }
    if (c->rates < RATES)
        c->totals[c->rates++] = (struct total){.rate = rate};
    return &c->totals[c->rates - 1];
}

// "2026-17" is order index 16; -1 for any other description.
static int64_t order_index(const struct shop *s, const char *description)
{
    char *end;
    char prefix[16];
    int n = snprintf(prefix, sizeof prefix, "%d-", ORDER_YEAR);

    if (strncmp(description, prefix, (size_t)n) != 0 || description[n] < '1' ||
        description[n] > '9')
        return -1;
    unsigned long number = strtoul(description + n, &end, 10);
    return !*end && number <= s->order_count ? (int64_t)number - 1 : -1;
}

static void add_vat(struct compare *c, struct posted *p, const struct order *o,
                    const struct book_vat *v)
{
    int rate = books_vat_rate(c->books, v->vat_code);

    total_of(c, rate)->books += v->vat_cents;
    if (!p)
        return;
    for (int g = 0; g < VAT_CODES; g++) {
        if (o->groups[g].code && o->groups[g].rate == rate) {
            p->rate_vat[g] += v->vat_cents;
            return;
        }
    }
    p->other_vat += v->vat_cents;
}

static int visit(void *arg, const struct book_invoice *invoice)
{
    struct compare *c = arg;
    const char *text = invoice->description ? invoice->description : "";
    int64_t index = order_index(c->shop, text);
    struct posted *p = index < 0 ? NULL : &c->posted[index];

    c->books_documents++;
    c->books_excl += invoice->excl_cents;
    c->books_incl += invoice->incl_cents;
    for (int i = 0; i < invoice->n; i++)
        add_vat(c, p, p ? &c->shop->orders[index] : NULL, &invoice->vat[i]);
    if (!p) {
        json_array_append_new(c->unexpected, json_string(text));
        return 0;
    }
    p->documents++;
    p->excl += invoice->excl_cents;
    p->vat += invoice->vat_cents;
    p->incl += invoice->incl_cents;
    return 0;
}

static void add_till(struct compare *c, const struct order *o)
{
    c->till_documents++;
    c->till_excl += o->excl;
    c->till_incl += o->incl;
    for (int g = 0; g < VAT_CODES; g++) {
        if (o->groups[g].code)
            total_of(c, o->groups[g].rate)->till += o->groups[g].vat;
    }
}

static bool same(const struct order *o, const struct posted *p)
{
    // Groups may share a rate; their VAT then came together in the first of them.
    int64_t left[VAT_CODES];
    for (int g = 0; g < VAT_CODES; g++) {
        int first = 0;
        left[g] = p->rate_vat[g];
        while (first < g && (!o->groups[first].code || o->groups[first].rate != o->groups[g].rate))
            first++;
        left[first] -= o->groups[g].vat;
    }
    for (int g = 0; g < VAT_CODES; g++) {
        if (left[g] != 0)
            return false;
    }
    return p->other_vat == 0 && p->excl == o->excl && p->incl == o->incl;
}

static void compare_order(struct compare *c, size_t index)
{
    const struct order *o = &c->shop->orders[index];
    const struct posted *p = &c->posted[index];
    json_t *list = NULL;

    // A cancelled order is settled by a credit or by having stayed out.
    if (o->cancelled) {
        if (p->excl != 0 || p->incl != 0)
            list = c->different;
        c->books_documents -= p->documents;
    } else if (p->documents == 0) {
        if (!order_expected(o))
            return;
        add_till(c, o);
        list = c->missing;
    } else if (!o->paid && !o->delivered) {
        list = c->unexpected;
    } else {
        add_till(c, o);
        if (p->documents > 1)
            list = c->doubled;
        else if (!same(o, p))
            list = c->different;
    }
    if (list)
        json_array_append_new(list, json_sprintf("%d-%zu", ORDER_YEAR, index + 1));
}

static json_t *show_vat(struct compare *c, bool *agree)
{
    json_t *list = json_array();
    for (int i = 0; i < c->rates; i++) {
        const struct total *t = &c->totals[i];
        *agree = *agree && t->till == t->books;
        json_array_append_new(
            list, json_pack("{so,so,so}", "rate",
                            t->rate < 0 ? json_string("unknown")
                                        : json_sprintf("%d.%02d", t->rate / 100, t->rate % 100),
                            "till", amount(t->till), "books", amount(t->books)));
    }
    return list;
}

int reconcile(struct shop *shop, struct books *books, struct reply *reply)
{
    struct compare c = {.shop = shop, .books = books};

    c.posted = calloc(shop->order_count + 1, sizeof *c.posted);
    if (!c.posted)
        return -1;
    c.missing = json_array();
    c.doubled = json_array();
    c.different = json_array();
    c.unexpected = json_array();
    books_invoices(books, visit, &c);
    for (size_t i = 0; i < shop->order_count; i++)
        compare_order(&c, i);
    bool agree = c.till_documents == c.books_documents && c.till_excl == c.books_excl &&
                 c.till_incl == c.books_incl && json_array_size(c.missing) == 0 &&
                 json_array_size(c.doubled) == 0 && json_array_size(c.different) == 0 &&
                 json_array_size(c.unexpected) == 0;
    json_t *vat = show_vat(&c, &agree);
    reply_json(reply, 200,
               json_pack("{sb,s{sI,sI},s{so,so},s{so,so},so,so,so,so,so}", "agree", agree,
                         "documents", "till", c.till_documents, "books", c.books_documents,
                         "excl", "till", amount(c.till_excl), "books", amount(c.books_excl),
                         "incl", "till", amount(c.till_incl), "books", amount(c.books_incl),
                         "vat", vat, "missing", c.missing, "double", c.doubled, "different",
                         c.different, "unexpected", c.unexpected));
    free(c.posted);
    return 0;
}
