// SPDX-License-Identifier: MIT
// The state of the sandbox's books: administrations with their lookups, debtors, articles and
// documents, plus the tokens of the identity server. Only the asperion files change it.
#ifndef KOPPEL_SANDBOX_BOOKS_H
#define KOPPEL_SANDBOX_BOOKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "books_text.h"
#include "sandbox.h"

// ---- A multimap from folded text to row numbers ------------------------------------------

struct index_entry {
    uint64_t hash;
    size_t row;
    size_t next; // entry number + 1; 0 ends the chain
};

struct index {
    size_t *heads; // entry number + 1
    size_t head_count;
    struct index_entry *entries;
    size_t count, room;
};

void index_done(struct index *ix);
int index_add(struct index *ix, const char *text, size_t row); // empty text is not kept
// Walks the rows that may carry the text, the newest first: start with *at = 0; false at the end.
// Hashes may collide and a row may have changed since, so the caller compares the row itself.
bool index_next(const struct index *ix, const char *text, size_t *at, size_t *row);

// Equality as the books' database has it: letter case and surrounding blanks do not count.
bool text_same(const char *a, const char *b);

// ---- Rows ---------------------------------------------------------------------------------

// What a document adds up to, in cents, in total and per code: of VAT, or for a journal entry the
// ledger account (then excl is the amount, debit positive).
struct sum {
    char code[16];
    int64_t excl, vat;
};

struct sums {
    struct sum *list;
    size_t count;
    int64_t excl, vat;
};

struct sum *sums_code(struct sums *s, const char *code); // added when new; NULL: no memory
void sums_done(struct sums *s);

// Quantities count ten-thousandths: kilograms have decimals.
#define QUANTITY_PLACES 4
#define LOCATIONS 2
#define LOCATION_DEFAULT 0 // where orders reserve and are delivered from

struct level {
    int64_t stock, reserved, on_order;
};

struct stock {
    struct level at[LOCATIONS];
    int64_t back_order;
};

extern const char *const location_names[LOCATIONS];

// The sums of all locations.
struct level stock_total(const struct stock *s);

struct row {
    char *json; // the object with its id, without _meta; NULL: made from the catalogue
    union {
        struct sums *sums;   // of a document
        struct stock *stock; // of an article
    };
    int64_t born_ms; // when it was made, by books_now_ms
    bool removed;
    bool active; // of an article
};

enum rows_kind {
    ROWS_DEBTORS,
    ROWS_ARTICLES,
    ROWS_INVOICES,
    ROWS_ORDERS,
    ROWS_JOURNAL,
    ROWS_KINDS
};
enum rows_view { VIEW_ALL, VIEW_ACTIVE, VIEW_INACTIVE, VIEWS };
#define ROWS_INDEXES 3

// What makes the seeded articles: nothing is kept of them until they are changed.
struct catalogue {
    uint64_t seed;
    size_t regular; // articles 1 to n of the till
    size_t extra;
};

struct rows {
    enum rows_kind kind;
    struct row *list;
    size_t count, room;
    json_int_t first_id; // ids follow each other, also over removed rows
    struct index index[ROWS_INDEXES];
    const struct catalogue *catalogue;
    // Row numbers by view, made when they are asked for after a change, so that a page of a long
    // list costs no more than a page.
    size_t *view[VIEWS];
    size_t view_count[VIEWS];
    bool stale;
};

// Names of the members an index is kept of, in the order of rows.index; NULL ends them.
extern const char *const rows_indexed[ROWS_KINDS][ROWS_INDEXES + 1];

// Adds a row and gives it the next id; takes over the value, sums and stock, also on failure.
int rows_add_take(struct rows *r, json_t *value, void *sums_or_stock);
// Replaces the value of a row, and its sums unless NULL. Same taking over.
int rows_set_take(struct rows *r, size_t row, json_t *value, struct sums *sums);
int rows_add_catalogue(struct rows *r, const struct catalogue *from);
void rows_remove(struct rows *r, size_t row);
void rows_done(struct rows *r);

