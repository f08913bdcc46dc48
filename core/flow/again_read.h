/* SPDX-License-Identifier: MIT
 * Reads again what was ordered (again.h): by keys where the source can give those, else through its
 * list from the beginning. What is read is appended as a newer form of its key, while the flow's
 * reader is held, so that nothing newer can stand before it. */
#ifndef KOPPEL_FLOW_AGAIN_READ_H
#define KOPPEL_FLOW_AGAIN_READ_H

#include "flow/read.h"

struct again_read;

/* The order of the flow, as far as it came. *out: NULL where there is none. */
int again_read_open(struct flow *f, struct again_read **out, struct koppel_error *err);
/* One page of it into the journal, with the reader that r holds. *more: call again at once. */
int again_read_page(struct again_read *a, struct reading *r, bool *more, struct koppel_error *err);
/* Takes NULL. */
void again_read_close(struct again_read *a);

#endif
