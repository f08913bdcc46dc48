/* SPDX-License-Identifier: MIT
 * Deliver: journal -> destination. A batch of one leased partition is prepared (mapped, filtered,
 * compared), its writes are announced (intent), sent in the order of the log, and settled in one
 * transaction. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "flow/work.h"

#define LEASE_MS (5 * 60 * 1000)
#define IDLE_MS 20 /* between looks for work while the source is still being read */

/* Settles what is final, up to the first job that is not: the cursor must not pass that one. */
static int settle(struct flow *f, const char *owner, struct store_lease *lease, struct work *works,
                  int count, int64_t next, bool aside, int *lost, struct koppel_error *err)
{
    struct store_outcome *outcomes = calloc((size_t)count + 1, sizeof *outcomes);
    if (!outcomes)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int n = 0;
    int64_t cursor = -1;
    for (int i = 0; i < count; i++) {
        if (!works[i].settled) {
            if (!aside)
                break; /* a later job may be settled already only where it was skipped: redo it */
            continue;
        }
        work_outcome(f, &works[i], &outcomes[n++]);
        cursor = works[i].job->off + 1;
    }
    if (aside)
        cursor = -1;
    else if (n == count)
        cursor = next;
    int rc = n > 0 ? f->store->ops->settle(f->store, f->conf->name, owner, lease, cursor, outcomes,
                                           n, lost, err)
                   : 0;
    if (rc == 0 && !*lost) {
        if (cursor >= 0)
            lease->cursor = cursor;
        atomic_fetch_add(&f->settled, n);
    }
    free(outcomes);
    return rc;
}

/* An older job of the same key that a newer one in the batch replaces need not be sent. */
static void supersede(struct work *works, int count)
{
    for (int i = 0; i < count; i++) {
        for (int k = i + 1; k < count && !works[i].settled; k++) {
            if (strcmp(works[i].job->key, works[k].job->key) == 0)
                work_end(&works[i], JOB_SKIPPED, "superseded", "a newer version follows");
        }
    }
}

static int announce(struct flow *f, const char *owner, struct store_lease *lease,
                    struct work *works, int count, int *lost, struct koppel_error *err)
{
    int64_t *offs = calloc((size_t)count + 1, sizeof *offs);
    int n = 0;
    if (!offs)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count; i++) {
        if (!works[i].settled)
            offs[n++] = works[i].job->off;
    }
    int rc = n > 0 && f->dest->repeat != REPEAT_IDEMPOTENT && f->dest->repeat != REPEAT_UPSERT
                 ? f->store->ops->intent(f->store, f->conf->name, owner, lease, offs, n, lost, err)
                 : 0;
    free(offs);
    return rc;
}

static int deliver_batch(struct flow *f, const char *owner, struct store_lease *lease,
                         struct store_batch *batch, bool aside, int *lost, struct koppel_error *err)
{
    struct work *works = calloc((size_t)batch->count + 1, sizeof *works);
    if (!works)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = -1;
    for (int i = 0; i < batch->count; i++) {
        if (work_init(&works[i], &batch->jobs[i]) != 0) {
            err_set(err, KOPPEL_E_BUG, "out of memory");
            goto out;
        }
    }
    supersede(works, batch->count);
    for (int i = 0; i < batch->count; i++) {
        struct koppel_error problem = {0};
        if (works[i].settled)
            continue;
        if (!aside && works[i].job->state == JOB_WAITING) {
            work_end(&works[i], JOB_WAITING, "retry", "an earlier version of it waits");
            works[i].next_at_ms = works[i].job->next_at_ms;
        } else if (work_prepare(f, &works[i], &problem) != 0) {
            (void)work_failed(f, &works[i], WORK_TRIES, &problem);
        }
    }
    if (announce(f, owner, lease, works, batch->count, lost, err) != 0 || *lost)
        goto out;
    work_send_all(f, works, batch->count);
    rc = settle(f, owner, lease, works, batch->count, batch->next, aside, lost, err);
out:
    for (int i = 0; i < batch->count; i++)
        work_done(&works[i]);
    free(works);
    return rc;
}

/* Everything that waits in one leased partition. *any: something was there. */
static int deliver_partition(struct flow *f, const char *owner, struct store_lease *lease,
                             bool *any, struct koppel_error *err)
{
    const struct store_ops *ops = f->store->ops;
    int lost = 0,
        limit = f->conf->batch > f->dest->batch_write ? f->conf->batch : f->dest->batch_write;
    for (int pass = 0; pass < 2; pass++) {
        while (!flow_stopping(f)) {
            struct store_batch batch = {0};
            int rc = pass == 0 ? ops->read(f->store, f->conf->name, lease, limit, &batch, err)
                               : ops->read_aside(f->store, f->conf->name, lease, clock_now_ms(),
                                                 limit, &batch, err);
            if (rc == 0 && batch.count > 0) {
                *any = true;
                rc = deliver_batch(f, owner, lease, &batch, pass == 1, &lost, err);
            }
            int count = batch.count;
            store_batch_done(&batch);
            if (rc != 0 || lost)
                return rc;
            if (count == 0)
                break;
        }
    }
    return 0;
}

void flow_deliver(struct flow *f, const char *owner, const atomic_bool *reading)
{
    const struct store_ops *ops = f->store->ops;
    while (!flow_stopping(f)) {
        struct koppel_error err = {0};
        struct store_lease lease;
        bool last = !reading || !atomic_load(reading);
        int none = 0;
        bool any = false;
        if (!last && f->dest->batch_write > 1) { /* few large calls, not many small ones */
            nanosleep(&(struct timespec){0, IDLE_MS * 1000000L}, NULL);
            continue;
        }
        int rc = ops->lease(f->store, f->conf->name, owner, LEASE_MS, &lease, &none, &err);
        if (rc == 0 && none) {
            if (last)
                return;
            nanosleep(&(struct timespec){0, IDLE_MS * 1000000L}, NULL);
            continue;
        }
        if (rc == 0) {
            rc = deliver_partition(f, owner, &lease, &any, &err);
            struct koppel_error ignored = {0};
            (void)ops->release(f->store, f->conf->name, owner, &lease, &ignored);
        }
        if (rc != 0) {
            flow_halt(f, &err); /* the store itself failed: nothing can be promised any more */
            return;
        }
    }
}

