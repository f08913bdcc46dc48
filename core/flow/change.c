/* SPDX-License-Identifier: MIT
 * What becomes of a delivered document that is not what it should be any more. */
#include "flow/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/compare.h"
#include "flow/correct.h"
#include "flow/document.h"
#include "flow/look.h"
#include "flow/plan.h"
#include "mapping/value.h"

static int park(struct work *w, const char *reason, const char *why)
{
    char detail[ERR_TEXT_BYTES];
    struct difference diff;
    compare_records(w->flow->dest, w->present, w->document, &diff);
    snprintf(detail, sizeof detail, "changed after posting as %s; %s%s%s",
             w->link->id ? w->link->id : "", why, diff.used ? ": " : "", diff.text);
    if (!w->remote_id && w->link->id)
        w->remote_id = strdup(w->link->id);
    work_end(w, JOB_PARKED, reason, detail);
    return 0;
}

/* It says the same there already: the link learns of what version that is. */
static int same_already(struct work *w, struct koppel_error *err)
{
    char *digest = strdup(w->digest);
    if (!digest)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    free(w->link->digest);
    w->link->digest = digest;
    w->link->version = w->job->version;
    w->put = true;
    if (w->writes > 0 || w->arrived)
        work_end(w, JOB_DONE, "exists", "what was sent has arrived");
    else
        work_skip(w, "unchanged", "the document there says the same already");
    return 0;
}

/* It is not there any more: the policy decides. */
static int gone(struct work *w, struct koppel_error *err)
{
    if (w->goal == GOAL_WITHDRAW && w->link->chain <= 1) {
        w->link->closed = w->put = true;
        work_skip(w, "cancelled", "cancelled at the source, and not there any more");
        return 0;
    }
    if (w->goal == GOAL_DELIVER && (w->remake || work_setting_is(w, "removed_there", "create"))) {
        work_note(w, "gone", "it is not there any more; it is made anew");
        plan_forget_link(w);
        return 0;
    }
    if (err->kind == 0)
        err_reason(err, KOPPEL_E_REJECTED, "document.gone", "%s \"%s\" is not in %s any more",
                   w->flow->dest->name, work_reference(w), w->flow->conf->to->name);
    return -1;
}

/* What stands there now, by the reference it was posted under. *there = false: nothing. */
static int fetch_present(struct work *w, bool *there, struct koppel_error *err)
{
    *there = true;
    if (w->present || !(w->flow->dest->can & CAN_FIND))
        return 0;
    char *id;
    json_t *record;
    if (look_by_reference(w, work_reference(w), &id, &record, err) != 0)
        return -1;
    *there = id != NULL;
    free(id);
    w->present = record;
    return 0;
}

static bool may_change(const struct cat_entity *e, const json_t *present)
{
    char buf[32];
    const char *text;
    json_t *value = present && e->editable ? json_object_get(present, e->editable) : NULL;
    if (!e->editable)
        return true;
    if (!value || !value_text(value, buf, &text))
        return false;
    for (int i = 0; i < e->editable_count; i++) {
        if (strcmp(e->editable_values[i], text) == 0)
            return true;
    }
    return false;
}

static int update(struct work *w, struct koppel_error *err)
{
    const struct cat_entity *e = w->flow->dest;
    if (!(e->can & CAN_UPDATE))
        return park(w, "changed", "it cannot be changed there");
    if (!may_change(e, w->present))
        return park(w, "changed", "it is locked there");
    return plan_write(w, WRITE_UPDATE, w->document, work_reference(w), true, "updated", err);
}

void change_refused(struct work *w, const struct koppel_error *err)
{
    (void)park(w, "changed",
               strcmp(err->reason, "locked") == 0 ? "it is locked there" : err->text);
}

