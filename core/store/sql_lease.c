/* SPDX-License-Identifier: MIT
 * Move 2: who delivers which partition. */
#include "store/sql_lease.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/sql_host.h"
#include "store/sql_publish.h"

#define TAKES 5
#define TAKE_AGAIN_MS 10
#define EACH_MAX 64 /* partitions given in one call */

/* A partition that is free and has work. */
struct free_part {
    const char *flow;
    int64_t id, epoch, cursor, head;
    int part;
    bool dead; /* its owner has not given it back */
};

struct lease_arg {
    const char *const *flows;
    int flow_count, want;
    struct free_part best[EACH_MAX];
    int count;
    bool beyond; /* of the share, too */
    int64_t deadline;
    int64_t until;
};

/* Other engines are told apart by their owner; so it is enough that none is given one twice. */
int sql_lease_epoch(struct sql_store *s, struct conn *c, int64_t *out, struct koppel_error *err)
{
    struct conn_rows *st;
    int64_t known = atomic_load(&s->epoch);
    if (conn_row(c, &st, SQL_EPOCH_NEXT, err, "i", known) != 1)
        return -1;
    *out = conn_int64(st, 0);
    conn_reset(st);
    while (known < *out && !atomic_compare_exchange_weak(&s->epoch, &known, *out))
        ;
    return 0;
}

int sql_lease_ask(struct conn *c, int64_t flow, const struct store_lease *lease,
                  struct koppel_error *err)
{
    return conn_ask(c, SQL_LEASE_LOCK, err, "ii", flow, (int64_t)lease->part);
}

int sql_lease_stands(struct sql_store *s, struct conn *c, int64_t flow,
                     const struct store_lease *lease, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_answer(c, &st, SQL_LEASE_LOCK, err, "ii", flow, (int64_t)lease->part);
    if (row != 1)
        return row;
    const void *owner = conn_blob(st, 0);
    bool stands = owner && memcmp(owner, s->owner, sizeof s->owner) == 0 &&
                  conn_int64(st, 1) == lease->epoch;
    bool wanted = conn_int64(st, 5) > conn_now_ms(c);
    conn_reset(st);
    if (wanted)
        held_want(&s->holds, lease->epoch);
    return stands;
}

/* Keeps the partitions that wait longest: epochs rise, so the lowest was given first. */
static void consider(struct lease_arg *a, const struct free_part *one)
{
    int at = a->count;
    while (at > 0 && a->best[at - 1].epoch > one->epoch)
        at--;
    if (at >= a->want)
        return;
    int last = a->count < a->want ? a->count : a->want - 1;
    memmove(&a->best[at + 1], &a->best[at], (size_t)(last - at) * sizeof a->best[0]);
    a->best[at] = *one;
    a->count = last + 1;
}

static int find(struct sql_store *s, struct conn *c, struct lease_arg *a, enum sql which,
                struct koppel_error *err)
{
    int64_t now = conn_now_ms(c);
    a->count = 0;
    for (int i = 0; i < a->flow_count; i++) {
        struct conn_rows *st;
        const struct names_flow *f = names_flow_need(&s->names, c, a->flows[i], err);
        if (!f)
            return -1;
        int room = a->beyond ? INT_MAX : sql_host_share(s, f) - held_count(&s->holds, f->id);
        bool surplus = false;
        int row = conn_row(c, &st, which, err, "iib", f->id, now, s->owner,
                           sizeof s->owner);
        for (; row == 1; row = conn_step(c, st, err)) {
            struct free_part one = {.flow = a->flows[i],
                                    .id = f->id,
                                    .part = conn_int(st, 0),
                                    .epoch = conn_int64(st, 1),
                                    .cursor = conn_int64(st, 2),
                                    .dead = conn_int(st, 3) != 0,
                                    .head = conn_int64(st, 4)};
            /* of our own only what nobody holds: giving it back must have failed */
            if (conn_int(st, 5) && held_stands(&s->holds, one.epoch))
                continue;
            surplus = surplus || room <= 0;
            if (room-- > 0)
                consider(a, &one);
        }
        if (!a->beyond && sql_host_surplus(s, f, surplus))
            a->beyond = true; /* from the next look on */
        if (row < 0)
            return -1;
    }
    return 0;
}

