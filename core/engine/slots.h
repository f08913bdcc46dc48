/* SPDX-License-Identifier: MIT
 * What a schedule knows of each flow, and of those who wait for one. For the files of the schedule
 * (schedule.c, run_now.c, adopt.c, flow_state.c).
 *
 * All of it is guarded by the engine's lock. Only the thread of the schedule frees a slot, so that
 * it may let go of the lock while it asks the store. */
#ifndef KOPPEL_ENGINE_SLOTS_H
#define KOPPEL_ENGINE_SLOTS_H

#include "engine/engine.h"
#include "engine/run.h"
#include "engine/serving.h"

#define SLOTS_NEVER INT64_MAX

/* Somebody who waits for a run; on his stack. */
struct ticket {
    struct ticket *next;
    int64_t wait_ms; /* how long the run waits for what comes later */
    const char *who;
    bool begun, over;
    struct run_result result; /* its facts are the waiter's */
    struct koppel_error why;  /* kind 0: it ran */
};

/* A run under way; its thread's. */
struct task {
    struct schedule *schedule;
    struct slot *slot;
    struct generation *generation;
    struct run_order order;
    struct ticket *tickets;
    char *who;
    atomic_bool leaving; /* of a configuration that is not active any more */
};

/* A flow, by its name. */
struct slot {
    struct slot *next;
    char *name;
    const struct conf_flow *flow; /* of the active generation; NULL: it is not there any more */
    bool runs;                    /* at its interval: it is enabled, and the engine serves */
    int64_t next_ms, due_ms;      /* monotonic: its interval; a job that waits. SLOTS_NEVER */
    int failures;                 /* runs in a row that failed as a whole */
    int64_t rest_ms;              /* monotonic: no job is due before, as runs before failed */
    bool asked;                   /* it is to run soon, for trigger */
    enum runs_trigger trigger;
    bool look;                    /* whether it is paused, and what is due, is to be asked anew */
    bool paused, unknown;         /* unknown: the store did not say */
    struct ticket *tickets;       /* whoever waits for the next run */
    struct task *task;            /* NULL: it does not run */
    struct serving_log log;
};

struct schedule {
    struct engine *engine;
    pthread_t thread;
    bool joined;
    atomic_llong awake_since_ms; /* monotonic: what it looks at takes so long; 0: it sleeps */
    bool dirty;   /* something is to be looked at before it sleeps */
    int64_t seen; /* of engine->orders */
    int running;  /* threads of runs */
    bool worked;  /* something ran, and its memory was not given back yet */
    struct slot *slots;
};

/* Something changed: the schedule looks, and so does who waits for a run. */
void slots_stir(struct schedule *s);
struct slot *slots_find(struct schedule *s, const char *flow);
/* One more. NULL: no memory. */
struct slot *slots_make(struct schedule *s, const struct conf_flow *flow);
/* What the active generation has for it; NULL: nothing. Where it is to run at its interval and did
 * not before, it runs soon, for that reason. */
void slots_set_flow(struct schedule *s, struct slot *slot, const struct conf_flow *flow,
                    enum runs_trigger trigger);
/* A slot for each flow of the active generation. -1: no memory. */
int slots_fill(struct schedule *s, enum runs_trigger trigger);
/* Frees those that nobody needs any more. */
void slots_drop(struct schedule *s);
void slots_free(struct schedule *s);

/* Ends the waiting of all of them. result (may be NULL) is borrowed. */
void slots_end_tickets(struct ticket **tickets, const struct koppel_error *why,
                       const struct run_result *result);
/* Takes a ticket out of a list; false: it is not in it. */
bool slots_take_out(struct ticket **list, const struct ticket *t);

#endif
