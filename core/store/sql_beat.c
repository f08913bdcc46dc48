/* SPDX-License-Identifier: MIT
 * Move 5: the beat that renews what is held. It sleeps while nothing is. */
#include "store/sql_beat.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define BEATS_PER_LEASE 5

struct beat_arg {
    struct held_copy *holds;
    bool *lost;
    int count;
};

static int renew(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct beat_arg *a = arg;
    int64_t until = conn_now_ms(c) + s->lease_ms;
    for (int i = 0; i < a->count; i++) {
        const struct held_copy *h = &a->holds[i];
        int rc = h->part == HELD_READER
                     ? conn_run(c, SQL_SOURCE_BEAT, err, "ibii", h->flow, s->owner,
                                sizeof s->owner, h->epoch, until)
                     : conn_run(c, SQL_LEASE_BEAT, err, "iibii", h->flow, (int64_t)h->part,
                                s->owner, sizeof s->owner, h->epoch, until);
        if (rc != 0)
            return -1;
        int changed = conn_changes(c, err);
        if (changed < 0)
            return -1;
        a->lost[i] = changed == 0;
    }
    return 0;
}

int sql_beat(struct store *base, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct beat_arg a = {0};
    a.count = held_copies(&s->holds, &a.holds);
    if (a.count == 0)
        return 0;
    a.lost = a.count > 0 ? calloc((size_t)a.count, sizeof *a.lost) : NULL;
    int rc = a.lost ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    int64_t deadline = held_deadline(s->lease_ms);
    if (rc == 0)
        /* what a crash of a shared server took back, another host would take over too early */
        rc = sql_change(s, s->kind->hosts ? SQL_HARD : SQL_SOFT, renew, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        held_until(&s->holds, a.holds[i].epoch, a.lost[i] ? 0 : deadline);
    free(a.lost);
    free(a.holds);
    return rc;
}

static void *beat_main(void *arg)
{
    struct sql_store *s = arg;
    struct held_list *l = &s->holds;
    int64_t every = s->lease_ms / BEATS_PER_LEASE;
    bool failing = false;
    pthread_mutex_lock(&l->lock);
    while (!s->beat_stopping) {
        if (!l->first) {
            pthread_cond_wait(&l->filled, &l->lock);
            continue;
        }
        struct timespec at;
        clock_deadline(every, &at);
        /* what is added meanwhile has its whole time, so only the end wakes it early */
        while (!s->beat_stopping && pthread_cond_timedwait(&l->filled, &l->lock, &at) == 0)
            ;
        if (s->beat_stopping)
            break;
        pthread_mutex_unlock(&l->lock);
        struct koppel_error err = {0};
        bool failed = sql_beat(&s->base, &err) != 0;
        if (failed && !failing)
            log_warning(LOG_ABOUT(.event = "store"), "store %s: leases are not renewed: %s",
                        s->path, err.text);
        failing = failed;
        pthread_mutex_lock(&l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

int sql_beat_start(struct sql_store *s, struct koppel_error *err)
{
    int problem = pthread_create(&s->beat, NULL, beat_main, s);
    if (problem != 0)
        return err_set(err, KOPPEL_E_RETRY, "cannot start the store's beat: %s", strerror(problem));
    s->beats = true;
    return 0;
}

void sql_beat_stop(struct sql_store *s)
{
    if (!s->beats)
        return;
    pthread_mutex_lock(&s->holds.lock);
    s->beat_stopping = true;
    pthread_cond_broadcast(&s->holds.filled);
    pthread_mutex_unlock(&s->holds.lock);
    pthread_join(s->beat, NULL);
    s->beats = false;
}
