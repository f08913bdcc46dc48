/* SPDX-License-Identifier: MIT
 * What became of the records of one run; for the log: a line for the run, and one for each reason
 * that records were parked for, however many they were. */
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
};

void outcomes_init(struct outcomes *o);
void outcomes_done(struct outcomes *o);
/* A job was settled. reason is copied; "": none. ours: a mistake of the program or a plugin, not of
 * the record. From any thread. */
void outcomes_add(struct outcomes *o, enum job_state state, const char *reason, struct job_id job,
                  bool ours);
/* {"done","skipped","parked","waiting","reasons":[{"state","reason","count"}]}. NULL: no memory. */
json_t *outcomes_json(struct outcomes *o);
/* Logs them, for a flow that read so many records in took_ms. counted: the counts too, unless
 * nothing was read and nothing ended. */
void outcomes_tell(struct outcomes *o, const char *flow, bool counted, int64_t read,
                   int64_t took_ms);

#endif
