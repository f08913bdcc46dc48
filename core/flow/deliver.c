/* SPDX-License-Identifier: MIT
 * The loop of a worker: lease, read, deliver, release. */
#include "flow/deliver.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/backoff.h"
#include "flow/portion.h"

#define BATCH_BYTES (8 * 1024 * 1024) /* payloads that are held at a time */
#define FIRST_PAGE_MS 2000            /* how long what is left waits for what is new */
#define HOLD_LEFT_MS 1000             /* what a lease must be good for to begin another batch */

static int batch_limit(const struct flow *f)
{
    return f->conf->batch > f->dest->batch_write ? f->conf->batch : f->dest->batch_write;
}

/* One pass over a leased partition: its log, or what stands aside and is due. *any: something was
 * there. */
static int pass(struct flow *f, struct store_lease *lease, bool aside, int *lost,
                struct koppel_error *err)
{
    const struct store_ops *ops = f->store->ops;
    /* who waits for its destination, or has a batch behind it that a person wants a job of, holds
     * nothing meanwhile */
    while (!*lost && !store_wanted(lease->hold) && !flow_must_wait(f) && flow_wait_turn(f) &&
           store_left_ms(lease->hold) > HOLD_LEFT_MS) {
        struct store_batch batch = {0};
        int64_t before = lease->cursor;
        int rc = aside ? ops->read_aside(f->store, lease, batch_limit(f), BATCH_BYTES, &batch, err)
                       : ops->read(f->store, lease, batch_limit(f), BATCH_BYTES, &batch, err);
        int count = batch.count;
        bool passed = count == 0 && batch.next > lease->cursor; /* all of it was settled before */
        if (rc == 0 && count > 0)
            rc = portion_deliver(f, lease, &batch, aside, lost, err);
        else if (rc == 0 && passed)
            rc = ops->settle(f->store, lease, batch.next, NULL, 0, lost, err);
        store_batch_done(&batch);
        if (rc != 0)
            return -1;
        /* what is aside is asked for again, and a log that does not go on as its peer rests */
        if ((count == 0 && !passed) || (!aside && lease->cursor == before && !flow_resting(f)))
            return 0;
    }
    return 0;
}

static int deliver_one(struct flow *f, struct store_lease *lease, struct koppel_error *err)
{
    int lost = 0;
    int rc = pass(f, lease, false, &lost, err);
    return rc == 0 && !lost ? pass(f, lease, true, &lost, err) : rc;
}

/* Whoever looks after the run may see what it waits for. */
static void tell_store(struct flow *f, const struct koppel_error *why)
{
    pthread_mutex_lock(&f->lock);
    f->store_why = *why;
    pthread_mutex_unlock(&f->lock);
}

/* The store failed. What may pass is waited for: nothing is sent meanwhile. false: it is over. */
static bool outlast(struct flow *f, int *failures, const struct koppel_error *err)
{
    if (err->kind != KOPPEL_E_RETRY) {
        flow_halt(f, err);
        return false;
    }
    ++*failures;
    tell_store(f, err);
    if (told_first(f->told, "the store", ""))
        log_warning(LOG_ABOUT(.event = "store", .flow = f->conf->name),
                    "it waits for its store: %s", err->text);
    flow_sleep(f, backoff_ms(*failures, 0));
    return !flow_stopping(f);
}

/* What is new at the source goes in place of what is left of the same key, so it is looked for
 * first; a source that takes its time holds nobody up. */
static void await_first_page(struct flow *f, const atomic_bool *reading)
{
    int64_t until = clock_monotonic_ms() + FIRST_PAGE_MS, left, seen = 0;
    while (reading && atomic_load(reading) && !atomic_load(&f->looked) && !flow_stopping(f) &&
           (left = until - clock_monotonic_ms()) > 0)
        seen = flow_wait(f, seen, left);
}

void deliver_partitions(struct flow *f, const atomic_bool *reading)
{
    const struct store_ops *ops = f->store->ops;
    int64_t seen = 0;
    int failures = 0;
    await_first_page(f, reading);
    while (!flow_stopping(f)) {
        struct koppel_error err = {0};
        struct store_lease lease = {0};
        bool last = !reading || !atomic_load(reading);
        int count = 0;
        if (!last && f->dest->batch_write > 1) { /* few large calls, not many small ones */
            seen = flow_wait(f, seen, -1);
            continue;
        }
        if (!flow_wait_turn(f))
            return;
        int rc = ops->lease(f->store, &f->conf->name, 1, 1, &lease, &count, &err);
        if (rc == 0 && count == 0) {
            if (last)
                return;
            seen = flow_wait(f, seen, -1);
            continue;
        }
        if (rc == 0) {
            rc = deliver_one(f, &lease, &err);
            lease.unsettled = rc != 0;
            ops->release(f->store, &lease);
            flow_signal(f); /* what came into it meanwhile is anybody's */
        }
        if (rc == 0 && failures > 0)
            tell_store(f, &err);
        if (rc == 0)
            failures = 0;
        else if (!outlast(f, &failures, &err))
            return;
    }
}
