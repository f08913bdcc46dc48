/* SPDX-License-Identifier: MIT
 * Jobs that a person has tried again, ends or edits. */
#include "service/by_hand.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/path.h"
#include "connection/connection_find.h"
#include "flow/flow.h"
#include "service/ask.h"
#include "service/by_hand_follow.h"
#include "service/jobs.h"

#define SLICE 200      /* jobs that are ended in one transaction */
#define BUSY_TRIES 300 /* how often a worker is waited for */
#define BUSY_MS 100

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static int wrong(struct koppel_error *err, const char *what, const char *value)
{
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s: \"%s\"", what, value);
}

/* ---- those that an order means ---- */

struct picked {
    struct job_id *ids; /* their flows are owned */
    int count, room;
    json_t *causes;     /* "cause reason" -> how many */
    json_t *ended;      /* those that were named and have ended: address -> state */
};

static int pick_one(void *arg, const struct store_pick *p)
{
    struct picked *all = arg;
    char name[JOB_CAUSE_BYTES + 64], cause[JOB_CAUSE_BYTES] = "";
    if (all->count == all->room) {
        int room = all->room ? all->room * 2 : 64;
        struct job_id *more = realloc(all->ids, (size_t)room * sizeof *more);
        if (!more)
            return -1;
        all->ids = more;
        all->room = room;
    }
    char *flow = strdup(p->id.flow);
    if (!flow)
        return -1;
    all->ids[all->count++] = (struct job_id){flow, p->id.part, p->id.off};
    if (p->cause)
        job_cause_format(p->cause, cause);
    snprintf(name, sizeof name, "%s %s", cause, p->reason ? p->reason : "");
    json_int_t n = json_integer_value(json_object_get(all->causes, name));
    return json_object_set_new(all->causes, name, json_integer(n + 1));
}

static void picked_done(struct picked *all)
{
    for (int i = 0; i < all->count; i++)
        free((char *)all->ids[i].flow);
    free(all->ids);
    json_decref(all->causes);
    json_decref(all->ended);
}

static int find_row(struct service *s, const char *job, char flow[JOB_ID_BYTES], struct job_id *id,
                    struct store_job_row *row, char **payload, struct koppel_error *err)
{
    int found = 0;
    if (job_id_parse(job, flow, id) != 0)
        return wrong(err, "no job; koppel jobs lists them", job);
    if (s->store->ops->job(s->store, *id, row, payload, &found, err) != 0)
        return -1;
    if (!found && !ask_flow(s, flow, err))
        return -1;
    return found ? 0 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                                  "there is no job %s; koppel jobs lists them", job);
}

/* again: they are to be tried again, as one that was skipped may be. */
static int pick_named(struct service *s, const json_t *jobs, bool again, struct picked *all,
                      struct koppel_error *err)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)jobs, i, one) {
        char flow[JOB_ID_BYTES];
        struct store_job_row row = {0};
        struct store_pick p = {.reason = ""};
        if (find_row(s, json_string_value(one), flow, &p.id, &row, NULL, err) != 0)
            return -1;
        if (row.state == JOB_DONE || (row.state == JOB_SKIPPED && !again))
            (void)json_object_set_new(all->ended, json_string_value(one),
                                      json_string(job_state_name(row.state)));
        store_job_row_done(&row);
        if (pick_one(all, &p) != 0)
            return no_memory(err);
    }
    return 0;
}

