/* SPDX-License-Identifier: MIT
 * One thread that sleeps until a flow is due, and one per run. */
#include "engine/schedule.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/thread.h"
#include "engine/room.h"
#include "engine/slots.h"

/* ---- a run ---- */

#define REST_FIRST_MS INT64_C(1000)

/* A run that failed as a whole leaves its jobs as due as they were: without a rest it would begin
 * at once, again and again. The more of them in a row the longer, up to the interval. */
static void rest(struct slot *slot, bool failed)
{
    slot->failures = failed ? slot->failures + 1 : 0;
    int64_t in_ms = REST_FIRST_MS;
    for (int i = 1; i < slot->failures && in_ms < slot->flow->every_ms; i++)
        in_ms *= 2;
    if (slot->failures > 0)
        slot->rest_ms = clock_monotonic_ms() +
                        (in_ms < slot->flow->every_ms ? in_ms : slot->flow->every_ms);
}

static void end_task(struct task *task, int rc, const struct run_result *result,
                     const struct koppel_error *why)
{
    struct schedule *s = task->schedule;
    struct slot *slot = task->slot;
    struct koppel_error nothing = {0};
    pthread_mutex_lock(&s->engine->lock);
    slot->task = NULL;
    slot->look = true;
    if (s->engine->serves && !atomic_load(&task->leaving))
        serving_tell_end(&slot->log, slot->name, rc, why);
    if (slot->flow)
        rest(slot, rc != 0 && why->kind != KOPPEL_E_CANCELLED);
    if (slot->runs && strcmp(why->reason, ROOM_LOW) == 0 &&
        slot->next_ms > clock_monotonic_ms() + ROOM_AGAIN_MS)
        slot->next_ms = clock_monotonic_ms() + ROOM_AGAIN_MS;
    if (slot->runs && result->late && !slot->asked) {
        /* who ordered it had no more time: the next one waits for as long as it takes */
        slot->asked = true;
        slot->trigger = RUNS_SCHEDULE;
    }
    slots_end_tickets(&task->tickets, rc != 0 ? why : &nothing, result);
    slots_stir(s);
    pthread_mutex_unlock(&s->engine->lock);
}

