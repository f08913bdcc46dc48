// SPDX-License-Identifier: MIT
// Seeds the sandbox's books with lookups and debtors.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "books.h"

// ---- Lookups --------------------------------------------------------------------------------

static json_t *vat_codes(void)
{
    static const struct {
        const char *id, *description, *country;
        int rate; // times 100
        bool purchase, is_default;
        const char *from, *until;
    } rows[] = {
        {"1", "BTW hoog 21%", "NL", 2100, false, true, "2019-01-01T00:00:00", NULL},
        {"2", "BTW laag 9%", "NL", 900, false, false, "2019-01-01T00:00:00", NULL},
        {"3", "BTW nul 0%", "NL", 0, false, false, "2019-01-01T00:00:00", NULL},
        {"4", "ICP binnen EU 0%", "", 0, false, false, "2019-01-01T00:00:00", NULL},
        {"21", "OSS Belgi\u00eb 21%", "BE", 2100, false, false, "2019-01-01T00:00:00", NULL},
        {"22", "OSS Duitsland 19%", "DE", 1900, false, false, "2021-07-01T00:00:00", NULL},
        {"6", "BTW laag 6% (vervallen)", "NL", 600, false, false, "2001-01-01T00:00:00",
         "2018-12-31T00:00:00"},
        {"51", "Voorbelasting 21%", "NL", 2100, true, true, "2019-01-01T00:00:00", NULL},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_array_append_new(
            list,
            json_pack("{s:s,s:s,s:b,s:o,s:b,s:s,s:s?,s:s}", "id", rows[i].id, "description",
                      rows[i].description, "salesCode", !rows[i].purchase, "percentage",
                      units_json(rows[i].rate, 2), "isDefault", rows[i].is_default, "validFrom",
                      rows[i].from, "validUntil", rows[i].until, "countryCode", rows[i].country));
    }
    return list;
}

static json_t *ledger_accounts(void)
{
    static const struct {
        int id, type; // 1 on the balance, 2 in the result
        const char *description, *vat_code;
        bool disabled;
    } rows[] = {
        {1000, 1, "Kas", NULL, false},
        {1010, 1, "Pin onderweg", NULL, false},
        {1020, 1, "iDEAL onderweg", NULL, false},
        {1030, 1, "Overige betalingen onderweg", NULL, false},
        {1050, 1, "Kasstortingen", NULL, false},
        {1100, 1, "Bank", NULL, false},
        {1300, 1, "Debiteuren", NULL, false},
        {1500, 1, "Af te dragen BTW hoog", NULL, false},
        {1510, 1, "Af te dragen BTW laag", NULL, false},
        {1520, 1, "Af te dragen BTW OSS Belgi\u00eb", NULL, false},
        {1525, 1, "Af te dragen BTW OSS Duitsland", NULL, false},
        {1530, 1, "Verlegde BTW", NULL, false},
        {1700, 1, "Vooruitontvangen betalingen", NULL, false},
        {1750, 1, "Cadeaubonnen in omloop", NULL, false},
        {1760, 1, "Statiegeld", NULL, false},
        {2000, 1, "Kruisposten", NULL, false},
        {4500, 2, "Kasuitgaven", NULL, false},
        {4900, 2, "Kasverschillen per kassa", NULL, false},
        {4950, 2, "Kasverschillen", NULL, false},
        {8000, 2, "Omzet hoog", "1", false},
        {8010, 2, "Omzet laag", "2", false},
        {8020, 2, "Omzet nul", "3", false},
        {8031, 2, "Omzet kleding", "1", false},
        {8032, 2, "Omzet huishouden", "1", false},
        {8033, 2, "Omzet voeding", "2", false},
        {8034, 2, "Omzet diensten", "1", false},
        {8100, 2, "Omzet Belgi\u00eb OSS", "21", false},
        {8110, 2, "Omzet Duitsland OSS", "22", false},
        {8200, 2, "Omzet binnen EU", "4", false},
        {8300, 2, "Verzendkosten", "1", false},
        {8900, 2, "Afrondingsverschillen", "3", false},
        {8999, 2, "Omzet oud (vervallen)", "1", true},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_array_append_new(list,
                              json_pack("{s:i,s:i,s:s,s:s?,s:b,s:n}", "id", rows[i].id, "type",
                                        rows[i].type, "description", rows[i].description, "vatCode",
                                        rows[i].vat_code, "disabled", rows[i].disabled, "rcsfi"));
    }
    return list;
}

