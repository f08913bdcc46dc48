/* SPDX-License-Identifier: MIT
 * The test of a connection as data. */
#ifndef KOPPEL_SERVICE_TEST_STEPS_H
#define KOPPEL_SERVICE_TEST_STEPS_H

#include "service/service.h"

/* *out: {"outcome": "ok" | "warning" | "failed", "person": a person is needed, "steps": [{"step",
 * "of", "outcome", "ms", "setting", "text", "advice"}], "facts": {name: text}}. Each step is told
 * as progress, too. conf: whose flows tell what rights are needed. -1 and err: it was broken off.
 */
int test_steps_run(struct connection *c, const struct conf *conf, const struct service_ask *ask,
                   json_t **out, struct koppel_error *err);

#endif
