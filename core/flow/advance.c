/* SPDX-License-Identifier: MIT
 * Carries out what the decision table says, one step after another. */
#include "flow/advance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "connection/connection.h"
#include "flow/change.h"
#include "flow/compare.h"
#include "flow/document.h"
#include "flow/look.h"
#include "flow/plan.h"
#include "flow/reference_verify.h"
#include "flow/settle.h"
#include "flow/share.h"
#include "flow/unique.h"

#define ROUNDS_MAX 6 /* writes and contradictions of one attempt */
#define SENT_BYTES (DIGEST_BYTES + 24) /* a digest and a time */

/* How long what was refused may be taken for ours when it turns up: then a person has booked it by
 * hand, as the refusal asked. */
#define REFUSED_MS (INT64_C(5) * 60 * 1000)
#define BUSY_MS (INT64_C(2) * 3600 * 1000) /* of what is tried again by itself, after a rest */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- looking ---- */

/* What may have arrived is looked for as it was begun; else the record as it is now. */
static int find(struct work *w, struct koppel_error *err)
{
    const struct store_begun *begun = &w->link->begun;
    json_t *document = NULL;
    if (w->link->state == LINK_MAYBE && begun->document)
        document = json_read(begun->document, strlen(begun->document), NULL, NULL);
    if (w->goal == GOAL_DELIVER && !document && w->flow->dest->document &&
        document_make(w, err) != 0)
        return -1;
    const char *reference =
        w->link->state == LINK_MAYBE && begun->ref ? begun->ref : work_reference(w);
    int rc = look_for(w, reference, begun->write == WRITE_UPDATE ? NULL : document, err);
    json_decref(document);
    /* what an older copy of the store knew to be ours is ours */
    if (rc == 0 && begun->write == WRITE_RESTORED && w->present_id && w->link->id &&
        strcmp(w->present_id, w->link->id) == 0)
        w->asked = ASKED_EQUAL;
    return rc;
}

static int taken(struct work *w)
{
    char detail[ERR_TEXT_BYTES];
    struct difference diff;
    (void)compare_is_same(w->flow->dest, w->present, w->document, &diff);
    snprintf(detail, sizeof detail,
             "%s holds another %s with the same %s \"%s\", as %s%s%s", w->flow->conf->to->name,
             w->flow->dest->name, w->flow->dest->document, work_reference(w),
             w->present_id ? w->present_id : "", diff.used ? ": " : "", diff.text);
    work_end(w, JOB_PARKED, "reference.taken", detail);
    return 0;
}

/* Where it is remembered what was sent for a document and refused. */
static void sent_scope(const struct flow *f, char out[FLOW_SCOPE_BYTES + 8])
{
    snprintf(out, FLOW_SCOPE_BYTES + 8, "%s#sent", f->scope);
}

static bool has_left(const struct koppel_error *why)
{
    return why->kind != KOPPEL_E_CANCELLED && strcmp(why->reason, "http.connect") != 0 &&
           strcmp(why->reason, CONNECTION_CIRCUIT_OPEN) != 0;
}

/* The create of a document was refused. Whoever refused may not be who made it: a gateway can say
 * so in front of a system that did as it was told. */
static int remember_sent(struct work *w, const struct koppel_error *why, struct koppel_error *err)
{
    char scope[FLOW_SCOPE_BYTES + 8], text[SENT_BYTES];
    if (w->send.write != WRITE_CREATE || !w->send.sent || !w->send.digest || !has_left(why) ||
        !w->flow->dest->document || w->link->state == LINK_MAYBE)
        return 0;
    int64_t until = w->flow->store->ops->now_ms(w->flow->store) +
                    (why->kind == KOPPEL_E_RETRY ? BUSY_MS : REFUSED_MS);
    sent_scope(w->flow, scope);
    snprintf(text, sizeof text, "%s %" PRId64, w->send.digest, until);
    struct store_link_change sent = links_remember(scope, w->job->key, text);
    return links_put(w->links, &sent, 1, err);
}

/* sent: as remember_sent keeps it, or "". */
static bool is_as_sent(const struct work *w, const char *sent)
{
    size_t bytes = strcspn(sent, " ");
    return bytes == strlen(w->digest) && strncmp(sent, w->digest, bytes) == 0 &&
           strtoll(sent + bytes, NULL, 10) >= w->flow->store->ops->now_ms(w->flow->store);
}

/* Exactly what we would have made stands there: somebody else made it, unless we sent it lately. */
static int adopt(struct work *w, struct koppel_error *err)
{
    char scope[FLOW_SCOPE_BYTES + 8];
    const char *sent = "";
    sent_scope(w->flow, scope);
    if (links_fact(w->links, scope, w->job->key, &sent, err) != 0)
        return -1;
    bool ours = is_as_sent(w, sent);
    if (knowledge_stands(w->link, w->present_id, 1) != 0)
        return no_memory(err);
    w->link->digest = strdup(w->digest);
    w->link->version = w->job->version;
    w->link->adopted = !ours;
    w->put = true;
    if (!w->link->digest)
        return no_memory(err);
    if (ours) {
        w->remote_id = strdup(w->present_id);
        work_end(w, JOB_DONE, "exists", "what was sent before and refused has arrived");
        return 0;
    }
    work_skip(w, "exists", "it was there already, with the same customer and total");
    return 0;
}

