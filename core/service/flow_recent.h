/* SPDX-License-Identifier: MIT
 * What the newest records of a flow would come to with edits that are not saved: how many pass the
 * filter, and which rows of its tables they use. */
#ifndef KOPPEL_SERVICE_FLOW_RECENT_H
#define KOPPEL_SERVICE_FLOW_RECENT_H

#include "service/service.h"

/* {"flow", "edits"?, "limit"? (200; at most 1000)}: the newest records that were read, each key
 * once, as many as can be looked at in two seconds:
 * {"records": how many, "pass", "undecided" (they make no core record, or a condition cannot be
 * decided), "more": there are older ones, "stopped": [{"condition": its number from 0, "count"}],
 * "tables": {name: {key of a row: {"count", "last": when such a record was read}}},
 * "missing": [{"table", "key", "count", "last", "record": the key of the newest}],
 * "mistakes": [as conf_report_json] (all else is empty then)}. Nothing is asked of any system. */
int flow_recent_show(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
