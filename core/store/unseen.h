/* SPDX-License-Identifier: MIT
 * Since when nobody can have seen the outcome of a write: what the quiet time counts from. Pure. */
#ifndef KOPPEL_STORE_UNSEEN_H
#define KOPPEL_STORE_UNSEEN_H

#include <stdbool.h>
#include <stdint.h>

/* The lease that a link was written under, as its partition stands now. */
struct unseen_lease {
    bool same;      /* it is still the last one that was given */
    bool held;      /* nobody gave it back */
    bool ours;      /* this engine has it, and is alive */
    int64_t until;  /* when its time is over */
    /* when the partition was last taken over from who had not given it back, or was given back
     * unsettled */
    int64_t taken;
};

/* written: when the link was. Who wrote it and is alive, or gave its lease back settled, sends
 * nothing after that; who gave it back unsettled may have sent until then, one that died until its
 * lease ran out, or until it was taken over. */
int64_t unseen_since(int64_t written, const struct unseen_lease *lease, int64_t now);

#endif
