/* SPDX-License-Identifier: MIT
 * Settle: how a job ends. What an error kind means for it is decided here, and nowhere else. */
#ifndef KOPPEL_FLOW_SETTLE_H
#define KOPPEL_FLOW_SETTLE_H

#include "flow/work.h"

/* What a failure means for the job: parked, tried again later, left in the log as the destination
 * is away, or the flow stops. */
void settle_failure(struct work *w, const struct koppel_error *err);
/* The outcome for the store; borrows from w. */
void settle_outcome(struct work *w, struct store_outcome *out);

#endif
