/* SPDX-License-Identifier: MIT
 * One thread per flow, which sleeps until its flow is due. */
#include "engine/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/run.h"

struct schedule {
    struct engine *engine;
    const struct conf_flow *flow;
    pthread_t thread;
    bool started;
    /* What the log knows of it. */
    bool seen, paused; /* whether it is paused was looked at; it was then */
    int failures;      /* runs in a row */
    char failed_as[sizeof(((struct koppel_error *)0)->text)]; /* reason or words of the last one */
};

/* ---- what is logged ---- */

/* A pause and its end are a line each. What was paused at the start is told with that. */
static void tell_pause(struct schedule *s, const char *why)
{
    const struct log_about *about =
        LOG_ABOUT(.event = why ? "paused" : "resumed", .flow = s->flow->name);
    if (s->seen && why && !s->paused)
        log_info(about, "paused: %s", why);
    else if (s->seen && !why && s->paused)
        log_info(about, "it goes on");
    s->seen = true;
    s->paused = why != NULL;
}

/* A run that failed like the one before is no news; that one worked again is. */
static void tell_end(struct schedule *s, int rc, const struct koppel_error *err)
{
    const char *as = err->reason[0] ? err->reason : err->text;
    if (rc == 0 && s->failures > 0)
        log_info(LOG_ABOUT(.event = "recovered", .flow = s->flow->name, .count = s->failures),
                 "it runs again");
    if (rc == 0 || err->kind == KOPPEL_E_CANCELLED) {
        s->failures = 0;
        s->failed_as[0] = '\0';
        return;
    }
    if (run_pauses(err)) { /* which the run has told */
        s->paused = s->paused || strcmp(err->reason, "flow.paused") != 0;
        return;
    }
    bool again = s->failures++ > 0 && strcmp(as, s->failed_as) == 0;
    log_at(again ? LOG_DEBUG : LOG_ERROR,
           LOG_ABOUT(.event = "failed", .flow = s->flow->name, .reason = err->reason), "%s",
           err->text);
    snprintf(s->failed_as, sizeof s->failed_as, "%s", as);
}

/* ---- the thread of a flow ---- */

/* How long until it is due: at the next interval, or sooner where a waiting job is. -1: only an
 * order can make it due. */
static int64_t due_in(struct schedule *s, int64_t next_ms, bool paused)
{
    struct store *store = s->engine->store;
    struct koppel_error ignored = {0};
    int64_t left = next_ms - clock_monotonic_ms(), job = -1;
    if (paused)
        return -1;
    if (store->ops->next_due(store, &s->flow->name, 1, &job, &ignored) == 0 && job >= 0 &&
        job < left)
        left = job;
    return left > 0 ? left : 0;
}

static void *schedule_thread(void *arg)
{
    struct schedule *s = arg;
    struct engine *e = s->engine;
    int64_t seen = 0, next = clock_monotonic_ms();
    while (!atomic_load(&e->stop)) {
        struct koppel_error err = {0};
        char *why = NULL;
        /* a store that does not say whether it is paused is asked again at the next interval */
        bool asked = flow_paused(e->store, s->flow->name, &why, &err) == 0;
        bool paused = why != NULL;
        if (asked)
            tell_pause(s, why);
        free(why);
        int64_t wait = due_in(s, next, paused);
        if (wait != 0) {
            seen = engine_wait(e, seen, wait);
            continue;
        }
        next = clock_monotonic_ms() + s->flow->every_ms;
        if (asked)
            tell_end(s, run_flow(e, s->flow, RUN_SERVE, NULL, NULL, &err), &err);
    }
    return NULL;
}

int schedule_serve(struct engine *e, struct koppel_error *err)
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
