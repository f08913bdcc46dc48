/* SPDX-License-Identifier: MIT
 * A flow's jobs that have not ended, and those that ended lately, as a whole. */
#include "store/sql_unsettled.h"

#include <stdlib.h>

struct unsettled_arg {
    const char *flow;
    int64_t since_ms, *mark;
    int (*visit)(void *arg, const char *key, enum job_state state, int64_t finished_ms,
                 const char *payload, size_t bytes);
    void *arg;
};

/* Shown row by row: a backlog does not fit the memory. */
static int show_rows(struct sql_store *s, struct conn *c, struct unsettled_arg *a,
                     struct conn_rows *st, int row, struct koppel_error *err)
{
    int rc = 0;
    for (; row == 1; row = conn_step(c, st, err)) {
        char *payload = NULL;
        size_t bytes = 0;
        rc = conn_unseal(st, 1, s->key, &payload, &bytes, err);
        if (rc == 0)
            rc = a->visit(a->arg, conn_peek(st, 0),
                          (enum job_state)conn_int(st, 2), conn_int64(st, 3),
                          payload, bytes);
        free(payload);
        if (rc != 0)
            break;
    }
    if (st)
        conn_reset(st);
    return rc != 0 || row < 0 ? -1 : 0;
}

static int show(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct unsettled_arg *a = arg;
    struct koppel_error problem = {0};
    struct conn_rows *st;
    const struct names_flow *f = names_flow(&s->names, c, a->flow, &problem);
    if (!f && problem.kind == 0)
        return 0; /* never ran */
    if (!f) {
        *err = problem;
        return -1;
    }
    if (conn_row(c, &st, SQL_FLOW_REV, err, "i", f->id) != 1)
        return -1;
    int64_t rev = conn_int64(st, 0);
    conn_reset(st);
    if (rev == *a->mark)
        return 0;
    int row = conn_row(c, &st, SQL_UNSETTLED, err, "i", f->id);
    if (show_rows(s, c, a, st, row, err) != 0)
        return -1;
    if (a->since_ms != INT64_MAX) {
        row = conn_row(c, &st, SQL_SETTLED_SINCE, err, "ii", f->id, a->since_ms);
        if (show_rows(s, c, a, st, row, err) != 0)
            return -1;
    }
    *a->mark = rev;
    return 0;
}

int sql_unsettled(struct store *s, const char *flow, int64_t since_ms, int64_t *mark,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  int64_t finished_ms, const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err)
{
    struct unsettled_arg a = {flow, since_ms, mark, visit, arg};
    return sql_look(sql_of(s), show, &a, err);
}
