// SPDX-License-Identifier: MIT
// The till's state as JSON, for tests to look at: GET /_sandbox/...
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *show_amount(int64_t units, int places)
{
    char digits[40], out[44];
    int n = snprintf(digits, sizeof digits, "%0*lld", places + 1, llabs(units));
    snprintf(out, sizeof out, "%s%.*s%s%s", units < 0 ? "-" : "", n - places, digits,
             places ? "." : "", digits + n - places);
    return json_string(out);
}

json_t *show_cents(int64_t amount)
{
    return show_amount(amount, 2);
}

static json_t *show_date(int32_t date)
{
    return json_sprintf("%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
}

// ---- Documents --------------------------------------------------------------------------

static json_t *show_vat(const struct vat_group *groups)
{
    json_t *vat = json_array();
    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &groups[i];
        if (g->code)
            json_array_append_new(vat, json_pack("{so,so,so}", "rate", show_amount(g->rate, 2),
                                                 "excl", show_cents(g->excl), "vat",
                                                 show_cents(g->vat)));
    }
    return vat;
}

static const char *state_of(enum doc_kind kind, const struct doc *d)
{
    static const char *const proposals[] = {"open", "order", "invoice", "cancelled"};
    if (kind == DOC_PROPOSAL)
        return proposals[d->type];
    return d->cancelled ? "cancelled" : d->draft ? "draft" : d->paid ? "paid"
           : d->delivered ? "delivered" : "open";
}

static json_t *show_line(const struct shop *s, const struct line *l)
{
    const struct article *a = l->article ? shop_article(s, l->article) : NULL;
    return json_pack("{si,si,sI,ss,so,so,so,so,so,so,si,so,si,so}", "id", l->id, "origin",
                     l->origin, "article",
                     (json_int_t)l->article, "text", l->text ? l->text : a ? a->name : "",
                     "quantity", show_amount(l->quantity, l->places), "delivered",
                     show_amount(l->delivered, l->places), "cancelled",
                     show_amount(l->cancelled, l->places), "price", show_cents(l->price),
                     "price_excl", show_cents(l->price_excl), "incl", show_cents(l->incl),
                     "vat_code", l->vat_code, "rate", show_amount(l->rate, 2), "group", l->group,
                     "excl", show_cents(l->excl));
}

static json_t *show_pays(const struct doc *d)
{
    json_t *list = json_array();
    for (int i = 0; i < d->pay_count; i++) {
        struct pay p = doc_pay(d, i);
        json_array_append_new(list, json_pack("{ss,so,ss*}", "method",
                                              payment_methods[p.method].code, "amount",
                                              show_cents(p.amount), "card", p.card));
    }
    return list;
}

static void show_ids(const struct shop *s, json_t *one, const char *name, enum doc_kind kind,
                     uint32_t first, bool chain)
{
    json_t *list = json_array();
    char id[DOC_ID_BYTES];

    for (; first; first = chain ? s->docs[kind].docs[first - 1].next : 0) {
        doc_id(s, kind, first - 1, id);
        json_array_append_new(list, json_string(id));
    }
    json_object_set_new(one, name, list);
}

static void show_values(json_t *one, char *const *value, const struct field *fields)
{
    json_t *texts = json_object();
    for (int i = 0; value && fields[i].name; i++) {
        if (value[i])
            json_object_set_new(texts, fields[i].name, json_string(value[i]));
    }
    json_object_set_new(one, "written", texts);
}

static void show_details(const struct shop *s, enum doc_kind kind, const struct doc *d,
                         json_t *one)
{
    static const char *const methods[] = {"inclusive", "exclusive", "shifted", "none"};
    json_t *lines = json_array();
    bool chain = kind == DOC_ORDER;

    for (int i = 0; i < d->line_count; i++)
        json_array_append_new(lines, show_line(s, &d->lines[i]));
    json_object_set_new(one, "lines", lines);
    json_object_set_new(one, "payments", show_pays(d));
    json_object_set_new(one, "vat_method", json_string(methods[d->method]));
    show_ids(s, one, "orders", DOC_ORDER, d->order, false);
    show_ids(s, one, "proposals", DOC_PROPOSAL, d->proposal, false);
    show_ids(s, one, "invoices", DOC_INVOICE, d->invoice, chain);
    show_ids(s, one, "slips", DOC_SLIP, d->slip, chain);
    show_ids(s, one, "receipts", DOC_RECEIPT, d->receipt, chain);
    if (d->credits)
        show_ids(s, one, "credits", kind, d->credits, false);
    show_values(one, d->value, s->doc_fields[kind]);
}

