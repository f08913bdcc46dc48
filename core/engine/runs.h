/* SPDX-License-Identifier: MIT
 * What is known of a flow's runs: the number and the facts of the last one, when the last good one
 * ended, and the last error, in the note "run/FLOW"; each run that did something, or failed, is an
 * entry "run" of the store's log besides. */
#ifndef KOPPEL_ENGINE_RUNS_H
#define KOPPEL_ENGINE_RUNS_H

#include <jansson.h>

#include "flow/flow.h"

/* Why a flow runs. */
enum runs_trigger {
    RUNS_START,    /* the engine started */
    RUNS_SCHEDULE, /* its interval */
    RUNS_RETRY,    /* a job that waits was due, or was ordered to be tried again */
    RUNS_HAND,     /* somebody ordered it */
    RUNS_RELOAD,   /* its configuration changed */
    RUNS_PUSHED,   /* its source sent something: it delivers, and does not read */
};
const char *runs_trigger_name(enum runs_trigger trigger); /* "start", "schedule" ... */

/* A run that begins: its number is higher than that of any before. who (borrowed): the user who
 * ordered it; NULL: nobody. Sets run and trigger of f. */
int runs_begin(struct flow *f, enum runs_trigger trigger, const char *who,
               struct koppel_error *err);
/* It ended. complete: the source was read to its end, and nothing stopped it; why (kind 0: nothing)
 * is what failed. *out (may be NULL): its facts, as runs_last gives them. */
int runs_end(struct flow *f, bool complete, const struct koppel_error *why, json_t **out,
             struct koppel_error *err);
/* *out: NULL where it never ran; else
 * {"run","trigger","who" (or null),"version","begun","ended" (null: it is under way, or the program
 *  ended in it),"read","done","skipped","parked","waiting","reasons":[{"state","reason","count"}],
 *  "complete","error":{"kind","reason","text"} or null,
 *  "last_good": when the last good one ended, or null,
 *  "last_error":{"run","at","kind","reason","text"} or null}
 * Times are RFC 3339 in UTC. */
int runs_last(struct store *s, const char *flow, json_t **out, struct koppel_error *err);

#endif
