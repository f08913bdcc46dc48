// SPDX-License-Identifier: MIT
// Seeds the relations: persons and companies, Dutch and Belgian, and the special ones that
// sandbox.h names.
#include "data.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *shop_email(int n, char *out, size_t out_bytes)
{
    if (n == RELATION_NO_EMAIL)
        snprintf(out, out_bytes, "%s", "");
    else if (n == RELATION_SHARED_EMAIL)
        snprintf(out, out_bytes, "samen@voorbeeld.nl");
    else if (n == RELATION_SHARED_EMAIL + 1)
        snprintf(out, out_bytes, "Samen@Voorbeeld.nl");
    else if (n == RELATION_KNOWN_DEBTOR)
        snprintf(out, out_bytes, "jan@x.nl");
    else if (n == RELATION_AMBIGUOUS)
        snprintf(out, out_bytes, "dubbel@voorbeeld.example");
    else
        snprintf(out, out_bytes, "klant%d@voorbeeld.nl", n);
    return out;
}

static void dutch_vat(int n, char *out, size_t out_bytes)
{
    // The ninth digit proves the first eight; a remainder of ten has no digit.
    for (int base = 10000000 + n * 7;; base++) {
        int sum = 0, left = base;
        for (int weight = 2; weight <= 9; weight++, left /= 10)
            sum += left % 10 * weight;
        if (sum % 11 < 10) {
            snprintf(out, out_bytes, "NL%08d%dB01", base, sum % 11);
            return;
        }
    }
}

static void seed_place(struct shop *s, struct relation *r, int n, bool belgian)
{
    const json_t *words = data_json("till.json");
    char text[80];

    snprintf(text, sizeof text, n % 9 == 4 ? "Burg. Söhnleinlaan %d-A bis" : "Dorpsstraat %d", n);
    relation_set(s, r, "address", text);
    if (belgian)
        snprintf(text, sizeof text, "%d", 1000 + n % 9000);
    else
        snprintf(text, sizeof text, "%04d A%c", 1000 + n % 9000, 'A' + n % 26);
    relation_set(s, r, "zipcode", text);
    relation_set(s, r, "city",
                 data_pick(words, belgian ? "belgian_cities" : "dutch_cities", (size_t)n));
    relation_set(s, r, "country", belgian ? "België" : "Nederland");
    snprintf(text, sizeof text, belgian ? "+32 470 %06d" : "+31 6 1%07d", n);
    relation_set(s, r, "telephone", text);
}

static void seed_company(struct shop *s, struct relation *r, int n, const char *person,
                         bool belgian)
{
    const json_t *words = data_json("till.json");
    char text[100];

    snprintf(text, sizeof text, "%s %d %s", data_pick(words, "firms", (size_t)n / 4), n,
             belgian ? "BV" : "B.V.");
    relation_set(s, r, "name", text);
    relation_set(s, r, "companyName", text);
    relation_set(s, r, "contact", person);
    if (belgian) {
        int base = 40000000 / 10 + n * 13;
        snprintf(text, sizeof text, "BE0%07d%02d", base, 97 - base % 97);
        relation_set(s, r, "defaultVatMethod", "VAT-METHOD-SHIFTED");
    } else {
        dutch_vat(n, text, sizeof text);
    }
    relation_set(s, r, "vatNumber", text);
    snprintf(text, sizeof text, "%08d", 30000000 + n);
    relation_set(s, r, "commerceNumber", text);
    relation_set(s, r, "paymentWithinDays", "14");
}

int shop_seed_relations(struct shop *s)
{
    for (int n = 1; n <= s->options.relations; n++) {
        struct relation *r = shop_add_relation(s, n);
        char text[80];
        if (!r)
            return -1;
        const char *person = data_pick(data_json("till.json"), "people", (size_t)n);
        bool belgian = n % (SHIFTED_EVERY / 2) == 0;
        relation_set(s, r, "active", "true");
        if (n % 4 == 0 && n != RELATION_SHARED_EMAIL + 1)
            seed_company(s, r, n, person, belgian);
        else
            relation_set(s, r, "name", person);
        seed_place(s, r, n, belgian);
        if (n != RELATION_NO_EMAIL)
            relation_set(s, r, "email", shop_email(n, text, sizeof text));
        relation_index(s, r);
    }
    return 0;
}