static int correct(struct work *w, const json_t *document, const char *reason,
                   struct koppel_error *err)
{
    struct correction next;
    if (w->flow->dest->correct_count == 0)
        return park(w, "changed", "no correcting document can be made there");
    if (correct_next(w, document, &next, err) != 0)
        return strcmp(err->reason, "document.gone") == 0 && err->kind == KOPPEL_E_REJECTED
                   ? gone(w, err)
                   : -1;
    if (!next.document)
        return same_already(w, err);
    if (w->link->chain < next.chain)
        w->link->chain = next.chain;
    int rc = plan_write(w, WRITE_POST, next.document, next.ref, next.last, reason, err);
    if (rc == 0)
        work_note(w, "corrected by", next.ref);
    json_decref(next.document);
    return rc;
}

static int withdraw(struct work *w, struct koppel_error *err)
{
    const struct cat_entity *e = w->flow->dest;
    /* quotes are cancelled, documents that were booked credited: the same wish */
    if (!work_setting_is(w, "on_cancel", "credit") && !work_setting_is(w, "on_cancel", "cancel"))
        return park(w, "cancelled.after", "it was cancelled in the source");
    if (e->correct_count > 0)
        return correct(w, NULL, "credited", err);
    if (!(e->can & CAN_REMOVE))
        return park(w, "cancelled.after",
                    "it was cancelled in the source, and cannot be withdrawn there");
    if (w->link->closed) {
        work_skip(w, "cancelled", "it was withdrawn there already");
        return 0;
    }
    json_t *nothing = json_object();
    int rc = nothing
                 ? plan_write(w, WRITE_REMOVE, nothing, work_reference(w), true, "cancelled", err)
                 : err_set(err, KOPPEL_E_BUG, "out of memory");
    json_decref(nothing);
    return rc;
}

/* A document with a correction or a credit behind it is more than its own text. */
static int has_correction(struct work *w, bool *has, struct koppel_error *err)
{
    char key[CORRECT_REF_BYTES], *id;
    json_t *record;
    *has = w->link->chain > 1;
    if (*has || w->flow->dest->correct_count == 0)
        return 0;
    snprintf(key, sizeof key, "%s/2", work_reference(w));
    if (look_by_reference(w, key, &id, &record, err) != 0)
        return -1;
    *has = id != NULL;
    free(id);
    json_decref(record);
    return 0;
}

/* A look-up may not show yet what was written a moment ago, and show what stood there before. true:
 * the job waits. */
static bool too_early(struct work *w)
{
    int64_t left = w->flow->lag_ms - w->link->unseen_ms;
    if (!(w->flow->dest->can & CAN_FIND) || left <= 0)
        return false;
    work_wait(w, "quiet", "what was written a moment ago is not shown by every look-up yet", left,
              false);
    return true;
}

int change_next(struct work *w, struct koppel_error *err)
{
    struct difference diff;
    bool there, corrected;
    if (too_early(w))
        return 0;
    if (w->goal == GOAL_DELIVER && document_make(w, err) != 0)
        return -1;
    if (w->link->adopted && !work_setting_is(w, "adopted", "change")) {
        if (fetch_present(w, &there, err) != 0)
            return -1;
        if (w->again && !there)
            return gone(w, err);
        if (w->again && compare_is_same(w->flow->dest, w->present, w->document, &diff))
            return same_already(w, err);
        return park(w, "not.ours", "somebody else made what stands there");
    }
    if (w->goal == GOAL_WITHDRAW)
        return withdraw(w, err);
    if (work_setting_is(w, "on_change", "difference"))
        return correct(w, w->document, "corrected", err);
    if (fetch_present(w, &there, err) != 0)
        return -1;
    if (!there)
        return gone(w, err);
    if (has_correction(w, &corrected, err) != 0)
        return -1;
    if (corrected)
        return park(w, "changed", "it was corrected or credited there");
    compare_records(w->flow->dest, w->present, w->document, &diff);
    if (w->present && diff.used == 0)
        return same_already(w, err);
    if (work_setting_is(w, "on_change", "update"))
        return update(w, err);
    return park(w, "changed", "compare both and mend by hand");
}
