/* SPDX-License-Identifier: MIT
 * Entities by table; see entities.h. */
#include "entities.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#include "records.h"

#define ID_BYTES 64
#define QUERY_NAME_BYTES 80
#define FIND_PAGES_MAX 20

struct entity {
    const char *name;      /* in the catalogue */
    const char *path;      /* under /v1/ */
    const char *read_what, *find_what, *create_what, *update_what;
    const char *changed;   /* members of a row that tell when it changed, the later ones a fallback */
    const char *added;
    const char *own_keys[2]; /* fields by which a created record is found when the answer is empty */
    int active_state;      /* lists need ActiveState to show inactive rows */
    int periods;           /* bookyear and bookperiod may be taken from the date */
};

static const struct entity entities[] = {
    {"debtor", "debtors", "debtors", "find debtor", "create debtor", "update debtor",
     "dateLastChange", "dateAdded", {"customerNumber", "emailAddress"}, 0, 0},
    {"article", "articles", "articles", "find article", "create article", "update article", NULL,
     NULL, {"articleNumber", NULL}, 1, 0},
    {"sales-invoice", "salesinvoiceswithlines", "sales invoices", "find sales invoice",
     "create sales invoice", "update sales invoice", NULL, NULL, {"description", "invoiceNumber"}, 0,
     1},
};

static const struct entity *entity_named(struct asperion *a, const char *name, json_t **fields,
                                         struct koppel_error *err)
{
    *fields = records_fields(a, name);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (*fields && strcmp(entities[i].name, name) == 0)
            return &entities[i];
    }
    a->host->fail(err, KOPPEL_E_BUG, "there is no entity \"%s\"", name);
    return NULL;
}

/* ---- Reading ---- */

/* The cursor is "page/rows per page"; with another page size the pages are others. */
static int64_t cursor_page(const struct asperion *a, const char *cursor)
{
    int64_t page = 1, size = 0;
    if (!cursor || sscanf(cursor, "%" SCNd64 "/%" SCNd64, &page, &size) != 2 || page < 1 ||
        size != a->page_size)
        return 1;
    return page;
}

static int emit_row(struct asperion *a, const struct entity *e, json_t *fields, const json_t *row,
                    struct koppel_batch *out, struct koppel_error *err)
{
    char id[ID_BYTES];
    int64_t version = 0;
    records_id(row, id, sizeof id);
    if (!*id)
        return a->host->fail(err, KOPPEL_E_RETRY, "%s: a row has no id", e->read_what);
    if (e->changed)
        version = records_time(json_string_value(json_object_get(row, e->changed)));
    if (!version && e->added)
        version = records_time(json_string_value(json_object_get(row, e->added)));
    json_t *record = records_read(fields, row);
    return record ? a->host->emit(out, id, version, record, err) : api_no_memory(a, err);
}

