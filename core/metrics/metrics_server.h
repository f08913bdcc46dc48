/* SPDX-License-Identifier: MIT
 * The HTTP server of metrics and probes. */
#ifndef KOPPEL_METRICS_METRICS_SERVER_H
#define KOPPEL_METRICS_METRICS_SERVER_H

#include "engine/engine.h"

struct metrics_server;

/* address: as conf_metrics_may takes it. Answers in threads of its own; e is borrowed. NULL and
 * err: the address is not to be had. */
struct metrics_server *metrics_server_open(struct engine *e, const char *address,
                                           struct koppel_error *err);
/* Answers under way are finished. Takes NULL. */
void metrics_server_close(struct metrics_server *s);

#endif
