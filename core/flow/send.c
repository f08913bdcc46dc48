/* SPDX-License-Identifier: MIT
 * Send: core record -> destination. What is there already is found, never made twice; what changed
 * is updated or handed to change.c; where the destination takes many at a time, many go at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/keylock.h"
#include "mapping/map.h"
#include "flow/work.h"

/* Is the document there already? Fills remote_id. */
static int find_document(struct flow *f, struct work *w, bool *found, struct koppel_error *err)
{
    char *id;
    *found = false;
    const char *key = f->dest->document
                          ? json_string_value(json_object_get(w->document, f->dest->document))
                          : NULL;
    if (!key || !*key || !(f->dest->can & CAN_FIND))
        return 0;
    json_decref(w->present);
    w->present = NULL;
    if (work_look_up(f, w, key, &id, &w->present, err) != 0)
        return -1;
    if (id) {
        *found = true;
        free(w->remote_id);
        w->remote_id = id;
    }
    return 0;
}

/* It is there under its match key, and the flow leaves what is there alone. */
static bool keep_matched(struct flow *f, struct work *w)
{
    if (!w->matched || !flow_setting_is(f, "update_existing", "false"))
        return false;
    work_end(w, JOB_SKIPPED, "kept", "it is there already, and update_existing is off");
    w->remote_id = strdup(w->link.id);
    w->relink = true;
    return true;
}

/* A create whose outcome may be in doubt is looked up first; what is there counts as done. */
static int create(struct flow *f, struct work *w, struct koppel_error *err)
{
    bool found = false;
    char *id = NULL;
    if (f->dest->repeat == REPEAT_LOOKUP && find_document(f, w, &found, err) != 0)
        return -1;
    if (!found) {
        int rc = work_write(f, w, KOPPEL_VERB_CREATE, NULL, w->document, &id, err);
        if (rc != 0 && err->kind == KOPPEL_E_EXISTS && find_document(f, w, &found, err) == 0 &&
            found)
            rc = 0;
        if (rc != 0)
            return -1;
    }
    if (id) {
        free(w->remote_id);
        w->remote_id = id;
    }
    w->relink = true;
    work_end(w, JOB_DONE, found ? "exists" : "", found ? "it was there already" : NULL);
    return 0;
}

static int update(struct flow *f, struct work *w, struct koppel_error *err)
{
    char *id = NULL;
    if (!(f->dest->can & CAN_UPDATE))
        return err_reason(err, KOPPEL_E_REJECTED, "changed", "a %s of %s cannot be changed",
                          f->dest->name, f->conf->to->name);
    if (work_write(f, w, KOPPEL_VERB_UPDATE, w->link.id, w->document, &id, err) != 0)
        return -1;
    free(w->remote_id);
    w->remote_id = id;
    w->relink = true;
    work_end(w, JOB_DONE, w->close ? "deactivated" : "", NULL);
    return 0;
}

/* Records without a reference of ours that are looked for by what they say of themselves. */
static bool by_match_key(const struct flow *f)
{
    return f->dest->match_count > 0 && !f->dest->document && f->dest->repeat == REPEAT_LOOKUP;
}

/* Creates, or updates where somebody made it after it was looked up. */
static int create_or_meet(struct flow *f, struct work *w, struct koppel_error *err)
{
    struct koppel_error again = {0};
    int rc = create(f, w, err);
    bool customer = strcmp(f->conf->model, "customer") == 0; /* whose look-up depends on more */
    if (rc == 0 || err->kind != KOPPEL_E_EXISTS || customer || !by_match_key(f) ||
        work_match(f, w, NULL, &again) != 0 || !w->matched)
        return rc;
    if (keep_matched(f, w))
        return 0;
    json_decref(w->document);
    w->document = NULL;
    return work_document(f, w, err) == 0 ? update(f, w, err) : -1;
}

/* Looks for what carries no reference of ours, and updates or makes it. make_new: a customer of
 * another type than before becomes a new one beside the old, which stays as it is; one that an
 * earlier attempt made is found. */
static int send_matched(struct flow *f, struct work *w, bool make_new, struct koppel_error *err)
{
    if (by_match_key(f) && (!w->linked || make_new)) {
        w->linked = false;
        if (!w->matched && work_match(f, w, make_new ? w->link.id : NULL, err) != 0)
            return -1;
        if (!make_new && keep_matched(f, w))
            return 0;
    }
    if (work_document(f, w, err) != 0)
        return -1;
    return w->linked || w->matched ? update(f, w, err) : create_or_meet(f, w, err);
}

static int send_customer(struct flow *f, struct work *w, struct koppel_error *err)
{
    char lock[FLOW_SCOPE_BYTES + STORE_KEY_BYTES];
    bool make_new = false;
    if (flow_customer_type(f, f->scope, w->job->key, w->core, flow_setting(f, "type_change"),
                           &make_new, err) != 0)
        return -1;
    flow_customer_lock(f->scope, w->core, lock, sizeof lock);
    keylock_take(lock);
    int rc = send_matched(f, w, make_new, err);
    keylock_give(lock);
    return rc == 0 ? flow_customer_sent(f, f->scope, w->job->key, w->core, err) : -1;
}

