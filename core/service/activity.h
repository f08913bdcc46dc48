/* SPDX-License-Identifier: MIT
 * One job from what was read through every attempt, and which rule made which field. */
#ifndef KOPPEL_SERVICE_ACTIVITY_H
#define KOPPEL_SERVICE_ACTIVITY_H

#include "service/service.h"

/* {"job"}: its row as jobs.list has it, with "source" (what was read; null: erased), "record" (what
 * a person made of it; null: nothing) with "edited_by" and "edited_why", and
 * "attempts":[{"at","attempt","activity" (null: erased),"revision" (of the configuration that it
 * ran under; null: unknown)}], oldest first. */
int activity_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);
/* {"job"}: {"version" (of the flow's configuration as it is now), "get":[...], "send":[...],
 * "titles" (field_titles.h)}: what the rules of that make of the record, by field, as
 * map_recorder.h has it. What was looked up at the destination is taken from the last attempt.
 * Nobody is asked. */
int activity_explain(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
