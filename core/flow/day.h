/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_FLOW_DAY_H
#define KOPPEL_FLOW_DAY_H

#include "base/date.h"
#include "flow/flow.h"

/* The day of a core record ("date") in the zone of home; "": it tells none that can be read. */
void day_of(const struct flow *f, const json_t *core, char out[DATE_TEXT_BYTES]);

#endif
