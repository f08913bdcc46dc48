// SPDX-License-Identifier: MIT
// Keeps and seeds the sandbox's books; see books.h.
#include "books.h"

#include <ctype.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

int64_t books_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

// ---- Index ----------------------------------------------------------------------------------

static const char *trimmed(const char *text, size_t *bytes)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    *bytes = n;
    return text;
}

bool text_same(const char *a, const char *b)
{
    size_t na, nb;
    a = trimmed(a, &na);
    b = trimmed(b, &nb);
    return na == nb && strncasecmp(a, b, na) == 0;
}

static uint64_t fold_hash(const char *text)
{
    size_t n;
    uint64_t h = 1469598103934665603u;
    text = trimmed(text, &n);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint64_t)tolower((unsigned char)text[i])) * 1099511628211u;
    return h;
}

void index_done(struct index *ix)
{
    free(ix->heads);
    free(ix->entries);
    memset(ix, 0, sizeof *ix);
}

static int index_grow(struct index *ix)
{
    size_t room = ix->room ? ix->room * 2 : 256;
    struct index_entry *entries = realloc(ix->entries, room * sizeof *entries);
    if (!entries)
        return -1;
    ix->entries = entries;
    size_t *heads = calloc(room, sizeof *heads);
    if (!heads)
        return -1;
    free(ix->heads);
    ix->heads = heads;
    ix->head_count = ix->room = room;
    for (size_t i = 0; i < ix->count; i++) {
        size_t *head = &heads[entries[i].hash % room];
        entries[i].next = *head;
        *head = i + 1;
    }
    return 0;
}

int index_add(struct index *ix, const char *text, size_t row)
{
    size_t n;
    if (!text || (trimmed(text, &n), n == 0))
        return 0;
    uint64_t hash = fold_hash(text);
    if (ix->head_count) {
        for (size_t e = ix->heads[hash % ix->head_count]; e; e = ix->entries[e - 1].next) {
            if (ix->entries[e - 1].hash == hash && ix->entries[e - 1].row == row)
                return 0;
        }
    }
    if (ix->count == ix->room && index_grow(ix) != 0)
        return -1;
    size_t *head = &ix->heads[hash % ix->head_count];
    ix->entries[ix->count] = (struct index_entry){hash, row, *head};
    *head = ++ix->count;
    return 0;
}

bool index_next(const struct index *ix, const char *text, size_t *at, size_t *row)
{
    if (!ix->head_count)
        return false;
    uint64_t hash = fold_hash(text);
    size_t e = *at ? ix->entries[*at - 1].next : ix->heads[hash % ix->head_count];
    while (e && ix->entries[e - 1].hash != hash)
        e = ix->entries[e - 1].next;
    if (!e)
        return false;
    *at = e;
    *row = ix->entries[e - 1].row;
    return true;
}

// ---- Rows -----------------------------------------------------------------------------------

int table_add_take(struct table *t, json_t *row)
{
    if (!row)
        return -1;
    if (t->count == t->room) {
        size_t room = t->room ? t->room * 2 : 64;
        json_t **rows = realloc(t->rows, room * sizeof(json_t *));
        if (!rows) {
            json_decref(row);
            return -1;
        }
        t->rows = rows;
        t->room = room;
    }
    if (!json_object_get(row, "id") && json_object_set_new(row, "id", json_integer(t->next_id++))) {
        json_decref(row);
        return -1;
    }
    t->rows[t->count++] = row;
    return 0;
}

static void table_done(struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        json_decref(t->rows[i]);
    free(t->rows);
}

static const char *row_text(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

int books_debtor_index(struct tenant *t, size_t row)
{
    const json_t *d = t->debtors.rows[row];
    if (index_add(&t->debtor_email, row_text(d, "emailAddress"), row) != 0 ||
        index_add(&t->debtor_number, row_text(d, "customerNumber"), row) != 0)
        return -1;
    return index_add(&t->debtor_vat, row_text(d, "vatNumber"), row);
}

int books_debtor_add_take(struct tenant *t, json_t *row)
{
    if (table_add_take(&t->debtors, row) != 0)
        return -1;
    return books_debtor_index(t, t->debtors.count - 1);
}

int books_article_add_take(struct tenant *t, json_t *row)
{
    if (table_add_take(&t->articles, row) != 0)
        return -1;
    return index_add(&t->article_number, row_text(row, "articleNumber"), t->articles.count - 1);
}

void invoice_done(struct invoice *inv)
{
    free(inv->json);
    free(inv->description);
    free(inv->number);
    free(inv->customer);
    free(inv->totals);
    memset(inv, 0, sizeof *inv);
}

int books_invoice_add(struct tenant *t, struct invoice *inv)
{
    size_t row = t->invoice_count;
    if (row == t->invoice_room) {
        size_t room = row ? row * 2 : 256;
        struct invoice *grown = realloc(t->invoices, room * sizeof *grown);
        if (!grown) {
            invoice_done(inv);
            return -1;
        }
        t->invoices = grown;
        t->invoice_room = room;
    }
    if (index_add(&t->invoice_description, inv->description, row) != 0 ||
        index_add(&t->invoice_number, inv->number, row) != 0 ||
        index_add(&t->invoice_customer, inv->customer, row) != 0) {
        invoice_done(inv);
        return -1;
    }
    t->invoices[t->invoice_count++] = *inv;
    memset(inv, 0, sizeof *inv);
    return 0;
}

json_t *books_lookup_text(json_t *rows, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const char *have = row_text(row, "id");
        if (have && strcmp(have, id) == 0)
            return row;
    }
    return NULL;
}

