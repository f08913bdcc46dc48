/* SPDX-License-Identifier: MIT
 * One batch. The store is asked for the links of all its keys at once, many writes are announced in
 * one step of it, and their outcomes are settled in another. */
#include "flow/portion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/meter.h"
#include "flow/advance.h"
#include "flow/alike.h"
#include "flow/document.h"
#include "flow/hold.h"
#include "flow/look.h"
#include "flow/prepare.h"
#include "flow/reference.h"
#include "flow/settle.h"
#include "flow/unique.h"
#include "store/keylock.h"

/* Writes that are announced together where each is a request of its own: enough to spare the store,
 * few enough that the last one leaves soon after it was looked up; more where the peer is quick. */
#define ANNOUNCE_MANY 16
#define ANNOUNCE_MOST 64
#define ANNOUNCE_US 1000000

struct portion {
    struct flow *flow;
    struct store_lease *lease;
    struct links links;
    struct work *works;
    int count;
};

/* ---- before anything is sent ---- */

/* An older job of the same key that a newer one in the batch replaces need not be sent. */
static void supersede(struct portion *p)
{
    size_t room = 1;
    while (room < (size_t)p->count * 2)
        room *= 2;
    int *seen = calloc(room, sizeof *seen); /* the newest job of a key, by its place + 1 */
    for (int i = p->count - 1; seen && i >= 0; i--) {
        const char *key = p->works[i].job->key;
        size_t at = (size_t)store_partition(key, (int)room);
        while (seen[at] && strcmp(p->works[seen[at] - 1].job->key, key) != 0)
            at = (at + 1) & (room - 1);
        if (seen[at])
            work_end(&p->works[i], JOB_SKIPPED, "superseded", "a newer version follows");
        else
            seen[at] = i + 1;
    }
    free(seen);
}

static bool is_open(const struct work *w)
{
    return !w->settled && !w->left;
}

/* What fails for one record is that record's alone. */
static void fail(struct work *w, const struct koppel_error *err)
{
    settle_failure(w, err);
    w->left = !w->settled;
}

static int want_links(struct portion *p, struct koppel_error *err)
{
    for (int i = 0; i < p->count; i++) {
        if (is_open(&p->works[i]) &&
            links_want(&p->links, p->flow->scope, p->works[i].job->key, err) != 0)
            return -1;
    }
    return links_fetch(&p->links, err);
}

static int prepare_all(struct portion *p, bool aside, struct koppel_error *err)
{
    for (int i = 0; i < p->count; i++) {
        struct work *w = &p->works[i];
        struct koppel_error problem = {0};
        if (!is_open(w))
            continue;
        if (!aside && w->job->state == JOB_WAITING)
            work_wait(w, "retry", "an earlier version of it waits", -1, false);
        else if (prepare_work(w, &problem) != 0 ||
                 (!w->settled && w->goal == GOAL_DELIVER && reference_want(w, &problem) != 0))
            fail(w, &problem);
    }
    return links_fetch(&p->links, err);
}

/* What only the store and other flows can tell: another record with the same number, sales that are
 * not booked yet. */
static void check_all(struct portion *p)
{
    for (int i = 0; i < p->count; i++) {
        struct work *w = &p->works[i];
        struct koppel_error problem = {0};
        if (!is_open(w))
            continue;
        if ((p->flow->behaviour->held && hold_check(w, &problem) != 0) ||
            (!w->settled && p->flow->behaviour->unique[0] && !w->ends &&
             unique_check(w, &problem) != 0))
            fail(w, &problem);
    }
}

/* ---- sending ---- */

/* Announces and sends what is planned for these works. -1: the store failed. */
static int send_some(struct portion *p, struct work **works, int count, struct koppel_error *err)
{
    struct send **sends = calloc((size_t)count + 1, sizeof(struct send *));
    if (!sends)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count; i++)
        sends[i] = &works[i]->send;
    int rc = 0;
    /* who would have to wait looks it up anew, as much may have happened by then */
    if (!flow_must_wait(p->flow) && !flow_stopping(p->flow)) {
        rc = send_announce(&p->links, sends, count, err);
        if (rc == 0)
            send_all(p->flow, &p->links, sends, count);
    }
    for (int i = 0; i < count; i++) {
        bool sent = works[i]->send.sent;
        advance_sent(works[i]);
        works[i]->left = works[i]->left || (!works[i]->settled && !sent);
    }
    free(sends);
    return rc;
}

