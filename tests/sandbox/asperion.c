// SPDX-License-Identifier: MIT
// The API of the sandbox's books: login check, choice of administration, lists with paging and
// filters, and the /_sandbox/ paths.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

#define PAGE_SIZE 50
#define PAGE_SIZE_MAX 200

// ---- Answers ------------------------------------------------------------------------------------

const char *call_query(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->queries; i++) {
        if (strcasecmp(req->query[i].name, name) == 0)
            return req->query[i].value;
    }
    return NULL;
}

int answer_json(struct reply *reply, int status, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(value);
    if (!text)
        return -1;
    reply_take(reply, status, "application/json; charset=utf-8", text, strlen(text));
    return 0;
}

static bool wants_dutch(const struct request *req)
{
    const char *language = request_header(req, "Accept-Language");
    return language && strncasecmp(language, "nl", 2) == 0;
}

int answer_problem(const struct request *req, struct reply *reply, int status, const char *en,
                   const char *nl, json_t *errors_take)
{
    const char *title = status == 400 ? (wants_dutch(req) ? "Een of meer gegevens zijn onjuist."
                                                          : "One or more values are not valid.")
                        : status == 401 ? "Unauthorized"
                        : status == 403 ? "Forbidden"
                        : status == 404 ? "Not Found" : "Error";
    return answer_json(reply, status, json_pack("{s:s,s:i,s:s,s:s,s:o*}", "title", title, "status",
        status, "detail", wants_dutch(req) ? nl : en, "traceId", "00-5a4d-sandbox-00", "errors",
        errors_take));
}

void call_base_url(const struct books *b, const struct request *req, char *out, size_t bytes)
{
    const char *host = request_header(req, "Host");
    snprintf(out, bytes, "%s://%s", b->tls ? "https" : "http", host ? host : "127.0.0.1");
}

json_t *call_resource(const struct call *c, json_t *row_take, const char *resource)
{
    char base[256], self[512];
    call_base_url(c->books, c->req, base, sizeof base);
    snprintf(self, sizeof self, "%s/v1/%s/%" JSON_INTEGER_FORMAT, base, resource,
             json_integer_value(json_object_get(row_take, "id")));
    json_object_set_new(row_take, "_meta", json_pack("{s:i,s:s,s:s,s:s}", "administrationId",
        c->tenant->id, "administrationName", c->tenant->name, "profileName", "Demo", "self", self));
    return row_take;
}

// ---- Filters ------------------------------------------------------------------------------------

enum filter_kind { FILTER_TEXT, FILTER_NUMBER, FILTER_DATE };

struct filter_name {
    const char *field; // of the row; the query has the same name in any case
    enum filter_kind kind;
};

struct resource {
    const char *path;      // under /v1/
    const char *operation; // for the stats
    struct filter_name filters[24];
};

enum { R_ADMINISTRATIONS, R_JOURNALS, R_LEDGER, R_VAT, R_CONDITIONS, R_COST_CENTERS, R_DEBTORS,
       R_ARTICLES, R_INVOICES, R_INVOICES_WITH_LINES, R_COUNT };

#define INVOICE_FILTERS                                                                            \
    {{"id", FILTER_NUMBER}, {"amountExclVat", FILTER_NUMBER}, {"amountInclVat", FILTER_NUMBER},    \
     {"bookyear", FILTER_NUMBER}, {"bookperiod", FILTER_NUMBER},                                   \
     {"debtorCustomerNumber", FILTER_TEXT}, {"date", FILTER_DATE}, {"description", FILTER_TEXT},   \
     {"invoiceNumber", FILTER_TEXT}, {"journalId", FILTER_TEXT}, {"status", FILTER_NUMBER},        \
     {"paymentConditionId", FILTER_NUMBER}, {"vatAmount", FILTER_NUMBER}}

