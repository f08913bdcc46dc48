/* SPDX-License-Identifier: MIT
 * A host: its workers, its reader and its beat; it may be killed, and it may stand still. */
#include "sim.h"

#include <string.h>

#include "store/held.h"

#define BEAT_MS (SIM_LEASE_MS / 5)
#define OWN_CLOCK_MS 7200000

void sim_host_begin(struct sim *s, struct sim_host *h)
{
    h->owner = ++s->owners;
    h->known = 0;
    h->back = 0;
    h->beat_at = s->now + sim_between(s, 1, BEAT_MS);
    h->beat_apply = 0;
    h->clock = s->hole == HOLE_OWN_CLOCK ? sim_between(s, -OWN_CLOCK_MS, OWN_CLOCK_MS)
                                         : sim_between(s, -30, 30);
    for (int i = 0; i < SIM_WORKERS; i++) {
        sim_worker_clear(&h->workers[i]);
        h->workers[i] = (struct sim_worker){.at = s->now + sim_between(s, 1, 2000)};
    }
    h->reader = (struct sim_reader){.at = s->now + sim_between(s, 1, 1000)};
}

/* ---- reading ---- */

static int visible(const struct sim *s)
{
    int n = 0;
    while (n < s->change_count && s->changes[n].at <= s->now)
        n++;
    return n;
}

static void reader_call(struct sim *s, struct sim_reader *r, int step)
{
    r->step = step;
    r->failed = false;
    r->apply_at = s->now + sim_between(s, 1, sim_chance(s, s->slow_percent) ? 9000 : 30);
    r->at = r->apply_at + sim_between(s, 1, sim_chance(s, s->slow_percent) ? 9000 : 30);
}

static void reader_apply(struct sim *s, struct sim_host *h)
{
    struct sim_reader *r = &h->reader;
    r->apply_at = 0;
    r->failed = s->now < s->db_back || s->now < h->cut;
    if (r->failed)
        return;
    if (r->step == 1) {
        r->failed = !sim_db_read_begin(s, h, r);
        return;
    }
    sim_db_append(s, h, r);
    r->failed = sim_chance(s, 5);
}

static void reader_act(struct sim *s, struct sim_reader *r)
{
    if (r->step == 0 && visible(s) > s->db.source.cursor) {
        reader_call(s, r, 1);
    } else if (r->step == 1 && !r->failed && visible(s) > r->from) {
        r->count = visible(s) - r->from;
        reader_call(s, r, 2);
    } else if (r->step == 2 && r->failed) {
        reader_call(s, r, 2); /* the same page: the cursor tells */
    } else {
        r->step = 0;
        r->at = s->now + sim_between(s, 500, 3000);
    }
}

/* ---- the beat ---- */

static void beat_apply(struct sim *s, struct sim_host *h)
{
    h->beat_apply = 0;
    h->beat_failed = s->now < s->db_back || s->now < h->cut;
    if (h->beat_failed)
        return;
    bool any = false;
    for (int i = 0; i < SIM_WORKERS; i++) {
        h->beat_stands[i] = false;
        for (int p = 0; p < SIM_PARTS && h->beat_epoch[i]; p++) {
            struct sim_lease *l = &s->db.lease[p];
            if (h->workers[i].part != p || l->owner != h->owner || l->epoch != h->beat_epoch[i])
                continue;
            l->until = sim_db_now(s, h) + SIM_LEASE_MS;
            h->beat_stands[i] = any = true;
        }
    }
    if (any)
        sim_db_commit(s, s->hole != HOLE_BEAT_SOFT);
    /* it hears of this one, late, and of nothing after it */
    if (any && (h->doomed || sim_chance(s, s->nasty_percent))) {
        h->doomed = false;
        h->harried = s->now + 2 * SIM_LEASE_MS;
        h->cut = s->now + sim_between(s, 12000, 30000);
        if (sim_chance(s, 50))
            h->beat_at = s->now + sim_between(s, 4000, 9000);
        else
            s->crash_at = s->now + sim_between(s, 1, 50);
    }
    h->beat_failed = sim_chance(s, 2);
}

