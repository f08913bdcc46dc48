/* SPDX-License-Identifier: MIT
 * What a reconciliation comes to, as JSON: totals of both sides, and each document that differs. */
#include "reconcile/reconcile_report.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/reconcile_compare.h"

#define ROWS_MAX 10000 /* of each list */

struct total {
    int64_t count;
    struct decimal incl, excl; /* of a code: excl without VAT, incl its VAT */
    bool no_incl, no_excl;     /* a document does not tell it, so the sum is unknown */
};

struct both {
    struct total source, there;
};

struct report {
    const struct reconcile *r;
    int (*place)(void *arg, const char *key, json_t *row);
    void *arg;
    struct both all, *days, *codes;
    bool told[3]; /* by enum reconcile_kind: the source tells of it too */
    json_t *missing, *under_way, *twice, *different, *outside;
    int64_t counts[5]; /* missing, under way, double, different, outside */
    int64_t left_out, cancelled;
    bool failed;
};

enum { MISSING, UNDER_WAY, DOUBLE, DIFFERENT, OUTSIDE };

/* ---- totals ---- */

static void add_decimal(struct report *p, struct decimal *sum, struct decimal amount)
{
    p->failed = p->failed || decimal_add(*sum, amount, sum) != 0;
}

static void add_total(struct report *p, struct total *t, const struct reconcile_document *d,
                      bool counts)
{
    t->count += counts;
    add_decimal(p, &t->incl, d->incl);
    add_decimal(p, &t->excl, d->excl);
    t->no_incl = t->no_incl || !d->has_incl;
    t->no_excl = t->no_excl || !d->has_excl;
}

static struct both *day_of_report(const struct report *p, int day)
{
    bool inside = day != RECONCILE_NO_DAY && day >= p->r->from && day <= p->r->to;
    return inside ? &p->days[day - p->r->from] : NULL;
}

static void add_codes(struct report *p, const struct reconcile_document *d, bool source,
                      bool counts)
{
    for (int i = 0; i < d->count; i++) {
        struct both *b = &p->codes[d->sums[i].code];
        struct total *t = source ? &b->source : &b->there;
        t->count += counts;
        add_decimal(p, &t->excl, d->sums[i].excl);
        add_decimal(p, &t->incl, d->sums[i].vat);
        if (source)
            p->told[p->r->codes.list[d->sums[i].code].kind] = true;
    }
}

static void add_source(struct report *p, const struct reconcile_document *d)
{
    struct both *day = day_of_report(p, d->day);
    add_total(p, &p->all.source, d, true);
    if (day)
        add_total(p, &day->source, d, true);
    add_codes(p, d, true, true);
}

/* An entry with those that correct it, as one: what each of them debits adds up to more. */
static void add_entry(struct report *p, const struct reconcile_pair *pair,
                      const struct reconcile_verdict *v)
{
    int first = v->first >= 0 ? v->first : pair->there;
    struct both *day = first >= 0 ? day_of_report(p, p->r->theres[first].document.day) : NULL;
    if (!day)
        return;
    add_total(p, &p->all.there, &v->sum, false);
    add_total(p, &day->there, &v->sum, false);
    p->all.there.count += v->documents;
    day->there.count += v->documents;
    add_codes(p, &v->sum, false, true);
}

/* Those of one pair that are dated in the period. */
static void add_theres(struct report *p, const struct reconcile_pair *pair)
{
    for (int i = pair->there; i >= 0; i = p->r->theres[i].next) {
        const struct reconcile_there *t = &p->r->theres[i];
        struct both *day = day_of_report(p, t->document.day);
        if (!day)
            continue;
        add_total(p, &p->all.there, &t->document, !t->chained);
        add_total(p, &day->there, &t->document, !t->chained);
        add_codes(p, &t->document, false, !t->chained);
    }
}

/* ---- documents ---- */

static json_t *row_of(const struct reconcile_pair *pair)
{
    const struct reconcile_document *d = &pair->source;
    return json_pack("{s:o,s:o,s:o,s:o}", "key", json_string_nocheck(d->key), "reference",
                     json_string_nocheck(d->reference), "day", reconcile_compare_day(d->day),
                     "incl", d->has_incl ? reconcile_compare_amount(d->incl) : json_null());
}

static json_t *ids_of(struct report *p, const struct reconcile_pair *pair)
{
    json_t *ids = json_array();
    for (int i = pair->there; ids && i >= 0; i = p->r->theres[i].next)
        p->failed |= json_array_insert_new(ids, 0,
                                           json_string_nocheck(p->r->theres[i].document.key)) != 0;
    return ids;
}

static void put(struct report *p, json_t *list, json_t *row_take)
{
    if (json_array_size(list) >= ROWS_MAX)
        json_decref(row_take);
    else
        p->failed |= json_array_append_new(list, row_take) != 0;
}

