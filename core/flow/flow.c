/* SPDX-License-Identifier: MIT
 * The shared state of a running flow: what it connects, waiting and waking, halting. */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

int flow_scope(const struct conf_flow *conf, char out[FLOW_SCOPE_BYTES])
{
    return snprintf(out, FLOW_SCOPE_BYTES, "%s/%s>%s/%s", conf->from->name, conf->from_entity,
                    conf->to->name, conf->to_entity);
}

int flow_init(struct flow *f, const struct conf_flow *conf, struct connection *from,
              struct connection *to, struct store *store, atomic_bool *stop,
              struct koppel_error *err)
{
    *f = (struct flow){.conf = conf, .from = from, .to = to, .store = store, .stop = stop,
                        .begun_ms = clock_now_ms()};
    atomic_store(&f->again_total, -1);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&f->lock, NULL);
    young_init(&f->young);
    outcomes_init(&f->outcomes);
    pthread_cond_init(&f->changed, &monotonic);
    pthread_cond_init(&f->over, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (conf->cannot)
        return err_set(err, KOPPEL_E_CONFIG, "flow %s cannot run: %s", conf->name, conf->cannot);
    f->source = catalogue_entity(conf->from->catalogue, conf->from_entity);
    f->dest = catalogue_entity(conf->to->catalogue, conf->to_entity);
    int n = flow_scope(conf, f->scope);
    if (!f->source || !f->dest || n < 0 || (size_t)n >= sizeof f->scope)
        return err_set(err, KOPPEL_E_CONFIG,
                       "flow %s: its connection and entity names are too long", conf->name);
    f->behaviour = behaviour_for(conf->model);
    f->means = knowledge_means(f->dest);
    f->quiet_ms = connection_quiet_ms(to, f->dest);
    f->lag_ms = connection_lag_ms(to, f->dest);
    f->language = conf->from->home ? conf->from->home->language : NULL;
    f->told = told_new();
    if (!f->told)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return 0;
}

int flow_declare(struct flow *f, struct koppel_error *err)
{
    return f->store->ops->flow_declare(f->store, f->conf->name, f->conf->partitions, err);
}

static void tell_default_row(void *arg, const char *table, const char *key, const char *row,
                             const char *value)
{
    struct flow *f = arg;
    if (!f->silent && told_first(f->told, table, key))
        log_warning(LOG_ABOUT(.event = "default", .flow = f->conf->name),
                    "table %s has no row for \"%s\": its row \"%s\" gives \"%s\"", table, key, row,
                    value);
}

struct map_tell flow_tell(struct flow *f, json_t *notes, struct map_recorder *recorder)
{
    return (struct map_tell){
        .notes = notes, .default_row = tell_default_row, .arg = f, .recorder = recorder};
}

void flow_done(struct flow *f)
{
    told_free(f->told);
    f->told = NULL;
    for (struct job_refused *r = f->refused, *next; r; r = next) {
        next = r->next;
        free(r);
    }
    f->refused = NULL;
    young_done(&f->young);
    outcomes_done(&f->outcomes);
    pthread_cond_destroy(&f->changed);
    pthread_cond_destroy(&f->over);
    pthread_mutex_destroy(&f->lock);
}

int flow_paused(struct store *s, const char *flow, char **why, struct koppel_error *err)
{
    char name[JOB_ID_BYTES];
    snprintf(name, sizeof name, FLOW_PAUSED "%.140s", flow);
    *why = NULL;
    return s->ops->note_get(s, name, why, err);
}

/* ---- waiting ---- */

