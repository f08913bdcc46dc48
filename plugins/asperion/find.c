/* SPDX-License-Identifier: MIT
 * Looking records up by one field; see find.h. */
#include "find.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fold.h"
#include "journal.h"
#include "page.h"
#include "records.h"

#define QUERY_NAME_BYTES 80
#define FIND_PAGES_MAX 20
#define PART_BYTES 100
#define PART_MIN 3 /* characters that tell rows apart */
#define YEARS 3 /* that are looked through where the year is not known */

/* What is looked for. */
struct wanted {
    const char *wire;
    /* Trimmed and composed. */
    char *key;
    /* What is asked for, and how it is compared there. */
    const char *asked, *comparison;
    /* 0: the entity has no years. */
    int64_t year;
    struct find_rows *found;
};

void find_rows_done(struct find_rows *rows)
{
    json_decref(rows->list);
    free(rows->raw);
    *rows = (struct find_rows){0};
}

static bool row_has(const json_t *row, const struct wanted *w)
{
    char id[API_ID_BYTES];
    const json_t *value = json_object_get(row, w->wire);
    if (json_is_string(value))
        return fold_same(json_string_value(value), w->key);
    snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_integer(value) && strcmp(id, w->key) == 0;
}

/* A row's words as they came: of the last one that was found, else of one that cannot be read. */
static int keep_words(struct asperion *a, struct find_rows *found, struct answer_text raw,
                      struct koppel_error *err)
{
    free(found->raw);
    found->raw = malloc(raw.bytes + 1);
    found->raw_bytes = raw.bytes;
    if (!found->raw)
        return api_no_memory(a, err);
    if (raw.bytes > 0)
        memcpy(found->raw, raw.start, raw.bytes);
    return 0;
}

/* The service's own comparison may be looser than asked for, so each row is compared here again. */
static int add_page(struct asperion *a, const struct page *page, struct wanted *w,
                    struct koppel_error *err)
{
    json_t *row;
    size_t i;
    struct answer_text rest = page_list_text(page), raw;
    if (page->bad_count > 0)
        snprintf(w->found->place, sizeof w->found->place, "%s", page->bad[0].place);
    json_array_foreach(page->rows, i, row) {
        if (answer_next(&rest, &raw) != 1)
            raw = (struct answer_text){0};
        bool bad = json_is_null(row);
        if (!bad && !row_has(row, w))
            continue;
        if (!bad && json_array_append(w->found->list, row) != 0)
            return api_no_memory(a, err);
        if ((!bad || json_array_size(w->found->list) == 0) &&
            keep_words(a, w->found, raw, err) != 0)
            return -1;
    }
    return 0;
}

static int add_rows(struct asperion *a, const struct entity_use *u, struct wanted *w,
                    struct koppel_error *err)
{
    char name[QUERY_NAME_BYTES], comparison[QUERY_NAME_BYTES + 16], year[24];
    struct api_request r = entity_request(u, u->kind->find_what);
    struct page page = {.more = 1};
    int rc = 0;
    snprintf(name, sizeof name, "%s", w->wire);
    name[0] = (char)toupper((unsigned char)name[0]);
    snprintf(comparison, sizeof comparison, "%s_comparison", name);
    api_query(&r, name, w->asked);
    if (strcmp(w->wire, "id") != 0)
        api_query(&r, comparison, w->comparison);
    if (u->kind->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    if (w->year) {
        snprintf(year, sizeof year, "%" PRId64, w->year);
        api_query(&r, "BookYear", year);
    }
    for (int64_t number = 1, more = 1; rc == 0 && more; number++) {
        if (number > FIND_PAGES_MAX)
            return a->host->fail(err, KOPPEL_E_REJECTED, "%s: too many rows answer to %s",
                                 u->kind->find_what, name);
        rc = page_get(a, &r, number, &page, err);
        if (rc == 0)
            rc = add_page(a, &page, w, err);
        more = page.more;
        page_done(&page);
    }
    return rc;
}

static int64_t this_year(struct asperion *a)
{
    struct tm tm;
    time_t now = (time_t)(a->host->now_ms(a->ctx) / 1000);
    return gmtime_r(&now, &tm) ? tm.tm_year + 1900 : 1970;
}

/* The longest part of the key that is the same in every spelling of it: ASCII, and not the place of
 * an e-mail address, which many have. *out is empty where there is none of use. */
static void plain_part(const char *key, char out[PART_BYTES])
{
    const char *best = key;
    size_t most = 0, n;
    for (const char *p = key; *p; p += n) {
        for (n = 0; p[n] && !(p[n] & 0x80) && n < PART_BYTES - 1; n++)
            ;
        if (n > most && *p != '@') {
            best = p;
            most = n;
        }
        n += n == 0;
    }
    if (most < PART_MIN)
        most = 0;
    memcpy(out, best, most);
    out[most] = '\0';
}

static bool is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return !*text;
}