static const struct resource resources[R_COUNT] = {
    [R_ADMINISTRATIONS] = {"administrations", "administrations.list",
                           {{"id", FILTER_NUMBER}, {"name", FILTER_TEXT}}},
    [R_JOURNALS] = {"journals", "journals.list", {{"id", FILTER_TEXT}, {"description", FILTER_TEXT}}},
    [R_LEDGER] = {"ledgeraccounts", "ledgeraccounts.list",
                  {{"id", FILTER_NUMBER}, {"type", FILTER_NUMBER}, {"description", FILTER_TEXT}}},
    [R_VAT] = {"vatcodes", "vatcodes.list", {{NULL, FILTER_TEXT}}},
    [R_CONDITIONS] = {"paymentconditions", "paymentconditions.list",
                      {{"id", FILTER_NUMBER}, {"description", FILTER_TEXT}}},
    [R_COST_CENTERS] = {"costcenters", "costcenters.list",
                        {{"id", FILTER_NUMBER}, {"description", FILTER_TEXT},
                         {"conversionCode", FILTER_TEXT}}},
    [R_DEBTORS] = {"debtors", "debtors.list",
                   {{"id", FILTER_NUMBER}, {"customerNumber", FILTER_TEXT}, {"name", FILTER_TEXT},
                    {"attentionTo", FILTER_TEXT}, {"address", FILTER_TEXT}, {"postCode", FILTER_TEXT},
                    {"city", FILTER_TEXT}, {"countryCode", FILTER_TEXT}, {"phoneNumber", FILTER_TEXT},
                    {"mobileNumber", FILTER_TEXT}, {"emailAddress", FILTER_TEXT},
                    {"cocNumber", FILTER_TEXT}, {"vatNumber", FILTER_TEXT}, {"iban", FILTER_TEXT},
                    {"debtorKindId", FILTER_TEXT}, {"paymentConditionId", FILTER_NUMBER},
                    {"paymentMethodId", FILTER_TEXT}, {"dateAdded", FILTER_DATE}}},
    [R_ARTICLES] = {"articles", "articles.list",
                    {{"id", FILTER_NUMBER}, {"articleNumber", FILTER_TEXT},
                     {"description", FILTER_TEXT}, {"salesTypeId", FILTER_NUMBER}}},
    [R_INVOICES] = {"salesinvoices", "salesinvoices.list", INVOICE_FILTERS},
    [R_INVOICES_WITH_LINES] = {"salesinvoiceswithlines", "salesinvoiceswithlines.list",
                               INVOICE_FILTERS},
};

static const struct filter_name *filter_named(const struct resource *r, const char *name, size_t bytes)
{
    for (const struct filter_name *f = r->filters; f->field; f++) {
        if (strlen(f->field) == bytes && strncasecmp(f->field, name, bytes) == 0)
            return f;
    }
    return NULL;
}

static const char *const comparisons[] = {"Contains", "Equals", "NotEquals", "StartsWith", "EndsWith"};

// "" for the default; NULL where the comparison is none of the five.
static const char *comparison_of(const struct request *req, const char *field)
{
    char name[96];
    snprintf(name, sizeof name, "%s_comparison", field);
    const char *given = call_query(req, name);
    if (!given)
        return comparisons[0];
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        if (strcasecmp(given, comparisons[i]) == 0)
            return comparisons[i];
    }
    return NULL;
}

// Every query parameter must be one that is known: a mistyped filter would list everything.
static bool queries_known(const struct call *c, const struct resource *r, char *wrong, size_t bytes)
{
    static const char *const common[] = {"page", "pageSize", "fields", "orderBy", "metaOnly"};
    for (size_t i = 0; i < c->req->queries; i++) {
        const char *name = c->req->query[i].name;
        bool known = false;
        for (size_t k = 0; k < sizeof common / sizeof common[0]; k++)
            known = known || strcasecmp(name, common[k]) == 0;
        if (r == &resources[R_ARTICLES] && strcasecmp(name, "ActiveState") == 0)
            known = true;
        const char *mark = strchr(name, '_');
        const struct filter_name *f = filter_named(r, name, mark ? (size_t)(mark - name) : strlen(name));
        if (f && !mark)
            known = true;
        if (f && mark && f->kind == FILTER_TEXT && strcasecmp(mark, "_comparison") == 0)
            known = comparison_of(c->req, f->field) != NULL;
        if (f && mark && f->kind == FILTER_DATE &&
            (strcasecmp(mark, "_from") == 0 || strcasecmp(mark, "_to") == 0))
            known = true;
        if (!known) {
            snprintf(wrong, bytes, "%s", name);
            return false;
        }
    }
    return true;
}

static bool text_fits(const char *have, const char *want, const char *comparison)
{
    size_t nh = strlen(have), nw = strlen(want);
    if (strcmp(comparison, "Equals") == 0)
        return text_same(have, want);
    if (strcmp(comparison, "NotEquals") == 0)
        return !text_same(have, want);
    if (strcmp(comparison, "StartsWith") == 0)
        return strncasecmp(have, want, nw) == 0;
    if (strcmp(comparison, "EndsWith") == 0)
        return nh >= nw && strcasecmp(have + nh - nw, want) == 0;
    return strcasestr(have, want) != NULL;
}

