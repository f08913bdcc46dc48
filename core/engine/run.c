/* SPDX-License-Identifier: MIT
 * The threads of one run: one reads, several deliver. */
#include "engine/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/meter.h"
#include "connection/settings_check.h"
#include "engine/feeder.h"
#include "engine/pause.h"
#include "engine/room.h"
#include "flow/again_read.h"
#include "flow/backoff.h"
#include "flow/deliver.h"
#include "flow/direction.h"
#include "flow/read.h"
#include "flow/source.h"

#define LINGER_MS 500 /* how long what is pushed is waited for */
#define LINGER_LONGEST_MS 60000
#define TELL_MS 100 /* between two words about a run that moves */
#define OVERTIME_MS 1000 /* how soon a peer that rests is noticed once the time is up */

/* ---- the threads ---- */

static bool is_stopping(void *arg)
{
    return flow_stopping(arg);
}

/* A source that fails rests the reading; what is read already is delivered meanwhile. true: it may
 * be asked again. */
static bool outlast(struct run *run, int *tries, const struct koppel_error *err)
{
    struct flow *f = &run->flow;
    struct breaker *source = connection_breaker(f->from);
    struct breaker_state state;
    breaker_look(source, &state);
    if (state.phase != BREAKER_CLOSED) /* away as a whole: no try is counted */
        return breaker_wait(source, is_stopping, f);
    if (++*tries >= f->conf->attempts)
        return false;
    int64_t wait = backoff_ms(*tries, err->retry_after_ms);
    /* in serve a run that fails in the end is told, once */
    log_at(*tries == 1 && !run->engine->serves ? LOG_WARNING : LOG_DEBUG,
           LOG_ABOUT(.event = "retry", .flow = f->conf->name, .connection = f->conf->from->name,
                     .reason = err->reason),
           "its reading waits %lld ms: %s", (long long)wait, err->text);
    flow_sleep(f, wait);
    return !flow_stopping(f);
}

/* Reads to the end, or until the source is to be given back; or, where `again` is given, what that
 * orders, and after each page of it what has changed meanwhile, so that nobody waits for it. */
static int read_all(struct run *run, struct reading *r, struct again_read *again,
                    struct koppel_error *err)
{
    struct flow *f = &run->flow;
    bool more = true;
    for (int tries = 0; more && !flow_stopping(f) && !store_wanted(r->reader.hold);) {
        *err = (struct koppel_error){0};
        if (!breaker_wait(connection_breaker(f->from), is_stopping, f))
            return 0;
        if (room_check(run->engine, &run->generation->conf->keep, err) != 0)
            return -1;
        int rc = again ? again_read_page(again, r, &more, err) : read_page(r, &more, err);
        if (rc == 0) {
            tries = 0;
            if (again && more && !f->source->snapshot && read_all(run, r, NULL, err) != 0)
                return -1;
            continue;
        }
        more = true; /* a page that failed is asked for again */
        if (err->kind != KOPPEL_E_RETRY || !outlast(run, &tries, err))
            return -1;
    }
    return 0;
}

static int read_ordered(struct run *run, struct reading *r, struct koppel_error *err)
{
    struct again_read *again = NULL;
    if (flow_stopping(&run->flow))
        return 0;
    int rc = again_read_open(&run->flow, &again, err);
    if (rc == 0 && again)
        rc = read_all(run, r, again, err);
    again_read_close(again);
    return rc;
}

static void *read_thread(void *arg)
{
    struct run *run = arg;
    struct flow *f = &run->flow;
    struct reading r;
    struct koppel_error err = {0};
    int rc = read_begin(&r, f, &err);
    if (rc == 0)
        rc = read_all(run, &r, NULL, &err);
    if (rc == 0)
        rc = read_ordered(run, &r, &err);
    bool complete = r.complete;
    read_end(&r);
    atomic_store(&run->complete, rc == 0 && complete);
    if (rc != 0 && err.kind != KOPPEL_E_CANCELLED && !atomic_load(&run->stop)) {
        run->read_why = err;
        if (err.kind != KOPPEL_E_RETRY)
            flow_halt(f, &err);
    }
    atomic_store(&run->reading, false);
    flow_signal_end(f);
    return NULL;
}

