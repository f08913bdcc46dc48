/* SPDX-License-Identifier: MIT
 * Prepare: source text -> core record, and every decision that needs no destination: the filter,
 * what was cancelled or is gone, what is unchanged, what its model asks of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "base/log.h"
#include "mapping/map.h"
#include "flow/work.h"
#include "model/complete.h"

/* Source text -> core record. A record that a snapshot no longer shows carries FLOW_GONE. */
static int make_core(struct flow *f, struct work *w, struct koppel_error *err)
{
    struct json_read_error where;
    if (!w->job->payload)
        return err_reason(err, KOPPEL_E_REJECTED, "erased", "the payload was erased by retention");
    w->source = json_read(w->job->payload, w->job->payload_bytes, NULL, &where);
    if (!w->source)
        return json_read_fail(&where, KOPPEL_E_REJECTED, "the stored record cannot be read", err);
    if (map_apply(&f->conf->get, w->source, MAP_CREATE, &w->core, w->steps, err) != 0)
        return -1;
    if (json_is_true(json_object_get(w->source, FLOW_GONE)))
        json_object_set_new(w->core, "gone", json_true());
    return 0;
}

static bool model_is(const struct flow *f, const char *model)
{
    return strcmp(f->conf->model, model) == 0;
}

/* The link stays as it was but for its end: the record is gone at the source. */
static void end_link(struct work *w, const char *reason, const char *detail)
{
    work_end(w, JOB_SKIPPED, reason, detail);
    if (w->linked && !w->link.closed) {
        w->remote_id = strdup(w->link.id);
        w->relink = w->close = true;
    }
}

/* A customer who is no longer one at the source stays at the destination, with its history. */
static bool customer_ended(const struct flow *f, const struct work *w)
{
    return model_is(f, "customer") && (json_is_false(json_object_get(w->core, "active")) ||
                                       strcmp(work_text(w, "active"), "false") == 0 ||
                                       json_is_true(json_object_get(w->core, "gone")));
}

/* Gone at the source, or out of the filter after it was delivered. true: the job is settled. */
static bool leaves(struct flow *f, struct work *w, bool meets)
{
    bool gone = json_is_true(json_object_get(w->core, "gone"));
    const char *policy = flow_setting(f, gone ? "on_gone" : "on_leave");
    if (customer_ended(f, w)) {
        end_link(w, "gone",
                 "deleted or merged at the source; it stays at the destination, the link is "
                 "closed");
        return true;
    }
    if (!gone && meets)
        return false;
    if (!w->linked) {
        work_end(w, JOB_SKIPPED, gone ? "gone" : "filtered",
                 gone ? "gone at the source before it was sent"
                      : "does not meet the flow's filter");
        return true;
    }
    if (f->dest->document && !gone)
        return false; /* a delivered document goes on, whatever its state is now */
    if (strcmp(policy, "deactivate") != 0 ||
        w->link.closed) { /* a closed link: that was done once */
        end_link(w, gone ? "gone" : "left",
                 gone ? "gone at the source; it stays at the destination"
                      : "no longer meets the flow's filter; it stays as it is");
        return true;
    }
    json_object_set_new(w->core, "active", json_string("false"));
    w->close = true;
    return false;
}

/* Cancelled or gone after delivery: what stands there is to be withdrawn. */
static void choose_goal(const struct flow *f, struct work *w)
{
    if (f->dest->document && w->linked &&
        (strcmp(work_text(w, "state"), "cancelled") == 0 ||
         json_is_true(json_object_get(w->core, "gone"))))
        w->goal = GOAL_WITHDRAW;
}

/* What is inactive at the source stays in use at the destination, where the flow says so. */
static void keep_active(const struct flow *f, struct work *w)
{
    char buf[32];
    const char *active = "";
    (void)map_text(json_object_get(w->core, "active"), buf, &active);
    if (model_is(f, "product") && w->linked && !w->close &&
        flow_setting_is(f, "on_gone", "ignore") && strcmp(active, "false") == 0) {
        json_object_del(w->core, "active");
        work_note(w, "kept",
                  "inactive at the source; on_gone leaves it as it is at the destination");
    }
}

/* One notice per run: what the pair does not carry is left out, never an error. */
static void notice_images(struct flow *f, struct work *w)
{
    if (json_array_size(json_object_get(w->core, "images")) == 0 ||
        map_reads(&f->conf->send, "images"))
        return;
    work_note(w, "left out", "images are not carried between these systems");
    if (!atomic_exchange(&f->noticed, true))
        log_warning("flow=%s images are not carried from %s to %s; they are left out",
                    f->conf->name, f->conf->from->name, f->conf->to->name);
}

/* Does the destination number its records with whole numbers? */
static bool whole_numbers(const struct flow *f)
{
    for (int i = 0; i < f->dest->match_count; i++) {
        const struct cat_field *field = catalogue_field(f->dest, f->dest->match[i].field);
        if (field && strcmp(f->dest->match[i].core, "article_number") == 0)
            return field->type == FIELD_INTEGER;
    }
    return false;
}

