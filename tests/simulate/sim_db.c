/* SPDX-License-Identifier: MIT
 * The store: what each transaction does, and what a crash takes back. */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/unseen.h"

int64_t sim_db_now(const struct sim *s, const struct sim_host *h)
{
    return s->now + h->clock;
}

void sim_db_commit(struct sim *s, bool hard)
{
    if (hard) {
        s->durable = s->db;
        s->flush_at = SIM_NEVER;
    } else if (s->flush_at == SIM_NEVER) {
        s->flush_at = s->now + sim_between(s, 1, 600);
        if (sim_chance(s, s->nasty_percent))
            s->crash_at = s->now + sim_between(s, 1, 300);
    }
}

void sim_db_crash(struct sim *s)
{
    s->db = s->durable;
    s->flush_at = SIM_NEVER;
    s->crash_at = SIM_NEVER;
    s->db_back = s->now + sim_between(s, 10, sim_chance(s, 50) ? 500 : 6000);
}

static int64_t next_epoch(struct sim *s, struct sim_host *h)
{
    if (s->hole != HOLE_EPOCH_AGAIN && h->known > s->db.epoch)
        s->db.epoch = h->known;
    s->db.epoch++;
    if (s->db.epoch > h->known)
        h->known = s->db.epoch;
    return s->db.epoch;
}

bool sim_db_work(const struct sim *s, int part, int64_t now)
{
    if (s->db.lease[part].cursor < s->db.heads[part])
        return true;
    for (int k = 0; k < SIM_KEYS; k++) {
        const struct sim_aside *a = &s->db.aside[k];
        if (k % s->parts == part && a->job >= 0 && !a->parked && a->due <= now)
            return true;
    }
    return false;
}

static bool is_held(const struct sim_host *h, int64_t epoch)
{
    for (int i = 0; i < SIM_WORKERS; i++) {
        if (h->workers[i].epoch == epoch && epoch)
            return true;
    }
    return false;
}

bool sim_db_lease(struct sim *s, struct sim_host *h, struct sim_worker *w)
{
    int64_t now = sim_db_now(s, h);
    int first = (int)sim_draw(s, (uint32_t)s->parts);
    for (int i = 0; i < s->parts; i++) {
        int part = (first + i) % s->parts;
        struct sim_lease *l = &s->db.lease[part];
        if ((l->owner && l->until > now) || !sim_db_work(s, part, now) ||
            (l->owner == h->owner && is_held(h, l->epoch)))
            continue;
        if (l->owner)
            l->taken = now;
        l->owner = h->owner;
        l->epoch = next_epoch(s, h);
        l->until = now + SIM_LEASE_MS;
        w->part = part;
        w->epoch = l->epoch;
        sim_db_commit(s, false);
        return true;
    }
    return false;
}

bool sim_db_fenced(struct sim *s, const struct sim_host *h, const struct sim_worker *w)
{
    const struct sim_lease *l = &s->db.lease[w->part];
    if (s->hole == HOLE_NO_FENCE)
        return false;
    return l->owner != h->owner || l->epoch != w->epoch;
}

static void add_work(struct sim_worker *w, const struct sim *s, int job)
{
    struct sim_work *k = &w->work[w->count++];
    *k = (struct sim_work){.job = job, .key = s->db.jobs[job].key};
}

/* Due ones that stand aside, else the next of the log. */
void sim_db_read(struct sim *s, const struct sim_host *h, struct sim_worker *w)
{
    int64_t now = sim_db_now(s, h);
    const struct sim_lease *l = &s->db.lease[w->part];
    w->count = 0;
    w->cursor = -1;
    for (int k = 0; k < SIM_KEYS && w->count < SIM_BATCH; k++) {
        const struct sim_aside *a = &s->db.aside[k];
        if (k % s->parts == w->part && a->job >= 0 && !a->parked && a->due <= now)
            add_work(w, s, a->job);
    }
    if (w->count > 0)
        return;
    int at = l->cursor;
    for (; at < s->db.heads[w->part] && w->count < SIM_BATCH; at++) {
        int job = s->db.log[w->part][at];
        const struct sim_aside *a = &s->db.aside[s->db.jobs[job].key];
        if (s->db.jobs[job].end != JOB_NEW)
            continue;
        add_work(w, s, job);
        struct sim_work *k = &w->work[w->count - 1];
        /* it takes the place of the one that waits */
        if (a->job >= 0 && !a->parked && a->due > now) {
            k->settled = true;
            k->end = JOB_WAITING;
            k->retry_in = -1;
        }
        for (int i = 0; i < w->count - 1; i++) { /* an older version of the same */
            if (w->work[i].key == k->key && !w->work[i].settled) {
                w->work[i].settled = true;
                w->work[i].end = JOB_SKIPPED;
            }
        }
    }
    w->cursor = at;
}

static char *number(int n)
{
    char text[16];
    snprintf(text, sizeof text, "%d", n);
    return n ? strdup(text) : NULL;
}

static int value(const char *text)
{
    return text ? atoi(text) : 0;
}

