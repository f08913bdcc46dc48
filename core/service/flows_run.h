/* SPDX-License-Identifier: MIT
 * Orders to run flows now. */
#ifndef KOPPEL_SERVICE_FLOWS_RUN_H
#define KOPPEL_SERVICE_FLOWS_RUN_H

#include "service/service.h"

/* {"flows":[name ...]} or {"all":true} (every enabled one), {"wait_ms"?}: runs each once, one after
 * the other, through the schedule of the engine. {"flows":[row ...],"stopped": whether the engine
 * stopped before all were through}; a row is as flows_counts gives it, with "run", the facts of the
 * run (runs_last) or null, and "error", {"kind","reason","text"} or null. Progress:
 * {"flow","read","settled"} with "looked" and "total" (null: unknown) of what is read again on
 * purpose, and {"over": row} when a flow is through. Where nobody waits any more,
 * a run that has begun goes on. */
int flows_run(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);
/* One of them, with the members "wait_ms" and the progress of ask. *out: its row. */
int flows_run_one(struct service *s, const struct service_ask *ask, const char *flow,
                  json_t **out, struct koppel_error *err);

#endif
