// SPDX-License-Identifier: MIT
// The state of the sandbox's books: administrations with their lookups, debtors, articles and
// sales invoices, plus the tokens of the identity server. Only asperion.c changes it.
#ifndef KOPPEL_SANDBOX_BOOKS_H
#define KOPPEL_SANDBOX_BOOKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
// Walks the rows that may carry the text: start with *at = 0; false at the end. Hashes may
// collide, so the caller compares the row itself.
bool index_next(const struct index *ix, const char *text, size_t *at, size_t *row);

// Equality as the books' database has it: letter case and surrounding blanks do not count.
bool text_same(const char *a, const char *b);

// ---- Rows ---------------------------------------------------------------------------------

struct table {
    json_t **rows;
    size_t count, room;
    json_int_t next_id;
};

int table_add_take(struct table *t, json_t *row); // sets "id" when the row has none

struct vat_total {
    char code[8];
    int64_t excl, vat; // cents
};

// Kept as text, because a hundred thousand of them as JSON values would fill the memory.
struct invoice {
    char *json;
    char *description, *number, *customer;
    int64_t excl, vat, incl; // cents
    struct vat_total *totals;
    int total_count;
};

struct tenant {
    int id;
    const char *name;
    json_t *journals, *ledger_accounts, *vat_codes, *payment_conditions, *cost_centers;
    struct table debtors, articles;
    struct index debtor_email, debtor_number, debtor_vat, article_number;
    struct invoice *invoices;
    size_t invoice_count, invoice_room;
    json_int_t next_invoice_id;
    struct index invoice_description, invoice_number, invoice_customer;
};

#define TENANTS 2
#define TENANT_DEFAULT 0 // used when the header is missing
#define TENANT_DEMO 1

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
    bool tls;
};

int64_t books_now_ms(void); // monotonic
// Makes a token; the result lives until the next change of the tokens. NULL: no memory.
struct token *books_token_new(struct books *b, enum token_kind kind, int64_t lifetime_s);
struct token *books_token(struct books *b, enum token_kind kind, const char *text);
void books_token_drop(struct books *b, struct token *t);
void books_tokens_clear(struct books *b, bool refresh_too);

int books_debtor_add_take(struct tenant *t, json_t *row);
int books_debtor_index(struct tenant *t, size_t row); // after a change of the row
int books_article_add_take(struct tenant *t, json_t *row);
// Takes over the members of inv, also on failure.
int books_invoice_add(struct tenant *t, struct invoice *inv);
void invoice_done(struct invoice *inv);

// The row of a lookup whose "id" is this text or number; NULL when there is none.
json_t *books_lookup_text(json_t *rows, const char *id);
json_t *books_lookup_int(json_t *rows, json_int_t id);
int vat_row_rate(const json_t *row); // times 100

#endif
