// SPDX-License-Identifier: MIT
// The state of the sandbox till, all money in whole cents: articles, relations, documents of
// five kinds, days and stock. shop.c keeps it, shop_seed_*.c fill it, mplus_*.c serve it.
#ifndef KOPPEL_SANDBOX_SHOP_H
#define KOPPEL_SANDBOX_SHOP_H

#include "sandbox.h"
#include "schema.h"
#include "shop_map.h"

#define FIRST_MARKER 1001
#define ORDER_YEAR 2026
#define TODAY (ORDER_YEAR * 10000 + 1120) // the open day; every day before it is closed
#define EMPLOYEE_BUILT_IN 999999
#define VAT_CODES 3      // codes 1, 2 and 3
#define SHIFTED_EVERY 12 // relations 12, 24, ... are Belgian companies, 6, 18, ... consumers
#define BRANCHES 2       // numbers 1 and 2, each with workplaces 1 and 2

enum method { METHOD_INCLUSIVE, METHOD_EXCLUSIVE, METHOD_SHIFTED, METHOD_NONE };

// ---- Fixed lists (shop_lists.c) ---------------------------------------------------------

// Reads them all; before anything else asks for them.
void shop_lists_load(void);

enum payment { PAY_CASH, PAY_PIN, PAY_IDEAL, PAY_INVOICE, PAY_CRYPTO, PAY_GIFT_CARD, PAYMENTS };

struct payment_method {
    const char *code, *name, *type; // type without its common beginning
    int account;
    bool negative; // whether it may pay back
    bool known;    // false: seen on orders, but not among the methods
};
extern struct payment_method payment_methods[PAYMENTS];
int payment_by_code(const char *code); // -1 when there is none

// What a turnover group is for; the values are the interface's words for it.
#define GROUP_DEPOSIT 10
#define GROUP_GIFT_CARD 11
#define GROUP_SHIPPING 12
#define GROUP_INFLOW 13
#define GROUP_OUTFLOW 14
#define GROUP_ROUNDING 15

struct turnover_group {
    int number;
    const char *name;
    const char *type;      // TurnoverGroupType without its common beginning
    const char *financial; // FinancialGroupType likewise
    int account;           // of every branch but the second
    int branch2_account;
    int vat_code;
    bool active;
};
#define TURNOVER_GROUPS 24
extern struct turnover_group turnover_groups[TURNOVER_GROUPS];
extern size_t turnover_group_count;
const struct turnover_group *turnover_group(int number); // NULL when there is none
int turnover_account(const struct turnover_group *g, int branch);

int vat_rate(int code); // times 100; -1 when there is no such code
int64_t divide(int64_t a, int64_t b); // rounded, halves away from zero

struct delivery_method {
    const char *code, *name;
    bool enabled;
};
#define DELIVERY_METHODS 8
extern struct delivery_method delivery_methods[DELIVERY_METHODS];
extern size_t delivery_method_count;

struct employee {
    int64_t number;
    const char *name;
    bool active;
};
#define EMPLOYEES 8
extern struct employee employees[EMPLOYEES];
extern size_t employee_count;
const struct employee *employee_by_number(int64_t number);

// ---- Goods ------------------------------------------------------------------------------

struct article {
    int64_t number, marker;
    int64_t price_incl, price_excl, purchase;
    uint32_t product;
    uint32_t next; // the product's next article, position + 1
    const char *name, *plu;
    const char *colour, *size; // NULL: not a variant
    char **value;              // what a client wrote, by position in Article; NULL: nothing
    int16_t group;
    int8_t vat_code;
    bool active, webshop, stock;
};

struct product {
    int64_t number, marker;
    const char *name;
    char *text;           // extraText, NULL: none
    char *sort_orders;    // sortOrderGroupList as written, NULL: none
    uint32_t first, last; // its articles, position + 1
    int32_t *groups;      // article group numbers
    size_t group_count;
};

struct article_group {
    int32_t number, parent, sort;
    int64_t marker;
    char *name, *text;
    bool deleted;
    int64_t *products; // numbers, in the order of the group
    size_t product_count;
};

