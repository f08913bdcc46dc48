// SPDX-License-Identifier: MIT
// Seeds the sandbox's books with lookups and debtors.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "books.h"
#include "data.h"

// ---- Lookups --------------------------------------------------------------------------------

int books_seed_lookups(struct tenant *t)
{
    static const char *const names[LOOKUPS] = {
        [L_JOURNALS] = "journals",           [L_LEDGER] = "ledgeraccounts",
        [L_VAT] = "vatcodes",                [L_CONDITIONS] = "paymentconditions",
        [L_COST_CENTERS] = "costcenters",    [L_COST_UNITS] = "costunits",
        [L_SALES_TYPES] = "salestypes",      [L_DEBTOR_KINDS] = "debtorkinds",
        [L_PAYMENT_METHODS] = "paymentmethods", [L_ROUTES] = "approvalroutes",
    };
    const json_t *lookups = json_object_get(data_json("books.json"), "lookups");
    for (int i = 0; i < LOOKUPS; i++) {
        t->lookups[i] = json_deep_copy(json_object_get(lookups, names[i]));
        if (!t->lookups[i])
            return -1;
    }
    return 0;
}

// ---- Debtors --------------------------------------------------------------------------------

json_t *books_debtor_row(const char *number, const char *name, const char *email, const char *kind)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:s,s:b,s:b,s:b,s:s,s:n}",
        "customerNumber", number, "name", name, "address", "Dorpsstraat 1", "postCode", "1234 AB",
        "city", "Zeist", "countryCode", "NL", "emailAddress", email, "debtorKindId", kind,
        "paymentConditionId", 2, "paymentMethodId", "1", "directDebit", 0, "blocked", 0,
        "noReminder", 0, "dateAdded", "2025-11-03T09:12:44", "dateLastChange");
}

// The address that relation n has in the till, but written as somebody typed it into the books.
static void other_case(int n, char *out, size_t out_bytes)
{
    shop_email(n, out, out_bytes);
    bool start = true;
    for (char *p = out; *p; p++) {
        if (start)
            *p = (char)toupper((unsigned char)*p);
        start = *p == '@' || *p == '.';
    }
    size_t used = strlen(out);
    if (used && used + 2 <= out_bytes) {
        out[used] = ' ';
        out[used + 1] = '\0';
    }
}

static void set(json_t *row, const char *name, const char *value)
{
    json_object_set_new(row, name, json_string(value));
}

// Persons and companies, mostly Dutch. Every seventh has the e-mail address of a relation of the
// till, the others are the books' own.
static json_t *generated(int n, const struct options *options)
{
    const json_t *words = data_json("books.json");
    char number[16], name[96], person[64], email[256], address[64];
    bool company = n % 4 == 0, belgian = n % 11 == 5, german = n % 13 == 4;
    int relation = n / 7 + 20; // beyond the special ones
    snprintf(number, sizeof number, "%d", 500000 + n);
    snprintf(person, sizeof person, "%s %s", data_pick(words, "first", (size_t)n),
             data_pick(words, "last", (size_t)n));
    snprintf(name, sizeof name, company ? "%s Handel %d B.V." : "%s",
             company ? data_pick(words, "last", (size_t)n) : person, n);
    snprintf(email, sizeof email, "klant%d@boeken.example", n);
    snprintf(address, sizeof address, "%s %d%s", data_pick(words, "streets", (size_t)n),
             1 + n % 180, n % 9 == 0 ? "-A bis" : "");
    if (n % 7 == 0 && relation <= options->relations)
        shop_email(relation, email, sizeof email);
    json_t *row = books_debtor_row(number, name, email, company ? "2" : "1");
    set(row, "address", address);
    set(row, "countryCode", belgian ? "BE" : german ? "DE" : "NL");
    set(row, "postCode", belgian ? "2000" : german ? "10115" : "3511 AB");
    set(row, "city", belgian ? "Antwerpen" : german ? "Berlin" : "Utrecht");
    set(row, "phoneNumber", "0301234567");
    if (company) {
        set(row, "attentionTo", person);
        snprintf(number, sizeof number, "%08d", 10000000 + n);
        set(row, "cocNumber", number);
        set(row, "vatNumber", belgian ? "BE0123456749" : german ? "DE123456788" : "NL123456789B01");
    }
    return row;
}

int books_seed_debtors(struct tenant *t, const struct options *options)
{
    struct rows *debtors = &t->rows[ROWS_DEBTORS];
    char email[256];
    other_case(RELATION_KNOWN_DEBTOR, email, sizeof email);
    if (rows_add_take(debtors, books_debtor_row("10003", "Jan (bestaande klant)", email, "1"),
                      NULL) ||
        rows_add_take(debtors,
                      books_debtor_row("10101", "Dubbel Eerste", "dubbel@voorbeeld.example", "1"),
                      NULL) ||
        rows_add_take(debtors,
                      books_debtor_row("10102", "Dubbel Tweede", "Dubbel@voorbeeld.example", "1"),
                      NULL) ||
        rows_add_take(debtors, books_debtor_row("9999", "Contante verkopen", "", "1"), NULL))
        return -1;
    for (int n = 1; n <= options->debtors; n++) {
        if (rows_add_take(debtors, generated(n, options), NULL) != 0)
            return -1;
    }
    return 0;
}
