/* SPDX-License-Identifier: MIT
 * Prepare: source text -> core record, and every decision that needs no destination. */
#include "flow/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "connection/batch.h"
#include "connection/connection_fetch.h"
#include "flow/again.h"
#include "flow/digest.h"
#include "flow/unique.h"
#include "mapping/condition.h"
#include "mapping/map_core.h"

/* ---- the source's record ---- */

/* A person asked for this job again: what was mended at the source in between is to count, so the
 * record is fetched anew where the connector can. */
static int read_again(struct work *w, struct koppel_error *err)
{
    struct flow *f = w->flow;
    struct koppel_results results;
    const char *key = w->job->key;
    if (w->job->edited) {
        work_note(w, "edited", "as a person changed it");
        return 0;
    }
    if (!w->job->retried || !(f->source->can & CAN_FETCH) ||
        json_is_true(json_object_get(w->source, FLOW_GONE)))
        return 0;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_fetch(f->from, f->source->name, &key, 1, f->conf->options, &results,
                              w->trace, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && entry->hit_count == 1 && entry->hits[0].record) {
        json_decref(w->source);
        w->source = json_incref(entry->hits[0].record);
        if (entry->hits[0].version > w->job->version)
            w->job->version = entry->hits[0].version;
        work_note(w, "read again", "as it is at the source now");
    } else if (rc == 0) {
        work_note(w, "read", "as it was read first: the source does not show it any more");
    }
    results_done(&results);
    return rc;
}

/* A record that could not be decoded where it was read: it stands in the journal with its raw text
 * and the place, and parks alone. */
static int refuse_unreadable(const json_t *source, struct koppel_error *err)
{
    const json_t *mark = json_object_get(source, BATCH_UNREADABLE);
    if (!mark)
        return 0;
    const char *reason = json_string_value(json_object_get(mark, "reason"));
    const char *detail = json_string_value(json_object_get(mark, "detail"));
    return err_reason(err, KOPPEL_E_REJECTED, reason ? reason : "unreadable", "%s",
                      detail ? detail : "the record cannot be read");
}

