/* SPDX-License-Identifier: MIT
 * Questions and orders about flows. */
#ifndef KOPPEL_SERVICE_FLOWS_H
#define KOPPEL_SERVICE_FLOWS_H

#include "service/service.h"

/* {"flows"? (names; else all)}: {"flows":[row ...], the worst first,
 * "connections":[{"connection","blocked"}], "serves": whether an engine runs, "safe": whether it is
 * in safe mode, "mistakes":[...]}: flows, connections whose call does not come back, and the
 * mistakes of a configuration that is not active (conf_report_json). A row is as flows_counts gives
 * it, with "enabled", "from" and "to" (flow_fields_end), "failing" (its last error came after its
 * last good run), "state" ("running", "waiting", "backing off", "paused", "off", "stopped": no
 * engine runs, "safe mode"), "next_run" (null: by order only), "last_good" (when the last good run
 * ended), "last_run" and "last_error" (runs_last), each null where there is none. */
int flows_status(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"flow","why"?}: the record at hand finishes, nothing new starts. {"flow"}. */
int flows_pause(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"flow"}: it goes on where it stopped; where its list had shrunk, what was missing may be gone.
 * {"flow"}. */
int flows_resume(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"flow","read","done","skipped","parked","waiting","pending",
 * "due" (when the soonest of the waiting ones is tried again; null: none waits),
 * "paused" (why, or null),"reasons":[{"state","reason","count","remedy"}]}. NULL and err: the store
 * fails. */
json_t *flows_counts(struct store *store, const char *flow, struct koppel_error *err);
/* Do jobs of it wait, or is it paused, so that all is not well? */
bool flows_are_open(const json_t *counts);

#endif
