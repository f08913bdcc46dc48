// SPDX-License-Identifier: MIT
// Lists of the books' API: filters, paging, field selection. Rows are text and a page is put
// together from text, so that a long list costs no more than its pages.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

#define PAGE_SIZE 50
#define PAGE_SIZE_MAX 200

// ---- Query parameters ---------------------------------------------------------------------------

static const char *field_of(const struct filter *f)
{
    return f->field ? f->field : f->name;
}

// What the wire calls the filter: the name of its field, unless that has a name of its own.
static const char *query_name(const struct call *c, const struct filter *f)
{
    const char *wire = wire_name(c->books, c->resource, field_of(f));
    return strcasecmp(wire, field_of(f)) == 0 ? f->name : wire;
}

static const struct filter *filter_named(const struct call *c, const char *name, size_t bytes)
{
    for (const struct filter *f = c->resource->filters; f->name; f++) {
        const char *own = query_name(c, f);
        if (strlen(own) == bytes && strncasecmp(own, name, bytes) == 0)
            return f;
    }
    return NULL;
}

static const char *const comparisons[] = {"Contains", "Equals", "NotEquals", "StartsWith",
                                          "EndsWith"};

// The default where none is given; NULL where the comparison is none of the five.
static const char *comparison_of(const struct call *c, const struct filter *f)
{
    char name[96];
    snprintf(name, sizeof name, "%s_comparison", query_name(c, f));
    const char *given = call_query(c->req, name);
    if (!given)
        return comparisons[0];
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        if (strcasecmp(given, comparisons[i]) == 0)
            return comparisons[i];
    }
    return NULL;
}

static bool shows_states(const struct call *c)
{
    return c->resource->rows == ROWS_ARTICLES;
}

static bool query_known(const struct call *c, const char *name)
{
    static const char *const common[] = {"page", "pageSize", "fields", "orderBy", "metaOnly"};
    for (size_t k = 0; k < sizeof common / sizeof common[0]; k++) {
        if (strcasecmp(name, common[k]) == 0)
            return true;
    }
    if (shows_states(c) && strcasecmp(name, "ActiveState") == 0)
        return true;
    const char *mark = strchr(name, '_');
    const struct filter *f = filter_named(c, name, mark ? (size_t)(mark - name) : strlen(name));
    if (!f || !mark)
        return f != NULL;
    if (f->kind == FILTER_TEXT && strcasecmp(mark, "_comparison") == 0)
        return comparison_of(c, f) != NULL;
    return f->kind == FILTER_DATE &&
           (strcasecmp(mark, "_from") == 0 || strcasecmp(mark, "_to") == 0);
}

static bool number_good(const struct call *c, const struct filter *f)
{
    int64_t unused;
    const char *want = f->kind == FILTER_NUMBER ? call_query(c->req, query_name(c, f)) : NULL;
    return !want || units_parse(want, strlen(want), QUANTITY_PLACES, &unused);
}

// Every query parameter must be one that is known and make sense: a mistyped filter would list
// everything.
static bool queries_good(const struct call *c, char *wrong, size_t bytes)
{
    for (size_t i = 0; i < c->req->queries; i++) {
        if (!query_known(c, c->req->query[i].name)) {
            snprintf(wrong, bytes, "%s", c->req->query[i].name);
            return false;
        }
    }
    for (const struct filter *f = c->resource->filters; f->name; f++) {
        if (!number_good(c, f)) {
            snprintf(wrong, bytes, "%s", query_name(c, f));
            return false;
        }
    }
    return true;
}

// ---- Does a row fit? ----------------------------------------------------------------------------

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

static bool date_fits(const struct call *c, const char *field, const char *have)
{
    char name[96];
    const char *same = call_query(c->req, field);
    if (same && strncmp(have, same, 10) != 0)
        return false;
    snprintf(name, sizeof name, "%s_from", field);
    const char *from = call_query(c->req, name);
    snprintf(name, sizeof name, "%s_to", field);
    const char *to = call_query(c->req, name);
    return !(from && strncmp(have, from, 10) < 0) && !(to && strncmp(have, to, 10) > 0);
}