// A field that the till's owner has added to the cards of relations or articles.
struct custom_field {
    const char *of, *name;
    const char *type; // behind DATA-TYPE-
    bool required;
};
#define CUSTOM_FIELDS 16
extern struct custom_field custom_fields[CUSTOM_FIELDS];
extern size_t custom_field_count;

#define STOCK_UNIT 1000000 // amounts are kept in millionths

struct stock {
    int64_t free, reserved, incoming;
    int64_t id; // of the last change
};

enum stock_why { STOCK_API, STOCK_CORRECTION, STOCK_MANUAL, STOCK_SALES };

struct stock_change {
    int64_t amount, before; // before: of a correction
    uint32_t article;
    uint32_t doc; // the document behind it, position + 1
    int8_t branch, why, doc_kind;
    int32_t date;
};

// ---- Relations --------------------------------------------------------------------------

struct relation {
    int64_t number; // negative once it was deleted
    int64_t marker;
    // By position in Relation: text of a plain field, or for a composed or repeated one the
    // elements themselves, ready to be answered. NULL: absent. The whole is NULL before any.
    char **value;
};

// ---- Documents --------------------------------------------------------------------------

enum doc_kind { DOC_ORDER, DOC_INVOICE, DOC_RECEIPT, DOC_PROPOSAL, DOC_SLIP, DOC_KINDS };

struct line {
    int64_t article; // 0: text only
    int64_t quantity, delivered, cancelled; // in units of 10^-places
    int64_t price, price_excl;              // per unit, after discount
    int64_t original;                       // per unit, before discount; equal to price without
    int64_t discount;                       // amount per unit
    int64_t incl, excl;                     // totals of the line
    const char *text;                       // replaces the article's name, or NULL
    int32_t id;                             // lineId is line-<id>
    int32_t origin;                         // id of the order's line this one is of, 0: none
    int16_t rate;                           // times 100
    int16_t group;
    int16_t percent;                        // discount, times 100
    int8_t places, vat_code;
};

struct vat_group {
    int code; // 0: group not in use
    int rate;
    int64_t excl, vat;
};

struct pay {
    int64_t amount;
    const char *card; // gift card number, or NULL
    int32_t date;
    int8_t method;
};

enum receipt_type { RECEIPT_SALE, RECEIPT_CREDIT, RECEIPT_INFLOW, RECEIPT_OUTFLOW,
                    RECEIPT_TRANSFER };
enum proposal_state { PROPOSAL_OPEN, PROPOSAL_ORDER, PROPOSAL_INVOICE, PROPOSAL_CANCELLED };

struct doc {
    int64_t marker, relation, employee;
    int64_t excl, incl, paid_amount;
    struct line *lines;
    struct pay *pays; // NULL although pay_count is 1: `incl` by `payment` on `date`
    char **value;     // what a client wrote, by position in the kind's type; NULL: nothing
    const char *ext_id; // NULL: none, or for a seeded order the one made from its number
    const char *reason; // of a credit
    struct vat_group groups[VAT_CODES];
    // Documents that belong together, position + 1: an order's first slip, invoice and receipt,
    // and from each of these the next of its kind; the order and the proposal behind it; the
    // credited document.
    uint32_t order, proposal, credits, slip, invoice, receipt, next;
    int32_t changes, version;
    int32_t date;
    int32_t entered; // the day it was entered, of a receipt that was moved to another; else 0
// yyyymmdd
    uint16_t line_count, pay_count, line_ids;
    int8_t method, payment, type, branch, entry_branch, workplace;
    bool paid, cancelled, delivered;
    bool credited, draft;
    bool made; // by a client, not seeded
    bool belgian;
    bool faulty; // seeded so that the books cannot take it
    bool hidden; // not in any list: its writer has not committed yet
    int64_t born_ms; // when it was made, on a clock that only runs
};

struct doc_list {
    struct doc *docs; // number n is docs[n - 1]
    size_t count, room;
    uint32_t *log; // log[m - FIRST_MARKER] is the position of the document that got marker m
    size_t log_count, log_room;
    struct map ext_ids;
};

