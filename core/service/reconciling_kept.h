/* SPDX-License-Identifier: MIT
 * Comparisons that were made: kept as long as what is noted of runs. What a system said of a record
 * may name a person, and is not kept. */
#ifndef KOPPEL_SERVICE_RECONCILING_KEPT_H
#define KOPPEL_SERVICE_RECONCILING_KEPT_H

#include "service/service.h"

/* Keeps a report of reconciling.h and sets its "number", by which it is found; where the store
 * refuses it that is logged, and "number" is null. */
void reconciling_kept_add(struct service *s, const struct service_ask *ask, json_t *report);
/* {"number"}: the report with "at", "who" and "how" ("cli", "gui", "token", "schedule"). */
int reconciling_kept_show(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err);
/* {"number"}: {"name": of a file, "text": reconciling_csv_text}. */
int reconciling_kept_csv(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err);

#endif
