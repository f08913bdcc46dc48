// SPDX-License-Identifier: MIT
// Journal entries as they are written to the sandbox's books: debit and credit must be equal to the
// cent, and everything that a line refers to must be there.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asperion_parts.h"

// A debtor line without an account of its own is posted here.
#define CONTROL_ACCOUNT 1300

static bool cash_book(const struct checks *k, const json_t *body)
{
    const json_t *journal =
        books_lookup_text(k->call->tenant, L_JOURNALS, text_of(body, "journalId"));
    return strcmp(text_of(journal, "type"), "Memorial") != 0;
}

static void check_journal(struct checks *k, const json_t *body)
{
    const char *id = text_of(body, "journalId");
    const json_t *journal = books_lookup_text(k->call->tenant, L_JOURNALS, id);
    const char *type = text_of(journal, "type");
    if (*id && strcmp(type, "Memorial") != 0 && strcmp(type, "Bank") != 0 &&
        strcmp(type, "Cash") != 0)
        mistake(k, "journalId", "is not a memorial, bank or cash journal",
                "is geen memoriaal, bank- of kasboek");
}

static void line_mistake(struct checks *k, const char *prefix, const char *field)
{
    char place[96];
    snprintf(place, sizeof place, "%s%s", prefix, field);
    mistake(k, place, "does not exist", "bestaat niet");
}

// Relations and invoices go by the books' own id here; 0 stands for none.
static void check_row(struct checks *k, const json_t *line, const char *field, enum rows_kind kind,
                      const char *prefix)
{
    json_int_t id = integer_of(line, field);
    if (id != 0 && rows_find(&k->call->tenant->rows[kind], id) < 0)
        line_mistake(k, prefix, field);
}

static void check_line(struct checks *k, const json_t *line, const char *date, size_t number)
{
    char prefix[48], place[96];
    snprintf(prefix, sizeof prefix, "lines._data[%zu].", number);
    if (!json_is_object(line))
        return;
    check_lookup(k, line, "ledgerAccountId", L_LEDGER, prefix, true);
    check_lookup(k, line, "costCenterId", L_COST_CENTERS, prefix, true);
    check_row(k, line, "debtorId", ROWS_DEBTORS, prefix);
    check_row(k, line, "salesInvoiceId", ROWS_INVOICES, prefix);
    // There are no creditors and no purchase invoices in these books.
    if (integer_of(line, "creditorId") != 0)
        line_mistake(k, prefix, "creditorId");
    if (integer_of(line, "purchaseInvoiceId") != 0)
        line_mistake(k, prefix, "purchaseInvoiceId");
    if (integer_of(line, "ledgerAccountId") == 0 && integer_of(line, "debtorId") == 0) {
        snprintf(place, sizeof place, "%sledgerAccountId", prefix);
        mistake(k, place, "is required, or debtorId", "is verplicht, of debtorId");
    }
    const char *code = text_of(line, "vatCode");
    int64_t vat = 0;
    snprintf(place, sizeof place, "%svatCode", prefix);
    if (units_of(json_object_get(line, "vatAmount"), 2, &vat) && vat != 0 && !*code)
        mistake(k, place, "is required with a vatAmount", "is verplicht bij een vatAmount");
    check_vat_code(k, code, date, prefix);
}

// A memorial adds up to nothing. A bank or cash book may say its balances: its own account is then
// what the lines lack, and a rise of it is its debit.
static void check_balance(struct checks *k, const json_t *body, int64_t sum)
{
    int64_t opening = 0, closing = 0;
    bool given = units_of(json_object_get(body, "openingBalance"), 2, &opening);
    given = units_of(json_object_get(body, "closingBalance"), 2, &closing) || given;
    if (given && !cash_book(k, body) && (opening != 0 || closing != 0))
        mistake(k, "closingBalance", "is for bank and cash journals only",
                "is alleen voor bank- en kasboeken");
    else if (sum + (closing - opening) != 0)
        mistake(k, "lines", "do not balance: debit and credit differ",
                "zijn niet in evenwicht: debet en credit verschillen");
}

static void check_entry(struct checks *k, json_t *body)
{
    size_t i;
    json_t *line;
    int64_t sum = 0, amount;
    check_members(k, body, entry_members, "");
    check_journal(k, body);
    check_period(k, body);
    json_array_foreach(lines_of(body), i, line) {
        check_line(k, line, text_of(body, "date"), i);
        if (units_of(json_object_get(line, "amount"), 2, &amount))
            sum += amount;
    }
    if (json_object_size(k->errors) == 0)
        check_balance(k, body, sum);
}

static int sum_entry(const json_t *entry, struct sums *s)
{
    size_t i;
    json_t *line;
    json_array_foreach(lines_of(entry), i, line) {
        char code[32];
        int64_t amount = 0, vat = 0;
        json_int_t account = integer_of(line, "ledgerAccountId");
        snprintf(code, sizeof code, "%" JSON_INTEGER_FORMAT, account ? account : CONTROL_ACCOUNT);
        struct sum *sum = sums_code(s, code);
        if (!sum)
            return -1;
        units_of(json_object_get(line, "amount"), 2, &amount);
        units_of(json_object_get(line, "vatAmount"), 2, &vat);
        sum->excl += amount;
        sum->vat += vat;
        if (amount > 0)
            s->excl += amount; // the debit side; the credit side equals it
    }
    return 0;
}

static void fill_vat(json_t *entry)
{
    size_t i;
    json_t *line;
    json_array_foreach(lines_of(entry), i, line) {
        if (json_is_null(json_object_get(line, "vatAmount")))
            json_object_set_new(line, "vatAmount", units_json(0, 2));
    }
}

int write_entry(const struct call *c, int64_t row)
{
    struct rows *entries = &c->tenant->rows[ROWS_JOURNAL];
    struct write w;
    if (!write_begin(&w, c, row))
        return 0;
    check_entry(&w.checks, w.whole);
    check_unique(&w.checks, ROWS_JOURNAL, "sourceDocumentNumber", w.whole, row);
    if (write_refused(&w))
        return 0;
    json_int_t id = w.only ? 0 : rows_id(entries, entries->count);
    json_t *copy = json_deep_copy(w.whole), *whole = whole_record(entry_members, copy);
    json_decref(copy);
    number_lines(whole, id);
    fill_vat(whole);
    json_object_set_new(whole, "id", json_integer(id));
    json_object_set_new(whole, "state", json_integer(1));
    if (w.only)
        return write_done(&w, whole);
    struct sums *kept = calloc(1, sizeof *kept);
    if (!kept || sum_entry(whole, kept) != 0 ||
        rows_add_take(entries, json_deep_copy(whole), kept) != 0) {
        json_decref(whole);
        whole = NULL;
    }
    return write_done(&w, whole);
}
