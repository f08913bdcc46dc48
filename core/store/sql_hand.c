/* SPDX-License-Identifier: MIT
 * Jobs that a person ends. A worker that has a partition knows its links and jobs by heart, so
 * nothing of it is changed behind its back: the order waits until it gave the partition back, or is
 * dead, and is one transaction then. A parked job is in nobody's hands. */
#include "store/sql_hand.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"
#include "store/sql_history.h"
#include "store/sql_lease.h"
#include "store/sql_link.h"
#include "store/sql_list.h"
#include "store/sql_settle.h"

/* For which a partition is kept for who asked for it: longer than it takes to ask again. */
#define WANTED_MS 3000

struct hand_arg {
    struct store_hand *orders;
    struct seal *steps, *documents;
    int count;
    int64_t now;
};

/* What is to be ended. */
struct subject_job {
    int64_t job, flow;
    int part;
    char *key;
    bool settled; /* once, at least */
    enum job_state state;
    bool aside;   /* it stands aside */
};

int sql_hand_free(struct sql_store *s, struct conn *c, int64_t flow, int part,
                  struct koppel_error *err)
{
    struct conn_rows *st;
    int64_t now = conn_now_ms(c), epoch;
    int row = conn_row(c, &st, SQL_LEASE_LOCK, err, "ii", flow, (int64_t)part);
    if (row != 1)
        return row < 0 ? -1 : 1;
    bool held = !conn_null(st, 0);
    bool alive = held && conn_int64(st, 2) > now;
    bool wanted = conn_int64(st, 5) > 0;
    conn_reset(st);
    if (alive)
        return conn_run(c, SQL_LEASE_WANT, err, "iii", flow, (int64_t)part, now + WANTED_MS);
    if (wanted && conn_run(c, SQL_LEASE_WANT, err, "iii", flow, (int64_t)part, (int64_t)0) != 0)
        return -1;
    /* whoever let it run out may still write what it knows: no more */
    if (held && (sql_lease_epoch(s, c, &epoch, err) != 0 ||
                 conn_run(c, SQL_LEASE_END, err, "iiii", flow, (int64_t)part, epoch, now) != 0 ||
                 conn_run(c, SQL_CLAIM_END, err, "ii", flow, (int64_t)part) != 0))
        return -1;
    return 1;
}

/* 1, 0: there is none, -1 and err. */
static int find(struct sql_store *s, struct conn *c, struct job_id id, struct subject_job *j,
                struct koppel_error *err)
{
    struct conn_rows *st;
    bool failed = false;
    *j = (struct subject_job){.job = sql_list_number(s, c, id, err), .part = id.part};
    if (j->job <= 0)
        return (int)j->job;
    j->flow = j->job >> 48;
    if (conn_run(c, SQL_LEASE_LOCK, err, "ii", j->flow, (int64_t)id.part) != 0)
        return -1;
    int row = conn_row(c, &st, SQL_LOG_KEY, err, "i", j->job);
    if (row != 1)
        return row;
    j->key = conn_text(st, 0, &failed);
    conn_reset(st);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    row = conn_row(c, &st, SQL_DELIVERY_STATE, err, "i", j->job);
    if (row == 1) {
        j->settled = true;
        j->state = (enum job_state)conn_int(st, 0);
        conn_reset(st);
        row = conn_row(c, &st, SQL_ASIDE_GET, err, "it", j->flow, j->key);
    }
    if (row == 1) {
        j->aside = conn_int64(st, 0) == j->job;
        conn_reset(st);
    }
    return row < 0 ? -1 : 1;
}

static int put_end(struct sql_store *s, struct conn *c, struct hand_arg *a, int i,
                   const struct subject_job *j, struct koppel_error *err)
{
    const struct store_hand *o = &a->orders[i];
    const struct seal *steps = &a->steps[i];
    struct seal words = {0};
    int rc = sql_settle_words(s, c, j->job, o->detail, &words, err);
    if (rc == 0 && !j->settled)
        rc = conn_run(c, SQL_DELIVERY_PUT, err, "iiiiiitbtbb", j->job, (int64_t)o->state,
                      (int64_t)1, (int64_t)0, a->now, (int64_t)0, o->reason, words.data,
                      words.bytes, o->remote_id, NULL, (size_t)0, steps->data, steps->bytes);
    else if (rc == 0)
        rc = conn_run(c, SQL_ATTEMPT_KEEP, err, "i", j->job) != 0 ||
                     conn_run(c, SQL_HAND_END, err, "iiitbtb", j->job, (int64_t)o->state, a->now,
                              o->reason, words.data, words.bytes, o->remote_id, steps->data,
                              steps->bytes) != 0
                 ? -1
                 : 0;
    free(words.data);
    return rc;
}