static void add_missing(struct report *p, const struct reconcile_pair *pair)
{
    json_t *row = row_of(pair);
    if (!row) {
        p->failed = true;
        return;
    }
    if (pair->why)
        p->failed |= json_object_set_new(row, "why", json_string_nocheck(pair->why)) != 0;
    bool under_way = p->place && p->place(p->arg, pair->source.key, row) == 1;
    p->counts[under_way ? UNDER_WAY : MISSING]++;
    put(p, under_way ? p->under_way : p->missing, row);
}

static void add_found(struct report *p, const struct reconcile_pair *pair,
                      const struct reconcile_verdict *v)
{
    json_t *row = row_of(pair), *ids = ids_of(p, pair);
    if (!row || !ids || json_object_set_new(row, "ids", ids) != 0) {
        p->failed = true;
        json_decref(row);
        return;
    }
    if (v->outcome == RECONCILE_DOUBLE) {
        p->counts[DOUBLE]++;
        p->failed |= json_object_set_new(row, "shared", json_boolean(pair->shared)) != 0;
        put(p, p->twice, row);
    } else if (v->outcome == RECONCILE_DIFFERENT) {
        p->counts[DIFFERENT]++;
        p->failed |= json_object_set(row, "fields", v->fields) != 0;
        put(p, p->different, row);
    } else {
        int day = p->r->theres[v->first].document.day;
        p->counts[OUTSIDE]++;
        p->failed |= json_object_set_new(row, "source_day",
                                         reconcile_compare_day(pair->source.day)) != 0 ||
                     json_object_set_new(row, "destination_day", reconcile_compare_day(day)) != 0;
        put(p, p->outside, row);
    }
}

static void add_pair(struct report *p, const struct reconcile_pair *pair)
{
    struct reconcile_verdict v;
    if (reconcile_compare(p->r, pair, &v) != 0)
        p->failed = true;
    p->left_out += pair->standing == RECONCILE_LEFT_OUT && pair->there < 0;
    p->cancelled += pair->standing == RECONCILE_CANCELLED;
    if (v.counts)
        add_source(p, &pair->source);
    if ((v.counts || v.outcome != RECONCILE_SAME) && p->r->flow->dest->balance)
        add_entry(p, pair, &v);
    else if (v.counts || v.outcome != RECONCILE_SAME)
        add_theres(p, pair);
    if (v.outcome == RECONCILE_MISSING)
        add_missing(p, pair);
    else if (v.outcome >= RECONCILE_DOUBLE)
        add_found(p, pair, &v);
    reconcile_compare_done(&v);
}

/* ---- JSON ---- */

static json_t *total_json(const struct report *p, const struct total *t)
{
    bool balance = p->r->flow->dest->balance != NULL;
    return json_pack("{s:I,s:o,s:o}", "count", (json_int_t)t->count, "incl",
                     t->no_incl ? json_null() : reconcile_compare_amount(t->incl), "excl",
                     balance || t->no_excl ? json_null() : reconcile_compare_amount(t->excl));
}

static bool same_total(const struct both *b)
{
    const struct total *s = &b->source, *t = &b->there;
    return s->count == t->count &&
           (s->no_incl || t->no_incl || decimal_compare(s->incl, t->incl) == 0) &&
           (s->no_excl || t->no_excl || decimal_compare(s->excl, t->excl) == 0);
}

