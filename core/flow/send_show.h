/* SPDX-License-Identifier: MIT
 * A preview's way to write: what would be sent is shown, and nothing leaves. */
#ifndef KOPPEL_FLOW_SEND_SHOW_H
#define KOPPEL_FLOW_SEND_SHOW_H

#include "flow/send.h"

/* What stands in a record where a number is to be that does not exist yet: what it names would be
 * made first. */
#define SEND_SHOW_UNKNOWN "?"

/* Appends what would be sent to `shown`:
 *   entity, write  "create", "update", "remove"
 *   id             of what is changed or removed, as the destination calls it; else null
 *   record         in the destination's shape
 *   request        the connector's first request that changes something (http_trace_request);
 *                  null: it cannot be shown, or nothing needs to be sent
 *   why            why there is no request; else null
 * -1: the connector refuses the record, or what it reads before cannot be had; where the record
 * names what is unknown yet, a refusal says nothing, and is its `why`. */
int send_show(struct flow *f, const struct send *s, json_t *shown, struct koppel_error *err);
/* Does the record, or anything in it, name what is unknown yet? */
bool send_show_is_unknown(const json_t *record);

#endif
