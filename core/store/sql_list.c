/* SPDX-License-Identifier: MIT
 * Jobs as rows, one by one, and what was done for each. */
#include "store/sql_list.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"

#define PAYLOAD_COLUMN 15 /* of SQL_JOB */

struct one_arg {
    struct job_id id;
    struct store_job_row *row;
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

static int fill_words(struct sql_store *s, struct conn_rows *st, struct store_job_row *r,
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

static int fill_row(struct sql_store *s, struct conn *c, struct conn_rows *st,
                    struct store_job_row *r, struct koppel_error *err)
{
    bool failed = false;
    struct conn_rows *name;
    int64_t job = conn_int64(st, 0);
    *r = (struct store_job_row){.part = sql_job_part(job), .off = sql_job_off(job)};
    if (conn_row(c, &name, SQL_FLOW_NAME, err, "i", job >> 48) != 1)
        return -1;
    r->flow = conn_text(name, 0, &failed);
    conn_reset(name);
    r->key = conn_text(st, 1, &failed);
    r->state = (enum job_state)conn_int(st, 2);
    r->attempt = conn_int(st, 3);
    r->at_ms = conn_int64(st, 4);
    r->finished_ms = conn_int64(st, 5);
    r->due_ms = r->state == JOB_WAITING ? conn_int64(st, 6) : 0;
    r->reason = conn_text(st, 7, &failed);
    r->remote_id = conn_text(st, 9, &failed);
    r->version = conn_int64(st, 10);
    r->cause = conn_int64(st, 11);
    r->read_run = conn_int64(st, 12);
    r->run = conn_int64(st, 13);
    r->edited = conn_int(st, 14) != 0;
    if (fill_words(s, st, r, &failed, err) != 0)
        return -1;
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

int sql_list_row(struct sql_store *s, struct conn *c, int64_t job, struct store_job_row *out,
                    struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_JOB, err, "i", job);
    if (row != 1)
        return row;
    int rc = fill_row(s, c, st, out, err);
    conn_reset(st);
    return rc == 0 ? 1 : -1;
}

int64_t sql_list_number(struct sql_store *s, struct conn *c, struct job_id id,
                           struct koppel_error *err)
{
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(&s->names, c, id.flow, &problem);
    if (!f && problem.kind != 0) {
        *err = problem;
        return -1;
    }
    if (!f || id.part < 0 || id.part >= STORE_PARTS_MAX || id.off < 0 || id.off >> STORE_OFF_BITS)
        return 0;
    return sql_job_number(f->id, id.part, id.off);
}

static int one_job(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct one_arg *a = arg;
    struct conn_rows *st;
    size_t bytes;
    int64_t job = sql_list_number(s, c, a->id, err);
    if (job <= 0)
        return job < 0 ? -1 : 0;
    int row = conn_row(c, &st, SQL_JOB, err, "i", job);
    if (row != 1)
        return row;
    a->count = 1;
    int rc = fill_row(s, c, st, a->row, err);
    if (rc == 0 && a->want_payload)
        rc = conn_unseal(st, PAYLOAD_COLUMN, s->key, &a->payload, &bytes, err);
    conn_reset(st);
    return rc;
}

int sql_list_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
                    int *found, struct koppel_error *err)
{
    struct store_job_row one = {0};
    struct one_arg a = {.id = id, .row = &one, .want_payload = payload != NULL};
    if (sql_look(sql_of(s), one_job, &a, err) != 0) {
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

static int attempts(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct activity_arg *a = arg;
    struct conn_rows *st;
    size_t bytes;
    int64_t job = sql_list_number(s, c, a->id, err);
    if (job <= 0)
        return job < 0 ? -1 : 0;
    int row = conn_row(c, &st, SQL_ATTEMPTS, err, "i", job);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct store_activity *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        if (!more) {
            conn_reset(st);
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
        a->rows = more;
        struct store_activity *r = &a->rows[a->count++];
        *r = (struct store_activity){.at_ms = conn_int64(st, 0),
                                     .attempt = conn_int(st, 1)};
        if (conn_unseal(st, 2, s->key, &r->steps, &bytes, err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

int sql_list_activity(struct store *s, struct job_id id,
                         int (*visit)(void *arg, const struct store_activity *a), void *arg,
                         struct koppel_error *err)
{
    struct activity_arg a = {.id = id};
    int rc = sql_look(sql_of(s), attempts, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        free(a.rows[i].steps);
    free(a.rows);
    return rc;
}
