/* SPDX-License-Identifier: MIT
 * Which keys a source that lists everything each time has shown. */
#include "store/sql_seen.h"

#include <stdlib.h>

struct seen_row {
    char *key;
    int64_t job;
};

struct seen_arg {
    const char *flow, *after;
    int limit, count;
    struct seen_row *rows; /* limit of them */
};

static int list(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct seen_arg *a = arg;
    struct conn_rows *st;
    bool failed = false;
    const struct names_flow *f = names_flow_need(&s->names, c, a->flow, err);
    if (!f)
        return -1;
    int row = conn_row(c, &st, SQL_SEEN_PAGE, err, "iti", f->id, a->after ? a->after : "",
                       (int64_t)a->limit);
    for (; row == 1 && !failed; row = conn_step(c, st, err)) {
        struct seen_row *r = &a->rows[a->count++];
        r->job = conn_int64(st, 1);
        r->key = conn_text(st, 0, &failed);
    }
    if (failed)
        conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sql_seen(struct store *s, const char *flow, const char *after, int limit,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg, int *count,
                struct koppel_error *err)
{
    struct seen_arg a = {.flow = flow, .after = after, .limit = limit < 1 ? 1 : limit};
    *count = 0;
    a.rows = calloc((size_t)a.limit, sizeof *a.rows);
    if (!a.rows)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = sql_look(sql_of(s), list, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.rows[i].key,
                   (struct job_id){flow, sql_job_part(a.rows[i].job),
                                   sql_job_off(a.rows[i].job)});
    for (int i = 0; i < a.count; i++)
        free(a.rows[i].key);
    free(a.rows);
    if (rc == 0)
        *count = a.count;
    return rc;
}
