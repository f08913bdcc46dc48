/* SPDX-License-Identifier: MIT
 * What a record refers to, one after another. */
#ifndef KOPPEL_FLOW_REFERENCE_VISIT_H
#define KOPPEL_FLOW_REFERENCE_VISIT_H

#include "flow/reference_find.h"

/* w: of this call alone. 0, or -1 and err: no more is visited. */
typedef int reference_visitor(struct wanted *w, struct koppel_error *err);

/* Visits all that the core record refers to. make: an absent object is made where a default may be
 * written into it. */
int reference_visit(struct work *w, bool make, reference_visitor *visit, struct koppel_error *err);
/* The same of what the referred record refers to itself. KOPPEL_E_REJECTED with reason
 * "reference.depth" where that comes to no end. */
int reference_visit_nested(struct wanted *w, reference_visitor *visit, struct koppel_error *err);

#endif
