/* SPDX-License-Identifier: MIT
 * Orders, which may take long. A pool works on them; a thread sees to it that nobody waits for an
 * answer for longer than a second. */
#include "dashboard/dashboard_tasks.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/thread.h"
#include "dashboard/dashboard_mask.h"
#include "dashboard/dashboard_pool.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_route.h"

#define THREADS 12
#define QUEUE 64
#define PATIENCE_MS 1000
#define APART_MS 500 /* between two words of progress on the stream */
#define KEPT_MS (10 * 60 * INT64_C(1000))
#define KEPT 200 /* tasks that are over */

enum state { RUNNING, DONE, FAILED, CANCELLED };

struct task {
    struct task *next;
    struct dashboard_tasks *all;
    int64_t number;
    const struct service_row *row;
    char user[ACCOUNTS_NAME_BYTES + 8], session[SESSIONS_ID_BYTES];
    enum service_role role;
    bool whole; /* who ordered it may see personal data */
    const char *via;
    json_t *in;
    atomic_bool stop;
    int64_t told_ms; /* of the thread that works on it */
    /* the lock of all guards what follows */
    enum state state;
    json_t *progress, *out, *error; /* NULL: none */
    int64_t begun_ms, ended_ms, asked_ms; /* the last by the monotonic clock */
    struct dashboard_request *waiting;    /* NULL: nobody */
};

struct dashboard_tasks {
    struct dashboard_context *context;
    struct dashboard_pool *pool;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed; /* of the monotonic clock */
    bool stopped;
    int64_t last; /* number */
    struct task *first;
};

static void release(struct task *k)
{
    json_decref(k->in);
    json_decref(k->progress);
    json_decref(k->out);
    json_decref(k->error);
    free(k);
}

/* ---- what is told ---- */

static const char *state_name(enum state state)
{
    static const char *const names[] = {"running", "done", "failed", "cancelled"};
    return names[state];
}

/* Every page hears of it; what it came to, whoever may know it asks for. */
static void tell_stream(struct dashboard_tasks *t, int64_t number, const char *order,
                        enum state state)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    events_tell(t->context->engine->events, EVENTS_TASK, text,
                json_pack("{s:I,s:s,s:s}", "task", (json_int_t)number, "order", order, "state",
                          state_name(state)));
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms == 0)
        return json_null();
    clock_format(ms, text);
    return json_string(text);
}

/* The caller holds the lock. */
static json_t *json_of(const struct task *k, bool whole)
{
    json_t *value = json_pack("{s:I,s:s,s:s,s:s,s:O?,s:o,s:o}", "task", (json_int_t)k->number,
                              "order", k->row->name, "by", k->user, "state", state_name(k->state),
                              "progress", k->progress, "begun", moment(k->begun_ms), "ended",
                              moment(k->ended_ms));
    if (value && whole) {
        (void)json_object_set(value, "out", k->out ? k->out : json_null());
        (void)json_object_set(value, "error", k->error ? k->error : json_null());
    }
    return value;
}

/* ---- working ---- */

static int take_progress(void *arg, const json_t *progress)
{
    struct task *k = arg;
    int64_t now = clock_monotonic_ms();
    json_t *copy = dashboard_mask_answer(k->row->name, json_deep_copy(progress), k->whole);
    pthread_mutex_lock(&k->all->lock);
    json_t *gone = k->progress;
    k->progress = copy;
    pthread_mutex_unlock(&k->all->lock);
    json_decref(gone);
    if (now - k->told_ms >= APART_MS) {
        k->told_ms = now;
        tell_stream(k->all, k->number, k->row->name, RUNNING);
    }
    return atomic_load(&k->stop) ? -1 : 0;
}

static int run_row(struct task *k, json_t **out, struct koppel_error *err)
{
    const struct service_source *source = &k->all->context->source;
    struct service_who who = {k->user, k->role, k->via, *k->session ? k->session : NULL,
                              !k->whole};
    struct service_ask ask = {.who = &who, .in = k->in, .tell = take_progress, .arg = k,
                              .stop = &k->stop};
    struct service s = {0};
    if (atomic_load(&k->stop))
        return err_set(err, KOPPEL_E_CANCELLED, "the engine ends");
    if (source->take(source->arg, k->row, &s, err) != 0)
        return -1;
    int rc = service_call(k->row, &s, &ask, out, err);
    source->give(source->arg, &s);
    return rc;
}

