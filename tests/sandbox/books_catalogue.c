// SPDX-License-Identifier: MIT
// The seeded articles of the books, made from their row number whenever they are asked for: first
// those that the till knows too, then the special ones that a connector must cope with, then as
// many ordinary ones as were asked for.
#include "books.h"
#include "data.h"

#include <stdio.h>
#include <string.h>

#define BLOCK 8            // numbers in a row that belong together: five variants, three others
#define BLOCK_VARIANTS 5
#define FIRST_NUMBER 2000000
#define UNIT 10000         // of a quantity

struct item {
    const char *number, *description, *text, *main, *size, *colour, *brand, *category, *sub, *ean,
        *unit;
    int sales_type, price, purchase; // cents
    int delivery_days;               // 0: not said
    bool inactive, unmanaged, no_webshop;
    int64_t stock, shop_stock, reserved, on_order, back_order; // ten-thousandths
    char buffer[4][24]; // where the texts above are made
};

// The first category of the list that is food; so is the next.
#define FOOD 9

static const json_t *words(void)
{
    return data_json("catalogue.json");
}

static const json_t *specials(void)
{
    return json_object_get(words(), "specials");
}

static uint64_t random_of(const struct catalogue *c, uint64_t what)
{
    uint64_t state = c->seed * 0x9e3779b97f4a7c15u + what * 0xd1342543de82ef95u;
    seed_next(&state);
    return seed_next(&state) >> 8;
}

static void make_ean(char *out, size_t bytes, unsigned long long n)
{
    int sum = 0;
    snprintf(out, bytes, "871%09llu", n % 1000000000u);
    for (int i = 0; i < 12; i++)
        sum += (out[i] - '0') * (i % 2 ? 3 : 1);
    out[12] = (char)('0' + (10 - sum % 10) % 10);
    out[13] = '\0';
}

static void regular_item(size_t row, struct item *it)
{
    int n = (int)row + 1;
    snprintf(it->buffer[0], sizeof it->buffer[0], "%d", n);
    snprintf(it->buffer[1], sizeof it->buffer[1], "Artikel %d", n);
    it->number = it->buffer[0];
    it->description = it->buffer[1];
    it->sales_type = 1;
    it->price = 100 + n * 37 % 4000;
    it->purchase = it->price / 2;
    it->inactive = n == ARTICLE_INACTIVE;
    it->stock = (int64_t)(n % 20) * UNIT;
}

static void random_item(const struct catalogue *c, size_t n, struct item *it)
{
    size_t block = n / BLOCK, place = n % BLOCK, kind;
    const json_t *categories = json_object_get(words(), "categories");
    uint64_t own = random_of(c, n * 2 + 1);
    kind = random_of(c, block * 2) % json_array_size(categories);
    const json_t *category = json_array_get(categories, kind);
    const char *sub = json_string_value(json_array_get(category, 1));
    unsigned long long first = FIRST_NUMBER + block * 10;
    snprintf(it->buffer[0], sizeof it->buffer[0], "%llu", first + 1 + place);
    snprintf(it->buffer[1], sizeof it->buffer[1], "%.12s %llu", sub, first);
    snprintf(it->buffer[2], sizeof it->buffer[2], "%llu", first);
    make_ean(it->buffer[3], sizeof it->buffer[3], n);
    it->number = it->buffer[0];
    it->description = it->buffer[1];
    it->ean = it->buffer[3];
    it->category = json_string_value(json_array_get(category, 0));
    it->sub = sub;
    it->brand = data_pick(words(), "brands", block);
    it->sales_type = kind == FOOD || kind == FOOD + 1 ? 2 : 1;
    it->unit = it->sales_type == 2 ? "kg" : "st";
    it->price = 100 + (int)(random_of(c, block * 2) % 15000);
    if (place < BLOCK_VARIANTS) {
        it->main = it->buffer[2];
        it->size = data_pick(words(), "sizes", place);
        it->colour = data_pick(words(), "colours", block);
    } else {
        it->price += (int)place * 25;
    }
    it->purchase = it->price * 55 / 100;
    it->delivery_days = (int)(block % 15);
    it->inactive = n % 50 == 49;
    it->unmanaged = n % 40 == 39;
    it->no_webshop = n % 10 == 9;
    it->stock = (int64_t)(own % 200) * (it->sales_type == 2 ? UNIT / 8 : UNIT);
    it->shop_stock = own / 200 % 4 == 0 ? (int64_t)(own / 800 % 20) * UNIT : 0;
    it->reserved = own / 16000 % 5 == 0 ? (int64_t)(own / 80000 % 6) * UNIT : 0;
    it->on_order = own / 480000 % 10 == 0 ? 50 * UNIT : 0;
}

