/* SPDX-License-Identifier: MIT
 * Preview: a record's way up to where it would leave. The store is one in memory that is forgotten;
 * references are not looked up. */
#include "flow/preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/path.h"
#include "connection/connection_read.h"
#include "connection/connection_write.h"
#include "flow/document.h"
#include "flow/prepare.h"
#include "mapping/map_recorder.h"

/* "?" stands where a reference's alias would. */
static int mark(void *arg, json_t *part)
{
    (void)arg;
    return json_is_object(part) ? json_object_set_new(part, "ref", json_string("?")) : 0;
}

static void mark_references(const struct flow *f, json_t *core)
{
    for (int i = 0; i < f->dest->reference_count; i++) {
        const struct path *path = f->dest->references[i].path;
        if (path_is_plural(path))
            (void)path_each(path, core, mark, NULL);
        else
            (void)mark(NULL, path_get(path, core));
    }
}

/* Lets the destination judge the record and store nothing. */
static int dry_run(struct work *w, struct koppel_error *err)
{
    struct flow *f = w->flow;
    struct koppel_results results;
    struct koppel_write_item item = {
        .struct_size = sizeof item, .job = "preview", .record = w->document};
    const struct koppel_write_item *items[] = {&item};
    if (!(f->dest->can & CAN_DRY_RUN) || results_init(&results, 1) != 0)
        return 0;
    int rc = connection_write(f->to, f->dest->name, KOPPEL_VERB_CREATE, KOPPEL_WRITE_DRY_RUN, items,
                              1, &results, w->trace, err);
    if (rc == 0 && results.entries[0].err.kind) {
        *err = results.entries[0].err;
        rc = -1;
    }
    results_done(&results);
    return rc;
}

/* Its link says that it stands there, as whatever it was. */
static int make_known(struct work *w, struct koppel_error *err)
{
    if (links_get(w->links, w->flow->scope, w->job->key, &w->link, err) != 0)
        return -1;
    w->link->state = LINK_THERE;
    w->link->chain = 1;
    w->link->id = strdup("?");
    return w->link->id ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

static int preview_work(struct work *w, unsigned how, struct koppel_error *err)
{
    struct flow *f = w->flow;
    if (((how & PREVIEW_KNOWN) && make_known(w, err) != 0) || prepare_work(w, err) != 0)
        return -1;
    if (w->settled)
        return 0;
    mark_references(f, w->core);
    w->resolved = true;
    if (document_make(w, err) != 0 || ((how & PREVIEW_VALIDATE) && dry_run(w, err) != 0))
        return -1;
    work_end(w, JOB_DONE, "", NULL);
    return 0;
}

static int show(struct work *w, int (*visit)(void *arg, json_t *row), void *arg,
                struct koppel_error *err)
{
    json_t *row = json_pack("{s:s,s:O?,s:O?,s:O?,s:s,s:s,s:s,s:O,s:{s:O,s:O}}", "key", w->job->key,
                            "source", w->source, "core", w->core, "destination", w->document,
                            "outcome",
                            w->state == JOB_DONE ? "would be sent" : job_state_name(w->state),
                            "reason", w->reason, "detail", w->detail, "steps", w->steps, "explain",
                            "get", w->explain_get->rows, "send", w->explain_send->rows);
    int rc = row ? visit(arg, row) : err_set(err, KOPPEL_E_BUG, "out of memory");
    json_decref(row);
    return rc;
}

int preview_record(struct flow *f, const char *key, int64_t version, const json_t *record,
                   unsigned how, int (*visit)(void *arg, json_t *row), void *arg,
                   struct koppel_error *err)
{
    struct koppel_error problem = {0};
    size_t bytes = 0;
    char *text = json_text(record, false, &bytes);
    struct store_job job = {.key = (char *)key, .version = version, .payload = text,
                            .payload_bytes = bytes};
    struct map_recorder get = {0}, send = {0};
    struct links links;
    struct work w;
    links_init(&links, f->store, NULL);
    int rc = work_init(&w, f, &links, &job);
    if (map_recorder_init(&get) != 0 || map_recorder_init(&send) != 0 || rc != 0) {
        rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    } else {
        w.explain_get = &get;
        w.explain_send = &send;
        if (preview_work(&w, how, &problem) != 0)
            work_park(&w, &problem);
        rc = show(&w, visit, arg, err);
    }
    work_done(&w);
    links_done(&links);
    map_recorder_done(&get);
    map_recorder_done(&send);
    free(text);
    return rc;
}

int preview_records(struct flow *f, int limit, unsigned how,
                    int (*visit)(void *arg, json_t *row), void *arg, struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    struct koppel_read_request request = {.entity = f->conf->from_entity,
                                          .limit = (uint32_t)limit,
                                          .options = f->conf->options};
    int shown = 0, rc = 0;
    bool more = true;
    while (rc == 0 && more && shown < limit) {
        char *cursor = batch.next_cursor ? strdup(batch.next_cursor) : NULL;
        batch_done(&batch);
        batch = (struct koppel_batch){0};
        request.cursor = f->source->numbered ? NULL : cursor;
        if (f->source->numbered)
            request.page++;
        rc = connection_read(f->from, &request, &batch, NULL, err);
        free(cursor);
        more = rc == 0 && batch.more;
        for (int i = 0; rc == 0 && i < batch.count && shown < limit; i++) {
            if (batch.records[i].kind == BATCH_GONE)
                continue;
            const struct batch_record *r = &batch.records[i];
            rc = preview_record(f, r->key, r->version, r->record, how, visit, arg, err);
            shown++;
        }
    }
    batch_done(&batch);
    return rc;
}