int entities_read(struct asperion *a, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    json_t *fields, *rows, *row;
    bool more;
    size_t i;
    char cursor[64];
    const struct entity *e = entity_named(a, request->entity, &fields, err);
    if (!e)
        return -1;
    struct api_request r = {.what = e->read_what, .path = e->path};
    int64_t page = cursor_page(a, request->cursor);
    if (e->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    if (api_page(a, &r, page, &rows, &more, err) != 0)
        return -1;
    int rc = 0;
    json_array_foreach(rows, i, row) {
        rc = emit_row(a, e, fields, row, out, err);
        if (rc != 0)
            break;
    }
    more = more && json_array_size(rows) > 0;
    json_decref(rows);
    if (rc != 0)
        return -1;
    /* No filter on changes is known, so after the last page everything is read again. */
    snprintf(cursor, sizeof cursor, "%" PRId64 "/%" PRId64, more ? page + 1 : 1, a->page_size);
    return a->host->batch_end(out, cursor, more, err);
}

/* ---- Finding ---- */

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

static bool same_key(const char *a, const char *b, bool fold)
{
    size_t na, nb;
    a = trimmed(a, &na);
    b = trimmed(b, &nb);
    if (na != nb)
        return false;
    for (size_t i = 0; i < na; i++) {
        int ca = (unsigned char)a[i], cb = (unsigned char)b[i];
        if (fold ? tolower(ca) != tolower(cb) : ca != cb)
            return false;
    }
    return true;
}

static bool row_has(const json_t *row, const char *wire, const char *key, bool fold)
{
    char id[ID_BYTES];
    const json_t *value = json_object_get(row, wire);
    if (json_is_string(value))
        return same_key(json_string_value(value), key, fold);
    snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_integer(value) && same_key(id, key, false);
}

/* Every row whose member equals the key, in an array that the caller releases; NULL and err. The
 * service's own comparison may be looser than asked for, so each row is compared here again. */
static json_t *rows_with(struct asperion *a, const struct entity *e, const char *wire,
                         const char *key, struct koppel_error *err)
{
    char name[QUERY_NAME_BYTES], comparison[QUERY_NAME_BYTES + 16];
    struct api_request r = {.what = e->find_what, .path = e->path};
    bool fold = strcasecmp(wire, "emailAddress") == 0;
    bool id = strcmp(wire, "id") == 0, more = true;
    size_t bytes, i;
    json_t *rows, *row;
    const char *start = trimmed(key, &bytes);
    json_t *found = json_array();
    char *wanted = strndup(start, bytes);
    if (!found || !wanted) {
        api_no_memory(a, err);
        goto fail;
    }
    snprintf(name, sizeof name, "%s", wire);
    name[0] = (char)toupper((unsigned char)name[0]);
    snprintf(comparison, sizeof comparison, "%s_comparison", name);
    api_query(&r, name, wanted);
    if (!id)
        api_query(&r, comparison, "Equals");
    if (e->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    for (int64_t page = 1; bytes > 0 && more; page++) {
        if (page > FIND_PAGES_MAX) {
            a->host->fail(err, KOPPEL_E_REJECTED, "%s: too many rows answer to %s \"%s\"",
                          e->find_what, name, wanted);
            goto fail;
        }
        if (api_page(a, &r, page, &rows, &more, err) != 0)
            goto fail;
        more = more && json_array_size(rows) > 0;
        json_array_foreach(rows, i, row) {
            if (row_has(row, wire, wanted, fold))
                json_array_append(found, row);
        }
        json_decref(rows);
    }
    free(wanted);
    return found;
fail:
    free(wanted);
    json_decref(found);
    return NULL;
}

static int find_one(struct asperion *a, const struct entity *e, json_t *fields, const char *match,
                    const char *key, uint32_t index, struct koppel_results *out,
                    struct koppel_error *err)
{
    char id[ID_BYTES];
    size_t i;
    json_t *row;
    int rc = 0;
    json_t *rows = rows_with(a, e, records_wire(fields, match), key, err);
    if (!rows)
        return -1;
    json_array_foreach(rows, i, row) {
        json_t *record = records_read(fields, row);
        records_id(row, id, sizeof id);
        rc = record ? a->host->result_found(out, index, id, record, err) : api_no_memory(a, err);
        if (rc != 0)
            break;
    }
    json_decref(rows);
    return rc;
}

int entities_find(struct asperion *a, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *fields;
    const struct entity *e = entity_named(a, request->entity, &fields, err);
    if (!e)
        return -1;
    for (uint32_t i = 0; i < request->count; i++) {
        if (find_one(a, e, fields, request->match, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- Writing ---- */

/* Book year and period are explicit inputs of the service; it does not take them from the date. */
static void fill_periods(json_t *fields, json_t *body)
{
    const char *date = json_string_value(json_object_get(body, records_wire(fields, "date")));
    const char *year = records_wire(fields, "bookyear"), *period = records_wire(fields, "bookperiod");
    if (!date || strlen(date) < 7)
        return;
    if (!json_object_get(body, year))
        json_object_set_new(body, year, json_integer(strtol(date, NULL, 10)));
    if (!json_object_get(body, period))
        json_object_set_new(body, period, json_integer(strtol(date + 5, NULL, 10)));
}

/* The id of what was just created, although the answer did not hold it. */
static int created_id(struct asperion *a, const struct entity *e, json_t *fields, const json_t *body,
                      char id[ID_BYTES], struct koppel_error *err)
{
    for (int i = 0; i < 2 && e->own_keys[i]; i++) {
        const char *wire = records_wire(fields, e->own_keys[i]);
        const char *key = koppel_get_text(body, wire, "");
        if (!*key)
            continue;
        json_t *rows = rows_with(a, e, wire, key, err);
        if (!rows)
            break;
        if (json_array_size(rows) == 1)
            records_id(json_array_get(rows, 0), id, ID_BYTES);
        json_decref(rows);
        if (*id)
            return 0;
    }
    return a->host->fail(err, KOPPEL_E_UNSURE,
                         "%s: Asperion took it, but did not say under which id", e->create_what);
}

static int create(struct asperion *a, const struct entity *e, json_t *fields,
                  const struct koppel_write_item *item, uint32_t index, bool dry_run,
                  struct koppel_results *out, struct koppel_error *err)
{
    char id[ID_BYTES] = "";
    json_t *answer;
    int rc;
    struct api_request r = {.what = e->create_what, .method = "POST", .path = e->path,
                            .write = !dry_run};
    r.body = records_write(a, fields, item->record, err);
    if (!r.body)
        return -1;
    if (e->periods)
        fill_periods(fields, r.body);
    if (dry_run)
        api_query(&r, "validateOnly", "true");
    rc = api_call(a, &r, &answer, err);
    if (rc == 0)
        rc = api_check_tenant(a, r.what, answer, false, err);
    if (rc == 0 && !dry_run) {
        if (answer)
            records_id(answer, id, sizeof id);
        if (!*id || strcmp(id, "0") == 0) {
            id[0] = '\0';
            rc = created_id(a, e, fields, r.body, id, err);
        }
    }
    if (rc == 0)
        rc = a->host->result_done(out, index, id, answer ? records_read(fields, answer) : NULL, err);
    json_decref(answer);
    json_decref(r.body);
    return rc;
}

/* Whether a change replaces the whole or only what it names is not known: so the record is read, the
 * change is laid over it, and the whole is sent. Where nothing differs nothing is sent. */
static int update(struct asperion *a, const struct entity *e, json_t *fields,
                  const struct koppel_write_item *item, uint32_t index, struct koppel_results *out,
                  struct koppel_error *err)
{
    char path[160];
    json_t *answer = NULL, *rows = NULL, *whole = NULL;
    int rc = -1;
    if (!item->id || strspn(item->id, "0123456789") != strlen(item->id) || strlen(item->id) > 18)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: \"%.40s\" is no id", e->update_what,
                             item->id ? item->id : "");
    struct api_request r = {.what = e->update_what, .method = "PUT", .path = path, .write = true};
    snprintf(path, sizeof path, "%s/%s", e->path, item->id);
    json_t *change = records_write(a, fields, item->record, err);
    if (!change)
        return -1;
    rows = rows_with(a, e, "id", item->id, err);
    if (!rows)
        goto out;
    if (json_array_size(rows) != 1) {
        a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion has no %s with id %s (any more)",
                      e->update_what, e->name, item->id);
        goto out;
    }
    json_t *now = json_array_get(rows, 0);
    records_strip(fields, now);
    whole = json_copy(now);
    if (!whole || json_object_update(whole, change) != 0) {
        api_no_memory(a, err);
        goto out;
    }
    if (json_equal(whole, now)) {
        rc = a->host->result_done(out, index, item->id, NULL, err);
        goto out;
    }
    r.body = whole;
    if (api_call(a, &r, &answer, err) != 0 || api_check_tenant(a, r.what, answer, false, err) != 0)
        goto out;
    rc = a->host->result_done(out, index, item->id, answer ? records_read(fields, answer) : NULL, err);
out:
    json_decref(answer);
    json_decref(whole);
    json_decref(rows);
    json_decref(change);
    return rc;
}

int entities_write(struct asperion *a, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    json_t *fields;
    bool dry_run = request->flags & KOPPEL_WRITE_DRY_RUN;
    const struct entity *e = entity_named(a, request->entity, &fields, err);
    if (!e)
        return -1;
    if (request->verb == KOPPEL_VERB_UPDATE && (dry_run || e->periods))
        return a->host->fail(err, KOPPEL_E_REJECTED, dry_run
                             ? "%s: Asperion can try a new record only, not a change"
                             : "%s: Asperion does not change invoices", e->update_what);
    if (request->verb != KOPPEL_VERB_CREATE && request->verb != KOPPEL_VERB_UPDATE)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: nothing can be removed", e->name);
    /* Not before it is sure whose books these are. */
    if (api_know_tenant(a, err) != 0)
        return -1;
    /* The catalogue says one record at a time, so a failure of the call is that of its record. */
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        int rc = request->verb == KOPPEL_VERB_CREATE
                     ? create(a, e, fields, item, i, dry_run, out, err)
                     : update(a, e, fields, item, i, out, err);
        if (rc != 0)
            return -1;
    }
    return 0;
}
