// SPDX-License-Identifier: MIT
// Compares what the till sold with what the books hold, document by document and per VAT
// rate. An order that must not be in the books counts only once it is there; invoices and
// packing slips count as soon as the books have one of them. Documents named REF/2, REF/3, ...
// correct the one named REF: their amounts are added to it.
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
    struct posted *posted[DOC_KINDS]; // by position
    bool used[DOC_KINDS];             // the books have documents of this kind
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

// "2026-17" is order index 16, "F2026-3" or "INV-2026-3" an invoice, "P2026-1" or "PS-2026-1" a
// packing slip; -1 for any other description. `first` is false for a correction.
static int64_t doc_index(const struct shop *s, const char *text, enum doc_kind *kind, bool *first)
{
    static const struct {
        const char *prefix;
        enum doc_kind kind;
    } forms[] = {{"INV-", DOC_INVOICE}, {"F", DOC_INVOICE}, {"PS-", DOC_SLIP}, {"P", DOC_SLIP}};
    char *end;
    char prefix[16];
    int n = snprintf(prefix, sizeof prefix, "%d-", ORDER_YEAR);

    *kind = DOC_ORDER;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && *kind == DOC_ORDER; i++) {
        size_t bytes = strlen(forms[i].prefix);
        if (strncmp(text, forms[i].prefix, bytes) != 0)
            continue;
        *kind = forms[i].kind;
        text += bytes;
    }
    if (strncmp(text, prefix, (size_t)n) != 0 || text[n] < '1' || text[n] > '9')
        return -1;
    unsigned long number = strtoul(text + n, &end, 10);
    *first = !*end;
    if (*end == '/' && end[1] >= '1' && end[1] <= '9')
        strtoul(end + 1, &end, 10);
    return !*end && number <= s->docs[*kind].count ? (int64_t)number - 1 : -1;
}

static void add_vat(struct compare *c, struct posted *p, const struct doc *o,
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
    enum doc_kind kind;
    bool first = true;
    int64_t index = doc_index(c->shop, text, &kind, &first);
    struct posted *p = index < 0 ? NULL : &c->posted[kind][index];

    c->books_documents += first;
    c->books_excl += invoice->excl_cents;
    c->books_incl += invoice->incl_cents;
    for (int i = 0; i < invoice->n; i++)
        add_vat(c, p, p ? &c->shop->docs[kind].docs[index] : NULL, &invoice->vat[i]);
    if (!p) {
        json_array_append_new(c->unexpected, json_string(text));
        return 0;
    }
    c->used[kind] = true;
    p->documents += first;
    p->excl += invoice->excl_cents;
    p->vat += invoice->vat_cents;
    p->incl += invoice->incl_cents;
    return 0;
}

static void add_till(struct compare *c, const struct doc *o)
{
    c->till_documents++;
    c->till_excl += o->excl;
    c->till_incl += o->incl;
    for (int g = 0; g < VAT_CODES; g++) {
        if (o->groups[g].code)
            total_of(c, o->groups[g].rate)->till += o->groups[g].vat;
    }
}

static bool same(const struct doc *o, const struct posted *p)
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

// Whether the books ought to have it, and whether they may.
static bool ought(const struct shop *s, enum doc_kind kind, const struct doc *d)
{
    if (kind == DOC_ORDER)
        return order_expected(d);
    return !d->draft && (!d->order || !s->docs[DOC_ORDER].docs[d->order - 1].faulty);
}

static bool may(enum doc_kind kind, const struct doc *d)
{
    return kind == DOC_ORDER ? d->paid || d->delivered : !d->draft;
}

static void compare_doc(struct compare *c, enum doc_kind kind, size_t index)
{
    const struct doc *o = &c->shop->docs[kind].docs[index];
    const struct posted *p = &c->posted[kind][index];
    json_t *list = NULL;
    char text[40];

    // A cancelled order is settled by a credit or by having stayed out.
    if (o->cancelled) {
        if (p->excl != 0 || p->incl != 0)
            list = c->different;
        c->books_documents -= p->documents;
    } else if (p->documents == 0) {
        if (!ought(c->shop, kind, o))
            return;
        add_till(c, o);
        list = c->missing;
    } else if (!may(kind, o)) {
        list = c->unexpected;
    } else {
        add_till(c, o);
        if (p->documents > 1)
            list = c->doubled;
        else if (!same(o, p))
            list = c->different;
    }
    if (list)
        json_array_append_new(
            list, json_string(doc_string(c->shop, kind, index, text, sizeof text)));
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
    struct compare c = {.shop = shop, .books = books, .used[DOC_ORDER] = true};
    int rc = 0;

    for (int k = 0; k < DOC_KINDS; k++) {
        c.posted[k] = calloc(shop->docs[k].count + 1, sizeof *c.posted[k]);
        rc = c.posted[k] ? rc : -1;
    }
    if (rc != 0)
        goto out;
    c.missing = json_array();
    c.doubled = json_array();
    c.different = json_array();
    c.unexpected = json_array();
    books_invoices(books, visit, &c);
    for (int k = 0; k < DOC_KINDS; k++) {
        for (size_t i = 0; c.used[k] && i < shop->docs[k].count; i++)
            compare_doc(&c, (enum doc_kind)k, i);
    }
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
out:
    for (int k = 0; k < DOC_KINDS; k++)
        free(c.posted[k]);
    return rc;
}
