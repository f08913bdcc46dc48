/* SPDX-License-Identifier: MIT
 * The engine: store, connections and flows of one configuration, and their threads. It sleeps until
 * something is due, was ordered, or is to stop; nothing here looks every so often.
 *
 * Start order: store, connections, flows, workers. Stop is the reverse: the record at hand
 * finishes, nothing new starts. Locks, in the order in which they may be taken: engine, flow. */
#ifndef KOPPEL_ENGINE_ENGINE_H
#define KOPPEL_ENGINE_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "config/conf.h"
#include "flow/flow.h"
#include "store/store.h"

/* A flow at work, in the engine's list; of who entered it. */
struct engine_flow {
    struct engine_flow *next;
    struct flow *flow;
};

struct engine {
    const struct conf *conf;
    struct store *store;
    struct connection **connections; /* in the order of conf->connections */
    atomic_bool stop;
    atomic_bool closing;    /* nothing is under way any more */
    pthread_mutex_t lock;   /* guards what follows */
    pthread_cond_t changed; /* an order came, or the engine stops; monotonic */
    int64_t orders;         /* how often others may have left an order in the store */
    struct engine_flow *flows; /* at work */
    int wake_fd;            /* eventfd: the watcher is to look, or the engine stops */
    pthread_t watcher;
    bool watching;
};

/* How an engine is opened. */
enum engine_mode {
    ENGINE_DELIVER, /* reads and delivers; a second one on the same store is refused */
    ENGINE_LOOK,    /* shows what there is; nothing, where no store was made yet */
    ENGINE_ORDER,   /* leaves something for the one that delivers; the store is made for it */
};

/* The store alone: who looks, or leaves an order, needs no connections. */
int engine_open_store(const struct conf *conf, enum engine_mode mode, struct store **out,
                      struct koppel_error *err);
/* On failure nothing is left open. */
int engine_open(struct engine *e, const struct conf *conf, enum engine_mode mode,
                struct koppel_error *err);
void engine_close(struct engine *e);
/* From a signal's helper thread or another one: the flows finish the record at hand. Requests under
 * way have 3 s, then they are ended; a plugin that does not come back has 9 s, then the program
 * ends without it. */
void engine_stop(struct engine *e);
/* Something was ordered in this process, through the store: whom it concerns wakes, as for an order
 * that another process left. */
void engine_ordered(struct engine *e);
/* Sleeps until an order came after `seen` (what the last call gave, 0 at first) or the engine
 * stops, at most so long (-1: as long as it takes). Gives the new count. */
int64_t engine_wait(struct engine *e, int64_t seen, int64_t at_most_ms);

struct connection *engine_connection(struct engine *e, const struct conf_connection *conf);

/* A flow enters and leaves: engine_stop and pauses reach it meanwhile. */
void engine_enter(struct engine *e, struct engine_flow *entry);
void engine_leave(struct engine *e, struct engine_flow *entry);

#endif
