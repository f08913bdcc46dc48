/* SPDX-License-Identifier: MIT
 * The engine: the store, the generation that is active with those that are still used, and what is
 * at work. It sleeps until something is due, was ordered, or is to stop; nothing here looks every
 * so often.
 *
 * Start order: store, connections, schedule. Stop is the reverse: the record at hand finishes,
 * nothing new starts. Locks, in the order in which they may be taken: engine, flow. */
#ifndef KOPPEL_ENGINE_ENGINE_H
#define KOPPEL_ENGINE_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "config/conf.h"
#include "engine/events.h"
#include "engine/generation.h"
#include "engine/keeper.h"
#include "flow/flow.h"
#include "store/store.h"

struct schedule; /* engine/schedule.h */

/* A flow at work, in the engine's list; of who entered it. */
struct engine_flow {
    struct engine_flow *next;
    struct flow *flow;
};

struct engine {
    struct secret *key;     /* of the store: it outlives the configuration that named it */
    struct store *store;
    struct events *events;  /* NULL: this engine delivers nothing */
    struct schedule *schedule; /* NULL: nothing runs flows; of who opened it */
    bool serves;            /* flows run at their intervals; else whoever orders sees the report */
    struct keeper keeper;   /* of one that serves, see engine_keep */
    atomic_llong room_until_ms; /* until then, monotonic, it is not asked whether there is room */
    atomic_bool room_low;   /* the store's disk is almost full: nothing is read (room.h) */
    atomic_bool stop;
    atomic_bool told_to_stop; /* by somebody, whatever it ends for besides */
    atomic_bool closing;    /* nothing is under way any more */
    pthread_mutex_t reloading; /* held while another configuration is taken; before lock */
    pthread_mutex_t lock;   /* guards what follows */
    pthread_cond_t changed; /* an order came, a run ended, or the engine stops; monotonic */
    struct generation *now; /* what is active; never NULL once it is open */
    struct generation *all; /* every one that is used, the active one included */
    json_t *mistakes;       /* of the one on disk, which is not active; NULL: none known */
    json_t *put_back;       /* the order for which it ends; NULL: it does not */
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

/* The store alone: who looks, or leaves an order, needs no connections. conf, which may hold names
 * only, lives as long as the store. */
int engine_open_store(const struct conf *conf, enum engine_mode mode, struct store **out,
                      struct koppel_error *err);
/* Takes conf over, also on failure; nothing is left open then. A conf of names only has no
 * connections, and no flow of it runs. */
int engine_open(struct engine *e, struct conf *conf_take, enum engine_mode mode,
                struct koppel_error *err);
void engine_close(struct engine *e);
/* From a signal's helper thread or another one: the flows finish the record at hand. Requests under
 * way have 3 s, then they are ended; a plugin that does not come back has 9 s, then the program
 * ends without it. */
void engine_stop(struct engine *e);
/* Ends the engine, as engine_stop, for something that is done while none runs: the order, which it
 * takes over as put_back. false: it ends already, and the order is the caller's. */
bool engine_end_for(struct engine *e, json_t *order_take);
/* Something was ordered in this process, through the store: whom it concerns wakes, as for an order
 * that another process left. */
void engine_ordered(struct engine *e);

/* What is old is erased by these ages from now on, until the engine is closed. One call at a
 * time. */
int engine_keep(struct engine *e, const struct conf_keep *keep, struct koppel_error *err);

/* ---- generations ---- */

/* What is active; it stays until it is let go. From any thread. */
struct generation *engine_hold(struct engine *e);
/* Where nobody else uses it, it ends here: a plugin may be called. */
void engine_let_go(struct engine *e, struct generation *g);
/* A generation beside the active one, which shares what did not change. Takes conf over. */
struct generation *engine_prepare(struct engine *e, struct conf *conf_take,
                                  struct koppel_error *err);
/* Makes it the active one; the caller holds the lock, and lets go of the one that is given back,
 * without it. */
struct generation *engine_adopt(struct engine *e, struct generation *g);
/* The connection of a struct conf_connection that a generation in use has. */
struct connection *engine_connection(struct engine *e, const struct conf_connection *conf);

/* ---- flows at work ---- */

/* A flow enters and leaves: engine_stop and pauses reach it meanwhile. */
void engine_enter(struct engine *e, struct engine_flow *entry);
void engine_leave(struct engine *e, struct engine_flow *entry);
/* The flow of that name that is at work, NULL: it is not. The caller holds the lock for as long as
 * it looks at it. */
const struct flow *engine_at_work(struct engine *e, const char *flow);

#endif