/* What stands there is it: what was begun, as far as anybody can tell, or a record that is found by
 * what it says of itself. */
static int take_standing(struct work *w, struct koppel_error *err)
{
    bool known = w->link->state == LINK_MAYBE;
    if (!w->flow->dest->document && w->flow->behaviour->share) {
        bool ends = false;
        if (share_check(w, w->present_id, w->present, &ends, err) != 0)
            return -1;
        if (ends)
            return 0;
    }
    if (knowledge_stands(w->link, w->present_id, 1) != 0)
        return no_memory(err);
    w->put = true;
    w->make_new = false;
    w->matched = !known;
    if (!w->flow->dest->document)
        document_forget(w); /* it is an update now */
    return 0;
}

/* ---- writing ---- */

static int unsure(const struct work *w, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_REJECTED, "unsure",
                      "an earlier write had no answer, and %s cannot be asked whether it arrived",
                      w->flow->conf->to->name);
}

static int create(struct work *w, struct koppel_error *err)
{
    if (w->goal == GOAL_WITHDRAW && w->link->state == LINK_MAYBE)
        return unsure(w, err);
    if (w->goal == GOAL_WITHDRAW) {
        work_skip(w, w->gone ? "gone" : "cancelled", "it never came to stand there");
        return 0;
    }
    if (!(w->flow->dest->can & CAN_CREATE))
        return err_reason(err, KOPPEL_E_REJECTED, "missing",
                          "a %s of %s cannot be made, and \"%s\" is not there",
                          w->flow->dest->name, w->flow->conf->to->name, w->job->key);
    if (document_make(w, err) != 0)
        return -1;
    return plan_write(w, WRITE_CREATE, w->document, work_reference(w), true, "", err);
}

/* It is there under its match key, and the flow leaves what is there alone. */
static int keep_matched(struct work *w, struct koppel_error *err)
{
    w->link->digest = strdup(w->digest);
    w->link->version = w->job->version;
    if (!w->link->digest)
        return no_memory(err);
    work_skip(w, "kept", "it is there already, and update_existing is off");
    return 0;
}

/* A record without a reference of ours is written over by its id. */
static int update(struct work *w, struct koppel_error *err)
{
    const struct flow *f = w->flow;
    if (w->matched && work_setting_is(w, "update_existing", "false"))
        return keep_matched(w, err);
    if (work_turn(w, err) != 0)
        return -1;
    if (w->make_new) {
        if (w->asked == ASKED_NOT)
            return find(w, err);
        return w->asked == ASKED_NOTHING ? create(w, err) : take_standing(w, err);
    }
    if (!f->means.upsert && !(f->dest->can & CAN_UPDATE))
        return err_reason(err, KOPPEL_E_REJECTED, "changed", "a %s of %s cannot be changed",
                          f->dest->name, f->conf->to->name);
    if (document_make(w, err) != 0)
        return -1;
    return plan_write(w, f->means.upsert ? WRITE_CREATE : WRITE_UPDATE, w->document, NULL, true,
                      w->ends ? "deactivated" : "", err);
}

/* What was begun before has arrived, and nothing has changed since. */
static bool is_right(const struct work *w)
{
    return (w->arrived || w->writes > 0) && w->link->digest &&
           strcmp(w->link->digest, w->digest) == 0;
}

static int change(struct work *w, struct koppel_error *err)
{
    if (is_right(w)) {
        w->remote_id = w->link->id ? strdup(w->link->id) : NULL;
        work_end(w, JOB_DONE, w->arrived ? "exists" : "",
                 w->arrived ? "what was sent before has arrived" : NULL);
        return 0;
    }
    return w->flow->dest->document ? change_next(w, err) : update(w, err);
}

/* ---- one step ---- */

static int after(struct work *w, struct koppel_error *err)
{
    if (knowledge_after(w->link, w->present_id, w->link->begun.digest != NULL) != 0)
        return no_memory(err);
    work_note(w, "arrived", "what was sent before without an answer is there");
    w->put = w->arrived = true;
    work_look_anew(w);
    return 0;
}

static void before(struct work *w)
{
    work_note(w, "did not arrive", "what was sent before without an answer is not there");
    knowledge_before(w->link);
    w->put = true;
    work_look_anew(w);
}

static void open_to_both(struct work *w)
{
    work_note(w, "open", "what was sent before without an answer is written over");
    knowledge_open(w->link);
    w->put = true;
    work_look_anew(w);
}

/* What is said to be there already is looked for, however its writes are repeated. */
static struct means means_now(const struct work *w)
{
    struct means means = w->flow->means;
    const struct cat_entity *e = w->flow->dest;
    if (w->taken && (e->can & CAN_FIND) && (e->document || e->match_count > 0))
        means.find = true;
    return means;
}

