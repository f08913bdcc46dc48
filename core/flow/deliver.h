/* SPDX-License-Identifier: MIT
 * Deliver: journal -> destination, on each worker's thread. */
#ifndef KOPPEL_FLOW_DELIVER_H
#define KOPPEL_FLOW_DELIVER_H

#include "flow/flow.h"

/* Leases partitions and settles what is in them until there is no work left or the flow stops.
 * `reading` (may be NULL) tells whether more may still arrive: while it does, the thread sleeps
 * until flow_signal(). A store that cannot be reached for a while is waited for. */
void deliver_partitions(struct flow *f, const atomic_bool *reading);

#endif
