// SPDX-License-Identifier: MIT
// Changes that a test makes to the till behind its clients' backs: POST /_sandbox/... A change
// in JSON is turned into the elements a client would send, and goes the same way from there.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct control {
    struct shop *shop;
    const struct request *req;
    struct reply *reply;
    json_t *body;
};

static int refuse(struct control *k, int status, const char *why)
{
    char text[300];
    snprintf(text, sizeof text, "%s\n", why);
    reply_text(k->reply, status, "text/plain", text);
    return 0;
}

// ---- JSON to elements -------------------------------------------------------------------

static const char *text_of(const json_t *value, char *room, size_t bytes)
{
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value)) {
        snprintf(room, bytes, "%lld", (long long)json_integer_value(value));
        return room;
    }
    return json_is_string(value) ? json_string_value(value) : "";
}

// "19.95" as units of 10^-places; false when it has more decimals than `most`.
static bool read_decimal(const json_t *value, int most, int64_t *units, int *places)
{
    char room[40], digits[40];
    const char *text = text_of(value, room, sizeof room), *point = strchr(text, '.');
    char *end;

    *places = point ? (int)strlen(point + 1) : 0;
    if (*places > most || strlen(text) >= sizeof digits || !*text)
        return false;
    snprintf(digits, sizeof digits, "%.*s%s", point ? (int)(point - text) : (int)strlen(text), text,
             point ? point + 1 : "");
    *units = strtoll(digits, &end, 10);
    return !*end;
}

static bool read_cents(const json_t *value, int64_t *cents)
{
    int places;
    if (!read_decimal(value, 2, cents, &places))
        return false;
    *cents *= power_of_ten(2 - places);
    return true;
}

static void add_number(struct node *to, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    soap_add(to, name, text);
}

static bool add_line(struct node *list, const json_t *line)
{
    static const char *const cents[][2] = {{"price", "price"}, {"price_excl", "priceExcl"}};
    static const char *const whole[][2] = {{"vat", "vatCode"}, {"group", "turnoverGroup"}};
    const json_t *quantity = json_object_get(line, "quantity");
    const char *text = json_string_value(json_object_get(line, "text"));
    struct node *l = soap_add(list, "line", ""), *data;
    int64_t units = 1;
    char id[24];
    int places = 0;

    if (json_object_get(line, "id")) {
        snprintf(id, sizeof id, "line-%d",
                 (int)json_integer_value(json_object_get(line, "id")));
        soap_add(l, "lineId", id);
    }
    add_number(l, "articleNumber", json_integer_value(json_object_get(line, "article")));
    soap_add(l, "text", text ? text : "");
    data = soap_add(l, "data", "");
    if (quantity && !read_decimal(quantity, 6, &units, &places))
        return false;
    add_number(data, "quantity", units);
    add_number(data, "decimalPlaces", places);
    for (int i = 0; i < 2; i++) {
        const json_t *value = json_object_get(line, cents[i][0]);
        int64_t amount;
        if (value && !read_cents(value, &amount))
            return false;
        if (value)
            add_number(data, cents[i][1], amount);
    }
    for (int i = 0; i < 2; i++) {
        if (json_object_get(line, whole[i][0]))
            add_number(data, whole[i][1], json_integer_value(json_object_get(line, whole[i][0])));
    }
    return true;
}

static bool add_pay(struct node *list, const json_t *pay)
{
    const char *method = json_string_value(json_object_get(pay, "method"));
    const char *card = json_string_value(json_object_get(pay, "card"));
    struct node *p = soap_add(list, "payment", "");
    int64_t amount;

    if (!read_cents(json_object_get(pay, "amount"), &amount))
        return false;
    soap_add(p, "method", method ? method : "");
    add_number(p, "amount", amount);
    if (card)
        soap_add(p, "giftcardNumber", card);
    return true;
}

static struct node *list_of(const json_t *array, bool (*add)(struct node *, const json_t *))
{
    struct node *list = soap_add(NULL, "list", "");
    const json_t *one;
    size_t i;

    json_array_foreach(array, i, one) {
        if (list && !add(list, one)) {
            soap_free(list);
            return NULL;
        }
    }
    return list;
}

// The document's lines become those of the JSON; false with a reason.
static bool lines_from(struct control *k, const json_t *array, struct doc *d,
                       const struct doc *old, const char **why)
{
    struct node *list = list_of(array, add_line);
    bool good = false;

    // No client may send this, but a till may have it.
    if (json_array_size(array) == 0) {
        d->lines = calloc(1, sizeof *d->lines);
        d->line_count = 0;
        good = d->lines != NULL;
        *why = good ? NULL : "out of memory";
    } else if (list)
        good = take_lines(k->shop, list, d, old, why);
    else
        *why = "a quantity or an amount is no decimal number";
    soap_free(list);
    return good;
}

