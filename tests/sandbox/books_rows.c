// SPDX-License-Identifier: MIT
// Rows of the books as text, with indexes and views over them; see books.h.
#include "books.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Longer texts are compared by their begin: no key of the books is as long.
#define LONGEST_KEY 256

const char *const location_names[LOCATIONS] = {"Hoofdmagazijn", "Winkel"};

const char *const rows_indexed[ROWS_KINDS][ROWS_INDEXES + 1] = {
    [ROWS_DEBTORS] = {"customerNumber", "emailAddress", "vatNumber"},
    [ROWS_ARTICLES] = {"articleNumber", "eanCode1", "mainArticleNumber"},
    [ROWS_INVOICES] = {"description", "invoiceNumber", "debtorCustomerNumber"},
    [ROWS_ORDERS] = {"reference", "debtorCustomerNumber"},
    [ROWS_JOURNAL] = {"sourceDocumentNumber", "description"},
};

// ---- Index ----------------------------------------------------------------------------------

// How the books' database sees a text: without the blanks around it, letters of A to Z small.
struct folded {
    char text[LONGEST_KEY];
    size_t bytes;
};

static struct folded fold(const char *text)
{
    struct folded f = {.bytes = 0};
    for (text += strspn(text, " \t\r\n"); *text && f.bytes < sizeof f.text; text++)
        f.text[f.bytes++] = (char)tolower((unsigned char)*text);
    while (f.bytes > 0 && strchr(" \t\r\n", f.text[f.bytes - 1]))
        f.bytes--;
    return f;
}

bool text_same(const char *a, const char *b)
{
    struct folded x = fold(a), y = fold(b);
    return x.bytes == y.bytes && memcmp(x.text, y.text, x.bytes) == 0;
}

static uint64_t folded_hash(const struct folded *f)
{
    uint64_t h = f->bytes;
    for (size_t i = 0; i < f->bytes; i++)
        h = (h + (unsigned char)f->text[i]) * UINT64_C(0x9e3779b97f4a7c15) ^ (h >> 29);
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
    struct folded f = fold(text ? text : "");
    if (f.bytes == 0)
        return 0;
    uint64_t hash = folded_hash(&f);
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
    struct folded f = fold(text);
    uint64_t hash = folded_hash(&f);
    size_t e = *at ? ix->entries[*at - 1].next : ix->heads[hash % ix->head_count];
    while (e && ix->entries[e - 1].hash != hash)
        e = ix->entries[e - 1].next;
    if (!e)
        return false;
    *at = e;
    *row = ix->entries[e - 1].row;
    return true;
}

// ---- Sums and stock ---------------------------------------------------------------------------

struct sum *sums_code(struct sums *s, const char *code)
{
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->list[i].code, code) == 0)
            return &s->list[i];
    }
    struct sum *grown = realloc(s->list, (s->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    s->list = grown;
    grown = &grown[s->count++];
    *grown = (struct sum){.excl = 0};
    snprintf(grown->code, sizeof grown->code, "%s", code);
    return grown;
}

void sums_done(struct sums *s)
{
    free(s->list);
    *s = (struct sums){0};
}

static void sums_free(struct sums *s)
{
    if (s)
        free(s->list);
    free(s);
}

struct level stock_total(const struct stock *s)
{
    struct level all = {0};
    for (int i = 0; i < LOCATIONS; i++) {
        all.stock += s->at[i].stock;
        all.reserved += s->at[i].reserved;
        all.on_order += s->at[i].on_order;
    }
    return all;
}

// ---- Rows -----------------------------------------------------------------------------------

static void extra_free(const struct rows *r, void *extra)
{
    if (r->kind == ROWS_ARTICLES)
        free(extra);
    else
        sums_free(extra);
}

static struct row *row_new(struct rows *r)
{
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct row *grown = realloc(r->list, room * sizeof *grown);
        if (!grown)
            return NULL;
        r->list = grown;
        r->room = room;
    }
    struct row *row = &r->list[r->count++];
    *row = (struct row){.active = true, .born_ms = books_now_ms()};
    r->stale = true;
    return row;
}

static int row_index(struct rows *r, size_t row)
{
    const struct row *w = &r->list[row];
    char text[256];
    struct span value;
    for (int i = 0; rows_indexed[r->kind][i]; i++) {
        const char *name = rows_indexed[r->kind][i];
        if (!w->json)
            catalogue_member(r->catalogue, row, name, text, sizeof text);
        else if (span_get(w->json, name, &value))
            span_string(value, text, sizeof text);
        else
            text[0] = '\0';
        if (index_add(&r->index[i], text, row) != 0)
            return -1;
    }
    return 0;
}

// Members that are not kept in the text: _meta, and what the stock of an article gives.
static char *row_dump(json_t *value, json_int_t id)
{
    static const char *const elsewhere[] = {"id", "_meta", "currentStock", "reserved", "backOrder",
                                            "onOrder", "locations"};
    struct out o = {0};
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        json_object_del(value, elsewhere[i]);
    out_format(&o, "{\"id\":%" JSON_INTEGER_FORMAT, id);
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member) {
        out_text(&o, ",");
        out_string(&o, name);
        out_text(&o, ":");
        out_value(&o, member);
    }
    out_text(&o, "}");
    return out_take(&o);
}

json_int_t rows_id(const struct rows *r, size_t row)
{
    return r->first_id + (json_int_t)row;
}

int rows_set_take(struct rows *r, size_t row, json_t *value, struct sums *sums)
{
    struct row *w = &r->list[row];
    const json_t *active = json_object_get(value, "active");
    char *json = value ? row_dump(value, rows_id(r, row)) : NULL;
    if (active && w->active != json_is_true(active)) {
        w->active = json_is_true(active);
        r->stale = true;
    }
    json_decref(value);
    if (!json) {
        sums_free(sums);
        return -1;
    }
    free(w->json);
    w->json = json;
    if (sums) {
        sums_free(w->sums);
        w->sums = sums;
    }
    return row_index(r, row);
}