static int read_source(struct work *w, struct koppel_error *err)
{
    struct json_read_error where;
    if (!w->job->payload)
        return err_reason(err, KOPPEL_E_REJECTED, "erased", "the payload was erased by retention");
    w->source =
        young_take(&w->flow->young, w->job->key, w->job->payload, w->job->payload_bytes);
    if (!w->source)
        w->source = json_read(w->job->payload, w->job->payload_bytes, NULL, &where);
    if (!w->source)
        return json_read_fail(&where, KOPPEL_E_REJECTED, "the stored record cannot be read", err);
    const char *again = json_string_value(json_object_get(w->source, AGAIN_MARK));
    w->again = again != NULL;
    w->remake = again && strcmp(again, AGAIN_MAKE) == 0;
    json_object_del(w->source, AGAIN_MARK);
    if (w->again)
        work_note(w, "again", "read again on purpose: what stands there is looked at");
    if (read_again(w, err) != 0 || refuse_unreadable(w->source, err) != 0)
        return -1;
    w->gone = json_is_true(json_object_get(w->source, FLOW_GONE));
    if (w->gone)
        json_object_del(w->source, FLOW_GONE);
    if (w->is_core) {
        /* who explains shows both */
        w->core = w->explain_get ? json_deep_copy(w->source) : json_incref(w->source);
        return w->core ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    struct map_tell tell = flow_tell(w->flow, w->steps, w->explain_get);
    return map_core(w->flow->conf, w->source, &tell, &w->core, &w->dropped, err);
}

/* ---- gone, cancelled, out of the filter ---- */

static bool is_cancelled(const struct work *w)
{
    return strcmp(work_text(w, "state"), "cancelled") == 0;
}

/* The link stays as it was but for its end: the record is gone at the source. */
static void end_link(struct work *w, const char *reason, const char *detail)
{
    work_skip(w, reason, detail);
    if (w->link->state != LINK_ABSENT && !w->link->closed)
        w->link->closed = w->put = true;
}

/* Gone at the source, or out of the filter after it was delivered. true: the job is settled. */
static bool leaves(struct work *w, bool meets)
{
    const struct flow *f = w->flow;
    struct subject subject = work_subject(w);
    const char *policy = subject_setting(&subject, w->gone ? "on_gone" : "on_leave");
    if (f->behaviour->ended && f->behaviour->ended(&subject)) {
        end_link(w, "gone",
                 "deleted or merged at the source; it stays at the destination, the link is "
                 "closed");
        return true;
    }
    if (!w->gone && meets)
        return false;
    if (!subject.there) {
        work_skip(w, w->gone ? "gone" : w->dropped ? "dropped" : "filtered",
                  w->gone      ? "gone at the source before it was sent"
                  : w->dropped ? w->dropped
                               : "does not meet the flow's filter");
        return true;
    }
    if (f->dest->document && !w->gone)
        return false; /* a delivered document goes on, whatever its state is now */
    if (f->dest->document)
        return false; /* and one that is gone is withdrawn */
    if (strcmp(policy, "deactivate") != 0 || w->link->closed) { /* a closed link: that was done */
        end_link(w, w->gone ? "gone" : "left",
                 w->gone      ? "gone at the source; it stays at the destination"
                 : w->dropped ? w->dropped
                              : "no longer meets the flow's filter; it stays as it is");
        return true;
    }
    json_object_set_new(w->core, "active", json_string("false"));
    w->ends = true;
    return false;
}

/* ---- what the model says ---- */

static int complete(struct work *w, struct koppel_error *err)
{
    const struct behaviour *b = w->flow->behaviour;
    struct subject subject = work_subject(w);
    struct koppel_error ignored = {0}; /* a record that only leaves need not be sound */
    const char *why = NULL;
    if (w->goal == GOAL_WITHDRAW)
        return 0;
    if (b->keep)
        b->keep(&subject);
    const char *reason = b->nothing && !w->ends ? b->nothing(&subject, &why) : NULL;
    if (reason) {
        work_skip(w, reason, why);
        return 0;
    }
    if (b->complete && b->complete(&subject, w->ends ? &ignored : err) != 0 && !w->ends)
        return -1;
    return 0;
}

/* Has anything changed since it was delivered? What may have been sent without an answer has. */
static int compare(struct work *w, struct koppel_error *err)
{
    const struct flow *f = w->flow;
    const struct behaviour *b = f->behaviour;
    struct subject subject = work_subject(w);
    json_t *compared = b->compared ? b->compared(&subject) : json_incref(w->core);
    char *hex = w->digest;
    if (b->kind)
        *hex++ = b->kind(&subject);
    int rc = compared ? digest_record(compared, hex) : -1;
    json_decref(compared);
    if (rc != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (w->link->state != LINK_THERE)
        return 0;
    if (w->again) { /* what it is at the destination counts, not what is remembered of it */
        free(w->link->digest);
        w->link->digest = NULL;
    }
    bool same = w->link->digest && strcmp(w->link->digest, w->digest) == 0;
    if (same && w->goal == GOAL_DELIVER && !(w->link->closed && !w->ends))
        work_skip(w, "unchanged", "already synced");
    else if (!f->dest->document && subject_setting_is(&subject, "update_existing", "false"))
        work_skip(w, "kept", "it is there already, and update_existing is off");
    return 0;
}

/* What is left out is told once per run, never an error. */
static void tell_left_out(struct work *w)
{
    struct flow *f = w->flow;
    struct subject subject = work_subject(w);
    const char *what = f->behaviour->left_out ? f->behaviour->left_out(&subject) : NULL;
    if (!what)
        return;
    work_note(w, "left out", what);
    if (!f->silent && !atomic_exchange(&f->noticed, true))
        log_warning(LOG_ABOUT(.event = "left_out", .flow = f->conf->name), "%s, from %s to %s",
                    what, f->conf->from->name, f->conf->to->name);
}

int prepare_work(struct work *w, struct koppel_error *err)
{
    struct flow *f = w->flow;
    if (read_source(w, err) != 0 ||
        links_get(w->links, f->scope, w->job->key, &w->link, err) != 0)
        return -1;
    if (w->job->doubt && w->link->state == LINK_ABSENT) {
        /* the store was put back from a backup: what it does not know may be there all the same */
        w->link->state = LINK_MAYBE;
        w->link->begun.write = WRITE_RESTORED;
        w->link->unseen_ms = f->quiet_ms;
    }
    if (w->link->state == LINK_ABSENT && is_cancelled(w)) {
        work_skip(w, "cancelled", "cancelled before it was sent");
        return 0;
    }
    int meets = w->dropped ? 0
                           : condition_all(f->conf->filter, f->conf->filter_count, w->core, w->core,
                                           NULL, err);
    if (meets < 0)
        return err_prefix(err, "the filter");
    if (leaves(w, meets))
        return 0;
    if (f->dest->document && (w->gone || is_cancelled(w)))
        w->goal = GOAL_WITHDRAW;
    if (w->dropped && w->goal != GOAL_WITHDRAW && !w->ends) {
        work_skip(w, "dropped", w->dropped); /* there is nothing to compare or send */
        return 0;
    }
    if (complete(w, err) != 0)
        return -1;
    if (w->settled)
        return 0;
    if (compare(w, err) != 0)
        return -1;
    if (w->settled)
        return 0;
    struct subject subject = work_subject(w);
    if (w->goal == GOAL_DELIVER && f->behaviour->check && f->behaviour->check(&subject, err) != 0)
        return -1;
    if (f->behaviour->turned && work_turn(w, err) != 0)
        return -1;
    tell_left_out(w);
    return f->behaviour->unique[0] && !w->ends ? unique_want(w, err) : 0;
}