static int look(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    return find(s, c, arg, SQL_LEASE_FREE_WITH_WORK, err);
}

/* Jobs that were settled before the cursor came to them are passed over. */
static int pass_settled(struct conn *c, struct free_part *one, struct koppel_error *err)
{
    while (one->cursor < one->head) {
        struct conn_rows *st;
        int row = conn_row(c, &st, SQL_DELIVERY_STATE, err, "i",
                           sql_job_number(one->id, one->part, one->cursor));
        if (row != 1)
            return row;
        conn_reset(st);
        one->cursor++;
    }
    return 0;
}

static int take(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct lease_arg *a = arg;
    int64_t now = conn_now_ms(c);
    bool may;
    a->count = 0;
    if (sql_publish_may(s, c, &may, err) != 0)
        return -1;
    if (!may)
        return 0;
    /* once more: another may have been quicker */
    if (find(s, c, a, SQL_LEASE_TAKE_WITH_WORK, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        struct free_part *one = &a->best[i];
        if (pass_settled(c, one, err) != 0 || sql_lease_epoch(s, c, &one->epoch, err) != 0 ||
            conn_run(c, SQL_LEASE_HOLD, err, "iibiiii", one->id, (int64_t)one->part, s->owner,
                     sizeof s->owner, one->epoch, now + s->lease_ms, one->cursor, now) != 0 ||
            (one->dead && conn_run(c, SQL_CLAIM_END, err, "ii", one->id, (int64_t)one->part) != 0))
            return -1;
    }
    return 0;
}

/* What another has under its lock for a moment (the index of words goes by) is passed over: who
 * finds none looks once more, lest a run ends before its work. */
static int take_some(struct sql_store *s, struct lease_arg *a, struct koppel_error *err)
{
    for (int left = TAKES; left > 0; left--) {
        /* who finds nothing changes nothing */
        if (sql_look(s, look, a, err) != 0 ||
            (a->count == 0 && a->beyond && sql_look(s, look, a, err) != 0))
            return -1;
        if (a->count == 0)
            return 0;
        a->deadline = held_deadline(s->lease_ms);
        if (sql_change(s, SQL_SOFT, take, a, err) != 0)
            return -1;
        if (a->count > 0)
            return 0;
        (void)poll(NULL, 0, TAKE_AGAIN_MS);
    }
    return 0;
}

int sql_lease(struct store *base, const char *const *flows, int flow_count, int want,
                 struct store_lease *out, int *count, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct lease_arg a = {.flows = flows, .flow_count = flow_count,
                          .want = want < EACH_MAX ? want : EACH_MAX};
    *count = 0;
    if (a.want < 1)
        return 0;
    if (take_some(s, &a, err) != 0)
        return -1;
    for (int i = 0; i < a.count; i++) {
        struct free_part *one = &a.best[i];
        struct store_lease *l = &out[*count];
        *l = (struct store_lease){.flow = one->flow, .part = one->part, .epoch = one->epoch,
                                  .cursor = one->cursor};
        l->hold = held_add(&s->holds, one->id, one->part, one->epoch, a.deadline);
        if (l->hold)
            ++*count;
        else
            sql_lease_release(base, l);
    }
    return 0;
}

static int release(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct store_lease *lease = arg;
    const struct names_flow *f = names_flow_need(&s->names, c, lease->flow, err);
    if (!f || conn_run(c, SQL_LEASE_FREE, err, "iibii", f->id, (int64_t)lease->part, s->owner,
                       sizeof s->owner, lease->epoch,
                       lease->unsettled ? conn_now_ms(c) : (int64_t)0) != 0)
        return -1;
    int changed = conn_changes(c, err);
    return changed > 0 ? conn_run(c, SQL_CLAIM_END, err, "ii", f->id, (int64_t)lease->part)
                       : changed;
}

void sql_lease_release(struct store *base, struct store_lease *lease)
{
    struct sql_store *s = sql_of(base);
    struct koppel_error err = {0};
    if (sql_change(s, SQL_SOFT, release, lease, &err) != 0)
        log_warning(LOG_ABOUT(.event = "store", .flow = lease->flow),
                    "partition %d could not be given back: %s", lease->part, err.text);
    held_remove(&s->holds, lease->hold);
    lease->hold = NULL;
}