static bool expected(enum doc_kind kind, const struct doc *d)
{
    switch (kind) {
    case DOC_ORDER:
        return order_expected(d);
    case DOC_INVOICE:
        return !d->draft;
    case DOC_RECEIPT:
        return !d->order;
    default:
        return !d->cancelled;
    }
}

json_t *show_doc(const struct shop *s, enum doc_kind kind, size_t index, bool full)
{
    const struct doc *d = &s->docs[kind].docs[index];
    const struct relation *r = shop_relation(s, d->relation);
    char id[DOC_ID_BYTES], text[40], ext[300];

    doc_id(s, kind, index, id);
    json_t *one = json_pack(
        "{ss,ss,ss,so,so,so,ss,ss,sI,sI,sb,sb}", "id", id, "reference",
        doc_string(s, kind, index, text, sizeof text), "state", state_of(kind, d), "excl",
        show_cents(d->excl), "incl", show_cents(d->incl), "vat", show_vat(d->groups), "country",
        order_country(d), "customer", r ? relation_get(s, r, "email") : "", "relation",
        (json_int_t)d->relation, "marker", (json_int_t)d->marker, "faulty", d->faulty, "expected",
        expected(kind, d));
    json_object_set_new(one, "external",
                        json_string(doc_ext_id(s, kind, index, ext, sizeof ext)));
    json_object_set_new(one, "date", show_date(d->date));
    json_object_set_new(one, "branch", json_integer(d->branch));
    json_object_set_new(one, "entry_branch", json_integer(d->entry_branch));
    json_object_set_new(one, "workplace", json_integer(d->workplace));
    json_object_set_new(one, "employee", json_integer(d->employee));
    json_object_set_new(one, "made", json_boolean(d->made));
    json_object_set_new(one, "in_part", json_boolean(doc_in_part(d)));
    json_object_set_new(one, "type", json_integer(d->type));
    if (full)
        show_details(s, kind, d, one);
    return one;
}

// ---- Goods ------------------------------------------------------------------------------

json_t *show_article(const struct shop *s, const struct article *a)
{
    json_t *one = json_pack("{sI,ss,sI,sb,ss,ss*,ss*,si,si,so,so,so,sb,sb}", "articleNumber",
                            (json_int_t)a->number, "pluNumber", a->plu, "syncMarker",
                            (json_int_t)a->marker, "active", a->active, "description", a->name,
                            "colour", a->colour, "size", a->size, "turnoverGroup", a->group,
                            "vatCode", a->vat_code, "priceIncl", show_cents(a->price_incl),
                            "priceExcl", show_cents(a->price_excl), "purchasePrice",
                            show_cents(a->purchase), "webshop", a->webshop, "stockArticle",
                            a->stock);
    show_values(one, a->value, s->article_fields);
    return one;
}

static json_t *show_products(const struct shop *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->product_count; i++) {
        const struct product *p = &s->products[i];
        json_t *articles = json_array(), *groups = json_array();
        for (uint32_t at = p->first; at; at = s->articles[at - 1].next)
            json_array_append_new(articles, show_article(s, &s->articles[at - 1]));
        for (size_t g = 0; g < p->group_count; g++)
            json_array_append_new(groups, json_integer(p->groups[g]));
        json_array_append_new(list, json_pack("{sI,sI,ss,ss*,so,so}", "productNumber",
                                              (json_int_t)p->number, "syncMarker",
                                              (json_int_t)p->marker, "description", p->name,
                                              "extraText", p->text, "groups", groups, "articles",
                                              articles));
    }
    return list;
}

static json_t *show_groups(const struct shop *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->group_count; i++) {
        const struct article_group *g = &s->groups[i];
        json_t *products = json_array();
        for (size_t p = 0; p < g->product_count; p++)
            json_array_append_new(products, json_integer(g->products[p]));
        json_array_append_new(list, json_pack("{si,si,sI,ss,ss,si,sb,so}", "groupNumber",
                                              g->number, "parent", g->parent, "syncMarker",
                                              (json_int_t)g->marker, "name", g->name, "text",
                                              g->text, "sortOrder", g->sort, "deleted",
                                              g->deleted, "products", products));
    }
    return list;
}

