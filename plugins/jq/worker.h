/* SPDX-License-Identifier: MIT
 * Processes that run jq programs. They are kept for the next question, as many as asked at the same
 * time, and replaced where one was ended. Any number of threads may ask. */
#ifndef KOPPEL_PLUGIN_JQ_WORKER_H
#define KOPPEL_PLUGIN_JQ_WORKER_H

#include <stddef.h>

#include "wire.h"

enum worker_outcome {
    WORKER_ANSWER,  /* the answer is there, whatever it says */
    WORKER_TIME,    /* it took too long, and was ended */
    WORKER_ENDED,   /* it ended: more memory than it may have, or a fault of libjq */
    WORKER_MISSING, /* koppel-jq is not there, cannot be started, or may not bound itself */
};

/* input may be NULL with WIRE_COMPILE. *text is the answer's, terminated, and freed by the caller.
 */
enum worker_outcome worker_ask(enum wire_kind kind, const char *program, const char *input,
                               enum wire_status *status, char **text);

/* Programs that are in use; where none is left the processes end. */
void worker_hold(void);
void worker_release(void);

#endif