static void get(struct sim *s, const struct sim_host *h, const struct sim_worker *w,
                struct sim_work *k)
{
    const struct sim_link *l = &s->db.link[k->key];
    int64_t now = sim_db_now(s, h), since = l->unseen;
    store_link_done(&k->link);
    k->link = (struct store_link){.state = l->state, .id = number(l->id),
                                  .digest = number(l->content), .version = l->content,
                                  .chain = l->id ? 1 : 0};
    if (l->state != LINK_MAYBE)
        return;
    k->link.begun = (struct store_begun){.write = l->write, .ref = number(k->key + 1),
                                         .key = number(l->job + 1), .document = number(l->begun),
                                         .digest = number(l->begun), .version = l->begun};
    const struct sim_lease *row = &s->db.lease[l->part];
    struct unseen_lease lease = {.same = row->epoch == l->epoch, .held = row->owner != 0,
                                 .ours = row->owner == h->owner, .until = row->until,
                                 .taken = row->taken};
    if (l->epoch != w->epoch && s->hole != HOLE_NO_TAKEOVER)
        since = unseen_since(l->unseen, &lease, now);
    k->link.unseen_ms = now > since ? now - since : 0;
}

void sim_db_links(struct sim *s, const struct sim_host *h, struct sim_worker *w)
{
    for (int i = 0; i < w->count; i++)
        get(s, h, w, &w->work[i]);
}

void sim_db_put(struct sim *s, const struct sim_host *h, const struct sim_worker *w,
                const struct store_link *l, int key, int job)
{
    struct sim_link *row = &s->db.link[key];
    *row = (struct sim_link){.state = l->state, .id = value(l->id), .content = value(l->digest),
                             .write = l->begun.write, .begun = value(l->begun.document),
                             .job = l->begun.key ? value(l->begun.key) - 1 : job,
                             .unseen = sim_db_now(s, h), .epoch = w->epoch, .part = w->part};
}

static void end_job(struct sim *s, int job, enum job_state end)
{
    struct sim_job *j = &s->db.jobs[job];
    bool ended = j->end == JOB_DONE || j->end == JOB_SKIPPED;
    if (ended && s->hole != HOLE_TWICE)
        return;
    j->end = end;
    s->db.tally += end == JOB_DONE || end == JOB_SKIPPED;
}

static void settle_one(struct sim *s, const struct sim_host *h, const struct sim_worker *w,
                       const struct sim_work *k)
{
    struct sim_aside *a = &s->db.aside[k->key];
    struct sim_job *j = &s->db.jobs[k->job];
    int64_t due = a->due;
    if ((j->end == JOB_DONE || j->end == JOB_SKIPPED) && s->hole != HOLE_TWICE)
        return;
    if (a->job > k->job) /* a newer one took its place */
        return;
    if (a->job >= 0 && a->job != k->job)
        end_job(s, a->job, JOB_SKIPPED);
    a->job = -1;
    if (k->complaint)
        sim_wrong(s, "key %d: %s", k->key, k->complaint);
    if (k->end == JOB_WAITING || k->end == JOB_PARKED) {
        j->end = k->end;
        *a = (struct sim_aside){.job = k->job, .parked = k->end == JOB_PARKED,
                                .due = k->retry_in < 0 ? due : sim_db_now(s, h) + k->retry_in};
    } else {
        end_job(s, k->job, k->end);
    }
    if (k->put)
        sim_db_put(s, h, w, &k->link, k->key, k->job);
}

void sim_db_settle(struct sim *s, const struct sim_host *h, struct sim_worker *w)
{
    struct sim_lease *l = &s->db.lease[w->part];
    for (int i = 0; i < w->count; i++) {
        struct sim_work *k = &w->work[i];
        if (k->settled) {
            settle_one(s, h, w, k);
            continue;
        }
        w->cursor = -1; /* it stays in the log, and what was learnt of it is kept */
        if (k->put)
            sim_db_put(s, h, w, &k->link, k->key, k->job);
    }
    if (w->cursor > l->cursor)
        l->cursor = w->cursor;
}

bool sim_db_read_begin(struct sim *s, struct sim_host *h, struct sim_reader *r)
{
    struct sim_lease *l = &s->db.source;
    int64_t now = sim_db_now(s, h);
    if (l->owner && l->until > now && l->owner != h->owner && s->hole != HOLE_READERS)
        return false;
    l->owner = h->owner;
    l->epoch = r->epoch = next_epoch(s, h);
    l->until = now + SIM_LEASE_MS;
    r->from = l->cursor;
    sim_db_commit(s, false);
    return true;
}

void sim_db_append(struct sim *s, struct sim_host *h, struct sim_reader *r)
{
    struct sim_lease *l = &s->db.source;
    bool stands = l->owner == h->owner && l->epoch == r->epoch && l->cursor == r->from;
    if (!stands && s->hole != HOLE_READERS)
        return;
    for (int i = r->from; i < r->from + r->count && s->db.job_count < SIM_JOBS; i++) {
        int part = s->changes[i].key % s->parts, job = s->db.job_count++;
        s->db.jobs[job] = (struct sim_job){s->changes[i].key, s->changes[i].content, JOB_NEW};
        s->db.log[part][s->db.heads[part]++] = job;
    }
    l->cursor = r->from + r->count;
    sim_db_commit(s, true);
}