/* Answers who waits for it. */
static void answer(struct dashboard_request *r, int rc, json_t *out_take,
                   const struct koppel_error *err)
{
    if (rc == 0)
        dashboard_request_json(r, 200, out_take);
    else
        dashboard_problem_error(&r->answer, err);
    r->context->answered(r);
}

static json_t *problem_of(const struct koppel_error *err)
{
    struct dashboard_answer a = {0};
    dashboard_problem_error(&a, err);
    json_t *value = a.body ? json_read(a.body, a.bytes, NULL, NULL) : NULL;
    dashboard_request_answer_done(&a);
    return value;
}

static void work(void *job)
{
    struct task *k = job;
    struct dashboard_tasks *t = k->all;
    struct koppel_error err = {0};
    json_t *out = NULL;
    int64_t number = k->number;
    const char *order = k->row->name;
    int rc = run_row(k, &out, &err);
    if (rc == 0 && !(out = dashboard_mask_answer(order, out ? out : json_object(), k->whole)))
        rc = err_set(&err, KOPPEL_E_RETRY, "out of memory");
    dashboard_mask_error(&err, k->whole);
    bool cancelled = rc != 0 && (err.kind == KOPPEL_E_CANCELLED || atomic_load(&k->stop));
    enum state state = rc == 0 ? DONE : cancelled ? CANCELLED : FAILED;
    pthread_mutex_lock(&t->lock);
    struct dashboard_request *waiting = k->waiting;
    k->waiting = NULL;
    k->state = state;
    k->out = json_incref(out);
    k->error = rc == 0 ? NULL : problem_of(&err);
    k->ended_ms = clock_now_ms();
    if (waiting) { /* nobody knows its number */
        struct task **at = &t->first;
        while (*at != k)
            at = &(*at)->next;
        *at = k->next;
    }
    pthread_mutex_unlock(&t->lock); /* behind this k may be gone */
    if (waiting) {
        release(k);
        answer(waiting, rc, out, &err);
    } else {
        tell_stream(t, number, order, state);
        json_decref(out);
    }
}

/* ---- patience ---- */

static void answer_later(struct dashboard_request *r, int64_t number)
{
    if (asprintf(&r->answer.location, "/api/v1/tasks/%lld", (long long)number) < 0)
        r->answer.location = NULL;
    dashboard_request_json(r, 202, json_pack("{s:I}", "task", (json_int_t)number));
    r->context->answered(r);
}

/* Drops what was over for long; gives who has waited for long enough, and until when nobody has.
 * The caller holds the lock. */
static struct task *look(struct dashboard_tasks *t, int64_t *next_ms)
{
    int64_t now = clock_monotonic_ms(), wall = clock_now_ms();
    int over = 0;
    *next_ms = now + KEPT_MS;
    for (struct task **at = &t->first; *at;) {
        struct task *k = *at;
        if (k->waiting && now - k->asked_ms >= PATIENCE_MS)
            return k;
        if (k->waiting && k->asked_ms + PATIENCE_MS < *next_ms)
            *next_ms = k->asked_ms + PATIENCE_MS;
        if (k->state != RUNNING && (wall - k->ended_ms > KEPT_MS || ++over > KEPT)) {
            *at = k->next;
            release(k);
        } else {
            at = &k->next;
        }
    }
    return NULL;
}

static void *watch(void *arg)
{
    struct dashboard_tasks *t = arg;
    pthread_mutex_lock(&t->lock);
    while (!t->stopped) {
        struct timespec until;
        int64_t next;
        struct task *k = look(t, &next);
        if (k) {
            struct dashboard_request *r = k->waiting;
            int64_t number = k->number;
            k->waiting = NULL;
            pthread_mutex_unlock(&t->lock);
            answer_later(r, number);
            pthread_mutex_lock(&t->lock);
            continue;
        }
        clock_deadline(next - clock_monotonic_ms(), &until);
        (void)pthread_cond_timedwait(&t->changed, &t->lock, &until);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* ---- opening and closing ---- */

struct dashboard_tasks *dashboard_tasks_open(struct dashboard_context *c, struct koppel_error *err)
{
    struct dashboard_tasks *t = calloc(1, sizeof *t);
    pthread_condattr_t attr;
    if (!t) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    t->context = c;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &attr);
    pthread_condattr_destroy(&attr);
    t->pool = dashboard_pool_open(THREADS, QUEUE, work, err);
    if (t->pool && thread_start(&t->thread, watch, t) == 0)
        return t;
    if (t->pool)
        err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    dashboard_pool_stop(t->pool);
    t->stopped = true;
    dashboard_tasks_free(t);
    return NULL;
}

void dashboard_tasks_stop(struct dashboard_tasks *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    bool before = t->stopped;
    t->stopped = true;
    for (struct task *k = t->first; k; k = k->next)
        atomic_store(&k->stop, true);
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
    if (before)
        return;
    pthread_join(t->thread, NULL);
    dashboard_pool_stop(t->pool); /* each that runs answers who waits for it */
}

void dashboard_tasks_free(struct dashboard_tasks *t)
{
    if (!t)
        return;
    for (struct task *k = t->first, *next; k; k = next) {
        next = k->next;
        release(k);
    }
    dashboard_pool_free(t->pool);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->changed);
    free(t);
}

