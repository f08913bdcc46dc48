/* SPDX-License-Identifier: MIT
 * koppel publish: the files of a directory, or an earlier revision, become what all hosts run that
 * share the store. */
#ifndef KOPPEL_SERVICE_PUBLISH_H
#define KOPPEL_SERVICE_PUBLISH_H

#include "service/service.h"

/* {"revision": N, "over": N, "why"}: publishes the files of the directory, or that revision. over:
 * it takes the place of that one; without it, of the one that this directory was published as.
 * Where another one stands, it is refused. *out: {"published": bool, "revision", "before": what was
 * published, 0: nothing, "mistakes", "reload": of the engine that answers, or null}. Not published:
 * it has mistakes. */
int publish_order(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