static int step(struct work *w, struct koppel_error *err)
{
    int64_t quiet = work_quiet_ms(w);
    struct means means = means_now(w);
    if (w->link->state == LINK_ABSENT && w->goal == GOAL_WITHDRAW)
        return create(w, err);
    switch (knowledge_decide(w->link, &means, w->asked, quiet)) {
    case VERDICT_QUIET:
        work_wait(w, "quiet",
                  "an earlier write had no answer: it is looked up once it cannot arrive any more",
                  quiet, false);
        return 0;
    case VERDICT_FIND:
        return find(w, err);
    case VERDICT_BEFORE:
        before(w);
        return 0;
    case VERDICT_AFTER:
        return after(w, err);
    case VERDICT_OPEN:
        open_to_both(w);
        return 0;
    case VERDICT_STANDS:
        return take_standing(w, err);
    case VERDICT_REPEAT:
        return plan_repeat(w, err);
    case VERDICT_UNSURE:
        return unsure(w, err);
    case VERDICT_TAKEN:
        return taken(w);
    case VERDICT_ADOPT:
        return adopt(w, err);
    case VERDICT_CREATE:
        return create(w, err);
    default:
        return change(w, err);
    }
}

void advance_work(struct work *w)
{
    while (!w->settled && w->send.write == WRITE_NONE && !flow_stopping(w->flow)) {
        struct koppel_error err = {0};
        if (++w->rounds > ROUNDS_MAX * 4)
            (void)err_set(&err, KOPPEL_E_BUG, "record %s comes to no end", w->job->key);
        else if (step(w, &err) == 0)
            continue;
        settle_failure(w, &err);
        return;
    }
}

/* ---- answers ---- */

/* It is there, but what the destination made of it may come to another total. */
static void end_done(struct work *w)
{
    struct koppel_error err = {0};
    bool whole = w->send.write == WRITE_CREATE || w->send.write == WRITE_UPDATE;
    if (whole && w->flow->dest->document && w->send.answer &&
        document_check_total(w, w->send.answer, &err) != 0)
        work_park(w, &err);
    else
        work_end(w, JOB_DONE, w->send_reason, NULL);
}

static void take_done(struct work *w)
{
    bool last = w->send_last, repeats = w->send_repeats;
    flow_worked(w->flow);
    w->writes++;
    if (w->link->id && !w->remote_id)
        w->remote_id = strdup(w->link->id);
    if (last && w->ends)
        w->link->closed = true;
    else if (last && w->send.write != WRITE_REMOVE)
        w->link->closed = false;
    if (last && !repeats)
        end_done(w);
    plan_done(w);
    work_look_anew(w);
}

/* A refusal after which another way is open. false: none is. */
static bool another_way(struct work *w, const struct koppel_error *why, struct koppel_error *err)
{
    bool by_id = w->send.write == WRITE_UPDATE;
    if (w->writes++ > ROUNDS_MAX)
        return false;
    if (why->kind == KOPPEL_E_EXISTS) { /* a look-up that came unasked */
        w->taken = true;
        plan_done(w);
        work_look_anew(w);
        return true;
    }
    if (why->kind == KOPPEL_E_RETRY && strcmp(why->reason, KOPPEL_REASON_STALE) == 0) {
        plan_done(w);
        work_look_anew(w);
        return true;
    }
    if (why->kind != KOPPEL_E_REJECTED)
        return false;
    if (by_id && !w->flow->dest->document && strcmp(why->reason, KOPPEL_REASON_GONE) == 0) {
        work_note(w, "gone", "what it was linked with is not there any more");
        plan_done(w);
        plan_forget_link(w);
        return true;
    }
    /* a card that was removed or merged there, while its link was taken at its word */
    if (!w->verified && w->used) {
        bool changed = false;
        w->verified = true;
        if (reference_verify(w, &changed, err) != 0 || !changed)
            return false;
        plan_done(w);
        document_forget(w);
        return true;
    }
    return false;
}

void advance_sent(struct work *w)
{
    struct koppel_error why = w->send.err, err = {0};
    bool document_update = w->send.write == WRITE_UPDATE && w->flow->dest->document;
    w->put = w->put || w->send.put;
    if (w->send.done) {
        if (w->send.write == WRITE_CREATE && w->flow->behaviour->share &&
            share_remember(w, w->link->id, &err) != 0)
            settle_failure(w, &err);
        take_done(w);
        return;
    }
    if (why.kind == 0) { /* it did not leave */
        plan_done(w);
        return;
    }
    if (another_way(w, &why, &err))
        return;
    (void)remember_sent(w, &why, &err);
    plan_done(w);
    if (err.kind)
        settle_failure(w, &err);
    else if (document_update && why.kind == KOPPEL_E_REJECTED)
        change_refused(w, &why);
    else
        settle_failure(w, &why);
    w->left = !w->settled; /* what was looked up before it says nothing any more */
}
