/* SPDX-License-Identifier: MIT
 * Reads again what was ordered, a page at a time. */
#include "flow/again_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/log.h"
#include "connection/connection_fetch.h"
#include "connection/connection_read.h"
#include "flow/again.h"
#include "flow/day.h"

#define KEYS_AT_ONCE 20 /* of a source that gives fewer in one answer */

struct again_read {
    struct flow *flow;
    json_t *order, *at;
    json_t *open;    /* where a list is read for its keys: those that were not met yet; else NULL */
    bool singly;     /* a key among the others is refused: each is asked for alone */
    bool unfinished; /* how far it came could not be kept yet */
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static json_int_t count_of(const struct again_read *a, const char *name)
{
    return json_integer_value(json_object_get(a->at, name));
}

static void count_on(struct again_read *a, const char *name, json_int_t by)
{
    (void)json_object_set_new(a->at, name, json_integer(count_of(a, name) + by));
}

static json_t *keys_of(const struct again_read *a)
{
    json_t *keys = json_object_get(a->order, "keys");
    return json_is_array(keys) ? keys : NULL;
}

static bool by_fetch(const struct again_read *a)
{
    return keys_of(a) && a->flow->source->can & CAN_FETCH;
}

static void add_unknown(struct again_read *a, const char *key)
{
    json_t *names = json_object_get(a->at, "names");
    count_on(a, "unknown", 1);
    if (json_array_size(names) < AGAIN_NAMED)
        (void)json_array_append_new(names, json_string_nocheck(key));
}

/* ---- which are wanted ---- */

static bool is_wanted(struct again_read *a, const struct batch_record *record)
{
    const char *since = json_string_value(json_object_get(a->order, "since"));
    if (!a->open)
        return day_is_since(a->flow, record, since);
    return json_object_del(a->open, record->key) == 0 && record->kind != BATCH_GONE;
}

/* ---- pages ---- */

static int append(struct again_read *a, struct reading *r, const struct koppel_batch *batch,
                  struct koppel_error *err)
{
    const char *how = json_string_value(json_object_get(a->order, "how"));
    if (batch->count == 0)
        return 0;
    if (read_append_again(r, batch, how, err) != 0)
        return -1;
    count_on(a, "taken", batch->count);
    return 0;
}

/* Those of a page that are wanted; the records stay the page's. */
static int append_wanted(struct again_read *a, struct reading *r, const struct koppel_batch *page,
                         struct koppel_error *err)
{
    struct koppel_batch some = {.records = calloc((size_t)page->count + 1, sizeof *some.records)};
    if (!some.records)
        return no_memory(err);
    for (int i = 0; i < page->count; i++) {
        if (is_wanted(a, &page->records[i]))
            some.records[some.count++] = page->records[i];
    }
    int rc = append(a, r, &some, err);
    free(some.records);
    return rc;
}

static int list_page(struct again_read *a, struct reading *r, bool *more, struct koppel_error *err)
{
    struct flow *f = a->flow;
    const char *place = json_string_value(json_object_get(a->at, "place"));
    bool numbered = f->source->numbered;
    long number = numbered && place ? strtol(place, NULL, 10) : 1;
    struct koppel_batch batch = {0};
    struct koppel_read_request request = {
        .entity = f->conf->from_entity,
        .cursor = numbered ? NULL : place,
        .page = numbered ? (uint32_t)number : 0,
        .limit = f->source->snapshot ? 0 : (uint32_t)f->conf->batch,
        .options = f->conf->options,
    };
    int rc = connection_read(f->from, &request, &batch, NULL, err);
    if (rc == 0)
        rc = append_wanted(a, r, &batch, err);
    if (rc == 0) {
        bool moved = numbered || !place || strcmp(place, batch.next_cursor) != 0;
        *more = batch.more && moved;
        count_on(a, "looked", batch.count);
        if (batch.total_told)
            (void)json_object_set_new(a->at, "total", json_integer(batch.total));
        (void)json_object_set_new(a->at, "place",
                                  numbered ? json_sprintf("%ld", number + 1)
                                           : json_string_nocheck(batch.next_cursor));
    }
    batch_done(&batch);
    return rc;
}

/* Does it say something of these keys, not of the peer? */
static bool is_refusal(const struct koppel_error *err)
{
    return err->kind == KOPPEL_E_REJECTED || err->kind == KOPPEL_E_BUG;
}

/* What a fetch gave, as a page; the records stay the results'. -1: it is to be asked again. */
static int take_fetched(struct again_read *a, const char *const *keys, int count,
                        struct koppel_results *results, struct koppel_batch *out,
                        struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        struct result_entry *e = &results->entries[i];
        if (e->err.kind && !is_refusal(&e->err)) {
            *err = e->err;
            return -1;
        }
        if (e->err.kind || e->gone || e->hit_count == 0) {
            add_unknown(a, keys[i]);
            continue;
        }
        out->records[out->count++] = (struct batch_record){
            .kind = e->unreadable ? BATCH_UNREADABLE_RECORD : BATCH_RECORD,
            .key = (char *)keys[i],
            .version = e->hits[0].version,
            .record = e->hits[0].record};
    }
    return 0;
}

