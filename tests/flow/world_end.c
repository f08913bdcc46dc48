/* SPDX-License-Identifier: MIT
 * The plugin: both the source and the destination. */
#include "world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* ---- the plugin: both the source and the destination ---- */

struct end {
    const struct koppel_host *host;
    int number;
};

static int end_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                    struct koppel_error *err)
{
    struct end *e = calloc(1, sizeof *e);
    if (!e)
        return host->fail(err, KOPPEL_E_BUG, "out of memory");
    e->host = host;
    e->number = (int)host->setting_int(ctx, "number");
    *self = e;
    return 0;
}

static void end_close(void *self)
{
    free(self);
}

static int end_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct end *e = self;
    return e->host->row(facts, "version", "1", err);
}

static json_t *record_of(const struct world *w, const struct world_version *v)
{
    char total[32], version[32];
    snprintf(total, sizeof total, "%d.00", v->content);
    snprintf(version, sizeof version, "%lld", (long long)v->version);
    json_t *record =
        json_pack("{s:s,s:s,s:s,s:s,s:s}", "customer", "C1", "total", total, "total_incl", total,
                  "state", v->content ? "open" : "cancelled", w->peer.by, v->key);
    if (w->way == WAY_REFERENCE) {
        snprintf(total, sizeof total, "name %d", v->content);
        char other[32];
        const char *number = v->customer ? world_key(w, v->customer - 1, other) : v->key;
        json_object_set_new(record, "customer",
                            json_pack("{s:s,s:s}", "number", number, "name", total));
    }
    if (strcmp(w->peer.by, "number") == 0)
        json_object_set_new(record, "active", json_string("true"));
    return record;
}

static int end_read(void *self, const struct koppel_read_request *r, struct koppel_batch *out,
                    struct koppel_error *err)
{
    struct end *e = self;
    struct world *w = world_now;
    char cursor[32];
    int from = r->cursor ? atoi(r->cursor) : 0;
    for (int i = from; i < w->version_count; i++) {
        const struct world_version *v = &w->versions[i];
        bool leaves = !v->content && !v->cancelled && strcmp(w->peer.by, "number") == 0;
        int rc = leaves ? e->host->emit_gone(out, v->key, v->version, err)
                        : e->host->emit(out, v->key, v->version, record_of(w, v), err);
        if (rc != 0)
            return -1;
    }
    snprintf(cursor, sizeof cursor, "%d", w->version_count);
    return e->host->batch_end(out, cursor, 0, err);
}

static struct world_host *end_host(const struct end *e)
{
    return e->number < WORLD_HOSTS ? world_now->hosts[e->number] : world_now->reader;
}

static int end_find(void *self, const struct koppel_find_request *r, struct koppel_results *out,
                    struct koppel_error *err)
{
    struct end *e = self;
    struct world_host *h = end_host(e);
    enum world_do what = world_gate_pass(h, GATE_FIND);
    if (h->dead)
        return e->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    if (what != DO_GO)
        return e->host->fail(err, KOPPEL_E_RETRY, "not now");
    peer_tick(&world_now->peer);
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_doc *d;
        bool card = strcmp(r->entity, "card") == 0;
        for (int n = 0; (d = peer_find(&world_now->peer, card, r->match, r->keys[i], n)) != NULL;
             n++) {
            if (e->host->result_found(out, i, d->id, json_deep_copy(d->record), err) != 0)
                return -1;
        }
    }
    return 0;
}

static void request_of(const struct koppel_write_request *r, uint32_t i, struct peer_request *q)
{
    const struct koppel_write_item *item = r->items[i];
    *q = (struct peer_request){
        .verb = r->verb, .card = strcmp(r->entity, "card") == 0, .record = item->record};
    snprintf(q->id, sizeof q->id, "%s", item->id ? item->id : "");
    snprintf(q->key, sizeof q->key, "%s", item->job);
    snprintf(q->version, sizeof q->version, "%s", item->version ? item->version : "");
}

/* Applied at once, with or without an answer. */
static int apply_all(struct end *e, const struct koppel_write_request *r,
                     struct koppel_results *out, struct koppel_error *err)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_request q;
        struct peer_doc *doc;
        const char *reason;
        request_of(r, i, &q);
        int kind = peer_apply(&world_now->peer, &q, &doc, &reason);
        if (!out)
            continue;
        if (kind) {
            e->host->result_error(out, i, kind, "the peer says no");
            if (reason)
                e->host->result_reason(out, i, reason);
        } else if (e->host->result_done(out, i, doc->id, json_deep_copy(doc->record), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static void orphan_all(const struct koppel_write_request *r, int64_t at_ms)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct peer_request q;
        request_of(r, i, &q);
        q.life = world_now->late_life;
        peer_orphan(&world_now->peer, &q, at_ms);
    }
}

static int end_write(void *self, const struct koppel_write_request *r, struct koppel_results *out,
                     struct koppel_error *err)
{
    struct end *e = self;
    struct world_host *h = end_host(e);
    peer_tick(&world_now->peer);
    enum world_do what = world_gate_pass(h, GATE_SEND);
    if (what == DO_GO)
        what = world_gate_pass(h, GATE_ANSWER);
    int64_t late = world_now->late_ms < 0 ? INT64_MAX : clock_now_ms() + world_now->late_ms;
    switch (what) {
    case DO_GO:
        return apply_all(e, r, out, err);
    case DO_FAIL:
        e->host->fail(err, KOPPEL_E_RETRY, "not now");
        return world_now->fail_reason ? e->host->reason(err, world_now->fail_reason) : -1;
    case DO_REJECT:
        e->host->fail(err, world_now->reject_kind ? world_now->reject_kind : KOPPEL_E_REJECTED,
                      "no");
        return e->host->reason(err, world_now->reject_reason ? world_now->reject_reason
                                                             : "rejected");
    case DO_LOSE_ANSWER:
    case DO_KILL_AFTER:
        (void)apply_all(e, r, NULL, err);
        break;
    case DO_LATE:
    case DO_KILL_LATE:
        orphan_all(r, late);
        break;
    default:
        break;
    }
    if (h->dead)
        return e->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    return e->host->fail(err, KOPPEL_E_UNSURE, "no answer");
}

const struct koppel_connector world_end_plugin = {.open = end_open,
                                                  .close = end_close,
                                                  .probe = end_probe,
                                                  .read = end_read,
                                                  .find = end_find,
                                                  .write = end_write};
