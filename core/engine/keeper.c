/* SPDX-License-Identifier: MIT
 * A look at what is old, in slices: the store runs each while nothing else waits, and between two
 * of them the thread sleeps as long as one took. */
#include "engine/keeper.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/revision.h"

#define ENTRIES_AT_ONCE 200
#define REVISIONS_KEPT 20      /* the newest stay, so that one can go back */
#define EVERY_MAX_MS 3600000
#define EVERY_MIN_MS 1000
#define LOOKS_PER_AGE 10       /* at least so many while something comes to its age */
#define NEXT_HOST_MS 60000
#define PAUSE_MS 15            /* between slices, by the thread */
#define BUSY_TRIES 20          /* while somebody reads an old state; then at the next look */

/* ---- a look ---- */

static int erase_entries(struct store *store, const struct conf_keep *keep, keeper_turn *turn,
                         void *arg, struct keeper_sum *sum, struct koppel_error *err)
{
    const struct {
        const char *kind;
        int64_t age;
    } kinds[] = {
        {"run", keep->runs_ms}, {"again", keep->runs_ms},
        {"reconcile", keep->runs_ms}, {"compared", keep->runs_ms},
        {"audit", keep->audit_ms}, {"alert", keep->audit_ms}};
    int64_t now = store->ops->now_ms(store);
    int revisions = 0;
    if (keep->revisions_ms < now &&
        revision_drop(store, now - keep->revisions_ms, REVISIONS_KEPT, &revisions, err) != 0)
        return -1;
    sum->entries += revisions;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        int count = kinds[i].age < now ? ENTRIES_AT_ONCE : 0;
        while (count == ENTRIES_AT_ONCE) {
            if (store->ops->entry_drop(store, kinds[i].kind, now - kinds[i].age, 0,
                                       ENTRIES_AT_ONCE, &count, err) != 0)
                return -1;
            sum->entries += count;
            if (!turn(arg, sum))
                return 0;
        }
    }
    return 0;
}

static int shrink(struct store *store, keeper_turn *turn, void *arg, struct keeper_sum *sum,
                  struct koppel_error *err)
{
    enum keeping_shrunk done = KEEPING_MORE;
    for (int tries = 0; done != KEEPING_SHRUNK && tries < BUSY_TRIES;) {
        if (store->ops->shrink(store, &done, err) != 0)
            return -1;
        tries += done == KEEPING_BUSY;
        if (done != KEEPING_SHRUNK && !turn(arg, sum))
            return 0;
    }
    return 0;
}

int keeper_erase(struct store *store, const struct conf_keep *keep, keeper_turn *turn, void *arg,
                 struct keeper_sum *sum, struct koppel_error *err)
{
    struct keeping_place place = {0};
    *sum = (struct keeper_sum){0};
    while (place.phase != KEEPING_END) {
        if (store->ops->keep(store, &keep->jobs, &place, &sum->jobs, err) != 0)
            return -1;
        if (!turn(arg, sum))
            return 0;
    }
    return erase_entries(store, keep, turn, arg, sum, err) == 0
               ? shrink(store, turn, arg, sum, err)
               : -1;
}

/* ---- the thread ---- */

static int64_t every_ms(const struct conf_keep *k)
{
    const int64_t ages[] = {k->jobs.done_ms, k->jobs.skipped_ms, k->jobs.rows_ms,
                            k->runs_ms,      k->audit_ms,        k->revisions_ms};
    int64_t every = EVERY_MAX_MS;
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        if (ages[i] / LOOKS_PER_AGE < every)
            every = ages[i] / LOOKS_PER_AGE;
    }
    return every < EVERY_MIN_MS ? EVERY_MIN_MS : every;
}

/* false: it is to stop. Other ages end a sleep. */
static bool sleep_ms(struct keeper *k, int64_t ms)
{
    struct timespec until;
    clock_deadline(ms, &until);
    pthread_mutex_lock(&k->lock);
    if (!k->stop)
        (void)pthread_cond_timedwait(&k->changed, &k->lock, &until);
    bool on = !k->stop;
    pthread_mutex_unlock(&k->lock);
    return on;
}

static bool next_slice(void *arg, const struct keeper_sum *sum)
{
    (void)sum;
    return sleep_ms(arg, PAUSE_MS);
}

static void tell(const struct keeper_sum *sum)
{
    int64_t count = sum->jobs.contents + sum->jobs.rows + sum->jobs.documents + sum->entries;
    if (count > 0)
        log_info(LOG_ABOUT(.event = "erased", .count = count),
                 "older than its age: the contents of %lld jobs, %lld jobs, %lld documents and"
                 " %lld entries, %lld KiB",
                 (long long)sum->jobs.contents, (long long)sum->jobs.rows,
                 (long long)sum->jobs.documents, (long long)sum->entries,
                 (long long)sum->jobs.bytes / 1024);
}

static void *keeper_main(void *arg)
{
    struct keeper *k = arg;
    bool failed = false;
    int64_t wait = 0;
    while (sleep_ms(k, wait)) {
        struct koppel_error err = {0};
        struct keeper_sum sum;
        pthread_mutex_lock(&k->lock);
        struct conf_keep keep = k->keep;
        pthread_mutex_unlock(&k->lock);
        if (!k->store->ops->leads(k->store)) {
            wait = NEXT_HOST_MS; /* another host does it, for as long as it is there */
            continue;
        }
        int rc = keeper_erase(k->store, &keep, next_slice, k, &sum, &err);
        if (rc != 0 && !failed)
            log_warning(LOG_ABOUT(.event = "erased", .reason = err.reason),
                        "what is older than its age is not erased: %s", err.text);
        failed = rc != 0;
        tell(&sum);
        wait = every_ms(&keep);
    }
    return NULL;
}

int keeper_start(struct keeper *k, struct store *store, const struct conf_keep *keep,
                 struct koppel_error *err)
{
    pthread_condattr_t monotonic;
    *k = (struct keeper){.store = store, .keep = *keep};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    k->started = pthread_create(&k->thread, NULL, keeper_main, k) == 0;
    if (k->started)
        return 0;
    pthread_cond_destroy(&k->changed);
    pthread_mutex_destroy(&k->lock);
    return err_set(err, KOPPEL_E_RETRY, "no thread could be started");
}

void keeper_change(struct keeper *k, const struct conf_keep *keep)
{
    pthread_mutex_lock(&k->lock);
    k->keep = *keep;
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
}

void keeper_stop(struct keeper *k)
{
    if (!k->started)
        return;
    pthread_mutex_lock(&k->lock);
    k->stop = true;
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    k->started = false;
    pthread_cond_destroy(&k->changed);
    pthread_mutex_destroy(&k->lock);
}