/* The service may tell letters apart that are the same here: composed and decomposed ones, and
 * those beyond ASCII by their case. So where such a key is not there, rows with the rest of it are
 * compared. */
static int add_spellings(struct asperion *a, const struct entity_use *u, struct wanted *w,
                         struct koppel_error *err)
{
    char part[PART_BYTES] = "";
    w->asked = w->key;
    w->comparison = "Equals";
    if (add_rows(a, u, w, err) != 0)
        return -1;
    if (json_array_size(w->found->list) == 0 && strcmp(w->wire, "id") != 0 && !is_ascii(w->key))
        plain_part(w->key, part);
    w->asked = part;
    w->comparison = "Contains";
    return *part ? add_rows(a, u, w, err) : 0;
}

/* The service refuses to look for an id that is no number, and there is none. */
static bool may_be_there(const struct wanted *w)
{
    int64_t number;
    return *w->key && (strcmp(w->wire, "id") != 0 || koppel_parse_int(w->key, &number) == 0);
}

int find_rows(struct asperion *a, const struct entity_use *u, const char *wire, const char *key,
              int64_t year, struct find_rows *found, struct koppel_error *err)
{
    struct wanted w = {.wire = wire, .key = fold_composed(key), .found = found};
    *found = (struct find_rows){.list = json_array()};
    int rc = w.key && found->list ? 0 : api_no_memory(a, err);
    int years = u->kind->journal && !year ? YEARS : 1;
    if (rc == 0 && u->kind->journal)
        w.year = year ? year : this_year(a);
    for (int i = 0; rc == 0 && may_be_there(&w) && i < years; i++, w.year--)
        rc = add_spellings(a, u, &w, err);
    free(w.key);
    if (rc != 0)
        find_rows_done(found);
    return rc;
}

static int find_one(struct asperion *a, const struct entity_use *u,
                    const struct koppel_find_request *request, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    char id[API_ID_BYTES], place[ANSWER_PLACE_BYTES];
    struct find_rows found;
    size_t i;
    json_t *row;
    const json_t *about = request->records ? request->records[index] : NULL;
    int rc = find_rows(a, u, records_wire(u->fields, request->match), request->keys[index],
                       journal_year(about), &found, err);
    if (rc == 0 && *found.place)
        rc = entity_unreadable(a, u->kind->find_what, found.place, err);
    json_array_foreach(found.list, i, row) {
        if (rc != 0)
            break;
        json_t *record = entity_record(a, u, row, place);
        records_id(row, id, sizeof id);
        rc = record ? a->host->result_found(out, index, id, record, err)
                    : entity_unreadable(a, u->kind->find_what, place, err);
    }
    find_rows_done(&found);
    return rc;
}

int find_records(struct asperion *a, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    struct entity_use u;
    if (entity_use(a, request->entity, &u, err) != 0)
        return -1;
    u.one = true;
    for (uint32_t i = 0; i < request->count; i++) {
        if (find_one(a, &u, request, i, out, err) != 0)
            return -1;
    }
    return 0;
}
