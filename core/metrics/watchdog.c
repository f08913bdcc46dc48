/* SPDX-License-Identifier: MIT
 * Signs of life for the service manager. */
#include "metrics/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/thread.h"
#include "metrics/metrics_probe.h"

struct watchdog {
    struct engine *engine;
    int64_t every_ms;
    pthread_t thread; /* where every_ms > 0 */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over; /* under the lock */
};

static void *watch(void *arg)
{
    struct watchdog *w = arg;
    const char *told = NULL; /* why no sign is sent */
    pthread_mutex_lock(&w->lock);
    while (!w->over) {
        pthread_mutex_unlock(&w->lock);
        const char *stuck = metrics_probe_live(w->engine);
        if (!stuck)
            (void)notify_send("WATCHDOG=1");
        else if (!told)
            log_error(LOG_ABOUT(.event = "stuck"), "no sign of life for the service manager: %s",
                      stuck);
        told = stuck;
        struct timespec until;
        clock_deadline(w->every_ms, &until);
        pthread_mutex_lock(&w->lock);
        if (!w->over)
            (void)pthread_cond_timedwait(&w->changed, &w->lock, &until);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct watchdog *watchdog_open(struct engine *e, struct koppel_error *err)
{
    struct watchdog *w = calloc(1, sizeof *w);
    if (!w) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    w->engine = e;
    w->every_ms = notify_watchdog_ms() / 2;
    if (w->every_ms > 0 && thread_start(&w->thread, watch, w) != 0) {
        err_set(err, KOPPEL_E_RETRY, "no thread could be started");
        w->every_ms = 0;
        watchdog_close(w);
        return NULL;
    }
    if (notify_send("READY=1\nSTATUS=serving") != 0)
        log_warning(LOG_ABOUT(.event = "start"),
                    "the service manager was not told of the start: %s", strerror(errno));
    return w;
}

void watchdog_close(struct watchdog *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->over = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (w->every_ms > 0)
        pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
