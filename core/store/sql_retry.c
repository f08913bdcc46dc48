/* SPDX-License-Identifier: MIT
 * Jobs that are due: when the next one is, and which a person makes due now. */
#include "store/sql_retry.h"

#include <stdlib.h>


struct due_arg {
    const char *const *flows;
    int flow_count;
    int64_t at; /* -1: none */
};

static int soonest(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct due_arg *a = arg;
    for (int i = 0; i < a->flow_count; i++) {
        struct conn_rows *st;
        const struct names_flow *f = names_flow_need(&s->names, c, a->flows[i], err);
        if (!f || conn_row(c, &st, SQL_ASIDE_NEXT, err, "i", f->id) != 1)
            return -1;
        int64_t at = conn_int64(st, 0);
        if (!conn_null(st, 0) && (a->at < 0 || at < a->at))
            a->at = at;
        conn_reset(st);
    }
    return 0;
}

int sql_retry_due(struct store *s, const char *const *flows, int flow_count, int64_t *in_ms,
                     struct koppel_error *err)
{
    struct due_arg a = {flows, flow_count, -1};
    if (sql_look(sql_of(s), soonest, &a, err) != 0)
        return -1;
    int64_t left = a.at - sql_now_ms(sql_of(s));
    *in_ms = a.at < 0 ? -1 : left > 0 ? left : 0;
    return 0;
}

#define SLICE_JOBS 500 /* made due in one transaction, for which deliveries wait */

struct retry_arg {
    const struct job_id *ids;
    int id_count, count;
    bool retried;
};

static int make_due(struct conn *c, int64_t flow, const char *key, int64_t job, bool retried,
                    struct koppel_error *err)
{
    if (conn_run(c, SQL_ASIDE_DUE, err, "itii", flow, key, conn_now_ms(c), (int64_t)retried) != 0)
        return -1;
    return conn_run(c, SQL_DELIVERY_DUE, err, "i", job);
}

/* A job that was skipped comes back, where no newer one of its key has been read. Its end is taken
 * out of the count: it will have another one. */
static int bring_back(struct conn *c, int64_t flow, int64_t job, const char *key, bool retried,
                      struct koppel_error *err)
{
    struct conn_rows *st;
    int part = sql_job_part(job);
    int row = conn_row(c, &st, SQL_DELIVERY_GET, err, "i", job);
    if (row != 1)
        return row;
    bool skipped = conn_int(st, 0) == JOB_SKIPPED, failed = false;
    char *reason = conn_text(st, 4, &failed);
    conn_reset(st);
    int rc = failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : skipped;
    if (rc == 1) {
        rc = conn_row(c, &st, SQL_LOG_NEWER, err, "tii", key, job,
                      sql_job_number(flow, part + 1, 0));
        if (rc == 1)
            conn_reset(st);
        rc = rc < 0 ? -1 : !rc;
    }
    if (rc == 1 &&
        (conn_run(c, SQL_TALLY_ADD, err, "iiiti", flow, (int64_t)part, (int64_t)JOB_SKIPPED, reason,
                  (int64_t)-1) != 0 ||
         conn_run(c, SQL_ASIDE_PUT, err, "itiiiiiti", flow, key, (int64_t)part, job,
                  (int64_t)JOB_WAITING, conn_now_ms(c), (int64_t)retried, reason,
                  (int64_t)0) != 0 ||
         conn_run(c, SQL_DELIVERY_DUE, err, "i", job) != 0))
        rc = -1;
    free(reason);
    return rc;
}

int sql_retry_one(struct sql_store *s, struct conn *c, const struct job_id *id, bool retried,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(&s->names, c, id->flow, &problem);
    if (!f && problem.kind != 0) {
        *err = problem;
        return -1;
    }
    if (!f || id->part < 0 || id->part >= STORE_PARTS_MAX || id->off < 0 ||
        id->off >> STORE_OFF_BITS)
        return 0;
    int64_t job = sql_job_number(f->id, id->part, id->off);
    bool failed = false, aside = false;
    /* whoever delivers settles before this, or after it */
    if (conn_run(c, SQL_LEASE_LOCK, err, "ii", f->id, (int64_t)id->part) != 0)
        return -1;
    int row = conn_row(c, &st, SQL_LOG_KEY, err, "i", job);
    if (row != 1)
        return row;
    char *key = conn_text(st, 0, &failed);
    conn_reset(st);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    row = conn_row(c, &st, SQL_ASIDE_GET, err, "it", f->id, key);
    if (row == 1) {
        aside = conn_int64(st, 0) == job;
        conn_reset(st);
    }
    int rc = row < 0 ? -1 : 0;
    if (aside)
        rc = make_due(c, f->id, key, job, retried, err) == 0 ? 1 : -1;
    else if (row == 0)
        rc = bring_back(c, f->id, job, key, retried, err);
    if (rc == 1 && conn_run(c, SQL_FLOW_CHANGED, err, "i", f->id) != 0)
        rc = -1;
    free(key);
    return rc;
}

static int retry(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct retry_arg *a = arg;
    a->count = 0;
    for (int i = 0; i < a->id_count; i++) {
        int one = sql_retry_one(s, c, &a->ids[i], a->retried, err);
        if (one < 0)
            return -1;
        a->count += one;
    }
    return 0;
}

int sql_retry(struct store *s, const struct job_id *ids, int id_count, bool retried, int *count,
                 struct koppel_error *err)
{
    *count = 0;
    for (int at = 0; at < id_count; at += SLICE_JOBS) {
        int n = id_count - at < SLICE_JOBS ? id_count - at : SLICE_JOBS;
        struct retry_arg a = {.ids = ids + at, .id_count = n, .retried = retried};
        if (sql_change(sql_of(s), SQL_HARD, retry, &a, err) != 0)
            return -1;
        *count += a.count;
    }
    return 0;
}
