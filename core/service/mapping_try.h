/* SPDX-License-Identifier: MIT
 * Rules that a person tries on a record before they are saved. */
#ifndef KOPPEL_SERVICE_MAPPING_TRY_H
#define KOPPEL_SERVICE_MAPPING_TRY_H

#include "service/service.h"

/* {"flow", "rules": [{"list": "map" or "get_map", "rule": as it stands in a file}], "record",
 * "key"?}: what the flow would make of the record in the source's shape, had it these rules behind
 * its own. Nothing is saved and no system is asked. {"mistakes": [as conf_report_json], "row": as
 * flow/preview.h says; null with mistakes}. */
int mapping_try_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);
/* {"flow", "rules", "why"?}: adds them to the flow's own; gives what save_files does. */
int mapping_try_save(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
