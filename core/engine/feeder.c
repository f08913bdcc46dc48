/* SPDX-License-Identifier: MIT
 * The flows that a stock flow waits for. */
#include "engine/feeder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/room.h"
#include "flow/hold.h"
#include "flow/read.h"

static bool is_held(const struct conf_flow *conf)
{
    return behaviour_for(conf->model)->held;
}

static int has_room(void *arg, struct koppel_error *err)
{
    const struct run *run = arg;
    return room_check(run->engine, &run->generation->conf->keep, err);
}

int feeder_init(struct feeders *g, struct run *run, struct koppel_error *err)
{
    const struct generation *now = run->generation;
    const struct conf *conf = now->conf;
    *g = (struct feeders){0};
    if (!is_held(run->flow.conf))
        return 0;
    g->flows = calloc((size_t)conf->flow_count + 1, sizeof *g->flows);
    g->pointers = calloc((size_t)conf->flow_count + 1, sizeof(struct flow *));
    if (!g->flows || !g->pointers)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *order = &conf->flows[i];
        if (!generation_feeds(order, run->flow.conf))
            continue;
        struct flow *f = &g->flows[g->count];
        g->pointers[g->count++] = f;
        if (flow_init(f, order, generation_connection(now, order->from),
                      generation_connection(now, order->to), run->engine->store, &run->stop,
                      err) != 0 ||
            flow_declare(f, err) != 0)
            return -1;
        f->room = has_room;
        f->room_arg = run;
    }
    return hold_by(&run->flow, g->pointers, g->count, read_up, err);
}

void feeder_done(struct feeders *g, struct run *run)
{
    hold_free(run->flow.hold);
    run->flow.hold = NULL;
    for (int i = 0; i < g->count; i++)
        flow_done(&g->flows[i]);
    free(g->flows);
    free(g->pointers);
}

/* ---- waking ---- */

struct sleepers {
    struct store *store;
    const char *scope; /* of the links that must be there; NULL: none need be */
    struct job_id *ids;
    char (*keys)[STORE_KEY_BYTES];
    int count, room;
};

static int gather(void *arg, const struct store_pick *p)
{
    struct sleepers *s = arg;
    if (s->count == s->room) {
        int room = s->room ? s->room * 2 : 64;
        struct job_id *ids = realloc(s->ids, (size_t)room * sizeof *ids);
        if (ids)
            s->ids = ids;
        void *keys = realloc(s->keys, (size_t)room * sizeof *s->keys);
        if (keys)
            s->keys = keys;
        if (!ids || !keys)
            return -1;
        s->room = room;
    }
    s->ids[s->count] = (struct job_id){NULL, p->id.part, p->id.off};
    snprintf(s->keys[s->count++], STORE_KEY_BYTES, "%s", p->key);
    return 0;
}

/* Leaves those whose article is there now. */
static int keep_linked(struct sleepers *s, struct koppel_error *err)
{
    const char **names = calloc((size_t)s->count * 2 + 1, sizeof *names);
    struct store_link *links = calloc((size_t)s->count + 1, sizeof *links);
    int rc = names && links ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory"), left = 0;
    for (int i = 0; rc == 0 && i < s->count; i++) {
        names[i] = s->scope;
        names[s->count + i] = s->keys[i];
    }
    if (rc == 0)
        rc = s->store->ops->links_get(s->store, NULL, s->count, names, names + s->count, links,
                                      err);
    for (int i = 0; rc == 0 && i < s->count; i++) {
        if (links[i].state == LINK_THERE && !links[i].closed)
            s->ids[left++] = s->ids[i];
        store_link_done(&links[i]);
    }
    if (rc == 0)
        s->count = left;
    free(names);
    free(links);
    return rc;
}

static int wake(struct store *store, const char *flow, enum job_state state, const char *reason,
                const char *scope, struct koppel_error *err)
{
    struct sleepers s = {.store = store, .scope = scope};
    struct store_job_filter filter = {.flow = flow, .state = (int)state, .reason = reason};
    int count = 0;
    int rc = store->ops->pick(store, &filter, gather, &s, err);
    if (rc == 0 && scope && s.count > 0)
        rc = keep_linked(&s, err);
    for (int i = 0; i < s.count; i++)
        s.ids[i].flow = flow;
    if (rc == 0 && s.count > 0)
        rc = store->ops->retry(store, s.ids, s.count, false, &count, err);
    free(s.ids);
    free(s.keys);
    return rc;
}

int feeder_wake(struct store *s, const struct conf *conf, const struct conf_flow *stock,
                struct koppel_error *err)
{
    char scope[FLOW_SCOPE_BYTES];
    if (!is_held(stock))
        return 0;
    if (wake(s, stock->name, JOB_WAITING, "held", NULL, err) != 0)
        return -1;
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *product = &conf->flows[i];
        if (strcmp(product->model, "product") != 0 || product->from != stock->from ||
            product->to != stock->to)
            continue;
        flow_scope(product, scope);
        if (wake(s, stock->name, JOB_PARKED, "article.missing", scope, err) != 0)
            return -1;
    }
    return 0;
}