static bool date_fits(const struct request *req, const char *field, const char *have)
{
    char name[96];
    const char *same = call_query(req, field);
    if (same && strncmp(have, same, 10) != 0)
        return false;
    snprintf(name, sizeof name, "%s_from", field);
    const char *from = call_query(req, name);
    snprintf(name, sizeof name, "%s_to", field);
    const char *to = call_query(req, name);
    return !(from && strncmp(have, from, 10) < 0) && !(to && strncmp(have, to, 10) > 0);
}

static bool row_fits(const struct call *c, const struct resource *r, const json_t *row)
{
    for (const struct filter_name *f = r->filters; f->field; f++) {
        const json_t *value = json_object_get(row, f->field);
        const char *want = call_query(c->req, f->field);
        if (f->kind == FILTER_DATE) {
            if (!date_fits(c->req, f->field, json_is_string(value) ? json_string_value(value) : ""))
                return false;
        } else if (want && f->kind == FILTER_NUMBER) {
            if (!json_is_number(value) || json_number_value(value) != strtod(want, NULL))
                return false;
        } else if (want) {
            const char *have = json_is_string(value) ? json_string_value(value) : "";
            if (!text_fits(have, want, comparison_of(c->req, f->field)))
                return false;
        }
    }
    if (r == &resources[R_ARTICLES]) {
        const char *state = call_query(c->req, "ActiveState");
        bool active = json_is_true(json_object_get(row, "active"));
        if (!state || strcasecmp(state, "Active") == 0)
            return active;
        return strcasecmp(state, "All") == 0 || !active;
    }
    return true;
}

static bool filtered(const struct call *c, const struct resource *r)
{
    if (r == &resources[R_ARTICLES])
        return true; // inactive ones are hidden
    for (size_t i = 0; i < c->req->queries; i++) {
        const char *name = c->req->query[i].name;
        const char *mark = strchr(name, '_');
        if (filter_named(r, name, mark ? (size_t)(mark - name) : strlen(name)))
            return true;
    }
    return false;
}

// ---- Where rows come from ---------------------------------------------------------------------------

struct source {
    json_t *array;               // a lookup, or
    const struct table *table;   // debtors and articles, or
    const struct tenant *tenant; // its invoices
    bool with_lines;
    const struct index *index;   // set: only the rows that it gives for `wanted`
    const char *wanted;
    json_t *own;                 // the array, where it was made for this call
};

static size_t source_count(const struct source *s)
{
    return s->array ? json_array_size(s->array) : s->table ? s->table->count : s->tenant->invoice_count;
}

static json_t *source_row(const struct source *s, size_t i)
{
    if (s->array)
        return json_copy(json_array_get(s->array, i));
    if (s->table)
        return json_copy(s->table->rows[i]);
    json_t *row = json_loads(s->tenant->invoices[i].json, 0, NULL);
    if (row && !s->with_lines)
        json_object_del(row, "lines");
    return row;
}

static void source_index(const struct call *c, struct source *s, const struct index *ix, const char *field)
{
    const char *wanted = call_query(c->req, field);
    const char *comparison = comparison_of(c->req, field);
    if (!s->index && wanted && *wanted && comparison && strcmp(comparison, "Equals") == 0) {
        s->index = ix;
        s->wanted = wanted;
    }
}

static json_t *administrations(const struct call *c)
{
    json_t *list = json_array();
    for (int i = 0; i < TENANTS; i++)
        json_array_append_new(list, json_pack("{s:i,s:s}", "id", c->books->tenants[i].id, "name",
                                              c->books->tenants[i].name));
    return list;
}

static struct source source_of(const struct call *c, int which)
{
    struct tenant *t = c->tenant;
    struct source s = {0};
    switch (which) {
    case R_ADMINISTRATIONS: s.array = s.own = administrations(c); break;
    case R_JOURNALS: s.array = t->journals; break;
    case R_LEDGER: s.array = t->ledger_accounts; break;
    case R_VAT: s.array = t->vat_codes; break;
    case R_CONDITIONS: s.array = t->payment_conditions; break;
    case R_COST_CENTERS: s.array = t->cost_centers; break;
    case R_DEBTORS:
        s.table = &t->debtors;
        source_index(c, &s, &t->debtor_number, "customerNumber");
        source_index(c, &s, &t->debtor_email, "emailAddress");
        source_index(c, &s, &t->debtor_vat, "vatNumber");
        break;
    case R_ARTICLES:
        s.table = &t->articles;
        source_index(c, &s, &t->article_number, "articleNumber");
        break;
    default:
        s.tenant = t;
        s.with_lines = which == R_INVOICES_WITH_LINES;
        source_index(c, &s, &t->invoice_description, "description");
        source_index(c, &s, &t->invoice_number, "invoiceNumber");
        source_index(c, &s, &t->invoice_customer, "debtorCustomerNumber");
    }
    return s;
}

