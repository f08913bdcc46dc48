/* SPDX-License-Identifier: MIT
 * A job's outcome: what a failure makes of it, and what is remembered. */
#include "flow/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "connection/breaker.h"
#include "flow/backoff.h"
#include "flow/brief.h"
#include "flow/cause.h"
#include "mapping/value.h"

/* Before a record is tried again of which it is not clear whether it alone is refused. */
#define REFUSED_AGAIN_MS 1000

/* ---- failures ---- */

/* Does it look as if the destination were away for everybody? Its circuit says so, or it has
 * answered nobody in this run: too few failed yet for the circuit, which begins closed in each
 * process. */
static bool is_away(const struct flow *f, const struct koppel_error *err)
{
    struct connection_state state;
    if (flow_resting(f))
        return true;
    if (!breaker_is_down(err))
        return false;
    connection_state(f->to, &state);
    return state.answered_ms < f->begun_ms;
}

/* A failure that may pass. While the destination as a whole is away, no attempt is counted, and
 * where that is sure the job stays where it is in the log; else its key steps aside, so that others
 * go on. */
static void settle_passing(struct work *w, const struct koppel_error *err)
{
    const struct flow *f = w->flow;
    bool unsure = err->kind == KOPPEL_E_UNSURE, away = is_away(f, err);
    if (!unsure && flow_resting(f))
        return;
    if (strcmp(err->reason, "quiet") == 0) {
        work_wait(w, "quiet", err->text, err->retry_after_ms, false);
        return;
    }
    if (!away && w->job->attempt + 1 >= f->conf->attempts) {
        struct koppel_error last = *err;
        if (!last.reason[0])
            snprintf(last.reason, sizeof last.reason, "%s", unsure ? "unsure" : "unreachable");
        work_park(w, &last);
        return;
    }
    int64_t delay = backoff_ms(w->job->attempt + 1, err->retry_after_ms);
    if (unsure && delay < f->quiet_ms)
        delay = f->quiet_ms;
    work_wait(w, unsure ? "quiet" : "retry", err->text, delay, !away);
}

/* Would every record be refused like this? */
static bool is_refusal(const struct koppel_error *err)
{
    return err->kind == KOPPEL_E_REJECTED && strcmp(err->reason, KOPPEL_REASON_ACCESS) == 0;
}

static void settle_refusal(struct work *w, const struct koppel_error *err)
{
    struct koppel_error why = *err;
    switch (flow_refused(w->flow, w->job, err)) {
    case REFUSAL_OF_ONE:
        work_park(w, err);
        return;
    case REFUSAL_ONCE_MORE:
        work_wait(w, "retry", err->text, REFUSED_AGAIN_MS, true);
        return;
    case REFUSAL_OF_ALL:
        why.kind = KOPPEL_E_AUTH; /* the job stays in the log */
        flow_halt(w->flow, &why);
    }
}

void settle_failure(struct work *w, const struct koppel_error *err)
{
    struct flow *f = w->flow;
    work_note(w, err_kind_name(err->kind), err->text);
    switch (err->kind) {
    case KOPPEL_E_RETRY:
        settle_passing(w, err);
        return;
    case KOPPEL_E_UNSURE:
        /* what can neither be found nor repeated is a person's at once */
        if (!f->means.find && !f->means.upsert && !f->means.keyed) {
            struct koppel_error unsure = *err;
            snprintf(unsure.reason, sizeof unsure.reason, "unsure");
            work_park(w, &unsure);
            return;
        }
        settle_passing(w, err);
        return;
    case KOPPEL_E_CONFIG:
    case KOPPEL_E_AUTH:
        flow_halt(f, err); /* the job stays in the log */
        return;
    case KOPPEL_E_CANCELLED:
        return;
    default:
        if (is_refusal(err))
            settle_refusal(w, err);
        else
            work_park(w, err);
    }
}

/* ---- what is told of it ---- */

/* The activity of this attempt as JSON text. */
static void write_activity(struct work *w)
{
    const struct flow *f = w->flow;
    json_t *activity =
        json_pack("{s:s,s:s,s:s}", "state", job_state_name(w->state), "reason", w->reason,
                  "config_version", f->conf->version ? f->conf->version : "");
    if (!activity)
        return;
    if (f->run > 0) {
        json_object_set_new(activity, "run", json_integer(f->run));
        json_object_set_new(activity, "trigger",
                            json_string(w->job->retried ? "retry" : f->trigger));
    }
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

/* What the first document of a key was posted under: corrections find it by this. NULL: as it
 * is. */
static const char *own_reference(const struct work *w)
{
    const struct cat_entity *e = w->flow->dest;
    if (!e->document || !w->document || (w->link->alias && *w->link->alias))
        return NULL;
    return json_string_value(json_object_get(w->document, e->document));
}

void settle_outcome(struct work *w, struct store_outcome *o)
{
    write_activity(w);
    w->brief_text = brief_text(w);
    w->word_count = brief_words(w, w->words, STORE_WORDS);
    if (w->state == JOB_PARKED || w->state == JOB_WAITING)
        cause_find(w);
    *o = (struct store_outcome){.off = w->job->off,
                                .key = w->job->key,
                                .state = w->state,
                                .reason = w->reason,
                                .detail = w->detail[0] ? w->detail : NULL,
                                .facts = w->facts_text,
                                .brief = w->brief_text,
                                .words = (const char *const *)w->words,
                                .word_count = w->word_count,
                                .cause = w->cause,
                                .run = w->flow->run,
                                .remote_id = w->remote_id,
                                .retry_in_ms = w->retry_in_ms,
                                .counts = w->state != JOB_WAITING || w->counts,
                                .activity = w->activity,
                                .activity_bytes = w->activity ? strlen(w->activity) : 0,
                                .links = w->fact};
    /* what was sent, and may have arrived, is remembered with it */
    if (w->state == JOB_DONE || (w->link && w->link->state == LINK_MAYBE))
        o->link_count = w->fact_count;
    if (w->put && w->link) {
        w->fact[o->link_count] = links_change(w->flow->scope, w->job->key, w->link);
        if (w->link->state != LINK_ABSENT && own_reference(w))
            w->fact[o->link_count].alias = own_reference(w);
        o->link_count++;
    }
}