static int fetch_page(struct again_read *a, struct reading *r, bool *more,
                      struct koppel_error *err)
{
    struct flow *f = a->flow;
    json_t *list = keys_of(a);
    size_t at = (size_t)count_of(a, "looked"), size = json_array_size(list);
    int many = f->source->batch_fetch > KEYS_AT_ONCE ? f->source->batch_fetch : KEYS_AT_ONCE;
    int most = a->singly ? 1 : many;
    int count = size - at < (size_t)most ? (int)(size - at) : most;
    const char **keys = calloc((size_t)count + 1, sizeof *keys);
    struct koppel_batch page = {.records = calloc((size_t)count + 1, sizeof *page.records)};
    struct koppel_results results = {0};
    /* what is not known yet would be named twice, were the page asked for again */
    json_t *before = json_deep_copy(a->at);
    int rc = keys && page.records && before && results_init(&results, (uint32_t)count) == 0
                 ? 0 : no_memory(err);
    for (int i = 0; rc == 0 && i < count; i++)
        keys[i] = json_string_value(json_array_get(list, at + (size_t)i));
    if (rc == 0 && count > 0)
        rc = connection_fetch(f->from, f->source->name, keys, count, f->conf->options, &results,
                              NULL, err);
    bool refused = rc != 0 && count > 0 && keys[0] && is_refusal(err);
    if (refused && count == 1) {
        add_unknown(a, keys[0]);
        rc = 0;
    } else if (rc == 0) {
        rc = take_fetched(a, keys, count, &results, &page, err);
    }
    if (rc == 0)
        rc = append(a, r, &page, err);
    a->singly = a->singly || (refused && count > 1);
    if (rc == 0)
        count_on(a, "looked", count);
    else if (before)
        (void)json_object_update(a->at, before);
    *more = rc == 0 && at + (size_t)count < size;
    json_decref(before);
    results_done(&results);
    free(page.records);
    free(keys);
    if (refused && count > 1) { /* asked for again, one by one */
        *more = true;
        return 0;
    }
    return rc;
}

/* ---- the whole of it ---- */

/* What was looked for in a list and never met. */
static void end_list(struct again_read *a)
{
    const char *key;
    json_t *value;
    json_object_foreach(a->open, key, value)
        add_unknown(a, key);
}

static void tell_over(const struct again_read *a)
{
    log_info(LOG_ABOUT(.event = "again", .flow = a->flow->conf->name),
             "read again: %lld looked at, %lld taken, %lld not known at the source",
             (long long)count_of(a, "looked"), (long long)count_of(a, "taken"),
             (long long)count_of(a, "unknown"));
}

int again_read_page(struct again_read *a, struct reading *r, bool *more, struct koppel_error *err)
{
    struct flow *f = a->flow;
    bool is = false;
    *more = false;
    if (again_is(f->store, f->conf->name, count_of(a, "id"), &is, err) != 0)
        return -1;
    if (!is) /* another one took its place: the next run begins that */
        return 0;
    int rc = 0;
    if (!a->unfinished)
        rc = by_fetch(a) ? fetch_page(a, r, more, err) : list_page(a, r, more, err);
    if (rc != 0)
        return -1;
    if (!*more && a->open && !a->unfinished)
        end_list(a);
    (void)json_object_set_new(a->at, "over", json_boolean(!*more));
    atomic_store(&f->again_looked, count_of(a, "looked"));
    json_t *total = json_object_get(a->at, "total");
    atomic_store(&f->again_total, json_is_integer(total) ? json_integer_value(total) : -1);
    a->unfinished = !*more;
    if (again_keep(f->store, f->conf->name, a->at, err) != 0)
        return -1;
    if (!*more)
        tell_over(a);
    return 0;
}

/* A list without a lasting place is read from its beginning, as what was met before is not known
 * any more. */
static int begin_anew(struct again_read *a)
{
    size_t i;
    json_t *key;
    (void)json_object_set_new(a->at, "place", json_null());
    (void)json_object_set_new(a->at, "looked", json_integer(0));
    if (!keys_of(a))
        return 0;
    a->open = json_object();
    json_array_foreach(keys_of(a), i, key) {
        if (!a->open || json_object_set_new_nocheck(a->open, json_string_value(key), json_true()))
            return -1;
    }
    return a->open ? 0 : -1;
}

int again_read_open(struct flow *f, struct again_read **out, struct koppel_error *err)
{
    struct again_read *a = calloc(1, sizeof *a);
    *out = NULL;
    if (!a)
        return no_memory(err);
    a->flow = f;
    int rc = again_get(f->store, f->conf->name, &a->order, &a->at, err);
    if (rc == 0 && a->order && !by_fetch(a) && (keys_of(a) || f->source->snapshot))
        rc = begin_anew(a) == 0 ? 0 : no_memory(err);
    if (rc == 0 && a->order && by_fetch(a))
        (void)json_object_set_new(a->at, "total",
                                  json_integer((json_int_t)json_array_size(keys_of(a))));
    if (rc != 0 || !a->order) {
        again_read_close(a);
        return rc;
    }
    *out = a;
    return 0;
}

void again_read_close(struct again_read *a)
{
    if (!a)
        return;
    json_decref(a->order);
    json_decref(a->at);
    json_decref(a->open);
    free(a);
}
