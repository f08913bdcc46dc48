/* SPDX-License-Identifier: MIT
 * Tells the service manager that the engine is ready, and again and again that it is alive. */
#ifndef KOPPEL_METRICS_WATCHDOG_H
#define KOPPEL_METRICS_WATCHDOG_H

#include "engine/engine.h"

struct watchdog;

/* Sends READY, and where the manager wants it a sign of life twice in its time, from a thread that
 * sends none while metrics_probe_live() knows why not. NULL and err where no thread could be
 * started. The engine outlives it. */
struct watchdog *watchdog_open(struct engine *e, struct koppel_error *err);
/* No sign is sent after. Frees it; NULL is allowed. */
void watchdog_close(struct watchdog *w);

#endif
