/* SPDX-License-Identifier: MIT
 * A document of the source against what stands there: the sum of all that has its reference, as
 * corrections add up. */
#include "reconcile/reconcile_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

json_t *reconcile_compare_amount(struct decimal amount)
{
    char text[DECIMAL_TEXT_BYTES];
    if (amount.places < 2)
        (void)decimal_round(amount, 2, ROUND_HALF_UP, &amount);
    decimal_format(decimal_trim(amount, 2), text);
    return json_string(text);
}

json_t *reconcile_compare_day(int day)
{
    struct date d;
    char text[DATE_TEXT_BYTES];
    if (day == RECONCILE_NO_DAY || date_from_unix_ms(day * INT64_C(86400000), &d) != 0)
        return json_null();
    date_format_day(&d, text);
    return json_string(text);
}

static int differs(json_t *fields, const char *field, json_t *source_take, json_t *there_take)
{
    return json_array_append_new(fields, json_pack("{s:s,s:o,s:o}", "field", field, "source",
                                                   source_take, "destination", there_take));
}

static int compare_amount(json_t *fields, const char *field, struct decimal source,
                          struct decimal there)
{
    if (decimal_compare(source, there) == 0)
        return 0;
    return differs(fields, field, reconcile_compare_amount(source),
                   reconcile_compare_amount(there));
}

static bool has_kind(const struct reconcile *r, const struct reconcile_document *d,
                     enum reconcile_kind kind)
{
    for (int i = 0; i < d->count; i++) {
        if (r->codes.list[d->sums[i].code].kind == kind)
            return true;
    }
    return false;
}

/* The sums of one code; where only one side tells of a kind at all, nothing is compared. */
static int compare_code(const struct reconcile *r, json_t *fields, int code,
                        const struct reconcile_document *source,
                        const struct reconcile_document *there)
{
    static const struct reconcile_sum none = {.code = -1};
    static const char *const names[] = {"VAT code", "account", "payment"};
    const struct reconcile_code *c = &r->codes.list[code];
    const struct reconcile_sum *a = reconcile_document_of(source, code),
                               *b = reconcile_document_of(there, code);
    char field[96];
    if ((!a && !b) || !has_kind(r, source, c->kind) || !has_kind(r, there, c->kind))
        return 0;
    if (c->kind == RECONCILE_PAYMENT && a && b)
        return 0; /* its amount is the total's */
    snprintf(field, sizeof field, "%s %.60s", names[c->kind], c->text);
    a = a ? a : &none;
    b = b ? b : &none;
    if (compare_amount(fields, field, a->excl, b->excl) != 0)
        return -1;
    snprintf(field, sizeof field, "VAT of code %.60s", c->text);
    return compare_amount(fields, field, a->vat, b->vat);
}

static int compare_all(const struct reconcile *r, const struct reconcile_pair *p,
                       const struct reconcile_document *there, int day, json_t *fields)
{
    const struct reconcile_document *source = &p->source;
    int rc = 0;
    if (p->standing == RECONCILE_CANCELLED) { /* what stands there comes to nothing */
        if (there->has_incl)
            rc = compare_amount(fields, "total incl.", DECIMAL_ZERO, there->incl);
        for (int i = 0; rc == 0 && !there->has_incl && i < there->count; i++)
            rc = compare_amount(fields, "amount", DECIMAL_ZERO, there->sums[i].excl);
        return rc;
    }
    bool whole = p->standing == RECONCILE_EXPECTED;
    if (source->has_incl && there->has_incl && (whole || !r->flow->dest->balance))
        rc = compare_amount(fields, "total incl.", source->incl, there->incl);
    if (rc == 0 && whole && source->has_excl && there->has_excl) {
        struct decimal excl;
        rc = decimal_add(source->excl, source->rounding, &excl);
        if (rc == 0)
            rc = compare_amount(fields, "total excl.", excl, there->excl);
    }
    for (int code = 0; rc == 0 && whole && code < r->codes.count; code++)
        rc = compare_code(r, fields, code, source, there);
    if (rc == 0 && source->day != RECONCILE_NO_DAY && day != RECONCILE_NO_DAY &&
        source->day != day)
        rc = differs(fields, "date", reconcile_compare_day(source->day),
                     reconcile_compare_day(day));
    return rc;
}

/* What the documents there add up to. */
static int add_up(const struct reconcile *r, const struct reconcile_pair *p,
                  struct reconcile_document *sum, struct reconcile_verdict *out)
{
    sum->has_incl = sum->has_excl = true;
    for (int i = p->there; i >= 0; i = r->theres[i].next) {
        if (reconcile_document_add(sum, &r->theres[i].document) != 0)
            return -1;
        if (r->theres[i].chained)
            continue;
        out->documents++;
        out->first = i;
    }
    return r->flow->dest->balance ? reconcile_document_debit(sum) : 0;
}

int reconcile_compare(const struct reconcile *r, const struct reconcile_pair *p,
                      struct reconcile_verdict *out)
{
    bool meant = p->standing <= RECONCILE_UNMAPPED;
    *out = (struct reconcile_verdict){.first = -1, .counts = meant};
    if (p->there < 0) {
        out->outcome = p->shared ? RECONCILE_DOUBLE : meant ? RECONCILE_MISSING
                                                           : RECONCILE_NOT_MEANT;
        return 0;
    }
    int rc = add_up(r, p, &out->sum, out);
    int day = out->first >= 0 ? r->theres[out->first].document.day : RECONCILE_NO_DAY;
    out->counts = p->standing != RECONCILE_CANCELLED;
    out->fields = json_array();
    if (rc == 0 && out->documents > 1)
        out->outcome = RECONCILE_DOUBLE;
    else if (rc == 0 && day != RECONCILE_NO_DAY && (day < r->from || day > r->to))
        out->outcome = RECONCILE_OUTSIDE;
    else if (rc == 0 && out->fields && compare_all(r, p, &out->sum, day, out->fields) == 0)
        out->outcome = json_array_size(out->fields) > 0 ? RECONCILE_DIFFERENT : RECONCILE_SAME;
    else
        rc = -1;
    return rc;
}

void reconcile_compare_done(struct reconcile_verdict *v)
{
    json_decref(v->fields);
    reconcile_document_done(&v->sum);
}
