/* SPDX-License-Identifier: MIT
 * What the other engines do that share the store. Each look is held against the one before: counts
 * of a flow that moved, a pause that came or went, an alert that was told. */
#include "engine/others.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define LOOK_MS 1000
#define MARK_BYTES 16

/* What was seen of something the last time. */
struct mark {
    struct mark *next;
    char name[EVENTS_SUBJECT_BYTES];
    unsigned char digest[MARK_BYTES];
};

struct others {
    struct engine *engine;
    struct mark *marks;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ends;
    bool stopping;
};

/* Is it another one than the last time? What is seen first is not. */
static bool moved(struct others *o, const char *name, const void *seen, size_t bytes)
{
    unsigned char digest[MARK_BYTES];
    struct mark *m = o->marks;
    crypto_generichash(digest, sizeof digest, seen, bytes, NULL, 0);
    while (m && strcmp(m->name, name) != 0)
        m = m->next;
    bool known = m != NULL;
    if (!known && (m = calloc(1, sizeof *m))) {
        snprintf(m->name, sizeof m->name, "%s", name);
        m->next = o->marks;
        o->marks = m;
    }
    bool same = known && memcmp(m->digest, digest, sizeof digest) == 0;
    if (m)
        memcpy(m->digest, digest, sizeof digest);
    return known && !same;
}

static void forget(struct others *o)
{
    while (o->marks) {
        struct mark *m = o->marks;
        o->marks = m->next;
        free(m);
    }
}

static int count_host(void *arg, const struct store_host *h)
{
    *(int *)arg += h->alive && !h->own;
    return 0;
}

static int take_number(void *arg, const struct store_entry *e)
{
    *(int64_t *)arg = e->seq;
    return 1;
}

/* The newest entry of a kind, of that subject or of all; 0: none. */
static int64_t newest(struct store *s, const char *kind, const char *subject)
{
    struct store_entry_filter f = {.kind = kind, .subject = subject, .limit = 1};
    struct koppel_error ignored = {0};
    int64_t seq = 0;
    (void)s->ops->entries(s, &f, take_number, &seq, &ignored);
    return seq;
}

/* false: the store did not answer. */
static bool look_at_flow(struct others *o, const char *flow)
{
    struct store *s = o->engine->store;
    struct koppel_error ignored = {0};
    struct store_counts counts = {0};
    if (s->ops->counts(s, flow, &counts, &ignored) != 0)
        return false;
    int64_t seen[] = {counts.read, counts.done, counts.skipped, counts.parked, counts.waiting,
                      counts.pending, newest(s, "run", flow)};
    if (moved(o, flow, seen, sizeof seen))
        events_tell(o->engine->events, EVENTS_FLOW, flow, NULL);
    return true;
}

static bool is_stopping(struct others *o)
{
    pthread_mutex_lock(&o->lock);
    bool stopping = o->stopping;
    pthread_mutex_unlock(&o->lock);
    return stopping;
}

static int add_note(void *arg, const char *name, const char *value)
{
    crypto_generichash_update(arg, (const unsigned char *)name, strlen(name) + 1);
    crypto_generichash_update(arg, (const unsigned char *)value, strlen(value) + 1);
    return 0;
}

/* Whom a pause concerns learns of it as of an order that was left here. */
static void look_at_notes(struct others *o)
{
    static const char *const prefixes[] = {"paused/", "again/", "shrunk/", "accepted/"};
    struct store *s = o->engine->store;
    struct koppel_error ignored = {0};
    crypto_generichash_state state;
    unsigned char all[MARK_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof all);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (s->ops->notes(s, prefixes[i], add_note, &state, &ignored) != 0)
            return;
    }
    crypto_generichash_final(&state, all, sizeof all);
    if (moved(o, "/notes", all, sizeof all))
        engine_ordered(o->engine);
}

static void look(struct others *o)
{
    struct engine *e = o->engine;
    struct koppel_error ignored = {0};
    int others = 0;
    if (e->store->ops->hosts(e->store, count_host, &others, &ignored) != 0)
        return; /* whoever works tells what is wrong */
    if (others == 0) {
        forget(o);
        return;
    }
    struct generation *g = engine_hold(e);
    bool there = true;
    for (int i = 0; i < g->conf->flow_count && there; i++)
        there = !is_stopping(o) && look_at_flow(o, g->conf->flows[i].name);
    engine_let_go(e, g);
    if (!there)
        return;
    look_at_notes(o);
    int64_t alert = newest(e->store, "alert", NULL);
    if (moved(o, "/alerts", &alert, sizeof alert))
        events_tell(e->events, EVENTS_ALERT, NULL, NULL);
}

static void *others_thread(void *arg)
{
    struct others *o = arg;
    pthread_mutex_lock(&o->lock);
    while (!o->stopping) {
        struct timespec until;
        pthread_mutex_unlock(&o->lock);
        look(o);
        clock_deadline(LOOK_MS, &until);
        pthread_mutex_lock(&o->lock);
        while (!o->stopping && pthread_cond_timedwait(&o->ends, &o->lock, &until) == 0)
            ;
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

struct others *others_open(struct engine *e, struct koppel_error *err)
{
    struct others *o = calloc(1, sizeof *o);
    pthread_condattr_t monotonic;
    if (!o) {
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    o->engine = e;
    pthread_mutex_init(&o->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&o->ends, &monotonic);
    pthread_condattr_destroy(&monotonic);
    struct generation *g = engine_hold(e);
    bool alone = !g->conf->store_connection;
    engine_let_go(e, g);
    o->started = !alone && pthread_create(&o->thread, NULL, others_thread, o) == 0;
    if (alone || o->started)
        return o;
    others_close(o);
    (void)err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    return NULL;
}

void others_close(struct others *o)
{
    if (!o)
        return;
    pthread_mutex_lock(&o->lock);
    o->stopping = true;
    pthread_cond_broadcast(&o->ends);
    pthread_mutex_unlock(&o->lock);
    if (o->started)
        pthread_join(o->thread, NULL);
    forget(o);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->ends);
    free(o);
}