/* What was pushed is delivered, and more of it may come: as long as it does the run goes on, but
 * not for so long that nothing is read any more. Whoever pushes knows by `lingers` whether this run
 * delivers it. */
static void *linger_thread(void *arg)
{
    struct run *run = arg;
    struct flow *f = &run->flow;
    struct engine *e = run->engine;
    int64_t longest = f->conf->every_ms < LINGER_LONGEST_MS ? f->conf->every_ms
                                                            : LINGER_LONGEST_MS;
    int64_t ends = clock_monotonic_ms() + longest;
    bool more = true;
    while (more) {
        long long seen = atomic_load(&f->pushed);
        flow_sleep(f, LINGER_MS);
        pthread_mutex_lock(&e->lock);
        more = !flow_stopping(f) && atomic_load(&f->pushed) != seen && clock_monotonic_ms() < ends;
        if (!more)
            atomic_store(&f->lingers, false);
        pthread_mutex_unlock(&e->lock);
    }
    atomic_store(&run->reading, false);
    flow_signal_end(f);
    return NULL;
}

static void *deliver_thread(void *arg)
{
    struct run *run = arg;
    deliver_partitions(&run->flow, &run->reading);
    atomic_fetch_sub(&run->delivering, 1);
    flow_signal_end(&run->flow);
    return NULL;
}

static bool is_at_work(const struct run *run)
{
    return atomic_load(&run->delivering) > 0 || atomic_load(&run->reading);
}

/* Does one of the two systems rest, or the store fail, and why? */
static bool rests(struct run *run, struct koppel_error *why)
{
    struct breaker_state state;
    struct flow *f = &run->flow;
    pthread_mutex_lock(&f->lock);
    struct koppel_error store_why = f->store_why;
    pthread_mutex_unlock(&f->lock);
    if (store_why.kind) {
        *why = store_why;
        return true;
    }
    breaker_look(connection_breaker(run->flow.from), &state);
    if (state.phase == BREAKER_CLOSED)
        breaker_look(connection_breaker(run->flow.to), &state);
    if (state.phase == BREAKER_CLOSED)
        return false;
    *why = state.why;
    return true;
}

/* Looks after a run until its threads are through, and tells when it moves. Past its time it ends
 * where a peer rests. */
static void watch(struct run *run, int64_t deadline_ms)
{
    struct flow *f = &run->flow;
    int64_t seen = 0, ended = 0;
    while (is_at_work(run)) {
        bool patient = deadline_ms == INT64_MAX;
        int64_t left = patient ? INT64_MAX : deadline_ms - clock_monotonic_ms();
        seen = flow_wait(f, seen, patient ? -1 : left > 0 ? left : OVERTIME_MS);
        events_tell(run->engine->events, EVENTS_FLOW, f->conf->name, NULL);
        if (flow_stopping(f)) /* nothing wakes this any more but the threads themselves */
            return;
        if (left <= 0 && rests(run, &run->read_why)) {
            run->late = true;
            flow_stop(&run->flow);
        }
        ended = flow_wait_end(f, ended, TELL_MS);
    }
}

static int worker_count(const struct run *run)
{
    const struct conf_flow *conf = run->flow.conf;
    int n = run->generation->conf->workers;
    if (n > conf->to->concurrency)
        n = conf->to->concurrency;
    if (n > conf->partitions)
        n = conf->partitions;
    return n < 1 ? 1 : n;
}

