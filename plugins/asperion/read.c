/* SPDX-License-Identifier: MIT
 * Reading the lists of an entity; see read.h. */
#include "read.h"

#include <inttypes.h>

#include "orders.h"
#include "page.h"
#include "records.h"

/* The cursor is "page/rows per page"; with another page size the pages are others. */
static int64_t cursor_page(const struct asperion *a, const char *cursor)
{
    int64_t page = 1, size = 0;
    if (!cursor || sscanf(cursor, "%" SCNd64 "/%" SCNd64, &page, &size) != 2 || page < 1 ||
        size != a->page_size)
        return 1;
    return page;
}

static bool is_on(const json_t *options, const char *name)
{
    return koppel_get_bool(options, name, 0) ||
           strcmp(koppel_get_text(options, name, ""), "true") == 0;
}

/* An article would seem to change with every sale: its stock is an entity of its own. */
static void drop_stock(json_t *record)
{
    static const char *const figures[] = {"currentStock", "reserved", "backOrder", "onOrder",
                                          "locations"};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        json_object_del(record, figures[i]);
}

/* When the row changed last; 0: it does not tell. */
static int64_t version_of(const struct entity *kind, const json_t *row)
{
    int64_t ms = 0;
    if (kind->changed && records_moment(koppel_get_text(row, kind->changed, ""), &ms))
        return ms;
    if (kind->added)
        records_moment(koppel_get_text(row, kind->added, ""), &ms);
    return ms;
}

/* A row that cannot be read is told as one, and the others go on. */
static int emit_unreadable(struct asperion *a, const char *id, struct answer_text raw,
                           const char *place, struct koppel_batch *out, struct koppel_error *err)
{
    return a->host->emit_unreadable(out, *id ? id : NULL, 0, raw.start ? raw.start : "", raw.bytes,
                                    place, err);
}

/* What of a row does not belong to what the flow asked for. */
static void drop_figures(const struct entity *kind, const json_t *options, json_t *record)
{
    if (kind->article)
        drop_stock(record);
    if (kind->stock && !is_on(options, "locations"))
        json_object_del(record, "locations");
}

int read_emit(struct asperion *a, const struct entity_use *u, const json_t *options,
              const json_t *row, char place[ANSWER_PLACE_BYTES], struct koppel_batch *out,
              struct koppel_error *err)
{
    char id[API_ID_BYTES];
    records_id(row, id, sizeof id);
    if (!*id) {
        snprintf(place, ANSWER_PLACE_BYTES, "id: it has none");
        return 1;
    }
    json_t *record = entity_record(a, u, row, place);
    if (!record)
        return *place ? 1 : api_no_memory(a, err);
    drop_figures(u->kind, options, record);
    int rc = u->kind->parties ? orders_add_parties(a, record, place, err) : 0;
    if (rc == 0)
        return a->host->emit(out, id, version_of(u->kind, row), record, err);
    json_decref(record);
    return rc;
}

static int emit_rows(struct asperion *a, const struct entity_use *u, const json_t *options,
                     const struct page *page, struct koppel_batch *out, struct koppel_error *err)
{
    int rc = u->kind->parties ? orders_begin_page(a, err) : 0;
    const struct page_bad *bad = page->bad, *bad_end = bad + page->bad_count;
    for (size_t i = 0; rc == 0 && i < json_array_size(page->rows); i++) {
        char id[API_ID_BYTES], place[ANSWER_PLACE_BYTES];
        const json_t *row = json_array_get(page->rows, i);
        if (bad < bad_end && bad->index == i) {
            rc = emit_unreadable(a, bad->id, page_row_text(page, i), bad->place, out, err);
            bad++;
            continue;
        }
        rc = read_emit(a, u, options, row, place, out, err);
        if (rc <= 0)
            continue;
        records_id(row, id, sizeof id);
        rc = emit_unreadable(a, id, page_row_text(page, i), place, out, err);
    }
    return rc;
}

int read_page(struct asperion *a, const struct koppel_read_request *request,
              struct koppel_batch *out, struct koppel_error *err)
{
    struct entity_use u;
    struct page page;
    char cursor[64];
    if (entity_use(a, request->entity, &u, err) != 0)
        return -1;
    if (!u.kind->read_what)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: is not read", u.kind->name);
    struct api_request r = entity_request(&u, u.kind->read_what);
    int64_t number = request->page > 0 ? request->page : cursor_page(a, request->cursor);
    if (u.kind->active_state)
        api_query(&r, "ActiveState", a->active_state_all);
    int rc = page_get(a, &r, number, &page, err);
    if (rc == 0)
        rc = emit_rows(a, &u, request->options, &page, out, err);
    /* No filter on changes is known, so after the last page everything is read again. */
    snprintf(cursor, sizeof cursor, "%" PRId64 "/%" PRId64, page.more ? number + 1 : 1,
             a->page_size);
    if (rc == 0 && page.total >= 0)
        rc = a->host->total(out, page.total, err);
    if (rc == 0)
        rc = a->host->batch_end(out, cursor, page.more, err);
    page_done(&page);
    return rc;
}
