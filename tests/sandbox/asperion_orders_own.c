// SPDX-License-Identifier: MIT
// Orders that the shop makes in the books itself, for the way back to the till: easier to write
// than the API's, but checked and stored the same way.
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "asperion_parts.h"

void numbers_from_text(json_t *record, const struct member *members)
{
    for (const struct member *m = members; m->name; m++) {
        const char *text = json_string_value(json_object_get(record, m->name));
        int64_t units;
        if (text && (m->kind == KIND_MONEY || m->kind == KIND_DECIMAL) &&
            units_parse(text, strlen(text), QUANTITY_PLACES, &units))
            json_object_set_new(record, m->name, units_json(units, QUANTITY_PLACES));
    }
}

static void own_line(const struct tenant *t, json_t *line)
{
    const struct rows *articles = &t->rows[ROWS_ARTICLES];
    const char *number = text_of(line, "articleNumber");
    int64_t row = rows_equal(articles, "articleNumber", number, -1);
    if (row >= 0) {
        json_t *article = rows_value(articles, (size_t)row);
        json_object_set_new(line, "articleId", json_integer(rows_id(articles, (size_t)row)));
        if (!json_object_get(line, "price"))
            json_object_set(line, "price", json_object_get(article, "salesPrice"));
        json_object_del(line, "articleNumber");
        json_decref(article);
    }
    numbers_from_text(line, order_line_members);
}

static void own_body(const struct tenant *t, json_t *body)
{
    json_t *debtor = json_object_get(body, "debtor"), *lines = json_object_get(body, "lines"),
           *line;
    size_t i;
    if (debtor) {
        json_object_set(body, "debtorCustomerNumber", debtor);
        json_object_del(body, "debtor");
    }
    if (json_is_array(lines))
        json_object_set_new(body, "lines", json_pack("{s:O}", "_data", lines));
    json_array_foreach(lines_of(body), i, line)
        own_line(t, line);
}

static void today(json_t *order)
{
    char text[32];
    json_t *now = time_now();
    snprintf(text, sizeof text, "%.10sT00:00:00", json_string_value(now));
    json_object_set_new(order, "date", json_string(text));
    json_decref(now);
}

// The order with the change laid over it; its state in *status.
static json_t *laid_over(const struct call *c, json_t *body, int64_t row, int *status)
{
    const json_t *given = json_object_get(body, "status");
    json_t *order =
        row >= 0 ? rows_value(&c->tenant->rows[ROWS_ORDERS], (size_t)row) : json_object();
    *status = json_is_integer(given) ? (int)json_integer_value(given)
              : row >= 0 ? (int)integer_of(order, "status") : ORDER_OPEN;
    json_object_del(body, "status");
    own_body(c->tenant, body);
    leave_writable(order, order_members);
    json_object_update(order, body);
    if (!json_object_get(order, "date"))
        today(order);
    return order;
}

int own_order(const struct call *c, json_t *body, int64_t row)
{
    struct rows *orders = &c->tenant->rows[ROWS_ORDERS];
    struct checks k = {c, json_object()};
    struct sums sums = {0};
    int status, rc;
    json_t *order = laid_over(c, body, row, &status);
    check_order(&k, order);
    if (status < ORDER_OPEN || status > ORDER_CANCELLED)
        mistake(&k, "status", "is 1 to 4", "is 1 tot en met 4");
    if (json_object_size(k.errors)) {
        json_decref(order);
        return answer_problem(c->req, c->reply, 400, "See errors.", "Zie errors.", k.errors);
    }
    json_decref(k.errors);
    json_int_t id = rows_id(orders, row >= 0 ? (size_t)row : orders->count);
    int before = ORDER_OPEN;
    if (row >= 0) {
        json_t *old = rows_value(orders, (size_t)row);
        before = (int)integer_of(old, "status");
        json_decref(old);
    }
    json_t *whole = whole_order(c->tenant, order, before, id, &sums);
    json_decref(order);
    if (row >= 0) {
        rc = order_change_take(c->tenant, (size_t)row, whole, &sums);
    } else {
        rc = order_store_take(c->tenant, whole, &sums);
        row = (int64_t)orders->count - 1;
    }
    if (rc == 0 && status != before)
        rc = order_set_status(c->tenant, (size_t)row, status);
    return rc == 0 ? answer_json(c->reply, 200, rows_value(orders, (size_t)row)) : -1;
}
