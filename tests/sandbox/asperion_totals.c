// SPDX-License-Identifier: MIT
// What the books add up to, per kind of document: for the reconciliation of every flow. Amounts are
// exact and text.
#include <string.h>

#include "asperion_parts.h"

static int status_of(const struct row *row, const char *name)
{
    struct span value;
    int64_t status = 0;
    if (span_get(row->json, name, &value))
        units_parse(value.at, value.bytes, 0, &status);
    return (int)status;
}

// Adds up the rows but those with the state to leave out (0: none); how many were added.
static json_int_t add_rows(const struct rows *r, int left_out, struct sums *all)
{
    json_int_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct row *row = &r->list[i];
        if (row->removed || (left_out && status_of(row, "status") == left_out))
            continue;
        count++;
        for (size_t k = 0; k < row->sums->count; k++) {
            struct sum *sum = sums_code(all, row->sums->list[k].code);
            if (!sum)
                return -1;
            sum->excl += row->sums->list[k].excl;
            sum->vat += row->sums->list[k].vat;
        }
        all->excl += row->sums->excl;
        all->vat += row->sums->vat;
    }
    return count;
}

static json_t *documents(const struct rows *r, int left_out)
{
    struct sums all = {0};
    json_int_t count = add_rows(r, left_out, &all);
    json_t *codes = json_object();
    for (size_t i = 0; i < all.count; i++)
        json_object_set_new(codes, all.list[i].code, json_pack("{s:o,s:o}", "excl",
            units_string(all.list[i].excl, 2), "vat", units_string(all.list[i].vat, 2)));
    json_t *shown = json_pack("{s:I,s:I,s:o,s:o,s:o,s:o}", "count", count, "left_out",
                              (json_int_t)r->count - count, "excl", units_string(all.excl, 2),
                              "vat", units_string(all.vat, 2), "incl",
                              units_string(all.excl + all.vat, 2), "by_vat_code", codes);
    sums_done(&all);
    return shown;
}

static json_t *entries(const struct rows *r)
{
    struct sums all = {0};
    json_int_t count = add_rows(r, 0, &all);
    json_t *accounts = json_object();
    for (size_t i = 0; i < all.count; i++)
        json_object_set_new(accounts, all.list[i].code, units_string(all.list[i].excl, 2));
    json_t *shown =
        json_pack("{s:I,s:o,s:o,s:o}", "count", count, "debit", units_string(all.excl, 2), "credit",
                  units_string(all.excl, 2), "by_ledger_account", accounts);
    sums_done(&all);
    return shown;
}

int totals_show(struct books *b, struct reply *reply)
{
    const struct tenant *t = &b->tenants[TENANT_DEMO], *other = &b->tenants[TENANT_DEFAULT];
    size_t elsewhere = 0;
    for (int i = ROWS_INVOICES; i < ROWS_KINDS; i++)
        elsewhere += other->rows[i].count;
    return answer_json(reply, 200, json_pack("{s:o,s:o,s:o,s:I}", "sales_invoices",
        documents(&t->rows[ROWS_INVOICES], 0), "sales_orders",
        documents(&t->rows[ROWS_ORDERS], ORDER_CANCELLED), "journal_entries",
        entries(&t->rows[ROWS_JOURNAL]), "other_administration", (json_int_t)elsewhere));
}