/* One try at sending. */
static int send_once(struct flow *f, struct work *w, struct koppel_error *err)
{
    if (w->linked && f->dest->document)
        return work_change(f, w, err);
    return strcmp(f->conf->model, "customer") == 0 ? send_customer(f, w, err)
                                                   : send_matched(f, w, false, err);
}

void work_send(struct flow *f, struct work *w)
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

/* ---- many at a time ---- */

struct group {
    struct flow *flow;
    struct work **works;
    struct koppel_write_item *items;
    const struct koppel_write_item **pointers;
    char (*jobs)[JOB_ID_BYTES];
    int count;
};

static void group_done(struct group *g)
{
    free(g->works);
    free(g->items);
    free(g->pointers);
    free(g->jobs);
}

static int group_init(struct group *g, struct flow *f, int room)
{
    size_t n = (size_t)room + 1;
    *g = (struct group){.flow = f,
                        .works = calloc(n, sizeof *g->works),
                        .items = calloc(n, sizeof *g->items),
                        .pointers = calloc(n, sizeof *g->pointers),
                        .jobs = calloc(n, sizeof *g->jobs)};
    return g->works && g->items && g->pointers && g->jobs ? 0 : -1;
}

/* Everything that is mapped and waits to be written; what cannot be mapped is settled on the way.
 */
static void group_fill(struct group *g, struct work *works, int count)
{
    g->count = 0;
    for (int i = 0; i < count && !flow_stopping(g->flow); i++) {
        struct work *w = &works[i];
        struct koppel_error err = {0};
        if (w->settled)
            continue;
        if (work_document(g->flow, w, &err) != 0) {
            (void)work_failed(g->flow, w, WORK_TRIES, &err);
            continue;
        }
        int n = g->count++;
        job_id_format((struct job_id){g->flow->conf->name, w->job->part, w->job->off}, g->jobs[n]);
        g->works[n] = w;
        g->items[n] = (struct koppel_write_item){.struct_size = sizeof g->items[n],
                                                 .job = g->jobs[n],
                                                 .id = w->linked ? w->link.id : NULL,
                                                 .record = w->document};
        g->pointers[n] = &g->items[n];
    }
}

/* One call for all; each takes its own result. The exchanges go to the first one's activity. */
static void group_send(struct group *g, int tries)
{
    struct koppel_results results;
    struct koppel_error err = {0};
    bool failed = false;
    if (results_init(&results, (uint32_t)g->count) != 0) {
        err_set(&err, KOPPEL_E_BUG, "out of memory");
        flow_halt(g->flow, &err);
        return;
    }
    int rc = connection_write(g->flow->to, g->flow->dest->name, KOPPEL_VERB_CREATE, 0, g->pointers,
                              g->count, &results, g->works[0]->trace, &err);
    for (int i = 0; i < g->count; i++) {
        struct work *w = g->works[i];
        struct result_entry *entry = &results.entries[i];
        if (entry->done) {
            w->remote_id =
                strdup(entry->hit_count > 0 && entry->hits[0].id ? entry->hits[0].id : w->job->key);
            w->relink = true;
            work_end(w, JOB_DONE, "", NULL);
            continue;
        }
        struct koppel_error why = entry->err;
        if (!why.kind && rc != 0)
            why = err;
        if (!why.kind)
            err_set(&why, KOPPEL_E_UNSURE, "%s gave no result", g->flow->conf->to->name);
        /* the whole call's failure rests the destination once, not once per record */
        failed = failed || why.kind == KOPPEL_E_RETRY || why.kind == KOPPEL_E_UNSURE;
        if (tries >= WORK_TRIES || (why.kind != KOPPEL_E_RETRY && why.kind != KOPPEL_E_UNSURE))
            (void)work_failed(g->flow, w, tries, &why);
        else
            work_note(w, err_kind_name(why.kind), why.text);
    }
    if (failed && tries < WORK_TRIES)
        flow_peer_failed(g->flow, &err);
    else if (!failed)
        flow_peer_works(g->flow);
    results_done(&results);
}

void work_send_all(struct flow *f, struct work *works, int count)
{
    struct group g;
    if (f->dest->batch_write <= 1 || f->dest->document) {
        if (by_match_key(f) && flow_wait_turn(f))
            work_match_all(f, works, count);
        for (int i = 0; i < count && !flow_stopping(f); i++) {
            if (!works[i].settled)
                work_send(f, &works[i]);
        }
        return;
    }
    if (group_init(&g, f, count) != 0) {
        struct koppel_error err = {0};
        err_set(&err, KOPPEL_E_BUG, "out of memory");
        flow_halt(f, &err);
    }
    for (int tries = 1; tries <= WORK_TRIES && flow_wait_turn(f); tries++) {
        group_fill(&g, works, count);
        if (g.count == 0)
            break;
        group_send(&g, tries);
    }
    group_done(&g);
}
