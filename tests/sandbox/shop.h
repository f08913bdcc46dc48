// SPDX-License-Identifier: MIT
// The state of the sandbox till: seeded articles, relations and orders, all in whole cents.
#ifndef KOPPEL_SANDBOX_SHOP_H
#define KOPPEL_SANDBOX_SHOP_H

#include "sandbox.h"
#include "soap.h"

#define FIRST_MARKER 1001
#define ORDER_YEAR 2026
#define RELATION_FIELDS 64
#define VAT_CODES 3 // codes 1, 2 and 3
#define SHIFTED_EVERY 12 // relations 12, 24, ... are Belgian companies, 6, 18, ... consumers

enum method { METHOD_INCLUSIVE, METHOD_EXCLUSIVE, METHOD_SHIFTED };
enum payment { PAY_CASH, PAY_PIN, PAY_IDEAL, PAY_INVOICE, PAY_CRYPTO, PAYMENTS };

struct article {
    int64_t marker;
    int64_t price_incl, price_excl;
    int vat_code;
    char name[48];
};

struct relation {
    int64_t number;
    int64_t marker;
    // By the position of the field in schema_relation: text of a plain field, or for a
    // composed or repeated one the elements themselves, ready to be answered. NULL: absent.
    char *value[RELATION_FIELDS];
};

struct line {
    int64_t article;
    int64_t quantity;
    int places;
    int vat_code;
    int rate; // times 100
    int64_t price, price_excl; // per unit, after discount
    int64_t original;          // per unit, before discount; equal to price without one
    int64_t incl, excl;        // totals of the line
    const char *text;          // a literal that replaces the article's name, or NULL
};

struct vat_group {
    int code; // 0: group not in use
    int rate;
    int64_t excl, vat;
};

struct order {
    int64_t marker;
    int64_t relation;
    int64_t excl, incl;
    struct line *lines;
    struct vat_group groups[VAT_CODES];
    int line_count;
    int changes;
    int16_t month, day;
    int8_t method, payment;
    bool paid, cancelled, delivered;
    bool belgian;
    bool faulty; // seeded so that the books cannot take it
};

struct shop {
    struct options options;
    uint64_t random;

    struct article *articles;
    size_t article_count;

    struct relation *relations;
    size_t relation_count;
    int64_t relation_marker; // the highest given out

    struct order *orders; // order number n is orders[n - 1]
    size_t order_count, order_room;
    uint32_t *log; // log[m - FIRST_MARKER] is the index of the order that got marker m
    size_t log_count, log_room;
};

extern const char *const payment_codes[PAYMENTS];

#define ORDER_ID_BYTES 33
void shop_order_id(const struct shop *s, size_t index, char id[ORDER_ID_BYTES]);
// Index of the order with this id or external id, -1 when there is none.
int64_t shop_order_by_id(const struct shop *s, const char *id);
int64_t shop_order_by_ext_id(const struct shop *s, const char *ext_id);
// Adds one ordinary order, for this relation unless 0. -1 when out of memory.
int shop_add_order(struct shop *s, int64_t relation);
// Gives the order the next marker after a change. -1 when out of memory.
int shop_touch(struct shop *s, size_t index);

int relation_field(const char *name); // position in schema_relation, -1 when unknown
const char *relation_get(const struct relation *r, const char *name); // "" when absent
struct relation *shop_relation(const struct shop *s, int64_t number);
// Adds an empty relation; 0 takes the next free number. NULL when out of memory.
struct relation *shop_add_relation(struct shop *s, int64_t number);

// Whether the books ought to have this order.
bool order_expected(const struct order *o);
const char *order_country(const struct order *o); // "NL" or "BE"

#endif
