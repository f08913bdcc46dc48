/* SPDX-License-Identifier: MIT
 * Jobs that are tried again a few at a time, each few until they have come to something. */
#ifndef KOPPEL_SERVICE_BY_HAND_FOLLOW_H
#define KOPPEL_SERVICE_BY_HAND_FOLLOW_H

#include "service/service.h"

struct by_hand_follow {
    int count;    /* that were made due */
    int left;     /* that were not, as whoever asked wants no more */
    json_t *came; /* {"done","skipped","parked","waiting"}: to what; caller's */
};

/* Tells {"done","of","parked","waiting"} on the way: how many were tried, and what came of those
 * that are not settled. Stops behind the few at hand where ask->stop says so. Where the flow of the
 * next ones does not run (it is paused, off, or no engine serves) they are made due without being
 * waited for. */
int by_hand_follow(struct service *s, const struct service_ask *ask, const struct job_id *ids,
                   int count, struct by_hand_follow *out, struct koppel_error *err);

#endif
