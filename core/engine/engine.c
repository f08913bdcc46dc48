/* SPDX-License-Identifier: MIT
 * Opens what a configuration names, wakes whom an order concerns, and stops in order. */
#include "engine/engine.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "connection/call.h"
#include "store/store_memory.h"
#include "config/conf_store.h"
#include "store/store_kind.h"

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

/* Ends requests under way. */
static void cancel_all(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    for (struct generation *g = e->all; g; g = g->next) {
        for (int i = 0; i < g->conf->connection_count; i++)
            connection_cancel(g->connections[i]);
    }
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
    cancel_all(e);
    return NULL;
}

/* ---- opening and closing ---- */

int engine_open_store(const struct conf *conf, enum engine_mode mode, struct store **out,
                      struct koppel_error *err)
{
    struct store_conf where = conf_store_place(conf, conf->key);
    const struct store_ops *kind = store_kind(&where);
    if (mode == ENGINE_DELIVER)
        return kind->open(&where, STORE_ENGINE, out, err);
    if (kind->open(&where, STORE_LOOK, out, err) == 0)
        return 0;
    if (strcmp(err->reason, "store.missing") != 0)
        return -1;
    *err = (struct koppel_error){0};
    if (mode == ENGINE_LOOK)
        return store_memory.open(&where, STORE_ENGINE, out, err);
    struct store *made = NULL;
    if (kind->open(&where, STORE_ENGINE, &made, err) != 0)
        return -1;
    made->ops->close(made); /* an engine may start while the order waits for a person */
    return kind->open(&where, STORE_LOOK, out, err);
}

/* The circuit of a connection opened or closed. */
static void on_circuit(void *arg, const char *connection, const struct koppel_error *why)
{
    struct engine *e = arg;
    events_tell(e->events, why ? EVENTS_DOWN : EVENTS_UP, connection,
                why ? json_pack("{s:o,s:o}", "reason", json_string_nocheck(why->reason), "why",
                                json_string_nocheck(why->text)) : NULL);
}

struct generation *engine_prepare(struct engine *e, struct conf *conf_take,
                                  struct koppel_error *err)
{
    return generation_new(conf_take, e->store, e->now, e->events ? on_circuit : NULL, e, err);
}

static int start_watching(struct engine *e, struct koppel_error *err)
{
    e->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    e->watching = e->wake_fd >= 0 && pthread_create(&e->watcher, NULL, watch, e) == 0;
    return e->watching ? 0 : err_set(err, KOPPEL_E_RETRY, "no thread could be started");
}

/* The store's key is a copy, as configurations come and go. */
static int open_store(struct engine *e, const struct conf *conf, enum engine_mode mode,
                      struct koppel_error *err)
{
    struct conf where = {.store_path = conf->store_path,
                         .store_connection = conf->store_connection,
                         .store_password = conf->store_password,
                         .store_lease_ms = conf->store_lease_ms};
    e->key = secret_new(secret_text(conf->key), secret_bytes(conf->key));
    where.key = e->key;
    return e->key ? engine_open_store(&where, mode, &e->store, err)
                  : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int engine_open(struct engine *e, struct conf *conf_take, enum engine_mode mode,
                struct koppel_error *err)
{
    *e = (struct engine){.wake_fd = -1};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&e->lock, NULL);
    pthread_mutex_init(&e->reloading, NULL);
    pthread_cond_init(&e->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    struct generation *first = NULL;
    if (mode == ENGINE_DELIVER)
        e->events = events_new();
    int rc = open_store(e, conf_take, mode, err);
    if (rc != 0)
        conf_free(conf_take);
    else if ((first = engine_prepare(e, conf_take, err)))
        (void)engine_adopt(e, first);
    if (first && (mode != ENGINE_DELIVER || start_watching(e, err) == 0))
        return 0;
    engine_close(e);
    return -1;
}

static void begin_to_stop(struct engine *e)
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

void engine_close(struct engine *e)
{
    if (e->watching) {
        begin_to_stop(e);
        atomic_store(&e->closing, true);
        wake(e); /* the grace is over: nothing runs any more */
        pthread_join(e->watcher, NULL);
        e->watching = false;
    }
    keeper_stop(&e->keeper);
    if (e->now)
        engine_let_go(e, e->now);
    e->now = NULL;
    if (e->store)
        e->store->ops->close(e->store);
    e->store = NULL;
    secret_free(e->key);
    e->key = NULL;
    json_decref(e->mistakes);
    e->mistakes = NULL;
    json_decref(e->put_back);
    e->put_back = NULL;
    events_free(e->events);
    e->events = NULL;
    if (e->wake_fd >= 0)
        close(e->wake_fd);
    e->wake_fd = -1;
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    pthread_mutex_destroy(&e->reloading);
}

void engine_stop(struct engine *e)
{
    atomic_store(&e->told_to_stop, true);
    begin_to_stop(e);
}

bool engine_end_for(struct engine *e, json_t *order_take)
{
    pthread_mutex_lock(&e->lock);
    bool first = !e->put_back && !atomic_load(&e->stop);
    if (first)
        e->put_back = order_take;
    pthread_mutex_unlock(&e->lock);
    if (first)
        begin_to_stop(e);
    return first;
}

int engine_keep(struct engine *e, const struct conf_keep *keep, struct koppel_error *err)
{
    if (!e->keeper.started)
        return keeper_start(&e->keeper, e->store, keep, err);
    keeper_change(&e->keeper, keep);
    return 0;
}

void engine_ordered(struct engine *e)
{
    wake(e);
}

/* ---- generations ---- */

struct generation *engine_hold(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    struct generation *g = e->now;
    g->refs++;
    pthread_mutex_unlock(&e->lock);
    return g;
}

void engine_let_go(struct engine *e, struct generation *g)
{
    pthread_mutex_lock(&e->lock);
    bool last = --g->refs == 0;
    struct generation **at = &e->all;
    while (last && *at != g)
        at = &(*at)->next;
    if (last)
        *at = g->next;
    pthread_mutex_unlock(&e->lock);
    if (last)
        generation_free(g);
}

struct generation *engine_adopt(struct engine *e, struct generation *g)
{
    struct generation *before = e->now;
    g->refs = 1;
    g->next = e->all;
    e->all = g;
    e->now = g;
    return before;
}

struct connection *engine_connection(struct engine *e, const struct conf_connection *conf)
{
    struct connection *found = NULL;
    pthread_mutex_lock(&e->lock);
    for (struct generation *g = e->all; g && !found; g = g->next)
        found = generation_connection(g, conf);
    pthread_mutex_unlock(&e->lock);
    return found;
}

/* ---- flows at work ---- */

const struct flow *engine_at_work(struct engine *e, const char *flow)
{
    struct engine_flow *at = e->flows;
    while (at && strcmp(at->flow->conf->name, flow) != 0)
        at = at->next;
    return at ? at->flow : NULL;
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
