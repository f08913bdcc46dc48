/* SPDX-License-Identifier: MIT
 * Orders of persons about single jobs. All texts are borrowed. */
#ifndef KOPPEL_STORE_STORE_HAND_H
#define KOPPEL_STORE_STORE_HAND_H

#include <stddef.h>
#include <stdint.h>

#include "store/job.h"

struct store_link_change;

/* What came of an order. */
enum store_hand_end {
    HAND_DONE,
    HAND_NONE,  /* there is no such job, or nothing of it to be tried again */
    HAND_ENDED, /* it has ended meanwhile, as `was` says: what ended stays ended */
    /* It may be under way: whoever delivers its partition was asked to give it back, which takes a
     * batch; ask again in a moment. */
    HAND_BUSY,
};

/* A job that a person ends. */
struct store_hand {
    struct job_id id;
    enum job_state state;  /* DONE or SKIPPED */
    const char *reason;
    const char *detail;    /* one sentence; sealed. Facts go, brief and words stay */
    const char *remote_id; /* NULL: as it was */
    const char *activity;  /* JSON text of what was done, as of an attempt; sealed */
    /* What is known of its record from now on; NULL: as before */
    const struct store_link_change *link;
    /* out */
    enum store_hand_end end;
    enum job_state was;
};

/* A record that a person changed before it is tried again. It stands beside the one that was read,
 * and is gone with the job; the next version from the source is not touched by it. */
struct store_edit {
    struct job_id id;
    const char *record; /* JSON text, as the source's; sealed */
    size_t record_bytes;
    const char *who;    /* plain */
    const char *why;    /* sealed */
};

#endif
