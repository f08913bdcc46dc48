/* SPDX-License-Identifier: MIT
 * Advance: what comes next for one job, given what is known of its record at the destination. */
#ifndef KOPPEL_FLOW_ADVANCE_H
#define KOPPEL_FLOW_ADVANCE_H

#include "flow/work.h"

/* Goes on until the job is settled, or until w->send holds a write that is to be announced and
 * sent. Asks the destination on the way. A failure is settled too. */
void advance_work(struct work *w);
/* Takes what came of w->send: settles the job, or leaves it open for the next advance_work. */
void advance_sent(struct work *w);

#endif
