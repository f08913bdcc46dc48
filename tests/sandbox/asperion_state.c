// SPDX-License-Identifier: MIT
// The paths under /_sandbox/: what tests look at and change behind the API's back.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

// ---- Showing --------------------------------------------------------------------------------

struct shelf {
    const char *path; // under /_sandbox/
    const char *name; // of the list in the answer
    int resource;
    const char *key; // member that a row is asked for by; NULL: the id
};

static const struct shelf shelves[] = {
    {"debtors", "debtors", R_DEBTORS, "customerNumber"},
    {"articles", "articles", R_ARTICLES, "articleNumber"},
    {"invoices", "invoices", R_INVOICES_WITH_LINES, NULL},
    {"sales-orders", "sales_orders", R_ORDERS, NULL},
    {"journal-entries", "journal_entries", R_JOURNAL_ENTRIES, NULL},
};

static int show_all(struct books *b, const struct shelf *s, struct reply *reply)
{
    int kind = resources[s->resource].rows;
    const struct rows *r = &b->tenants[TENANT_DEMO].rows[kind];
    struct out o = {0};
    bool first = true;
    out_format(&o, "{\"%s\":[", s->name);
    for (size_t i = 0; i < r->count; i++) {
        if (r->list[i].removed)
            continue;
        out_text(&o, first ? "" : ",");
        rows_text(r, i, &o);
        first = false;
    }
    out_format(&o, "],\"other_administration\":%zu}", b->tenants[TENANT_DEFAULT].rows[kind].count);
    return answer_text(reply, 200, &o);
}

static int64_t row_named(const struct tenant *t, const struct shelf *s, const char *key)
{
    const struct rows *r = &t->rows[resources[s->resource].rows];
    char *end;
    if (s->key)
        return rows_equal(r, s->key, key, -1);
    json_int_t id = strtoll(key, &end, 10);
    return *key && !*end ? rows_find(r, id) : -1;
}

static int problem(const struct call *c, int status, const char *text)
{
    return answer_problem(c->req, c->reply, status, text, text, NULL);
}

// ---- Changing rows ----------------------------------------------------------------------------

static bool take_units(struct checks *k, json_t *body, const char *name, int64_t *units)
{
    json_t *value = json_object_get(body, name);
    const char *text = json_string_value(value);
    bool good = text ? units_parse(text, strlen(text), QUANTITY_PLACES, units)
                     : units_of(value, QUANTITY_PLACES, units);
    if (value && !good)
        mistake(k, name, "must be a number with at most 4 decimals",
                "moet een getal zijn met hoogstens 4 decimalen");
    return value && good;
}

static void take_level(struct checks *k, json_t *entry, struct stock *s)
{
    const char *name = text_of(entry, "location");
    for (int i = 0; i < LOCATIONS; i++) {
        if (strcmp(name, location_names[i]) != 0)
            continue;
        take_units(k, entry, "stock", &s->at[i].stock);
        take_units(k, entry, "reserved", &s->at[i].reserved);
        take_units(k, entry, "onOrder", &s->at[i].on_order);
        return;
    }
    mistake(k, "locations", "has an unknown location", "heeft een onbekende locatie");
}

// Takes the figures of the stock out of the body. A total changes at the default location.
static void take_stock(struct checks *k, json_t *body, struct stock *s)
{
    static const char *const names[] = {"currentStock", "reserved", "onOrder", "backOrder",
                                        "locations"};
    struct level *main = &s->at[LOCATION_DEFAULT], before;
    json_t *entry, *list = json_object_get(body, "locations");
    int64_t units;
    size_t i;
    json_array_foreach(list, i, entry)
        take_level(k, entry, s);
    before = stock_total(s);
    if (take_units(k, body, "currentStock", &units))
        main->stock += units - before.stock;
    if (take_units(k, body, "reserved", &units))
        main->reserved += units - before.reserved;
    if (take_units(k, body, "onOrder", &units))
        main->on_order += units - before.on_order;
    take_units(k, body, "backOrder", &s->back_order);
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        json_object_del(body, names[i]);
}

