/* SPDX-License-Identifier: MIT
 * When flows run: at their intervals, when a job is due, by order (run_now.h). One thread decides;
 * each run has its own. A flow never runs twice at once. */
#ifndef KOPPEL_ENGINE_SCHEDULE_H
#define KOPPEL_ENGINE_SCHEDULE_H

#include "engine/engine.h"

/* Starts the thread. serves: every enabled flow runs at its interval, and what waits when it is
 * due; else only what is ordered does. Sets e->schedule. */
int schedule_open(struct engine *e, bool serves, struct koppel_error *err);
/* For how long its thread has been at one look at what is due; 0: it sleeps, or there is none. */
int64_t schedule_busy_ms(const struct engine *e);
/* Sleeps until the engine stops and every run is over. */
void schedule_wait(struct engine *e);
/* Stops the engine, waits, and ends the schedule. Nothing where there is none. */
void schedule_close(struct engine *e);

#endif
