/* SPDX-License-Identifier: MIT
 * The peer: it does what it is told, when the request arrives, whoever waits for it. */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

void sim_peer_send(struct sim *s, struct sim_host *h, int worker, const struct sim_work *k)
{
    struct sim_request *r = NULL;
    for (int i = 0; i < SIM_REQUESTS && !r; i++)
        r = s->requests[i].used ? NULL : &s->requests[i];
    if (!r) {
        sim_wrong(s, "more requests under way than there is room for");
        return;
    }
    *r = (struct sim_request){.used = true, .key = k->key, .content = k->send_content,
                              .id = k->link.id ? atoi(k->link.id) : 0, .job = k->send_job,
                              .write = k->write, .worker = worker, .life = h->life,
                              .ticket = ++s->tickets};
    h->workers[worker].ticket = r->ticket;
    bool late = sim_chance(s, s->late_percent);
    r->arrives = s->now + (late ? sim_between(s, 1000, SIM_TIMEOUT_MS + SIM_QUIET_MS - 1)
                                : sim_between(s, 1, 400));
    if (s->now < h->harried && sim_chance(s, 50))
        r->arrives = s->now + SIM_TIMEOUT_MS + SIM_QUIET_MS - sim_between(s, 1, 800);
    r->answers = r->arrives + sim_between(s, 1, 400);
    r->refuses = sim_chance(s, 3);
    if (sim_chance(s, s->lost_percent) || r->answers > s->now + SIM_TIMEOUT_MS)
        r->answers = SIM_NEVER;
    sim_tell(s, "sends key %d content %d, arrives %lld%s", r->key, r->content,
             (long long)r->arrives, r->answers == SIM_NEVER ? ", no answer" : "");
}

static struct sim_doc *find(struct sim *s, const struct sim_request *r)
{
    for (int i = 0; i < s->doc_count; i++) {
        struct sim_doc *d = &s->docs[i];
        bool same = r->write == WRITE_UPDATE ? d->id == r->id
                    : s->means.upsert        ? d->key == r->key
                    : s->means.keyed         ? d->key == r->key && d->job == r->job
                                             : false;
        if (same)
            return d;
    }
    return NULL;
}

/* The worker hears of it, if it is still the one that asked. */
static void answer(struct sim *s, const struct sim_request *r, int ok, int id)
{
    for (int i = 0; i < SIM_HOSTS; i++) {
        struct sim_host *h = &s->hosts[i];
        if (h->life != r->life || h->back)
            continue;
        struct sim_worker *w = &h->workers[r->worker];
        if (w->state == W_WAIT && w->ticket == r->ticket && r->answers != SIM_NEVER) {
            w->sent_ok = ok;
            w->sent_id = id;
            w->at = r->answers;
        }
    }
}

void sim_peer_arrive(struct sim *s, struct sim_request *r)
{
    r->used = false;
    if (r->refuses) {
        answer(s, r, 2, 0);
        return;
    }
    struct sim_doc *d = find(s, r);
    bool replay = d && s->means.keyed && r->write == WRITE_CREATE;
    if (!replay && r->content < s->newest[r->key])
        sim_wrong(s, "key %d: content %d arrives after %d", r->key, r->content, s->newest[r->key]);
    if (!d && r->write == WRITE_CREATE && s->doc_count < SIM_DOCS) {
        d = &s->docs[s->doc_count++];
        *d = (struct sim_doc){.key = r->key, .id = ++s->doc_last, .job = r->job, .at = s->now};
    }
    if (d && !replay) {
        d->content = r->content;
        s->newest[r->key] = r->content;
    }
    sim_tell(s, "peer has key %d content %d as %d", r->key, r->content, d ? d->id : 0);
    answer(s, r, 1, d ? d->id : 0);
}

/* By the record's reference. What was made a moment ago may not be shown yet. */
void sim_peer_find(struct sim *s, struct sim_work *k)
{
    int64_t old = s->now - sim_between(s, 0, SIM_LAG_MS);
    k->found = 0;
    for (int i = 0; i < s->doc_count; i++) {
        if (s->docs[i].key == k->key && s->docs[i].at <= old) {
            k->found = s->docs[i].id;
            k->found_content = s->docs[i].content;
        }
    }
}
