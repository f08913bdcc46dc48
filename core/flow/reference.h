/* SPDX-License-Identifier: MIT
 * References: what a record needs first at the destination (its customer, its articles). One way
 * for all: the stored link, then the match keys in order, then the policy. */
#ifndef KOPPEL_FLOW_REFERENCE_H
#define KOPPEL_FLOW_REFERENCE_H

#include "flow/work.h"

/* Notes the links of all that the record refers to, so that they are fetched with those of the
 * batch. */
int reference_want(struct work *w, struct koppel_error *err);
/* Makes sure that what the core record refers to exists at the destination and writes the aliases
 * into it (customer.ref, lines[].ref). Creates and updates are announced on the references' own
 * links. KOPPEL_E_RETRY with reason "quiet": one of them is in doubt still. Repeatable. */
int reference_resolve(struct work *w, struct koppel_error *err);

#endif
