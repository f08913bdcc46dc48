/* SPDX-License-Identifier: MIT
 * How many jobs stand where, and why. */
#include "store/sql_count.h"

#include <stdlib.h>

struct count_arg {
    const char *flow;
    struct store_counts out;
};

/* NULL with err->kind 0: it never ran, and everything is zero. */
static const struct names_flow *flow_of(struct sql_store *s, struct conn *c, const char *name,
                                        struct koppel_error *err)
{
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(&s->names, c, name, &problem);
    if (!f)
        *err = problem;
    return f;
}

/* What stands aside is counted once for each change of the flow, however often it is asked for. */
static int count_aside(struct sql_store *s, struct conn *c, const struct names_flow *f,
                       struct store_counts *out, struct koppel_error *err)
{
    struct conn_rows *st;
    if (conn_row(c, &st, SQL_FLOW_REV, err, "i", f->id) != 1)
        return -1;
    int64_t rev = conn_int64(st, 0);
    conn_reset(st);
    if (names_aside(&s->names, f, rev, &out->parked, &out->waiting))
        return 0;
    out->parked = out->waiting = 0;
    int row = conn_row(c, &st, SQL_ASIDE_COUNT, err, "i", f->id);
    for (; row == 1; row = conn_step(c, st, err)) {
        int64_t n = conn_int64(st, 1);
        if (conn_int(st, 0) == JOB_PARKED)
            out->parked = n;
        else
            out->waiting = n;
    }
    if (row == 0)
        names_aside_set(&s->names, f, rev, out->parked, out->waiting);
    return row;
}

static int count(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct count_arg *a = arg;
    struct conn_rows *st;
    const struct names_flow *f = flow_of(s, c, a->flow, err);
    if (!f)
        return err->kind ? -1 : 0;
    if (conn_row(c, &st, SQL_HEAD_SUM, err, "i", f->id) != 1)
        return -1;
    a->out.read = conn_int64(st, 0);
    conn_reset(st);
    int row = conn_row(c, &st, SQL_TALLY_SUM, err, "i", f->id);
    for (; row == 1; row = conn_step(c, st, err)) {
        int64_t n = conn_int64(st, 1);
        if (conn_int(st, 0) == JOB_DONE)
            a->out.done = n;
        else
            a->out.skipped = n;
    }
    if (row < 0 || count_aside(s, c, f, &a->out, err) != 0)
        return -1;
    a->out.pending = a->out.read - a->out.done - a->out.skipped - a->out.parked - a->out.waiting;
    return 0;
}

int sql_count(struct store *s, const char *flow, struct store_counts *out,
                 struct koppel_error *err)
{
    struct count_arg a = {.flow = flow};
    if (sql_look(sql_of(s), count, &a, err) != 0)
        return -1;
    *out = a.out;
    return 0;
}

struct standing_arg {
    const char *flow;
    struct store_standing out;
};

static int stand(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct standing_arg *a = arg;
    struct conn_rows *st;
    const struct names_flow *f = flow_of(s, c, a->flow, err);
    if (!f)
        return err->kind ? -1 : 0;
    if (conn_row(c, &st, SQL_STANDING, err, "i", f->id) != 1)
        return -1;
    int64_t in_log = conn_int64(st, 1), waits = conn_int64(st, 2);
    a->out = (struct store_standing){
        .accepted_ms = conn_int64(st, 0),
        .undelivered_ms = in_log == 0 || (waits > 0 && waits < in_log) ? waits : in_log,
        .parked_ms = conn_int64(st, 3),
        .causes = conn_int64(st, 4)};
    conn_reset(st);
    return 0;
}

int sql_count_standing(struct store *s, const char *flow, struct store_standing *out,
                          struct koppel_error *err)
{
    struct standing_arg a = {.flow = flow};
    int rc = sql_look(sql_of(s), stand, &a, err);
    *out = a.out;
    return rc;
}

struct reason {
    enum job_state state;
    char *text;
    int64_t n;
};

struct reasons_arg {
    const char *flow;
    struct reason *rows;
    int count;
};

static int list_reasons(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct reasons_arg *a = arg;
    struct conn_rows *st;
    bool failed = false;
    const struct names_flow *f = flow_of(s, c, a->flow, err);
    if (!f)
        return err->kind ? -1 : 0;
    int row = conn_row(c, &st, SQL_REASONS, err, "i", f->id);
    for (; row == 1 && !failed; row = conn_step(c, st, err)) {
        struct reason *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        failed = !more;
        if (failed)
            break;
        a->rows = more;
        struct reason *r = &a->rows[a->count++];
        r->state = (enum job_state)conn_int(st, 0);
        r->text = conn_text(st, 1, &failed);
        r->n = conn_int64(st, 2);
    }
    if (failed)
        conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sql_count_reasons(struct store *s, const char *flow,
                         int (*visit)(void *arg, enum job_state state, const char *reason,
                                      int64_t count),
                         void *arg, struct koppel_error *err)
{
    struct reasons_arg a = {.flow = flow};
    int rc = sql_look(sql_of(s), list_reasons, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.rows[i].state, a.rows[i].text, a.rows[i].n);
    for (int i = 0; i < a.count; i++)
        free(a.rows[i].text);
    free(a.rows);
    return rc;
}