static json_t *show_stock(const struct shop *s, const struct request *req)
{
    const char *only = request_query(req, "article");
    int64_t number = only ? strtoll(only, NULL, 10) : 0;
    json_t *list = json_array();

    for (int b = 1; b <= BRANCHES; b++) {
        for (size_t i = 0; i < s->article_count; i++) {
            const struct article *a = &s->articles[i];
            const struct stock *st = &s->stock[b - 1][i];
            if (!a->stock || (only && a->number != number))
                continue;
            json_array_append_new(list, json_pack("{si,sI,so,so,so,sI}", "branch", b, "article",
                                                  (json_int_t)a->number, "free",
                                                  show_amount(st->free, 6), "reserved",
                                                  show_amount(st->reserved, 6), "incoming",
                                                  show_amount(st->incoming, 6), "stockId",
                                                  (json_int_t)st->id));
        }
    }
    return list;
}

// ---- Relations and days -----------------------------------------------------------------

static json_t *show_relations(const struct shop *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->relation_count; i++) {
        const struct relation *r = &s->relations[i];
        if (r->number < 0)
            continue;
        json_t *one = json_pack("{sI,sI}", "relationNumber", (json_int_t)r->number,
                                "syncMarker", (json_int_t)r->marker);
        for (int f = 0; s->relation_fields[f].name; f++) {
            if (r->value[f])
                json_object_set_new(one, s->relation_fields[f].name, json_string(r->value[f]));
        }
        json_array_append_new(list, one);
    }
    return list;
}

json_t *show_day(const struct shop *s, const struct day *d)
{
    struct day_sum sum = {0};
    json_t *pays = json_object(), *differences = json_object(), *groups = json_array();

    day_sum(s, DOC_RECEIPT, d->branch, d->date, d->date, true, &sum);
    for (int i = 0; i < PAYMENTS; i++) {
        if (sum.pays[i])
            json_object_set_new(pays, payment_methods[i].code, show_cents(sum.pays[i]));
        if (d->difference[i])
            json_object_set_new(differences, payment_methods[i].code,
                                show_cents(d->difference[i]));
    }
    for (int i = 0; i < sum.group_count; i++) {
        const struct group_sum *g = &sum.groups[i];
        json_array_append_new(groups, json_pack("{si,si,so,so}", "group", g->group, "vat_code",
                                                g->vat_code, "excl", show_cents(g->excl), "incl",
                                                show_cents(g->excl + g->vat)));
    }
    return json_pack("{so,si,sb,si,so,so,so,so,so,so}", "date", show_date(d->date), "branch",
                     d->branch, "closed", d->closed, "receipts", sum.count, "excl",
                     show_cents(sum.excl), "incl", show_cents(sum.incl), "vat", show_vat(sum.vat),
                     "payments", pays, "differences", differences, "turnover", groups);
}

static json_t *show_days(const struct shop *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->day_count; i++)
        json_array_append_new(list, show_day(s, &s->days[i]));
    return list;
}

// ---- Routes -----------------------------------------------------------------------------

static const char *const doc_routes[DOC_KINDS] = {"orders", "invoices", "receipts", "proposals",
                                                  "packing-slips"};

static bool show_docs(struct shop *s, const char *what, const struct request *req,
                      struct reply *reply)
{
    bool full = request_query(req, "full") != NULL;

    for (int k = 0; k < DOC_KINDS; k++) {
        size_t bytes = strlen(doc_routes[k]);
        if (strncmp(what, doc_routes[k], bytes) != 0 || (what[bytes] && what[bytes] != '/'))
            continue;
        if (what[bytes]) {
            int64_t at = doc_by_id(s, (enum doc_kind)k, what + bytes + 1);
            if (at < 0)
                return false;
            reply_json(reply, 200, show_doc(s, (enum doc_kind)k, (size_t)at, true));
            return true;
        }
        json_t *list = json_array();
        for (size_t i = 0; i < s->docs[k].count; i++)
            json_array_append_new(list, show_doc(s, (enum doc_kind)k, i, full));
        reply_json(reply, 200, json_pack("{so}", doc_routes[k], list));
        return true;
    }
    return false;
}

bool sandbox_show(struct shop *s, const char *what, const struct request *req,
                  struct reply *reply)
{
    json_t *list;

    if (show_docs(s, what, req, reply))
        return true;
    if (strcmp(what, "totals") == 0) {
        reply_json(reply, 200, show_totals(s));
        return true;
    }
    if (strcmp(what, "relations") == 0)
        list = show_relations(s);
    else if (strcmp(what, "products") == 0)
        list = show_products(s);
    else if (strcmp(what, "article-groups") == 0)
        list = show_groups(s);
    else if (strcmp(what, "stock") == 0)
        list = show_stock(s, req);
    else if (strcmp(what, "days") == 0)
        list = show_days(s);
    else
        return false;
    reply_json(reply, 200, json_pack("{so}", what, list));
    return true;
}