/* A sales document with several payments needs a destination that can hold them. */
static int check_payments(const struct flow *f, const struct work *w, struct koppel_error *err)
{
    json_t *payments = json_object_get(w->core, "payments");
    if (!model_is(f, "order") || json_array_size(payments) < 2 ||
        map_reads(&f->conf->send, "payments"))
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "order.payments",
                      "it was paid in %zu ways, and a %s of %s holds one",
                      json_array_size(payments), f->dest->name, f->conf->to->name);
}

/* A destination that computes the VAT itself gets a line with what it misses; more than the limit
 * is no rounding. */
static int check_rounding(const struct flow *f, const struct work *w, struct koppel_error *err)
{
    struct decimal rounding, limit;
    const char *text = work_text(w, "vat_rounding");
    if (!model_is(f, "order") || !*text || !map_reads(&f->conf->send, "vat_rounding") ||
        decimal_parse(text, &rounding) != 0 ||
        decimal_parse(flow_setting(f, "rounding_limit"), &limit) != 0 ||
        decimal_compare(decimal_abs(rounding), limit) <= 0)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "order.totals",
                      "its prices and VAT percentages come to another total, and the %s that are "
                      "missing are more "
                      "than the rounding limit of %s",
                      text, flow_setting(f, "rounding_limit"));
}

/* What is compared to see whether anything changed: of a stock level only what would be sent. */
static int make_digest(const struct flow *f, struct work *w)
{
    if (!model_is(f, "stock"))
        return flow_digest(w->core, w->digest);
    json_t *sent = json_pack("{s:O?,s:O?}", "quantities", json_object_get(w->core, "quantities"),
                             "managed", json_object_get(w->core, "managed"));
    int rc = sent ? flow_digest(sent, w->digest) : -1;
    json_decref(sent);
    return rc;
}

/* A stock level whose article has sales that are not in the books yet waits for them. */
static int hold(struct flow *f, struct work *w, struct koppel_error *err)
{
    char *why = NULL;
    if (!model_is(f, "stock") || !flow_setting_is(f, "hold", "true"))
        return 0;
    if (flow_held(f, work_text(w, "number"), &why, err) != 0)
        return -1;
    if (why) {
        work_end(w, JOB_WAITING, "held", why);
        w->next_at_ms = clock_now_ms() + f->conf->every_ms;
    }
    free(why);
    return 0;
}

static int compare(struct flow *f, struct work *w, struct koppel_error *err)
{
    if (make_digest(f, w) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (w->linked && !(w->link.closed && !w->close) && w->link.digest &&
        strcmp(w->link.digest, w->digest) == 0) {
        work_end(w, JOB_SKIPPED, "unchanged", "already synced");
        return 0;
    }
    if (w->linked && !f->dest->document && flow_setting_is(f, "update_existing", "false")) {
        work_end(w, JOB_SKIPPED, "kept", "it is there already, and update_existing is off");
        return 0;
    }
    if (w->job->state == JOB_SENDING && f->dest->repeat == REPEAT_NEVER)
        return err_reason(
            err, KOPPEL_E_REJECTED, "unsure",
            "an earlier attempt was cut off and %s cannot be asked whether it arrived",
            f->conf->to->name);
    return 0;
}

int work_prepare(struct flow *f, struct work *w, struct koppel_error *err)
{
    if (make_core(f, w, err) != 0 ||
        f->store->ops->link_get(f->store, f->scope, w->job->key, &w->link, &w->linked, err) != 0)
        return -1;
    if (!w->linked && strcmp(work_text(w, "state"), "cancelled") == 0) {
        work_end(w, JOB_SKIPPED, "cancelled", "cancelled before it was sent");
        return 0;
    }
    bool meets = map_conditions(f->conf->filter, f->conf->filter_count, w->core);
    if (leaves(f, w, meets))
        return 0;
    choose_goal(f, w);
    keep_active(f, w);
    struct model_facts facts = {.settings = f->conf->settings, .whole_numbers = whole_numbers(f),
                                .destination = f->conf->to->name, .notes = w->steps};
    struct koppel_error ignored = {0}; /* a record that only leaves need not be sound */
    if (w->goal == GOAL_DELIVER &&
        complete_record(f->conf->model, w->core, &facts, w->close ? &ignored : err) != 0 &&
        !w->close)
        return -1;
    if (compare(f, w, err) != 0)
        return -1;
    if (w->settled)
        return 0;
    if (w->goal == GOAL_DELIVER &&
        (check_payments(f, w, err) != 0 || check_rounding(f, w, err) != 0))
        return -1;
    if (hold(f, w, err) != 0)
        return -1;
    if (!w->settled && model_is(f, "product")) {
        notice_images(f, w);
        if (!w->close && work_unique(f, w, err) != 0)
            return -1;
    }
    return 0;
}
