/* SPDX-License-Identifier: MIT
 * The engine: store, connections and flows of one configuration, and their threads.
 *
 * Start order: store, connections, flows, workers. Stop is the reverse: the record at hand
 * finishes, nothing new starts. Locks, in the order in which they may be taken: engine,
 * flow.why_lock. */
#ifndef KOPPEL_ENGINE_ENGINE_H
#define KOPPEL_ENGINE_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "config/conf.h"
#include "flow/flow.h"
#include "store/store.h"

struct engine {
    const struct conf *conf;
    struct store *store;
    struct connection **connections; /* in the order of conf->connections */
    atomic_bool stop;
};

/* exclusive: this process delivers (a second one on the same store is refused). forget: work on an
 * empty store in memory (preview). On failure nothing is left open. */
int engine_open(struct engine *e, const struct conf *conf, bool exclusive, bool forget,
                struct koppel_error *err);
void engine_close(struct engine *e);
/* From a signal's helper thread or another one: stops the flows; requests under way have 3 s, then
 * they are ended. */
void engine_stop(struct engine *e);

struct connection *engine_connection(struct engine *e, const struct conf_connection *conf);

/* Called about five times a second while a flow runs. */
typedef void engine_progress(void *arg, const struct flow *f);

/* One run of a flow: reads to the end, delivers what there is. wait_ms: how long to wait for jobs
 * that are to be retried. 0; -1 where the flow halted or could not start (err). A paused flow does
 * nothing. */
int engine_run(struct engine *e, const struct conf_flow *conf, int64_t wait_ms,
               engine_progress *progress, void *arg, struct koppel_error *err);

/* Runs every enabled flow at its interval until engine_stop(). */
int engine_serve(struct engine *e, struct koppel_error *err);

/* Pausing lets the record at hand finish. */
int engine_pause(struct store *s, const char *flow, const char *why, struct koppel_error *err);
int engine_resume(struct store *s, const char *flow, struct koppel_error *err);
/* Is this why of a pause that nobody was logged in? A log-in ends such a pause. */
bool engine_paused_for_login(const char *why);

#endif
