/* SPDX-License-Identifier: MIT
 * What a new generation means for each flow. */
#include "engine/adopt.h"

#include "engine/slots.h"

/* Lets the run of a slot end after the record at hand. */
static void let_end(struct engine *e, struct slot *slot)
{
    if (!slot->task)
        return;
    atomic_store(&slot->task->leaving, true); /* for one that has not entered yet */
    for (struct engine_flow *at = e->flows; at; at = at->next) {
        if (at->flow->conf == slot->task->order.flow)
            flow_stop(at->flow);
    }
}

/* What becomes of a flow that had a slot. */
static void turn_over(struct engine *e, struct slot *slot, const struct generation *before)
{
    const struct conf *conf = e->now->conf;
    bool ran = slot->runs;
    bool same = slot->flow && generation_same_flow(before, slot->flow, e->now);
    slots_set_flow(e->schedule, slot, conf->whole ? conf_flow(conf, slot->name) : NULL,
                   RUNS_RELOAD);
    if (!same || (ran && !slot->runs))
        let_end(e, slot);
    if (ran && slot->runs && !same) {
        slot->asked = true;
        slot->trigger = RUNS_RELOAD;
        slot->look = true;
    }
    if (!slot->flow) {
        struct koppel_error gone = {0};
        err_set(&gone, KOPPEL_E_CONFIG, "no flow %s in %s", slot->name, conf->dir);
        slots_end_tickets(&slot->tickets, &gone, NULL);
    }
}

/* What runs at its interval in one generation or the other. */
static void compare(const struct generation *before, const struct generation *now,
                    struct adopt_result *out)
{
    for (int i = 0; i < before->conf->flow_count; i++) {
        const char *name = before->conf->flows[i].name;
        const struct conf_flow *was = generation_enabled(before, name);
        if (was && !generation_enabled(now, name))
            (void)json_array_append_new(out->ended, json_string(name));
        else if (was && !generation_same_flow(before, was, now))
            (void)json_array_append_new(out->changed, json_string(name));
    }
    for (int i = 0; i < now->conf->flow_count; i++) {
        const char *name = now->conf->flows[i].name;
        if (generation_enabled(now, name) && !generation_enabled(before, name))
            (void)json_array_append_new(out->begun, json_string(name));
    }
}

/* Whoever ran another one than was published got no work meanwhile. */
static void begin_anew(struct slot *slot)
{
    if (!slot->runs || slot->asked)
        return;
    slot->asked = true;
    slot->trigger = RUNS_RELOAD;
}

void adopt_generation(struct engine *e, struct generation *g, const struct adopt_runs *runs,
                      struct adopt_result *out)
{
    struct schedule *s = e->schedule;
    *out = (struct adopt_result){json_array(), json_array(), json_array()};
    pthread_mutex_lock(&e->lock);
    struct generation *before = engine_adopt(e, g);
    for (struct slot *slot = s->slots; slot; slot = slot->next)
        turn_over(e, slot, before);
    for (struct slot *slot = s->slots; slot && runs->other; slot = slot->next)
        begin_anew(slot);
    e->store->ops->runs(e->store, runs->revision, runs->lacks);
    (void)slots_fill(s, RUNS_RELOAD); /* without memory a flow that is new waits for its order */
    compare(before, g, out);
    s->worked = true;
    slots_stir(s);
    pthread_mutex_unlock(&e->lock);
    engine_let_go(e, before);
}

void adopt_done(struct adopt_result *r)
{
    json_decref(r->changed);
    json_decref(r->begun);
    json_decref(r->ended);
    *r = (struct adopt_result){0};
}