static int send_max(const struct flow *f)
{
    int64_t us = atomic_load(&f->call_us);
    int64_t many = us > 0 ? ANNOUNCE_US / us : ANNOUNCE_MANY;
    if (f->dest->batch_write > 1)
        return f->dest->batch_write;
    return many < ANNOUNCE_MANY ? ANNOUNCE_MANY : many > ANNOUNCE_MOST ? ANNOUNCE_MOST : (int)many;
}

/* Advances every open work until it is settled; those that come to a write wait for the others of
 * their group. */
static int send_all_works(struct portion *p, struct koppel_error *err)
{
    struct flow *f = p->flow;
    int max = send_max(f);
    struct work **planned = calloc((size_t)max + 1, sizeof *planned);
    int rc = planned ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    bool any = true;
    while (rc == 0 && any && !p->links.lost && !flow_stopping(f)) {
        int n = 0;
        any = false;
        for (int i = 0; i < p->count && n < max && !flow_stopping(f) && !p->links.lost; i++) {
            struct work *w = &p->works[i];
            if (!is_open(w))
                continue;
            if (!flow_wait_turn(f))
                break;
            advance_work(w);
            if (w->send.write != WRITE_NONE)
                planned[n++] = w;
            else if (!w->settled)
                w->left = true;
        }
        any = n > 0;
        if (n > 0)
            rc = send_some(p, planned, n, err);
    }
    free(planned);
    return rc;
}

static bool is_stopping(const void *arg)
{
    return flow_stopping(arg);
}

/* What it made or found, and whose that is, is known to the others before its lock goes. */
static int tell_others(struct portion *p, struct work *w, struct koppel_error *err)
{
    struct store_link_change changes[WORK_FACTS + 1];
    struct koppel_error problem = {0};
    memcpy(changes, w->fact, (size_t)w->fact_count * sizeof *changes);
    changes[w->fact_count] = links_change(p->flow->scope, w->job->key, w->link);
    if (links_put(&p->links, changes, w->fact_count + 1, &problem) == 0 || p->links.lost)
        return 0;
    *err = problem;
    return -1;
}

/* Records that are one at the destination wait for one another: each goes its whole way under a
 * lock. Its references come before that lock. */
static int send_locked(struct portion *p, struct work *w, struct koppel_error *err)
{
    struct flow *f = p->flow;
    struct subject subject = work_subject(w);
    struct koppel_error problem = {0};
    struct store_link *link;
    char name[FLOW_SCOPE_BYTES + STORE_KEY_BYTES];
    if (w->goal == GOAL_DELIVER && reference_resolve(w, &problem) != 0) {
        fail(w, &problem);
        return 0;
    }
    size_t n = (size_t)snprintf(name, sizeof name, "%s|", f->scope);
    f->behaviour->lock(&subject, name + n, sizeof name - n);
    struct keylock *held = keylock_take(f->store, name, f->quiet_ms, is_stopping, f, &problem);
    if (!held || alike_look(f, &p->links, f->dest, f->scope, w->job->key, name, &problem) != 0) {
        keylock_give(held);
        fail(w, &problem);
        return 0;
    }
    /* an order that needed this customer may have made it meanwhile */
    int rc = w->link->state == LINK_ABSENT
                 ? links_again(&p->links, f->scope, w->job->key, &link, err)
                 : 0;
    while (rc == 0 && is_open(w) && !p->links.lost && flow_wait_turn(f)) {
        advance_work(w);
        if (w->send.write == WRITE_CREATE &&
            alike_note(&p->links, f->scope, w->job->key, name, &problem) != 0) {
            if (!p->links.lost)
                *err = problem;
            rc = p->links.lost ? 0 : -1;
            break;
        }
        if (w->send.write != WRITE_NONE)
            rc = send_some(p, &w, 1, err);
        else if (!w->settled)
            w->left = true;
    }
    if (rc == 0 && w->put && !p->links.lost)
        rc = tell_others(p, w, err);
    keylock_give(held);
    return rc;
}

static int send_works(struct portion *p, struct koppel_error *err)
{
    if (!p->flow->behaviour->lock) {
        look_ahead(p->flow, p->works, p->count);
        return send_all_works(p, err);
    }
    int rc = 0;
    for (int i = 0; i < p->count && rc == 0 && !p->links.lost && !flow_stopping(p->flow); i++) {
        if (is_open(&p->works[i]))
            rc = send_locked(p, &p->works[i], err);
    }
    return rc;
}

