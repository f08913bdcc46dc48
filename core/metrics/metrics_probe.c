/* SPDX-License-Identifier: MIT
 * The probes. A question that nobody can answer any more is not asked: first come those that never
 * block. */
#include "metrics/metrics_probe.h"

#include <string.h>

#include "base/clock.h"
#include "base/thread.h"
#include "engine/room.h"
#include "engine/schedule.h"

#define NOTE "probe"
#define LOCK_AGAIN_MS 2
#define LOCK_MS 2000 /* for which the engine's lock may be held by others; it never is for 1 ms */

/* The engine's lock, unless somebody does not give it back. */
static bool can_lock(struct engine *e)
{
    int64_t until = clock_monotonic_ms() + LOCK_MS;
    while (pthread_mutex_trylock(&e->lock) != 0) {
        if (clock_monotonic_ms() >= until)
            return false;
        thread_rest(LOCK_AGAIN_MS);
    }
    pthread_mutex_unlock(&e->lock);
    return true;
}

const char *metrics_probe_live(struct engine *e)
{
    if (e->store->ops->busy_ms(e->store) > METRICS_PROBE_STUCK_MS)
        return "store.stuck: the store does not come back from a change; look at its disk, then "
               "restart";
    if (!can_lock(e))
        return "engine.stuck: the engine's lock is not given back; restart";
    if (schedule_busy_ms(e) > METRICS_PROBE_STUCK_MS)
        return "schedule.stuck: the schedule does not come back; restart";
    return NULL;
}

static const char *store_words(const struct koppel_error *err)
{
    if (strcmp(err->reason, "store.full") == 0)
        return "store.full: the disk of the store is full; make room there";
    if (strcmp(err->reason, "store.busy") == 0)
        return "store.busy: another program keeps the store locked";
    return "store.failed: the store cannot be written; the log says why";
}

const char *metrics_probe_ready(struct engine *e)
{
    struct koppel_error err = {0};
    char now[CLOCK_TEXT_BYTES];
    const char *stuck = metrics_probe_live(e);
    if (stuck)
        return stuck;
    if (atomic_load(&e->stop))
        return "engine.stopping: the records at hand finish, then the program ends";
    struct generation *g = engine_hold(e);
    bool whole = g->conf->whole, low = room_check(e, &g->conf->keep, NULL) != 0;
    engine_let_go(e, g);
    if (!whole)
        return "engine.safe: the configuration has mistakes and no flow runs; koppel status lists "
               "them";
    clock_format(clock_now_ms(), now);
    if (e->store->ops->note_put_soon(e->store, NOTE, now, &err) != 0)
        return store_words(&err);
    return low ? ROOM_LOW ": the disk of the store is almost full, so nothing is read; make room "
                          "there"
               : NULL;
}
