/* SPDX-License-Identifier: MIT
 * Opens what a configuration names, wakes whom an order concerns, and stops in order. */
#include "engine/engine.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "connection/call.h"
#include "store/store_memory.h"
#include "store/store_sqlite.h"

#define GRACE_MS 3000    /* how long requests under way may take once the engine stops */
#define GIVE_UP_MS 9000  /* and a plugin that does not come back */
#define GIVE_UP_STATUS 2
#define COALESCE_MS 250  /* many changes of the store are looked at once */

static void wake(struct engine *e)
{
    uint64_t one = 1;
    if (e->wake_fd >= 0 && write(e->wake_fd, &one, sizeof one) < 0)
        return; /* it is full, so the watcher is awake */
}

static void drain(int fd)
{
    char buf[4096];
    while (fd >= 0 && read(fd, buf, sizeof buf) == (ssize_t)sizeof buf)
        ;
}

/* ---- the watcher ---- */

/* A pause that was asked for while the flow runs. What cannot be asked is no pause. */
static void look_for_pauses(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    for (struct engine_flow *at = e->flows; at; at = at->next) {
        struct koppel_error ignored = {0};
        char *why = NULL;
        if (flow_paused(e->store, at->flow->conf->name, &why, &ignored) == 0 && why)
            flow_stop(at->flow);
        free(why);
    }
    e->orders++;
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

/* Sleeps until the store has news or the engine stops; then gives requests under way their
 * grace. */
static void *watch(void *arg)
{
    struct engine *e = arg;
    struct pollfd fds[2] = {{.fd = e->wake_fd, .events = POLLIN},
                            {.fd = e->store->ops->news_fd(e->store), .events = POLLIN}};
    while (!atomic_load(&e->stop)) {
        if (poll(fds, 2, -1) < 0)
            continue;
        if (!(fds[0].revents & POLLIN))
            (void)poll(fds, 1, COALESCE_MS); /* a stop, or who ordered here, is not kept waiting */
        if (!atomic_load(&e->stop))
            drain(fds[0].fd);
        drain(fds[1].fd);
        look_for_pauses(e);
    }
    drain(fds[0].fd);
    if (!atomic_load(&e->closing))
        (void)poll(fds, 1, GRACE_MS); /* engine_close ends the grace */
    for (int i = 0; i < e->conf->connection_count; i++)
        connection_cancel(e->connections[i]);
    return NULL;
}

/* ---- opening and closing ---- */

int engine_open_store(const struct conf *conf, enum engine_mode mode, struct store **out,
                      struct koppel_error *err)
{
    struct store_conf where = {.path = conf->store_path, .key = conf->key};
    if (mode == ENGINE_DELIVER)
        return store_sqlite.open(&where, STORE_ENGINE, out, err);
    if (store_sqlite.open(&where, STORE_LOOK, out, err) == 0)
        return 0;
    if (strcmp(err->reason, "store.missing") != 0)
        return -1;
    *err = (struct koppel_error){0};
    if (mode == ENGINE_LOOK)
        return store_memory.open(&where, STORE_ENGINE, out, err);
    struct store *made = NULL;
    if (store_sqlite.open(&where, STORE_ENGINE, &made, err) != 0)
        return -1;
    made->ops->close(made); /* an engine may start while the order waits for a person */
    return store_sqlite.open(&where, STORE_LOOK, out, err);
}

static int open_connections(struct engine *e, struct koppel_error *err)
{
    e->connections = calloc((size_t)e->conf->connection_count + 1, sizeof *e->connections);
    if (!e->connections)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < e->conf->connection_count; i++) {
        e->connections[i] = connection_new(&e->conf->connections[i], e->store, err);
        if (!e->connections[i])
            return -1;
    }
    return 0;
}

int engine_open(struct engine *e, const struct conf *conf, enum engine_mode mode,
                struct koppel_error *err)
{
    *e = (struct engine){.conf = conf, .wake_fd = -1};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (engine_open_store(conf, mode, &e->store, err) != 0 || open_connections(e, err) != 0)
        goto fail;
    if (mode != ENGINE_DELIVER)
        return 0;
    e->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    e->watching = e->wake_fd >= 0 && pthread_create(&e->watcher, NULL, watch, e) == 0;
    if (e->watching)
        return 0;
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
fail:
    engine_close(e);
    return -1;
}

void engine_close(struct engine *e)
{
    if (e->watching) {
        engine_stop(e);
        atomic_store(&e->closing, true);
        wake(e); /* the grace is over: nothing runs any more */
        pthread_join(e->watcher, NULL);
        e->watching = false;
    }
    for (int i = 0; e->connections && i < e->conf->connection_count; i++)
        connection_free(e->connections[i]);
    free(e->connections);
    e->connections = NULL;
    if (e->store)
        e->store->ops->close(e->store);
    e->store = NULL;
    if (e->wake_fd >= 0)
        close(e->wake_fd);
    e->wake_fd = -1;
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
}

void engine_stop(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    bool first = !atomic_exchange(&e->stop, true);
    for (struct engine_flow *at = e->flows; at; at = at->next)
        flow_stop(at->flow);
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
    if (!first)
        return;
    wake(e);
    call_give_up_after(GIVE_UP_MS, GIVE_UP_STATUS);
}

void engine_ordered(struct engine *e)
{
    wake(e);
}

int64_t engine_wait(struct engine *e, int64_t seen, int64_t at_most_ms)
{
    struct timespec until;
    clock_deadline(at_most_ms, &until);
    pthread_mutex_lock(&e->lock);
    int rc = 0;
    while (rc == 0 && e->orders <= seen && !atomic_load(&e->stop))
        rc = at_most_ms < 0 ? pthread_cond_wait(&e->changed, &e->lock)
                            : pthread_cond_timedwait(&e->changed, &e->lock, &until);
    seen = e->orders;
    pthread_mutex_unlock(&e->lock);
    return seen;
}

struct connection *engine_connection(struct engine *e, const struct conf_connection *conf)
{
    return e->connections[conf - e->conf->connections];
}

void engine_enter(struct engine *e, struct engine_flow *entry)
{
    pthread_mutex_lock(&e->lock);
    entry->next = e->flows;
    e->flows = entry;
    if (atomic_load(&e->stop))
        flow_stop(entry->flow);
    pthread_mutex_unlock(&e->lock);
}

void engine_leave(struct engine *e, struct engine_flow *entry)
{
    pthread_mutex_lock(&e->lock);
    struct engine_flow **at = &e->flows;
    while (*at && *at != entry)
        at = &(*at)->next;
    if (*at)
        *at = entry->next;
    pthread_mutex_unlock(&e->lock);
}
