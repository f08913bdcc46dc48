/* SPDX-License-Identifier: MIT
 * Looking records up by one field; see entities.h. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "entities.h"
#include "records.h"

#define QUERY_NAME_BYTES 80
#define FIND_PAGES_MAX 20
#define YEARS 3 /* that are looked through where the year is not known */

/* What is looked for. */
struct wanted {
    const char *wire;
    char *key;     /* trimmed */
    bool fold;     /* letter case does not count */
    int64_t year;  /* 0: the entity has no years */
    json_t *found; /* rows */
};

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

static bool row_has(const json_t *row, const struct wanted *w)
{
    char id[ID_BYTES];
    const json_t *value = json_object_get(row, w->wire);
    if (json_is_string(value))
        return same_key(json_string_value(value), w->key, w->fold);
    snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_integer(value) && same_key(id, w->key, false);
}

/* The service's own comparison may be looser than asked for, so each row is compared here again. */
static int add_rows(struct asperion *a, const struct entity_use *u, struct wanted *w,
                    struct koppel_error *err)
{
    char name[QUERY_NAME_BYTES], comparison[QUERY_NAME_BYTES + 16], year[24];
    struct api_request r = entities_request(u, u->kind->find_what);
    int more = 1;
    size_t i;
    json_t *rows, *row;
    snprintf(name, sizeof name, "%s", w->wire);
    name[0] = (char)toupper((unsigned char)name[0]);
    snprintf(comparison, sizeof comparison, "%s_comparison", name);
    api_query(&r, name, w->key);
    if (strcmp(w->wire, "id") != 0)
        api_query(&r, comparison, "Equals");
    if (u->kind->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    if (w->year) {
        snprintf(year, sizeof year, "%" PRId64, w->year);
        api_query(&r, "BookYear", year);
    }
    for (int64_t page = 1; more; page++) {
        if (page > FIND_PAGES_MAX)
            return a->host->fail(err, KOPPEL_E_REJECTED, "%s: too many rows answer to %s \"%s\"",
                                 u->kind->find_what, name, w->key);
        if (api_page(a, &r, page, &rows, &more, err) != 0)
            return -1;
        more = more && json_array_size(rows) > 0;
        json_array_foreach(rows, i, row) {
            if (row_has(row, w))
                json_array_append(w->found, row);
        }
        json_decref(rows);
    }
    return 0;
}

static int64_t this_year(struct asperion *a)
{
    struct tm tm;
    time_t now = (time_t)(a->host->now_ms(a->ctx) / 1000);
    return gmtime_r(&now, &tm) ? tm.tm_year + 1900 : 1970;
}

json_t *find_rows(struct asperion *a, const struct entity_use *u, const char *wire, const char *key,
                  int64_t year, struct koppel_error *err)
{
    size_t bytes;
    const char *start = trimmed(key, &bytes);
    struct wanted w = {.wire = wire, .key = strndup(start, bytes), .found = json_array(),
                       .fold = strcasecmp(wire, "emailAddress") == 0};
    int rc = w.key && w.found ? 0 : api_no_memory(a, err);
    int years = u->kind->journal && !year ? YEARS : 1;
    if (rc == 0 && u->kind->journal)
        w.year = year ? year : this_year(a);
    for (int i = 0; rc == 0 && bytes > 0 && i < years; i++, w.year--)
        rc = add_rows(a, u, &w, err);
    free(w.key);
    if (rc == 0)
        return w.found;
    json_decref(w.found);
    return NULL;
}

static int find_one(struct asperion *a, const struct entity_use *u,
                    const struct koppel_find_request *request, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    char id[ID_BYTES];
    size_t i;
    json_t *row;
    int rc = 0;
    const json_t *about = NULL;
    if (request->struct_size >= sizeof *request && request->records)
        about = request->records[index];
    json_t *rows = find_rows(a, u, records_wire(u->fields, request->match), request->keys[index],
                             journal_year(about), err);
    if (!rows)
        return -1;
    json_array_foreach(rows, i, row) {
        json_t *record = records_read(u->fields, row);
        records_id(row, id, sizeof id);
        if (record && u->kind->journal)
            journal_tidy(record);
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
    struct entity_use u;
    if (entities_use(a, request->entity, &u, err) != 0)
        return -1;
    for (uint32_t i = 0; i < request->count; i++) {
        if (find_one(a, &u, request, i, out, err) != 0)
            return -1;
    }
    return 0;
}
