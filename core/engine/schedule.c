/* SPDX-License-Identifier: MIT
 * One thread per flow, which sleeps until its flow is due. */
#include "engine/schedule.h"

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
};

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
        free(why);
        int64_t wait = due_in(s, next, paused);
        if (wait != 0) {
            seen = engine_wait(e, seen, wait);
            continue;
        }
        next = clock_monotonic_ms() + s->flow->every_ms;
        if (asked && run_flow(e, s->flow, RUN_SERVE, NULL, NULL, &err) != 0)
            log_error("flow=%s %s", s->flow->name, err.text);
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