/* ---- settling ---- */

/* What is not settled keeps what was learnt of its link: a request without an answer above all. */
static int keep_links(struct portion *p, struct koppel_error *err)
{
    struct store_link_change *changes = calloc((size_t)p->count + 1, sizeof *changes);
    int n = 0;
    if (!changes)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < p->count; i++) {
        const struct work *w = &p->works[i];
        if (!w->settled && w->put)
            changes[n++] = links_change(p->flow->scope, w->job->key, w->link);
    }
    int rc = links_put(&p->links, changes, n, err);
    free(changes);
    return rc;
}

/* A job that is left open keeps the partition's cursor before it. Where later ones are final it
 * steps aside instead, so that what was done is not done again. */
static void step_aside(struct portion *p)
{
    int last = p->count - 1;
    while (last >= 0 && !p->works[last].settled)
        last--;
    for (int i = 0; i < last; i++) {
        if (!p->works[i].settled)
            work_wait(&p->works[i], "retry", "it was left while later ones went on", 0, false);
    }
}

/* What was refused before it turned out that everything is, in this portion, was parked wrongly: it
 * stays in the log. */
static void take_back_refused(struct portion *p)
{
    for (int i = 0; i < p->count; i++) {
        struct work *w = &p->works[i];
        if (w->settled && w->state == JOB_PARKED && strcmp(w->reason, KOPPEL_REASON_ACCESS) == 0)
            w->settled = false;
    }
}

static void tell_outcomes(struct portion *p)
{
    struct flow *f = p->flow;
    int64_t now = f->store->ops->now_ms(f->store);
    for (int i = 0; i < p->count; i++) {
        const struct work *w = &p->works[i];
        struct job_id id = {f->conf->name, w->job->part, w->job->off};
        if (!w->settled)
            continue;
        outcomes_add(&f->outcomes, w->state, w->reason, w->cause, id, w->ours);
        if (w->state == JOB_DONE && now > w->job->at_ms)
            meter_add(METER_RECORD_US, f->conf->name, NULL, NULL, (now - w->job->at_ms) * 1000);
    }
}

static int settle(struct portion *p, int64_t next, bool aside, int *lost, struct koppel_error *err)
{
    struct flow *f = p->flow;
    struct store_outcome *outcomes = calloc((size_t)p->count + 1, sizeof *outcomes);
    int64_t cursor = -1;
    int n = 0;
    if (!outcomes)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (atomic_load(&f->all_refused))
        take_back_refused(p);
    if (!aside)
        step_aside(p);
    for (int i = 0; i < p->count; i++) {
        struct work *w = &p->works[i];
        if (!w->settled)
            continue;
        settle_outcome(w, &outcomes[n++]);
        cursor = w->job->off + 1;
    }
    if (aside)
        cursor = -1;
    else if (n == p->count)
        cursor = next;
    int rc = keep_links(p, err);
    if (rc == 0 && n > 0)
        rc = f->store->ops->settle(f->store, p->lease, cursor, outcomes, n, lost, err);
    if (rc == 0 && n > 0 && !*lost) {
        atomic_fetch_add(&f->settled, n);
        tell_outcomes(p);
        flow_signal(f);
    }
    free(outcomes);
    return rc;
}

int portion_deliver(struct flow *f, struct store_lease *lease, struct store_batch *jobs, bool aside,
                    int *lost, struct koppel_error *err)
{
    struct portion p = {.flow = f, .lease = lease, .count = jobs->count};
    int rc = -1;
    p.works = calloc((size_t)p.count + 1, sizeof *p.works);
    if (!p.works)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    links_init(&p.links, f->store, lease);
    for (int i = 0; i < p.count; i++) {
        if (work_init(&p.works[i], f, &p.links, &jobs->jobs[i]) != 0) {
            err_set(err, KOPPEL_E_BUG, "out of memory");
            goto out;
        }
    }
    supersede(&p);
    if (want_links(&p, err) != 0 || prepare_all(&p, aside, err) != 0)
        goto out;
    check_all(&p);
    rc = send_works(&p, err);
    if (p.links.lost) { /* everything of it is the next holder's */
        *lost = 1;
        rc = 0;
    } else if (rc == 0) {
        rc = settle(&p, jobs->next, aside, lost, err);
    }
out:
    for (int i = 0; i < p.count; i++) {
        unique_done(&p.works[i]);
        work_done(&p.works[i]);
    }
    free(p.works);
    links_done(&p.links);
    return rc;
}
