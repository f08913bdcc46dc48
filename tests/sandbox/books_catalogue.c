// SPDX-License-Identifier: MIT
// The seeded articles of the books, made from their row number whenever they are asked for: first
// those that the till knows too, then the special ones that a connector must cope with, then as
// many ordinary ones as were asked for.
#include "books.h"

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

#define SHIRT(n, s, c)                                                                             \
    {.number = n, .description = "T-shirt Basic", .main = "700100", .size = s, .colour = c,        \
     .text = "Shirt van biologisch katoen.\nWassen op 30 graden.", .brand = "Noord",               \
     .category = "Kleding", .sub = "Shirts", .sales_type = 1, .price = 1650, .purchase = 720,      \
     .stock = 25 * UNIT}
#define SHOE(n, s, gone)                                                                           \
    {.number = n, .description = "Wandelschoen Veluwe", .main = "700200", .size = s,               \
     .colour = "Zwart", .brand = "Pad", .category = "Schoenen", .sub = "Wandelschoenen",           \
     .sales_type = 1, .price = 9917, .purchase = 5050, .stock = 4 * UNIT, .inactive = gone}
#define PRICED(n, d, type, cents)                                                                  \
    .number = n, .description = d, .category = "Huishouden", .sub = "Keuken", .sales_type = type,  \
    .price = cents, .purchase = cents * 41 / 100
#define PLAIN(n, d) PRICED(n, d, 1, 1000)

static const struct item specials[] = {
    SHIRT("700101", "S", "Rood"),
    SHIRT("700102", "M", "Rood"),
    SHIRT("700103", "L", "Rood"),
    SHIRT("700104", "S", "Blauw"),
    SHIRT("700105", "M", "Blauw"),
    SHIRT("700106", "L", "Blauw"),
    SHOE("700201", "41", false),
    SHOE("700202", "42", false),
    SHOE("700203", "43", true),
    {PLAIN("700301", "Mok uit de collectie van vorig jaar"), .inactive = true, .stock = 2 * UNIT},
    {PLAIN("700401", "Blauwe mok"), .ean = "8712345678906", .stock = 12 * UNIT},
    {PLAIN("700402", "Blauwe mok, tweede keus"), .ean = "8712345678906", .stock = 3 * UNIT},
    {PLAIN("AB-12", "Onderzetter kurk"), .stock = 40 * UNIT},
    {PLAIN("0.2", "Beker 0,2 liter"), .stock = 15 * UNIT},
    {PLAIN("0012", "Lepel"), .stock = 60 * UNIT},
    {PLAIN("99999999999999999999", "Vork"), .stock = 61 * UNIT},
    {PLAIN("700501", "Graveren"), .unit = "uur", .unmanaged = true},
    {PLAIN("700502", "Theedoek"), .stock = -3 * UNIT},
    {.number = "700503",
     .description = "Koffiebonen",
     .category = "Voeding",
     .sub = "Koffie en thee",
     .unit = "kg",
     .sales_type = 2,
     .price = 1795,
     .purchase = 940,
     .stock = 127500},
    {PLAIN("700504", "Broodplank"), .stock = 10 * UNIT, .reserved = 3 * UNIT, .on_order = 5 * UNIT},
    {PLAIN("700505", "Schort"), .stock = 5 * UNIT, .shop_stock = 3 * UNIT},
    {PLAIN("700506", "Pakpapier voor eigen gebruik"), .no_webshop = true, .stock = 7 * UNIT},
    {.number = "700507",
     .description = "Diversen",
     .sales_type = 1,
     .price = 500,
     .purchase = 200,
     .stock = 9 * UNIT},
    {PLAIN("700508", "Caf\u00e9 \"Cr\u00e8me\" <mok> & schotel"), .stock = 6 * UNIT,
     .text = "Inhoud 0,15\u00a0l \u2013 prijs per set.\nNiet geschikt voor de \"magnetron\"."},
    {PRICED("700509", "Kookboek", 2, 1000), .stock = 8 * UNIT},
    {PRICED("700510", "Postzegels", 3, 1000), .stock = 100 * UNIT},
    {PRICED("700511", "Proefzakje", 1, 0), .stock = 200 * UNIT},
    {PLAIN("700512", "Uitverkocht dienblad"), .reserved = 4 * UNIT, .back_order = 4 * UNIT},
    {.number = "700601",
     .description = "Hoodie",
     .main = "700600",
     .size = "4XL",
     .brand = "Noord",
     .colour = "Ultraviolet",
     .category = "Kleding",
     .sub = "Truien",
     .sales_type = 1,
     .price = 4132,
     .purchase = 1900,
     .stock = 11 * UNIT},
};
#define SPECIALS (sizeof specials / sizeof specials[0])

static const char *const categories[][2] = {
    {"Kleding", "Shirts"}, {"Kleding", "Broeken"}, {"Kleding", "Truien"},
    {"Schoenen", "Sneakers"}, {"Schoenen", "Laarzen"}, {"Huishouden", "Keuken"},
    {"Huishouden", "Badkamer"}, {"Tuin", "Gereedschap"}, {"Tuin", "Potten"},
    {"Voeding", "Koffie en thee"}, {"Voeding", "Snoep"}, {"Kantoor", "Papier"},
};
#define CATEGORIES (sizeof categories / sizeof categories[0])
#define FOOD 9 // the first category that is food

static const char *const sizes[BLOCK_VARIANTS] = {"S", "M", "L", "XL", "XXL"};
static const char *const colours[] = {"Rood", "Blauw", "Groen", "Zwart", "Wit", "Geel"};
static const char *const brands[] = {"Noord", "Pad", "Dijk", "Veld"};

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
    size_t block = n / BLOCK, place = n % BLOCK, kind = random_of(c, block * 2) % CATEGORIES;
    uint64_t own = random_of(c, n * 2 + 1);
    unsigned long long first = FIRST_NUMBER + block * 10;
    snprintf(it->buffer[0], sizeof it->buffer[0], "%llu", first + 1 + place);
    snprintf(it->buffer[1], sizeof it->buffer[1], "%.12s %llu", categories[kind][1], first);
    snprintf(it->buffer[2], sizeof it->buffer[2], "%llu", first);
    make_ean(it->buffer[3], sizeof it->buffer[3], n);
    it->number = it->buffer[0];
    it->description = it->buffer[1];
    it->ean = it->buffer[3];
    it->category = categories[kind][0];
    it->sub = categories[kind][1];
    it->brand = brands[block % 4];
    it->sales_type = kind == FOOD || kind == FOOD + 1 ? 2 : 1;
    it->unit = it->sales_type == 2 ? "kg" : "st";
    it->price = 100 + (int)(random_of(c, block * 2) % 15000);
    if (place < BLOCK_VARIANTS) {
        it->main = it->buffer[2];
        it->size = sizes[place];
        it->colour = colours[block % 6];
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

static void item_of(const struct catalogue *c, size_t row, struct item *it)
{
    memset(it, 0, sizeof *it);
    if (row < c->regular) {
        regular_item(row, it);
    } else if (row - c->regular < SPECIALS) {
        *it = specials[row - c->regular];
        if (it->main) {
            make_ean(it->buffer[3], sizeof it->buffer[3], 900000000 + row);
            it->ean = it->buffer[3];
        }
    } else {
        random_item(c, row - c->regular - SPECIALS, it);
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
