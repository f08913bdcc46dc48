// SPDX-License-Identifier: MIT
// Keeps the sandbox's books: administrations, tokens, and what the comparison with the till reads.
#include "books.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_DEBTOR 301
#define FIRST_ARTICLE 71
#define FIRST_INVOICE 901
#define FIRST_ORDER 5501
#define FIRST_ENTRY 7001

int64_t books_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

// ---- Lookups --------------------------------------------------------------------------------

json_t *books_lookup_text(const struct tenant *t, enum lookup which, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach(t->lookups[which], i, row) {
        const char *have = json_string_value(json_object_get(row, "id"));
        if (have && strcmp(have, id) == 0)
            return row;
    }
    return NULL;
}

json_t *books_lookup_int(const struct tenant *t, enum lookup which, json_int_t id)
{
    size_t i;
    json_t *row;
    json_array_foreach(t->lookups[which], i, row) {
        if (json_integer_value(json_object_get(row, "id")) == id)
            return row;
    }
    return NULL;
}

int vat_row_rate(const json_t *row)
{
    int64_t rate = 0;
    return units_of(json_object_get(row, "percentage"), 2, &rate) ? (int)rate : 0;
}

// ---- Tokens ---------------------------------------------------------------------------------

struct token *books_token_new(struct books *b, enum token_kind kind, int64_t lifetime_s)
{
    int64_t now = books_now_ms();
    for (size_t i = b->token_count; i-- > 0;) {
        if (b->tokens[i].ends_ms <= now)
            books_token_drop(b, &b->tokens[i]);
    }
    if (b->token_count == b->token_room) {
        size_t room = b->token_room ? b->token_room * 2 : 32;
        struct token *grown = realloc(b->tokens, room * sizeof *grown);
        if (!grown)
            return NULL;
        b->tokens = grown;
        b->token_room = room;
    }
    struct token *t = &b->tokens[b->token_count++];
    memset(t, 0, sizeof *t);
    t->kind = kind;
    t->ends_ms = now + lifetime_s * 1000;
    unsigned char raw[20];
    randombytes_buf(raw, sizeof raw);
    sodium_bin2hex(t->text, sizeof t->text, raw, sizeof raw);
    return t;
}

struct token *books_token(struct books *b, enum token_kind kind, const char *text)
{
    int64_t now = books_now_ms();
    for (size_t i = 0; i < b->token_count; i++) {
        struct token *t = &b->tokens[i];
        if (t->kind == kind && t->ends_ms > now && strcmp(t->text, text) == 0)
            return t;
    }
    return NULL;
}

void books_token_drop(struct books *b, struct token *t)
{
    *t = b->tokens[--b->token_count];
}

void books_tokens_clear(struct books *b, bool refresh_too)
{
    for (size_t i = b->token_count; i-- > 0;) {
        if (b->tokens[i].kind == TOKEN_ACCESS ||
            (refresh_too && b->tokens[i].kind == TOKEN_REFRESH))
            books_token_drop(b, &b->tokens[i]);
    }
}

// ---- Administrations --------------------------------------------------------------------------

static int tenant_init(struct tenant *t, int id, const char *name)
{
    static const json_int_t first[ROWS_KINDS] = {FIRST_DEBTOR, FIRST_ARTICLE, FIRST_INVOICE,
                                                 FIRST_ORDER, FIRST_ENTRY};
    t->id = id;
    t->name = name;
    t->invoice_status = INVOICE_CONCEPT;
    t->in_trade = true;
    for (int i = 0; i < ROWS_KINDS; i++) {
        t->rows[i].kind = (enum rows_kind)i;
        t->rows[i].first_id = first[i];
    }
    return books_seed_lookups(t);
}

static int seed_demo(struct tenant *t, const struct options *options)
{
    t->catalogue = (struct catalogue){options->seed, (size_t)options->articles - 1,
                                      (size_t)options->catalogue};
    if (books_seed_debtors(t, options) != 0 ||
        rows_add_catalogue(&t->rows[ROWS_ARTICLES], &t->catalogue) != 0)
        return -1;
    return books_seed_orders(t, options);
}

struct books *books_new(const struct options *options)
{
    if (sodium_init() < 0)
        return NULL;
    struct books *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->token_lifetime_s = 3600;
    b->tls = options->tls_cert_file != NULL;
    struct tenant *other = &b->tenants[TENANT_DEFAULT], *demo = &b->tenants[TENANT_DEMO];
    if (tenant_init(other, 1001, "Wrong B.V.") != 0 || tenant_init(demo, 1042, "Demo B.V.") != 0 ||
        rows_add_take(&other->rows[ROWS_DEBTORS],
                      books_debtor_row("9999", "Verkeerde klant", "", "1"), NULL) != 0 ||
        seed_demo(demo, options) != 0) {
        books_free(b);
        return NULL;
    }
    return b;
}

void books_free(struct books *b)
{
    if (!b)
        return;
    for (int i = 0; i < TENANTS; i++) {
        for (int k = 0; k < LOOKUPS; k++)
            json_decref(b->tenants[i].lookups[k]);
        for (int k = 0; k < ROWS_KINDS; k++)
            rows_done(&b->tenants[i].rows[k]);
    }
    json_decref(b->bend);
    json_decref(b->files);
    free(b->tokens);
    free(b);
}

// ---- For the comparison with the till -----------------------------------------------------------

static int visit_document(const struct row *row, int (*visit)(void *, const struct book_invoice *),
                          void *arg)
{
    const struct sums *s = row->sums;
    char description[256] = "";
    struct span value;
    struct book_vat *vat = calloc(s->count + 1, sizeof *vat);
    if (!vat)
        return -1;
    for (size_t k = 0; k < s->count; k++)
        vat[k] = (struct book_vat){s->list[k].code, s->list[k].excl, s->list[k].vat};
    if (span_get(row->json, "description", &value))
        span_string(value, description, sizeof description);
    struct book_invoice shown = {.description = description, .excl_cents = s->excl,
                                 .vat_cents = s->vat, .incl_cents = s->excl + s->vat,
                                 .n = (int)s->count, .vat = vat};
    int rc = visit(arg, &shown);
    free(vat);
    return rc;
}

int books_invoices(const struct books *b,
                   int (*visit)(void *arg, const struct book_invoice *invoice), void *arg)
{
    const struct rows *r = &b->tenants[TENANT_DEMO].rows[ROWS_INVOICES];
    for (size_t i = 0; i < r->count; i++) {
        int rc = r->list[i].removed ? 0 : visit_document(&r->list[i], visit, arg);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int books_vat_rate(const struct books *b, const char *vat_code)
{
    const json_t *row = books_lookup_text(&b->tenants[TENANT_DEMO], L_VAT, vat_code);
    return row ? vat_row_rate(row) : -1;
}
