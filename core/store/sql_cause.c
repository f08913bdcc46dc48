/* SPDX-License-Identifier: MIT
 * What several jobs wait for alike. Rows are counted by triggers (schema_look.h); their words are
 * those of one of its jobs, so that they go with the last one. */
#include "store/sql_cause.h"

#include <stdlib.h>

#include "store/sql_list.h"
#include "store/hashes.h"

#define LIMIT_DEFAULT 100

int64_t sql_cause_id(const struct sql_store *s, const char *flow, const char *text)
{
    return text ? hashes_number(s->index_key, flow, text) : 0;
}

struct cause_arg {
    const char *flow;
    int limit;
    struct store_cause *rows;
    int64_t *jobs;
    int count;
};

static int gather(struct conn *c, struct cause_arg *a, struct conn_rows *st, int row,
                  struct koppel_error *err)
{
    for (; row == 1; row = conn_step(c, st, err)) {
        bool failed = false;
        a->jobs[a->count] = conn_int64(st, 7);
        a->rows[a->count++] = (struct store_cause){.id = conn_int64(st, 0),
                                                   .flow = conn_text(st, 1, &failed),
                                                   .reason = conn_text(st, 2, &failed),
                                                   .parked = conn_int64(st, 3),
                                                   .waiting = conn_int64(st, 4),
                                                   .first_ms = conn_int64(st, 5),
                                                   .last_ms = conn_int64(st, 6)};
        if (failed) {
            conn_reset(st);
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
    }
    return row < 0 ? -1 : 0;
}

static int list(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct cause_arg *a = arg;
    struct koppel_error problem = {0};
    const struct names_flow *f = NULL;
    struct conn_rows *st;
    if (a->flow && !(f = names_flow(&s->names, c, a->flow, &problem))) {
        if (problem.kind)
            *err = problem;
        return problem.kind ? -1 : 0;
    }
    int64_t limit = a->limit;
    int row = f ? conn_row(c, &st, SQL_CAUSES, err, "ii", f->id, limit)
                : conn_row(c, &st, SQL_CAUSES, err, "ni", limit);
    if (gather(c, a, st, row, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        if (a->jobs[i] && sql_list_row(s, c, a->jobs[i], &a->rows[i].example, err) < 0)
            return -1;
    }
    return 0;
}

int sql_cause_list(struct store *s, const char *flow, int limit,
                      int (*visit)(void *arg, const struct store_cause *c), void *arg,
                      struct koppel_error *err)
{
    struct cause_arg a = {.flow = flow, .limit = limit > 0 ? limit : LIMIT_DEFAULT};
    a.rows = calloc((size_t)a.limit, sizeof *a.rows);
    a.jobs = calloc((size_t)a.limit, sizeof *a.jobs);
    int rc = a.rows && a.jobs ? sql_look(sql_of(s), list, &a, err)
                              : err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++) {
        free(a.rows[i].flow);
        free(a.rows[i].reason);
        store_job_row_done(&a.rows[i].example);
    }
    free(a.rows);
    free(a.jobs);
    return rc;
}

struct stands_arg {
    int64_t id;
    bool found;
};

static int stands(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct stands_arg *a = arg;
    struct conn_rows *st;
    (void)s;
    int row = conn_row(c, &st, SQL_CAUSE_STANDS, err, "i", a->id);
    a->found = row == 1;
    if (row == 1)
        conn_reset(st);
    return row < 0 ? -1 : 0;
}

int sql_cause_stands(struct store *s, int64_t id, bool *out, struct koppel_error *err)
{
    struct stands_arg a = {.id = id};
    int rc = sql_look(sql_of(s), stands, &a, err);
    *out = a.found;
    return rc;
}
