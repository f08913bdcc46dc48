/* SPDX-License-Identifier: MIT
 * Opens what a configuration names, runs flows, and stops in order. */
#include "engine/engine.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "connection/settings_check.h"

#define PAUSED_LOGIN "login: " /* begins why a flow was paused that nobody was logged in for */
#define TICK_MS 50          /* how often a running flow is looked at */
#define PAUSE_LOOK_TICKS 10 /* and how often for a pause that was asked for */
#define GRACE_TICKS 60      /* how long requests under way may take once the engine stops */

int engine_open(struct engine *e, const struct conf *conf, bool exclusive, bool forget,
                struct koppel_error *err)
{
    memset(e, 0, sizeof *e);
    e->conf = conf;
    const struct store_ops *ops = forget ? &store_null : &store_sqlite;
    if (ops->open(conf->store_path, conf->key, exclusive, &e->store, err) != 0)
        return -1;
    e->connections = calloc((size_t)conf->connection_count + 1, sizeof *e->connections);
    if (!e->connections) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        goto fail;
    }
    for (int i = 0; i < conf->connection_count; i++) {
        e->connections[i] = connection_new(&conf->connections[i], e->store, err);
        if (!e->connections[i])
            goto fail;
    }
    return 0;
fail:
    engine_close(e);
    return -1;
}

void engine_close(struct engine *e)
{
    for (int i = 0; e->connections && i < e->conf->connection_count; i++)
        connection_free(e->connections[i]);
    free(e->connections);
    e->connections = NULL;
    if (e->store)
        e->store->ops->close(e->store);
    e->store = NULL;
}

void engine_stop(struct engine *e)
{
    atomic_store(&e->stop, true);
}

struct connection *engine_connection(struct engine *e, const struct conf_connection *conf)
{
    return e->connections[conf - e->conf->connections];
}

int engine_pause(struct store *s, const char *flow, const char *why, struct koppel_error *err)
{
    char name[JOB_ID_BYTES];
    snprintf(name, sizeof name, FLOW_PAUSED "%.140s", flow);
    return s->ops->note_put(s, name, why, err);
}

bool engine_paused_for_login(const char *why)
{
    return strncmp(why, PAUSED_LOGIN, strlen(PAUSED_LOGIN)) == 0;
}

int engine_resume(struct store *s, const char *flow, struct koppel_error *err)
{
    return engine_pause(s, flow, NULL, err);
}

/* One run of one flow and its threads. */
struct run {
    struct engine *engine;
    struct flow flow;
    atomic_bool stop;     /* of this run: the engine's stop, or a pause */
    atomic_bool reading;
    atomic_int delivering;
};

struct worker {
    struct run *run;
    pthread_t thread;
    char owner[64];
};

static void *read_thread(void *arg)
{
    struct run *run = arg;
    bool more = true;
    for (int tries = 0; more && !flow_stopping(&run->flow);) {
        struct koppel_error err = {0};
        if (flow_read_page(&run->flow, &more, &err) == 0) {
            tries = 0;
            continue;
        }
        if (err.kind == KOPPEL_E_RETRY && ++tries < run->flow.conf->attempts) {
            flow_peer_failed(&run->flow, &err);
            if (!flow_wait_turn(&run->flow))
                break;
            continue;
        }
        flow_halt(&run->flow, &err);
    }
    flow_read_end(&run->flow); /* while the stop still looks after what is under way */
    atomic_store(&run->reading, false);
    return NULL;
}

static void *deliver_thread(void *arg)
{
    struct worker *w = arg;
    flow_deliver(&w->run->flow, w->owner, &w->run->reading);
    atomic_fetch_sub(&w->run->delivering, 1);
    return NULL;
}

static void tick(void)
{
    nanosleep(&(struct timespec){0, TICK_MS * 1000000L}, NULL);
}

/* Looks after a run until its threads are through. */
static void watch(struct run *run, engine_progress *progress, void *arg)
{
    int stopping = 0;
    for (int i = 0; atomic_load(&run->delivering) > 0 || atomic_load(&run->reading); i++) {
        if (atomic_load(&run->engine->stop)) {
            atomic_store(&run->stop, true);
            /* the journal has their intents: the next run looks up what became of them */
            if (++stopping == GRACE_TICKS) {
                connection_cancel(run->flow.from);
                connection_cancel(run->flow.to);
            }
        }
        if (i % PAUSE_LOOK_TICKS == PAUSE_LOOK_TICKS - 1) {
            char *why = flow_paused(run->engine->store, run->flow.conf->name);
            if (why)
                atomic_store(&run->stop, true);
            free(why);
        }
        if (progress && i % 4 == 0)
            progress(arg, &run->flow);
        tick();
    }
    if (progress)
        progress(arg, &run->flow);
}

static int worker_count(const struct run *run)
{
    const struct conf_flow *conf = run->flow.conf;
    int n = run->engine->conf->workers;
    if (n > conf->to->concurrency)
        n = conf->to->concurrency;
    if (n > conf->partitions)
        n = conf->partitions;
    return n < 1 ? 1 : n;
}

