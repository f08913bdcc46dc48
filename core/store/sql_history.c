/* SPDX-License-Identifier: MIT
 * What happened when: a row per flow and quarter of an hour, by hours after a week and by days
 * after three months. Days are those of UTC. */
#include "store/sql_history.h"

#include <stdlib.h>


#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

/* From which age on what step becomes which. */
static const struct {
    int64_t from, to, age;
} rolls[] = {{STORE_BUCKET_MS, HOUR, 7 * DAY}, {HOUR, DAY, 90 * DAY}};

int sql_history_add(struct conn *c, int64_t flow, const struct store_bucket *counts,
                       struct koppel_error *err)
{
    int64_t now = conn_now_ms(c);
    if (counts->read + counts->done + counts->skipped + counts->parked == 0)
        return 0;
    return conn_run(c, SQL_HISTORY_ADD, err, "iiiiiii", (int64_t)STORE_BUCKET_MS, flow,
                    now - now % STORE_BUCKET_MS, counts->read, counts->done, counts->skipped,
                    counts->parked);
}

int sql_history_roll(struct sql_store *s, struct conn *c, int64_t *again_ms,
                        struct koppel_error *err)
{
    int64_t now = conn_now_ms(c);
    (void)s;
    for (size_t i = 0; i < sizeof rolls / sizeof rolls[0]; i++) {
        /* only whole spans of the coarser kind */
        int64_t before = now - rolls[i].age;
        before -= before % rolls[i].to;
        if (conn_run(c, SQL_HISTORY_ROLL, err, "iii", rolls[i].from, rolls[i].to, before) != 0 ||
            conn_run(c, SQL_HISTORY_ROLLED, err, "ii", rolls[i].from, before) != 0)
            return -1;
    }
    *again_ms = HOUR - now % HOUR;
    return 0;
}

struct history_arg {
    const char *flow;
    int64_t from_ms, to_ms;
    struct store_bucket *rows; /* their flows are owned */
    int count;
};

static int gather(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct history_arg *a = arg;
    struct koppel_error problem = {0};
    const struct names_flow *f = NULL;
    struct conn_rows *st;
    bool failed = false;
    if (a->flow && !(f = names_flow(&s->names, c, a->flow, &problem))) {
        if (problem.kind)
            *err = problem;
        return problem.kind ? -1 : 0;
    }
    int row = f ? conn_row(c, &st, SQL_HISTORY, err, "iii", f->id, a->from_ms, a->to_ms)
                : conn_row(c, &st, SQL_HISTORY, err, "nii", a->from_ms, a->to_ms);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct store_bucket *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        failed = failed || !more;
        if (failed)
            break;
        a->rows = more;
        a->rows[a->count++] = (struct store_bucket){.flow = conn_text(st, 0, &failed),
                                                    .at_ms = conn_int64(st, 1),
                                                    .step_ms = conn_int64(st, 2),
                                                    .read = conn_int64(st, 3),
                                                    .done = conn_int64(st, 4),
                                                    .skipped = conn_int64(st, 5),
                                                    .parked = conn_int64(st, 6)};
    }
    if (failed)
        conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sql_history(struct store *s, const char *flow, int64_t from_ms, int64_t to_ms,
                   int (*visit)(void *arg, const struct store_bucket *b), void *arg,
                   struct koppel_error *err)
{
    struct history_arg a = {.flow = flow, .from_ms = from_ms, .to_ms = to_ms};
    int rc = sql_look(sql_of(s), gather, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        free((char *)a.rows[i].flow);
    free(a.rows);
    return rc;
}
