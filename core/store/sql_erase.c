/* SPDX-License-Identifier: MIT
 * Everything that was read and said of one record goes, whatever its age; what is known by number
 * stays. */
#include "store/sql_erase.h"

#include <stdlib.h>

#include "store/sql_keep.h"

struct erase_arg {
    const char *flow, *key;
    struct keeping_sum sum;
    struct erase_row {
        int64_t id, bytes;
    } *rows;
    int count;
};

static int gather(struct erase_arg *a, int64_t id, int64_t bytes, struct koppel_error *err)
{
    struct erase_row *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
    if (!more)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    a->rows = more;
    a->rows[a->count++] = (struct erase_row){id, bytes};
    return 0;
}

/* Jobs of the key that have ended and of which something is left. */
static int gather_jobs(struct conn *c, struct erase_arg *a, int64_t flow, struct koppel_error *err)
{
    struct conn_rows *st;
    int rc = 0, row = conn_row(c, &st, SQL_ERASE_JOBS, err, "tii", a->key, flow << 48,
                               (flow + 1) << 48);
    for (; row == 1 && rc == 0; row = conn_step(c, st, err)) {
        int state = conn_int(st, 2);
        if ((state == JOB_DONE || state == JOB_SKIPPED) && conn_int64(st, 5) > 0)
            rc = gather(a, conn_int64(st, 0), conn_int64(st, 5), err);
    }
    if (row == 1)
        conn_reset(st);
    return rc != 0 || row < 0 ? -1 : 0;
}

static int gather_documents(struct conn *c, struct erase_arg *a, int64_t flow,
                            struct koppel_error *err)
{
    struct conn_rows *st;
    int rc = 0, row = conn_row(c, &st, SQL_ERASE_DOCUMENTS, err, "it", flow, a->key);
    for (; row == 1 && rc == 0; row = conn_step(c, st, err))
        rc = gather(a, conn_int64(st, 0), conn_int64(st, 1), err);
    if (row == 1)
        conn_reset(st);
    return rc != 0 || row < 0 ? -1 : 0;
}

static int erase(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct erase_arg *a = arg;
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(&s->names, c, a->flow, &problem);
    a->count = 0;
    a->sum = (struct keeping_sum){0};
    if (!f && problem.kind != 0)
        *err = problem;
    if (!f)
        return problem.kind == 0 ? 0 : -1; /* never ran */
    if (conn_run(c, SQL_GUARD, err, "") != 0 || gather_jobs(c, a, f->id, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        if (sql_keep_erase(c, a->rows[i].id, err) != 0)
            return -1;
        a->sum.bytes += a->rows[i].bytes;
    }
    a->sum.contents += a->count;
    a->count = 0;
    if (sql_keep_back(c, err) != 0 || gather_documents(c, a, f->id, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        if (conn_run(c, SQL_KEEP_LINK_FORGET, err, "i", a->rows[i].id) != 0 ||
            conn_run(c, SQL_DOCUMENT_DELETE, err, "i", a->rows[i].id) != 0)
            return -1;
        a->sum.bytes += a->rows[i].bytes;
    }
    a->sum.documents += a->count;
    return conn_run(c, SQL_FLOW_CHANGED, err, "i", f->id);
}

int sql_erase(struct store *s, const char *flow, const char *key, struct keeping_sum *sum,
                 struct koppel_error *err)
{
    struct erase_arg a = {.flow = flow, .key = key};
    int rc = sql_change(sql_of(s), SQL_HARD, erase, &a, err);
    free(a.rows);
    if (rc != 0)
        return -1;
    sum->contents += a.sum.contents;
    sum->documents += a.sum.documents;
    sum->bytes += a.sum.bytes;
    return 0;
}