static int put_link(struct sql_store *s, struct conn *c, struct hand_arg *a, int i,
                    const struct subject_job *j, struct koppel_error *err)
{
    struct store_lease lease = {.flow = a->orders[i].id.flow, .part = j->part};
    if (!a->orders[i].link)
        return 0;
    if (sql_lease_epoch(s, c, &lease.epoch, err) != 0)
        return -1;
    return sql_link_change(s, c, j->flow, &lease, a->orders[i].link, &a->documents[i], err);
}

static int end_one(struct sql_store *s, struct conn *c, struct hand_arg *a, int i,
                   const struct subject_job *j, struct koppel_error *err)
{
    struct store_hand *o = &a->orders[i];
    struct store_bucket happened = {.done = o->state == JOB_DONE,
                                    .skipped = o->state == JOB_SKIPPED};
    o->was = j->state;
    o->end = j->state == JOB_DONE || j->state == JOB_SKIPPED ? HAND_ENDED : HAND_DONE;
    if (o->end == HAND_DONE && (j->state != JOB_PARKED || o->link)) {
        int is_free = sql_hand_free(s, c, j->flow, j->part, err);
        if (is_free < 0)
            return -1;
        o->end = is_free ? HAND_DONE : HAND_BUSY;
    }
    if (o->end != HAND_DONE)
        return 0;
    return put_end(s, c, a, i, j, err) != 0 ||
                   conn_run(c, SQL_TALLY_ADD, err, "iiiti", j->flow, (int64_t)j->part,
                            (int64_t)o->state, o->reason, (int64_t)1) != 0 ||
                   sql_history_add(c, j->flow, &happened, err) != 0 ||
                   (j->aside && conn_run(c, SQL_ASIDE_DELETE, err, "it", j->flow, j->key) != 0) ||
                   put_link(s, c, a, i, j, err) != 0
               ? -1
               : conn_run(c, SQL_FLOW_CHANGED, err, "i", j->flow);
}

static int settle(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct hand_arg *a = arg;
    a->now = conn_now_ms(c);
    for (int i = 0; i < a->count; i++) {
        struct subject_job j;
        int rc = find(s, c, a->orders[i].id, &j, err);
        a->orders[i].end = HAND_NONE;
        if (rc == 1)
            rc = end_one(s, c, a, i, &j, err);
        free(j.key);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int seal_one(struct sql_store *s, struct hand_arg *a, int i, struct koppel_error *err)
{
    const struct store_hand *o = &a->orders[i];
    const char *document = o->link ? o->link->begun.document : NULL;
    if (o->state != JOB_DONE && o->state != JOB_SKIPPED)
        return err_set(err, KOPPEL_E_BUG, "nobody ends a job as %s", job_state_name(o->state));
    if (o->link && sql_link_scopes(s, o->link, 1, err) != 0)
        return -1;
    return seal_text(s->key, o->activity, o->activity ? strlen(o->activity) : 0, &a->steps[i],
                     err) != 0
               ? -1
               : seal_text(s->key, document, document ? strlen(document) : 0, &a->documents[i],
                           err);
}

int sql_hand_settle(struct store *base, struct store_hand *orders, int count,
                       struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct hand_arg a = {.orders = orders, .count = count};
    a.steps = calloc((size_t)count + 1, sizeof *a.steps);
    a.documents = calloc((size_t)count + 1, sizeof *a.documents);
    int rc = a.steps && a.documents ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < count && rc == 0; i++)
        rc = seal_one(s, &a, i, err);
    if (rc == 0)
        rc = sql_change(s, SQL_HARD, settle, &a, err);
    for (int i = 0; i < count && a.steps && a.documents; i++) {
        free(a.steps[i].data);
        free(a.documents[i].data);
    }
    free(a.steps);
    free(a.documents);
    return rc;
}