static json_t *days_json(const struct report *p)
{
    json_t *rows = json_array();
    for (int i = 0; rows && i <= p->r->to - p->r->from; i++) {
        const struct both *b = &p->days[i];
        if (b->source.count == 0 && b->there.count == 0 && decimal_is_zero(b->there.incl))
            continue;
        if (json_array_append_new(
                rows, json_pack("{s:o,s:o,s:o,s:b}", "day", reconcile_compare_day(p->r->from + i),
                                "source", total_json(p, &b->source), "destination",
                                total_json(p, &b->there), "same", same_total(b))) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

/* Of a payment what was paid, else without VAT and the VAT. */
static json_t *sum_json(const struct total *t, enum reconcile_kind kind)
{
    if (kind == RECONCILE_PAYMENT)
        return json_pack("{s:I,s:o}", "count", (json_int_t)t->count, "incl",
                         reconcile_compare_amount(t->excl));
    if (kind == RECONCILE_ACCOUNT)
        return json_pack("{s:I,s:o}", "count", (json_int_t)t->count, "amount",
                         reconcile_compare_amount(t->excl));
    return json_pack("{s:I,s:o,s:o}", "count", (json_int_t)t->count, "excl",
                     reconcile_compare_amount(t->excl), "vat", reconcile_compare_amount(t->incl));
}

static int by_code(const void *a, const void *b)
{
    const struct reconcile_code *const *x = a, *const *y = b;
    return strcmp((*x)->text, (*y)->text);
}

/* The codes of a kind, in their order; the caller frees it. */
static const struct reconcile_code **codes_of(const struct report *p, enum reconcile_kind kind,
                                              int *count)
{
    const struct reconcile_codes *all = &p->r->codes;
    const struct reconcile_code **list = calloc((size_t)all->count + 1, sizeof *list);
    *count = 0;
    for (int i = 0; list && i < all->count; i++) {
        if (all->list[i].kind == kind)
            list[(*count)++] = &all->list[i];
    }
    if (*count > 0)
        qsort(list, (size_t)*count, sizeof *list, by_code);
    return list;
}

/* null: the source's documents do not tell it in the destination's terms. */
static json_t *codes_json(const struct report *p, enum reconcile_kind kind)
{
    int count;
    const struct reconcile_code **list = p->told[kind] ? codes_of(p, kind, &count) : NULL;
    json_t *rows = list ? json_array() : NULL;
    for (int i = 0; rows && i < count; i++) {
        const struct both *b = &p->codes[list[i] - p->r->codes.list];
        if (json_array_append_new(
                rows, json_pack("{s:o,s:o,s:o,s:b}", "code", json_string_nocheck(list[i]->text),
                                "source", sum_json(&b->source, kind), "destination",
                                sum_json(&b->there, kind), "same", same_total(b))) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    free(list);
    return p->told[kind] ? rows : json_null();
}

static json_t *side_json(const struct report *p, const struct total *t, const char *connection,
                         const char *entity, int64_t read)
{
    json_t *side = total_json(p, t);
    if (side && (json_object_set_new(side, "connection", json_string(connection)) != 0 ||
                 json_object_set_new(side, "entity", json_string(entity)) != 0 ||
                 json_object_set_new(side, "read", json_integer((json_int_t)read)) != 0)) {
        json_decref(side);
        return NULL;
    }
    return side;
}

static json_t *counts_json(const struct report *p)
{
    json_int_t unreadable = (json_int_t)json_array_size(p->r->unreadable);
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "missing",
                     (json_int_t)p->counts[MISSING], "double", (json_int_t)p->counts[DOUBLE],
                     "different", (json_int_t)p->counts[DIFFERENT], "outside",
                     (json_int_t)p->counts[OUTSIDE], "unreadable", unreadable, "under_way",
                     (json_int_t)p->counts[UNDER_WAY], "others", (json_int_t)p->r->other_count,
                     "left_out", (json_int_t)p->left_out, "cancelled", (json_int_t)p->cancelled);
}

static json_t *report_json(const struct report *p)
{
    const struct reconcile *r = p->r;
    const struct conf_flow *conf = r->flow->conf;
    json_int_t differences = (json_int_t)json_array_size(r->unreadable);
    for (int i = 0; i < 5; i++)
        differences += i == UNDER_WAY ? 0 : (json_int_t)p->counts[i];
    return json_pack(
        "{s:s,s:o,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:o,s:b}",
        "flow", conf->name, "from", reconcile_compare_day(r->from), "to",
        reconcile_compare_day(r->to), "differences", differences, "counts", counts_json(p),
        "source",
        side_json(p, &p->all.source, conf->from->name, conf->from_entity, r->source_read),
        "destination", side_json(p, &p->all.there, conf->to->name, conf->to_entity, r->there_read),
        "days", days_json(p), "vat", codes_json(p, RECONCILE_VAT), "accounts",
        codes_json(p, RECONCILE_ACCOUNT), "payments", codes_json(p, RECONCILE_PAYMENT), "missing",
        p->missing, "under_way", p->under_way, "double", p->twice, "different", p->different,
        "outside", p->outside, "unreadable", r->unreadable, "others", r->others, "gaps",
        reconcile_gaps_report((struct reconcile_gaps *)&r->gaps, ROWS_MAX), "listed",
        !r->one_by_one);
}

json_t *reconcile_report(const struct reconcile *r,
                         int (*place)(void *arg, const char *key, json_t *row), void *arg)
{
    struct report p = {.r = r, .place = place, .arg = arg};
    json_t *out = NULL;
    p.days = calloc((size_t)(r->to - r->from) + 1, sizeof *p.days);
    p.codes = calloc((size_t)r->codes.count + 1, sizeof *p.codes);
    p.missing = json_array();
    p.under_way = json_array();
    p.twice = json_array();
    p.different = json_array();
    p.outside = json_incref(r->outside);
    p.counts[OUTSIDE] = (int64_t)json_array_size(r->outside);
    if (p.days && p.codes && p.missing && p.under_way && p.twice && p.different) {
        for (int i = 0; i < r->pair_count; i++)
            add_pair(&p, &r->pairs[i]);
        out = p.failed ? NULL : report_json(&p);
    }
    json_decref(p.missing);
    json_decref(p.under_way);
    json_decref(p.twice);
    json_decref(p.different);
    json_decref(p.outside);
    free(p.days);
    free(p.codes);
    return out;
}