json_t *books_lookup_int(json_t *rows, json_int_t id)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        if (json_integer_value(json_object_get(row, "id")) == id)
            return row;
    }
    return NULL;
}

int vat_row_rate(const json_t *row)
{
    return (int)lround(json_number_value(json_object_get(row, "percentage")) * 100);
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
        if (b->tokens[i].kind == TOKEN_ACCESS || (refresh_too && b->tokens[i].kind == TOKEN_REFRESH))
            books_token_drop(b, &b->tokens[i]);
    }
}

// ---- Seed -----------------------------------------------------------------------------------

static json_t *seed_vat_codes(void)
{
    static const struct {
        const char *id, *description, *country;
        double percentage;
        int is_default;
    } rows[] = {
        {"1", "BTW hoog 21%", "NL", 21.0, 1},      {"2", "BTW laag 9%", "NL", 9.0, 0},
        {"3", "BTW nul 0%", "NL", 0.0, 0},         {"4", "ICP binnen EU 0%", "", 0.0, 0},
        {"21", "OSS Belgi\u00eb 21%", "BE", 21.0, 0},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_array_append_new(list, json_pack("{s:s,s:s,s:b,s:f,s:b,s:s,s:n,s:s}", "id", rows[i].id,
            "description", rows[i].description, "salesCode", 1, "percentage", rows[i].percentage,
            "isDefault", rows[i].is_default, "validFrom", "2019-01-01T00:00:00", "validUntil",
            "countryCode", rows[i].country));
    }
    return list;
}

static json_t *seed_ledger_accounts(void)
{
    static const struct {
        int id, type;
        const char *description, *vat_code;
        int disabled;
    } rows[] = {
        {1000, 1, "Kas", NULL, 0},           {1010, 1, "Pin onderweg", NULL, 0},
        {1020, 1, "iDEAL onderweg", NULL, 0}, {1300, 1, "Debiteuren", NULL, 0},
        {8000, 2, "Omzet hoog", "1", 0},     {8010, 2, "Omzet laag", "2", 0},
        {8020, 2, "Omzet nul", "3", 0},      {8100, 2, "Omzet Belgi\u00eb OSS", "21", 0},
        {8200, 2, "Omzet binnen EU", "4", 0}, {8900, 2, "Afrondingsverschillen", "3", 0},
        {8999, 2, "Omzet oud (vervallen)", "1", 1},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_array_append_new(list, json_pack("{s:i,s:i,s:s,s:s?,s:b,s:n}", "id", rows[i].id, "type",
            rows[i].type, "description", rows[i].description, "vatCode", rows[i].vat_code,
            "disabled", rows[i].disabled, "rcsfi"));
    }
    return list;
}

static int seed_lookups(struct tenant *t)
{
    t->vat_codes = seed_vat_codes();
    t->ledger_accounts = seed_ledger_accounts();
    t->journals = json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]",
        "id", "20", "description", "Bank", "type", "Bank",
        "id", "70", "description", "Verkoopboek", "type", "Sales",
        "id", "90", "description", "Memoriaal", "type", "Memorial");
    t->payment_conditions = json_pack("[{s:i,s:s},{s:i,s:s},{s:i,s:s}]",
        "id", 1, "description", "Contant", "id", 2, "description", "14 dagen",
        "id", 3, "description", "30 dagen");
    t->cost_centers = json_pack("[{s:i,s:s,s:s},{s:i,s:s,s:s}]",
        "id", 1, "description", "Winkel", "conversionCode", "1",
        "id", 2, "description", "Webshop", "conversionCode", "2");
    t->debtors.next_id = 301;
    t->articles.next_id = 71;
    t->next_invoice_id = 901;
    return t->vat_codes && t->ledger_accounts && t->journals && t->payment_conditions &&
           t->cost_centers ? 0 : -1;
}

