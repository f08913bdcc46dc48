/* SPDX-License-Identifier: MIT
 * Whoever orders a run and waits for it. */
#include "engine/run_now.h"

#include <stdlib.h>

#include "base/clock.h"
#include "engine/slots.h"

#define TELL_MS 200 /* how often who waits hears of his run, and whether he still waits */

/* The slot of a flow, made where it has none yet. The lock is held, here and below. */
static struct slot *slot_for(struct engine *e, const char *flow, struct koppel_error *err)
{
    const struct conf *conf = e->now->conf;
    const struct conf_flow *found = conf->whole ? conf_flow(conf, flow) : NULL;
    struct slot *slot = NULL;
    if (atomic_load(&e->stop)) {
        err_set(err, KOPPEL_E_CANCELLED, "the engine stops");
    } else if (!found) {
        err_set(err, KOPPEL_E_CONFIG, "no flow %s in %s", flow, conf->dir);
    } else if (found->failing) {
        err_reason(err, KOPPEL_E_CONFIG, "cases", "flow %s: %s", flow, found->failing);
    } else if (found->lacks) {
        err_reason(err, KOPPEL_E_CONFIG, "secret.missing", "flow %s: %s", flow, found->lacks);
    } else {
        slot = slots_find(e->schedule, flow);
        if (!slot && !(slot = slots_make(e->schedule, found)))
            err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return slot;
}

/* Tells whoever waits, without the lock; false: he does not any more. */
static bool tell(struct engine *e, const struct run_now_order *o, bool begun)
{
    if (o->gone && atomic_load(o->gone))
        return false;
    const struct flow *f = o->tell && begun ? engine_at_work(e, o->flow) : NULL;
    if (!f)
        return true;
    struct run_now_progress p = {.flow = o->flow,
                                 .read = atomic_load(&f->read),
                                 .settled = atomic_load(&f->settled),
                                 .looked = atomic_load(&f->again_looked),
                                 .total = atomic_load(&f->again_total)};
    pthread_mutex_unlock(&e->lock);
    int rc = o->tell(o->arg, &p);
    pthread_mutex_lock(&e->lock);
    return rc == 0;
}

/* Leaves a run to itself, or takes an order back that met none. */
static void leave(struct engine *e, const char *flow, struct ticket *t)
{
    struct slot *slot = slots_find(e->schedule, flow);
    if (slot && !slots_take_out(&slot->tickets, t) && slot->task)
        (void)slots_take_out(&slot->task->tickets, t);
}

/* Why the run that is under way does not end. */
static int busy(struct engine *e, const char *flow, struct koppel_error *err)
{
    const struct flow *f = engine_at_work(e, flow);
    struct breaker_state state = {0};
    if (f)
        breaker_look(connection_breaker(f->from), &state);
    if (f && state.phase == BREAKER_CLOSED)
        breaker_look(connection_breaker(f->to), &state);
    bool rests = state.phase != BREAKER_CLOSED;
    return err_reason(err, KOPPEL_E_RETRY, RUN_NOW_BUSY,
                      "flow %s runs already, and did not end in time%s%s", flow,
                      rests ? ": " : "", rests ? state.why.text : "");
}

/* 0: the ticket is over. */
static int wait_for(struct engine *e, const struct run_now_order *o, struct ticket *t,
                    struct koppel_error *err)
{
    int64_t give_up = clock_monotonic_ms() + o->wait_ms;
    while (!t->over) {
        struct timespec until;
        clock_deadline(TELL_MS, &until);
        (void)pthread_cond_timedwait(&e->changed, &e->lock, &until);
        bool there = t->over || tell(e, o, t->begun);
        if (t->over)
            break;
        const struct slot *slot = slots_find(e->schedule, o->flow);
        bool late = !t->begun && slot && slot->task && clock_monotonic_ms() >= give_up;
        if (there && !late)
            continue;
        leave(e, o->flow, t);
        return late ? busy(e, o->flow, err)
                    : err_set(err, KOPPEL_E_CANCELLED, "nobody waits for flow %s any more",
                              o->flow);
    }
    return 0;
}

int run_now(struct engine *e, const struct run_now_order *order, struct run_result *out,
            struct koppel_error *err)
{
    struct ticket t = {.wait_ms = order->wait_ms, .who = order->who};
    int rc = -1;
    *out = (struct run_result){0};
    pthread_mutex_lock(&e->lock);
    struct slot *slot = slot_for(e, order->flow, err);
    if (slot) {
        t.next = slot->tickets;
        slot->tickets = &t;
        slots_stir(e->schedule);
        rc = wait_for(e, order, &t, err);
    }
    pthread_mutex_unlock(&e->lock);
    if (rc != 0)
        return -1;
    *out = t.result;
    if (t.why.kind)
        *err = t.why;
    return t.why.kind ? -1 : 0;
}

void run_now_soon(struct engine *e, const char *flow, enum runs_trigger trigger)
{
    if (!e->serves)
        return;
    pthread_mutex_lock(&e->lock);
    struct slot *slot = slots_find(e->schedule, flow);
    if (slot && slot->runs) {
        slot->asked = true;
        slot->trigger = trigger;
        slot->look = true;
        slots_stir(e->schedule);
    }
    pthread_mutex_unlock(&e->lock);
}
