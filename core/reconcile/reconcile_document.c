/* SPDX-License-Identifier: MIT
 * What a document comes to, by the roles of its fields. */
#include "reconcile/reconcile_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "mapping/role.h"
#include "mapping/value.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- codes ---- */

int reconcile_document_code(struct reconcile_codes *codes, enum reconcile_kind kind,
                            const char *text)
{
    for (int i = 0; i < codes->count; i++) {
        if (codes->list[i].kind == kind && strcmp(codes->list[i].text, text) == 0)
            return i;
    }
    if (codes->count == codes->room) {
        int room = codes->room ? codes->room * 2 : 16;
        struct reconcile_code *more = realloc(codes->list, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        codes->list = more;
        codes->room = room;
    }
    char *copy = strdup(text);
    if (!copy)
        return -1;
    codes->list[codes->count] = (struct reconcile_code){kind, copy};
    return codes->count++;
}

void reconcile_document_codes_done(struct reconcile_codes *codes)
{
    for (int i = 0; i < codes->count; i++)
        free(codes->list[i].text);
    free(codes->list);
    *codes = (struct reconcile_codes){0};
}

/* ---- sums ---- */

const struct reconcile_sum *reconcile_document_of(const struct reconcile_document *d, int code)
{
    for (int i = 0; i < d->count; i++) {
        if (d->sums[i].code == code)
            return &d->sums[i];
    }
    return NULL;
}

int reconcile_document_sum(struct reconcile_document *d, int code, struct decimal excl,
                           struct decimal vat)
{
    struct reconcile_sum *sum = (struct reconcile_sum *)reconcile_document_of(d, code);
    if (sum)
        return decimal_add(sum->excl, excl, &sum->excl) == 0 &&
                       decimal_add(sum->vat, vat, &sum->vat) == 0 ? 0 : -1;
    if (d->count == d->room) {
        int room = d->room ? d->room * 2 : 4;
        struct reconcile_sum *more = realloc(d->sums, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        d->sums = more;
        d->room = room;
    }
    d->sums[d->count++] = (struct reconcile_sum){code, excl, vat};
    return 0;
}

int reconcile_document_add(struct reconcile_document *d, const struct reconcile_document *other)
{
    int rc = decimal_add(d->incl, other->incl, &d->incl);
    if (rc == 0)
        rc = decimal_add(d->excl, other->excl, &d->excl);
    d->has_incl = d->has_incl && other->has_incl;
    d->has_excl = d->has_excl && other->has_excl;
    for (int i = 0; rc == 0 && i < other->count; i++)
        rc = reconcile_document_sum(d, other->sums[i].code, other->sums[i].excl,
                                    other->sums[i].vat);
    return rc;
}

/* ---- reading a record ---- */

int reconcile_document_day(const char *text)
{
    char day[11];
    struct date d;
    snprintf(day, sizeof day, "%.10s", text);
    return date_parse(day, &d, NULL) == 0 ? (int)date_days(&d) : RECONCILE_NO_DAY;
}

/* An amount of a member; *has: it is there. */
static int amount(const json_t *value, struct decimal *out, bool *has, struct koppel_error *err)
{
    char buf[32];
    const char *text;
    *out = DECIMAL_ZERO;
    *has = value && value_text(value, buf, &text) && *text;
    if (*has && decimal_parse(text, out) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "unreadable", "\"%.60s\" is no amount", text);
    return 0;
}

/* The list that the elements of a role stand in, and its member there: "lines[].amount". */
struct place {
    char path[160];
    const char *member; /* in path; NULL: no field has that role */
};

static void find_place(const struct cat_entity *e, const char *role, struct place *p)
{
    p->member = NULL;
    if (!catalogue_role(e, role, p->path, sizeof p->path))
        return;
    char *brackets = strstr(p->path, "[].");
    if (!brackets)
        return;
    *brackets = '\0';
    p->member = brackets + 3;
}

/* The sums of its lines per code. */
static int add_lines(struct reconcile_document *d, const struct cat_entity *e,
                     const json_t *record, struct reconcile_codes *codes, struct koppel_error *err)
{
    enum reconcile_kind kind = e->balance ? RECONCILE_ACCOUNT : RECONCILE_VAT;
    struct place code, excl, vat;
    const json_t *line;
    size_t i;
    find_place(e, e->balance ? "account" : "vat_code", &code);
    find_place(e, "line_excl", &excl);
    find_place(e, "line_vat", &vat);
    if (!code.member || !excl.member)
        return 0;
    json_array_foreach(json_object_get(record, code.path), i, line) {
        char buf[32];
        const char *text = "";
        struct decimal net, tax = DECIMAL_ZERO;
        bool has, ignored;
        json_t *value = json_object_get(line, code.member);
        if (amount(json_object_get(line, excl.member), &net, &has, err) != 0 ||
            (vat.member && amount(json_object_get(line, vat.member), &tax, &ignored, err) != 0))
            return -1;
        if (!has || (decimal_is_zero(net) && decimal_is_zero(tax)))
            continue;
        if (!value || !value_text(value, buf, &text))
            text = "";
        int at = reconcile_document_code(codes, kind, text);
        if (at < 0 || reconcile_document_sum(d, at, net, tax) != 0)
            return no_memory(err);
    }
    return 0;
}

int reconcile_document_debit(struct reconcile_document *d)
{
    d->incl = DECIMAL_ZERO;
    d->has_incl = true;
    for (int i = 0; i < d->count; i++) {
        if (decimal_compare(d->sums[i].excl, DECIMAL_ZERO) > 0 &&
            decimal_add(d->incl, d->sums[i].excl, &d->incl) != 0)
            return -1;
    }
    return 0;
}

static int add_payment(struct reconcile_document *d, const struct cat_entity *e,
                       const json_t *record, struct reconcile_codes *codes,
                       struct koppel_error *err)
{
    char buf[32];
    const char *text = role_text(e, "payment", record, buf);
    if (!*text || !d->has_incl)
        return 0;
    int at = reconcile_document_code(codes, RECONCILE_PAYMENT, text);
    return at >= 0 && reconcile_document_sum(d, at, d->incl, DECIMAL_ZERO) == 0 ? 0
                                                                               : no_memory(err);
}

static const json_t *by_role(const struct cat_entity *e, const char *role, const json_t *record)
{
    const struct cat_field *field = catalogue_role(e, role, NULL, 0);
    return field ? json_object_get(record, field->name) : NULL;
}

int reconcile_document_fill(struct reconcile_document *d, const struct cat_entity *e,
                            const json_t *record, struct reconcile_codes *codes,
                            struct koppel_error *err)
{
    char buf[32];
    const char *text;
    const json_t *value = json_object_get(record, e->document), *incl = by_role(e, "total", record);
    free(d->reference);
    d->reference = strdup(value && value_text(value, buf, &text) ? text : "");
    d->day = reconcile_document_day(role_text(e, "date", record, buf));
    if (!d->reference)
        return no_memory(err);
    if (amount(incl ? incl : by_role(e, "incl", record), &d->incl, &d->has_incl, err) != 0 ||
        amount(by_role(e, "excl", record), &d->excl, &d->has_excl, err) != 0 ||
        add_lines(d, e, record, codes, err) != 0)
        return -1;
    if (e->balance && reconcile_document_debit(d) != 0)
        return no_memory(err);
    if (add_payment(d, e, record, codes, err) != 0)
        return -1;
    /* many are kept at a time */
    struct reconcile_sum *fit = d->count > 0 ? realloc(d->sums, (size_t)d->count * sizeof *fit)
                                             : NULL;
    if (fit) {
        d->sums = fit;
        d->room = d->count;
    }
    return 0;
}

void reconcile_document_done(struct reconcile_document *d)
{
    free(d->key);
    free(d->reference);
    free(d->sums);
    *d = (struct reconcile_document){0};
}
