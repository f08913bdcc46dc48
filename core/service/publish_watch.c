/* SPDX-License-Identifier: MIT
 * A host that serves takes what is published. */
#include "service/publish_watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "service/lifecycle.h"

#define LOOK_MS 1000
#define AGAIN_MS 30000

struct publish_watch {
    struct engine *engine;
    struct plugins *plugins;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ends;
    bool stopping;
};

/* What is active, and whether all of it is. */
static int64_t active(struct engine *e, bool *whole)
{
    struct generation *g = engine_hold(e);
    int64_t revision = g->conf->published;
    *whole = g->conf->whole;
    for (int i = 0; i < g->conf->connection_count; i++)
        *whole = *whole && !g->conf->connections[i].lacks;
    engine_let_go(e, g);
    return revision;
}

/* false: it could not even be tried, as the store was away. */
static bool take(struct publish_watch *w, int64_t revision)
{
    struct koppel_error err = {0};
    json_t *out = NULL;
    if (revision)
        log_info(LOG_ABOUT(.event = "config", .count = revision),
                 "revision %lld is published; this host takes it", (long long)revision);
    int rc = lifecycle_take(w->engine, w->plugins, &out, &err); /* it logs */
    json_decref(out);
    return rc == 0;
}

/* When it is to be tried again, by clock_monotonic_ms. */
static void look(struct publish_watch *w, int64_t *tried, int64_t *again_ms)
{
    struct koppel_error ignored = {0}; /* whoever works tells what is wrong with the store */
    struct store *store = w->engine->store;
    int64_t revision;
    bool whole;
    if (store->ops->published(store, &revision, &ignored) != 0)
        return;
    bool differs = active(w->engine, &whole) != revision, other = differs && revision != *tried;
    /* what it was refused for may pass: a secret that comes, a store that was away in between */
    bool again = revision > 0 && (differs || !whole) && clock_monotonic_ms() >= *again_ms;
    if (!other && !again)
        return;
    if (!take(w, other ? revision : 0))
        return;
    *tried = revision;
    *again_ms = clock_monotonic_ms() + AGAIN_MS;
}

static void *watch_thread(void *arg)
{
    struct publish_watch *w = arg;
    int64_t tried = -1, again_ms = clock_monotonic_ms() + AGAIN_MS;
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct timespec until;
        pthread_mutex_unlock(&w->lock);
        look(w, &tried, &again_ms);
        clock_deadline(LOOK_MS, &until);
        pthread_mutex_lock(&w->lock);
        while (!w->stopping && pthread_cond_timedwait(&w->ends, &w->lock, &until) == 0)
            ;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct publish_watch *publish_watch_open(struct engine *e, struct plugins *plugins,
                                         struct koppel_error *err)
{
    struct publish_watch *w = calloc(1, sizeof *w);
    pthread_condattr_t monotonic;
    if (!w) {
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    *w = (struct publish_watch){.engine = e, .plugins = plugins};
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->ends, &monotonic);
    pthread_condattr_destroy(&monotonic);
    struct generation *g = engine_hold(e);
    bool alone = !g->conf->store_connection;
    engine_let_go(e, g);
    w->started = !alone && pthread_create(&w->thread, NULL, watch_thread, w) == 0;
    if (alone || w->started)
        return w;
    publish_watch_close(w);
    (void)err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    return NULL;
}

void publish_watch_close(struct publish_watch *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->ends);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->ends);
    free(w);
}