// ---- Lists --------------------------------------------------------------------------------------

struct page {
    size_t number, size, total;
    json_t *data;
};

static void row_meta(const struct call *c, const struct resource *r, json_t *row)
{
    char base[256], self[512], id[64] = "";
    const json_t *value = json_object_get(row, "id");
    if (json_is_string(value))
        snprintf(id, sizeof id, "%s", json_string_value(value));
    else
        snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    call_base_url(c->books, c->req, base, sizeof base);
    snprintf(self, sizeof self, "%s/v1/%s/%s", base, r->path, id);
    json_object_set_new(row, "_meta", json_pack("{s:s}", "self", self));
}

static void page_take(const struct call *c, const struct resource *r, struct page *p, json_t *row)
{
    size_t at = p->total++;
    if (at >= (p->number - 1) * p->size && at < p->number * p->size) {
        row_meta(c, r, row);
        json_array_append_new(p->data, row);
    } else {
        json_decref(row);
    }
}

static void fill_page(const struct call *c, const struct resource *r, const struct source *s,
                      struct page *p)
{
    if (s->index) {
        // The newest entry comes first out of the index; a list goes from old to new.
        size_t at = 0, row, count = 0, room = 0, *found = NULL;
        while (index_next(s->index, s->wanted, &at, &row)) {
            if (count == room) {
                size_t *grown = realloc(found, (room = room ? room * 2 : 16) * sizeof *grown);
                if (!grown)
                    break;
                found = grown;
            }
            found[count++] = row;
        }
        while (count-- > 0) {
            json_t *value = source_row(s, found[count]);
            if (row_fits(c, r, value))
                page_take(c, r, p, value);
            else
                json_decref(value);
        }
        free(found);
        return;
    }
    if (!filtered(c, r)) {
        size_t count = source_count(s), from = (p->number - 1) * p->size;
        p->total = from < count ? from : count;
        for (size_t i = from; i < count && i < from + p->size; i++)
            page_take(c, r, p, source_row(s, i));
        p->total = count;
        return;
    }
    for (size_t i = 0; i < source_count(s); i++) {
        json_t *value = source_row(s, i);
        if (row_fits(c, r, value))
            page_take(c, r, p, value);
        else
            json_decref(value);
    }
}

// A URL of another page of the same list.
static json_t *page_url(const struct call *c, const struct resource *r, size_t number, size_t size)
{
    char url[2048];
    call_base_url(c->books, c->req, url, 256);
    size_t used = strlen(url);
    used += (size_t)snprintf(url + used, sizeof url - used, "/v1/%s?page=%zu&pageSize=%zu", r->path,
                             number, size);
    for (size_t i = 0; i < c->req->queries; i++) {
        const struct pair *q = &c->req->query[i];
        if (strcasecmp(q->name, "page") == 0 || strcasecmp(q->name, "pageSize") == 0)
            continue;
        if (used + strlen(q->name) + 3 * strlen(q->value) + 3 >= sizeof url)
            break;
        used += (size_t)snprintf(url + used, sizeof url - used, "&%s=", q->name);
        for (const char *p = q->value; *p; p++)
            used += (size_t)snprintf(url + used, sizeof url - used,
                                     isalnum((unsigned char)*p) ? "%c" : "%%%02X", (unsigned char)*p);
    }
    return json_string(url);
}

static bool page_number(const char *text, size_t fallback, size_t max, size_t *out)
{
    *out = fallback;
    if (!text)
        return true;
    char *end;
    unsigned long v = strtoul(text, &end, 10);
    *out = v;
    return isdigit((unsigned char)*text) && !*end && v >= 1 && v <= max;
}

static void keep_fields(json_t *data, const char *fields)
{
    size_t i;
    json_t *row, *value;
    const char *name;
    void *tmp;
    json_array_foreach(data, i, row) {
        json_object_foreach_safe(row, tmp, name, value) {
            bool kept = strcmp(name, "_meta") == 0;
            for (const char *p = fields; *p && !kept; p += strcspn(p, ","), p += *p == ',')
                kept = strcspn(p, ",") == strlen(name) && strncasecmp(p, name, strlen(name)) == 0;
            if (!kept)
                json_object_del(row, name);
        }
    }
}