/* Reads (unless only waiting jobs are wanted) and delivers once. */
static int run_threads(struct run *run, bool read, int64_t deadline_ms, struct koppel_error *err)
{
    int n = worker_count(run), started = 0;
    pthread_t *workers = calloc((size_t)n, sizeof *workers), reader;
    bool has_reader = false;
    if (!workers)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    atomic_store(&run->reading, read);
    atomic_store(&run->flow.lingers, read && run->pushed);
    atomic_store(&run->flow.looked, read && run->pushed); /* no page comes: it is all there */
    if (read)
        has_reader = pthread_create(&reader, NULL, run->pushed ? linger_thread : read_thread,
                                    run) == 0;
    if (read && !has_reader) {
        atomic_store(&run->reading, false);
        atomic_store(&run->flow.lingers, false);
    }
    for (; (has_reader || !read) && started < n; started++) {
        atomic_fetch_add(&run->delivering, 1);
        if (pthread_create(&workers[started], NULL, deliver_thread, run) != 0) {
            atomic_fetch_sub(&run->delivering, 1);
            break;
        }
    }
    int rc = started > 0 ? 0 : err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    if (rc != 0)
        flow_stop(&run->flow);
    watch(run, deadline_ms);
    for (int i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    if (has_reader)
        pthread_join(reader, NULL);
    free(workers);
    return rc;
}

/* Sleeps until the soonest waiting job is due. false: none is in time. */
static bool wait_for_due(struct run *run, int64_t deadline_ms)
{
    struct flow *f = &run->flow;
    int64_t in_ms = -1;
    struct koppel_error ignored = {0};
    if (f->store->ops->next_due(f->store, &f->conf->name, 1, &in_ms, &ignored) != 0 || in_ms < 0 ||
        in_ms > deadline_ms - clock_monotonic_ms())
        return false;
    if (in_ms > 0)
        flow_sleep(f, in_ms);
    return !flow_stopping(f);
}

/* ---- before a run ---- */

/* Before a configuration of a flow writes for the first time, what it sets is held against the
 * destination's own lists: an employee or an account that is not there stops it before any
 * record. */
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
        /* a peer that is down is told by its circuit */
        log_at(breaker_is_down(err) ? LOG_DEBUG : LOG_WARNING,
               LOG_ABOUT(.event = "settings", .flow = conf->name, .connection = conf->to->name,
                         .reason = err->reason),
               "its settings could not be checked: %s", err->text);
        *err = (struct koppel_error){0};
        return 0; /* the flow meets what is wrong there itself; the next run asks again */
    }
    return rc != 0 ? -1 : s->ops->note_put(s, name, conf->version, err);
}

/* Is another flow, of this name, under way? */
static bool is_running(void *arg, const char *flow)
{
    const struct run *run = arg;
    struct engine *e = run->engine;
    pthread_mutex_lock(&e->lock);
    const struct flow *found = engine_at_work(e, flow);
    pthread_mutex_unlock(&e->lock);
    return found && found != &run->flow;
}

/* ---- a run ---- */

static int go(struct run *run, int64_t wait_ms, struct koppel_error *err)
{
    struct engine *e = run->engine;
    struct flow *f = &run->flow;
    const struct conf *conf = run->generation->conf;
    struct feeders feeders;
    int64_t deadline = wait_ms < 0 ? INT64_MAX : clock_monotonic_ms() + wait_ms;
    int rc = feeder_init(&feeders, run, err);
    if (rc == 0)
        rc = source_claim(e->store, f->conf, err);
    if (rc == 0)
        rc = direction_release_unused(e->store, conf, is_running, run, err);
    if (rc == 0)
        rc = direction_claim(f, conf, err);
    if (rc == 0)
        rc = first_check(run, err);
    if (rc == 0)
        rc = feeder_wake(e->store, conf, f->conf, err);
    if (rc == 0)
        rc = run_threads(run, true, deadline, err);
    while (rc == 0 && wait_ms >= 0 && !flow_stopping(f) && wait_for_due(run, deadline))
        rc = run_threads(run, false, deadline, err);
    feeder_done(&feeders, run);
    if (rc == 0 && run->read_why.kind) {
        *err = run->read_why;
        rc = -1;
    }
    return rc;
}

bool run_pauses(const struct koppel_error *why)
{
    return why->kind == KOPPEL_E_AUTH || why->kind == KOPPEL_E_CONFIG;
}

/* What only a person can mend pauses the flow, until that was done. */
static void pause_halted(struct run *run, const struct koppel_error *why)
{
    struct koppel_error ignored = {0}, text = *why;
    const char *name = run->flow.conf->name;
    if (!run_pauses(why))
        return;
    if (why->kind == KOPPEL_E_AUTH)
        err_prefix(&text, "%.*s", (int)strlen(PAUSE_LOGIN) - 2, PAUSE_LOGIN);
    (void)pause_flow(run->engine->store, name, text.text, &ignored);
    log_error(LOG_ABOUT(.event = "paused", .flow = name, .reason = why->reason),
              "paused until a person has seen to it: %s", text.text);
}