/* Reads (unless only waiting jobs are wanted) and delivers once. */
static int run_threads(struct run *run, bool read, engine_progress *progress, void *arg,
                       struct koppel_error *err)
{
    int n = worker_count(run), started = 0, rc = 0;
    struct worker *workers = calloc((size_t)n, sizeof *workers);
    pthread_t reader;
    bool has_reader = false;
    if (!workers)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    atomic_store(&run->reading, read);
    if (read) {
        has_reader = pthread_create(&reader, NULL, read_thread, run) == 0;
        if (!has_reader) {
            atomic_store(&run->reading, false);
            rc = err_set(err, KOPPEL_E_RETRY, "no thread could be started");
        }
    }
    for (int i = 0; i < n && rc == 0; i++) {
        workers[i].run = run;
        snprintf(workers[i].owner, sizeof workers[i].owner, "%ld/%d", (long)getpid(), i);
        atomic_fetch_add(&run->delivering, 1);
        if (pthread_create(&workers[i].thread, NULL, deliver_thread, &workers[i]) != 0) {
            atomic_fetch_sub(&run->delivering, 1);
            break;
        }
        started++;
    }
    if (rc == 0 && started == 0) {
        rc = err_set(err, KOPPEL_E_RETRY, "no thread could be started");
        atomic_store(&run->stop, true);
    }
    watch(run, progress, arg);
    for (int i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    if (has_reader)
        pthread_join(reader, NULL);
    free(workers);
    return rc;
}

/* Sleeps until the soonest waiting job is due, at most until deadline. false: none in time. */
static bool wait_for_due(struct run *run, int64_t deadline_ms)
{
    int64_t due = 0;
    struct koppel_error ignored = {0};
    struct store *s = run->engine->store;
    if (s->ops->next_due(s, run->flow.conf->name, &due, &ignored) != 0 || due == 0 ||
        due > deadline_ms)
        return false;
    while (clock_now_ms() < due && !atomic_load(&run->engine->stop))
        tick();
    return !atomic_load(&run->engine->stop);
}

/* The flows that bring the sales of the till that this stock flow writes to into the books it reads
 * from: they hold what is not booked yet. Freed with feeders_done, also after a failure. */
struct feeders {
    struct flow *flows;
    struct flow **pointers;
    int count;
};

static bool feeds(const struct conf_flow *order, const struct conf_flow *stock)
{
    return strcmp(order->model, "order") == 0 && order->from == stock->to &&
           order->to == stock->from;
}

static void feeders_done(struct feeders *g)
{
    for (int i = 0; i < g->count; i++)
        flow_done(&g->flows[i]);
    free(g->flows);
    free(g->pointers);
}

static int feeders_init(struct feeders *g, struct run *run, struct koppel_error *err)
{
    struct engine *e = run->engine;
    const struct conf_flow *stock = run->flow.conf;
    *g = (struct feeders){0};
    if (strcmp(stock->model, "stock") != 0)
        return 0;
    g->flows = calloc((size_t)e->conf->flow_count + 1, sizeof *g->flows);
    g->pointers = calloc((size_t)e->conf->flow_count + 1, sizeof(struct flow *));
    if (!g->flows || !g->pointers)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < e->conf->flow_count; i++) {
        const struct conf_flow *order = &e->conf->flows[i];
        if (order->cannot || !feeds(order, stock))
            continue;
        if (flow_init(&g->flows[g->count], order, engine_connection(e, order->from),
                      engine_connection(e, order->to), e->store, &run->stop, err) != 0)
            return -1;
        g->pointers[g->count] = &g->flows[g->count];
        g->count++;
    }
    return flow_hold_by(&run->flow, g->pointers, g->count, err);
}

/* A stock level that parked because its article was not there yet goes again once the product flow
 * made that article. */
struct wake {
    struct engine *engine;
    const struct conf_flow *stock;
    char scope[FLOW_SCOPE_BYTES];
};

static int wake_job(void *arg, const struct store_job_row *row)
{
    struct wake *w = arg;
    struct store *s = w->engine->store;
    struct store_link link = {0};
    struct koppel_error ignored = {0};
    int found = 0, count = 0;
    if (strcmp(row->reason ? row->reason : "", "article.missing") != 0)
        return 0;
    if (s->ops->link_get(s, w->scope, row->key, &link, &found, &ignored) == 0 && found &&
        !link.closed)
        (void)s->ops->retry(s, row->flow, row->part, row->off, &count, &ignored);
    store_link_done(&link);
    return 0;
}

static int wake_stock(struct engine *e, const struct conf_flow *stock, struct koppel_error *err)
{
    struct wake w = {.engine = e, .stock = stock};
    struct store_job_filter filter = {.flow = stock->name, .state = JOB_PARKED, .limit = 100000};
    for (int i = 0; i < e->conf->flow_count && strcmp(stock->model, "stock") == 0; i++) {
        const struct conf_flow *product = &e->conf->flows[i];
        if (strcmp(product->model, "product") != 0 || product->from != stock->from ||
            product->to != stock->to)
            continue;
        flow_scope(product, w.scope);
        if (e->store->ops->jobs(e->store, &filter, wake_job, &w, err) != 0)
            return -1;
    }
    return 0;
}

