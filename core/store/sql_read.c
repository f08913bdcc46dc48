/* SPDX-License-Identifier: MIT
 * Move 3: the next jobs of a partition, from the log or from those that stand aside. */
#include "store/sql_read.h"

#include <stdlib.h>


struct read_arg {
    const struct store_lease *lease;
    bool aside;
    int limit;
    size_t bytes;
    struct store_batch batch;
};

static int take_row(struct sql_store *s, struct conn_rows *st, int64_t now, struct store_job *j,
                    struct koppel_error *err)
{
    bool failed = false;
    int64_t number = conn_int64(st, 0);
    *j = (struct store_job){.part = sql_job_part(number), .off = sql_job_off(number)};
    j->key = conn_text(st, 1, &failed);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    j->version = conn_int64(st, 2);
    j->at_ms = conn_int64(st, 3);
    j->doubt = conn_int(st, 5) != 0;
    j->attempt = conn_int(st, 7);
    if (conn_int(st, 8) == JOB_WAITING && conn_int64(st, 9) > now)
        j->state = JOB_WAITING;
    j->retried = conn_int(st, 10) != 0;
    j->edited = conn_int(st, 11) != 0;
    return conn_unseal(st, 4, s->key, &j->payload, &j->payload_bytes, err);
}

static int room_for_one(struct store_batch *b, struct koppel_error *err)
{
    if (b->count & (b->count - 1))
        return 0; /* room doubles at the powers of two */
    size_t room = b->count ? (size_t)b->count * 2 : 1;
    struct store_job *more = realloc(b->jobs, room * sizeof *more);
    if (!more)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    b->jobs = more;
    return 0;
}

static int read_rows(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct read_arg *a = arg;
    int64_t now = conn_now_ms(c);
    int part = a->lease->part;
    size_t bytes = 0;
    struct conn_rows *st;
    const struct names_flow *f = names_flow_need(&s->names, c, a->lease->flow, err);
    if (!f)
        return -1;
    int row = a->aside ? conn_row(c, &st, SQL_ASIDE_READ, err, "iii", f->id, (int64_t)part, now)
                       : conn_row(c, &st, SQL_LOG_READ, err, "iii",
                                  sql_job_number(f->id, part, a->lease->cursor),
                                  sql_job_number(f->id, part + 1, 0), f->id);
    for (; row == 1; row = conn_step(c, st, err)) {
        /* one that was settled already is passed over */
        bool settled = !conn_null(st, 6);
        size_t n = conn_bytes(st, 4);
        if (a->batch.count >= a->limit || (a->batch.count > 0 && bytes + n > a->bytes && !settled))
            break;
        if (!a->aside)
            a->batch.next = sql_job_off(conn_int64(st, 0)) + 1;
        if (settled)
            continue;
        bytes += n;
        if (room_for_one(&a->batch, err) != 0 ||
            take_row(s, st, now, &a->batch.jobs[a->batch.count++], err) != 0) {
            row = -1;
            break;
        }
    }
    if (st)
        conn_reset(st);
    return row < 0 ? -1 : 0;
}

static int read_some(struct store *base, struct read_arg *a, struct store_batch *out,
                     struct koppel_error *err)
{
    *out = (struct store_batch){0};
    if (a->limit < 1)
        a->limit = 1;
    if (sql_look(sql_of(base), read_rows, a, err) != 0) {
        store_batch_done(&a->batch);
        return -1;
    }
    *out = a->batch;
    return 0;
}

int sql_read(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                struct store_batch *out, struct koppel_error *err)
{
    struct read_arg a = {.lease = lease, .limit = limit, .bytes = bytes,
                         .batch = {.next = lease->cursor}};
    return read_some(s, &a, out, err);
}

int sql_read_aside(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                      struct store_batch *out, struct koppel_error *err)
{
    struct read_arg a = {.lease = lease, .aside = true, .limit = limit, .bytes = bytes,
                         .batch = {.next = -1}};
    return read_some(s, &a, out, err);
}
