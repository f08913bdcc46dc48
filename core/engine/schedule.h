/* SPDX-License-Identifier: MIT
 * Serve: every enabled flow at its interval. */
#ifndef KOPPEL_ENGINE_SCHEDULE_H
#define KOPPEL_ENGINE_SCHEDULE_H

#include "engine/engine.h"

/* Runs every enabled flow at its interval, and what waits when it is due, until engine_stop(). */
int schedule_serve(struct engine *e, struct koppel_error *err);

#endif
