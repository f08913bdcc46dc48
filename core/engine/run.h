/* SPDX-License-Identifier: MIT
 * One run of one flow: reads to the end, delivers what there is. */
#ifndef KOPPEL_ENGINE_RUN_H
#define KOPPEL_ENGINE_RUN_H

#include "engine/engine.h"
#include "engine/runs.h"

struct run {
    struct engine *engine;
    const struct generation *generation;
    struct flow flow;
    atomic_bool stop;   /* of this run: the engine's stop, a pause, or its time is up */
    atomic_bool reading;
    atomic_bool complete; /* the source was read to its end */
    atomic_int delivering;
    bool pushed;        /* it delivers what its source sends, and does not read */
    bool late;          /* its time was up while a system rested, or the store */
    struct koppel_error read_why; /* why the reading, or all of it, ended early; kind 0: not so */
};

#define RUN_SERVE (-1)

/* What is to be run; all borrowed. */
struct run_order {
    const struct generation *generation; /* held by the caller */
    const struct conf_flow *flow;        /* of that generation */
    /* How long jobs that are to be retried, and a peer that rests, are waited for; what is under
     * way then finishes. RUN_SERVE: jobs that are to be retried are left to the next run, and a
     * peer that rests is waited for as long as it takes. */
    int64_t wait_ms;
    enum runs_trigger trigger;
    const char *who; /* the user who ordered it; NULL: nobody */
    const atomic_bool *leaving; /* it is to end after the record at hand; may be NULL */
};

/* What became of it. */
struct run_result {
    json_t *facts; /* as runs_last gives them, the caller's; NULL: it did not begin */
    bool late;     /* its time was up while a system rested */
};

/* Does a run that failed so pause its flow, until a person has mended it? */
bool run_pauses(const struct koppel_error *why);

/* One run. 0: it ran, though jobs may be left (the store tells). -1 and err: it halted, its source
 * could not be read, or it is paused (reason "flow.paused"). What became of the records is logged,
 * and a pause that it made. */
int run_flow(struct engine *e, const struct run_order *order, struct run_result *out,
             struct koppel_error *err);

#endif
