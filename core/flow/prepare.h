/* SPDX-License-Identifier: MIT
 * Prepare: source text -> core record, and every decision that needs no destination. */
#ifndef KOPPEL_FLOW_PREPARE_H
#define KOPPEL_FLOW_PREPARE_H

#include "flow/work.h"

/* Makes the core record and decides what can be decided without asking the destination: the filter,
 * what was cancelled or is gone, what is unchanged, what the model refuses. Leaves w->settled false
 * where the job must go on. A failure is the record's alone. */
int prepare_work(struct work *w, struct koppel_error *err);

#endif