struct day {
    int32_t date;
    int8_t branch;
    bool closed;
    int32_t closings;
    int64_t start;                // cash in the drawer in the morning
    int64_t difference[PAYMENTS]; // counted less expected
};

struct answer {
    char *text; // of an idempotent operation, behind its idempotencyResult
    size_t bytes;
};

struct chunk;

struct shop {
    struct options options;
    struct schema *schema;
    const struct field *relation_fields, *article_fields, *doc_fields[DOC_KINDS];
    uint8_t *doc_codes[DOC_KINDS], *article_codes; // see mplus_doc.c and mplus_product.c
    int email_field;
    uint64_t random;
    struct chunk *texts; // small texts that live as long as the shop

    struct article *articles;
    size_t article_count, article_room;
    struct map article_numbers, plus, product_numbers;
    bool plu_shared; // two articles have the same PLU number: the map knows one only
    struct product *products;
    size_t product_count, product_room;
    uint32_t *product_log; // as the documents' log
    size_t product_log_count, product_log_room;
    struct article_group *groups; // group number n is groups[n - 1]
    size_t group_count;
    int64_t group_marker;

    struct stock *stock[BRANCHES];
    struct stock_change *changes; // stockId is FIRST_MARKER + position
    size_t change_count, change_room;
    int32_t corrections;

    struct relation *relations;
    size_t relation_count, relation_room;
    uint64_t *emails; // of each relation, folded, as map_text_folded
    int64_t relation_marker; // the highest given out

    struct doc_list docs[DOC_KINDS];
    struct day *days;
    size_t day_count;

    struct answer *answers;
    size_t answer_count;
    struct map answer_keys;
    json_t *wsdl_bend;
    // So long a document made after that moment is not found by its external id.
    int64_t lag_ms, lag_from_ms;
    bool ext_ids_repeat;  // a second order of one external id is taken
};

#define DOC_ID_BYTES 33
void doc_id(const struct shop *s, enum doc_kind kind, size_t index, char id[DOC_ID_BYTES]);
// Position of the document with this id or external id, -1 when there is none.
int64_t doc_by_id(const struct shop *s, enum doc_kind kind, const char *id);
int64_t doc_by_ext_id(const struct shop *s, enum doc_kind kind, const char *ext_id);
// The same as a client finds it: not before the lag of the look-ups is over.
int64_t doc_found_by_ext_id(const struct shop *s, enum doc_kind kind, const char *ext_id);
int64_t shop_now_ms(void);
// The external id, "" when there is none, and the display form of the number ("2026-17").
char *doc_ext_id(const struct shop *s, enum doc_kind kind, size_t index, char *out, size_t room);
char *doc_string(const struct shop *s, enum doc_kind kind, size_t index, char *out, size_t room);
// Appends the document (its lines and payments are copied) and gives it a marker. The position,
// -1 when out of memory.
int64_t doc_add(struct shop *s, enum doc_kind kind, const struct doc *d);
// Gives it the next marker after a change. -1 when out of memory.
int doc_touch(struct shop *s, enum doc_kind kind, size_t index);

// Arithmetic on documents (shop_doc.c): lines to VAT groups to totals.
void doc_total(struct doc *d);
bool line_total(const struct doc *d, struct line *l); // false: out of range
// Brings quantities of the line to at least this many decimals.
bool line_scale(struct line *l, int places);
int64_t power_of_ten(int places);
// The payment at this position, also of a document that keeps none of its own.
struct pay doc_pay(const struct doc *d, int i);
int doc_add_pay(struct doc *d, struct pay pay);
bool doc_in_part(const struct doc *order); // some of it delivered, not all
int64_t line_open(const struct line *l);  // ordered, neither delivered nor cancelled

// A text that lives as long as the shop; NULL when out of memory.
const char *shop_text(struct shop *s, const char *text);
// Room for n members of an array that grows; -1 when out of memory.
int grow(void *array, size_t *room, size_t need, size_t size);
int64_t below(struct shop *s, int64_t n); // a random number

struct relation *shop_relation(const struct shop *s, int64_t number);
const char *relation_get(const struct shop *s, const struct relation *r, const char *name);
int relation_set(struct shop *s, struct relation *r, const char *name, const char *value);
// Adds an empty relation; 0 takes the next free number. NULL when out of memory.
struct relation *shop_add_relation(struct shop *s, int64_t number);
void relation_index(struct shop *s, const struct relation *r); // after its e-mail changed

