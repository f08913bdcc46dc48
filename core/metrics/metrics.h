/* SPDX-License-Identifier: MIT
 * Metrics and probes over HTTP, on this machine alone: /metrics, /live and /ready. */
#ifndef KOPPEL_METRICS_METRICS_H
#define KOPPEL_METRICS_METRICS_H

#include "engine/engine.h"

struct metrics;

/* Shows an engine that serves where its configuration says, and follows that when another one
 * becomes active. An address that cannot be had is logged and tried again. e is borrowed until
 * metrics_close. NULL and err: there is no thread or memory. */
struct metrics *metrics_open(struct engine *e, struct koppel_error *err);
/* Waits for answers under way. Takes NULL. */
void metrics_close(struct metrics *m);

#endif