void flow_signal(struct flow *f)
{
    pthread_mutex_lock(&f->lock);
    f->changes++;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

void flow_signal_end(struct flow *f)
{
    pthread_mutex_lock(&f->lock);
    f->changes++;
    f->ends++;
    pthread_cond_broadcast(&f->changed);
    pthread_cond_broadcast(&f->over);
    pthread_mutex_unlock(&f->lock);
}

/* Until the count is higher than what was seen of it. */
static int64_t await(struct flow *f, const int64_t *count, pthread_cond_t *cond, int64_t seen,
                     int64_t at_most_ms)
{
    struct timespec until;
    clock_deadline(at_most_ms, &until);
    pthread_mutex_lock(&f->lock);
    int rc = 0;
    while (rc == 0 && *count <= seen && !flow_stopping(f))
        rc = at_most_ms < 0 ? pthread_cond_wait(cond, &f->lock)
                            : pthread_cond_timedwait(cond, &f->lock, &until);
    seen = *count;
    pthread_mutex_unlock(&f->lock);
    return seen;
}

int64_t flow_wait(struct flow *f, int64_t seen, int64_t at_most_ms)
{
    return await(f, &f->changes, &f->changed, seen, at_most_ms);
}

int64_t flow_wait_end(struct flow *f, int64_t seen, int64_t at_most_ms)
{
    return await(f, &f->ends, &f->over, seen, at_most_ms);
}

void flow_sleep(struct flow *f, int64_t at_most_ms)
{
    (void)flow_wait_end(f, INT64_MAX, at_most_ms);
}

void flow_stop(struct flow *f)
{
    atomic_store(f->stop, true);
    flow_signal_end(f);
    breaker_wake(connection_breaker(f->from));
    breaker_wake(connection_breaker(f->to));
}

bool flow_stopping(const struct flow *f)
{
    return atomic_load(f->stop) || atomic_load(&f->halted);
}

static bool is_stopping(void *arg)
{
    return flow_stopping(arg);
}

bool flow_wait_turn(struct flow *f)
{
    return !flow_stopping(f) && breaker_wait(connection_breaker(f->to), is_stopping, f);
}

bool flow_must_wait(const struct flow *f)
{
    return breaker_wait_ms(connection_breaker(f->to)) > 0;
}

bool flow_resting(const struct flow *f)
{
    struct breaker_state state;
    breaker_look(connection_breaker(f->to), &state);
    return state.phase != BREAKER_CLOSED;
}

void flow_halt(struct flow *f, const struct koppel_error *why)
{
    pthread_mutex_lock(&f->lock);
    bool first = !atomic_load(&f->halted);
    if (first) {
        f->why = *why;
        atomic_store(&f->halted, true);
    }
    pthread_mutex_unlock(&f->lock);
    flow_signal_end(f);
    breaker_wake(connection_breaker(f->to));
}

/* ---- refused alike ---- */

#define REFUSED_ALL 5 /* as many records refused alike, and none done in between: it is not them */

static void forget_refused(struct flow *f)
{
    for (struct job_refused *r = f->refused, *next; r; r = next) {
        next = r->next;
        free(r);
    }
    f->refused = NULL;
}

/* Did this flow ever get something done, in this run or before? */
static bool ever_worked(struct flow *f)
{
    struct store_counts counts = {0};
    struct koppel_error ignored = {0};
    if (atomic_load(&f->worked))
        return true;
    return f->store->ops->counts(f->store, f->conf->name, &counts, &ignored) == 0 &&
           counts.done > 0;
}

enum refusal flow_refused(struct flow *f, const struct store_job *job,
                          const struct koppel_error *err)
{
    bool worked = ever_worked(f);
    int alike = breaker_refused(connection_breaker(f->to), job->key, err);
    if (alike < REFUSED_ALL && !worked && job->attempt == 0)
        return REFUSAL_ONCE_MORE;
    bool all = alike >= REFUSED_ALL || !worked;
    struct job_refused *r = all ? NULL : malloc(sizeof *r);
    struct koppel_error ignored = {0};
    pthread_mutex_lock(&f->lock);
    if (r) {
        *r = (struct job_refused){f->refused, job->part, job->off};
        f->refused = r;
        atomic_store(&f->any_refused, true);
    }
    /* those before it were parked for themselves, wrongly: they go again with the others */
    for (struct job_refused *one = all ? f->refused : NULL; one; one = one->next) {
        struct job_id id = {f->conf->name, one->part, one->off};
        int count = 0;
        (void)f->store->ops->retry(f->store, &id, 1, false, &count, &ignored);
    }
    if (all) {
        forget_refused(f);
        atomic_store(&f->all_refused, true);
    }
    pthread_mutex_unlock(&f->lock);
    return all ? REFUSAL_OF_ALL : REFUSAL_OF_ONE;
}

void flow_worked(struct flow *f)
{
    if (atomic_exchange(&f->worked, true) && !atomic_load(&f->any_refused))
        return;
    pthread_mutex_lock(&f->lock);
    forget_refused(f);
    atomic_store(&f->any_refused, false);
    pthread_mutex_unlock(&f->lock);
}
