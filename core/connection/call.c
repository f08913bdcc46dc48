/* SPDX-License-Identifier: MIT
 * Calls into plugins that are under way, and the last words of a program that ends in one. */
#include "connection/call.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define STACK_BYTES (32 * 1024) /* of the handler: a plugin may have used up its thread's own */

static struct {
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed, told;
    bool clocked;         /* the condition goes by the monotonic clock, the thread is started */
    struct call *calls;   /* those that are watched */
    int64_t wakes_ms;     /* when the watcher looks next; INT64_MAX: when it is told */
    int64_t give_up_ms;   /* when the program ends without them; 0: not asked for */
    int status;
    void (*end)(int status); /* _exit; set once, before any thread */
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER,
           .told = PTHREAD_COND_INITIALIZER,
           .wakes_ms = INT64_MAX};

/* The call that this thread is in. Read by signal handlers, so it is written in one piece. */
static _Thread_local struct call *volatile current;
static _Thread_local bool has_stack;
static _Thread_local char stack[STACK_BYTES];

void call_words(const struct call *call, char *out, size_t room)
{
    snprintf(out, room, "plugin %s, %s%s%s%s%s, for %lld s", call->plugin, call->op,
             call->entity ? " of " : "", call->entity ? call->entity : "",
             call->connection ? ", connection " : "", call->connection ? call->connection : "",
             (long long)((clock_monotonic_ms() - call->begun_ms) / 1000));
}

/* ---- the watcher ---- */

/* Names one call that is beyond its deadline, without the lock; call_end waits for that. */
static bool name_one(int64_t now)
{
    char words[512];
    struct call *c = watch.calls;
    while (c && (c->named || c->inside || c->due_ms > now))
        c = c->next;
    if (!c)
        return false;
    c->named = c->telling = true;
    call_words(c, words, sizeof words);
    pthread_mutex_unlock(&watch.lock);
    log_error(LOG_ABOUT(.event = "blocked", .connection = c->connection, .plugin = c->plugin),
              "a call does not come back: %s", words);
    if (c->late)
        c->late(c->arg, words);
    pthread_mutex_lock(&watch.lock);
    c->telling = false;
    pthread_cond_broadcast(&watch.told);
    return true;
}

static void give_up(void)
{
    char words[512];
    for (struct call *c = watch.calls; c; c = c->next) {
        call_words(c, words, sizeof words);
        log_error(LOG_ABOUT(.event = "blocked", .connection = c->connection, .plugin = c->plugin),
                  "the program ends without a call that does not come back: %s", words);
    }
    watch.end(watch.status);
}

static int64_t next_look(void)
{
    int64_t next = watch.give_up_ms ? watch.give_up_ms : INT64_MAX;
    for (struct call *c = watch.calls; c; c = c->next) {
        if (!c->named && !c->inside && c->due_ms < next)
            next = c->due_ms;
    }
    return next;
}

static void *watcher(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&watch.lock);
    for (;;) {
        int64_t now = clock_monotonic_ms();
        while (name_one(now))
            ;
        if (watch.give_up_ms && watch.give_up_ms <= now) {
            if (watch.calls && watch.end)
                give_up();
            watch.give_up_ms = 0;
        }
        watch.wakes_ms = next_look();
        if (watch.wakes_ms == INT64_MAX) {
            pthread_cond_wait(&watch.changed, &watch.lock);
        } else {
            struct timespec until;
    clock_deadline(watch.wakes_ms - clock_monotonic_ms(), &until);
            pthread_cond_timedwait(&watch.changed, &watch.lock, &until);
        }
    }
    return NULL;
}

/* Starts the watcher when it is first needed. Under the lock. */
static bool start(void)
{
    pthread_condattr_t attr;
    pthread_t thread;
    sigset_t all, before;
    if (watch.clocked)
        return true;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&watch.changed, &attr);
    pthread_condattr_destroy(&attr);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    watch.clocked = pthread_create(&thread, NULL, watcher, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (watch.clocked)
        pthread_detach(thread);
    return watch.clocked;
}

/* The watcher sleeps too long for this deadline. Under the lock. */
static void look_by(int64_t ms)
{
    if (ms < watch.wakes_ms && start())
        pthread_cond_signal(&watch.changed);
}

/* ---- calls ---- */

/* A stack of its own for the handler, once per thread; where there is one already, a sanitizer put
 * it there and takes it away itself. */
static void give_stack(void)
{
    stack_t had, mine = {.ss_sp = stack, .ss_size = sizeof stack};
    has_stack = true;
    if (sigaltstack(NULL, &had) == 0 && (had.ss_flags & SS_DISABLE))
        (void)sigaltstack(&mine, NULL);
}

