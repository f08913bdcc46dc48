/* SPDX-License-Identifier: MIT
 * What would change at the destination if all that was delivered were sent again, as after a change
 * of the send mapping. Both systems are asked; nothing is written. */
#ifndef KOPPEL_FLOW_RESEND_H
#define KOPPEL_FLOW_RESEND_H

#include "flow/flow.h"

/* flow has the real store, which is only read, and is silent. since: as day_is_since. tell, arg: as
 * of listing.h. *out, the caller's:
 *   {"looked": records of the source, "delivered": those of them that stand at the destination,
 *    "differ", "same", "held": differ, and the flow's settings leave that to a person,
 *    "cannot": cannot be made any more, "left": left out now, or in doubt still,
 *    "keys": of those that differ,
 *    "fields":[{"field","count"}]: what differs, and in how many records,
 *    "examples":[{"key","number" (or null),"outcome","reason","detail","differs" (compare_rows)}]}
 */
int resend_plan(struct flow *f, const char *since,
                int (*tell)(void *arg, const char *side, int64_t read, int64_t total), void *arg,
                json_t **out, struct koppel_error *err);

#endif
