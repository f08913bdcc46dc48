/* SPDX-License-Identifier: MIT
 * A host that serves takes what is published. */
#include "service/publish_watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/conf_secret.h"
#include "service/lifecycle.h"

#define LOOK_MS 1000
#define FIRST_REST_MS 2000 /* after a try that failed; doubled up to */
#define AGAIN_MS 30000     /* this */

struct publish_watch {
    struct engine *engine;
    struct plugins *plugins;
    pthread_t thread;
    bool started;
    /* Of the thread alone. */
    int64_t tried;             /* the revision; -1: none yet */
    int64_t again_ms;          /* monotonic: when it is tried again */
    int64_t rest_ms;           /* before that, after a try that failed; 0: it did not */
    char failed[ERR_TEXT_BYTES]; /* why it could not even be tried, as it was told */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ends;
    bool stopping;
};

/* What is active. *came: it may be more than it was, as there is now a secret that it lacks. */
static int64_t active(struct engine *e, bool due, bool *whole, bool *came)
{
    struct generation *g = engine_hold(e);
    int64_t revision = g->conf->published;
    *whole = g->conf->whole;
    *came = due && *whole && conf_secret_came(g->conf);
    engine_let_go(e, g);
    return revision;
}

/* Tries it, and says when it is tried again. */
static void take(struct publish_watch *w, int64_t revision)
{
    struct koppel_error err = {0};
    int rc = lifecycle_try(w->engine, w->plugins, &err); /* it logs mistakes */
    int64_t rest = w->rest_ms ? w->rest_ms * 2 : FIRST_REST_MS;
    w->rest_ms = rc == 0 ? 0 : rest < AGAIN_MS ? rest : AGAIN_MS;
    if (rc != 0 && strcmp(w->failed, err.text) != 0)
        lifecycle_failed(&err);
    snprintf(w->failed, sizeof w->failed, "%s", rc != 0 ? err.text : "");
    w->tried = revision;
    w->again_ms = clock_monotonic_ms() + (rc == 0 ? AGAIN_MS : w->rest_ms);
}

static void look(struct publish_watch *w)
{
    struct koppel_error ignored = {0}; /* whoever works tells what is wrong with the store */
    struct store *store = w->engine->store;
    int64_t revision;
    bool whole, came, due = clock_monotonic_ms() >= w->again_ms;
    if (store->ops->published(store, &revision, &ignored) != 0)
        return;
    bool differs = active(w->engine, due, &whole, &came) != revision;
    bool other = differs && revision != w->tried;
    if (other)
        log_info(LOG_ABOUT(.event = "config", .count = revision),
                 "revision %lld is published; this host takes it", (long long)revision);
    /* what it was refused for may pass: what is missing comes, the store was away in between */
    if (other || (due && revision > 0 && (differs || !whole || came)))
        take(w, revision);
    else if (due)
        w->again_ms = clock_monotonic_ms() + AGAIN_MS;
}

static void *watch_thread(void *arg)
{
    struct publish_watch *w = arg;
    pthread_mutex_lock(&w->lock);
    while (!w->stopping) {
        struct timespec until;
        pthread_mutex_unlock(&w->lock);
        look(w);
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
    *w = (struct publish_watch){.engine = e, .plugins = plugins, .tried = -1,
                                .again_ms = clock_monotonic_ms() + AGAIN_MS};
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
