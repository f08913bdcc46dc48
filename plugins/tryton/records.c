/* SPDX-License-Identifier: MIT
 * Records of every kind; see records.h. */
#include "records.h"

#include "entity.h"
#include "wire.h"

#define HITS_MAX 50 /* of one look-up; more than one is a question for a person anyway */

static void id_text(const json_t *row, char out[24])
{
    snprintf(out, 24, "%lld", (long long)wire_id(row, "id"));
}

int records_read(struct tryton *t, const struct koppel_read_request *request,
                 struct koppel_batch *out, struct koppel_error *err)
{
    const struct entity *e = entity_find(t, request->entity, err);
    char last[24];
    json_t *rows = NULL, *row;
    size_t i;
    int64_t after = request->cursor ? wire_id_of(request->cursor) : 0;
    if (!e || entity_rows(t, e, e->read_what, json_pack("[[s,s,I]]", "id", ">", (json_int_t)after),
                          request->limit, &rows, err) != 0)
        return -1;
    int rc = 0;
    snprintf(last, sizeof last, "%lld", (long long)after);
    json_array_foreach(rows, i, row) {
        if (rc != 0)
            break;
        id_text(row, last);
        rc = t->host->emit(out, last, 0, e->record(row), err);
    }
    bool more = json_array_size(rows) >= request->limit;
    json_decref(rows);
    return rc == 0 ? t->host->batch_end(out, last, more, err) : -1;
}

int records_fetch(struct tryton *t, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    const struct entity *e = entity_find(t, request->entity, err);
    if (!e)
        return -1;
    for (uint32_t i = 0; i < request->count; i++) {
        json_t *row = NULL;
        if (entity_row(t, e, e->read_what, wire_id_of(request->ids[i]), &row, err) != 0)
            return -1;
        int rc = row ? t->host->emit(out, request->ids[i], 0, e->record(row), err)
                     : t->host->emit_gone(out, request->ids[i], 0, err);
        json_decref(row);
        if (rc != 0)
            return -1;
    }
    return 0;
}

static int find_one(struct tryton *t, const struct entity *e,
                    const struct koppel_find_request *request, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    char id[24];
    const char *key = request->keys[index];
    json_t *condition = e->condition(request->match, key), *rows = NULL, *row;
    size_t i;
    if (!condition) /* no record can have that */
        return 0;
    if (entity_rows(t, e, e->find_what, json_pack("[o]", condition), HITS_MAX, &rows, err) != 0)
        return -1;
    int rc = 0;
    json_array_foreach(rows, i, row) {
        json_t *record = rc == 0 ? e->record(row) : NULL;
        id_text(row, id);
        if (record && (!e->has || e->has(record, request->match, key)))
            rc = t->host->result_found(out, index, id, json_incref(record), err);
        json_decref(record);
    }
    json_decref(rows);
    return rc;
}

int records_find(struct tryton *t, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    const struct entity *e = entity_find(t, request->entity, err);
    for (uint32_t i = 0; e && i < request->count; i++) {
        if (find_one(t, e, request, i, out, err) != 0)
            return -1;
    }
    return e ? 0 : -1;
}

int records_write(struct tryton *t, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    const struct entity *e = entity_find(t, request->entity, err);
    bool update = request->verb == KOPPEL_VERB_UPDATE;
    if (!e)
        return -1;
    if (request->flags & KOPPEL_WRITE_DRY_RUN || request->verb == KOPPEL_VERB_REMOVE ||
        (update && !e->update))
        return t->host->fail(err, KOPPEL_E_BUG, "%s: the catalogue promises no such thing",
                             e->write_what);
    for (uint32_t i = 0; i < request->count; i++) {
        int rc = update ? e->update(t, request->items[i], i, out, err)
                        : e->create(t, request->items[i], i, out, err);
        if (rc != 0)
            return -1;
    }
    return 0;
}
