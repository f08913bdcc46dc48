/* SPDX-License-Identifier: MIT
 * A worker: it leases a partition, reads, looks, announces, sends, settles. Between any two of its
 * steps the world goes on. */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/send.h"
#include "store/held.h"

#define ROUNDS_MAX 12
#define ALL_QUIET_MS (SIM_TIMEOUT_MS + SIM_QUIET_MS + SIM_LAG_MS)

void sim_worker_clear(struct sim_worker *w)
{
    for (int i = 0; i < SIM_BATCH; i++) {
        store_link_done(&w->work[i].link);
        store_link_done(&w->work[i].known);
        w->work[i] = (struct sim_work){.job = -1};
    }
    w->count = w->next = 0;
}

static int64_t latency(struct sim *s)
{
    return sim_chance(s, s->slow_percent) ? sim_between(s, 1000, 9000) : sim_between(s, 1, 20);
}

static void call(struct sim *s, struct sim_worker *w, enum sim_state state)
{
    w->state = state;
    w->asked_at = s->now;
    w->failed = false;
    w->apply_at = s->now + latency(s);
    w->at = w->apply_at + latency(s);
}

/* What failed may have been sent and not been settled: it says so. */
static void give_back(struct sim *s, struct sim_worker *w)
{
    w->unsettled = w->failed;
    call(s, w, W_RELEASE);
}

static void be_free(struct sim *s, struct sim_worker *w)
{
    sim_worker_clear(w);
    w->state = W_FREE;
    w->epoch = 0;
    w->lost = w->stopping = false;
    w->at = s->now + sim_between(s, 200, 2500);
}

/* ---- what the store does ---- */

static void announce(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    for (int i = 0; i < w->count; i++) {
        struct sim_work *k = &w->work[i];
        if (!k->planned)
            continue;
        sim_db_put(s, h, w, &k->known, k->key, k->job);
        struct sim_link *row = &s->db.link[k->key];
        row->state = LINK_MAYBE;
        row->write = k->write;
        row->begun = k->send_content;
        row->job = k->send_job;
    }
}

/* The host's next beat, at that moment, is the last that it hears of. */
static void doom(const struct sim *s, struct sim_host *h, int64_t at)
{
    if (h->beat_sent || h->cut > s->now)
        return;
    h->doomed = true;
    h->beat_at = at;
}

void sim_worker_apply(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    struct sim_lease *row = &s->db.lease[w->part];
    w->apply_at = 0;
    if (s->now < s->db_back || s->now < h->cut) {
        w->failed = true;
        w->at = s->now + sim_between(s, 10, 3000);
        return;
    }
    w->failed = sim_chance(s, 2); /* it was done, and the answer is lost */
    switch (w->state) {
    case W_LEASE:
        if (!sim_db_lease(s, h, w))
            w->epoch = 0;
        break;
    case W_READ:
        sim_worker_clear(w);
        sim_db_read(s, h, w);
        break;
    case W_LINKS:
        sim_db_links(s, h, w);
        break;
    case W_ANNOUNCE:
    case W_SETTLE:
        if (sim_db_fenced(s, h, w)) {
            w->lost = true;
            break;
        }
        if (w->state == W_ANNOUNCE) {
            announce(s, h, w);
            if (sim_chance(s, s->nasty_percent)) { /* its answer is slow, and the beat goes first */
                doom(s, h, s->now);
                w->at = s->now + sim_between(s, 1000, 6000);
            }
        } else {
            sim_db_settle(s, h, w);
        }
        sim_db_commit(s, true);
        break;
    case W_RELEASE:
        if (row->owner == h->owner && row->epoch == w->epoch) {
            row->owner = 0;
            if (w->unsettled && s->hole != HOLE_SETTLED)
                row->taken = sim_db_now(s, h);
            sim_db_commit(s, false);
        }
        break;
    default:
        break;
    }
}

/* ---- deciding ---- */

static void end(struct sim_work *k, enum job_state state, int64_t retry_in)
{
    k->settled = true;
    k->end = state;
    k->retry_in = retry_in;
}

static char *number(int n)
{
    char text[16];
    snprintf(text, sizeof text, "%d", n);
    return strdup(text);
}

static struct store_link copy_of(const struct store_link *l)
{
    struct store_link c = *l;
    c.id = l->id ? strdup(l->id) : NULL;
    c.digest = l->digest ? strdup(l->digest) : NULL;
    c.alias = NULL;
    c.begun.ref = l->begun.ref ? strdup(l->begun.ref) : NULL;
    c.begun.key = l->begun.key ? strdup(l->begun.key) : NULL;
    c.begun.document = l->begun.document ? strdup(l->begun.document) : NULL;
    c.begun.digest = l->begun.digest ? strdup(l->begun.digest) : NULL;
    return c;
}

