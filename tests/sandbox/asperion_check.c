// SPDX-License-Identifier: MIT
// Checks what is written to the sandbox's books, the same way for every kind of record.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "asperion_parts.h"

// ---- Collecting mistakes ----------------------------------------------------------------------

void mistake_raw(struct checks *k, const char *field, const char *en, const char *nl)
{
    char name[96];
    snprintf(name, sizeof name, "%s", field);
    name[0] = (char)toupper((unsigned char)name[0]);
    json_t *list = json_object_get(k->errors, name);
    if (!list) {
        json_object_set_new(k->errors, name, json_array());
        list = json_object_get(k->errors, name);
    }
    json_array_append_new(list, json_string(k->call->dutch ? nl : en));
}

void mistake(struct checks *k, const char *field, const char *en, const char *nl)
{
    const struct call *c = k->call;
    char name[96], member[96];
    const char *mark = strstr(field, "._data["), *last = strrchr(field, '.');
    // "lines._data[0].price" is "lines.price" to whoever bent it.
    if (mark && last > mark)
        snprintf(member, sizeof member, "%.*s%s", (int)(mark - field), field, last);
    else
        snprintf(member, sizeof member, "%s", field);
    const char *wire = wire_name(c->books, c->resource, member);
    snprintf(name, sizeof name, "%.*s%s", last ? (int)(last + 1 - field) : 0, field, wire);
    mistake_raw(k, name, en, nl);
}

bool time_valid(const char *text)
{
    int y, mo, d, h = 0, mi = 0, s = 0, used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &y, &mo, &d, &used) != 3 || used != 10)
        return false;
    if (text[10]) {
        int more = 0;
        if (sscanf(text + 10, "T%2d:%2d:%2d%n", &h, &mi, &s, &more) != 3 || text[10 + more])
            return false;
    }
    struct tm tm = {.tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d, .tm_hour = 12};
    timegm(&tm);
    return y >= 1900 && tm.tm_mon == mo - 1 && tm.tm_mday == d && h < 24 && mi < 60 && s < 60;
}

static bool value_fits(enum kind kind, const json_t *value)
{
    int64_t unused;
    switch (kind) {
    case KIND_TEXT: return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
    case KIND_LONG_TEXT: return json_is_string(value) && json_string_length(value) <= LONG_TEXT_MAX;
    case KIND_INTEGER: return json_is_integer(value);
    case KIND_MONEY: return units_of(value, 2, &unused);
    case KIND_DECIMAL: return units_of(value, QUANTITY_PLACES, &unused);
    case KIND_BOOLEAN: return json_is_boolean(value);
    case KIND_TIME: return json_is_string(value) && time_valid(json_string_value(value));
    default: return json_is_object(value) && json_is_array(json_object_get(value, "_data"));
    }
}

static const char *const wrong_en[] = {"must be text of at most 255 bytes",
                                       "must be text of at most 4000 bytes",
                                       "must be an integer",
                                       "must be a number with at most 2 decimals",
                                       "must be a number with at most 4 decimals",
                                       "must be true or false",
                                       "must be a date-time YYYY-MM-DDTHH:MM:SS",
                                       "must be an object with a _data array"};
static const char *const wrong_nl[] = {"moet tekst zijn van hoogstens 255 bytes",
                                       "moet tekst zijn van hoogstens 4000 bytes",
                                       "moet een geheel getal zijn",
                                       "moet een getal zijn met hoogstens 2 decimalen",
                                       "moet een getal zijn met hoogstens 4 decimalen",
                                       "moet true of false zijn",
                                       "moet een datum zijn als JJJJ-MM-DDTUU:MM:SS",
                                       "moet een object met een _data-array zijn"};

static void check_member(struct checks *k, const struct member *m, const char *place,
                         const json_t *value)
{
    if (m->flags & MEMBER_READ_ONLY)
        mistake(k, place, "cannot be written", "kan niet worden geschreven");
    else if (json_is_null(value) ? !(m->flags & MEMBER_NULLABLE) : !value_fits(m->kind, value))
        mistake(k, place, wrong_en[m->kind], wrong_nl[m->kind]);
}

static void check_rows(struct checks *k, json_t *collection, const struct member *m,
                       const char *prefix)
{
    size_t i;
    json_t *row, *rows = json_object_get(collection, "_data");
    char place[80];
    json_array_foreach(rows, i, row) {
        snprintf(place, sizeof place, "%s%s._data[%zu].", prefix, m->name, i);
        if (json_is_object(row))
            check_members(k, row, m->rows, place);
        else
            mistake(k, place, "must be an object", "moet een object zijn");
    }
    if (json_is_array(rows) && json_array_size(rows) == 0 && (m->flags & MEMBER_REQUIRED))
        mistake(k, m->name, "needs at least one line", "heeft minstens een regel nodig");
}

