/* SPDX-License-Identifier: MIT
 * Settle, the move that ends jobs: outcomes, links, activity, counters and the partition's cursor
 * in one transaction, fenced by the lease. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite_internal.h"

/* Changes of the counters, gathered so that a batch writes each counter once. */
struct tally {
    struct tally_row {
        int state;
        char *reason;
        int64_t n;
    } *rows;
    int count, room;
};

static int tally_add(struct tally *t, int state, const char *reason, int64_t n,
                     struct koppel_error *err)
{
    for (int i = 0; i < t->count; i++) {
        if (t->rows[i].state == state && strcmp(t->rows[i].reason, reason) == 0) {
            t->rows[i].n += n;
            return 0;
        }
    }
    if (t->count == t->room) {
        int room = t->room ? t->room * 2 : 8;
        struct tally_row *rows = realloc(t->rows, (size_t)room * sizeof *rows);
        if (!rows)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        t->rows = rows;
        t->room = room;
    }
    char *copy = strdup(reason);
    if (!copy)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    t->rows[t->count++] = (struct tally_row){state, copy, n};
    return 0;
}

static int tally_write(struct tally *t, struct conn *c, int64_t flow, struct koppel_error *err)
{
    for (int i = 0; i < t->count; i++) {
        if (t->rows[i].n != 0 && conn_run(c, SQL_TALLY_ADD, err, "iiti", flow,
                                          (int64_t)t->rows[i].state, t->rows[i].reason,
                                          t->rows[i].n) != 0)
            return -1;
    }
    return 0;
}

static void tally_done(struct tally *t)
{
    for (int i = 0; i < t->count; i++)
        free(t->rows[i].reason);
    free(t->rows);
}

struct settle_arg {
    const char *flow, *owner;
    const struct store_lease *lease;
    int64_t cursor;
    const struct store_outcome *outcomes;
    struct sealed_text *own; /* the activities */
    int count;
    bool lost;
};

/* The attempts of a job, and its counter taken back if it was counted before. */
static int settle_before(struct conn *c, int64_t job, int aside_state, struct tally *t,
                         int *attempt, struct koppel_error *err)
{
    sqlite3_stmt *st = conn_bind(c, SQL_DELIVERY_GET, err, "i", job);
    int row = st ? conn_step(c, st, err) : -1, rc = 0;
    *attempt = 1;
    if (row != 1)
        return row;
    int state = sqlite3_column_int(st, 0);
    *attempt = sqlite3_column_int(st, 1) + (state == JOB_SENDING ? 0 : 1);
    /* an intent keeps the counter of the state it was in when it stood aside */
    int counted = aside_state ? aside_state : state;
    if (counted >= JOB_DONE)
        rc = tally_add(t, counted, (const char *)sqlite3_column_text(st, 2), -1, err);
    sqlite3_reset(st);
    return rc;
}

static int supersede(struct conn *c, int64_t job, int aside_state, int64_t now, struct tally *t,
                     struct koppel_error *err)
{
    int ignored;
    if (settle_before(c, job, aside_state, t, &ignored, err) != 0 ||
        conn_run(c, SQL_DELIVERY_SUPERSEDE, err, "ii", job, now) != 0)
        return -1;
    return tally_add(t, JOB_SKIPPED, "superseded", 1, err);
}

