/* SPDX-License-Identifier: MIT
 * Orders about jobs: tried again, ended, edited. A filter is that of jobs.h. */
#ifndef KOPPEL_SERVICE_BY_HAND_H
#define KOPPEL_SERVICE_BY_HAND_H

#include "service/service.h"

/* "jobs" (addresses) or a filter, frozen when it is asked; "skipped": those that were skipped, else
 * what is parked or waits; "plan": only counts. {"hit","count","causes":[{"cause","reason",
 * "count"}],"ended" (those of "jobs" that had ended: {address: state})}. A job that is not there
 * refuses all of it. "wait": a few at a time, each few until they have come to something, with
 * progress told (by_hand_follow.h); then also "came" {"done","skipped","parked","waiting"} and
 * "left", how many were not tried as whoever asked wants no more. */
int by_hand_retry(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* The same, with "why": they end as skipped. */
int by_hand_skip(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);
/* {"job","id","why"}: it ends as done with what stands at the destination, which is asked
 * whether it is there. {"job","unasked" (why it could not be asked; null: it was)}. */
int by_hand_done(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);
/* {"job","why","record"? or "set"? (path -> text)}: the record is changed and tried again.
 * {"job","record"}. */
int by_hand_edit(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);

#endif
