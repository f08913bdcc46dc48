/* SPDX-License-Identifier: MIT
 * A flow as it would be with edits that are not saved, tried on records. */
#ifndef KOPPEL_SERVICE_MAPPING_TRY_H
#define KOPPEL_SERVICE_MAPPING_TRY_H

#include "service/service.h"

#define MAPPING_TRY_RECORDS 20 /* at most, as whoever types waits for them */

/* {"flow", "edits" (flow_edits.h), "records": [{"key"?, "record": in the source's shape}], "cases":
 * flag}: what the flow would make of them. Nothing is saved and no system is asked. {"mistakes":
 * [as conf_report_json], "rows": as flow/preview.h says, [] with mistakes, "cases": as cases_run,
 * null where nobody asked}. */
int mapping_try_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);

#endif