static int settle_one(struct conn *c, struct flow_slot *f, struct settle_arg *a, int i,
                      struct tally *t, struct koppel_error *err)
{
    const struct store_outcome *o = &a->outcomes[i];
    int64_t job = job_number(f->id, a->lease->part, o->off), now = clock_now_ms(), other = 0;
    int attempt, aside = 0, own_aside = 0;
    const char *reason = o->reason ? o->reason : "";
    bool stays = o->state == JOB_WAITING || o->state == JOB_PARKED;
    if (o->state < JOB_DONE || o->state > JOB_WAITING)
        return err_set(err, KOPPEL_E_BUG, "a job cannot end as %s", job_state_name(o->state));
    sqlite3_stmt *st = conn_bind(c, SQL_ASIDE_GET, err, "it", f->id, o->key);
    int row = st ? conn_step(c, st, err) : -1;
    if (row < 0)
        return -1;
    if (row == 1) {
        other = sqlite3_column_int64(st, 0);
        aside = sqlite3_column_int(st, 1);
        own_aside = other == job ? aside : 0;
        sqlite3_reset(st);
    }
    if (settle_before(c, job, own_aside, t, &attempt, err) != 0)
        return -1;
    if (aside && other < job && supersede(c, other, aside, now, t, err) != 0)
        return -1;
    bool newer_aside = aside && other > job;
    if (newer_aside && stays) {
        /* a newer one of this key stands aside already: only one may */
        stays = false;
        if (conn_run(c, SQL_DELIVERY_PUT, err, "iiiittt", job, (int64_t)JOB_SKIPPED,
                     (int64_t)attempt, now, "superseded", o->detail, o->remote_id) != 0 ||
            tally_add(t, JOB_SKIPPED, "superseded", 1, err) != 0)
            return -1;
    } else if (conn_run(c, SQL_DELIVERY_PUT, err, "iiiittt", job, (int64_t)o->state,
                        (int64_t)attempt, now, reason, o->detail, o->remote_id) != 0 ||
               tally_add(t, o->state, reason, 1, err) != 0) {
        return -1;
    }
    if (stays && conn_run(c, SQL_ASIDE_PUT, err, "itiiii", f->id, o->key, (int64_t)a->lease->part,
                          job, (int64_t)o->state, o->next_at_ms) != 0)
        return -1;
    if (aside && !stays && !newer_aside &&
        conn_run(c, SQL_ASIDE_DELETE, err, "it", f->id, o->key) != 0)
        return -1;
    if (a->own[i].sealed && conn_run(c, SQL_ACTIVITY_PUT, err, "iiib", job, (int64_t)attempt, now,
                                     a->own[i].sealed, a->own[i].bytes) != 0)
        return -1;
    for (int k = 0; k < o->link_count; k++) {
        if (conn_link_put(c, &o->links[k], err) != 0)
            return -1;
    }
    return 0;
}

static int settle_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct settle_arg *a = arg;
    struct tally t = {0};
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    int rc = f ? 0 : -1;
    if (f)
        a->lost = !lease_is_held(s, a->flow, a->owner, a->lease);
    if (rc != 0 || a->lost)
        return rc;
    for (int i = 0; i < a->count && rc == 0; i++)
        rc = settle_one(c, f, a, i, &t, err);
    if (rc == 0)
        rc = tally_write(&t, c, f->id, err);
    if (rc == 0 && a->cursor >= 0) {
        rc =
            conn_run(c, SQL_PART_SET_CURSOR, err, "iii", f->id, (int64_t)a->lease->part, a->cursor);
        if (rc == 0 && sqlite3_changes(c->db) != 1)
            rc = err_set(err, KOPPEL_E_BUG, "flow %s: partition %d cannot go to %lld", a->flow,
                         a->lease->part, (long long)a->cursor);
    }
    tally_done(&t);
    return rc;
}

int sqlite_settle(struct store *base, const char *flow, const char *owner,
                  const struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    struct settle_arg a = {.flow = flow, .owner = owner, .lease = lease, .cursor = cursor,
                           .outcomes = outcomes, .count = count};
    int rc = -1;
    a.own = calloc((size_t)count + 1, sizeof *a.own);
    if (!a.own)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count; i++) {
        if (!outcomes[i].activity)
            continue;
        a.own[i].sealed = store_sealed(s, outcomes[i].activity, outcomes[i].activity_bytes,
                                       &a.own[i].bytes, err);
        if (!a.own[i].sealed)
            goto out;
    }
    rc = sqlite_write(base, settle_work, &a, err);
    if (rc == 0)
        *lost = a.lost;
out:
    for (int i = 0; i < count; i++)
        free(a.own[i].sealed);
    free(a.own);
    return rc;
}
