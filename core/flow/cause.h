/* SPDX-License-Identifier: MIT
 * What a job waits for, as text that is the same for all jobs that wait for the same thing. */
#ifndef KOPPEL_FLOW_CAUSE_H
#define KOPPEL_FLOW_CAUSE_H

#include "flow/work.h"

/* The reason and its facts; where the reason tells no more than that a peer complained, the peer's
 * words without what differs from record to record. NULL: no memory (caller frees). */
char *cause_text(const char *reason, const char *facts, const char *words);
/* What a job that is parked or waits waits for, in w->cause and w->facts_text: of the facts that
 * its reason's remedy asks for, those that the record itself tells are added. */
void cause_find(struct work *w);

#endif
