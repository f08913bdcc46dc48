/* SPDX-License-Identifier: MIT
 * Lists of an entity; see read.h.
 *
 * A list that is sorted by the time of change is read on by that time, page one again and again, as
 * a record that changes meanwhile would shift those behind it to a page that was read before. Only
 * among records of one and the same time pages are counted, and these are read until two readings
 * saw the same ones. */
#include "read.h"

#include <stdlib.h>

#include "place.h"
#include "position.h"
#include "record.h"

#define OVERLAP_MS 60000 /* of times, unless the description says otherwise */

struct reading {
    struct rest *r;
    const json_t *entity, *call, *pages, *since;
    const char *by;      /* how pages are asked for */
    bool snapshot;
    bool keyset;         /* read on by time, see above */
    int64_t rows;        /* wanted in a page */
    int64_t number;      /* of the page, where the core counts them; 0: it does not */
    struct position at;
    /* Of the page that was read. */
    size_t count;
    uint64_t sum;
    char last[SINCE_BYTES]; /* the last time in it; "": none */
};

static int64_t first_page(const struct reading *g)
{
    int64_t first = 1;
    koppel_get_int(g->pages, "first", &first);
    return first;
}

static bool by(const struct reading *g, const char *how)
{
    return strcmp(g->by, how) == 0;
}

/* ---- a row ---- */

static int unreadable(struct rest *r, const char *key, const json_t *row, const char *place,
                      struct koppel_batch *out, struct koppel_error *err)
{
    char *raw = json_dumps(row, JSON_COMPACT | JSON_ENCODE_ANY);
    int rc = r->host->emit_unreadable(out, key && *key ? key : NULL, 0, raw ? raw : "",
                                      raw ? strlen(raw) : 0, place, err);
    free(raw);
    return rc;
}

int read_emit(struct rest *r, const json_t *entity, const json_t *since, const json_t *row,
              const char *key, struct koppel_batch *out, struct koppel_error *err)
{
    char own[REST_KEY_BYTES], place[REST_PLACE_BYTES], changed[SINCE_BYTES] = "";
    record_key(entity, row, own);
    if (!own[0]) {
        snprintf(place, sizeof place, "%.80s: it has none",
                 record_wire(entity, koppel_get_text(entity, "key", "")));
        return unreadable(r, key, row, place, out, err);
    }
    if (key && strcmp(key, own) != 0) {
        snprintf(place, sizeof place, "the answer is of %.120s", own);
        return unreadable(r, key, row, place, out, err);
    }
    if (since && !since_take(since, row, changed)) {
        snprintf(place, sizeof place, "%.80s: it says not when it changed",
                 koppel_get_text(since, "field", ""));
        return unreadable(r, own, row, place, out, err);
    }
    json_t *record = record_take(entity, row, place);
    if (!record)
        return place[0] ? unreadable(r, own, row, place, out, err) : rest_no_memory(r, err);
    return r->host->emit(out, own, changed[0] ? since_version(since, changed, row) : 0, record,
                         err);
}

static uint64_t hash_of(const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h ^ h >> 29;
}

/* What the page says of when its records changed. */
static int look_at(struct reading *g, const json_t *row, struct koppel_error *err)
{
    char changed[SINCE_BYTES], key[REST_KEY_BYTES];
    record_key(g->entity, row, key);
    g->sum ^= hash_of(key);
    if (!g->since || !since_take(g->since, row, changed))
        return 0;
    if (g->keyset && g->last[0] && since_compare(g->since, changed, g->last) < 0)
        return g->r->host->fail(err, KOPPEL_E_CONFIG, "%s: the list is not sorted by %s, the "
                                "oldest change first: sort it in the query of the description, or "
                                "say \"sorted\": false", koppel_get_text(g->entity, "name", ""),
                                koppel_get_text(g->since, "field", ""));
    snprintf(g->last, sizeof g->last, "%s", changed);
    if (!g->at.max[0] || since_compare(g->since, changed, g->at.max) > 0)
        snprintf(g->at.max, sizeof g->at.max, "%s", changed);
    return 0;
}