// Row number of an id; -1 when there is none or it was removed.
int64_t rows_find(const struct rows *r, json_int_t id);
// The first row (of the newest first) whose indexed member equals the text, other than `except`
// (-1: none); -1 when there is none.
int64_t rows_equal(const struct rows *r, const char *member, const char *text, int64_t except);
json_int_t rows_id(const struct rows *r, size_t row);
// How many rows the view has, and the n-th of them; -1 count when memory ran out.
int64_t rows_view(struct rows *r, enum rows_view view);
size_t rows_at(const struct rows *r, enum rows_view view, size_t n);
// The text of a row with the figures of its stock, without _meta.
void rows_text(const struct rows *r, size_t row, struct out *o);
json_t *rows_value(const struct rows *r, size_t row); // a new reference; NULL: no memory

// ---- The catalogue (books_catalogue.c) ----------------------------------------------------

void catalogue_text(const struct catalogue *c, size_t row, json_int_t id, struct out *o);
void catalogue_stock(const struct catalogue *c, size_t row, struct stock *stock);
bool catalogue_active(const struct catalogue *c, size_t row);
// The number of article `row` as the indexes have it, "" for a member that is not indexed.
const char *catalogue_member(const struct catalogue *c, size_t row, const char *member, char *out,
                             size_t out_bytes);

// ---- Administrations ------------------------------------------------------------------------

enum lookup {
    L_JOURNALS,
    L_LEDGER,
    L_VAT,
    L_CONDITIONS,
    L_COST_CENTERS,
    L_COST_UNITS,
    L_SALES_TYPES,
    L_DEBTOR_KINDS,
    L_PAYMENT_METHODS,
    L_ROUTES,
    LOOKUPS
};

#define CLOSED_BYTES 8

struct tenant {
    int id;
    const char *name;
    json_t *lookups[LOOKUPS];
    struct rows rows[ROWS_KINDS];
    struct catalogue catalogue;
    char closed_until[CLOSED_BYTES]; // "2026-02": nothing can be booked up to that month; "" none
    int invoice_status;              // of a sales invoice that is posted
    bool in_trade;                   // the pack that sales orders need was bought
};

#define TENANTS 2
#define TENANT_DEFAULT 0 // used when the header is missing
#define TENANT_DEMO 1

enum invoice_status { INVOICE_CONCEPT = 1, INVOICE_PAID = 7, INVOICE_HOLD = 8 };
enum order_status { ORDER_OPEN = 1, ORDER_DELIVERED, ORDER_INVOICED, ORDER_CANCELLED };

// ---- Tokens -------------------------------------------------------------------------------

#define TOKEN_BYTES 48

enum token_kind { TOKEN_CODE, TOKEN_ACCESS, TOKEN_REFRESH };

struct token {
    enum token_kind kind;
    char text[TOKEN_BYTES];
    int64_t ends_ms;         // monotonic
    char challenge[64];      // of a code, "" without PKCE
    char redirect_uri[512];  // of a code
};

struct books {
    struct tenant tenants[TENANTS];
    struct token *tokens;
    size_t token_count, token_room;
    int64_t token_lifetime_s;
    // So long a record made after that moment is not found by a filter.
    int64_t lag_ms, lag_from_ms;
    bool unique_references; // a second document of one reference is refused
    json_t *files;          // what was sent as files of invoices
    json_t *bend; // how the description and the names on the wire are bent; NULL: not
    bool tls;
};

int64_t books_now_ms(void); // monotonic
// Makes a token; the result lives until the next change of the tokens. NULL: no memory.
struct token *books_token_new(struct books *b, enum token_kind kind, int64_t lifetime_s);
struct token *books_token(struct books *b, enum token_kind kind, const char *text);
void books_token_drop(struct books *b, struct token *t);
void books_tokens_clear(struct books *b, bool refresh_too);

// The row of a lookup whose "id" is this text or number; NULL when there is none.
json_t *books_lookup_text(const struct tenant *t, enum lookup which, const char *id);
json_t *books_lookup_int(const struct tenant *t, enum lookup which, json_int_t id);
int vat_row_rate(const json_t *row); // times 100

int books_seed_lookups(struct tenant *t);
int books_seed_debtors(struct tenant *t, const struct options *options);
int books_seed_orders(struct tenant *t, const struct options *options);
json_t *books_debtor_row(const char *number, const char *name, const char *email, const char *kind);

#endif
