// SPDX-License-Identifier: MIT
// GET /_sandbox/totals: what the till holds of each kind, exact, and how much of it ought to
// arrive at the other side of each flow.
#include "mplus_parts.h"

#include <string.h>

static json_t *show_sum(const struct day_sum *sum, int two)
{
    json_t *vat = json_array(), *pays = json_object();

    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &sum->vat[i];
        if (g->code)
            json_array_append_new(vat, json_pack("{si,so,so,so}", "code", g->code, "rate",
                                                 show_amount(g->rate, 2), "excl",
                                                 show_cents(g->excl), "vat", show_cents(g->vat)));
    }
    for (int i = 0; i < PAYMENTS; i++) {
        if (sum->pays[i])
            json_object_set_new(pays, payment_methods[i].code, show_cents(sum->pays[i]));
    }
    return json_pack("{si,so,so,so,so,si}", "count", sum->count, "excl", show_cents(sum->excl),
                     "incl", show_cents(sum->incl), "vat", vat, "payments", pays, "two_payments",
                     two);
}

static bool all(const struct shop *s, const struct doc *d)
{
    (void)s, (void)d;
    return true;
}

static bool order_arrives(const struct shop *s, const struct doc *d)
{
    (void)s;
    return order_expected(d);
}

static bool invoice_arrives(const struct shop *s, const struct doc *d)
{
    (void)s;
    return !d->draft;
}

// A receipt arrives in its day's total, once that is closed; one of an order with the order.
static bool receipt_arrives(const struct shop *s, const struct doc *d)
{
    return !d->order && day_closed(s, d->branch, d->date);
}

static bool slip_arrives(const struct shop *s, const struct doc *d)
{
    return !d->cancelled && d->order && !s->docs[DOC_ORDER].docs[d->order - 1].faulty;
}

static bool proposal_arrives(const struct shop *s, const struct doc *d)
{
    (void)s;
    return d->type == PROPOSAL_OPEN;
}

static json_t *sum_docs(const struct shop *s, enum doc_kind kind,
                        bool (*wanted_doc)(const struct shop *, const struct doc *))
{
    struct day_sum sum = {0};
    int two = 0;

    for (size_t i = 0; i < s->docs[kind].count; i++) {
        const struct doc *d = &s->docs[kind].docs[i];
        if (!wanted_doc(s, d))
            continue;
        day_add(&sum, d);
        two += d->pay_count > 1;
    }
    return show_sum(&sum, two);
}

static json_t *sum_relations(const struct shop *s)
{
    int count = 0, active = 0, email = 0;
    for (size_t i = 0; i < s->relation_count; i++) {
        if (s->relations[i].number < 0)
            continue;
        count++;
        active += strcmp(relation_get(s, &s->relations[i], "active"), "false") != 0;
        email += *relation_get(s, &s->relations[i], "email") != '\0';
    }
    return json_pack("{si,si,si}", "count", count, "active", active, "with_email", email);
}

static json_t *sum_articles(const struct shop *s)
{
    int active = 0, stock = 0, webshop = 0, variants = 0;
    int64_t incl = 0, excl = 0;

    for (size_t i = 0; i < s->article_count; i++) {
        const struct article *a = &s->articles[i];
        active += a->active;
        stock += a->stock;
        webshop += a->webshop;
        variants += a->size != NULL;
        incl += a->price_incl;
        excl += a->price_excl;
    }
    return json_pack("{sI,sI,si,si,si,si,so,so}", "products", (json_int_t)s->product_count,
                     "count", (json_int_t)s->article_count, "active", active, "stock", stock,
                     "webshop", webshop, "variants", variants, "price_incl", show_cents(incl),
                     "price_excl", show_cents(excl));
}

static json_t *sum_stock(const struct shop *s)
{
    json_t *branches = json_object();
    for (int b = 1; b <= BRANCHES; b++) {
        struct stock sum = {0};
        char name[8] = {(char)('0' + b)};
        for (size_t i = 0; i < s->article_count; i++) {
            sum.free += s->stock[b - 1][i].free;
            sum.reserved += s->stock[b - 1][i].reserved;
            sum.incoming += s->stock[b - 1][i].incoming;
        }
        json_object_set_new(branches, name,
                            json_pack("{so,so,so}", "free", show_amount(sum.free, 6), "reserved",
                                      show_amount(sum.reserved, 6), "incoming",
                                      show_amount(sum.incoming, 6)));
    }
    return json_pack("{so,sI,si}", "branches", branches, "changes", (json_int_t)s->change_count,
                     "corrections", s->corrections);
}

// Every closed day's own receipts, with what was counted too much or too little.
static json_t *sum_days(const struct shop *s)
{
    json_t *closed = json_array();
    int64_t differences = 0;

    for (size_t i = 0; i < s->day_count; i++) {
        if (!s->days[i].closed)
            continue;
        for (int p = 0; p < PAYMENTS; p++)
            differences += s->days[i].difference[p];
        json_array_append_new(closed, show_day(s, &s->days[i]));
    }
    return json_pack("{so,so}", "closed", closed, "differences", show_cents(differences));
}

json_t *show_totals(struct shop *s)
{
    static const struct {
        const char *name;
        bool (*arrives)(const struct shop *, const struct doc *);
    } kinds[DOC_KINDS] = {
        [DOC_ORDER] = {"orders", order_arrives},
        [DOC_INVOICE] = {"invoices", invoice_arrives},
        [DOC_RECEIPT] = {"receipts", receipt_arrives},
        [DOC_PROPOSAL] = {"proposals", proposal_arrives},
        [DOC_SLIP] = {"packing-slips", slip_arrives},
    };
    int deleted = 0;
    json_t *totals = json_object();

    for (int k = 0; k < DOC_KINDS; k++) {
        enum doc_kind kind = (enum doc_kind)k;
        json_object_set_new(totals, kinds[k].name,
                            json_pack("{so,so}", "all", sum_docs(s, kind, all), "expected",
                                      sum_docs(s, kind, kinds[k].arrives)));
    }
    for (size_t i = 0; i < s->group_count; i++)
        deleted += s->groups[i].deleted;
    json_object_set_new(totals, "days", sum_days(s));
    json_object_set_new(totals, "relations", sum_relations(s));
    json_object_set_new(totals, "articles", sum_articles(s));
    json_object_set_new(totals, "stock", sum_stock(s));
    json_object_set_new(totals, "article-groups",
                        json_pack("{sI,si}", "count", (json_int_t)s->group_count, "deleted",
                                  deleted));
    return totals;
}