static int emit_rows(struct reading *g, const struct answer *a, const json_t *rows,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct rest *r = g->r;
    size_t bad = 0;
    g->count = json_array_size(rows);
    for (size_t i = 0; i < g->count; i++) {
        const json_t *row = json_array_get(rows, i);
        if (bad < a->bad_count && a->bad[bad].index == i) {
            char key[REST_KEY_BYTES];
            const struct answer_bad *b = &a->bad[bad++];
            record_key(g->entity, b->rest, key);
            if (r->host->emit_unreadable(out, key[0] ? key : NULL, 0, b->raw, b->raw_bytes,
                                         b->place, err) != 0)
                return -1;
            continue;
        }
        if (look_at(g, row, err) != 0 ||
            read_emit(r, g->entity, g->since, row, NULL, out, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- the next page ---- */

/* The address of the next page, new: of the place that the description names, else of the header
 * Link. It must be of the same system, as the log-in goes with it. *failed: err says why. */
static char *next_link(struct reading *g, const struct answer *a, bool *failed,
                       struct koppel_error *err)
{
    struct rest *r = g->r;
    const char *place = koppel_get_text(g->pages, "next", NULL), *host = strstr(r->base, "://");
    const json_t *told = place ? place_get(a->json, place) : NULL;
    const char *link = json_string_value(told);
    char *found = NULL;
    if (told && !link && !json_is_false(told)) {
        *failed = true;
        r->host->fail(err, KOPPEL_E_CONFIG, "%s: what the answer has at %s is no address of a next "
                      "page", koppel_get_text(g->entity, "name", ""), place);
        return NULL;
    }
    if (!place) {
        const char *at = koppel_header(a->http.headers, a->http.header_count, "link");
        while (at && (at = strchr(at, '<')) && !found) {
            const char *end = strchr(at, '>'), *next = end ? strchr(end, '<') : NULL;
            const char *rel = end ? strstr(end, "rel=") : NULL;
            if (rel && (!next || rel < next) &&
                (strncmp(rel, "rel=\"next\"", 10) == 0 || strncmp(rel, "rel=next", 8) == 0))
                found = strndup(at + 1, (size_t)(end - at - 1));
            at = end;
        }
        link = found;
    }
    if (!link || !*link) {
        free(found);
        return NULL;
    }
    size_t origin = host ? (size_t)(host + 3 - r->base) + strcspn(host + 3, "/?#") : 0;
    struct text whole = {0};
    if (*link == '/' && link[1] != '/')
        text_add(&whole, r->base, origin);
    text_puts(&whole, link);
    free(found);
    char *out = text_take(&whole);
    if (out && origin && strncmp(out, r->base, origin) == 0 && strchr("/?#", out[origin]))
        return out;
    *failed = true;
    if (!out)
        rest_no_memory(r, err);
    else
        r->host->fail(err, KOPPEL_E_CONFIG, "%s: the next page is said to be at another address "
                      "than %.*s, which would be given the log-in", g->call ?
                      koppel_get_text(g->entity, "name", "") : "", (int)origin, r->base);
    free(out);
    return NULL;
}

/* The number that stands at a place of the answer that the description names; -1: none does. */
static int64_t told(const struct reading *g, const struct answer *a, const char *member)
{
    char text[32];
    int64_t n;
    const char *place = koppel_get_text(g->pages, member, NULL);
    if (!place || !place_text(a->json, place, text, sizeof text) || koppel_parse_int(text, &n) != 0)
        return -1;
    return n;
}

/* How many pages follow; 1 where only that one does is known. *next: see struct position. -1 and
 * err. */
static int pages_behind(struct reading *g, const struct answer *a, char **next,
                        struct koppel_error *err)
{
    const char *more = koppel_get_text(g->pages, "more", NULL);
    int64_t total = told(g, a, "total"), last = told(g, a, "last"), left = -1;
    char text[8];
    bool failed = false;
    *next = NULL;
    if (by(g, "link")) {
        *next = next_link(g, a, &failed, err);
        return failed ? -1 : *next != NULL;
    }
    if (more && (!place_text(a->json, more, text, sizeof text) || strcmp(text, "true") != 0))
        return 0;
    if (by(g, "cursor")) {
        char cursor[4096];
        const char *place = koppel_get_text(g->pages, "next", "");
        const json_t *there = place_get(a->json, place);
        bool taken = place_text(there, NULL, cursor, sizeof cursor);
        if (!there || json_is_false(there) || (taken && !cursor[0]))
            return 0;
        if (!taken)
            return g->r->host->fail(err, KOPPEL_E_CONFIG, "%s: what the answer has at %s is no "
                                    "cursor of a next page, or one of more than %zu bytes",
                                    koppel_get_text(g->entity, "name", ""), place,
                                    sizeof cursor - 1);
        *next = strdup(cursor);
        return *next ? 1 : rest_no_memory(g->r, err);
    }
    if (by(g, "none") || g->count == 0)
        return 0;
    if (last >= 0)
        left = last - (first_page(g) + g->at.page);
    else if (total >= 0 && by(g, "page"))
        left = (total + g->rows - 1) / g->rows - (g->at.page + 1);
    else if (total >= 0)
        left = g->at.offset + (int64_t)g->count < total;
    if (left >= 0)
        return left > 1000000 ? 1 : (int)left;
    return more || (int64_t)g->count >= g->rows;
}

/* Moves the position behind the page. Whether there is more. */
static bool move(struct reading *g, int following, char *next_take)
{
    struct position *at = &g->at;
    char step[SINCE_BYTES];
    bool exclusive = koppel_get_bool(g->since, "exclusive", 0);
    free(at->next);
    at->next = next_take;
    at->walking = following > 0;
    if (g->keyset) {
        bool ties = at->page > 0 || at->offset > 0;
        at->sum ^= g->sum;
        since_earlier(g->since, g->last, exclusive ? since_step(g->since, g->last) : 0, step);
        bool forth = g->last[0] && (!at->since[0] || since_compare(g->since, step, at->since) > 0);
        if (ties && (forth || !following) && at->sum != at->before) {
            at->before = at->sum; /* the same records once more */
            at->sum = 0;
            at->page = at->offset = 0;
            at->walking = true;
            return true;
        }
        if (following && forth) {
            snprintf(at->since, sizeof at->since, "%s", step);
            at->sum = at->before = 0;
            at->page = at->offset = 0;
            return true;
        }
    }
    if (following) {
        at->page++;
        at->offset += (int64_t)g->count;
        return true;
    }
    if (g->since) { /* the list is read: from here on the next time */
        if (at->max[0])
            snprintf(at->since, sizeof at->since, "%s", at->max);
        at->max[0] = '\0';
    }
    /* A list that only grows is read on where it ends; all else from its beginning. */
    if (!g->since && !g->snapshot && by(g, "offset"))
        at->offset += (int64_t)g->count;
    else
        at->offset = 0;
    at->page = 0;
    at->sum = at->before = 0;
    return false;
}

/* ---- a page ---- */

static int begin(struct reading *g, const struct koppel_read_request *request)
{
    const char *duration = NULL;
    int64_t overlap = 0, first = 0;
    if (position_read(g->r, request->cursor, &g->at) != 0)
        return -1;
    if (request->page > 0) {
        position_done(&g->at);
        g->at = (struct position){.walking = true, .page = (int64_t)request->page - 1};
        g->at.offset = g->at.page * g->rows;
    }
    g->number = request->page;
    if (!g->since || g->at.walking || !g->at.since[0])
        return 0;
    /* A list is begun: a little before where the last one ended. */
    snprintf(g->at.max, sizeof g->at.max, "%s", g->at.since);
    duration = koppel_get_text(g->since, "format", "iso");
    if (strcmp(duration, "integer") == 0)
        overlap = request->overlap;
    else if (koppel_get_int(g->since, "overlap", &first) == 0)
        overlap = first * 1000;
    else
        overlap = OVERLAP_MS;
    if (koppel_get_bool(g->since, "exclusive", 0))
        overlap += since_step(g->since, g->at.since);
    since_earlier(g->since, g->at.max, overlap, g->at.since);
    return 0;
}

static int read_answer(struct reading *g, const struct answer *a, struct koppel_batch *out,
                       struct koppel_error *err)
{
    struct rest *r = g->r;
    char *next = NULL, *cursor;
    const char *list = koppel_get_text(g->call, "list", "");
    const json_t *there = a->json;
    for (const char *p = list; there && *p;) { /* null is an empty list, nothing is none */
        size_t n = strcspn(p, ".");
        there = json_object_getn(there, p, n);
        p += n + (p[n] == '.');
    }
    if (!a->none && !json_is_array(there) && !json_is_null(there))
        return r->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no list%s%s",
                             koppel_get_text(g->entity, "name", ""), *list ? " at " : "", list);
    int64_t total = told(g, a, "total");
    if (emit_rows(g, a, there, out, err) != 0 ||
        (total >= 0 && !g->since && r->host->total(out, total, err) != 0))
        return -1;
    int following = pages_behind(g, a, &next, err);
    if (following < 0)
        return -1;
    bool keep = !g->since && !g->snapshot && by(g, "cursor") && !next;
    if (keep) { /* the end of a list of changes: its cursor is good for the next time */
        next = g->at.next;
        g->at.next = NULL;
    }
    bool more = move(g, following, next);
    cursor = position_text(&g->at);
    if (!cursor)
        return rest_no_memory(r, err);
    int rc = r->host->batch_end(out, cursor, g->number > 0 ? following : more, err);
    free(cursor);
    return rc;
}

static bool is_snapshot(const json_t *entity)
{
    return strcmp(koppel_get_text(entity, "changes", "marked"), "snapshot") == 0;
}

static int64_t page_rows(const struct reading *g)
{
    int64_t rows = 100;
    if (koppel_get_int(g->pages, "rows", &rows) != 0)
        koppel_get_int(json_object_get(g->entity, "batch"), "read", &rows);
    return rows > 0 ? rows : 1;
}

int read_page(struct rest *r, const struct koppel_read_request *request, struct koppel_batch *out,
              struct koppel_error *err)
{
    struct reading g = {.r = r, .entity = rest_entity(r, request->entity)};
    struct answer a;
    g.call = rest_call(g.entity, "read");
    if (!g.call && rest_call(g.entity, "receive")) /* all of it comes by messages */
        return r->host->batch_end(out, "{}", 0, err);
    if (!g.call)
        return r->host->fail(err, KOPPEL_E_BUG, "%s: is not read", request->entity);
    g.pages = json_object_get(g.call, "pages");
    g.since = since_of(g.call);
    g.by = koppel_get_text(g.pages, "by", "none");
    g.snapshot = is_snapshot(g.entity);
    g.keyset = g.since && koppel_get_bool(g.since, "sorted", 1) && (by(&g, "page") ||
                                                                    by(&g, "offset"));
    g.rows = page_rows(&g);
    if (begin(&g, request) != 0)
        return rest_no_memory(r, err);
    struct vars v = VARS_NONE;
    v.since = g.at.since[0] ? g.at.since : NULL;
    v.page = first_page(&g) + g.at.page;
    v.offset = g.at.offset;
    v.limit = g.rows;
    v.cursor = by(&g, "cursor") ? g.at.next : NULL;
    v.options = request->options;
    struct request q = {.call = g.call, .entity = request->entity, .name = "read", .method = "GET",
                        .list = koppel_get_text(g.call, "list", "")};
    q.url = by(&g, "link") ? g.at.next : NULL;
    int rc = request_run(r, &q, &v, &a, err);
    if (rc > 0)
        rc = r->host->fail(err, KOPPEL_E_CONFIG, "%s: the list is said not to be there", q.what);
    else if (rc == 0) {
        rc = read_answer(&g, &a, out, err);
        answer_done(r, &a);
    }
    position_done(&g.at);
    return rc;
}