static void plan(struct sim_work *k, enum link_write write, int content, int job)
{
    store_link_done(&k->known);
    k->known = copy_of(&k->link);
    k->planned = true;
    k->sent = k->waited = false;
    k->write = write;
    k->send_content = content;
    k->send_job = job;
}

/* What was begun, or is to be written: the same as what was found? */
static void compare(struct sim *s, struct sim_work *k, int own)
{
    int with = k->link.state == LINK_MAYBE && k->link.begun.document && s->hole != HOLE_NEWEST
                   ? atoi(k->link.begun.document)
                   : own;
    k->asked = !k->found ? ASKED_NOTHING : k->found_content == with ? ASKED_EQUAL : ASKED_OTHER;
}

/* One verdict. true: go on with this one. */
static bool step(struct sim *s, struct sim_worker *w, struct sim_work *k)
{
    int own = s->db.jobs[k->job].content;
    int64_t quiet = ALL_QUIET_MS - k->link.unseen_ms;
    char id[16];
    snprintf(id, sizeof id, "%d", k->found);
    if (s->hole == HOLE_NO_QUIET)
        quiet = 0;
    enum verdict v = knowledge_decide(&k->link, &s->means, k->asked, quiet < 0 ? 0 : quiet);
    sim_tell(s, "key %d content %d: verdict %d", k->key, own, (int)v);
    switch (v) {
    case VERDICT_QUIET:
        end(k, JOB_WAITING, quiet);
        return false;
    case VERDICT_FIND:
        w->state = W_LOOK;
        w->at = s->now + sim_between(s, 1, sim_chance(s, s->late_percent) ? 8000 : 300);
        return false;
    case VERDICT_BEFORE:
        knowledge_before(&k->link);
        break;
    case VERDICT_AFTER:
        (void)knowledge_after(&k->link, id, true);
        break;
    case VERDICT_OPEN:
        knowledge_open(&k->link);
        break;
    case VERDICT_STANDS:
        (void)knowledge_stands(&k->link, id, 1);
        break;
    case VERDICT_REPEAT:
        plan(k, k->link.begun.write, atoi(k->link.begun.document), atoi(k->link.begun.key) - 1);
        return false;
    case VERDICT_CREATE:
        plan(k, WRITE_CREATE, own, k->job);
        return false;
    case VERDICT_CHANGE:
        if (k->link.digest && atoi(k->link.digest) == own)
            end(k, JOB_DONE, 0);
        else
            plan(k, s->means.upsert ? WRITE_CREATE : WRITE_UPDATE, own, k->job);
        return false;
    case VERDICT_UNSURE:
        if (s->means.find || s->means.upsert || s->means.keyed)
            k->complaint = "nobody can tell what stands there";
        end(k, JOB_PARKED, 0);
        return false;
    default:
        k->complaint = "a document of its own is taken for a stranger's";
        end(k, JOB_PARKED, 0);
        return false;
    }
    k->put = true;
    k->asked = ASKED_NOT;
    return true;
}

/* Everything of the batch is decided, or one of it is being looked for. */
static void advance(struct sim *s, struct sim_worker *w)
{
    bool any = false;
    for (; w->next < w->count; w->next++) {
        struct sim_work *k = &w->work[w->next];
        int rounds = 0;
        while (!k->settled && !k->planned && w->state != W_LOOK && step(s, w, k)) {
            if (++rounds > ROUNDS_MAX)
                sim_wrong(s, "key %d comes to no end", k->key);
            if (s->wrong[0])
                return;
        }
        if (w->state == W_LOOK)
            return;
    }
    for (int i = 0; i < w->count; i++)
        any = any || w->work[i].planned;
    w->next = 0;
    if (any && s->hole == HOLE_ANNOUNCE_LATE) {
        w->state = W_SEND;
        w->at = s->now;
    } else {
        call(s, w, any ? W_ANNOUNCE : W_SETTLE);
    }
}

static void go_on(struct sim *s, struct sim_worker *w)
{
    w->state = W_LINKS; /* nothing is under way */
    advance(s, w);
}

/* ---- sending ---- */

/* The link says what was begun. */
static void begun(struct sim_work *k)
{
    knowledge_before(&k->link);
    k->link.state = LINK_MAYBE;
    k->link.begun = (struct store_begun){.write = k->write, .ref = number(k->key + 1),
                                         .key = number(k->send_job + 1),
                                         .document = number(k->send_content),
                                         .digest = number(k->send_content),
                                         .version = k->send_content};
}