// ---- Orders -----------------------------------------------------------------------------

static int deliver(struct control *k, size_t order, const json_t *what, const char **why)
{
    struct doc *o = &k->shop->docs[DOC_ORDER].docs[order];
    int64_t *quantities = calloc(o->line_count + 1U, sizeof *quantities);
    const json_t *one;
    size_t i;

    if (!quantities)
        return -1;
    for (int n = 0; n < o->line_count && json_is_true(what); n++)
        quantities[n] = line_open(&o->lines[n]);
    json_array_foreach(what, i, one) {
        int64_t id = json_integer_value(json_object_get(one, "line")), units;
        int n = 0, places;
        while (n < o->line_count && o->lines[n].id != id)
            n++;
        if (n == o->line_count ||
            !read_decimal(json_object_get(one, "quantity"), 6, &units, &places) ||
            !line_scale(&o->lines[n], places)) {
            *why = "deliver needs {\"line\": number, \"quantity\": decimal}";
            break;
        }
        quantities[n] = units * power_of_ten(o->lines[n].places - places);
    }
    int rc = *why || order_deliver(k->shop, order, quantities) >= 0 ? 0 : -1;
    free(quantities);
    return rc;
}

static int set_lines(struct control *k, enum doc_kind kind, size_t index, const json_t *array,
                     const char **why)
{
    struct doc *d = &k->shop->docs[kind].docs[index], with = *d;
    struct line *old = d->lines;

    if (!lines_from(k, array, &with, d, why))
        return 0;
    with.version++;
    if (kind != DOC_ORDER) {
        *d = with;
        doc_total(d);
    } else if (!order_relines(k->shop, index, &with, why)) {
        free(with.lines);
        return 0;
    }
    free(old);
    return 0;
}

static void set_flags(struct control *k, enum doc_kind kind, struct doc *d)
{
    const json_t *paid = json_object_get(k->body, "fullyPaid");
    const json_t *cancelled = json_object_get(k->body, "cancelled");

    if (paid) {
        d->paid = json_is_true(paid);
        // Without payments of its own it is paid at once by the method it has.
        if (!d->pays)
            d->pay_count = d->paid;
    }
    if (cancelled && kind == DOC_ORDER && json_is_true(cancelled) != d->cancelled) {
        stock_reserve(k->shop, d, d->delivered ? 0 : d->cancelled ? 1 : -1);
        d->cancelled = json_is_true(cancelled);
    }
}

// As a back office does that corrects the date of a receipt.
static const char *move_receipt(struct doc *d, const json_t *date)
{
    const char *text = json_string_value(date);
    int year, month, day, end = 0;

    if (!text || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end])
        return "date needs a day, as 2026-11-12";
    if (!d->entered)
        d->entered = d->date;
    d->date = year * 10000 + month * 100 + day;
    return NULL;
}

static int change_doc(struct control *k, enum doc_kind kind, const char *id)
{
    struct shop *s = k->shop;
    int64_t at = doc_by_id(s, kind, id);
    const json_t *lines = json_object_get(k->body, "lines");
    const json_t *delivery = json_object_get(k->body, "deliver");
    const char *why = NULL;

    if (at < 0)
        return refuse(k, 404, "no such document");
    // A transaction that is not committed, or at last is: its marker stays the one it took.
    const json_t *hidden = json_object_get(k->body, "hidden");
    if (hidden && json_object_size(k->body) == 1) {
        s->docs[kind].docs[at].hidden = json_is_true(hidden);
        reply_json(k->reply, 200, show_doc(s, kind, (size_t)at, true));
        return 0;
    }
    s->docs[kind].docs[at].hidden = json_is_true(hidden);
    set_flags(k, kind, &s->docs[kind].docs[at]);
    if (lines && set_lines(k, kind, (size_t)at, lines, &why) != 0)
        return -1;
    if (!why && kind == DOC_ORDER && delivery && deliver(k, (size_t)at, delivery, &why) != 0)
        return -1;
    if (!why && kind == DOC_RECEIPT && json_object_get(k->body, "date"))
        why = move_receipt(&s->docs[kind].docs[at], json_object_get(k->body, "date"));
    if (!why && json_is_true(json_object_get(k->body, "cancel"))) {
        struct doc *d = &s->docs[kind].docs[at];
        if (kind == DOC_ORDER && !order_cancel(s, (size_t)at, false))
            return -1;
        if (kind == DOC_PROPOSAL)
            d->type = PROPOSAL_CANCELLED;
        d->cancelled |= kind != DOC_ORDER;
    }
    if (why)
        return refuse(k, 400, why);
    // An empty object only bumps the marker.
    if (doc_touch(s, kind, (size_t)at) != 0)
        return -1;
    reply_json(k->reply, 200, show_doc(s, kind, (size_t)at, true));
    return 0;
}