static int refuse(const struct checks *k, json_t *whole)
{
    json_decref(whole);
    return answer_problem(k->call->req, k->call->reply, 400, "See errors.", "Zie errors.",
                          k->errors);
}

// The row with the change laid over it, or a new one.
static json_t *laid_over(const struct call *c, const struct shelf *s, json_t *body, const char *key,
                         int64_t row)
{
    json_t *whole = row < 0 ? json_pack("{s:s}", s->key, key)
                            : rows_value(&c->tenant->rows[c->resource->rows], (size_t)row);
    if (row >= 0)
        leave_writable(whole, c->resource->members);
    numbers_from_text(body, c->resource->members);
    json_object_update(whole, body);
    return whole;
}

static void default_text(json_t *row, const char *name, const char *text)
{
    if (!json_object_get(row, name))
        json_object_set_new(row, name, json_string(text));
}

static int change_article(const struct call *c, const struct shelf *s, json_t *body,
                          const char *key, int64_t row)
{
    struct rows *articles = &c->tenant->rows[ROWS_ARTICLES];
    struct checks k = {c, json_object()};
    struct stock stock = {0};
    if (row >= 0)
        stock = *articles->list[row].stock;
    take_stock(&k, body, &stock);
    json_t *whole = laid_over(c, s, body, key, row);
    default_text(whole, "description", key);
    if (!json_object_get(whole, "salesTypeId"))
        json_object_set_new(whole, "salesTypeId", json_integer(1));
    check_article(&k, whole, row);
    if (json_object_size(k.errors))
        return refuse(&k, whole);
    json_decref(k.errors);
    row = article_store(c->tenant, whole, row);
    json_decref(whole);
    if (row < 0)
        return -1;
    *articles->list[row].stock = stock;
    return answer_json(c->reply, 200, rows_value(articles, (size_t)row));
}

// The documents of one debtor become another's.
static int documents_move(struct rows *r, const char *from, const char *to)
{
    for (size_t i = 0; i < r->count; i++) {
        json_t *value = r->list[i].removed ? NULL : rows_value(r, i);
        if (!value || strcmp(text_of(value, "debtorCustomerNumber"), from) != 0) {
            json_decref(value);
            continue;
        }
        json_object_set_new(value, "debtorCustomerNumber", json_string(to));
        if (rows_set_take(r, i, value, NULL) != 0)
            return -1;
    }
    return 0;
}

// {"mergedInto": "10003"}: the debtor is gone, its documents are that one's.
static int merge_debtor(const struct call *c, const char *key, const char *into, int64_t row)
{
    struct rows *debtors = &c->tenant->rows[ROWS_DEBTORS];
    if (row < 0 || rows_equal(debtors, "customerNumber", into, row) < 0)
        return problem(c, 400, "there is no such debtor");
    rows_remove(debtors, (size_t)row);
    if (documents_move(&c->tenant->rows[ROWS_INVOICES], key, into) != 0 ||
        documents_move(&c->tenant->rows[ROWS_ORDERS], key, into) != 0)
        return -1;
    return answer_json(c->reply, 200, json_pack("{s:s}", "mergedInto", into));
}

static int change_debtor(const struct call *c, const struct shelf *s, json_t *body, const char *key,
                         int64_t row)
{
    struct checks k = {c, json_object()};
    json_t *whole = laid_over(c, s, body, key, row);
    default_text(whole, "name", key);
    default_text(whole, "address", "Dorpsstraat 1");
    default_text(whole, "debtorKindId", "1");
    check_debtor(&k, whole, row);
    if (json_object_size(k.errors))
        return refuse(&k, whole);
    json_decref(k.errors);
    row = debtor_store(c->tenant, whole, row);
    json_decref(whole);
    return row < 0 ? -1
                   : answer_json(c->reply, 200,
                                 rows_value(&c->tenant->rows[ROWS_DEBTORS], (size_t)row));
}

