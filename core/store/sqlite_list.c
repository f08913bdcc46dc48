/* SPDX-License-Identifier: MIT
 * Jobs as rows, one by one, and what was done for each. Rows are gathered first and shown
 * afterwards, so that the caller's function may call the store again. */
#include "store/sqlite_list.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"

#define LIMIT_DEFAULT 100
#define PAYLOAD_COLUMN 11 /* of SQL_JOB */

struct list_arg {
    const struct store_job_filter *filter;
    struct job_id id;
    struct store_job_row *rows;
    int count;
    char *payload;
    bool want_payload;
};

static char *copy(const char *text, bool *failed)
{
    char *out = text ? strdup(text) : NULL;
    if (text && !out)
        *failed = true;
    return out;
}

static int fill_words(struct sqlite_store *s, sqlite3_stmt *st, struct store_job_row *r,
                      bool *failed, struct koppel_error *err)
{
    char *plain;
    size_t bytes;
    if (conn_unseal(st, 8, s->key, &plain, &bytes, err) != 0)
        return -1;
    struct seal_words w = seal_words_of(plain, bytes);
    r->detail = copy(w.detail, failed);
    r->facts = copy(w.facts, failed);
    r->brief = copy(w.brief, failed);
    free(plain);
    return 0;
}

static int fill_row(struct sqlite_store *s, struct conn *c, sqlite3_stmt *st,
                    struct store_job_row *r, struct koppel_error *err)
{
    bool failed = false;
    sqlite3_stmt *name;
    int64_t job = sqlite3_column_int64(st, 0);
    *r = (struct store_job_row){.part = sqlite_job_part(job), .off = sqlite_job_off(job)};
    if (conn_row(c, &name, SQL_FLOW_NAME, err, "i", job >> 48) != 1)
        return -1;
    r->flow = conn_text(name, 0, &failed);
    sqlite3_reset(name);
    r->key = conn_text(st, 1, &failed);
    r->state = (enum job_state)sqlite3_column_int(st, 2);
    r->attempt = sqlite3_column_int(st, 3);
    r->at_ms = sqlite3_column_int64(st, 4);
    r->finished_ms = sqlite3_column_int64(st, 5);
    r->due_ms = r->state == JOB_WAITING ? sqlite3_column_int64(st, 6) : 0;
    r->reason = conn_text(st, 7, &failed);
    r->remote_id = conn_text(st, 9, &failed);
    r->version = sqlite3_column_int64(st, 10);
    if (fill_words(s, st, r, &failed, err) != 0)
        return -1;
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

/* The job's number, 0 where there can be none of that address, -1 and err. */
static int64_t number_of(struct sqlite_store *s, struct conn *c, struct job_id id,
                         struct koppel_error *err)
{
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(&s->names, c, id.flow, &problem);
    if (!f && problem.kind != 0) {
        *err = problem;
        return -1;
    }
    if (!f || id.part < 0 || id.part >= SQLITE_PARTS_MAX || id.off < 0 || id.off >> SQLITE_OFF_BITS)
        return 0;
    return sqlite_job_number(f->id, id.part, id.off);
}

/* Where the page begins: *job 0 where `before` is none of ours, and nothing comes before it. */
static int page_start(struct sqlite_store *s, struct conn *c, struct job_id before, int64_t *at,
                      int64_t *job, struct koppel_error *err)
{
    sqlite3_stmt *st;
    *at = *job = INT64_MAX;
    if (!before.flow)
        return 0;
    *job = number_of(s, c, before, err);
    if (*job <= 0)
        return *job < 0 ? -1 : 0;
    int row = conn_row(c, &st, SQL_LOG_AT, err, "i", *job);
    if (row != 1) {
        *job = 0;
        return row;
    }
    *at = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return 0;
}

static sqlite3_stmt *bind_list(struct conn *c, const struct store_job_filter *f, int64_t flow,
                               int64_t at, int64_t job, struct koppel_error *err)
{
    int64_t state = f->state, limit = f->limit > 0 ? f->limit : LIMIT_DEFAULT;
    enum sql which = state == JOB_PARKED || state == JOB_WAITING ? SQL_JOBS_ASIDE : SQL_JOBS;
    if (f->key)
        return flow ? conn_bind(c, SQL_JOBS_KEY, err, "iitiiit", flow, state, f->reason, at, job,
                                limit, f->key)
                    : conn_bind(c, SQL_JOBS_KEY, err, "nitiiit", state, f->reason, at, job, limit,
                                f->key);
    return flow ? conn_bind(c, which, err, "iitiii", flow, state, f->reason, at, job, limit)
                : conn_bind(c, which, err, "nitiii", state, f->reason, at, job, limit);
}

static int list(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct list_arg *a = arg;
    struct koppel_error problem = {0};
    const struct names_flow *f = NULL;
    int64_t at, job;
    if (a->filter->flow && !(f = names_flow(&s->names, c, a->filter->flow, &problem))) {
        if (problem.kind != 0)
            *err = problem;
        return problem.kind == 0 ? 0 : -1;
    }
    if (page_start(s, c, a->filter->before, &at, &job, err) != 0)
        return -1;
    if (job == 0)
        return 0;
    sqlite3_stmt *st = bind_list(c, a->filter, f ? f->id : 0, at, job, err);
    int row = st ? conn_step(c, st, err) : -1;
    for (; row == 1; row = conn_step(c, st, err)) {
        struct store_job_row *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        int rc = more ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (more) {
            a->rows = more;
            rc = fill_row(s, c, st, &a->rows[a->count++], err);
        }
        if (rc != 0) {
            sqlite3_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

int sqlite_list_jobs(struct store *s, const struct store_job_filter *filter,
                     int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                     struct koppel_error *err)
{
    struct list_arg a = {.filter = filter};
    int rc = writer_read(sqlite_of(s), list, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        store_job_row_done(&a.rows[i]);
    free(a.rows);
    return rc;
}

static int one_job(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct list_arg *a = arg;
    sqlite3_stmt *st;
    size_t bytes;
    int64_t job = number_of(s, c, a->id, err);
    if (job <= 0)
        return job < 0 ? -1 : 0;
    int row = conn_row(c, &st, SQL_JOB, err, "i", job);
    if (row != 1)
        return row;
    a->count = 1;
    int rc = fill_row(s, c, st, a->rows, err);
    if (rc == 0 && a->want_payload)
        rc = conn_unseal(st, PAYLOAD_COLUMN, s->key, &a->payload, &bytes, err);
    sqlite3_reset(st);
    return rc;
}

int sqlite_list_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
                    int *found, struct koppel_error *err)
{
    struct store_job_row one = {0};
    struct list_arg a = {.id = id, .rows = &one, .want_payload = payload != NULL};
    if (writer_read(sqlite_of(s), one_job, &a, err) != 0) {
        store_job_row_done(&one);
        return -1;
    }
    *found = a.count;
    if (a.count) {
        *row = one;
        if (payload)
            *payload = a.payload;
    }
    return 0;
}

struct activity_arg {
    struct job_id id;
    struct store_activity *rows;
    int count;
};

static int attempts(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct activity_arg *a = arg;
    sqlite3_stmt *st;
    size_t bytes;
    int64_t job = number_of(s, c, a->id, err);
    if (job <= 0)
        return job < 0 ? -1 : 0;
    int row = conn_row(c, &st, SQL_ATTEMPTS, err, "i", job);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct store_activity *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        if (!more) {
            sqlite3_reset(st);
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
        a->rows = more;
        struct store_activity *r = &a->rows[a->count++];
        *r = (struct store_activity){.at_ms = sqlite3_column_int64(st, 0),
                                     .attempt = sqlite3_column_int(st, 1)};
        if (conn_unseal(st, 2, s->key, &r->steps, &bytes, err) != 0) {
            sqlite3_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

int sqlite_list_activity(struct store *s, struct job_id id,
                         int (*visit)(void *arg, const struct store_activity *a), void *arg,
                         struct koppel_error *err)
{
    struct activity_arg a = {.id = id};
    int rc = writer_read(sqlite_of(s), attempts, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        free(a.rows[i].steps);
    free(a.rows);
    return rc;
}