/* What the order means, frozen now: what comes later is not swept along. */
static int pick(struct service *s, const struct service_ask *ask, bool again, struct picked *all,
                struct koppel_error *err)
{
    static const enum job_state open[] = {JOB_PARKED, JOB_WAITING}, skipped[] = {JOB_SKIPPED};
    const json_t *jobs = json_object_get(ask->in, "jobs");
    bool back = ask_flag(ask, "skipped");
    struct jobs_filter f = {.store = {0}};
    *all = (struct picked){.causes = json_object(), .ended = json_object()};
    if (jobs)
        return pick_named(s, jobs, again, all, err);
    int rc = jobs_filter_read(s, ask, &f, err), state = f.store.state;
    const enum job_state *states = back ? skipped : open;
    for (int i = 0; rc == 0 && i < (back ? 1 : 2); i++) {
        if (state >= 0 && state != (int)states[i])
            continue;
        f.store.state = (int)states[i];
        rc = s->store->ops->pick(s->store, &f.store, pick_one, all, err);
        if (rc != 0 && err->kind == 0)
            no_memory(err);
    }
    jobs_filter_done(&f);
    return rc;
}

static json_t *outcome(const struct picked *all, int count)
{
    const char *name;
    json_t *n, *causes = json_array();
    json_object_foreach(all->causes, name, n) {
        const char *reason = strchr(name, ' ');
        json_array_append_new(
            causes, json_pack("{s:o,s:o,s:O}", "cause",
                              reason > name ? json_stringn(name, (size_t)(reason - name))
                                            : json_null(),
                              "reason", ask_json_text(reason + 1), "count", n));
    }
    return json_pack("{s:i,s:i,s:o,s:O}", "hit", all->count, "count", count, "causes", causes,
                     "ended", all->ended);
}

int by_hand_retry(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct picked all;
    struct by_hand_follow followed = {0};
    bool plan = ask_flag(ask, "plan"), wait = ask_flag(ask, "wait");
    int count = 0, rc = pick(s, ask, true, &all, err);
    if (rc == 0 && !plan && wait) {
        rc = by_hand_follow(s, ask, all.ids, all.count, &followed, err);
        count = followed.count;
    } else if (rc == 0 && !plan) {
        rc = s->store->ops->retry(s->store, all.ids, all.count, true, &count, err);
    }
    if (rc == 0)
        *out = outcome(&all, count);
    if (*out && followed.came) {
        (void)json_object_set(*out, "came", followed.came);
        (void)json_object_set_new(*out, "left", json_integer(followed.left));
    }
    json_decref(followed.came);
    picked_done(&all);
    return rc;
}

/* ---- ended by hand ---- */

/* What was done, as an attempt of the job shows it. NULL: no memory. */
static char *activity_of(const struct service_ask *ask, enum job_state state, const char *id)
{
    json_t *step = json_pack("{s:s,s:s,s:o,s:o}", "state", job_state_name(state), "reason",
                             "by_hand", "by", ask_json_text(ask->who->name), "why",
                             ask_json_text(ask_text(ask, "why")));
    if (step && id)
        json_object_set_new(step, "remote_id", json_string(id));
    char *text = step ? json_text(step, false, NULL) : NULL;
    json_decref(step);
    return text;
}

static void pause_a_moment(void)
{
    struct timespec until;
    pthread_condattr_t monotonic;
    pthread_cond_t never;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&never, &monotonic);
    pthread_condattr_destroy(&monotonic);
    clock_deadline(BUSY_MS, &until);
    pthread_mutex_lock(&lock);
    while (pthread_cond_timedwait(&never, &lock, &until) == 0)
        ;
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&never);
}

/* Gives the orders until none is busy; those that stay so say it. */
static int settle(struct service *s, const struct service_ask *ask, struct store_hand *orders,
                  int count, struct koppel_error *err)
{
    for (int try = 0; try < BUSY_TRIES; try++) {
        int busy = 0;
        if (s->store->ops->settle_by_hand(s->store, orders, count, err) != 0)
            return -1;
        for (int i = 0; i < count; i++)
            busy += orders[i].end == HAND_BUSY;
        if (busy == 0 || ask_stopped(ask))
            return 0;
        /* what is settled already says ENDED the next time, so only the others go again */
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (orders[i].end != HAND_BUSY)
                continue;
            struct store_hand one = orders[left];
            orders[left++] = orders[i];
            orders[i] = one;
        }
        count = left;
        pause_a_moment();
    }
    return 0;
}

