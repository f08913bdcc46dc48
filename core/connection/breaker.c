/* SPDX-License-Identifier: MIT
 * The circuit of a connection. */
#include "connection/breaker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

/* A rest of another host that ends so near to the own one is the own one, which the store gives
 * back. */
#define ECHO_MS 1000
#define REFUSED_MAX 64 /* distinct keys that are told apart; more count no further */

struct breaker {
    char *name;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    enum breaker_phase phase;
    int failures, opened; /* in a row: failed calls; times that it opened */
    int64_t since_ms;     /* wall clock, for people */
    int64_t due_ms;       /* monotonic: when one may be tried */
    int64_t probe_ms;     /* monotonic: when the call that is tried began */
    bool asked;           /* the peer asked for this rest, or another host said so */
    struct koppel_error why;
    char refused_as[sizeof(((struct koppel_error *)0)->text)]; /* reason or words; "": none */
    uint64_t refused[REFUSED_MAX];
    int refused_count;
    breaker_listener *listen; /* NULL: nobody does */
    void *arg;
};

struct breaker *breaker_new(const char *name)
{
    struct breaker *b = calloc(1, sizeof *b);
    pthread_condattr_t attr;
    if (!b)
        return NULL;
    b->name = strdup(name);
    if (!b->name) {
        free(b);
        return NULL;
    }
    pthread_mutex_init(&b->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&b->changed, &attr);
    pthread_condattr_destroy(&attr);
    return b;
}

void breaker_free(struct breaker *b)
{
    if (!b)
        return;
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    free(b->name);
    free(b);
}

void breaker_listen(struct breaker *b, breaker_listener *listen, void *arg)
{
    b->listen = listen;
    b->arg = arg;
}

bool breaker_is_down(const struct koppel_error *err)
{
    static const char *const reasons[] = {KOPPEL_REASON_DOWN, "http.connect", "http.timeout",
                                          "http.lost", "http.429", "http.502", "http.503",
                                          "http.504", "tls.expired"};
    if (err->kind != KOPPEL_E_RETRY && err->kind != KOPPEL_E_UNSURE)
        return false;
    if (err->retry_after_ms > 0)
        return true;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(err->reason, reasons[i]) == 0)
            return true;
    }
    return false;
}

/* ---- under the lock ---- */

static int64_t rest_ms(const struct breaker *b, int64_t asked_ms)
{
    int64_t delay = BREAKER_REST_FIRST_MS;
    for (int i = 1; i < b->opened && delay < BREAKER_REST_MAX_MS; i++)
        delay *= 2;
    if (delay > BREAKER_REST_MAX_MS)
        delay = BREAKER_REST_MAX_MS;
    delay = delay / 2 + clock_random((uint32_t)(delay / 2) + 1);
    if (asked_ms > BREAKER_ASKED_MAX_MS)
        asked_ms = BREAKER_ASKED_MAX_MS;
    return asked_ms > delay ? asked_ms : delay;
}

static void open_for(struct breaker *b, int64_t ms)
{
    bool first = b->phase == BREAKER_CLOSED;
    b->phase = BREAKER_OPEN;
    b->due_ms = clock_monotonic_ms() + ms;
    if (first)
        b->since_ms = clock_now_ms();
    if (first)
        log_warning(LOG_ABOUT(.event = "down", .connection = b->name, .reason = b->why.reason),
                    "it rests, as the peer does not answer as a whole: %s", b->why.text);
    if (first && b->listen)
        b->listen(b->arg, b->name, &b->why);
    pthread_cond_broadcast(&b->changed);
}

static int64_t open_it(struct breaker *b, int64_t asked_ms)
{
    b->opened++;
    b->asked = b->asked || asked_ms > 0;
    int64_t ms = rest_ms(b, asked_ms);
    open_for(b, ms);
    return ms;
}

static bool may_try(const struct breaker *b, int64_t now)
{
    if (b->phase == BREAKER_CLOSED)
        return true;
    return b->phase == BREAKER_OPEN && b->due_ms <= now;
}

/* ---- */

int64_t breaker_wait_ms(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    int64_t now = clock_monotonic_ms(), wait = 0;
    if (b->phase == BREAKER_OPEN && b->due_ms > now)
        wait = b->due_ms - now;
    else if (b->phase == BREAKER_HALF_OPEN)
        wait = BREAKER_REST_FIRST_MS; /* at most: who is tried tells before */
    pthread_mutex_unlock(&b->lock);
    return wait;
}

bool breaker_try(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    bool go = may_try(b, clock_monotonic_ms());
    if (go && b->phase == BREAKER_OPEN) {
        b->phase = BREAKER_HALF_OPEN;
        b->probe_ms = clock_monotonic_ms();
    }
    pthread_mutex_unlock(&b->lock);
    return go;
}

