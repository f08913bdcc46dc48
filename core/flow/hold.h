/* SPDX-License-Identifier: MIT
 * Hold: a till's stock must never be raised by its own sales that are not in the books yet. Before
 * stock goes to the till, the flows that bring its orders to the books (the feeders) are read up to
 * now. An article is held while an order that names it is not settled, and where one was settled
 * after its level was read; all are, while a feeder is stopped or an order cannot be understood. */
#ifndef KOPPEL_FLOW_HOLD_H
#define KOPPEL_FLOW_HOLD_H

#include "flow/work.h"

/* This flow waits for the sales of the feeders (borrowed for its life). read_up reads one of them
 * up to now, so that what was sold a moment ago is known. */
int hold_by(struct flow *f, struct flow *const *feeders, int count,
            int (*read_up)(struct flow *feeder, struct koppel_error *err),
            struct koppel_error *err);
/* When no thread uses the flow any more. NULL is fine. */
void hold_free(struct hold *h);

/* The flow reads its levels now (since the store's `now`), or has read them all. */
void hold_reading(struct flow *f, int64_t since_ms);
void hold_read(struct flow *f);

/* Lets a stock job wait where its article is held. */
int hold_check(struct work *w, struct koppel_error *err);

#endif
