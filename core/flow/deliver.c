/* SPDX-License-Identifier: MIT
 * Deliver: journal -> destination. A batch of one leased partition is prepared (mapped, filtered,
 * compared), its writes are announced (intent), sent one after another in the order of the log, and
 * settled in one transaction.
 *
 * What an error kind means here is the table of design 4; this file is its only interpreter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/flow.h"
#include "flow/map.h"
#include "flow/retry.h"
#include "model/order.h"

#define LEASE_MS (5 * 60 * 1000)
#define IN_PLACE_TRIES 3     /* tries of a job before its key steps aside */
#define IDLE_MS 20           /* between looks for work while the source is still being read */
#define MAX_LINK_CHANGES 1

/* A job between reading and settling. */
struct work {
    struct store_job *job;
    bool settled;            /* the outcome is final; else it stays in the log */
    enum job_state state;
    char reason[48];
    char detail[ERR_TEXT_BYTES];
    char *remote_id;
    int64_t next_at_ms;
    json_t *source, *core, *document, *steps, *trace;
    char digest[FLOW_DIGEST_BYTES];
    struct store_link link;  /* what the key was delivered as before */
    int linked;
    bool relink;             /* the outcome changes the link */
    char *activity;
    struct store_link_change change[MAX_LINK_CHANGES];
};

static void work_done(struct work *w)
{
    json_decref(w->source);
    json_decref(w->core);
    json_decref(w->document);
    json_decref(w->steps);
    json_decref(w->trace);
    free(w->remote_id);
    free(w->activity);
    store_link_done(&w->link);
}

static void work_end(struct work *w, enum job_state state, const char *reason, const char *detail)
{
    w->settled = true;
    w->state = state;
    snprintf(w->reason, sizeof w->reason, "%s", reason);
    snprintf(w->detail, sizeof w->detail, "%s", detail ? detail : "");
}

static void work_park(struct work *w, const struct koppel_error *err)
{
    const char *reason = err->reason[0] ? err->reason
                         : err->kind == KOPPEL_E_BUG ? "bug" : "rejected";
    work_end(w, JOB_PARKED, reason, err->text);
}

static void note(struct work *w, const char *name, const char *text)
{
    json_array_append_new(w->steps, json_pack("{s:s,s:s}", "step", name, "detail", text));
}

/* What a failure means for the job. true: it may be tried again in place. */
static bool work_failed(struct flow *f, struct work *w, int tries, const struct koppel_error *err)
{
    note(w, err_kind_name(err->kind), err->text);
    switch (err->kind) {
    case KOPPEL_E_RETRY:
    case KOPPEL_E_UNSURE:
        flow_peer_failed(f, err);
        if (tries < IN_PLACE_TRIES)
            return true;
        if (w->job->attempt + 1 >= f->conf->attempts) {
            struct koppel_error last = *err;
            if (!last.reason[0])
                snprintf(last.reason, sizeof last.reason, "unreachable");
            work_park(w, &last);
        } else {
            work_end(w, JOB_WAITING, "retry", err->text);
            w->next_at_ms = clock_now_ms() + retry_delay_ms(w->job->attempt + 1, err->retry_after_ms);
        }
        return false;
    case KOPPEL_E_CONFIG:
    case KOPPEL_E_AUTH:
    case KOPPEL_E_CANCELLED:
        flow_halt(f, err); /* the job stays in the log */
        return false;
    default:
        if (err->kind == KOPPEL_E_BUG)
            log_error("flow=%s key=%s %s", f->conf->name, w->job->key, err->text);
        work_park(w, err);
        return false;
    }
}

/* Source text -> core record, completed by its model. */
static int make_core(struct flow *f, struct work *w, struct koppel_error *err)
{
    json_error_t where;
    if (!w->job->payload)
        return err_reason(err, KOPPEL_E_REJECTED, "erased", "the payload was erased by retention");
    w->source = json_loadb(w->job->payload, w->job->payload_bytes, 0, &where);
    if (!w->source)
        return err_set(err, KOPPEL_E_BUG, "the stored record is no JSON: %s", where.text);
    if (map_apply(&f->conf->get, w->source, MAP_CREATE, &w->core, w->steps, err) != 0)
        return -1;
    return 0;
}

