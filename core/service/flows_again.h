/* SPDX-License-Identifier: MIT
 * Orders to read records again on purpose, beside what a flow reads by itself. */
#ifndef KOPPEL_SERVICE_FLOWS_AGAIN_H
#define KOPPEL_SERVICE_FLOWS_AGAIN_H

#include "base/date.h"
#include "service/service.h"

/* {"flow"}, and "since" (a day) or "keys" (a list), {"wait_ms"?}: leaves the order and runs the
 * flow. {"flow": as flows_run gives it, with "again": as again_state, "stopped"}. What was not read
 * yet when the run ended is read by the next one; the same order again goes on where it is. */
int flows_again(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"flow","since"?}: what would change if all that was delivered were sent again; as resend_plan.
 * Progress: {"side","read","total" (or null)}. Sending is flows_again with its keys. */
int flows_again_plan(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* Leaves an order of these keys, with a mark of flow/again.h, and runs the flow; as flows_again. */
int flows_again_keys(struct service *s, const struct service_ask *ask, const char *flow,
                     const json_t *keys, const char *how, json_t **out, struct koppel_error *err);
/* The text of a day in its one form. -1 and err SERVICE_WRONG: it is none. */
int flows_again_day(const char *text, char out[DATE_TEXT_BYTES], struct koppel_error *err);

#endif
