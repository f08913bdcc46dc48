/* SPDX-License-Identifier: MIT
 * A record's way up to where it would leave. */
#include "flow/preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/path.h"
#include "connection/connection_fetch.h"
#include "connection/connection_find.h"
#include "connection/connection_read.h"
#include "connection/connection_write.h"
#include "flow/advance.h"
#include "flow/compare.h"
#include "flow/document.h"
#include "flow/prepare.h"
#include "flow/preview_fields.h"
#include "flow/reference.h"
#include "flow/reference_visit.h"
#include "flow/remedy.h"
#include "flow/send_show.h"
#include "mapping/map_recorder.h"
#include "mapping/value.h"
#include "model/model.h"

struct one {
    struct work work;
    struct map_recorder get, send;
    json_t *shown;
    json_t *check;         /* NULL: nobody asked */
    const char *outcome;
    struct koppel_error failed; /* kind 0: every system was to be asked */
};

void preview_init(struct preview *p)
{
    links_init(&p->links, p->flow->store, NULL);
}

void preview_done(struct preview *p)
{
    links_done(&p->links);
}

/* ---- where no reference can be had ---- */

static int mark(struct wanted *w, struct koppel_error *err)
{
    if (json_object_get(w->part, "ref"))
        return 0;
    return json_object_set_new(w->part, "ref", json_string(SEND_SHOW_UNKNOWN)) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* Where a reference would be looked up or made, its key at the destination is unknown. */
static void mark_references(struct work *w)
{
    struct koppel_error ignored = {0};
    (void)reference_visit(w, true, mark, &ignored);
}

/* What became of the record does not tell how it maps: that is shown all the same. */
static void map_anyway(struct one *o)
{
    struct work *w = &o->work;
    struct koppel_error ignored = {0};
    bool skipped = w->settled && w->state == JOB_SKIPPED;
    bool stands = strcmp(w->reason, "unchanged") == 0 || strcmp(w->reason, "kept") == 0;
    if (w->document || !w->core || !w->link || (skipped && !stands) ||
        json_array_size(o->send.rows) > 0)
        return;
    w->shown = json_array(); /* nothing of it would be sent */
    if (!skipped || !w->shown || reference_resolve(w, &ignored) != 0) {
        mark_references(w);
        w->resolved = true;
    }
    (void)document_make(w, &ignored);
    json_decref(w->shown);
    w->shown = o->shown;
}

/* ---- what stands there ---- */

static int take_present(struct work *w, const struct koppel_results *results)
{
    const struct result_entry *entry = &results->entries[0];
    if (!entry->err.kind && entry->hit_count == 1 && !entry->unreadable)
        w->present = json_incref(entry->hits[0].record);
    return 0;
}

/* What is changed by its id was not looked up on the way. */
static void look_at_present(struct work *w)
{
    struct flow *f = w->flow;
    struct koppel_error ignored = {0};
    struct koppel_results results;
    const char *id = w->link ? w->link->id : NULL;
    if (w->present || !id || strcmp(id, SEND_SHOW_UNKNOWN) == 0 || results_init(&results, 1) != 0)
        return;
    if (f->dest->key && catalogue_finds(f->dest, f->dest->key)) {
        if (connection_find(f->to, f->dest->name, f->dest->key, &id, NULL, 1, &results, w->trace,
                            &ignored) == 0)
            take_present(w, &results);
    } else if (f->dest->can & CAN_FETCH) {
        if (connection_fetch(f->to, f->dest->name, &id, 1, NULL, &results, w->trace, &ignored) == 0)
            take_present(w, &results);
    }
    results_done(&results);
}

/* ---- the destination's judgement ---- */

static json_t *judged(json_t *ok, const char *text)
{
    return json_pack("{s:o,s:s}", "ok", ok, "text", text);
}

static json_t *dry_run(struct work *w)
{
    struct flow *f = w->flow;
    struct koppel_results results;
    struct koppel_error err = {0};
    struct koppel_write_item item = {
        .struct_size = sizeof item, .job = "preview", .record = w->send.record};
    const struct koppel_write_item *items[] = {&item};
    if (results_init(&results, 1) != 0)
        return NULL;
    int rc = connection_write(f->to, f->dest->name, KOPPEL_VERB_CREATE, KOPPEL_WRITE_DRY_RUN, items,
                              1, &results, NULL, w->trace, &err);
    if (rc == 0 && results.entries[0].err.kind) {
        err = results.entries[0].err;
        rc = -1;
    }
    results_done(&results);
    return rc == 0 ? judged(json_true(), "it would be taken")
           : err.kind == KOPPEL_E_REJECTED ? judged(json_false(), err.text)
                                           : judged(json_null(), err.text);
}

static json_t *check(struct work *w)
{
    if (send_verb(&w->send) != KOPPEL_VERB_CREATE)
        return judged(json_null(), "only what would be made can be checked there");
    if (!(w->flow->dest->can & CAN_DRY_RUN))
        return judged(json_null(), "it cannot check a record without storing it");
    if (send_show_is_unknown(w->send.record))
        return judged(json_null(), "it refers to what would be made first");
    return dry_run(w);
}

/* ---- the way ---- */

static const char *write_outcome(const struct send *s)
{
    switch (s->write) {
    case WRITE_UPDATE:
        return "would be changed";
    case WRITE_REMOVE:
        return "would be removed";
    case WRITE_POST:
        return "would be corrected";
    default:
        return s->id ? "would be changed" : "would be created";
    }
}

/* It was neither settled nor comes to a write: a system is not to be asked. */
static void take_failure(struct one *o)
{
    struct work *w = &o->work;
    struct flow *f = w->flow;
    const json_t *last = json_array_get(w->steps, json_array_size(w->steps) - 1);
    const char *why = json_string_value(json_object_get(last, "detail"));
    if (atomic_load(&f->halted)) {
        o->failed = f->why;
        atomic_store(&f->halted, false); /* the next one is mapped all the same */
    } else {
        err_set(&o->failed, KOPPEL_E_RETRY, "%s", why ? why : "stopped");
    }
}

/* Its link says that it stands there, as whatever it was. */
static int make_known(struct work *w, struct koppel_error *err)
{
    if (links_get(w->links, w->flow->scope, w->job->key, &w->link, err) != 0)
        return -1;
    if (w->link->state == LINK_THERE)
        return 0;
    return knowledge_stands(w->link, SEND_SHOW_UNKNOWN, 1) == 0
               ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int preview_shape(struct work *w, struct koppel_error *err)
{
    if (prepare_work(w, err) != 0)
        return -1;
    if (w->settled)
        return 0;
    mark_references(w);
    w->resolved = true;
    return document_make(w, err);
}

/* What is sent is told by the record alone. */
static int make_alone(struct work *w, struct koppel_error *err)
{
    mark_references(w);
    w->resolved = true;
    if (document_make(w, err) != 0)
        return -1;
    work_end(w, JOB_DONE, "", NULL);
    return 0;
}

static void show_write(struct preview *p, struct one *o)
{
    struct work *w = &o->work;
    struct koppel_error err = {0};
    o->outcome = write_outcome(&w->send);
    if (send_show(w->flow, &w->send, o->shown, &err) != 0) {
        if (err.kind == KOPPEL_E_REJECTED)
            work_park(w, &err);
        else
            o->failed = err;
    }
    if ((p->how & PREVIEW_CHECK) && !o->failed.kind)
        o->check = check(w);
    if (w->send.write != WRITE_CREATE || w->send.id)
        look_at_present(w);
}

static void go(struct preview *p, struct one *o)
{
    struct work *w = &o->work;
    struct koppel_error err = {0};
    bool alone = p->how & PREVIEW_ALONE;
    if (((p->how & PREVIEW_KNOWN) && make_known(w, &err) != 0) || prepare_work(w, &err) != 0 ||
        (alone && !w->settled && make_alone(w, &err) != 0))
        work_park(w, &err);
    else if (!w->settled)
        advance_work(w);
    if (w->send.write != WRITE_NONE)
        show_write(p, o);
    else if (!w->settled)
        take_failure(o);
    else if (!alone)
        look_at_present(w);
    if (!alone)
        map_anyway(o);
    if (o->failed.kind)
        o->outcome = "failed";
    else if (w->settled)
        o->outcome = w->state == JOB_DONE ? "would be sent" : job_state_name(w->state);
}

/* ---- the row ---- */

static json_t *missing(const struct one *o)
{
    const struct work *w = &o->work;
    const struct model *model = model_find(w->flow->conf->model);
    json_t *out = json_array();
    if (w->core && model && model->record)
        preview_fields_missing(model->record, w->core, "core", out);
    if (w->document && (!w->link || w->link->state != LINK_THERE))
        preview_fields_missing(w->flow->dest, w->document, "destination", out);
    return out;
}

static json_t *row_of(struct one *o)
{
    struct work *w = &o->work;
    const char *reason = o->failed.kind ? o->failed.reason : w->reason;
    const char *detail = o->failed.kind ? o->failed.text : w->detail;
    const char *remedy = w->settled && w->state == JOB_PARKED ? remedy_for(w->reason) : "";
    json_t *row = json_pack("{s:s,s:O?,s:O?,s:O?,s:s,s:s,s:s,s:s,s:s?,s:O}", "key", w->job->key,
                            "source", w->source, "core", w->core, "destination", w->document,
                            "outcome", o->outcome, "reason", reason, "detail", detail, "remedy",
                            remedy, "remote_id", w->link ? w->link->id : NULL, "steps", w->steps);
    if (!row)
        return NULL;
    json_object_set_new(row, "present", w->present ? json_incref(w->present) : json_null());
    json_object_set_new(row, "differs", compare_rows(w->flow->dest, w->present, w->document));
    json_object_set_new(row, "required", preview_fields_required(w->flow->dest));
    json_object_set_new(row, "missing", missing(o));
    json_object_set(row, "requests", o->shown);
    json_object_set_new(row, "check", o->check ? json_incref(o->check) : json_null());
    json_object_set_new(row, "explain", json_pack("{s:O,s:O}", "get", o->get.rows, "send",
                                                  o->send.rows));
    return row;
}

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* The source's record under its own key. */
static const char *key_of(const struct preview *p, const json_t *source, char buf[32])
{
    const char *text = NULL, *field = p->flow->source->key;
    return field && value_text(json_object_get(source, field), buf, &text) && *text ? text : NULL;
}

int preview_record(struct preview *p, const char *key, int64_t version, const json_t *source,
                   struct koppel_error *err)
{
    size_t bytes = 0;
    char own[32], *text = json_text(source, false, &bytes);
    struct one o = {.shown = json_array(), .outcome = ""};
    struct store_job job = {.key = (char *)(key ? key : key_of(p, source, own)),
                            .version = version, .payload = text, .payload_bytes = bytes};
    int rc = job.key ? work_init(&o.work, p->flow, &p->links, &job) : 0;
    bool recorded = map_recorder_init(&o.get) == 0, sent = map_recorder_init(&o.send) == 0;
    if (!job.key) {
        rc = err_set(err, KOPPEL_E_REJECTED, "the record has no \"%s\" that would tell it apart",
                     p->flow->source->key ? p->flow->source->key : "key");
    } else if (rc != 0 || !text || !o.shown || !recorded || !sent) {
        rc = no_memory(err);
    } else {
        o.work.shown = o.shown;
        o.work.is_core = p->how & PREVIEW_CORE;
        o.work.explain_get = &o.get;
        o.work.explain_send = &o.send;
        go(p, &o);
        json_t *row = row_of(&o);
        rc = row ? p->visit(p->arg, row) : no_memory(err);
        json_decref(row);
    }
    if (job.key)
        work_done(&o.work);
    map_recorder_done(&o.get);
    map_recorder_done(&o.send);
    json_decref(o.shown);
    json_decref(o.check);
    free(text);
    return rc;
}

/* ---- records of the source ---- */

/* Reads page after page until take says that it has enough. */
static int read_pages(struct preview *p, int limit,
                      int (*take)(struct preview *p, const struct batch_record *record, void *arg,
                                  bool *enough, struct koppel_error *err),
                      void *arg, struct koppel_error *err)
{
    const struct flow *f = p->flow;
    struct koppel_batch batch = {0};
    struct koppel_read_request request = {.entity = f->conf->from_entity,
                                          .limit = (uint32_t)limit,
                                          .options = f->conf->options};
    bool enough = false, more = true;
    int rc = 0;
    while (rc == 0 && more && !enough && !flow_stopping(f)) {
        char *cursor = batch.next_cursor ? strdup(batch.next_cursor) : NULL;
        batch_done(&batch);
        batch = (struct koppel_batch){0};
        request.cursor = f->source->numbered ? NULL : cursor;
        if (f->source->numbered)
            request.page++;
        rc = connection_read(f->from, &request, &batch, NULL, err);
        free(cursor);
        more = rc == 0 && batch.more;
        for (int i = 0; rc == 0 && i < batch.count && !enough; i++) {
            if (batch.records[i].kind != BATCH_GONE)
                rc = take(p, &batch.records[i], arg, &enough, err);
        }
    }
    batch_done(&batch);
    return rc;
}

static int take_first(struct preview *p, const struct batch_record *record, void *arg, bool *enough,
                      struct koppel_error *err)
{
    int *left = arg;
    *enough = --*left <= 0;
    return preview_record(p, record->key, record->version, record->record, err);
}

int preview_first(struct preview *p, int limit, struct koppel_error *err)
{
    return read_pages(p, limit, take_first, &limit, err);
}

/* The last so many that came by. */
struct latest {
    struct batch_record *items;
    int count, limit, seen;
};

static int take_latest(struct preview *p, const struct batch_record *record, void *arg,
                       bool *enough, struct koppel_error *err)
{
    struct latest *l = arg;
    (void)p;
    if (l->count == l->limit) {
        free(l->items[0].key);
        json_decref(l->items[0].record);
        memmove(l->items, l->items + 1, sizeof *l->items * (size_t)(--l->count));
    }
    char *key = strdup(record->key);
    if (!key)
        return no_memory(err);
    l->items[l->count++] = (struct batch_record){record->kind, key, record->version,
                                                 json_incref(record->record)};
    *enough = ++l->seen >= PREVIEW_LAST;
    return 0;
}

int preview_last(struct preview *p, int limit, struct koppel_error *err)
{
    struct latest l = {.items = calloc((size_t)limit, sizeof *l.items), .limit = limit};
    if (!l.items)
        return no_memory(err);
    int rc = read_pages(p, 0, take_latest, &l, err);
    for (int i = l.count - 1; i >= 0; i--) {
        if (rc == 0)
            rc = preview_record(p, l.items[i].key, l.items[i].version, l.items[i].record, err);
        free(l.items[i].key);
        json_decref(l.items[i].record);
    }
    free(l.items);
    return rc;
}

struct wanted_key {
    const char *key;
    bool found;
};

static int take_key(struct preview *p, const struct batch_record *record, void *arg, bool *enough,
                    struct koppel_error *err)
{
    struct wanted_key *w = arg;
    if (strcmp(record->key, w->key) != 0)
        return 0;
    w->found = *enough = true;
    return preview_record(p, record->key, record->version, record->record, err);
}

static int fetch_key(struct preview *p, struct wanted_key *w, struct koppel_error *err)
{
    const struct flow *f = p->flow;
    struct koppel_results results;
    if (results_init(&results, 1) != 0)
        return no_memory(err);
    int rc = connection_fetch(f->from, f->source->name, &w->key, 1, f->conf->options, &results,
                              NULL, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    w->found = rc == 0 && entry->hit_count == 1;
    if (w->found)
        rc = preview_record(p, w->key, entry->hits[0].version, entry->hits[0].record, err);
    results_done(&results);
    return rc;
}

int preview_key(struct preview *p, const char *key, struct koppel_error *err)
{
    const struct flow *f = p->flow;
    struct wanted_key w = {.key = key};
    int rc = f->source->can & CAN_FETCH ? fetch_key(p, &w, err)
                                        : read_pages(p, 0, take_key, &w, err);
    if (rc != 0 || w.found)
        return rc;
    return err_reason(err, KOPPEL_E_REJECTED, "missing", "%s of %s has no \"%s\"",
                      f->source->name, f->conf->from->name, key);
}
