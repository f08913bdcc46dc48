// SPDX-License-Identifier: MIT
// Sales orders as they are written to the sandbox's books, and how they move the stock: an open
// order reserves what it asks for, a delivered one has taken it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asperion_parts.h"

#define PERCENT 10000 // one percent, as quantities and prices count

// ---- Lines --------------------------------------------------------------------------------------

struct order_line {
    int64_t quantity, price, discount; // ten-thousandths
    int64_t amount;                    // cents, after discount
    int64_t row;                       // of the article, -1 without one
    json_t *article;                   // released by line_done
    const json_t *sales_type;          // given, or the article's
    const char *vat_code;              // given, or the sales type's
};

static bool line_amount(struct order_line *l)
{
    // Divided by ten thousand for the quantity and for the price, by a million for the part that
    // the discount leaves of 100 percent, times a hundred for cents.
    __int128 raw = (__int128)l->quantity * l->price;
    if (raw > (__int128)UNITS_MAX * 10000 || raw < -(__int128)UNITS_MAX * 10000)
        return false;
    l->amount = units_round(raw * (100 * PERCENT - l->discount), 12);
    return true;
}

static bool line_read(const struct tenant *t, const json_t *line, struct order_line *l)
{
    const struct rows *articles = &t->rows[ROWS_ARTICLES];
    *l = (struct order_line){.row = -1};
    units_of(json_object_get(line, "quantity"), QUANTITY_PLACES, &l->quantity);
    units_of(json_object_get(line, "price"), QUANTITY_PLACES, &l->price);
    units_of(json_object_get(line, "discountPercentage"), QUANTITY_PLACES, &l->discount);
    if (json_is_integer(json_object_get(line, "articleId")))
        l->row = rows_find(articles, integer_of(line, "articleId"));
    if (l->row >= 0)
        l->article = rows_value(articles, (size_t)l->row);
    const json_t *type = json_is_integer(json_object_get(line, "salesTypeId")) ? line : l->article;
    l->sales_type = books_lookup_int(t, L_SALES_TYPES, integer_of(type, "salesTypeId"));
    l->vat_code =
        *text_of(line, "vatCode") ? text_of(line, "vatCode") : text_of(l->sales_type, "vatCode");
    return line_amount(l);
}

static void line_done(struct order_line *l)
{
    json_decref(l->article);
    l->article = NULL;
}

static void line_mistake(struct checks *k, const char *prefix, const char *field, const char *en,
                         const char *nl)
{
    char place[96];
    snprintf(place, sizeof place, "%s%s", prefix, field);
    mistake(k, place, en, nl);
}

static void check_line(struct checks *k, const json_t *line, const char *date, size_t number)
{
    char prefix[48];
    struct order_line l;
    snprintf(prefix, sizeof prefix, "lines._data[%zu].", number);
    if (!json_is_object(line))
        return;
    bool fits = line_read(k->call->tenant, line, &l);
    bool article = json_is_integer(json_object_get(line, "articleId"));
    bool type = json_is_integer(json_object_get(line, "salesTypeId"));
    if (!article && !type)
        line_mistake(k, prefix, "articleId", "is required, or salesTypeId",
                     "is verplicht, of salesTypeId");
    if (article && l.row < 0)
        line_mistake(k, prefix, "articleId", "does not exist", "bestaat niet");
    if (l.article && !json_is_true(json_object_get(l.article, "active")))
        line_mistake(k, prefix, "articleId", "is not active", "is niet actief");
    check_lookup(k, line, "salesTypeId", L_SALES_TYPES, prefix, false);
    if (l.discount < 0 || l.discount > 100 * PERCENT)
        line_mistake(k, prefix, "discountPercentage", "must be from 0 to 100",
                     "moet van 0 tot 100 zijn");
    if (!fits)
        line_mistake(k, prefix, "price", "makes too large an amount", "geeft een te groot bedrag");
    check_vat_code(k, l.vat_code, date, prefix);
    line_done(&l);
}

// ---- Orders -------------------------------------------------------------------------------------

void check_order(struct checks *k, json_t *body)
{
    size_t i;
    json_t *line;
    check_members(k, body, order_members, "");
    check_customer(k, body);
    check_lookup(k, body, "paymentConditionId", L_CONDITIONS, "", false);
    json_array_foreach(lines_of(body), i, line)
        check_line(k, line, text_of(body, "date"), i);
}

static void fill_line(const struct tenant *t, json_t *line, struct sums *sums)
{
    struct order_line l;
    line_read(t, line, &l);
    if (!json_is_number(json_object_get(line, "discountPercentage")))
        json_object_set_new(line, "discountPercentage", units_json(0, 2));
    if (!*text_of(line, "description"))
        json_object_set_new(line, "description", json_string(
            text_of(l.article ? l.article : l.sales_type, "description")));
    struct sum *sum = sums_code(sums, l.vat_code);
    if (sum)
        sum->excl += l.amount;
    sums->excl += l.amount;
    if (!*text_of(line, "vatCode"))
        json_object_set_new(line, "vatCode", json_string(l.vat_code));
    json_object_set_new(line, "amount", units_json(l.amount, 2));
    line_done(&l);
}