static bool number_fits(struct span value, const char *want)
{
    int64_t a, b;
    return units_parse(value.at, value.bytes, QUANTITY_PLACES, &a) &&
           units_parse(want, strlen(want), QUANTITY_PLACES, &b) && a == b;
}

static bool row_fits(const struct call *c, const char *row)
{
    char text[LONG_TEXT_MAX + 1];
    for (const struct filter *f = c->resource->filters; f->name; f++) {
        struct span value;
        const char *name = query_name(c, f), *want = call_query(c->req, name);
        if (!want && f->kind != FILTER_DATE)
            continue;
        if (!span_get(row, field_of(f), &value))
            value = (struct span){"", 0};
        bool fits =
            f->kind == FILTER_DATE ? date_fits(c, name, span_string(value, text, sizeof text))
            : f->kind == FILTER_NUMBER
                ? number_fits(value, want)
                : text_fits(span_string(value, text, sizeof text), want, comparison_of(c, f));
        if (!fits)
            return false;
    }
    return true;
}

// A record so new that the index behind the filters does not know it yet.
static bool row_lags(const struct call *c, const struct row *row)
{
    return row->born_ms >= c->books->lag_from_ms &&
           books_now_ms() - row->born_ms < c->books->lag_ms;
}

static bool filtered(const struct call *c)
{
    for (size_t i = 0; i < c->req->queries; i++) {
        const char *name = c->req->query[i].name, *mark = strchr(name, '_');
        if (filter_named(c, name, mark ? (size_t)(mark - name) : strlen(name)))
            return true;
    }
    return false;
}

// ---- Where rows come from -----------------------------------------------------------------------

struct source {
    json_t *array;     // a lookup, or
    struct rows *rows; // rows in
    enum rows_view view;
    size_t *found;     // these rows of them, where an index gave them
    size_t count;
};

static json_t *administrations(const struct books *b)
{
    json_t *all = json_array();
    for (int i = 0; i < TENANTS; i++)
        json_array_append_new(all, json_pack("{s:i,s:s}", "id", b->tenants[i].id, "name",
                                             b->tenants[i].name));
    return all;
}

static enum rows_view view_of(const struct call *c)
{
    const char *state = call_query(c->req, "ActiveState");
    if (!shows_states(c) || (state && strcasecmp(state, "All") == 0))
        return VIEW_ALL;
    return state && strcasecmp(state, "Inactive") == 0 ? VIEW_INACTIVE : VIEW_ACTIVE;
}

// The rows an index gives for a filter by equality, from old to new.
static int find_rows(const struct call *c, struct source *s, const struct index *ix,
                     const char *wanted)
{
    size_t at = 0, row, room = 0, count = 0;
    s->found = malloc(sizeof *s->found);
    while (s->found && index_next(ix, wanted, &at, &row)) {
        const struct row *w = &s->rows->list[row];
        if (w->removed || row_lags(c, w) ||
            (s->view != VIEW_ALL && w->active != (s->view == VIEW_ACTIVE)))
            continue;
        if (count >= room) {
            room = room ? room * 2 : 16;
            size_t *grown = realloc(s->found, room * sizeof *grown);
            if (!grown)
                return -1;
            s->found = grown;
        }
        s->found[count++] = row;
    }
    for (size_t i = 0; i < count / 2; i++) {
        size_t other = s->found[i];
        s->found[i] = s->found[count - 1 - i];
        s->found[count - 1 - i] = other;
    }
    s->count = count;
    return s->found ? 0 : -1;
}

static int source_rows(const struct call *c, struct source *s)
{
    const char *const *indexed = rows_indexed[s->rows->kind];
    for (int i = 0; indexed[i]; i++) {
        for (const struct filter *f = c->resource->filters; f->name; f++) {
            const char *want = call_query(c->req, query_name(c, f)), *how = comparison_of(c, f);
            if (strcmp(field_of(f), indexed[i]) == 0 && want && *want && how &&
                strcmp(how, "Equals") == 0)
                return find_rows(c, s, &s->rows->index[i], want);
        }
    }
    int64_t count = rows_view(s->rows, s->view);
    s->count = count < 0 ? 0 : (size_t)count;
    return count < 0 ? -1 : 0;
}