/* Refuses a flow that is paused. */
static int check_pause(struct engine *e, const char *flow, struct koppel_error *err)
{
    char *paused = NULL;
    if (flow_paused(e->store, flow, &paused, err) != 0)
        return -1;
    if (!paused)
        return 0;
    err_reason(err, KOPPEL_E_CONFIG, "flow.paused", "flow %s is paused: %s; run: koppel resume %s",
               flow, paused, flow);
    free(paused);
    return -1;
}

/* What events say of a run. */
static json_t *told_of(const json_t *facts)
{
    static const char *const names[] = {"run", "trigger", "read", "done", "parked", "complete"};
    const json_t *error = json_object_get(facts, "error");
    json_t *told = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)json_object_set(told, names[i], json_object_get(facts, names[i]));
    json_t *reason = json_object_get(error, "reason");
    (void)json_object_set_new(told, "reason", reason ? json_incref(reason) : json_null());
    return told;
}

/* What is remembered, measured and told of a run that ended so. */
static void close_run(struct run *run, struct run_result *out, int64_t begun_ns,
                      const struct koppel_error *why)
{
    struct flow *f = &run->flow;
    struct koppel_error problem = {0};
    bool stopped = atomic_load(&run->stop) || why->kind == KOPPEL_E_CANCELLED;
    const struct koppel_error nothing = {0};
    bool complete = atomic_load(&run->complete) && !stopped;
    meter_add(METER_RUN_US, f->conf->name, NULL, NULL, (clock_monotonic_ns() - begun_ns) / 1000);
    meter_add(METER_RUNS, f->conf->name,
              stopped ? "stopped" : why->kind ? "failed" : "complete", NULL, 1);
    if (runs_end(f, complete,
                 why->kind == KOPPEL_E_CANCELLED ? &nothing : why, &out->facts, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "store", .flow = f->conf->name, .reason = problem.reason),
                    "what became of its run could not be stored: %s", problem.text);
    out->late = run->late;
    events_tell(run->engine->events, EVENTS_ENDED, f->conf->name, told_of(out->facts));
}

/* The run itself, of a flow that the engine knows to be at work: what comes to pause or end it from
 * now on meets it, what came before is seen here. */
static int begin_and_go(struct run *run, const struct run_order *order, struct run_result *out,
                        struct koppel_error *err)
{
    struct flow *f = &run->flow;
    struct engine *e = run->engine;
    const char *name = f->conf->name;
    int64_t begun = clock_monotonic_ms(), begun_ns = clock_monotonic_ns();
    if (check_pause(e, name, err) != 0 || runs_begin(f, order->trigger, order->who, err) != 0)
        return -1;
    if (order->leaving && atomic_load(order->leaving))
        flow_stop(f);
    events_tell(e->events, EVENTS_BEGUN, name,
                json_pack("{s:I,s:s}", "run", (json_int_t)f->run, "trigger", f->trigger));
    int rc = go(run, order->wait_ms, err);
    outcomes_tell(&f->outcomes, name, e->serves, atomic_load(&f->read),
                  clock_monotonic_ms() - begun);
    if (rc == 0 && atomic_load(&f->halted) && f->why.kind != KOPPEL_E_CANCELLED) {
        *err = f->why;
        rc = -1;
    }
    if (rc != 0)
        pause_halted(run, err);
    close_run(run, out, begun_ns, err);
    return rc;
}

int run_flow(struct engine *e, const struct run_order *order, struct run_result *out,
             struct koppel_error *err)
{
    const struct generation *g = order->generation;
    const struct conf_flow *conf = order->flow;
    struct run run = {.engine = e, .generation = g, .pushed = order->trigger == RUNS_PUSHED};
    struct engine_flow entry = {.flow = &run.flow};
    *out = (struct run_result){0};
    int rc = flow_init(&run.flow, conf, generation_connection(g, conf->from),
                       generation_connection(g, conf->to), e->store, &run.stop, err);
    if (rc == 0)
        rc = flow_declare(&run.flow, err);
    if (rc == 0) {
        engine_enter(e, &entry);
        rc = begin_and_go(&run, order, out, err);
        engine_leave(e, &entry);
    }
    flow_done(&run.flow);
    return rc;
}