static void beat_answer(struct sim *s, struct sim_host *h)
{
    for (int i = 0; i < SIM_WORKERS && !h->beat_failed; i++) {
        struct sim_worker *w = &h->workers[i];
        if (!h->beat_epoch[i] || w->epoch != h->beat_epoch[i])
            continue;
        if (h->beat_stands[i])
            w->deadline = (s->hole == HOLE_DEADLINE_LATE ? s->now : h->beat_sent) +
                          held_good_ms(SIM_LEASE_MS);
        else
            w->deadline = 0;
    }
    h->beat_sent = 0;
    h->beat_at = s->now + BEAT_MS;
}

static void beat_begin(struct sim *s, struct sim_host *h)
{
    bool any = false;
    for (int i = 0; i < SIM_WORKERS; i++) {
        const struct sim_worker *w = &h->workers[i];
        h->beat_epoch[i] = w->state > W_LEASE ? w->epoch : 0;
        any = any || h->beat_epoch[i];
    }
    if (!any) {
        h->beat_at = s->now + BEAT_MS;
        return;
    }
    h->beat_sent = s->now;
    h->beat_apply = s->now + sim_between(s, 1, sim_chance(s, s->slow_percent) ? 9000 : 20);
    h->beat_at = h->beat_apply + sim_between(s, 1, sim_chance(s, s->slow_percent) ? 9000 : 20);
}

/* ---- life ---- */

/* What it had sent to the store may be done all the same. */
void sim_host_kill(struct sim *s, struct sim_host *h)
{
    for (int i = 0; i < SIM_WORKERS; i++) {
        struct sim_worker *w = &h->workers[i];
        if (w->apply_at && sim_chance(s, 50))
            sim_worker_apply(s, h, w);
        sim_worker_clear(w);
        *w = (struct sim_worker){.at = SIM_NEVER};
    }
    if (h->reader.apply_at && sim_chance(s, 50))
        reader_apply(s, h);
    h->life++;
    h->back = s->now + sim_between(s, 1, 12000);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Its own steps wait while it stands still; what it sent does not. */
int64_t sim_host_next(const struct sim_host *h)
{
    if (h->back)
        return h->back;
    int64_t own = earlier(h->beat_apply ? SIM_NEVER : h->beat_at,
                          h->reader.apply_at ? SIM_NEVER : h->reader.at);
    int64_t sent = earlier(h->beat_apply ? h->beat_apply : SIM_NEVER,
                           h->reader.apply_at ? h->reader.apply_at : SIM_NEVER);
    for (int i = 0; i < SIM_WORKERS; i++) {
        const struct sim_worker *w = &h->workers[i];
        if (w->apply_at)
            sent = earlier(sent, w->apply_at);
        else
            own = earlier(own, w->at);
    }
    if (own < h->frozen)
        own = h->frozen;
    return earlier(own, sent);
}

void sim_host_act(struct sim *s, struct sim_host *h)
{
    if (h->back) {
        sim_host_begin(s, h);
        return;
    }
    if (h->beat_apply && h->beat_apply <= s->now) {
        beat_apply(s, h);
        return;
    }
    if (h->reader.apply_at && h->reader.apply_at <= s->now) {
        reader_apply(s, h);
        return;
    }
    for (int i = 0; i < SIM_WORKERS; i++) {
        if (h->workers[i].apply_at && h->workers[i].apply_at <= s->now) {
            sim_worker_apply(s, h, &h->workers[i]);
            return;
        }
    }
    if (s->now < h->frozen)
        return;
    int first = (int)sim_draw(s, SIM_WORKERS);
    for (int i = 0; i < SIM_WORKERS; i++) {
        struct sim_worker *w = &h->workers[(first + i) % SIM_WORKERS];
        if (!w->apply_at && w->at <= s->now) {
            sim_worker_act(s, h, w);
            return;
        }
    }
    if (!h->reader.apply_at && h->reader.at <= s->now)
        reader_act(s, &h->reader);
    else if (!h->beat_apply && h->beat_at <= s->now && h->beat_sent)
        beat_answer(s, h);
    else if (!h->beat_apply && h->beat_at <= s->now)
        beat_begin(s, h);
}
