/* SPDX-License-Identifier: MIT
 * A document that stands at the destination has changed at the source, or was cancelled there. The
 * flow's settings say what follows: nothing without a person (park, alert), an update while the
 * document may still change, or a correcting document that makes the books right again. */
#ifndef KOPPEL_FLOW_CHANGE_H
#define KOPPEL_FLOW_CHANGE_H

#include "flow/work.h"

/* Settles the job, or puts the next write into w->send. Where the document is not there any more
 * and the flow makes it anew, the link is absent again. */
int change_next(struct work *w, struct koppel_error *err);
/* The destination refused an update: parks with what differs. */
void change_refused(struct work *w, const struct koppel_error *err);

#endif
