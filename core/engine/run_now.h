/* SPDX-License-Identifier: MIT
 * Orders to run a flow, beside its interval. */
#ifndef KOPPEL_ENGINE_RUN_NOW_H
#define KOPPEL_ENGINE_RUN_NOW_H

#include "engine/engine.h"
#include "engine/run.h"

#define RUN_NOW_BUSY "flow.busy"

/* How far the run is. */
struct run_now_progress {
    const char *flow;
    int64_t read, settled;
    /* of what is read again on purpose: looked at, and of how many (-1: unknown) */
    int64_t looked, total;
};

/* What somebody orders; all borrowed. */
struct run_now_order {
    const char *flow;
    /* How long the run waits for what comes later, and the order for a run that is under way. */
    int64_t wait_ms;
    const char *who;
    /* Told some five times a second what the run has done; may be NULL. -1: nobody waits any
     * more. */
    int (*tell)(void *arg, const struct run_now_progress *p);
    void *arg;
    const atomic_bool *gone; /* nobody waits any more; may be NULL */
};

/* Runs a flow, enabled or not, through the schedule of e, and answers when the run that began after
 * the order is over: as run_flow. Where nobody waits any more (KOPPEL_E_CANCELLED) a run that has
 * begun goes on. One that was under way and did not end in time: KOPPEL_E_RETRY, RUN_NOW_BUSY. */
int run_now(struct engine *e, const struct run_now_order *order, struct run_result *out,
            struct koppel_error *err);
/* The flow is to run soon, for that reason, where it is enabled and not paused; nobody waits for
 * it. Nothing where the engine does not serve. */
void run_now_soon(struct engine *e, const char *flow, enum runs_trigger trigger);

#endif
