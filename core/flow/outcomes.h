/* SPDX-License-Identifier: MIT
 * What became of the records of one run; for the log: a line for the run, and one for each reason
 * that records were parked for, however many they were. While a run goes on for long, the first
 * record of each cause is told at once. */
#ifndef KOPPEL_FLOW_OUTCOMES_H
#define KOPPEL_FLOW_OUTCOMES_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

struct outcomes_reason;

struct outcomes {
    pthread_mutex_t lock; /* guards what follows */
    int64_t count[JOB_WAITING + 1]; /* by state; a record that waits is counted at each try */
    struct outcomes_reason *reasons;
    int64_t begun_ms;               /* by the clock of time-outs */
};

void outcomes_init(struct outcomes *o);
void outcomes_done(struct outcomes *o);
#define OUTCOMES_LONG_MS 2000 /* a run of less time tells what it parked in its end */
/* A job was settled. reason is copied; "": none. cause: what a parked one waits for (cause.h),
 * NULL: unknown. ours: a mistake of the program or a plugin, not of the record. From any thread. */
void outcomes_add(struct outcomes *o, enum job_state state, const char *reason, const char *cause,
                  struct job_id job, bool ours);
/* {"done","skipped","parked","waiting","reasons":[{"state","reason","count"}]}. NULL: no memory. */
json_t *outcomes_json(struct outcomes *o);
/* Logs them, for a flow that read so many records in took_ms. counted: the counts too, unless
 * nothing was read and nothing ended. */
void outcomes_tell(struct outcomes *o, const char *flow, bool counted, int64_t read,
                   int64_t took_ms);

#endif