static json_t *sales_types(void)
{
    static const struct {
        int id;
        const char *description;
        int ledger;
        const char *vat_code;
    } rows[] = {
        {1, "Verkoop hoog", 8000, "1"},
        {2, "Verkoop laag", 8010, "2"},
        {3, "Verkoop nul", 8020, "3"},
        {4, "Verkoop binnen EU", 8200, "4"},
        {5, "Verkoop Belgi\u00eb OSS", 8100, "21"},
        {6, "Verkoop Duitsland OSS", 8110, "22"},
        {7, "Verzendkosten", 8300, "1"},
        {8, "Statiegeld", 1760, "3"},
        {9, "Cadeaubon", 1750, "3"},
        {10, "Afronding", 8900, "3"},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        json_array_append_new(list, json_pack("{s:i,s:s,s:i,s:s}", "id", rows[i].id, "description",
            rows[i].description, "ledgerAccountId", rows[i].ledger, "vatCode", rows[i].vat_code));
    return list;
}

static json_t *journals(void)
{
    return json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]",
                     "id", "10", "description", "Kas", "type", "Cash", "id", "20", "description",
                     "Bank", "type", "Bank", "id", "60", "description", "Inkoopboek", "type",
                     "Purchase", "id", "70", "description", "Verkoopboek", "type", "Sales", "id",
                     "90", "description", "Memoriaal", "type", "Memorial");
}

static json_t *text_ids(const char *const (*rows)[2], size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:s,s:s}", "id", rows[i][0], "description", rows[i][1]));
    return list;
}

int books_seed_lookups(struct tenant *t)
{
    static const char *const kinds[][2] = {{"1", "Particulier"}, {"2", "Bedrijf"}};
    static const char *const methods[][2] = {{"1", "Contant"}, {"2", "PIN"}, {"3", "iDEAL"},
                                             {"4", "Overboeking"}, {"5", "Cadeaubon"}};
    json_t **l = t->lookups;
    l[L_VAT] = vat_codes();
    l[L_LEDGER] = ledger_accounts();
    l[L_JOURNALS] = journals();
    l[L_SALES_TYPES] = sales_types();
    l[L_DEBTOR_KINDS] = text_ids(kinds, sizeof kinds / sizeof kinds[0]);
    l[L_PAYMENT_METHODS] = text_ids(methods, sizeof methods / sizeof methods[0]);
    l[L_ROUTES] = json_pack("[{s:i,s:s},{s:i,s:s}]", "id", 1, "description", "Directie", "id", 2,
                            "description", "Inkoop");
    l[L_CONDITIONS] =
        json_pack("[{s:i,s:s},{s:i,s:s},{s:i,s:s}]", "id", 1, "description", "Contant", "id", 2,
                  "description", "14 dagen", "id", 3, "description", "30 dagen");
    l[L_COST_CENTERS] = json_pack("[{s:i,s:s,s:s},{s:i,s:s,s:s}]",
        "id", 1, "description", "Winkel", "conversionCode", "1",
        "id", 2, "description", "Webshop", "conversionCode", "2");
    l[L_COST_UNITS] = json_pack("[{s:i,s:i,s:s,s:s,s:i},{s:i,s:i,s:s,s:n,s:n}]",
        "id", 1, "type", 1, "description", "Zomeractie", "conversionCode", "ZOMER", "costCenter", 2,
        "id", 2, "type", 1, "description", "Overig", "conversionCode", "costCenter");
    for (int i = 0; i < LOOKUPS; i++) {
        if (!l[i])
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
    static const char *const first[] = {"Anna", "Bram",  "Chlo\u00eb", "Daan",
                                        "Elif", "Fenna", "Gijs"};
    static const char *const last[] = {"de Vries", "Jansen", "Bakker", "van den Berg", "Yilmaz",
                                       "M\u00fcller", "Smit", "Peeters", "Visser", "Mulder", "Bos"};
    static const char *const streets[] = {"Kerkstraat", "Lange Voorhout", "Havenweg", "Plein 1944"};
    char number[16], name[96], person[64], email[256], address[64];
    bool company = n % 4 == 0, belgian = n % 11 == 5, german = n % 13 == 4;
    int relation = n / 7 + 20; // beyond the special ones
    snprintf(number, sizeof number, "%d", 500000 + n);
    snprintf(person, sizeof person, "%s %s", first[n % 7], last[n % 11]);
    snprintf(name, sizeof name, company ? "%s Handel %d B.V." : "%s",
             company ? last[n % 11] : person, n);
    snprintf(email, sizeof email, "klant%d@boeken.example", n);
    snprintf(address, sizeof address, "%s %d%s", streets[n % 4], 1 + n % 180,
             n % 9 == 0 ? "-A bis" : "");
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