static int list(const struct call *c, int which)
{
    const struct resource *r = &resources[which];
    struct page p = {0};
    char wrong[128];
    c->reply->operation = r->operation;
    if (!queries_known(c, r, wrong, sizeof wrong))
        return answer_problem(c->req, c->reply, 400, "Unknown query parameter or comparison.",
                              "Onbekende queryparameter of vergelijking.",
                              json_pack("{s:[s]}", wrong, wrong));
    if (!page_number(call_query(c->req, "page"), 1, 100000000, &p.number) ||
        !page_number(call_query(c->req, "pageSize"), PAGE_SIZE, PAGE_SIZE_MAX, &p.size))
        return answer_problem(c->req, c->reply, 400, "page or pageSize is out of range (at most 200).",
                              "page of pageSize valt buiten het bereik (hoogstens 200).", NULL);
    const char *state = call_query(c->req, "ActiveState");
    if (state && strcasecmp(state, "All") && strcasecmp(state, "Active") && strcasecmp(state, "Inactive"))
        return answer_problem(c->req, c->reply, 400, "ActiveState is All, Active or Inactive.",
                              "ActiveState is All, Active of Inactive.", NULL);
    struct source s = source_of(c, which);
    p.data = json_array();
    fill_page(c, r, &s, &p);
    json_decref(s.own);
    const char *meta_only = call_query(c->req, "metaOnly");
    const char *fields = call_query(c->req, "fields");
    if (meta_only && strcasecmp(meta_only, "true") == 0)
        json_array_clear(p.data);
    if (fields && *fields)
        keep_fields(p.data, fields);
    size_t pages = (p.total + p.size - 1) / p.size;
    json_t *meta = json_pack("{s:i,s:s,s:s,s:o,s:o,s:I,s:I,s:o}", "administrationId", c->tenant->id,
        "administrationName", c->tenant->name, "profileName", "Demo", "previousPage",
        p.number > 1 ? page_url(c, r, p.number - 1, p.size) : json_null(), "nextPage",
        p.number < pages ? page_url(c, r, p.number + 1, p.size) : json_null(), "totalCount",
        (json_int_t)p.total, "pageCount", (json_int_t)pages, "self", page_url(c, r, p.number, p.size));
    return answer_json(c->reply, 200, json_pack("{s:o,s:o}", "_data", p.data, "_meta", meta));
}

// ---- Routes -------------------------------------------------------------------------------------

static int missing(const struct call *c)
{
    return answer_problem(c->req, c->reply, 404, "There is no such resource.",
                          "Deze bron bestaat niet.", NULL);
}

// Ids follow each other, because nothing is ever removed.
static json_t *table_row(const struct table *t, json_int_t id)
{
    json_int_t first = t->next_id - (json_int_t)t->count;
    return id >= first && id < t->next_id ? t->rows[id - first] : NULL;
}

static json_t *one_row(const struct call *c, int which, json_int_t id)
{
    if (which == R_DEBTORS)
        return json_copy(table_row(&c->tenant->debtors, id));
    if (which == R_ARTICLES)
        return json_copy(table_row(&c->tenant->articles, id));
    if (which == R_INVOICES_WITH_LINES && c->tenant->invoice_count) {
        json_int_t first = c->tenant->next_invoice_id - (json_int_t)c->tenant->invoice_count;
        if (id >= first && id < c->tenant->next_invoice_id)
            return json_loads(c->tenant->invoices[id - first].json, 0, NULL);
    }
    return NULL;
}

static int resource_call(const struct call *c, int which, const char *rest)
{
    bool get = strcmp(c->req->method, "GET") == 0, post = strcmp(c->req->method, "POST") == 0;
    bool put = strcmp(c->req->method, "PUT") == 0;
    if (!*rest && get)
        return list(c, which);
    if (!*rest && post && which == R_DEBTORS)
        return write_debtor(c, 0);
    if (!*rest && post && which == R_ARTICLES)
        return write_article(c, 0);
    if (!*rest && post && which == R_INVOICES_WITH_LINES)
        return write_invoice(c);
    if (*rest != '/')
        goto not_allowed;
    char *end;
    json_int_t id = strtoll(rest + 1, &end, 10);
    if (!rest[1] || *end)
        return missing(c);
    json_t *row = one_row(c, which, id);
    if (!row)
        return missing(c);
    if (get) {
        c->reply->operation = which == R_DEBTORS ? "debtors.get"
                              : which == R_ARTICLES ? "articles.get" : "salesinvoiceswithlines.get";
        return answer_json(c->reply, 200, call_resource(c, row, resources[which].path));
    }
    json_decref(row);
    if (put && which == R_DEBTORS)
        return write_debtor(c, id);
    if (put && which == R_ARTICLES)
        return write_article(c, id);
not_allowed:
    return answer_problem(c->req, c->reply, 405, "This method is not allowed here.",
                          "Deze methode is hier niet toegestaan.", NULL);
}

