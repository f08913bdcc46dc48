/* SPDX-License-Identifier: MIT
 * The day that a record is of. */
#ifndef KOPPEL_FLOW_DAY_H
#define KOPPEL_FLOW_DAY_H

#include "base/date.h"
#include "connection/batch.h"
#include "flow/flow.h"

/* The day of a core record ("date") in the zone of home; "": it tells none that can be read. */
void day_of(const struct flow *f, const json_t *core, char out[DATE_TEXT_BYTES]);
/* Is a record of the source dated that day or later (since: as date_format_day; NULL: any day)?
 * What tells no day is, as unknown is not earlier; what is gone is not. */
bool day_is_since(struct flow *f, const struct batch_record *record, const char *since);

#endif