/* ---- */

bool dashboard_tasks_begin(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           json_t *in_take)
{
    struct dashboard_tasks *t = r->context->tasks;
    struct task *k = calloc(1, sizeof *k);
    if (!k) {
        json_decref(in_take);
        dashboard_problem(&r->answer, 503, "memory", "out of memory");
        return false;
    }
    k->all = t;
    k->row = &r->route->row;
    k->in = in_take;
    k->role = who->user.role;
    k->whole = dashboard_guard_personal(who);
    k->via = dashboard_guard_via(who);
    snprintf(k->user, sizeof k->user, "%s", who->user.name);
    snprintf(k->session, sizeof k->session, "%s", who->session.id);
    k->begun_ms = clock_now_ms();
    k->asked_ms = clock_monotonic_ms();
    k->waiting = r;
    pthread_mutex_lock(&t->lock);
    bool taken = !t->stopped;
    if (taken) {
        k->number = ++t->last;
        k->next = t->first;
        t->first = k;
        taken = dashboard_pool_add(t->pool, k);
        if (taken)
            pthread_cond_broadcast(&t->changed);
        else
            t->first = k->next;
    }
    pthread_mutex_unlock(&t->lock);
    if (taken)
        return true;
    release(k);
    r->answer.retry_after_s = 1;
    dashboard_problem(&r->answer, 503, "server.busy", "too much is asked at once; try again");
    return false;
}

static bool may_see(const struct task *k, const struct dashboard_guard_who *who)
{
    return who->user.role == SERVICE_ADMIN || strcmp(k->user, who->user.name) == 0;
}

void dashboard_tasks_list(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in)
{
    struct dashboard_tasks *t = r->context->tasks;
    json_t *list = json_array();
    (void)in;
    pthread_mutex_lock(&t->lock);
    for (const struct task *k = t->first; k; k = k->next) {
        if (!k->waiting && may_see(k, who))
            (void)json_array_append_new(list, json_of(k, false));
    }
    pthread_mutex_unlock(&t->lock);
    dashboard_request_json(r, 200, json_pack("{s:o}", "tasks", list));
}

/* The caller holds the lock. */
static struct task *find(struct dashboard_tasks *t, const struct dashboard_guard_who *who,
                         const json_t *in)
{
    json_int_t number = json_integer_value(json_object_get(in, "task"));
    for (struct task *k = t->first; k; k = k->next) {
        if (k->number == number && may_see(k, who))
            return k;
    }
    return NULL;
}

static void answer_one(struct dashboard_request *r, const struct dashboard_guard_who *who,
                       const json_t *in, bool cancel)
{
    struct dashboard_tasks *t = r->context->tasks;
    pthread_mutex_lock(&t->lock);
    struct task *k = find(t, who, in);
    if (k && cancel)
        atomic_store(&k->stop, true);
    json_t *value = k ? json_of(k, true) : NULL;
    pthread_mutex_unlock(&t->lock);
    if (k)
        dashboard_request_json(r, 200, value);
    else
        dashboard_problem(&r->answer, 404, SERVICE_UNKNOWN, "there is no such task any more");
}

void dashboard_tasks_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in)
{
    answer_one(r, who, in, false);
}

void dashboard_tasks_cancel(struct dashboard_request *r, const struct dashboard_guard_who *who,
                            const json_t *in)
{
    answer_one(r, who, in, true);
}