static bool invoice_status_known(json_int_t status)
{
    return status >= INVOICE_CONCEPT && status <= INVOICE_HOLD && status != 4 && status != 5;
}

static struct sums *sums_copy(const struct sums *from)
{
    struct sums *to = malloc(sizeof *to);
    if (!to)
        return NULL;
    *to = *from;
    to->list = malloc((from->count + 1) * sizeof *to->list);
    if (to->list)
        memcpy(to->list, from->list, from->count * sizeof *to->list);
    return to->list ? to : NULL;
}

// {"twice": true}: somebody books it once more by hand, perhaps with another "description".
static int copy_invoice(const struct call *c, const json_t *body, int64_t row)
{
    struct rows *invoices = &c->tenant->rows[ROWS_INVOICES];
    struct sums *sums = sums_copy(invoices->list[row].sums);
    json_t *copy = rows_value(invoices, (size_t)row);
    json_object_set_new(copy, "id", json_integer(rows_id(invoices, invoices->count)));
    if (*text_of(body, "description"))
        json_object_set(copy, "description", json_object_get(body, "description"));
    if (!sums || rows_add_take(invoices, copy, sums) != 0)
        return -1;
    return answer_json(c->reply, 200, rows_value(invoices, invoices->count - 1));
}

// {"cents": n}: somebody changes the amount of its first line by hand.
static int change_cents(const struct call *c, int64_t row, json_int_t cents)
{
    static const char *const totals[] = {"amountExclVat", "amountInclVat"};
    struct rows *invoices = &c->tenant->rows[ROWS_INVOICES];
    struct sums *sums = sums_copy(invoices->list[row].sums);
    json_t *invoice = rows_value(invoices, (size_t)row);
    json_t *line = json_array_get(lines_of(invoice), 0);
    struct sum *sum = sums ? sums_code(sums, text_of(line, "vatCode")) : NULL;
    int64_t amount = 0;
    if (!sum)
        return -1;
    units_of(json_object_get(line, "amount"), 2, &amount);
    json_object_set_new(line, "amount", units_json(amount + cents, 2));
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        units_of(json_object_get(invoice, totals[i]), 2, &amount);
        json_object_set_new(invoice, totals[i], units_json(amount + cents, 2));
    }
    sum->excl += cents;
    sums->excl += cents;
    if (rows_set_take(invoices, (size_t)row, invoice, sums) != 0)
        return -1;
    return answer_json(c->reply, 200, rows_value(invoices, (size_t)row));
}

// {"date": "2026-12-31"}: somebody dates it anew by hand.
static int change_date(const struct call *c, int64_t row, const char *day)
{
    struct rows *invoices = &c->tenant->rows[ROWS_INVOICES];
    json_t *invoice = rows_value(invoices, (size_t)row);
    json_object_set_new(invoice, "date", json_sprintf("%sT00:00:00", day));
    if (rows_set_take(invoices, (size_t)row, invoice, NULL) != 0)
        return -1;
    return answer_json(c->reply, 200, rows_value(invoices, (size_t)row));
}

// {"status": n}: of one invoice, or without an id of those that will be posted.
static int change_invoice(const struct call *c, const json_t *body, int64_t row)
{
    struct rows *invoices = &c->tenant->rows[ROWS_INVOICES];
    json_int_t status = integer_of(body, "status");
    if (row >= 0 && json_is_true(json_object_get(body, "twice")))
        return copy_invoice(c, body, row);
    if (row >= 0 && *text_of(body, "date"))
        return change_date(c, row, text_of(body, "date"));
    if (row >= 0 && json_object_get(body, "cents"))
        return change_cents(c, row, integer_of(body, "cents"));
    if (!invoice_status_known(status) || json_object_size(body) != 1)
        return problem(c, 400, "only status can be set, to 1, 2, 3, 6, 7 or 8");
    if (row < 0) {
        c->tenant->invoice_status = (int)status;
        return answer_json(c->reply, 200, json_pack("{s:I}", "status", status));
    }
    json_t *invoice = rows_value(invoices, (size_t)row);
    json_object_set_new(invoice, "status", json_integer(status));
    if (rows_set_take(invoices, (size_t)row, invoice, NULL) != 0)
        return -1;
    return answer_json(c->reply, 200, rows_value(invoices, (size_t)row));
}