static int add_orders(struct control *k)
{
    const char *n = request_query(k->req, "n"), *relation = request_query(k->req, "relation");
    long count = n ? strtol(n, NULL, 10) : 1;
    int64_t number = relation ? strtoll(relation, NULL, 10) : 0;
    json_t *list = json_array();

    if (number && !shop_relation(k->shop, number))
        count = 0;
    for (long i = 0; i < count && i < 1000000; i++) {
        if (shop_add_order(k->shop, number) != 0) {
            json_decref(list);
            return -1;
        }
        json_array_append_new(
            list, show_doc(k->shop, DOC_ORDER, k->shop->docs[DOC_ORDER].count - 1, false));
    }
    reply_json(k->reply, 200, json_pack("{so}", "orders", list));
    return 0;
}

// ---- Days -------------------------------------------------------------------------------

// What is wrong with the receipt that the JSON describes, or NULL after it was added.
static const char *add_receipt(struct control *k, const struct day *day, const json_t *in)
{
    static const char *const types[] = {"receipt", "credit", "inflow", "outflow", "transfer"};
    const char *type = json_string_value(json_object_get(in, "type"));
    const char *order = json_string_value(json_object_get(in, "order"));
    const json_t *lines = json_object_get(in, "lines"), *pays = json_object_get(in, "payments");
    struct doc d = {.employee = EMPLOYEE_BUILT_IN, .branch = day->branch,
                    .entry_branch = day->branch, .workplace = 1, .date = day->date,
                    .version = 1, .paid = true};
    struct node *list = list_of(pays, add_pay);
    const char *why = NULL;
    size_t n = 0;

    while (type && d.type < 4 && strcmp(types[d.type], type) != 0)
        d.type++;
    if (order)
        d.order = (uint32_t)(doc_by_id(k->shop, DOC_ORDER, order) + 1);
    if (!list || (order && !d.order))
        why = "a payment is no decimal number, or there is no such order";
    else if ((!lines || lines_from(k, lines, &d, NULL, &why)) &&
             take_pays(k->shop, list, day->date, &d.pays, &n, &why)) {
        doc_total(&d);
        d.pay_count = (uint16_t)n;
        d.payment = PAY_CASH;
        if (!pays && d.incl)
            d.pay_count = 1;
        for (size_t i = 0; i < n; i++)
            d.paid_amount += d.pays[i].amount;
        int64_t at = doc_add(k->shop, DOC_RECEIPT, &d);
        if (at < 0 || stock_sell(k->shop, DOC_RECEIPT, (size_t)at) != 0)
            why = "out of memory";
    }
    soap_free(list);
    free(d.lines);
    free(d.pays);
    return why;
}

static const char *set_differences(struct day *day, const json_t *in)
{
    const char *method;
    json_t *value, *copy = json_deep_copy(in);
    const char *why = NULL;

    json_object_foreach(copy, method, value) {
        int m = payment_by_code(method);
        if (m < 0 || !read_cents(value, &day->difference[m]))
            why = "difference needs {\"METHOD\": amount}";
    }
    json_decref(copy);
    return why;
}

// days/{branch}/{yyyy-mm-dd}: {"closed": bool, "difference": {...}, "add_receipt": {...}}
static int change_day(struct control *k, const char *what)
{
    int branch, year, month, day_of_month, end = 0;
    const json_t *closed = json_object_get(k->body, "closed");
    const json_t *receipt = json_object_get(k->body, "add_receipt");
    const json_t *difference = json_object_get(k->body, "difference");
    const char *why = NULL;

    if (sscanf(what, "%d/%4d-%2d-%2d%n", &branch, &year, &month, &day_of_month, &end) != 4 ||
        what[end] || branch < 1 || branch > BRANCHES || month < 1 || month > 12)
        return refuse(k, 404, "no such day");
    struct day *day = shop_day(k->shop, branch, year * 10000 + month * 100 + day_of_month);
    if (!day)
        return -1;
    if (receipt)
        why = add_receipt(k, day, receipt);
    if (!why && difference)
        why = set_differences(day, difference);
    if (why)
        return refuse(k, 400, why);
    if (closed) {
        day->closings += json_is_true(closed) && !day->closed;
        day->closed = json_is_true(closed);
    }
    reply_json(k->reply, 200, show_day(k->shop, day));
    return 0;
}

// ---- Relations and products -------------------------------------------------------------

// The members of the JSON object as elements; prices, which are decimals there, as cents.
static struct node *members(const json_t *body)
{
    struct node *in = soap_add(NULL, "change", "");
    json_t *copy = json_deep_copy(body), *value;
    const char *name;
    char room[40];