void call_begin(struct call *call)
{
    if (!has_stack && watch.end)
        give_stack();
    call->outer = current;
    call->inside = 0;
    call->named = call->telling = false;
    call->begun_ms = clock_monotonic_ms();
    call->due_ms = call->limit_ms > 0 ? call->begun_ms + call->limit_ms : INT64_MAX;
    call->next = call->previous = NULL;
    if (call->limit_ms > 0) {
        pthread_mutex_lock(&watch.lock);
        call->next = watch.calls;
        if (call->next)
            call->next->previous = call;
        watch.calls = call;
        look_by(call->due_ms);
        pthread_mutex_unlock(&watch.lock);
    }
    current = call;
}

void call_end(struct call *call)
{
    current = call->outer;
    if (call->limit_ms <= 0)
        return;
    pthread_mutex_lock(&watch.lock);
    while (call->telling)
        pthread_cond_wait(&watch.told, &watch.lock);
    if (call->next)
        call->next->previous = call->previous;
    if (call->previous)
        call->previous->next = call->next;
    else
        watch.calls = call->next;
    pthread_mutex_unlock(&watch.lock);
    if (!call->named)
        return;
    char words[512];
    call_words(call, words, sizeof words);
    log_info(LOG_ABOUT(.event = "blocked", .connection = call->connection, .plugin = call->plugin),
             "a call that was late came back: %s", words);
    if (call->late)
        call->late(call->arg, NULL);
}

void call_host_begin(void)
{
    struct call *call = current;
    if (!call || call->limit_ms <= 0)
        return;
    pthread_mutex_lock(&watch.lock);
    call->inside++;
    pthread_mutex_unlock(&watch.lock);
}

void call_host_end(void)
{
    struct call *call = current;
    if (!call || call->limit_ms <= 0)
        return;
    pthread_mutex_lock(&watch.lock);
    if (--call->inside == 0) {
        call->due_ms = clock_monotonic_ms() + call->limit_ms;
        look_by(call->due_ms);
    }
    pthread_mutex_unlock(&watch.lock);
}

int64_t call_left_ms(void)
{
    struct call *call = current;
    if (!call || call->limit_ms <= 0)
        return INT64_MAX;
    int64_t left = call->due_ms - clock_monotonic_ms();
    return left > 0 ? left : 0;
}

void call_give_up_after(int64_t ms, int status)
{
    pthread_mutex_lock(&watch.lock);
    watch.give_up_ms = clock_monotonic_ms() + (ms > 0 ? ms : 1);
    watch.status = status;
    look_by(watch.give_up_ms);
    pthread_mutex_unlock(&watch.lock);
}

/* ---- last words ---- */

/* Nothing but write(2): the program may be in any state. */
static void say(const char *text)
{
    ssize_t n = write(STDERR_FILENO, text, strlen(text));
    (void)n;
}

static void last_words(const struct call *call, const char *what)
{
    say(log_priority(LOG_ERROR));
    say("koppel: plugin ");
    say(call->plugin);
    say(what);
    say(" in ");
    say(call->op);
    if (call->entity) {
        say(" of ");
        say(call->entity);
    }
    if (call->connection) {
        say(", connection ");
        say(call->connection);
    }
    say("\n");
}

static void on_crash(int number)
{
    const char *what = number == SIGSEGV ? " crashed (SIGSEGV)" : number == SIGABRT
                       ? " aborted (SIGABRT)" : number == SIGFPE ? " crashed (SIGFPE)"
                       : number == SIGBUS ? " crashed (SIGBUS)" : " crashed (SIGILL)";
    const struct call *call = current;
    if (call)
        last_words(call, what);
    raise(number); /* SA_RESETHAND: ends the program as it would have without us */
}

static void on_exit_inside(void)
{
    const struct call *call = current;
    if (!call)
        return;
    last_words(call, " ended the program with exit()");
    watch.end(CALL_EXIT_STATUS);
}

int call_guard(void (*end)(int status), struct koppel_error *err)
{
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL};
    struct sigaction action = {.sa_handler = on_crash,
                               .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK | SA_NODEFER)};
    watch.end = end;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_DFL)
            continue; /* a sanitizer's, which says more than we could */
        if (sigaction(numbers[i], &action, NULL) != 0)
            return err_set(err, KOPPEL_E_CONFIG, "signal %d cannot be watched", numbers[i]);
    }
    if (atexit(on_exit_inside) != 0 || at_quick_exit(on_exit_inside) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "the program's end cannot be watched");
    return 0;
}
