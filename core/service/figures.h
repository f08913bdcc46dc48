/* SPDX-License-Identifier: MIT
 * How much was read and settled when: what bars are drawn of. */
#ifndef KOPPEL_SERVICE_FIGURES_H
#define KOPPEL_SERVICE_FIGURES_H

#include "service/service.h"

/* {"flow"?, "since"? (24 h ago), "until"? (now)}: {"from", "to", "step_ms", "spans": [{"at",
 * "read","done","skipped","parked"}], oldest first, "flows": [{"flow","done": [number], "parked":
 * [number]}], a number per span; those that did anything}. A span is a quarter of an hour, an hour,
 * six hours or a day, the shortest with which there are at most 96. */
int figures_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);

#endif