void check_members(struct checks *k, json_t *body, const struct member *members, const char *prefix)
{
    const char *name;
    json_t *value;
    char place[96];
    json_object_foreach(body, name, value) {
        const struct member *m = member_named(members, name, strlen(name));
        snprintf(place, sizeof place, "%s%s", prefix, name);
        if (m) {
            check_member(k, m, place, value);
            if (m->kind == KIND_COLLECTION && !(m->flags & MEMBER_READ_ONLY))
                check_rows(k, value, m, prefix);
        } else if (strcmp(name, "_meta") != 0) {
            mistake(k, place, "is not a known member", "is geen bekend gegeven");
        }
    }
    for (const struct member *m = members; m->name; m++) {
        const json_t *given = json_object_get(body, m->name);
        if ((m->flags & MEMBER_REQUIRED) &&
            (!given || (json_is_string(given) && !json_string_length(given)))) {
            snprintf(place, sizeof place, "%s%s", prefix, m->name);
            mistake(k, place, "is required", "is verplicht");
        }
    }
}

// ---- What several kinds of record refer to ----------------------------------------------------

const char *text_of(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));
    return text ? text : "";
}

json_int_t integer_of(const json_t *body, const char *name)
{
    return json_integer_value(json_object_get(body, name));
}

json_t *lines_of(const json_t *body)
{
    return json_object_get(json_object_get(body, "lines"), "_data");
}

void check_lookup(struct checks *k, const json_t *body, const char *field, enum lookup which,
                  const char *prefix, bool zero_is_none)
{
    const json_t *value = json_object_get(body, field), *row = NULL;
    char place[96];
    snprintf(place, sizeof place, "%s%s", prefix, field);
    if (json_is_integer(value)) {
        if (zero_is_none && json_integer_value(value) == 0)
            return;
        row = books_lookup_int(k->call->tenant, which, json_integer_value(value));
    } else if (*text_of(body, field)) {
        row = books_lookup_text(k->call->tenant, which, text_of(body, field));
    } else {
        return;
    }
    if (!row)
        mistake(k, place, "does not exist", "bestaat niet");
    else if (json_is_true(json_object_get(row, "disabled")))
        mistake(k, place, "is disabled", "is uitgeschakeld");
}

void check_customer(struct checks *k, const json_t *body)
{
    const char *number = text_of(body, "debtorCustomerNumber");
    if (*number &&
        rows_equal(&k->call->tenant->rows[ROWS_DEBTORS], "customerNumber", number, -1) < 0)
        mistake(k, "debtorCustomerNumber", "does not exist", "bestaat niet");
}

void check_unique(struct checks *k, int rows, const char *member, const json_t *body, int64_t row)
{
    const char *text = text_of(body, member);
    if (k->call->books->unique_references && *text &&
        rows_equal(&k->call->tenant->rows[rows], member, text, row) >= 0)
        mistake(k, member, "is already in use", "is al in gebruik");
}

void check_period(struct checks *k, const json_t *body)
{
    const char *date = text_of(body, "date"), *closed = k->call->tenant->closed_until;
    long long year = integer_of(body, "bookyear"), period = integer_of(body, "bookperiod");
    char month[32];
    if (!time_valid(date))
        return;
    // Year and period are inputs of their own; nothing is booked before it happened.
    if (year < strtol(date, NULL, 10))
        mistake(k, "bookyear", "does not fit the date", "past niet bij de datum");
    else if (period < 1 || period > 12 ||
             (year == strtol(date, NULL, 10) && period < strtol(date + 5, NULL, 10)))
        mistake(k, "bookperiod", "does not fit the date", "past niet bij de datum");
    snprintf(month, sizeof month, "%04lld-%02lld", year, period);
    if (*closed && strcmp(month, closed) <= 0)
        mistake(k, "bookperiod", "is closed", "is afgesloten");
}

static bool vat_holds_on(const json_t *row, const char *date)
{
    const char *from = text_of(row, "validFrom"), *until = text_of(row, "validUntil");
    return !*date || (strncmp(date, from, 10) >= 0 && (!*until || strncmp(date, until, 10) <= 0));
}

const json_t *check_vat_code(struct checks *k, const char *code, const char *date,
                             const char *prefix)
{
    const json_t *row = *code ? books_lookup_text(k->call->tenant, L_VAT, code) : NULL;
    char place[96];
    snprintf(place, sizeof place, "%svatCode", prefix);
    if (*code && !row)
        mistake(k, place, "does not exist", "bestaat niet");
    if (row && !json_is_true(json_object_get(row, "salesCode")))
        mistake(k, place, "is not for sales", "is niet voor verkopen");
    else if (row && !vat_holds_on(row, date))
        mistake(k, place, "does not hold on this date", "geldt niet op deze datum");
    return row;
}

// ---- One write ----------------------------------------------------------------------------------