static int change(const struct call *c, const struct shelf *s, const char *key)
{
    int64_t row = *key ? row_named(c->tenant, s, key) : -1;
    json_t *body = json_loadb(c->req->body, c->req->body_bytes, JSON_REJECT_DUPLICATES, NULL);
    bool create = json_is_true(json_object_get(body, "create"));
    int rc;
    json_object_del(body, "create");
    if (!json_is_object(body))
        rc = problem(c, 400, "a JSON object wanted");
    else if (*key && row < 0 && !(create && s->key))
        rc = answer_missing(c->req, c->reply);
    else if (s->resource == R_ARTICLES && *key)
        rc = change_article(c, s, body, key, row);
    else if (s->resource == R_DEBTORS && *key)
        rc = *text_of(body, "mergedInto")
                 ? merge_debtor(c, key, text_of(body, "mergedInto"), row)
                 : change_debtor(c, s, body, key, row);
    else if (s->resource == R_INVOICES_WITH_LINES)
        rc = change_invoice(c, body, row);
    else if (s->resource == R_ORDERS)
        rc = own_order(c, body, row);
    else
        rc = problem(c, 405, "this cannot be changed");
    json_decref(body);
    return rc;
}

static int shelf_call(struct books *b, const struct shelf *s, const char *key,
                      const struct request *req, struct reply *reply)
{
    struct tenant *t = &b->tenants[TENANT_DEMO];
    struct call c = {
        .books = b, .tenant = t, .req = req, .reply = reply, .resource = &resources[s->resource]};
    struct rows *r = &t->rows[c.resource->rows];
    if (strcmp(req->method, "POST") == 0)
        return change(&c, s, key);
    if (!*key)
        return strcmp(req->method, "GET") == 0 ? show_all(b, s, reply)
                                               : problem(&c, 405, "GET or POST");
    int64_t row = row_named(t, s, key);
    if (row < 0)
        return answer_missing(req, reply);
    if (strcmp(req->method, "GET") == 0)
        return answer_json(reply, 200, rows_value(r, (size_t)row));
    if (strcmp(req->method, "DELETE") != 0)
        return problem(&c, 405, "this cannot be removed");
    rows_remove(r, (size_t)row);
    return answer_json(reply, 200, json_pack("{s:s}", "removed", key));
}

// ---- Switches ---------------------------------------------------------------------------------

// The body is the number of seconds, or {"expires_in":seconds}.
static int token_lifetime(struct books *b, const struct request *req, struct reply *reply)
{
    json_t *body = json_loads(req->body, JSON_DECODE_ANY, NULL);
    const json_t *seconds = json_is_object(body) ? json_object_get(body, "expires_in") : body;
    json_int_t value = json_is_integer(seconds) ? json_integer_value(seconds) : -1;
    json_decref(body);
    if (value < 0 || value > 86400 * 365)
        return answer_problem(req, reply, 400, "seconds wanted", "aantal seconden gevraagd", NULL);
    b->token_lifetime_s = value;
    return answer_json(reply, 200, json_pack("{s:I}", "expires_in", value));
}

static int modules(struct books *b, const struct request *req, struct reply *reply)
{
    json_t *body = json_loads(req->body, 0, NULL);
    const json_t *on = json_object_get(body, "inTrade");
    bool good = json_is_boolean(on) && json_object_size(body) == 1, value = json_is_true(on);
    json_decref(body);
    if (!good)
        return answer_problem(req, reply, 400, "inTrade: true or false wanted",
                              "inTrade: true of false", NULL);
    for (int i = 0; i < TENANTS; i++)
        b->tenants[i].in_trade = value;
    return answer_json(reply, 200, json_pack("{s:b}", "inTrade", value));
}

