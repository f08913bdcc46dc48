/* SPDX-License-Identifier: MIT
 * Jobs: where they stand, and their addresses as text. */
#ifndef KOPPEL_STORE_JOB_H
#define KOPPEL_STORE_JOB_H

#include <stdint.h>

/* How a job ended, or where it stands. The numbers are kept in stores. */
enum job_state {
    JOB_NEW,     /* in the log, not delivered yet */
    JOB_DONE,
    JOB_SKIPPED,
    JOB_PARKED,  /* a person is needed */
    JOB_WAITING, /* stepped aside, tried again when it is due */
};
#define JOB_STATES 5 /* how many there are */
const char *job_state_name(enum job_state state);           /* "done" */
int job_state_parse(const char *name, enum job_state *out); /* -1: unknown */

/* A job's address. */
struct job_id {
    const char *flow;
    int part;
    int64_t off;
};

#define JOB_ID_BYTES 160 /* of the text "flow/part/off", NUL included */

/* Returns the text's length; -1: the flow's name is too long. */
int job_id_format(struct job_id id, char out[JOB_ID_BYTES]);
/* flow_out receives the flow's name, and out->flow points to it. -1: not a job's address. */
int job_id_parse(const char *text, char flow_out[JOB_ID_BYTES], struct job_id *out);

#define JOB_CAUSE_BYTES 13 /* of a cause's number as text, NUL included */

/* The number of a cause as people write it: twelve hex digits. */
void job_cause_format(int64_t cause, char out[JOB_CAUSE_BYTES]);
int job_cause_parse(const char *text, int64_t *out); /* -1: it is none */

#endif