bool breaker_worked(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    bool was = b->phase != BREAKER_CLOSED;
    bool over = b->phase == BREAKER_HALF_OPEN || (was && !b->asked);
    int64_t for_s = (clock_now_ms() - b->since_ms) / 1000;
    b->phase = BREAKER_CLOSED;
    b->failures = b->opened = 0;
    b->since_ms = 0;
    b->why.kind = 0;
    b->asked = false;
    if (was && b->listen)
        b->listen(b->arg, b->name, NULL);
    if (was)
        pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    if (was)
        log_info(LOG_ABOUT(.event = "up", .connection = b->name), "it answers again, after %lld s",
                 (long long)for_s);
    return over;
}

void breaker_accepted(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    b->refused_count = 0;
    b->refused_as[0] = '\0';
    pthread_mutex_unlock(&b->lock);
}

void breaker_untried(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    if (b->phase == BREAKER_HALF_OPEN) {
        b->phase = BREAKER_OPEN; /* still due: the next one is tried */
        pthread_cond_broadcast(&b->changed);
    }
    pthread_mutex_unlock(&b->lock);
}

int64_t breaker_failed(struct breaker *b, const struct koppel_error *err)
{
    int64_t asked_ms = err->retry_after_ms, ms = 0;
    if (!breaker_is_down(err)) {
        breaker_untried(b);
        return 0;
    }
    pthread_mutex_lock(&b->lock);
    b->failures++;
    b->why = *err;
    /* While it is open, what fails began before it opened: that is no news. */
    if (b->phase == BREAKER_HALF_OPEN
        || (b->phase == BREAKER_CLOSED && (b->failures >= BREAKER_OPENS_AFTER || asked_ms > 0))) {
        ms = open_it(b, asked_ms);
    } else if (b->phase == BREAKER_OPEN && asked_ms > 0 && asked_ms <= BREAKER_ASKED_MAX_MS
               && clock_monotonic_ms() + asked_ms > b->due_ms) {
        b->due_ms = clock_monotonic_ms() + asked_ms;
        b->asked = true;
        ms = asked_ms;
    }
    pthread_mutex_unlock(&b->lock);
    return ms;
}

void breaker_rest(struct breaker *b, int64_t ms, const char *reason)
{
    pthread_mutex_lock(&b->lock);
    int64_t due = clock_monotonic_ms() + ms;
    if (b->phase == BREAKER_CLOSED) {
        err_reason(&b->why, KOPPEL_E_RETRY, reason, "%s: another host was told so%s%s%s", b->name,
                   *reason ? " (" : "", reason, *reason ? ")" : "");
        b->opened++;
        b->asked = true;
        open_for(b, ms);
    } else if (b->phase == BREAKER_OPEN) {
        b->asked = b->asked || due < b->due_ms - ECHO_MS || due > b->due_ms + ECHO_MS;
        if (due > b->due_ms)
            b->due_ms = due;
    }
    pthread_mutex_unlock(&b->lock);
}

static uint64_t key_hash(const char *key)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return h;
}

int breaker_refused(struct breaker *b, const char *key, const struct koppel_error *err)
{
    const char *as = err->reason[0] ? err->reason : err->text;
    uint64_t hash = key_hash(key);
    bool known = false;
    pthread_mutex_lock(&b->lock);
    if (strcmp(as, b->refused_as) != 0) {
        snprintf(b->refused_as, sizeof b->refused_as, "%s", as);
        b->refused_count = 0;
    }
    for (int i = 0; i < b->refused_count && !known; i++)
        known = b->refused[i] == hash;
    if (!known && b->refused_count < REFUSED_MAX)
        b->refused[b->refused_count++] = hash;
    int count = b->refused_count;
    pthread_mutex_unlock(&b->lock);
    return count;
}

bool breaker_wait(struct breaker *b, bool (*stopping)(void *arg), void *arg)
{
    bool go = false;
    pthread_mutex_lock(&b->lock);
    while (!stopping(arg)) {
        int64_t now = clock_monotonic_ms();
        go = may_try(b, now);
        if (go)
            break;
        if (b->phase == BREAKER_HALF_OPEN) {
            pthread_cond_wait(&b->changed, &b->lock);
            continue;
        }
        struct timespec until;
    clock_deadline(b->due_ms - now, &until);
        pthread_cond_timedwait(&b->changed, &b->lock, &until);
    }
    pthread_mutex_unlock(&b->lock);
    return go;
}

void breaker_wake(struct breaker *b)
{
    pthread_mutex_lock(&b->lock);
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

void breaker_look(struct breaker *b, struct breaker_state *out)
{
    pthread_mutex_lock(&b->lock);
    int64_t left = b->due_ms - clock_monotonic_ms();
    *out = (struct breaker_state){
        .phase = b->phase,
        .failures = b->failures,
        .refused = b->refused_count,
        .since_ms = b->phase == BREAKER_CLOSED ? 0 : b->since_ms,
        .retry_in_ms = b->phase == BREAKER_OPEN && left > 0 ? left : 0,
        .why = b->why,
    };
    pthread_mutex_unlock(&b->lock);
}
