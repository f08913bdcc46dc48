/* SPDX-License-Identifier: MIT
 * Wrong passwords. */
#include "dashboard/dashboard_guesses.h"

#include <pthread.h>
#include <stdlib.h>

#include "alert/alert_look.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/meter.h"

#define KEPT 1000
#define WITHIN_MS (60 * 60 * INT64_C(1000))

struct dashboard_guesses {
    struct store *store;
    pthread_mutex_t lock;
    int64_t count;       /* of all */
    int64_t told;        /* what the alerts know; -1: not yet */
    int64_t times[KEPT]; /* a ring, by the monotonic clock */
};

struct dashboard_guesses *dashboard_guesses_new(struct store *s)
{
    struct dashboard_guesses *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->store = s;
    g->told = -1; /* what an engine told that was killed is told no more */
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void dashboard_guesses_free(struct dashboard_guesses *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g);
}

void dashboard_guesses_note(struct dashboard_guesses *g)
{
    meter_add(METER_LOGINS, NULL, NULL, NULL, 1);
    pthread_mutex_lock(&g->lock);
    g->times[g->count++ % KEPT] = clock_monotonic_ms();
    pthread_mutex_unlock(&g->lock);
}

void dashboard_guesses_look(struct dashboard_guesses *g)
{
    struct koppel_error err = {0};
    int64_t since = clock_monotonic_ms() - WITHIN_MS, found = 0;
    pthread_mutex_lock(&g->lock);
    for (int64_t i = g->count - 1; i >= 0 && i >= g->count - KEPT && g->times[i % KEPT] >= since;
         i--)
        found++;
    bool news = found != g->told;
    g->told = found;
    pthread_mutex_unlock(&g->lock);
    if (news && alert_look_told(g->store, CONF_ALERT_GUESSING, "", found, &err) != 0)
        log_warning(LOG_ABOUT(.event = "alert"), "wrong passwords are not told: %s", err.text);
}
