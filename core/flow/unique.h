/* SPDX-License-Identifier: MIT
 * Values that only one record of a source may have: a number, a barcode. The second record would
 * silently write over the first. */
#ifndef KOPPEL_FLOW_UNIQUE_H
#define KOPPEL_FLOW_UNIQUE_H

#include "flow/work.h"

/* Notes which facts will be asked for, so that they are fetched with those of the batch. */
int unique_want(struct work *w, struct koppel_error *err);
/* Claims the record's values while its job is under way, and remembers them with its outcome.
 * KOPPEL_E_REJECTED with reason "duplicate" where another record has one of them. */
int unique_check(struct work *w, struct koppel_error *err);
/* After the job was settled, or given up. */
void unique_done(struct work *w);

#endif
