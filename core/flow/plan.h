/* SPDX-License-Identifier: MIT
 * The write that is planned for a job. */
#ifndef KOPPEL_FLOW_PLAN_H
#define KOPPEL_FLOW_PLAN_H

#include "flow/work.h"

/* Puts a write into w->send. record is kept by reference; ref (NULL: none) and reason (a literal:
 * how the job ends once it is done) as they are. last: with it the record is right. */
int plan_write(struct work *w, enum link_write write, json_t *record, const char *ref, bool last,
               const char *reason, struct koppel_error *err);
/* Exactly what was begun once more, under its own idempotency key. */
int plan_repeat(struct work *w, struct koppel_error *err);
/* Takes the plan away, once it was carried out. */
void plan_done(struct work *w);
/* Nothing of the record is there any more: it is looked for, and made, anew. */
void plan_forget_link(struct work *w);

#endif