static void take_answer(struct sim *s, struct sim_worker *w, struct sim_work *k)
{
    char id[16];
    k->put = true;
    k->planned = false;
    k->asked = ASKED_NOT;
    if (w->sent_ok == 1) {
        snprintf(id, sizeof id, "%d", w->sent_id);
        begun(k);
        (void)knowledge_after(&k->link, id, true);
        if (k->send_content == s->db.jobs[k->job].content)
            end(k, JOB_DONE, 0);
    } else if (w->sent_ok == 2) {
        end(k, JOB_WAITING, 1000); /* the link is as it was */
    } else if (w->sent_ok == 3) { /* it stays where it is in the log */
        begun(k);
        k->put = s->hole != HOLE_STOP;
    } else {
        begun(k);
        end(k, JOB_WAITING, ALL_QUIET_MS);
    }
}

static void send_next(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    for (; w->next < w->count; w->next++) {
        struct sim_work *k = &w->work[w->next];
        if (!k->planned)
            continue;
        bool go = !w->lost && w->deadline - s->now >= SEND_LEFT_MS;
        if (go && !k->waited && sim_chance(s, s->nasty_percent)) { /* its turn comes later */
            k->waited = k->seen = true;
            w->state = W_SEND;
            w->at = s->now + sim_between(s, 500, 20000);
            return;
        }
        if (s->hole == HOLE_STALE_LOOK && k->waited)
            go = k->seen;
        go = go && !w->stopping;
        if (s->hole == HOLE_NO_TIME_LEFT)
            go = true;
        if (!go) { /* as if it had not been announced */
            k->planned = false;
            k->put = true;
            continue;
        }
        k->sent = true;
        w->sent_ok = 0;
        sim_peer_send(s, h, (int)(w - h->workers), k);
        w->state = W_WAIT;
        w->at = s->now + SIM_TIMEOUT_MS;
        if (sim_chance(s, s->nasty_percent / 4)) { /* the host stops, and waits no longer */
            w->sent_ok = 3;
            w->stopping = true;
            w->ticket = ++s->tickets;
            w->at = s->now + sim_between(s, 0, 3000);
        }
        return;
    }
    w->next = 0;
    bool more = false;
    for (int i = 0; i < w->count; i++)
        more = more || (!w->work[i].settled && w->work[i].sent);
    if (s->hole == HOLE_ANNOUNCE_LATE)
        call(s, w, W_ANNOUNCE);
    else if (more && !w->lost && !w->stopping)
        go_on(s, w); /* what was begun before was done first */
    else
        call(s, w, W_SETTLE);
}

/* ---- one step ---- */

static void after_lease(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    if (w->failed || !w->epoch) {
        be_free(s, w);
        return;
    }
    w->deadline = (s->hole == HOLE_DEADLINE_LATE ? s->now : w->asked_at) +
                  held_good_ms(SIM_LEASE_MS);
    /* the beat is kept waiting, so that all of the lease hangs on the next one */
    if (sim_chance(s, s->nasty_percent))
        doom(s, h, s->now + sim_between(s, 6000, 11000));
    call(s, w, W_READ);
}

static void after_settle(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    if (w->failed && !w->lost && sim_chance(s, 75)) {
        call(s, w, W_SETTLE); /* the same again: it counts once */
        return;
    }
    bool more = !w->failed && !w->lost && !w->stopping && w->deadline - s->now > 3000 &&
                sim_db_work(s, w->part, sim_db_now(s, h));
    if (more)
        call(s, w, W_READ);
    else
        give_back(s, w);
}

void sim_worker_act(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    struct sim_work *k = &w->work[w->next];
    switch (w->state) {
    case W_FREE:
        if (sim_db_work(s, 0, s->now) || (s->parts > 1 && sim_db_work(s, 1, s->now)))
            call(s, w, W_LEASE);
        else
            w->at = s->now + sim_between(s, 300, 3000);
        break;
    case W_LEASE:
        after_lease(s, h, w);
        break;
    case W_READ:
        if (w->failed || w->count == 0)
            give_back(s, w);
        else
            call(s, w, W_LINKS);
        break;
    case W_LINKS:
        if (w->failed)
            give_back(s, w);
        else
            advance(s, w);
        break;
    case W_LOOK:
        sim_peer_find(s, k);
        if (sim_chance(s, s->lost_percent / 2))
            end(k, JOB_WAITING, 1000);
        else
            compare(s, k, s->db.jobs[k->job].content);
        go_on(s, w);
        break;
    case W_ANNOUNCE:
        if (s->hole == HOLE_ANNOUNCE_LATE)
            call(s, w, W_SETTLE);
        else if (w->failed || w->lost)
            give_back(s, w); /* nothing may be sent */
        else
            send_next(s, h, w);
        break;
    case W_SEND:
        send_next(s, h, w);
        break;
    case W_WAIT:
        take_answer(s, w, k);
        w->next++;
        w->state = W_SEND;
        w->at = s->now;
        break;
    case W_SETTLE:
        after_settle(s, h, w);
        break;
    case W_RELEASE:
        be_free(s, w);
        break;
    }
}