int rows_add_take(struct rows *r, json_t *value, void *sums_or_stock)
{
    struct row *w = value ? row_new(r) : NULL;
    if (!w) {
        json_decref(value);
        extra_free(r, sums_or_stock);
        return -1;
    }
    if (r->kind == ROWS_ARTICLES)
        w->stock = sums_or_stock;
    else
        w->sums = sums_or_stock;
    return rows_set_take(r, r->count - 1, value, NULL);
}

int rows_add_catalogue(struct rows *r, const struct catalogue *from)
{
    r->catalogue = from;
    for (size_t i = 0; i < from->regular + from->extra; i++) {
        struct row *w = row_new(r);
        struct stock *stock = w ? calloc(1, sizeof *stock) : NULL;
        if (!stock)
            return -1;
        catalogue_stock(from, i, stock);
        w->stock = stock;
        w->active = catalogue_active(from, i);
        if (row_index(r, i) != 0)
            return -1;
    }
    return 0;
}

void rows_remove(struct rows *r, size_t row)
{
    r->list[row].removed = true;
    r->stale = true;
}

void rows_done(struct rows *r)
{
    for (size_t i = 0; i < r->count; i++) {
        extra_free(r, r->kind == ROWS_ARTICLES ? (void *)r->list[i].stock : r->list[i].sums);
        free(r->list[i].json);
    }
    free(r->list);
    for (int i = 0; i < ROWS_INDEXES; i++)
        index_done(&r->index[i]);
    for (int i = 0; i < VIEWS; i++)
        free(r->view[i]);
    *r = (struct rows){.kind = r->kind};
}

// ---- Finding --------------------------------------------------------------------------------

int64_t rows_find(const struct rows *r, json_int_t id)
{
    json_int_t row = id - r->first_id;
    return row >= 0 && row < (json_int_t)r->count && !r->list[row].removed ? row : -1;
}

static const char *row_member(const struct rows *r, size_t row, const char *member, char *out,
                              size_t bytes)
{
    struct span value;
    if (!r->list[row].json)
        return catalogue_member(r->catalogue, row, member, out, bytes);
    if (!span_get(r->list[row].json, member, &value))
        value.bytes = 0;
    return span_string(value, out, bytes);
}

int64_t rows_equal(const struct rows *r, const char *member, const char *text, int64_t except)
{
    char have[256];
    int i = 0;
    while (strcmp(rows_indexed[r->kind][i], member) != 0)
        i++;
    size_t at = 0, row;
    while (*text && index_next(&r->index[i], text, &at, &row)) {
        if (!r->list[row].removed && (int64_t)row != except &&
            text_same(row_member(r, row, member, have, sizeof have), text))
            return (int64_t)row;
    }
    return -1;
}

// ---- Views ----------------------------------------------------------------------------------

static bool row_in(const struct row *w, enum rows_view view)
{
    if (w->removed)
        return false;
    return view == VIEW_ALL || w->active == (view == VIEW_ACTIVE);
}

int64_t rows_view(struct rows *r, enum rows_view view)
{
    if (r->stale) {
        for (int v = 0; v < VIEWS; v++) {
            free(r->view[v]);
            r->view[v] = NULL;
        }
        r->stale = false;
    }
    if (!r->view[view]) {
        size_t *list = malloc((r->count + 1) * sizeof *list), n = 0;
        if (!list)
            return -1;
        for (size_t i = 0; i < r->count; i++) {
            if (row_in(&r->list[i], view))
                list[n++] = i;
        }
        r->view[view] = list;
        r->view_count[view] = n;
    }
    return (int64_t)r->view_count[view];
}

size_t rows_at(const struct rows *r, enum rows_view view, size_t n)
{
    return r->view[view][n];
}

// ---- Text -----------------------------------------------------------------------------------

static void level_text(struct out *o, const struct level *l, const char *stock_name)
{
    out_format(o, "\"%s\":", stock_name);
    out_units(o, l->stock, QUANTITY_PLACES);
    out_text(o, ",\"reserved\":");
    out_units(o, l->reserved, QUANTITY_PLACES);
    out_text(o, ",\"onOrder\":");
    out_units(o, l->on_order, QUANTITY_PLACES);
}

static void stock_text(struct out *o, const struct stock *s)
{
    struct level all = stock_total(s);
    out_text(o, ",");
    level_text(o, &all, "currentStock");
    out_text(o, ",\"backOrder\":");
    out_units(o, s->back_order, QUANTITY_PLACES);
    out_text(o, ",\"locations\":{\"_data\":[");
    for (int i = 0; i < LOCATIONS; i++) {
        out_format(o, "%s{\"location\":\"%s\",", i ? "," : "", location_names[i]);
        level_text(o, &s->at[i], "stock");
        out_text(o, "}");
    }
    out_format(o, "],\"_meta\":{\"totalCount\":%d}}", LOCATIONS);
}

void rows_text(const struct rows *r, size_t row, struct out *o)
{
    const struct row *w = &r->list[row];
    if (w->json)
        out_text(o, w->json);
    else
        catalogue_text(r->catalogue, row, rows_id(r, row), o);
    if (r->kind != ROWS_ARTICLES || o->failed)
        return;
    o->bytes--; // its closing brace
    stock_text(o, w->stock);
    out_text(o, "}");
}

json_t *rows_value(const struct rows *r, size_t row)
{
    struct out o = {0};
    rows_text(r, row, &o);
    char *text = out_take(&o);
    json_t *value = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return value;
}