struct article *shop_article(const struct shop *s, int64_t number);
struct product *shop_product(const struct shop *s, int64_t number);
// Add an empty one with this number, 0: the next free one. NULL when out of memory.
struct product *shop_add_product(struct shop *s, int64_t number);
struct article *shop_add_article(struct shop *s, uint32_t product, int64_t number);
int shop_set_plu(struct shop *s, struct article *a, const char *plu);
// Gives the product the next marker, and the article too unless NULL. -1 when out of memory.
int product_touch(struct shop *s, struct product *p, struct article *a);
struct article_group *shop_group(const struct shop *s, int64_t number); // NULL when deleted
struct article_group *shop_add_group(struct shop *s, int32_t parent, const char *name,
                                     const char *text, int32_t sort);
// Puts the product into the group, at this place of it or at the end (-1).
int group_put(struct shop *s, struct article_group *g, struct product *p, int64_t place);
void group_take(struct article_group *g, struct product *p);

// Changes the free amount and writes it down; -1 when out of memory.
int stock_change(struct shop *s, const struct stock_change *change);
// Reserves (or, with a negative sign, gives back) what is still open of an order's lines.
void stock_reserve(struct shop *s, const struct doc *order, int sign);
// Books lines as sold from the branch of the document.
int stock_sell(struct shop *s, enum doc_kind kind, size_t index);

struct day *shop_day(struct shop *s, int branch, int32_t date); // made when absent
bool day_closed(const struct shop *s, int branch, int32_t date);
int32_t day_after(int32_t date);

// Orders as the shop's customers place them; relation 0 draws one. -1 when out of memory.
int shop_add_order(struct shop *s, int64_t relation);
// The parts of it that other documents are made of too.
struct line *draw_line(struct shop *s, struct doc *d, int64_t article, int64_t quantity);
void draw_lines(struct shop *s, struct doc *d);
int64_t draw_article(struct shop *s, const struct doc *d);
int64_t draw_relation(struct shop *s, bool dutch);
void draw_customer(struct shop *s, struct doc *d, int64_t relation);
void line_reprice(struct line *l, int64_t price_incl);
void line_discount(struct line *l, int percent, int64_t amount);
// One of the shop's special articles, which with --awkward stand at the end of the list.
enum special_article { SPECIAL_DEPOSIT = 4, SPECIAL_GIFT_CARD = 3, SPECIAL_SHIPPING = 2,
                       SPECIAL_DISCOUNT = 1 };
struct line *special_line(struct shop *s, struct doc *d, enum special_article what,
                          int64_t quantity, int64_t price);
// An awkward order in the making gets its lines, then its payments, and after it was added the
// documents that belong to it (shop_awkward.c).
void awkward_lines(struct shop *s, struct doc *d);
void awkward_payments(struct shop *s, struct doc *d);
int awkward_documents(struct shop *s, size_t order);
#define MAX_LINES 12

// Note what the till knows about each member of a document and of an article.
int doc_prepare(struct shop *s);
int article_prepare(struct shop *s);

int shop_seed_goods(struct shop *s);
int shop_seed_relations(struct shop *s);
int shop_seed_orders(struct shop *s);
int shop_seed_sales(struct shop *s); // invoices and proposals
int shop_seed_days(struct shop *s);  // receipts

// Deliveries and what follows from them (shop_deliver.c), for clients and for the seed.
// quantities: per line of the order, in its own decimals. The position of the slip, -1 when out
// of memory.
int64_t order_deliver(struct shop *s, size_t order, const int64_t *quantities);
int64_t order_invoice(struct shop *s, size_t order, int64_t slip);
int64_t order_receipt(struct shop *s, size_t order, int64_t slip);
// A document of another kind with the same head; lines and payments are not copied.
struct doc doc_like(const struct doc *d);

// Whether the books ought to have this order.
bool order_expected(const struct doc *o);
const char *order_country(const struct doc *o); // "NL" or "BE"

#endif