static void *task_thread(void *arg)
{
    struct task *task = arg;
    struct schedule *s = task->schedule;
    struct engine *e = s->engine;
    struct run_result result;
    struct koppel_error err = {0};
    int rc = run_flow(e, &task->order, &result, &err);
    end_task(task, rc, &result, &err);
    json_decref(result.facts);
    engine_let_go(e, task->generation); /* may close connections, which nobody waits for */
    free(task->who);
    free(task);
    pthread_mutex_lock(&e->lock);
    s->running--;
    s->worked = true;
    slots_stir(s);
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

static int start_thread(struct task *task)
{
    pthread_t thread;
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    int rc = pthread_create(&thread, &detached, task_thread, task);
    pthread_attr_destroy(&detached);
    return rc;
}

/* The order of the next run: those who wait for it may say for how long, and who they are. */
static void take_orders(struct task *task, struct slot *slot, enum runs_trigger trigger)
{
    const char *who = NULL;
    task->order = (struct run_order){.generation = task->generation, .flow = slot->flow,
                                     .wait_ms = RUN_SERVE, .trigger = trigger,
                                     .leaving = &task->leaving};
    for (struct ticket *t = slot->tickets; t; t = t->next) {
        t->begun = true;
        task->order.trigger = RUNS_HAND;
        if (t->wait_ms > task->order.wait_ms)
            task->order.wait_ms = t->wait_ms;
        who = who ? who : t->who;
    }
    task->who = who ? strdup(who) : NULL;
    task->order.who = task->who;
    task->tickets = slot->tickets;
    slot->tickets = NULL;
}

static void start(struct schedule *s, struct slot *slot, enum runs_trigger trigger)
{
    struct engine *e = s->engine;
    struct task *task = calloc(1, sizeof *task);
    struct koppel_error err = {0};
    slot->next_ms = slot->runs ? clock_monotonic_ms() + slot->flow->every_ms : SLOTS_NEVER;
    slot->due_ms = SLOTS_NEVER;
    slot->asked = false;
    if (!task) {
        err_set(&err, KOPPEL_E_BUG, "out of memory");
        slots_end_tickets(&slot->tickets, &err, NULL);
        return;
    }
    *task = (struct task){.schedule = s, .slot = slot, .generation = e->now};
    take_orders(task, slot, trigger);
    slot->task = task;
    e->now->refs++;
    s->running++;
    if (start_thread(task) == 0)
        return;
    err_set(&err, KOPPEL_E_RETRY, "no thread could be started");
    slot->task = NULL;
    e->now->refs--; /* it is the active one: this was not the last */
    s->running--;
    slots_end_tickets(&task->tickets, &err, NULL);
    serving_tell_end(&slot->log, slot->name, -1, &err);
    free(task->who);
    free(task);
}

/* ---- what is due ---- */

/* Asks the store, without the lock. */
static void look_at(struct schedule *s, struct slot *slot)
{
    struct engine *e = s->engine;
    struct store *store = e->store;
    struct koppel_error ignored = {0};
    const char *name = slot->name;
    char *why = NULL;
    int64_t in_ms = -1;
    slot->look = false;
    pthread_mutex_unlock(&e->lock);
    bool known = flow_paused(store, name, &why, &ignored) == 0;
    bool due = store->ops->next_due(store, &name, 1, &in_ms, &ignored) == 0 && in_ms >= 0;
    pthread_mutex_lock(&e->lock);
    if (known && slot->runs)
        serving_tell_pause(&slot->log, name, why);
    if (known && slot->paused != (why != NULL))
        events_tell(e->events, why ? EVENTS_PAUSED : EVENTS_RESUMED, name,
                    why ? json_pack("{s:o}", "why", json_string_nocheck(why)) : NULL);
    slot->unknown = !known;
    slot->paused = why != NULL;
    slot->due_ms = due ? clock_monotonic_ms() + in_ms : SLOTS_NEVER;
    if (due && slot->failures > 0 && slot->due_ms < slot->rest_ms)
        slot->due_ms = slot->rest_ms;
    free(why);
}

/* Two flows whose records travel one way between the same two systems: what goes the other way
 * waits until one that is leaving has left. */
static bool is_met(const struct conf_flow *a, const struct conf_flow *b)
{
    if (!behaviour_for(a->model)->one_way || !behaviour_for(b->model)->one_way)
        return false;
    const char *from = a->from->name, *to = a->to->name;
    return (strcmp(from, b->from->name) == 0 && strcmp(to, b->to->name) == 0) ||
           (strcmp(from, b->to->name) == 0 && strcmp(to, b->from->name) == 0);
}

static bool must_wait(struct schedule *s, const struct slot *slot)
{
    for (const struct slot *other = s->slots; other; other = other->next) {
        if (other->task && atomic_load(&other->task->leaving) &&
            is_met(other->task->order.flow, slot->flow))
            return true;
    }
    return false;
}

/* Starts what is due of a slot; when it is to be looked at again. */
static int64_t see_to(struct schedule *s, struct slot *slot)
{
    int64_t now = clock_monotonic_ms();
    bool may = slot->runs && !slot->paused;
    if (slot->task || !slot->flow || must_wait(s, slot))
        return SLOTS_NEVER; /* the end of a run is told */
    if (slot->tickets) {
        start(s, slot, RUNS_HAND);
    } else if (may && slot->unknown && (slot->asked || slot->next_ms <= now)) {
        /* a store that does not say whether it is paused is asked again at the next interval */
        slot->next_ms = now + slot->flow->every_ms;
        slot->asked = false;
        slot->look = true;
        return slot->next_ms;
    } else if (may && slot->asked) {
        start(s, slot, slot->trigger);
    } else if (may && (slot->next_ms <= now || slot->due_ms <= now)) {
        start(s, slot, slot->next_ms <= now ? RUNS_SCHEDULE : RUNS_RETRY);
    } else {
        return !may ? SLOTS_NEVER : slot->next_ms < slot->due_ms ? slot->next_ms : slot->due_ms;
    }
    return SLOTS_NEVER;
}

/* Sees to every slot; when the next one is due. */
static int64_t see_to_all(struct schedule *s)
{
    struct engine *e = s->engine;
    int64_t next = SLOTS_NEVER;
    slots_drop(s);
    bool news = e->orders != s->seen;
    s->seen = e->orders;
    /* while the store is asked, slots may be added in front of these, and none goes */
    for (struct slot *slot = s->slots; slot && !atomic_load(&e->stop); slot = slot->next) {
        if ((slot->look || news) && slot->runs && !slot->task)
            look_at(s, slot);
        int64_t due = see_to(s, slot);
        next = due < next ? due : next;
    }
    return next;
}

static void give_up_waiting(struct schedule *s)
{
    struct koppel_error stopping = {0};
    err_set(&stopping, KOPPEL_E_CANCELLED, "the engine stops");
    for (struct slot *slot = s->slots; slot; slot = slot->next) {
        slots_end_tickets(&slot->tickets, &stopping, NULL);
    }
    pthread_cond_broadcast(&s->engine->changed);
}

/* What runs and configurations used is the system's again once nothing runs: each of their threads
 * had heaps of its own. */
static void give_back(struct schedule *s)
{
    struct engine *e = s->engine;
    s->worked = false;
    pthread_mutex_unlock(&e->lock);
    (void)malloc_trim(0);
    pthread_mutex_lock(&e->lock);
}

static void *schedule_thread(void *arg)
{
    struct schedule *s = arg;
    struct engine *e = s->engine;
    pthread_mutex_lock(&e->lock);
    while (!atomic_load(&e->stop)) {
        s->dirty = false;
        atomic_store(&s->awake_since_ms, clock_monotonic_ms());
        int64_t next = see_to_all(s);
        if (s->running == 0 && s->worked)
            give_back(s);
        if (s->dirty || e->orders != s->seen || atomic_load(&e->stop))
            continue;
        struct timespec until;
        atomic_store(&s->awake_since_ms, 0);
        clock_deadline(next == SLOTS_NEVER ? -1 : next - clock_monotonic_ms(), &until);
        if (next == SLOTS_NEVER)
            pthread_cond_wait(&e->changed, &e->lock);
        else
            (void)pthread_cond_timedwait(&e->changed, &e->lock, &until);
    }
    atomic_store(&s->awake_since_ms, 0); /* runs end as they end */
    give_up_waiting(s);
    while (s->running > 0)
        pthread_cond_wait(&e->changed, &e->lock);
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

/* ---- opening and closing ---- */

int schedule_open(struct engine *e, bool serves, struct koppel_error *err)
{
    struct schedule *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    *s = (struct schedule){.engine = e};
    e->schedule = s;
    e->serves = serves;
    int rc = slots_fill(s, RUNS_START);
    if (rc != 0)
        err_set(err, KOPPEL_E_BUG, "out of memory");
    else if (thread_start(&s->thread, schedule_thread, s) != 0)
        rc = err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    s->joined = rc != 0;
    if (rc != 0)
        schedule_close(e);
    return rc;
}

int64_t schedule_busy_ms(const struct engine *e)
{
    int64_t since = e->schedule ? atomic_load(&e->schedule->awake_since_ms) : 0;
    return since > 0 ? clock_monotonic_ms() - since : 0;
}

void schedule_wait(struct engine *e)
{
    struct schedule *s = e->schedule;
    if (!s->joined)
        pthread_join(s->thread, NULL);
    s->joined = true;
}

void schedule_close(struct engine *e)
{
    struct schedule *s = e->schedule;
    if (!s)
        return;
    if (!s->joined)
        engine_stop(e);
    schedule_wait(e);
    e->serves = false;
    e->schedule = NULL;
    slots_free(s);
    free(s);
}