static const char *core_text(const struct work *w, const char *name)
{
    const char *text = json_string_value(json_object_get(w->core, name));
    return text ? text : "";
}

/* Everything that needs no destination. Leaves w->settled false where the job must be sent. */
static int prepare(struct flow *f, struct work *w, struct koppel_error *err)
{
    bool is_order = strcmp(f->conf->model, "order") == 0;
    if (make_core(f, w, err) != 0)
        return -1;
    if (f->store->ops->link_get(f->store, f->scope, w->job->key, &w->link, &w->linked, err) != 0)
        return -1;
    if (is_order && !w->linked && strcmp(core_text(w, "state"), "cancelled") == 0) {
        work_end(w, JOB_SKIPPED, "cancelled", "cancelled before it was sent");
        return 0;
    }
    if (!map_conditions(f->conf->filter, f->conf->filter_count, w->core) && !w->linked) {
        work_end(w, JOB_SKIPPED, "filtered", "does not meet the flow's filter");
        return 0;
    }
    if (flow_digest(w->core, w->digest) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (w->linked && w->link.digest && strcmp(w->link.digest, w->digest) == 0) {
        work_end(w, JOB_SKIPPED, "unchanged", "already synced");
        return 0;
    }
    if (w->linked && (!(f->dest->can & CAN_UPDATE))) {
        char detail[256];
        snprintf(detail, sizeof detail, "changed after posting as %s; %s", w->link.id,
                 strcmp(core_text(w, "state"), "cancelled") == 0 ? "it was cancelled in the source"
                                                                  : "compare both and mend by hand");
        w->remote_id = strdup(w->link.id);
        work_end(w, JOB_PARKED, "changed", detail);
        return 0;
    }
    if (w->job->state == JOB_SENDING && f->dest->repeat == REPEAT_NEVER)
        return err_reason(err, KOPPEL_E_REJECTED, "unsure",
                          "an earlier attempt was cut off and %s cannot be asked whether it arrived",
                          f->conf->to->name);
    return is_order ? order_complete(w->core, f->conf->settings, w->steps, err) : 0;
}

/* Is the document there already? Fills remote_id. */
static int find_document(struct flow *f, struct work *w, bool *found, struct koppel_error *err)
{
    *found = false;
    const char *key = f->dest->document
                          ? json_string_value(json_object_get(w->document, f->dest->document)) : NULL;
    if (!key || !*key || !(f->dest->can & CAN_FIND))
        return 0;
    struct koppel_results results;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(f->to, f->dest->name, f->dest->document, &key, &w->document, 1, &results,
                             w->trace, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && entry->hit_count > 1)
        rc = err_reason(err, KOPPEL_E_REJECTED, "document.twice",
                        "%s holds %d documents with %s \"%s\"", f->conf->to->name, entry->hit_count,
                        f->dest->document, key);
    if (rc == 0 && entry->hit_count == 1) {
        *found = true;
        free(w->remote_id);
        w->remote_id = strdup(entry->hits[0].id);
    }
    results_done(&results);
    return rc;
}

static int write_document(struct flow *f, struct work *w, struct koppel_error *err)
{
    char job[JOB_ID_BYTES];
    struct koppel_results results;
    job_id_format((struct job_id){f->conf->name, w->job->part, w->job->off}, job);
    struct koppel_write_item item = {.struct_size = sizeof item, .job = job,
                                     .id = w->linked ? w->link.id : NULL, .record = w->document};
    const struct koppel_write_item *items[] = {&item};
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_write(f->to, f->dest->name, w->linked ? KOPPEL_VERB_UPDATE : KOPPEL_VERB_CREATE,
                              0, items, 1, &results, w->trace, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && !entry->done)
        rc = err_set(err, KOPPEL_E_UNSURE, "%s gave no result", f->conf->to->name);
    if (rc == 0) {
        free(w->remote_id);
        w->remote_id = strdup(entry->hit_count > 0 && entry->hits[0].id ? entry->hits[0].id
                              : w->linked ? w->link.id : "");
    }
    results_done(&results);
    return rc;
}

/* A record that carries no reference of ours is looked for by its match keys, in order: a customer that
 * is there already is updated, not made again. One hit becomes the link; several park the job. */
static int match_record(struct flow *f, struct work *w, struct koppel_error *err)
{
    for (int i = 0; i < f->dest->match_count && !w->linked; i++) {
        const char *key = core_text(w, f->dest->match[i].core);
        struct koppel_results results;
        if (!*key)
            continue;
        if (results_init(&results, 1) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        int rc = connection_find(f->to, f->dest->name, f->dest->match[i].field, &key, NULL, 1, &results,
                                 w->trace, err);
        struct result_entry *entry = &results.entries[0];
        if (rc == 0 && entry->err.kind) {
            *err = entry->err;
            rc = -1;
        }
        if (rc == 0 && entry->hit_count > 1)
            rc = err_reason(err, KOPPEL_E_REJECTED, "ambiguous", "%s holds %d of %s with %s \"%s\"",
                            f->conf->to->name, entry->hit_count, f->dest->name, f->dest->match[i].field, key);
        if (rc == 0 && entry->hit_count == 1) {
            w->link.id = strdup(entry->hits[0].id);
            w->linked = w->link.id != NULL;
            note(w, "found", entry->hits[0].id);
        }
        results_done(&results);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* One try at sending. */
static int send_once(struct flow *f, struct work *w, struct koppel_error *err)
{
    bool by_match = f->dest->repeat == REPEAT_LOOKUP && !f->dest->document;
    if (!w->linked && by_match && match_record(f, w, err) != 0)
        return -1;
    if (!w->document) {
        if (flow_resolve(f, w->core, w->steps, w->trace, err) != 0 ||
            map_apply(&f->conf->send, w->core, w->linked ? MAP_UPDATE : MAP_CREATE, &w->document,
                      w->steps, err) != 0)
            return -1;
    }
    bool found = false;
    if (!w->linked && f->dest->repeat == REPEAT_LOOKUP && find_document(f, w, &found, err) != 0)
        return -1;
    if (found) {
        w->relink = true;
        work_end(w, JOB_DONE, "exists", "it was there already");
        return 0;
    }
    int rc = write_document(f, w, err);
    if (rc != 0 && err->kind == KOPPEL_E_EXISTS && find_document(f, w, &found, err) == 0 && found)
        rc = 0;
    if (rc != 0)
        return -1;
    w->relink = true;
    work_end(w, JOB_DONE, "", NULL);
    return 0;
}

static void send_job(struct flow *f, struct work *w)
{
    for (int tries = 1; !w->settled; tries++) {
        struct koppel_error err = {0};
        if (!flow_wait_turn(f))
            return;
        if (send_once(f, w, &err) == 0) {
            flow_peer_works(f);
            return;
        }
        if (!work_failed(f, w, tries, &err))
            return;
    }
}

/* The activity of this attempt as JSON text. */
static void write_activity(struct flow *f, struct work *w)
{
    json_t *activity = json_pack("{s:s,s:s,s:s}", "state", job_state_name(w->state), "reason", w->reason,
                                 "config_version", f->conf->version ? f->conf->version : "");
    if (!activity)
        return;
    if (w->detail[0])
        json_object_set_new(activity, "detail", json_string(w->detail));
    if (w->remote_id)
        json_object_set_new(activity, "remote_id", json_string(w->remote_id));
    if (w->core && w->state != JOB_SKIPPED)
        json_object_set(activity, "core", w->core);
    if (w->document)
        json_object_set(activity, "document", w->document);
    if (json_array_size(w->steps))
        json_object_set(activity, "steps", w->steps);
    if (json_array_size(w->trace))
        json_object_set(activity, "exchanges", w->trace);
    w->activity = json_dumps(activity, JSON_COMPACT);
    json_decref(activity);
}

static void make_outcome(struct flow *f, struct work *w, struct store_outcome *o)
{
    write_activity(f, w);
    *o = (struct store_outcome){.off = w->job->off,
                                .key = w->job->key,
                                .state = w->state,
                                .reason = w->reason,
                                .detail = w->detail[0] ? w->detail : NULL,
                                .remote_id = w->remote_id,
                                .next_at_ms = w->next_at_ms,
                                .activity = w->activity,
                                .activity_bytes = w->activity ? strlen(w->activity) : 0};
    if (w->relink) {
        w->change[0] = (struct store_link_change){.scope = f->scope,
                                                  .key = w->job->key,
                                                  .id = w->remote_id,
                                                  .digest = w->digest,
                                                  .version = w->job->version};
        o->links = w->change;
        o->link_count = 1;
    }
}

/* Settles what is final, up to the first job that is not: the cursor must not pass that one. */
static int settle(struct flow *f, const char *owner, struct store_lease *lease, struct work *works,
                  int count, int64_t next, bool aside, int *lost, struct koppel_error *err)
{
    struct store_outcome *outcomes = calloc((size_t)count + 1, sizeof *outcomes);
    if (!outcomes)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int n = 0;
    int64_t cursor = -1;
    for (int i = 0; i < count; i++) {
        if (!works[i].settled) {
            if (!aside)
                break; /* a later job may be settled already only where it was skipped: redo it */
            continue;
        }
        make_outcome(f, &works[i], &outcomes[n++]);
        cursor = works[i].job->off + 1;
    }
    if (aside)
        cursor = -1;
    else if (n == count)
        cursor = next;
    int rc = n > 0 ? f->store->ops->settle(f->store, f->conf->name, owner, lease, cursor, outcomes, n,
                                           lost, err)
                   : 0;
    if (rc == 0 && !*lost) {
        if (cursor >= 0)
            lease->cursor = cursor;
        atomic_fetch_add(&f->settled, n);
    }
    free(outcomes);
    return rc;
}

/* An older job of the same key that a newer one in the batch replaces need not be sent. */
static void supersede(struct work *works, int count)
{
    for (int i = 0; i < count; i++) {
        for (int k = i + 1; k < count && !works[i].settled; k++) {
            if (strcmp(works[i].job->key, works[k].job->key) == 0)
                work_end(&works[i], JOB_SKIPPED, "superseded", "a newer version follows");
        }
    }
}

static int announce(struct flow *f, const char *owner, struct store_lease *lease, struct work *works,
                    int count, int *lost, struct koppel_error *err)
{
    int64_t *offs = calloc((size_t)count + 1, sizeof *offs);
    int n = 0;
    if (!offs)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count; i++) {
        if (!works[i].settled)
            offs[n++] = works[i].job->off;
    }
    int rc = n > 0 && f->dest->repeat != REPEAT_IDEMPOTENT && f->dest->repeat != REPEAT_UPSERT
                 ? f->store->ops->intent(f->store, f->conf->name, owner, lease, offs, n, lost, err)
                 : 0;
    free(offs);
    return rc;
}

static int deliver_batch(struct flow *f, const char *owner, struct store_lease *lease,
                         struct store_batch *batch, bool aside, int *lost, struct koppel_error *err)
{
    struct work *works = calloc((size_t)batch->count + 1, sizeof *works);
    if (!works)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = -1;
    for (int i = 0; i < batch->count; i++) {
        works[i].job = &batch->jobs[i];
        works[i].steps = json_array();
        works[i].trace = json_array();
        if (!works[i].steps || !works[i].trace) {
            err_set(err, KOPPEL_E_BUG, "out of memory");
            goto out;
        }
    }
    supersede(works, batch->count);
    for (int i = 0; i < batch->count; i++) {
        struct koppel_error problem = {0};
        if (works[i].settled)
            continue;
        if (!aside && works[i].job->state == JOB_WAITING) {
            work_end(&works[i], JOB_WAITING, "retry", "an earlier version of it waits");
            works[i].next_at_ms = works[i].job->next_at_ms;
        } else if (prepare(f, &works[i], &problem) != 0) {
            work_failed(f, &works[i], IN_PLACE_TRIES, &problem);
        }
    }
    if (announce(f, owner, lease, works, batch->count, lost, err) != 0 || *lost)
        goto out;
    for (int i = 0; i < batch->count && !flow_stopping(f); i++) {
        if (!works[i].settled)
            send_job(f, &works[i]);
    }
    rc = settle(f, owner, lease, works, batch->count, batch->next, aside, lost, err);
out:
    for (int i = 0; i < batch->count; i++)
        work_done(&works[i]);
    free(works);
    return rc;
}

/* Everything that waits in one leased partition. *any: something was there. */
static int deliver_partition(struct flow *f, const char *owner, struct store_lease *lease, bool *any,
                             struct koppel_error *err)
{
    const struct store_ops *ops = f->store->ops;
    int lost = 0;
    for (int pass = 0; pass < 2; pass++) {
        while (!flow_stopping(f)) {
            struct store_batch batch = {0};
            int rc = pass == 0 ? ops->read(f->store, f->conf->name, lease, f->conf->batch, &batch, err)
                               : ops->read_aside(f->store, f->conf->name, lease, clock_now_ms(),
                                                 f->conf->batch, &batch, err);
            if (rc == 0 && batch.count > 0) {
                *any = true;
                rc = deliver_batch(f, owner, lease, &batch, pass == 1, &lost, err);
            }
            int count = batch.count;
            store_batch_done(&batch);
            if (rc != 0 || lost)
                return rc;
            if (count == 0)
                break;
        }
    }
    return 0;
}

void flow_deliver(struct flow *f, const char *owner, const atomic_bool *reading)
{
    const struct store_ops *ops = f->store->ops;
    while (!flow_stopping(f)) {
        struct koppel_error err = {0};
        struct store_lease lease;
        bool last = !reading || !atomic_load(reading);
        int none = 0;
        bool any = false;
        int rc = ops->lease(f->store, f->conf->name, owner, LEASE_MS, &lease, &none, &err);
        if (rc == 0 && none) {
            if (last)
                return;
            nanosleep(&(struct timespec){0, IDLE_MS * 1000000L}, NULL);
            continue;
        }
        if (rc == 0) {
            rc = deliver_partition(f, owner, &lease, &any, &err);
            struct koppel_error ignored = {0};
            (void)ops->release(f->store, f->conf->name, owner, &lease, &ignored);
        }
        if (rc != 0) {
            flow_halt(f, &err); /* the store itself failed: nothing can be promised any more */
            return;
        }
    }
}

/* Nothing is looked up or created in a preview: "?" stands where a reference's alias would. */
static int preview_mark(void *arg, json_t *part)
{
    (void)arg;
    return json_is_object(part) ? json_object_set_new(part, "ref", json_string("?")) : 0;
}

static void preview_references(const struct flow *f, json_t *core)
{
    for (int i = 0; i < f->dest->reference_count; i++) {
        struct koppel_error ignored = {0};
        struct path *path = path_parse(f->dest->references[i].from, &ignored);
        if (path && path_is_plural(path))
            (void)path_each(path, core, preview_mark, NULL);
        else if (path)
            (void)preview_mark(NULL, path_get(path, core));
        path_free(path);
    }
}

int flow_preview(struct flow *f, int limit, int (*visit)(void *arg, json_t *row), void *arg,
                 struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    if (connection_read(f->from, f->conf->from_entity, NULL, limit, f->conf->options, &batch, NULL, err) != 0)
        return -1;
    int rc = 0;
    for (int i = 0; i < batch.count && i < limit && rc == 0; i++) {
        struct koppel_error problem = {0};
        char *text = json_dumps(batch.records[i].record, JSON_COMPACT);
        struct store_job job = {.key = batch.records[i].key, .version = batch.records[i].version,
                                .payload = text, .payload_bytes = text ? strlen(text) : 0};
        struct work w = {.job = &job, .steps = json_array(), .trace = json_array()};
        if (prepare(f, &w, &problem) == 0 && !w.settled) {
            preview_references(f, w.core);
            if (map_apply(&f->conf->send, w.core, MAP_CREATE, &w.document, w.steps, &problem) == 0)
                work_end(&w, JOB_DONE, "", NULL);
        }
        if (!w.settled)
            work_park(&w, &problem);
        json_t *row = json_pack("{s:s,s:O?,s:O?,s:O?,s:s,s:s,s:s,s:O}", "key", job.key, "source", w.source,
                                "core", w.core, "destination", w.document, "outcome",
                                w.state == JOB_DONE ? "would be sent" : job_state_name(w.state), "reason",
                                w.reason, "detail", w.detail, "steps", w.steps);
        rc = row ? visit(arg, row) : err_set(err, KOPPEL_E_BUG, "out of memory");
        json_decref(row);
        work_done(&w);
        free(text);
    }
    batch_done(&batch);
    return rc;
}