static struct tenant *tenant_of(struct books *b, const struct request *req)
{
    const char *id = request_header(req, "X-Tenant-Id");
    if (!id)
        id = request_header(req, "X-TenantId");
    if (!id)
        return &b->tenants[TENANT_DEFAULT];
    for (int i = 0; i < TENANTS; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", b->tenants[i].id);
        if (strcmp(text, id) == 0)
            return &b->tenants[i];
    }
    return NULL;
}

static int api(struct books *b, const struct request *req, struct reply *reply)
{
    struct call c = {.books = b, .req = req, .reply = reply, .dutch = wants_dutch(req)};
    reply->operation = "api";
    if (!identity_check(b, req, reply))
        return 0;
    c.tenant = tenant_of(b, req);
    if (!c.tenant)
        return answer_problem(req, reply, 403, "You have no right to this administration.",
                              "U heeft geen rechten op deze administratie.", NULL);
    const char *path = req->path + 4;
    size_t bytes = strcspn(path, "/");
    for (int i = 0; i < R_COUNT; i++) {
        if (strlen(resources[i].path) == bytes && strncasecmp(path, resources[i].path, bytes) == 0)
            return resource_call(&c, i, path + bytes);
    }
    return missing(&c);
}

// ---- /_sandbox/ -----------------------------------------------------------------------------------

static int show_invoices(struct books *b, struct reply *reply)
{
    const struct tenant *t = &b->tenants[TENANT_DEMO];
    json_t *all = json_array();
    for (size_t i = 0; i < t->invoice_count; i++)
        json_array_append_new(all, json_loads(t->invoices[i].json, 0, NULL));
    return answer_json(reply, 200, json_pack("{s:o,s:I}", "invoices", all, "other_administration",
        (json_int_t)b->tenants[TENANT_DEFAULT].invoice_count));
}

static int show_debtors(struct books *b, struct reply *reply)
{
    const struct tenant *t = &b->tenants[TENANT_DEMO];
    json_t *all = json_array();
    for (size_t i = 0; i < t->debtors.count; i++)
        json_array_append(all, t->debtors.rows[i]);
    return answer_json(reply, 200, json_pack("{s:o,s:I}", "debtors", all, "other_administration",
        (json_int_t)b->tenants[TENANT_DEFAULT].debtors.count));
}

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

static int sandbox_path(struct books *b, const struct request *req, struct reply *reply)
{
    const char *path = req->path + strlen("/_sandbox/");
    bool get = strcmp(req->method, "GET") == 0, post = strcmp(req->method, "POST") == 0;
    if (get && strcmp(path, "invoices") == 0)
        return show_invoices(b, reply);
    if (get && strcmp(path, "debtors") == 0)
        return show_debtors(b, reply);
    if (post && strcmp(path, "token-lifetime") == 0)
        return token_lifetime(b, req, reply);
    if (post && strcmp(path, "revoke-tokens") == 0) {
        const char *all = call_query(req, "all"); // ?all=1: the refresh tokens too
        books_tokens_clear(b, all && strcmp(all, "1") == 0);
        return answer_json(reply, 200, json_pack("{s:b}", "revoked", 1));
    }
    return answer_problem(req, reply, 404, "no such path", "dit pad bestaat niet", NULL);
}

int asperion_handle(struct books *books, const struct request *req, struct reply *reply)
{
    if (strncmp(req->path, "/_sandbox/", 10) == 0)
        return sandbox_path(books, req, reply);
    if (strncmp(req->path, "/v1/", 4) == 0)
        return api(books, req, reply);
    int rc = identity_handle(books, req, reply);
    if (rc == 1)
        return answer_problem(req, reply, 404, "There is no such resource.", "Deze bron bestaat niet.",
                              NULL);
    return rc;
}