    json_object_foreach(copy, name, value) {
        int64_t cents;
        if (json_is_object(value) || json_is_array(value))
            continue;
        if (strstr(name, "rice") && read_cents(value, &cents))
            add_number(in, name, cents);
        else
            soap_add(in, name, text_of(value, room, sizeof room));
    }
    json_decref(copy);
    return in;
}

static int change_relation(struct control *k, const char *number)
{
    struct shop *s = k->shop;
    struct relation *r = shop_relation(s, strtoll(number, NULL, 10));
    struct node *in = members(k->body);
    int rc = in ? 0 : -1;

    for (int i = 1; r && s->relation_fields[i].name && rc == 0; i++) {
        if (soap_child(in, s->relation_fields[i].name))
            rc = value_store(&r->value[i], in, &s->relation_fields[i]);
    }
    soap_free(in);
    if (!r)
        return refuse(k, 404, "no such relation");
    relation_index(s, r);
    r->marker = ++s->relation_marker;
    if (json_is_true(json_object_get(k->body, "deleted")))
        r->number = -r->number;
    reply_json(k->reply, 200, json_pack("{sI,sI}", "relationNumber", (json_int_t)r->number,
                                        "syncMarker", (json_int_t)r->marker));
    return rc;
}

static int set_stock(struct shop *s, const struct article *a, const json_t *in)
{
    for (int b = 1; b <= BRANCHES; b++) {
        char name[8] = {(char)('0' + b)};
        const json_t *value = json_object_get(in, name);
        int64_t units;
        int places;
        if (!value || !read_decimal(value, 6, &units, &places))
            continue;
        uint32_t at = (uint32_t)(a - s->articles);
        int64_t amount = units * power_of_ten(6 - places) - s->stock[b - 1][at].free;
        if (stock_change(s, &(struct stock_change){.amount = amount,
                                                   .article = at,
                                                   .branch = (int8_t)b,
                                                   .why = STOCK_MANUAL,
                                                   .date = TODAY}) != 0)
            return -1;
    }
    return 0;
}

static int change_article(struct control *k, const char *number)
{
    struct shop *s = k->shop;
    struct article *a = shop_article(s, strtoll(number, NULL, 10));
    struct node *in = members(k->body);
    int rc = 0;

    if (a && in)
        rc = till_article_store(s, a, in) != 0 ||
                     set_stock(s, a, json_object_get(k->body, "stock")) != 0 ||
                     product_touch(s, &s->products[a->product], a) != 0
                 ? -1
                 : 0;
    soap_free(in);
    if (!a)
        return refuse(k, 404, "no such article");
    reply_json(k->reply, 200, show_article(s, a));
    return rc;
}

// ---- Routes -----------------------------------------------------------------------------

static const char *below_route(const char *what, const char *route)
{
    size_t bytes = strlen(route);
    return strncmp(what, route, bytes) == 0 && what[bytes] == '/' ? what + bytes + 1 : NULL;
}

static int change(struct control *k, const char *what)
{
    static const char *const routes[DOC_KINDS] = {"orders", "invoices", "receipts", "proposals",
                                                  "packing-slips"};
    const char *rest;

    for (int i = 0; i < DOC_KINDS; i++) {
        if ((rest = below_route(what, routes[i])))
            return change_doc(k, (enum doc_kind)i, rest);
    }
    if ((rest = below_route(what, "days")))
        return change_day(k, rest);
    if ((rest = below_route(what, "relations")))
        return change_relation(k, rest);
    if ((rest = below_route(what, "products")))
        return change_article(k, rest);
    if (strcmp(what, "lag") == 0) {
        k->shop->lag_ms = json_integer_value(json_object_get(k->body, "ms"));
        k->shop->lag_from_ms = shop_now_ms();
        return refuse(k, 200, "ok");
    }
    if (strcmp(what, "unique") == 0) {
        k->shop->ext_ids_repeat = !json_is_true(json_object_get(k->body, "references"));
        return refuse(k, 200, "ok");
    }
    if (strcmp(what, "wsdl") != 0)
        return refuse(k, 404, "not found");
    json_decref(k->shop->wsdl_bend);
    k->shop->wsdl_bend = json_incref(k->body);
    return refuse(k, 200, "ok");
}

int sandbox_handle(struct shop *s, const struct request *req, struct reply *reply)
{
    const char *what = req->path + strlen("/_sandbox/");
    struct control k = {.shop = s, .req = req, .reply = reply};

    if (strcmp(req->method, "POST") != 0)
        return sandbox_show(s, what, req, reply) ? 0 : refuse(&k, 404, "not found");
    if (strcmp(what, "add-orders") == 0)
        return add_orders(&k);
    k.body = json_loadb(req->body, req->body_bytes, 0, NULL);
    int rc = json_is_object(k.body) ? change(&k, what)
                                    : refuse(&k, 400, "the body is no JSON object");
    json_decref(k.body);
    return rc;
}
