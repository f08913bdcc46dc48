/* SPDX-License-Identifier: MIT
 * Look: asks the destination what is there. */
#ifndef KOPPEL_FLOW_LOOK_H
#define KOPPEL_FLOW_LOOK_H

#include "flow/work.h"

/* Looks for a document by a reference of ours. *id and *record are the caller's to free; NULL: it
 * is not there. KOPPEL_E_REJECTED, reason "document.twice", where several have it. */
int look_by_reference(struct work *w, const char *reference, char **id, json_t **record,
                      struct koppel_error *err);
/* Looks for the record as its entity can be looked for: by `reference`, where it carries one of
 * ours; else by its match keys, in order: those of `begun`, where that is given (a write that may
 * have arrived, in the destination's shape), else the core record's. w->present, present_id and
 * asked say what was found; a document there is compared with `begun`, or else with w->document.
 * Several hits: KOPPEL_E_REJECTED, reason "ambiguous". A record that could not be found again once
 * it was made: reason "customer.key". */
int look_for(struct work *w, const char *reference, const json_t *begun, struct koppel_error *err);
/* The same by match key ahead, for as many of the works as the destination takes in one question;
 * only for those that nothing is known of. What fails here is asked again one by one. */
void look_ahead(struct flow *f, struct work *works, int count);

#endif