static json_t *seed_debtor(const char *number, const char *name, const char *email, const char *kind)
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

static int seed_demo(struct tenant *t, const struct options *options)
{
    char email[256];
    other_case(RELATION_KNOWN_DEBTOR, email, sizeof email);
    if (books_debtor_add_take(t, seed_debtor("10003", "Jan (bestaande klant)", email, "1")) != 0 ||
        books_debtor_add_take(t, seed_debtor("10101", "Dubbel Eerste", "dubbel@voorbeeld.example", "1")) ||
        books_debtor_add_take(t, seed_debtor("10102", "Dubbel Tweede", "Dubbel@voorbeeld.example", "1")) ||
        books_debtor_add_take(t, seed_debtor("9999", "Contante verkopen", "", "1")) != 0)
        return -1;
    for (int n = 1; n < options->articles; n++) {
        char number[16], name[32];
        snprintf(number, sizeof number, "%d", n);
        snprintf(name, sizeof name, "Artikel %d", n);
        int price = 100 + n * 37 % 4000;
        json_t *row = json_pack("{s:s,s:s,s:i,s:s,s:f,s:f,s:s,s:f,s:b}", "articleNumber", number,
            "description", name, "salesTypeId", 1, "unit", "st", "salesPrice", price / 100.0,
            "purchasePrice", price / 2 / 100.0, "eanCode1", "", "currentStock", (double)(n % 20),
            "active", n != 4);
        if (books_article_add_take(t, row) != 0)
            return -1;
    }
    return 0;
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
    b->tenants[TENANT_DEFAULT].id = 1001;
    b->tenants[TENANT_DEFAULT].name = "Wrong B.V.";
    b->tenants[TENANT_DEMO].id = 1042;
    b->tenants[TENANT_DEMO].name = "Demo B.V.";
    if (seed_lookups(&b->tenants[0]) != 0 || seed_lookups(&b->tenants[1]) != 0 ||
        books_debtor_add_take(&b->tenants[TENANT_DEFAULT],
                              seed_debtor("9999", "Verkeerde klant", "", "1")) != 0 ||
        seed_demo(&b->tenants[TENANT_DEMO], options) != 0) {
        books_free(b);
        return NULL;
    }
    return b;
}

static void tenant_done(struct tenant *t)
{
    json_decref(t->journals);
    json_decref(t->ledger_accounts);
    json_decref(t->vat_codes);
    json_decref(t->payment_conditions);
    json_decref(t->cost_centers);
    table_done(&t->debtors);
    table_done(&t->articles);
    index_done(&t->debtor_email);
    index_done(&t->debtor_number);
    index_done(&t->debtor_vat);
    index_done(&t->article_number);
    for (size_t i = 0; i < t->invoice_count; i++)
        invoice_done(&t->invoices[i]);
    free(t->invoices);
    index_done(&t->invoice_description);
    index_done(&t->invoice_number);
    index_done(&t->invoice_customer);
}

void books_free(struct books *b)
{
    if (!b)
        return;
    for (int i = 0; i < TENANTS; i++)
        tenant_done(&b->tenants[i]);
    free(b->tokens);
    free(b);
}

// ---- For the comparison with the till -----------------------------------------------------------

int books_invoices(const struct books *b,
                   int (*visit)(void *arg, const struct book_invoice *invoice), void *arg)
{
    const struct tenant *t = &b->tenants[TENANT_DEMO];
    for (size_t i = 0; i < t->invoice_count; i++) {
        const struct invoice *inv = &t->invoices[i];
        struct book_vat *vat = calloc((size_t)inv->total_count + 1, sizeof *vat);
        if (!vat)
            return -1;
        for (int k = 0; k < inv->total_count; k++)
            vat[k] = (struct book_vat){inv->totals[k].code, inv->totals[k].excl, inv->totals[k].vat};
        struct book_invoice shown = {.description = inv->description, .excl_cents = inv->excl,
                                     .vat_cents = inv->vat, .incl_cents = inv->incl,
                                     .n = inv->total_count, .vat = vat};
        int rc = visit(arg, &shown);
        free(vat);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int books_vat_rate(const struct books *b, const char *vat_code)
{
    const json_t *row = books_lookup_text(b->tenants[TENANT_DEMO].vat_codes, vat_code);
    return row ? vat_row_rate(row) : -1;
}
