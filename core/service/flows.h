/* SPDX-License-Identifier: MIT
 * Questions and orders about flows. */
#ifndef KOPPEL_SERVICE_FLOWS_H
#define KOPPEL_SERVICE_FLOWS_H

#include "service/service.h"

/* {"flows":[{"flow","read","done","skipped","parked","waiting","pending","paused" (why, or null),
 * "reasons":[{"state","reason","count","remedy"}]}], "connections":[{"connection","blocked"}]}:
 * counts of every flow, and connections whose call does not come back. */
int flows_status(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"flow","why"?}: the record at hand finishes, nothing new starts. {"flow"}. */
int flows_pause(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"flow"}: it goes on where it stopped; where its list had shrunk, what was missing may be gone.
 * {"flow"}. */
int flows_resume(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* The counts of one flow, as in flows_status. NULL and err: the store fails. */
json_t *flows_counts(struct store *store, const char *flow, struct koppel_error *err);
/* Do jobs of it wait, or is it paused, so that all is not well? */
bool flows_are_open(const json_t *counts);

#endif
