/* SPDX-License-Identifier: MIT
 * Looking over a flow's journal as a whole: which keys a snapshot source has shown, and which jobs
 * are not settled yet. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_internal.h"

struct seen_row {
    char *key;
    int64_t job;
};

struct seen_arg {
    const char *flow;
    struct seen_row *rows;
    size_t count, room;
};

static int seen_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct seen_arg *a = arg;
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    sqlite3_stmt *st = f ? conn_bind(c, SQL_SEEN_ALL, err, "i", f->id) : NULL;
    int row;
    bool failed = false;
    while ((row = st ? conn_step(c, st, err) : -1) == 1 && !failed) {
        if (a->count == a->room) {
            size_t room = a->room ? a->room * 2 : 256;
            struct seen_row *more = realloc(a->rows, room * sizeof *more);
            if (!more) {
                failed = true;
                break;
            }
            a->rows = more;
            a->room = room;
        }
        a->rows[a->count].job = sqlite3_column_int64(st, 1);
        a->rows[a->count].key = conn_text(st, 0, &failed);
        a->count++;
    }
    if (st)
        sqlite3_reset(st);
    return failed ? err_set(err, KOPPEL_E_BUG, "out of memory") : row < 0 ? -1 : 0;
}

int sqlite_seen(struct store *s, const char *flow,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg,
                struct koppel_error *err)
{
    struct seen_arg a = {.flow = flow};
    int rc = sqlite_read(s, seen_work, &a, err);
    for (size_t i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.rows[i].key,
                   (struct job_id){flow, job_part(a.rows[i].job), job_off(a.rows[i].job)});
    for (size_t i = 0; i < a.count; i++)
        free(a.rows[i].key);
    free(a.rows);
    return rc;
}

struct unsettled_arg {
    const char *flow;
    int (*visit)(void *arg, const char *key, enum job_state state, const char *payload,
                 size_t bytes);
    void *arg;
};

/* Shown row by row: a backlog does not fit the memory. */
static int unsettled_work(struct sqlite_store *s, struct conn *c, void *arg,
                          struct koppel_error *err)
{
    struct unsettled_arg *a = arg;
    struct koppel_error problem = {0};
    int row, rc = 0;
    struct flow_slot *f = flow_find(s, c, a->flow, &problem);
    if (!f && problem.kind == 0)
        return 0; /* never ran */
    if (!f) {
        *err = problem;
        return -1;
    }
    sqlite3_stmt *st = conn_bind(c, SQL_UNSETTLED, err, "i", f->id);
    while (rc == 0 && (row = st ? conn_step(c, st, err) : -1) == 1) {
        char *payload = NULL;
        size_t bytes = 0;
        rc = conn_unseal(s, st, 2, &payload, &bytes, err);
        if (rc == 0)
            rc = a->visit(a->arg, (const char *)sqlite3_column_text(st, 1),
                          (enum job_state)sqlite3_column_int(st, 3), payload, bytes);
        free(payload);
    }
    if (st)
        sqlite3_reset(st);
    return rc != 0 || row < 0 ? -1 : 0;
}

int sqlite_unsettled(struct store *s, const char *flow,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err)
{
    struct unsettled_arg a = {flow, visit, arg};
    return sqlite_read(s, unsettled_work, &a, err);
}
