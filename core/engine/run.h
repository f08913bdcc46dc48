/* SPDX-License-Identifier: MIT
 * One run of one flow: reads to the end, delivers what there is. */
#ifndef KOPPEL_ENGINE_RUN_H
#define KOPPEL_ENGINE_RUN_H

#include "engine/engine.h"

struct run {
    struct engine *engine;
    struct flow flow;
    bool serves;        /* it is one of many; else whoever ordered it sees its report */
    atomic_bool stop;   /* of this run: the engine's stop, a pause, or its time is up */
    atomic_bool reading;
    atomic_int delivering;
    struct koppel_error read_why; /* why the reading, or all of it, ended early; kind 0: not so */
};

#define RUN_SERVE (-1)

/* Does a run that failed so pause its flow, until a person has mended it? */
bool run_pauses(const struct koppel_error *why);

/* Called about five times a second while a flow runs. */
typedef void run_progress(void *arg, const struct flow *f);

/* One run. wait_ms: how long jobs that are to be retried, and a peer that rests, are waited for;
 * what is under way then finishes. RUN_SERVE: jobs that are to be retried are left to the next run,
 * and a peer that rests is waited for as long as it takes. progress may be NULL. 0: it ran, though
 * jobs may be left (the store tells). -1 and err: it halted, its source could not be read, or it is
 * paused (reason "flow.paused"). What became of the records is logged, and a pause that it made. */
int run_flow(struct engine *e, const struct conf_flow *conf, int64_t wait_ms,
             run_progress *progress, void *arg, struct koppel_error *err);

#endif