static int source_of(const struct call *c, struct source *s)
{
    const struct resource *r = c->resource;
    *s = (struct source){.view = view_of(c)};
    if (r->rows >= 0) {
        s->rows = &c->tenant->rows[r->rows];
        return source_rows(c, s);
    }
    s->array =
        r->lookup >= 0 ? json_incref(c->tenant->lookups[r->lookup]) : administrations(c->books);
    s->count = json_array_size(s->array);
    return 0;
}

static void source_text(const struct source *s, size_t i, struct out *o)
{
    o->bytes = 0;
    if (s->array)
        out_value(o, json_array_get(s->array, i));
    else
        rows_text(s->rows, s->found ? s->found[i] : rows_at(s->rows, s->view, i), o);
}

static void source_done(struct source *s)
{
    json_decref(s->array);
    free(s->found);
}

// ---- Pages --------------------------------------------------------------------------------------

struct page {
    const struct call *call;
    char base[256];
    size_t number, size, total;
    const char *fields; // NULL: all
    bool bent;
    size_t shown;
    struct out data, scratch;
};

static bool field_kept(const struct page *p, struct span name)
{
    if (p->call->resource->left_out && span_is(name, p->call->resource->left_out))
        return false;
    if (!p->fields)
        return true;
    for (const char *f = p->fields; *f; f += strcspn(f, ","), f += *f == ',') {
        if (strcspn(f, ",") == name.bytes && strncasecmp(f, name.at, name.bytes) == 0)
            return true;
    }
    return false;
}

static void add_meta(struct page *p, const char *row, bool first)
{
    struct span id = {"", 0};
    span_get(row, "id", &id);
    bool quoted = id.bytes > 2 && *id.at == '"';
    out_format(&p->data, "%s\"_meta\":{\"self\":\"%s/v1/%s/%.*s\"}}", first ? "" : ",", p->base,
               p->call->resource->path, (int)(id.bytes - (quoted ? 2 : 0)), id.at + quoted);
}

static void add_row(struct page *p, const char *row)
{
    const char *at = row;
    struct span name, value;
    bool first = true;
    if (p->shown++)
        out_text(&p->data, ",");
    if (!p->fields && !p->call->resource->left_out) {
        out_add(&p->data, row, strlen(row) - 1);
        add_meta(p, row, false);
        return;
    }
    out_text(&p->data, "{");
    while (span_next(&at, &name, &value)) {
        if (!field_kept(p, name))
            continue;
        out_format(&p->data, "%s\"%.*s\":", first ? "" : ",", (int)name.bytes, name.at);
        out_add(&p->data, value.at, value.bytes);
        first = false;
    }
    add_meta(p, row, first);
}

static void take_row(struct page *p, const char *row)
{
    size_t at = p->total++;
    if (at < (p->number - 1) * p->size || at >= p->number * p->size)
        return;
    if (!p->bent) {
        add_row(p, row);
        return;
    }
    json_t *value = json_loads(row, 0, NULL);
    wire_give(p->call->books, p->call->resource, value);
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15));
    if (text)
        add_row(p, text);
    free(text);
    json_decref(value);
}

static void fill_page(struct page *p, const struct source *s)
{
    size_t from = 0, until = s->count;
    bool check = filtered(p->call);
    if (!check) {
        from = (p->number - 1) * p->size < s->count ? (p->number - 1) * p->size : s->count;
        until = s->count - from > p->size ? from + p->size : s->count;
        p->total = from;
    }
    for (size_t i = from; i < until; i++) {
        if (check && s->rows && !s->found &&
            row_lags(p->call, &s->rows->list[rows_at(s->rows, s->view, i)]))
            continue;
        source_text(s, i, &p->scratch);
        if (!p->scratch.failed && (!check || row_fits(p->call, p->scratch.data)))
            take_row(p, p->scratch.data);
    }
    if (!check)
        p->total = s->count;
}

