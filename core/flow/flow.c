/* SPDX-License-Identifier: MIT
 * The shared state of a running flow: halting, and resting when the destination does not answer. */
#include "flow/flow.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/backoff.h"

#define TURN_SLICE_MS 50 /* how soon a stop is noticed while resting */

int flow_scope(const struct conf_flow *conf, char out[FLOW_SCOPE_BYTES])
{
    return snprintf(out, FLOW_SCOPE_BYTES, "%s/%s>%s/%s", conf->from->name, conf->from_entity,
                    conf->to->name, conf->to_entity);
}

int flow_init(struct flow *f, const struct conf_flow *conf, struct connection *from,
              struct connection *to, struct store *store, atomic_bool *stop,
              struct koppel_error *err)
{
    if (conf->cannot)
        return err_set(err, KOPPEL_E_CONFIG, "flow %s cannot run: %s", conf->name, conf->cannot);
    *f = (struct flow){.conf = conf, .from = from, .to = to, .store = store, .stop = stop};
    f->source = catalogue_entity(conf->from->catalogue, conf->from_entity);
    f->dest = catalogue_entity(conf->to->catalogue, conf->to_entity);
    int n = flow_scope(conf, f->scope);
    if (!f->source || !f->dest || n < 0 || (size_t)n >= sizeof f->scope)
        return err_set(err, KOPPEL_E_CONFIG,
                       "flow %s: its connection and entity names are too long", conf->name);
    pthread_mutex_init(&f->why_lock, NULL);
    return store->ops->flow_declare(store, conf->name, conf->partitions, err);
}

void flow_done(struct flow *f)
{
    flow_shown_done(&f->shown);
    pthread_mutex_destroy(&f->why_lock);
}

char *flow_paused(struct store *s, const char *flow)
{
    char name[JOB_ID_BYTES], *why = NULL;
    struct koppel_error ignored = {0};
    snprintf(name, sizeof name, FLOW_PAUSED "%.140s", flow);
    return s->ops->note_get(s, name, &why, &ignored) == 0 ? why : NULL;
}

void flow_halt(struct flow *f, const struct koppel_error *why)
{
    pthread_mutex_lock(&f->why_lock);
    bool first = !atomic_load(&f->halted);
    if (first) {
        f->why = *why;
        atomic_store(&f->halted, true);
    }
    pthread_mutex_unlock(&f->why_lock);
    if (first && why->kind != KOPPEL_E_CANCELLED)
        log_error("flow=%s stopped: %s", f->conf->name, why->text);
}

bool flow_stopping(const struct flow *f)
{
    return atomic_load(f->stop) || atomic_load(&f->halted);
}

bool flow_wait_turn(struct flow *f)
{
    while (!flow_stopping(f)) {
        int64_t wait = atomic_load(&f->hold_until_ms) - clock_monotonic_ms();
        if (wait <= 0)
            return true;
        if (wait > TURN_SLICE_MS)
            wait = TURN_SLICE_MS;
        nanosleep(&(struct timespec){0, (long)wait * 1000000L}, NULL);
    }
    return false;
}

void flow_peer_failed(struct flow *f, const struct koppel_error *err)
{
    int failures = atomic_fetch_add(&f->failures, 1) + 1;
    int64_t delay = backoff_ms(failures, err->retry_after_ms);
    int64_t until = clock_monotonic_ms() + delay;
    long long before = atomic_load(&f->hold_until_ms);
    while (before < until && !atomic_compare_exchange_weak(&f->hold_until_ms, &before, until))
        ;
    log_info("flow=%s waits %lld ms: %s", f->conf->name, (long long)delay, err->text);
}

void flow_peer_works(struct flow *f)
{
    if (atomic_load(&f->failures) != 0)
        atomic_store(&f->failures, 0);
}