/* Before a configuration of a flow writes for the first time, what it sets is held against the
 * destination's own lists: an employee or an account that is not there stops it before any record.
 */
static int first_check(struct run *run, struct koppel_error *err)
{
    struct store *s = run->engine->store;
    const struct conf_flow *conf = run->flow.conf;
    char name[JOB_ID_BYTES], *checked = NULL;
    snprintf(name, sizeof name, "checked/%.140s", conf->name);
    if (s->ops->note_get(s, name, &checked, err) != 0)
        return -1;
    bool known = checked && conf->version && strcmp(checked, conf->version) == 0;
    free(checked);
    if (known)
        return 0;
    int rc = settings_check(run->flow.to, conf, err);
    if (rc != 0 && strcmp(err->reason, "settings.value") != 0) {
        log_warning("flow=%s its settings could not be checked: %s", conf->name, err->text);
        *err = (struct koppel_error){0};
        return 0; /* the flow meets what is wrong there itself; the next run asks again */
    }
    return rc != 0 ? -1 : s->ops->note_put(s, name, conf->version, err);
}

int engine_run(struct engine *e, const struct conf_flow *conf, int64_t wait_ms,
               engine_progress *progress, void *arg, struct koppel_error *err)
{
    struct run run = {.engine = e};
    struct feeders feeders = {0};
    char *paused = flow_paused(e->store, conf->name);
    if (paused) {
        log_warning("flow=%s is paused: %s; run: koppel resume %s", conf->name, paused, conf->name);
        free(paused);
        return 0;
    }
    if (flow_init(&run.flow, conf, engine_connection(e, conf->from), engine_connection(e, conf->to),
                  e->store, &run.stop, err) != 0)
        return -1;
    int64_t deadline = clock_now_ms() + wait_ms;
    int rc = flow_claim_direction(&run.flow, err);
    if (rc == 0)
        rc = first_check(&run, err);
    if (rc == 0)
        rc = feeders_init(&feeders, &run, err) == 0 ? wake_stock(e, conf, err) : -1;
    if (rc == 0)
        rc = run_threads(&run, true, progress, arg, err);
    while (rc == 0 && !flow_stopping(&run.flow) && wait_for_due(&run, deadline))
        rc = run_threads(&run, false, progress, arg, err);
    if (rc == 0 && atomic_load(&run.flow.halted) && run.flow.why.kind != KOPPEL_E_CANCELLED) {
        *err = run.flow.why;
        rc = -1;
        if (err->kind == KOPPEL_E_AUTH || err->kind == KOPPEL_E_CONFIG) {
            struct koppel_error ignored = {0}, why = *err;
            if (err->kind == KOPPEL_E_AUTH)
                err_prefix(&why, "%.*s", (int)strlen(PAUSED_LOGIN) - 2, PAUSED_LOGIN);
            (void)engine_pause(e->store, conf->name, why.text, &ignored);
        }
    }
    flow_held_free(run.flow.held);
    flow_done(&run.flow);
    feeders_done(&feeders);
    return rc;
}

struct schedule {
    struct engine *engine;
    const struct conf_flow *flow;
    pthread_t thread;
    bool started;
};

static void *schedule_thread(void *arg)
{
    struct schedule *s = arg;
    while (!atomic_load(&s->engine->stop)) {
        struct koppel_error err = {0};
        int64_t next = clock_now_ms() + s->flow->every_ms;
        char *paused = flow_paused(s->engine->store, s->flow->name);
        if (!paused && engine_run(s->engine, s->flow, 0, NULL, NULL, &err) != 0)
            log_error("flow=%s %s", s->flow->name, err.text);
        free(paused);
        /* Waiting jobs come before the next interval where they are due sooner. */
        int64_t due = 0;
        struct koppel_error ignored = {0};
        struct store *store = s->engine->store;
        if (!paused && store->ops->next_due(store, s->flow->name, &due, &ignored) == 0 && due > 0 &&
            due < next)
            next = due;
        while (clock_now_ms() < next && !atomic_load(&s->engine->stop))
            tick();
    }
    return NULL;
}

int engine_serve(struct engine *e, struct koppel_error *err)
{
    struct schedule *all = calloc((size_t)e->conf->flow_count + 1, sizeof *all);
    int rc = 0, started = 0;
    if (!all)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < e->conf->flow_count && rc == 0; i++) {
        if (!e->conf->flows[i].enabled)
            continue;
        all[i].engine = e;
        all[i].flow = &e->conf->flows[i];
        all[i].started = pthread_create(&all[i].thread, NULL, schedule_thread, &all[i]) == 0;
        if (!all[i].started)
            rc = err_set(err, KOPPEL_E_RETRY, "no thread could be started");
        started += all[i].started;
    }
    if (rc != 0 || started == 0)
        engine_stop(e);
    if (rc == 0 && started == 0)
        rc = err_set(err, KOPPEL_E_CONFIG, "no flow is enabled in %s", e->conf->dir);
    for (int i = 0; i < e->conf->flow_count; i++) {
        if (all[i].started)
            pthread_join(all[i].thread, NULL);
    }
    free(all);
    return rc;
}
