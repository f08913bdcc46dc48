// SPDX-License-Identifier: MIT
// Seeds sales orders that were made in the books themselves, for the way back to the till: random
// debtors and articles, quantities with decimals, discounts, shipping costs and mixes of VAT. Equal
// seeds give equal orders.
#include <stdio.h>
#include <string.h>

#include "asperion_parts.h"

#define MAX_LINES 6
#define SEED_MIX 0x5eedb00c5u

struct draw {
    struct tenant *tenant;
    uint64_t random;
    size_t regular; // articles that the till knows
};

static int64_t below(struct draw *d, uint64_t bound)
{
    return (int64_t)((seed_next(&d->random) >> 11) % bound);
}

static int64_t quantity(struct draw *d)
{
    switch (below(d, 8)) {
    case 0: return 1 + below(d, 30000);          // kilograms and the like: 0.0001 to 3
    case 1: return 10 * (1 + below(d, 2500));    // three decimals
    case 2: return -10000 * (1 + below(d, 2));   // taken back
    default: return 10000 * (1 + below(d, 9));
    }
}

static json_t *article_line(struct draw *d, const char *vat_code)
{
    struct rows *articles = &d->tenant->rows[ROWS_ARTICLES];
    size_t row = (size_t)below(d, d->regular);
    if (row + 1 == ARTICLE_INACTIVE)
        row--;
    static const int discounts[] = {0, 0, 0, 0, 50000, 100000, 125000, 333333};
    int64_t price = 100 * (100 + below(d, 9900)), discount = discounts[below(d, 8)];
    json_t *line = json_pack("{s:I,s:o,s:o,s:o}", "articleId", rows_id(articles, row), "quantity",
        units_json(quantity(d), QUANTITY_PLACES), "price", units_json(price, QUANTITY_PLACES),
        "discountPercentage", units_json(discount, QUANTITY_PLACES));
    if (*vat_code)
        json_object_set_new(line, "vatCode", json_string(vat_code));
    return line;
}

// The VAT code of everything in the order, "" where each line has its own.
static const char *region_code(const json_t *debtor)
{
    const char *country = text_of(debtor, "countryCode");
    if (strcmp(country, "BE") != 0 && strcmp(country, "DE") != 0)
        return "";
    return *text_of(debtor, "vatNumber") ? "4" : strcmp(country, "BE") == 0 ? "21" : "22";
}

static json_t *lines(struct draw *d, const char *region)
{
    static const char *const codes[] = {"", "", "2", "3"}; // mostly what the article says
    json_t *list = json_array();
    int64_t count = 1 + below(d, MAX_LINES);
    for (int64_t i = 0; i < count; i++)
        json_array_append_new(list, article_line(d, *region ? region : codes[below(d, 4)]));
    if (below(d, 3) == 0)
        json_array_append_new(list, json_pack("{s:i,s:i,s:o,s:s}", "salesTypeId", 7, "quantity", 1,
            "price", units_json(49500, QUANTITY_PLACES), "vatCode", *region ? region : "1"));
    return list;
}

static json_t *order(struct draw *d, int n)
{
    struct rows *debtors = &d->tenant->rows[ROWS_DEBTORS];
    // Not the debtors whose e-mail addresses are the same or missing.
    size_t row = debtors->count > 4 ? 4 + (size_t)below(d, debtors->count - 4) : 0;
    json_t *debtor = rows_value(debtors, row);
    char reference[32], date[32];
    snprintf(reference, sizeof reference, "WEB-%d", n);
    snprintf(date, sizeof date, "2026-%02d-%02dT00:00:00", 1 + n % 6, 1 + n % 28);
    json_t *body = json_pack("{s:O,s:s,s:s,s:s,s:i,s:{s:o}}", "debtorCustomerNumber",
                             json_object_get(debtor, "customerNumber"), "date", date, "reference",
                             reference, "description", "Webshop", "paymentConditionId", 1 + n % 3,
                             "lines", "_data", lines(d, region_code(debtor)));
    json_decref(debtor);
    return body;
}

int books_seed_orders(struct tenant *t, const struct options *options)
{
    struct draw d = {t, options->seed ^ SEED_MIX, (size_t)options->articles - 1};
    for (int n = 1; n <= options->sales_orders; n++) {
        struct sums sums = {0};
        int status = n % 20 == 19 ? ORDER_CANCELLED : n % 10 == 8 ? ORDER_DELIVERED : ORDER_OPEN;
        json_t *body = order(&d, n);
        json_int_t id = rows_id(&t->rows[ROWS_ORDERS], t->rows[ROWS_ORDERS].count);
        json_t *whole = whole_order(t, body, status, id, &sums);
        json_decref(body);
        if (order_store_take(t, whole, &sums) != 0)
            return -1;
    }
    return 0;
}