static const char *text_or_null(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

// One of the list: money in cents, quantities in ten-thousandths.
static void special_item(const json_t *in, struct item *it)
{
    it->number = text_or_null(in, "number");
    it->description = text_or_null(in, "description");
    it->text = text_or_null(in, "text");
    it->main = text_or_null(in, "main");
    it->size = text_or_null(in, "size");
    it->colour = text_or_null(in, "colour");
    it->brand = text_or_null(in, "brand");
    it->category = text_or_null(in, "category");
    it->sub = text_or_null(in, "sub");
    it->ean = text_or_null(in, "ean");
    it->unit = text_or_null(in, "unit");
    it->sales_type = (int)data_number(in, "sales_type");
    it->price = (int)data_number(in, "price");
    it->purchase = (int)data_number(in, "purchase");
    it->inactive = data_is(in, "inactive");
    it->unmanaged = data_is(in, "unmanaged");
    it->no_webshop = data_is(in, "no_webshop");
    it->stock = data_number(in, "stock");
    it->shop_stock = data_number(in, "shop_stock");
    it->reserved = data_number(in, "reserved");
    it->on_order = data_number(in, "on_order");
    it->back_order = data_number(in, "back_order");
}

static void item_of(const struct catalogue *c, size_t row, struct item *it)
{
    size_t special = json_array_size(specials());
    memset(it, 0, sizeof *it);
    if (row < c->regular) {
        regular_item(row, it);
    } else if (row - c->regular < special) {
        special_item(json_array_get(specials(), row - c->regular), it);
        if (it->main) {
            make_ean(it->buffer[3], sizeof it->buffer[3], 900000000 + row);
            it->ean = it->buffer[3];
        }
    } else {
        random_item(c, row - c->regular - special, it);
    }
    if (it->unmanaged)
        it->stock = it->shop_stock = it->reserved = it->on_order = 0;
}

// ---- What the rest asks -----------------------------------------------------------------------

static void text_member(struct out *o, const char *name, const char *text)
{
    out_format(o, ",\"%s\":", name);
    if (text)
        out_string(o, text);
    else
        out_text(o, "null");
}

void catalogue_text(const struct catalogue *c, size_t row, json_int_t id, struct out *o)
{
    struct item it;
    item_of(c, row, &it);
    out_format(o, "{\"id\":%" JSON_INTEGER_FORMAT, id);
    text_member(o, "articleNumber", it.number);
    text_member(o, "description", it.description);
    text_member(o, "longDescription", it.text);
    text_member(o, "brand", it.brand);
    text_member(o, "mainCategory", it.category);
    text_member(o, "subCategory", it.sub);
    text_member(o, "mainArticleNumber", it.main);
    text_member(o, "size", it.size);
    text_member(o, "colour", it.colour);
    out_format(o, ",\"salesTypeId\":%d,\"active\":%s,\"stockArticle\":%s,\"webshop\":%s",
               it.sales_type, it.inactive ? "false" : "true", it.unmanaged ? "false" : "true",
               it.no_webshop ? "false" : "true");
    text_member(o, "unit", it.unit ? it.unit : "st");
    out_text(o, ",\"salesPrice\":");
    out_units(o, it.price, 2);
    out_text(o, ",\"purchasePrice\":");
    out_units(o, it.purchase, 2);
    text_member(o, "eanCode1", it.ean ? it.ean : "");
    out_text(o, ",\"settlementPrice\":");
    out_units(o, it.purchase, 2);
    out_text(o, ",\"grossSalesPrice\":");
    out_units(o, it.price, 2);
    if (it.delivery_days)
        out_format(o, ",\"deliveryTime\":%d", it.delivery_days);
    else
        out_text(o, ",\"deliveryTime\":null");
    out_text(o, ",\"eanCode2\":null,\"supplierArticleNumber\":null,\"minimumStock\":null,"
                "\"orderQuantity\":null,\"priceFactor\":null,\"colliPerArticle\":null,"
                "\"articlesPerColli\":null}");
}

void catalogue_stock(const struct catalogue *c, size_t row, struct stock *stock)
{
    struct item it;
    item_of(c, row, &it);
    *stock = (struct stock){.back_order = it.back_order};
    stock->at[LOCATION_DEFAULT] = (struct level){it.stock, it.reserved, it.on_order};
    stock->at[1].stock = it.shop_stock;
}

bool catalogue_active(const struct catalogue *c, size_t row)
{
    struct item it;
    item_of(c, row, &it);
    return !it.inactive;
}

const char *catalogue_member(const struct catalogue *c, size_t row, const char *member, char *out,
                             size_t out_bytes)
{
    struct item it;
    item_of(c, row, &it);
    const char *text = strcmp(member, "articleNumber") == 0 ? it.number
                       : strcmp(member, "eanCode1") == 0 ? it.ean
                       : strcmp(member, "mainArticleNumber") == 0 ? it.main : NULL;
    snprintf(out, out_bytes, "%s", text ? text : "");
    return out;
}