static const char *detail_of(const struct service_ask *ask, char *out, size_t room)
{
    snprintf(out, room, "by %s: %s", ask->who->name, ask_text(ask, "why"));
    return out;
}

int by_hand_skip(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    struct picked all;
    struct store_hand orders[SLICE];
    char detail[ERR_TEXT_BYTES];
    char *activity = activity_of(ask, JOB_SKIPPED, NULL);
    int count = 0, rc = pick(s, ask, false, &all, err);
    if (rc == 0 && !activity)
        rc = no_memory(err);
    for (int at = 0; rc == 0 && !ask_flag(ask, "plan") && at < all.count; at += SLICE) {
        int n = all.count - at < SLICE ? all.count - at : SLICE;
        for (int i = 0; i < n; i++)
            orders[i] = (struct store_hand){.id = all.ids[at + i], .state = JOB_SKIPPED,
                                            .reason = "by_hand", .activity = activity,
                                            .detail = detail_of(ask, detail, sizeof detail)};
        rc = settle(s, ask, orders, n, err);
        for (int i = 0; rc == 0 && i < n; i++)
            count += orders[i].end == HAND_DONE;
        if (rc == 0 && !ask_tell(ask, json_pack("{s:i,s:i}", "done", at + n, "of", all.count)))
            break;
    }
    if (rc == 0)
        *out = outcome(&all, count);
    free(activity);
    picked_done(&all);
    return rc;
}

static int refused(const char *job, enum store_hand_end end, enum job_state was,
                   struct koppel_error *err)
{
    if (end == HAND_BUSY)
        return err_set(err, KOPPEL_E_RETRY,
                       "%s is being delivered right now; try again in a moment, or pause its flow",
                       job);
    if (end == HAND_ENDED)
        return err_set(err, KOPPEL_E_REJECTED, "%s has ended%s%s; what ended stays"
                          " ended", job, was == JOB_NEW ? "" : " as ",
                          was == JOB_NEW ? "" : job_state_name(was));
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                      "there is no job %s that could be changed", job);
}

/* A write whose answer nobody saw may still arrive, and make another document. */
static int check_quiet(struct service *s, const struct conf_flow *flow, const char *scope,
                       const char *key, struct koppel_error *err)
{
    struct store_link link = {.state = LINK_ABSENT};
    if (s->store->ops->links_get(s->store, NULL, 1, &scope, &key, &link, err) != 0)
        return -1;
    int64_t quiet = flow->to->timeout_ms + flow->to->quiet_ms;
    int64_t left = link.state == LINK_MAYBE ? quiet - link.unseen_ms : 0;
    store_link_done(&link);
    if (left <= 0)
        return 0;
    return err_set(err, KOPPEL_E_RETRY,
                   "its last request may still arrive at %s; try again in %lld s",
                   flow->to->name, (long long)(left / 1000 + 1));
}

/* Is it there? *unasked: why that was not found out, which leaves it to the person (caller
 * frees). */
static int check_there(struct service *s, const struct conf_flow *flow, const char *id,
                       char **unasked, struct koppel_error *err)
{
    const struct cat_entity *e = catalogue_entity(flow->to->catalogue, flow->to_entity);
    struct koppel_results results;
    struct koppel_error why = {0};
    if (!e || !catalogue_finds(e, e->key)) {
        *unasked = strdup("it cannot be asked for a record by its id");
        return *unasked ? 0 : no_memory(err);
    }
    if (results_init(&results, 1) != 0)
        return no_memory(err);
    struct result_entry *entry = &results.entries[0];
    int rc = connection_find(engine_connection(s->engine, flow->to), e->name, e->key, &id, NULL, 1,
                             &results, NULL, &why);
    if (rc == 0 && entry->err.kind)
        why = entry->err;
    bool there = entry->hit_count > 0;
    results_done(&results);
    if (why.kind) {
        *unasked = strdup(why.text);
        return *unasked ? 0 : no_memory(err);
    }
    return there ? 0
                 : err_set(err, KOPPEL_E_REJECTED, "%s has no %s with the id %s; nothing was"
                           " changed", flow->to->name, e->name, id);
}

