/* SPDX-License-Identifier: MIT
 * Deadlines of connections. A socket that is late is shut down, which its library notices. */
#include "dashboard/dashboard_sweep.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/thread.h"

#define LOOK_MS 1000

struct dashboard_sweep_one {
    struct dashboard_sweep_one *next;
    struct dashboard_sweep *all;
    int fd;
    bool waits; /* for its peer, who is to send something */
    int64_t since_ms, ends_ms; /* by the monotonic clock; no end: 0 */
};

struct dashboard_sweep {
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows, and each of the list */
    pthread_cond_t changed;
    bool stop;
    int many, count;
    struct dashboard_sweep_one *first;
};

static int64_t limit_of(enum dashboard_sweep_step step)
{
    static const int64_t limits[] = {[DASHBOARD_SWEEP_OPENED] = 10000,
                                     [DASHBOARD_SWEEP_HEAD] = 10000,
                                     [DASHBOARD_SWEEP_BODY] = 30000,
                                     [DASHBOARD_SWEEP_WORK] = 0,
                                     [DASHBOARD_SWEEP_ANSWER] = 120000,
                                     [DASHBOARD_SWEEP_IDLE] = 70000};
    return limits[step];
}

static void end(struct dashboard_sweep_one *one)
{
    (void)shutdown(one->fd, SHUT_RDWR);
    one->ends_ms = 0;
    one->waits = false;
}

/* The caller holds the lock. */
static void end_one_that_waits(struct dashboard_sweep *s)
{
    struct dashboard_sweep_one *oldest = NULL;
    for (struct dashboard_sweep_one *one = s->first; one; one = one->next) {
        if (one->waits && (!oldest || one->since_ms <= oldest->since_ms))
            oldest = one;
    }
    if (oldest)
        end(oldest);
}

static void *watch(void *arg)
{
    struct dashboard_sweep *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->stop) {
        int64_t now = clock_monotonic_ms();
        for (struct dashboard_sweep_one *one = s->first; one; one = one->next) {
            if (one->ends_ms != 0 && now >= one->ends_ms)
                end(one);
        }
        struct timespec until;
        clock_deadline(LOOK_MS, &until);
        if (s->first)
            (void)pthread_cond_timedwait(&s->changed, &s->lock, &until);
        else
            pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

struct dashboard_sweep *dashboard_sweep_open(int many, struct koppel_error *err)
{
    struct dashboard_sweep *s = calloc(1, sizeof *s);
    pthread_condattr_t attr;
    if (!s) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->many = many;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (thread_start(&s->thread, watch, s) == 0)
        return s;
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    return NULL;
}

void dashboard_sweep_close(struct dashboard_sweep *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

struct dashboard_sweep_one *dashboard_sweep_add(struct dashboard_sweep *s, int fd)
{
    struct dashboard_sweep_one *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    one->all = s;
    one->fd = fd;
    one->waits = true;
    one->since_ms = clock_monotonic_ms();
    one->ends_ms = one->since_ms + limit_of(DASHBOARD_SWEEP_OPENED);
    pthread_mutex_lock(&s->lock);
    if (++s->count > s->many)
        end_one_that_waits(s);
    one->next = s->first;
    s->first = one;
    if (!one->next)
        pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return one;
}

void dashboard_sweep_at(struct dashboard_sweep_one *one, enum dashboard_sweep_step step)
{
    if (!one)
        return;
    int64_t limit = limit_of(step), now = clock_monotonic_ms();
    pthread_mutex_lock(&one->all->lock);
    one->waits = step != DASHBOARD_SWEEP_WORK && step != DASHBOARD_SWEEP_ANSWER;
    one->since_ms = now;
    one->ends_ms = limit > 0 ? now + limit : 0;
    pthread_mutex_unlock(&one->all->lock);
}

void dashboard_sweep_drop(struct dashboard_sweep_one *one)
{
    if (!one)
        return;
    struct dashboard_sweep *s = one->all;
    pthread_mutex_lock(&s->lock);
    struct dashboard_sweep_one **at = &s->first;
    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    s->count--;
    pthread_mutex_unlock(&s->lock);
    free(one);
}
