/* SPDX-License-Identifier: MIT
 * A batch of one leased partition: prepared, looked up, announced, sent in the order of the log,
 * and settled in one transaction. */
#ifndef KOPPEL_FLOW_PORTION_H
#define KOPPEL_FLOW_PORTION_H

#include "flow/flow.h"

/* aside: its jobs stand aside, so the partition's cursor stays. *lost = 1: the lease is another's,
 * and nothing of it was settled. What is not final stays in the log. -1: the store failed. */
int portion_deliver(struct flow *f, struct store_lease *lease, struct store_batch *jobs, bool aside,
                    int *lost, struct koppel_error *err);

#endif
