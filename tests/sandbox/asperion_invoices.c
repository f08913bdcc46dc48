// SPDX-License-Identifier: MIT
// Sales invoices as they are written to the sandbox's books: checked to the cent, and changed only
// while they are a concept.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asperion_parts.h"

#define VAT_TOLERANCE 5 // cents, per VAT code

// amount * rate / 10000, halves away from zero.
static int64_t vat_over(int64_t amount, int rate)
{
    return units_round((__int128)amount * rate, 4);
}

static void sum_line(struct checks *k, struct sums *s, const json_t *line, const json_t *vat_row,
                     const char *prefix)
{
    int64_t amount = 0, vat = 0;
    struct sum *sum = sums_code(s, text_of(line, "vatCode"));
    units_of(json_object_get(line, "amount"), 2, &amount);
    if (!units_of(json_object_get(line, "vatAmount"), 2, &vat))
        vat = vat_over(amount, vat_row_rate(vat_row));
    if (!sum) {
        mistake(k, prefix, "is more than the memory holds", "past niet in het geheugen");
        return;
    }
    sum->excl += amount;
    sum->vat += vat;
    s->excl += amount;
    s->vat += vat;
}

static void check_line(struct checks *k, struct sums *s, const json_t *line, const char *date,
                       size_t number)
{
    char prefix[48];
    snprintf(prefix, sizeof prefix, "lines._data[%zu].", number);
    if (!json_is_object(line))
        return;
    check_lookup(k, line, "ledgerAccountId", L_LEDGER, prefix, false);
    check_lookup(k, line, "costCenterId", L_COST_CENTERS, prefix, true);
    check_lookup(k, line, "costUnitId", L_COST_UNITS, prefix, true);
    const json_t *vat_row = check_vat_code(k, text_of(line, "vatCode"), date, prefix);
    if (vat_row)
        sum_line(k, s, line, vat_row, prefix);
}

static void check_total(struct checks *k, const json_t *body, const char *field, int64_t sum)
{
    int64_t given;
    if (units_of(json_object_get(body, field), 2, &given) && given != sum)
        mistake(k, field, "is not the sum of the lines", "is niet de som van de regels");
}

static void check_sums(struct checks *k, const json_t *body, const struct sums *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const json_t *vat_row = books_lookup_text(k->call->tenant, L_VAT, s->list[i].code);
        int64_t off = s->list[i].vat - vat_over(s->list[i].excl, vat_row_rate(vat_row));
        if (llabs(off) > VAT_TOLERANCE)
            mistake(k, "vatAmount", "does not fit the rate of the VAT code",
                    "past niet bij het percentage van de btw-code");
    }
    check_total(k, body, "amountExclVat", s->excl);
    check_total(k, body, "vatAmount", s->vat);
    check_total(k, body, "amountInclVat", s->excl + s->vat);
}

static void check_invoice(struct checks *k, json_t *body, struct sums *s, int64_t row)
{
    const struct tenant *t = k->call->tenant;
    check_members(k, body, invoice_members, "");
    check_customer(k, body);
    const char *journal = text_of(body, "journalId");
    const json_t *journal_row = books_lookup_text(t, L_JOURNALS, journal);
    if (*journal && (!journal_row || strcmp(text_of(journal_row, "type"), "Sales") != 0))
        mistake(k, "journalId", "is not a sales journal", "is geen verkoopdagboek");
    check_lookup(k, body, "paymentConditionId", L_CONDITIONS, "", false);
    if (rows_equal(&t->rows[ROWS_INVOICES], "invoiceNumber", text_of(body, "invoiceNumber"), row) >=
        0)
        mistake(k, "invoiceNumber", "is already in use", "is al in gebruik");
    check_unique(k, ROWS_INVOICES, "description", body, row);
    check_period(k, body);
    size_t i;
    json_t *line;
    json_array_foreach(lines_of(body), i, line)
        check_line(k, s, line, text_of(body, "date"), i);
    if (json_object_size(k->errors) == 0)
        check_sums(k, body, s);
}

static json_t *whole_invoice(const json_t *body, const struct sums *s, json_int_t id, int status)
{
    json_t *row = json_deep_copy(body);
    json_object_del(row, "_meta");
    number_lines(row, id);
    json_object_set_new(row, "id", json_integer(id));
    json_object_set_new(row, "status", json_integer(status));
    json_object_set_new(row, "amountExclVat", units_json(s->excl, 2));
    json_object_set_new(row, "vatAmount", units_json(s->vat, 2));
    json_object_set_new(row, "amountInclVat", units_json(s->excl + s->vat, 2));
    return row;
}

static bool editable(const struct call *c, int64_t row)
{
    json_t *old = row < 0 ? NULL : rows_value(&c->tenant->rows[ROWS_INVOICES], (size_t)row);
    bool good = !old || integer_of(old, "status") == INVOICE_CONCEPT;
    json_decref(old);
    if (!good) {
        c->reply->operation = c->resource->operations[OP_UPDATE];
        answer_problem(c->req, c->reply, 400, "Only a concept invoice can be changed.",
                       "Alleen een conceptfactuur kan worden gewijzigd.", NULL);
    }
    return good;
}

int write_invoice(const struct call *c, int64_t row)
{
    struct rows *invoices = &c->tenant->rows[ROWS_INVOICES];
    struct sums s = {0}, *kept;
    struct write w;
    if (!editable(c, row) || !write_begin(&w, c, row))
        return 0;
    check_invoice(&w.checks, w.whole, &s, row);
    if (write_refused(&w)) {
        sums_done(&s);
        return 0;
    }
    json_int_t id = row >= 0 ? rows_id(invoices, (size_t)row)
                    : w.only ? 0
                             : rows_id(invoices, invoices->count);
    int status = row >= 0 ? INVOICE_CONCEPT : c->tenant->invoice_status;
    json_t *whole = whole_invoice(w.whole, &s, id, status);
    if (w.only) {
        sums_done(&s);
        return write_done(&w, whole);
    }
    kept = malloc(sizeof *kept);
    if (!kept) {
        sums_done(&s);
        json_decref(whole);
        return write_done(&w, NULL);
    }
    *kept = s;
    int rc = row < 0 ? rows_add_take(invoices, json_deep_copy(whole), kept)
                     : rows_set_take(invoices, (size_t)row, json_deep_copy(whole), kept);
    if (rc != 0) {
        json_decref(whole);
        whole = NULL;
    }
    return write_done(&w, whole);
}