int by_hand_done(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    const char *job = ask_text(ask, "job"), *id = ask_text(ask, "id");
    char name[JOB_ID_BYTES], scope[FLOW_SCOPE_BYTES], detail[ERR_TEXT_BYTES];
    struct store_job_row row = {0};
    char *unasked = NULL;
    struct job_id at;
    if (find_row(s, job, name, &at, &row, NULL, err) != 0)
        return -1;
    const struct conf_flow *flow = ask_flow(s, name, err);
    char *activity = activity_of(ask, JOB_DONE, id);
    int rc = !flow ? -1 : !activity ? no_memory(err) : 0;
    if (rc == 0) {
        flow_scope(flow, scope);
        rc = check_quiet(s, flow, scope, row.key, err);
    }
    if (rc == 0)
        rc = check_there(s, flow, id, &unasked, err);
    struct store_link_change link = {.scope = scope, .key = row.key, .state = LINK_THERE, .id = id,
                                     .version = row.version, .chain = 1};
    struct store_hand order = {.id = at, .state = JOB_DONE, .reason = "by_hand", .remote_id = id,
                               .activity = activity, .link = &link,
                               .detail = detail_of(ask, detail, sizeof detail)};
    if (rc == 0)
        rc = settle(s, ask, &order, 1, err);
    if (rc == 0 && order.end != HAND_DONE)
        rc = refused(job, order.end, order.was, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:o}", "job", job, "unasked", ask_json_text(unasked));
    free(activity);
    free(unasked);
    store_job_row_done(&row);
    return rc;
}

/* ---- edited ---- */

/* The record with what "set" names changed, or "record" in its place. NULL and err. */
static json_t *changed(const struct service_ask *ask, const char *payload, struct koppel_error *err)
{
    const char *name;
    json_t *value, *whole = json_object_get(ask->in, "record");
    json_t *record = whole ? json_incref(whole) : payload ? json_read_text(payload, NULL) : NULL;
    if (!record) {
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                   "its record was erased, or cannot be read: give a whole one");
        return NULL;
    }
    json_object_foreach(json_object_get(ask->in, "set"), name, value) {
        struct path *path = path_parse(name, err);
        int rc = path ? path_set_take(path, record, json_incref(value)) : -1;
        path_free(path);
        if (rc == 0)
            continue;
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s cannot be set in the record", name);
        json_decref(record);
        return NULL;
    }
    return record;
}

int by_hand_edit(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    const char *job = ask_text(ask, "job");
    char name[JOB_ID_BYTES], *payload = NULL, *before = NULL;
    struct store_job_row row = {0};
    struct store_edit e = {.who = ask->who->name, .why = ask_text(ask, "why")};
    enum store_hand_end end = HAND_NONE;
    if (find_row(s, job, name, &e.id, &row, &payload, err) != 0)
        return -1;
    int rc = s->store->ops->edited(s->store, e.id, &before, NULL, NULL, err);
    json_t *record = rc == 0 ? changed(ask, before ? before : payload, err) : NULL;
    char *text = record ? json_text(record, false, &e.record_bytes) : NULL;
    rc = text ? 0 : -1;
    e.record = text;
    for (int try = 0; rc == 0 && try < BUSY_TRIES; try++) {
        rc = s->store->ops->edit(s->store, &e, &end, err);
        if (end != HAND_BUSY || ask_stopped(ask))
            break;
        pause_a_moment();
    }
    if (rc == 0 && end != HAND_DONE)
        rc = refused(job, end, row.state, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:O}", "job", job, "record", record);
    json_decref(record);
    free(text);
    free(before);
    free(payload);
    store_job_row_done(&row);
    return rc;
}