// {"closed_until": "2026-02"}: nothing can be booked up to and with that month; null opens all.
static int period(struct books *b, const struct request *req, struct reply *reply)
{
    char month[16] = "", day[32];
    json_t *body = json_loads(req->body, 0, NULL), *until = json_object_get(body, "closed_until");
    if (json_is_string(until))
        snprintf(month, sizeof month, "%s", json_string_value(until));
    snprintf(day, sizeof day, "%s-01", month);
    bool good = json_is_null(until) || (strlen(month) == CLOSED_BYTES - 1 && time_valid(day));
    json_decref(body);
    if (!good)
        return answer_problem(req, reply, 400, "closed_until: YYYY-MM or null",
                              "closed_until: JJJJ-MM of null", NULL);
    for (int i = 0; i < TENANTS; i++)
        snprintf(b->tenants[i].closed_until, CLOSED_BYTES, "%.7s", month);
    return answer_json(reply, 200, json_pack("{s:s}", "closed_until", month));
}

// {"ms": n}: so long a new record is not found by a filter.
static int lag(struct books *b, const struct request *req, struct reply *reply)
{
    json_t *body = json_loads(req->body, 0, NULL);
    const json_t *ms = json_object_get(body, "ms");
    bool good = json_is_integer(ms) && json_integer_value(ms) >= 0;
    b->lag_from_ms = books_now_ms();
    b->lag_ms = good ? json_integer_value(ms) : b->lag_ms;
    json_decref(body);
    return good ? answer_json(reply, 200, json_pack("{s:I}", "ms", (json_int_t)b->lag_ms))
                : answer_problem(req, reply, 400, "ms: a number", "ms: een getal", NULL);
}

// {"references": true}: a second document of one reference is refused.
static int unique(struct books *b, const struct request *req, struct reply *reply)
{
    json_t *body = json_loads(req->body, 0, NULL);
    b->unique_references = json_is_true(json_object_get(body, "references"));
    json_decref(body);
    return answer_json(reply, 200, json_pack("{s:b}", "references", b->unique_references));
}

static int revoke(struct books *b, const struct request *req, struct reply *reply)
{
    const char *all = call_query(req, "all"); // ?all=1: the refresh tokens too
    books_tokens_clear(b, all && strcmp(all, "1") == 0);
    return answer_json(reply, 200, json_pack("{s:b}", "revoked", 1));
}

int sandbox_path(struct books *b, const struct request *req, struct reply *reply)
{
    static const struct {
        const char *path;
        int (*handle)(struct books *, const struct request *, struct reply *);
    } switches[] = {{"token-lifetime", token_lifetime},
                    {"revoke-tokens", revoke},
                    {"modules", modules},
                    {"lag", lag},
                    {"unique", unique},
                    {"period", period},
                    {"swagger", swagger_bend}};
    const char *path = req->path + strlen("/_sandbox/");
    size_t bytes = strcspn(path, "/");
    for (size_t i = 0; i < sizeof shelves / sizeof shelves[0]; i++) {
        if (strlen(shelves[i].path) == bytes && strncmp(path, shelves[i].path, bytes) == 0)
            return shelf_call(b, &shelves[i], path + bytes + (path[bytes] == '/'), req, reply);
    }
    for (size_t i = 0; strcmp(req->method, "POST") == 0 && i < sizeof switches / sizeof switches[0];
         i++) {
        if (strcmp(path, switches[i].path) == 0)
            return switches[i].handle(b, req, reply);
    }
    if (strcmp(req->method, "GET") == 0 && strcmp(path, "files") == 0)
        return files_show(b, reply);
    if (strcmp(req->method, "GET") == 0 && strcmp(path, "totals") == 0)
        return totals_show(b, reply);
    return answer_problem(req, reply, 404, "no such path", "dit pad bestaat niet", NULL);
}