// The body as an object, or the reply filled and NULL.
static json_t *body_object(const struct call *c)
{
    const char *type = call_query(c->req, "validateOnly");
    const char *content = request_header(c->req, "Content-Type");
    for (size_t i = 0; i < c->req->queries; i++) {
        if (strcasecmp(c->req->query[i].name, "validateOnly") != 0)
            type = "wrong";
    }
    if (type && strcasecmp(type, "true") != 0 && strcasecmp(type, "false") != 0) {
        answer_problem(c->req, c->reply, 400,
                       "Only validateOnly=true or false may stand in the query.",
                       "Alleen validateOnly=true of false mag in de query staan.", NULL);
        return NULL;
    }
    if (!content || strncasecmp(content, "application/json", 16) != 0) {
        answer_problem(c->req, c->reply, 415, "The body must be application/json.",
                       "De inhoud moet application/json zijn.", NULL);
        return NULL;
    }
    json_t *body = json_loadb(c->req->body, c->req->body_bytes, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body)) {
        json_decref(body);
        answer_problem(c->req, c->reply, 400, "The body is not a JSON object.",
                       "De inhoud is geen JSON-object.", NULL);
        return NULL;
    }
    return body;
}

json_t *time_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    return json_string(text);
}

void leave_writable(json_t *row, const struct member *members)
{
    // The totals can be given, but are reckoned from the lines.
    static const char *const reckoned[] = {"_meta", "amountExclVat", "amountInclVat"};
    for (size_t i = 0; i < sizeof reckoned / sizeof reckoned[0]; i++)
        json_object_del(row, reckoned[i]);
    if (member_named(members, "amountInclVat", strlen("amountInclVat")))
        json_object_del(row, "vatAmount");
    for (const struct member *m = members; m->name; m++) {
        if (m->flags & MEMBER_READ_ONLY)
            json_object_del(row, m->name);
        size_t i;
        json_t *line;
        json_array_foreach(json_object_get(json_object_get(row, m->name), "_data"), i, line)
            leave_writable(line, m->rows);
    }
}

bool write_begin(struct write *w, const struct call *c, int64_t row)
{
    const char *only = call_query(c->req, "validateOnly");
    *w = (struct write){.checks = {.call = c}, .row = row,
                        .only = only && strcasecmp(only, "true") == 0};
    c->reply->operation = c->resource->operations[w->only    ? OP_VALIDATE
                                                  : row >= 0 ? OP_UPDATE
                                                             : OP_CREATE];
    w->body = body_object(c);
    if (!w->body)
        return false;
    w->checks.errors = json_object();
    wire_take(&w->checks, w->body);
    if (row < 0) {
        w->whole = json_incref(w->body);
        return true;
    }
    // The members that a change leaves out keep their value.
    w->whole = rows_value(&c->tenant->rows[c->resource->rows], (size_t)row);
    leave_writable(w->whole, c->resource->members);
    json_object_update(w->whole, w->body);
    return true;
}

bool write_refused(struct write *w)
{
    if (json_object_size(w->checks.errors) == 0)
        return false;
    answer_problem(w->checks.call->req, w->checks.call->reply, 400,
                   "See errors for the values that are wrong.",
                   "Zie errors voor de onjuiste gegevens.", w->checks.errors);
    w->checks.errors = NULL;
    write_end(w);
    return true;
}

int write_done(struct write *w, json_t *value)
{
    const struct call *c = w->checks.call;
    int rc = value ? answer_record(c, w->only || w->row >= 0 ? 200 : 201, value) : -1;
    write_end(w);
    return rc;
}

void write_end(struct write *w)
{
    json_decref(w->checks.errors);
    json_decref(w->body);
    json_decref(w->whole);
    w->checks.errors = w->body = w->whole = NULL;
}

static void fill_rows(json_t *collection, const struct member *members)
{
    size_t i;
    json_t *row, *rows = json_object_get(collection, "_data");
    json_array_foreach(rows, i, row)
        json_array_set_new(rows, i, whole_record(members, row));
}

json_t *whole_record(const struct member *members, const json_t *given)
{
    json_t *row = json_object();
    for (const struct member *m = members; m->name; m++) {
        json_t *value = json_object_get(given, m->name);
        if (value)
            json_object_set(row, m->name, value);
        else if (strcmp(m->name, "id") != 0)
            json_object_set_new(row, m->name, m->kind == KIND_BOOLEAN ? json_false() : json_null());
        if (m->rows)
            fill_rows(value, m->rows);
    }
    return row;
}

void number_lines(json_t *document, json_int_t id)
{
    size_t i;
    json_t *line, *lines = lines_of(document);
    json_array_foreach(lines, i, line) {
        json_object_del(line, "_meta");
        json_object_set_new(line, "id", json_integer(id * 1000 + (json_int_t)i));
    }
    json_object_set_new(json_object_get(document, "lines"), "_meta",
                        json_pack("{s:I}", "totalCount", (json_int_t)json_array_size(lines)));
}
