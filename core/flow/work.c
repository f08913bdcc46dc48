/* SPDX-License-Identifier: MIT
 * A job's outcome: how it ends, what an error kind means for it, and what is remembered of it. */
#include "flow/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "base/log.h"
#include "flow/backoff.h"

int work_init(struct work *w, struct store_job *job)
{
    *w = (struct work){.job = job, .steps = json_array(), .trace = json_array()};
    return w->steps && w->trace ? 0 : -1;
}

void work_done(struct work *w)
{
    json_decref(w->source);
    json_decref(w->core);
    json_decref(w->document);
    json_decref(w->steps);
    json_decref(w->trace);
    json_decref(w->present);
    work_unique_done(w);
    free(w->remote_id);
    free(w->activity);
    store_link_done(&w->link);
    for (int i = 0; i < w->change_count * 3; i++)
        free(w->change_text[i]);
}

void work_end(struct work *w, enum job_state state, const char *reason, const char *detail)
{
    w->settled = true;
    w->state = state;
    snprintf(w->reason, sizeof w->reason, "%s", reason);
    snprintf(w->detail, sizeof w->detail, "%s", detail ? detail : "");
}

void work_park(struct work *w, const struct koppel_error *err)
{
    const char *reason = err->reason[0] ? err->reason
                         : err->kind == KOPPEL_E_BUG ? "bug" : "rejected";
    work_end(w, JOB_PARKED, reason, err->text);
}

void work_note(struct work *w, const char *name, const char *text)
{
    json_array_append_new(w->steps, json_pack("{s:s,s:s}", "step", name, "detail", text));
}

bool work_failed(struct flow *f, struct work *w, int tries, const struct koppel_error *err)
{
    work_note(w, err_kind_name(err->kind), err->text);
    switch (err->kind) {
    case KOPPEL_E_RETRY:
    case KOPPEL_E_UNSURE:
        flow_peer_failed(f, err);
        if (tries < WORK_TRIES)
            return true;
        if (w->job->attempt + 1 >= f->conf->attempts) {
            struct koppel_error last = *err;
            if (!last.reason[0])
                snprintf(last.reason, sizeof last.reason, "unreachable");
            work_park(w, &last);
        } else {
            work_end(w, JOB_WAITING, "retry", err->text);
            w->next_at_ms =
                clock_now_ms() + backoff_ms(w->job->attempt + 1, err->retry_after_ms);
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

int work_remember(struct work *w, const char *scope, const char *key, const char *id,
                  struct koppel_error *err)
{
    if (w->change_count == WORK_LINKS - 1) /* one is the link itself */
        return err_set(err, KOPPEL_E_BUG, "record %s has too many facts to remember", w->job->key);
    char **text = &w->change_text[w->change_count * 3];
    text[0] = strdup(scope);
    text[1] = strdup(key);
    text[2] = strdup(id);
    w->change_count++;
    if (!text[0] || !text[1] || !text[2])
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    w->change[w->change_count - 1] = (struct store_link_change){.scope = text[0], .key = text[1],
                                                                .id = text[2]};
    return 0;
}

const char *work_text(const struct work *w, const char *name)
{
    const char *text = json_string_value(json_object_get(w->core, name));
    return text ? text : "";
}

const char *flow_setting(const struct flow *f, const char *name)
{
    const char *text = json_string_value(json_object_get(f->conf->settings, name));
    return text ? text : "";
}

bool flow_setting_is(const struct flow *f, const char *name, const char *value)
{
    return strcmp(flow_setting(f, name), value) == 0;
}

/* The activity of this attempt as JSON text. */
static void write_activity(struct flow *f, struct work *w)
{
    json_t *activity =
        json_pack("{s:s,s:s,s:s}", "state", job_state_name(w->state), "reason", w->reason,
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
    w->activity = json_text(activity, false, NULL);
    json_decref(activity);
}

/* What the first document of a key was posted under: corrections find it by this. NULL: as it is.
 */
static const char *own_reference(const struct flow *f, const struct work *w)
{
    if (!f->dest->document || w->linked)
        return NULL;
    return json_string_value(json_object_get(w->document, f->dest->document));
}

void work_outcome(struct flow *f, struct work *w, struct store_outcome *o)
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
                                .activity_bytes = w->activity ? strlen(w->activity) : 0,
                                .links = w->change};
    if (w->state == JOB_DONE || w->relink)
        o->link_count = w->change_count;
    if (w->relink && w->remote_id)
        w->change[o->link_count++] = (struct store_link_change){.scope = f->scope,
                                                                .key = w->job->key,
                                                                .id = w->remote_id,
                                                                .alias = own_reference(f, w),
                                                                .digest = w->digest,
                                                                .version = w->job->version,
                                                                .closed = w->close};
}