json_t *whole_order(const struct tenant *t, const json_t *body, int status, json_int_t id,
                    struct sums *sums)
{
    json_t *copy = json_deep_copy(body), *order = whole_record(order_members, copy), *line;
    size_t i;
    json_decref(copy);
    number_lines(order, id);
    json_array_foreach(lines_of(order), i, line)
        fill_line(t, line, sums);
    for (i = 0; i < sums->count; i++) {
        struct sum *s = &sums->list[i];
        int rate = vat_row_rate(books_lookup_text(t, L_VAT, s->code));
        s->vat = units_round((__int128)s->excl * rate, 4);
        sums->vat += s->vat;
    }
    json_object_set_new(order, "id", json_integer(id));
    json_object_set_new(order, "status", json_integer(status));
    json_object_set_new(order, "amountExclVat", units_json(sums->excl, 2));
    json_object_set_new(order, "vatAmount", units_json(sums->vat, 2));
    json_object_set_new(order, "amountInclVat", units_json(sums->excl + sums->vat, 2));
    return order;
}

// ---- Stock --------------------------------------------------------------------------------------

// Adds what the lines ask for, so many times, to what is reserved and to the stock.
static void move_stock(struct tenant *t, const json_t *order, int reserved, int stock)
{
    size_t i;
    json_t *line;
    json_array_foreach(lines_of(order), i, line) {
        struct order_line l;
        line_read(t, line, &l);
        if (l.article && json_is_true(json_object_get(l.article, "stockArticle"))) {
            struct level *at = &t->rows[ROWS_ARTICLES].list[l.row].stock->at[LOCATION_DEFAULT];
            at->reserved += reserved * l.quantity;
            at->stock += stock * l.quantity;
        }
        line_done(&l);
    }
}

void order_reserve(struct tenant *t, const json_t *order, int sign)
{
    move_stock(t, order, sign, 0);
}

int order_store_take(struct tenant *t, json_t *order, struct sums *sums)
{
    struct sums *kept = malloc(sizeof *kept);
    if (!kept) {
        sums_done(sums);
        json_decref(order);
        return -1;
    }
    *kept = *sums;
    *sums = (struct sums){0};
    if (integer_of(order, "status") == ORDER_OPEN)
        order_reserve(t, order, 1);
    return rows_add_take(&t->rows[ROWS_ORDERS], order, kept);
}

int order_change_take(struct tenant *t, size_t row, json_t *order, struct sums *sums)
{
    struct rows *orders = &t->rows[ROWS_ORDERS];
    struct sums *kept = malloc(sizeof *kept);
    json_t *old = rows_value(orders, row);
    if (!kept || !old) {
        free(kept);
        json_decref(old);
        json_decref(order);
        sums_done(sums);
        return -1;
    }
    if (integer_of(old, "status") == ORDER_OPEN) {
        order_reserve(t, old, -1);
        order_reserve(t, order, 1);
    }
    json_decref(old);
    *kept = *sums;
    *sums = (struct sums){0};
    return rows_set_take(orders, row, order, kept);
}

int order_set_status(struct tenant *t, size_t row, int status)
{
    struct rows *orders = &t->rows[ROWS_ORDERS];
    json_t *order = rows_value(orders, row);
    if (!order)
        return -1;
    int before = (int)integer_of(order, "status");
    bool had = before == ORDER_DELIVERED || before == ORDER_INVOICED;
    bool has = status == ORDER_DELIVERED || status == ORDER_INVOICED;
    move_stock(t, order, (status == ORDER_OPEN) - (before == ORDER_OPEN), had - has);
    json_object_set_new(order, "status", json_integer(status));
    return rows_set_take(orders, row, order, NULL);
}

// ---- Writing ------------------------------------------------------------------------------------

static bool editable(const struct call *c, int64_t row)
{
    json_t *old = row < 0 ? NULL : rows_value(&c->tenant->rows[ROWS_ORDERS], (size_t)row);
    bool good = !old || integer_of(old, "status") == ORDER_OPEN;
    json_decref(old);
    if (!good) {
        c->reply->operation = c->resource->operations[OP_UPDATE];
        answer_problem(c->req, c->reply, 400, "Only an open order can be changed.",
                       "Alleen een openstaande order kan worden gewijzigd.", NULL);
    }
    return good;
}

int write_order(const struct call *c, int64_t row)
{
    struct rows *orders = &c->tenant->rows[ROWS_ORDERS];
    struct sums sums = {0};
    struct write w;
    if (!editable(c, row) || !write_begin(&w, c, row))
        return 0;
    check_order(&w.checks, w.whole);
    check_unique(&w.checks, ROWS_ORDERS, "reference", w.whole, row);
    if (write_refused(&w))
        return 0;
    json_int_t id = row >= 0 ? rows_id(orders, (size_t)row)
                    : w.only ? 0
                             : rows_id(orders, orders->count);
    json_t *whole = whole_order(c->tenant, w.whole, ORDER_OPEN, id, &sums);
    int rc = 0;
    if (!w.only && row < 0)
        rc = order_store_take(c->tenant, json_deep_copy(whole), &sums);
    else if (!w.only)
        rc = order_change_take(c->tenant, (size_t)row, json_deep_copy(whole), &sums);
    sums_done(&sums);
    if (rc != 0) {
        json_decref(whole);
        whole = NULL;
    }
    return write_done(&w, whole);
}