// A URL of another page of the same list, or null.
static void add_url(struct out *o, const struct page *p, const char *name, size_t number,
                    bool is_null)
{
    const struct request *req = p->call->req;
    out_format(o, ",\"%s\":", name);
    if (is_null) {
        out_text(o, "null");
        return;
    }
    out_format(o, "\"%s/v1/%s?page=%zu&pageSize=%zu", p->base, p->call->resource->path, number,
               p->size);
    for (size_t i = 0; i < req->queries; i++) {
        const struct pair *q = &req->query[i];
        if (strcasecmp(q->name, "page") == 0 || strcasecmp(q->name, "pageSize") == 0)
            continue;
        out_format(o, "&%s=", q->name); // only known names come this far
        for (const char *v = q->value; *v; v++)
            out_format(o, isalnum((unsigned char)*v) ? "%c" : "%%%02X", (unsigned char)*v);
    }
    out_text(o, "\"");
}

static int answer_page(struct page *p)
{
    const struct tenant *t = p->call->tenant;
    size_t pages = (p->total + p->size - 1) / p->size;
    struct out o = {0};
    out_text(&o, "{\"_data\":[");
    if (p->data.bytes)
        out_add(&o, p->data.data, p->data.bytes);
    out_format(&o, "],\"_meta\":{\"administrationId\":%d,\"administrationName\":", t->id);
    out_string(&o, t->name);
    out_text(&o, ",\"profileName\":\"Demo\"");
    add_url(&o, p, "previousPage", p->number - 1, p->number == 1);
    add_url(&o, p, "nextPage", p->number + 1, p->number >= pages);
    out_format(&o, ",\"totalCount\":%zu,\"pageCount\":%zu", p->total, pages);
    add_url(&o, p, "self", p->number, false);
    out_text(&o, "}}");
    o.failed = o.failed || p->data.failed || p->scratch.failed;
    return answer_text(p->call->reply, 200, &o);
}

// ---- Lists --------------------------------------------------------------------------------------

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

// 0 where the query makes sense, else the problem was answered and its result is 1 or -1.
static int check_query(const struct call *c, struct page *p)
{
    char wrong[128];
    const char *state = call_query(c->req, "ActiveState"), *must = c->resource->required_filter;
    int rc = 0;
    if (!queries_good(c, wrong, sizeof wrong))
        rc = answer_problem(c->req, c->reply, 400, "Unknown query parameter, value or comparison.",
                            "Onbekende queryparameter, waarde of vergelijking.",
                            json_pack("{s:[s]}", wrong, wrong));
    else if (!page_number(call_query(c->req, "page"), 1, 100000000, &p->number) ||
             !page_number(call_query(c->req, "pageSize"), PAGE_SIZE, PAGE_SIZE_MAX, &p->size))
        rc =
            answer_problem(c->req, c->reply, 400, "page or pageSize is out of range (at most 200).",
                           "page of pageSize valt buiten het bereik (hoogstens 200).", NULL);
    else if (state && strcasecmp(state, "All") && strcasecmp(state, "Active") &&
             strcasecmp(state, "Inactive"))
        rc = answer_problem(c->req, c->reply, 400, "ActiveState is All, Active or Inactive.",
                            "ActiveState is All, Active of Inactive.", NULL);
    else if (must && !call_query(c->req, must))
        rc = answer_problem(c->req, c->reply, 400, "A list needs the filter named in errors.",
                            "Een lijst vraagt het filter dat in errors staat.",
                            json_pack("{s:[s]}", must, c->dutch ? "is verplicht" : "is required"));
    else
        return 0;
    return rc == 0 ? 1 : -1;
}

int list(const struct call *c)
{
    struct page p = {.call = c, .bent = wire_bent(c->books, c->resource)};
    struct source s;
    c->reply->operation = c->resource->operations[OP_LIST];
    int rc = check_query(c, &p);
    if (rc != 0)
        return rc < 0 ? -1 : 0;
    call_base_url(c->books, c->req, p.base, sizeof p.base);
    const char *fields = call_query(c->req, "fields"), *meta_only = call_query(c->req, "metaOnly");
    p.fields = fields && *fields ? fields : NULL;
    rc = source_of(c, &s);
    if (rc == 0) {
        fill_page(&p, &s);
        if (meta_only && strcasecmp(meta_only, "true") == 0)
            p.data.bytes = 0;
        rc = answer_page(&p);
    }
    source_done(&s);
    out_done(&p.data);
    out_done(&p.scratch);
    return rc;
}
