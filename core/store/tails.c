/* SPDX-License-Identifier: MIT
 * The merged ends of partitions. */
#include "store/tails.h"

#include <stdlib.h>

#include "store/sql.h"

int tails_compare(struct tails_at a, struct tails_at b)
{
    if (a.at != b.at)
        return a.at < b.at ? -1 : 1;
    return (a.job > b.job) - (a.job < b.job);
}

/* A row of job and time: 1, 0, or -1 and err. */
static int take(struct conn_rows *st, int row, struct tails_at *out)
{
    if (row == 1) {
        *out = (struct tails_at){.job = conn_int64(st, 0),
                                 .at = conn_int64(st, 1)};
        conn_reset(st);
    }
    return row;
}

/* The newest one of a partition before `high`. */
static int newest_below(const struct tails *t, int64_t low, int64_t high, struct tails_at *out,
                        struct koppel_error *err)
{
    struct conn_rows *st;
    int row = t->kind == TAILS_ASIDE
                  ? conn_row(t->c, &st, SQL_TAIL_ASIDE, err, "iii", low, high, t->value)
              : t->kind == TAILS_CAUSE
                  ? conn_row(t->c, &st, SQL_TAIL_CAUSE, err, "iii", low, high, t->value)
                  : conn_row(t->c, &st, SQL_TAIL_LOG, err, "ii", low, high);
    return take(st, row, out);
}

/* The first number of a partition that is not older than `before`, by halves: time rises with the
 * number, and retention may have left holes. */
static int first_not_before(const struct tails *t, int64_t low, int64_t *high,
                            struct tails_at before, struct koppel_error *err)
{
    while (low < *high) {
        struct conn_rows *st;
        struct tails_at found;
        int64_t middle = low + (*high - low) / 2;
        int row = conn_row(t->c, &st, SQL_TAIL_FROM, err, "ii", middle, *high);
        if (take(st, row, &found) < 0)
            return -1;
        if (row == 1 && tails_compare(found, before) < 0)
            low = found.job + 1;
        else
            *high = middle;
    }
    *high = low;
    return 0;
}

static void swap(struct tail *a, struct tail *b)
{
    struct tail old = *a;
    *a = *b;
    *b = old;
}

static void sink(struct tails *t, int at)
{
    for (;;) {
        int first = at;
        for (int child = 2 * at + 1; child <= 2 * at + 2 && child < t->count; child++) {
            if (tails_compare(t->heap[child].at, t->heap[first].at) > 0)
                first = child;
        }
        if (first == at)
            return;
        swap(&t->heap[at], &t->heap[first]);
        at = first;
    }
}

static int add(struct tails *t, struct tails_at at, int64_t low, struct koppel_error *err)
{
    if (t->count == t->room) {
        int room = t->room ? t->room * 2 : 16;
        struct tail *more = realloc(t->heap, (size_t)room * sizeof *more);
        if (!more)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        t->heap = more;
        t->room = room;
    }
    int i = t->count++;
    t->heap[i] = (struct tail){at, low};
    for (; i > 0 && tails_compare(t->heap[i].at, t->heap[(i - 1) / 2].at) > 0; i = (i - 1) / 2)
        swap(&t->heap[i], &t->heap[(i - 1) / 2]);
    return 0;
}

static int begin_part(struct tails *t, int64_t low, int64_t high, struct tails_at before,
                      struct koppel_error *err)
{
    struct tails_at at;
    int row = newest_below(t, low, high, &at, err);
    if (row == 1 && tails_compare(at, before) >= 0) {
        if (first_not_before(t, low, &high, before, err) != 0)
            return -1;
        row = newest_below(t, low, high, &at, err);
    }
    return row == 1 ? add(t, at, low, err) : row;
}

int tails_begin(struct tails *t, struct conn *c, enum tails_kind kind, int64_t value, int64_t flow,
                struct tails_at before, struct koppel_error *err)
{
    struct conn_rows *st;
    *t = (struct tails){.c = c, .kind = kind, .value = value};
    int row = flow ? conn_row(c, &st, SQL_TAIL_PARTS, err, "i", flow)
                   : conn_row(c, &st, SQL_TAIL_PARTS, err, "n");
    for (; row == 1; row = conn_step(c, st, err)) {
        int64_t id = conn_int64(st, 0);
        int part = conn_int(st, 1);
        int64_t first = kind == TAILS_OPEN ? conn_int64(st, 3) : 0;
        if (begin_part(t, sql_job_number(id, part, first),
                       sql_job_number(id, part, conn_int64(st, 2)), before,
                       err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

int tails_next(struct tails *t, struct tails_at *out, struct koppel_error *err)
{
    if (t->count == 0)
        return 0;
    struct tail *top = &t->heap[0];
    *out = top->at;
    int row = newest_below(t, top->low, top->at.job, &top->at, err);
    if (row < 0)
        return -1;
    if (row == 0)
        *top = t->heap[--t->count];
    sink(t, 0);
    return 1;
}

void tails_done(struct tails *t)
{
    free(t->heap);
    *t = (struct tails){0};
}
