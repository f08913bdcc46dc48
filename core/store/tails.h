/* SPDX-License-Identifier: MIT
 * Jobs newest first, out of several partitions at once: each is in the order of time by itself, so
 * their ends are merged, and no index over all of them is needed. */
#ifndef KOPPEL_STORE_TAILS_H
#define KOPPEL_STORE_TAILS_H

#include <stdbool.h>

#include "store/conn.h"

/* Where a job stands in the order of time: that of its number where two came at once. */
struct tails_at {
    int64_t at, job;
};

/* -1: a is older, 1: newer. */
int tails_compare(struct tails_at a, struct tails_at b);

enum tails_kind {
    TAILS_LOG,   /* all that were read */
    TAILS_OPEN,  /* those from their partition's cursor on */
    TAILS_ASIDE, /* those that stand aside in a state */
    TAILS_CAUSE, /* those that stand aside for a cause */
};

struct tails {
    struct conn *c;
    enum tails_kind kind;
    int64_t value; /* the state or the cause */
    struct tail {
        struct tails_at at; /* its newest that was not taken yet */
        int64_t low;        /* its partition's first */
    } *heap;                /* the newest of all first */
    int count, room;
};

/* Those of a flow (0: of all) that are older than `before`. */
int tails_begin(struct tails *t, struct conn *c, enum tails_kind kind, int64_t value, int64_t flow,
                struct tails_at before, struct koppel_error *err);
/* The newest that is left: 1, 0: none is, -1 and err. */
int tails_next(struct tails *t, struct tails_at *out, struct koppel_error *err);
void tails_done(struct tails *t); /* takes a zeroed one */

#endif
