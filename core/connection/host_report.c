/* SPDX-License-Identifier: MIT
 * What plugins report: batches, results, lists. The border is checked here: no plugin makes the
 * host's arrays grow without end, or reports for a record it was not given. */
#include <stdlib.h>
#include <string.h>

#include "connection/host_internal.h"

#define RECORDS_MAX 100000  /* in one batch */
#define HITS_MAX 1000       /* for one key */
#define ROWS_MAX 100000     /* of one choice list */

void batch_done(struct koppel_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        free(b->records[i].key);
        json_decref(b->records[i].record);
    }
    free(b->records);
    free(b->next_cursor);
    free(b->dropped);
    *b = (struct koppel_batch){0};
}

int results_init(struct koppel_results *r, uint32_t count)
{
    *r = (struct koppel_results){.count = count};
    r->entries = calloc(count ? count : 1, sizeof(*r->entries));
    if (!r->entries)
        r->count = 0;
    return r->entries ? 0 : -1;
}

void results_done(struct koppel_results *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct result_entry *e = &r->entries[i];
        for (int k = 0; k < e->hit_count; k++) {
            free(e->hits[k].id);
            json_decref(e->hits[k].record);
        }
        free(e->hits);
    }
    free(r->entries);
    *r = (struct koppel_results){0};
}

void result_entry_skip(struct result_entry *e, const char *id)
{
    int kept = 0;
    for (int i = 0; i < e->hit_count; i++) {
        if (strcmp(e->hits[i].id, id) != 0) {
            e->hits[kept++] = e->hits[i];
            continue;
        }
        free(e->hits[i].id);
        json_decref(e->hits[i].record);
    }
    e->hit_count = kept;
}

void list_done(struct koppel_list *l)
{
    for (int i = 0; i < l->count; i++) {
        free(l->rows[i].value);
        free(l->rows[i].title);
    }
    free(l->rows);
    *l = (struct koppel_list){0};
}

/* Doubles an array that is full. */
static int make_room(void **array, int count, int *room, size_t element)
{
    if (count < *room)
        return 0;
    int more = *room ? *room * 2 : 16;
    void *grown = realloc(*array, (size_t)more * element);
    if (!grown)
        return -1;
    *array = grown;
    *room = more;
    return 0;
}

int host_emit(struct koppel_batch *out, const char *key, int64_t version,
              json_t *record_take, struct koppel_error *err)
{
    char *copy = NULL;
    if (!key || !key[0] || !json_is_object(record_take)) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "emit wants a key and an object");
    }
    if (out->count >= RECORDS_MAX) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "more than %d records in one batch", RECORDS_MAX);
    }
    if (make_room((void **)&out->records, out->count, &out->room, sizeof(*out->records)) < 0
        || !(copy = strdup(key))) {
        json_decref(record_take);
        return host_no_memory(err);
    }
    out->records[out->count++] = (struct batch_record){copy, version, record_take};
    return 0;
}

int host_batch_end(struct koppel_batch *out, const char *next_cursor, int more,
                   struct koppel_error *err)
{
    if (!next_cursor)
        return err_set(err, KOPPEL_E_BUG, "batch_end wants a cursor");
    char *copy = strdup(next_cursor);
    if (!copy)
        return host_no_memory(err);
    free(out->next_cursor);
    out->next_cursor = copy;
    out->more = more != 0;
    out->following = more > 0 ? (uint32_t)more : more != 0;
    return 0;
}

int host_drop(struct koppel_batch *out, const char *reason, struct koppel_error *err)
{
    if (!reason || !reason[0])
        return err_set(err, KOPPEL_E_BUG, "drop wants a reason");
    char *copy = strdup(reason);
    if (!copy)
        return host_no_memory(err);
    free(out->dropped);
    out->dropped = copy;
    return 0;
}

static int add_hit(struct koppel_results *out, uint32_t index, const char *id, json_t *take,
                   struct koppel_error *err)
{
    int rc = -1;
    struct result_hit *hits;
    char *copy = NULL;
    if (index >= out->count) {
        rc = err_set(err, KOPPEL_E_BUG, "a result for number %u of %u", index, out->count);
        goto out;
    }
    struct result_entry *e = &out->entries[index];
    if (e->hit_count >= HITS_MAX) {
        rc = err_set(err, KOPPEL_E_BUG, "more than %d hits for one key", HITS_MAX);
        goto out;
    }
    copy = id ? strdup(id) : NULL;
    hits = realloc(e->hits, (size_t)(e->hit_count + 1) * sizeof(*hits));
    if (hits)
        e->hits = hits;
    if (!hits || (id && !copy)) {
        rc = host_no_memory(err);
        goto out;
    }
    e->hits[e->hit_count++] = (struct result_hit){copy, take};
    return 0;
out:
    free(copy);
    json_decref(take);
    return rc;
}

int host_result_found(struct koppel_results *out, uint32_t index, const char *id,
                      json_t *record_take, struct koppel_error *err)
{
    if (!id || !id[0]) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "result_found wants an id");
    }
    return add_hit(out, index, id, record_take, err);
}

int host_result_done(struct koppel_results *out, uint32_t index, const char *id,
                     json_t *answer_take, struct koppel_error *err)
{
    if (index < out->count && out->entries[index].done) {
        json_decref(answer_take);
        return err_set(err, KOPPEL_E_BUG, "item %u is done twice", index);
    }
    if (add_hit(out, index, id, answer_take, err) < 0)
        return -1;
    out->entries[index].done = true;
    return 0;
}

int host_result_error(struct koppel_results *out, uint32_t index, int kind,
                      const char *format, ...)
{
    if (index >= out->count)
        return 0;
    struct koppel_error *err = &out->entries[index].err;
    va_list args;
    va_start(args, format);
    err_vset(err, host_known_kind(kind), format, args);
    va_end(args);
    mask_text(err->text);
    return 0;
}

int host_result_reason(struct koppel_results *out, uint32_t index, const char *code)
{
    if (index < out->count)
        (void)host_reason(&out->entries[index].err, code);
    return 0;
}

int host_row(struct koppel_list *out, const char *value, const char *title,
             struct koppel_error *err)
{
    if (!value)
        return err_set(err, KOPPEL_E_BUG, "row wants a value");
    if (out->count >= ROWS_MAX)
        return err_set(err, KOPPEL_E_BUG, "more than %d rows", ROWS_MAX);
    struct list_row row = {strdup(value), strdup(title ? title : "")};
    if (!row.value || !row.title
        || make_room((void **)&out->rows, out->count, &out->room, sizeof(*out->rows)) < 0) {
        free(row.value);
        free(row.title);
        return host_no_memory(err);
    }
    out->rows[out->count++] = row;
    return 0;
}
