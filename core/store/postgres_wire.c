/* SPDX-License-Identifier: MIT
 * What goes over a connection to PostgreSQL, and waiting for it. */
#include "store/postgres_wire.h"

#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/postgres_error.h"

/* Remembers the first fault, and gives it out for every call until the transaction ends. */
int postgres_wire_fail(struct conn_postgres *c, const PGresult *result, struct koppel_error *err)
{
    if (c->fate == CONN_POSTGRES_FINE)
        c->fate = postgres_error(c->db, result, c->place->label, &c->fault);
    if (err)
        *err = c->fault;
    return -1;
}

/* ---- waiting ---- */

int postgres_wire_wait(struct conn_postgres *c, int64_t until, short events,
                       struct koppel_error *err)
{
    struct pollfd p = {.fd = PQsocket(c->db), .events = events};
    int64_t left = until - clock_monotonic_ms();
    int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
    if (ready != 0) /* a signal counts as ready: it is looked at again */
        return 0;
    c->fate = CONN_POSTGRES_GONE;
    (void)postgres_error_late(c->place->label, &c->fault);
    if (err)
        *err = c->fault;
    return -1;
}

/* The next result of the pipeline; NULL with *done: the end of one statement's. Both directions are
 * served, as the server may wait for us to read what it has to say. */
static PGresult *next_result(struct conn_postgres *c, bool *done, struct koppel_error *err)
{
    int64_t until = clock_monotonic_ms() + CONN_POSTGRES_WAIT_MS;
    *done = false;
    if (PQflush(c->db) < 0) {
        (void)postgres_wire_fail(c, NULL, err);
        return NULL;
    }
    /* answers come in pieces, while the server works: all of them are one trip */
    if (c->asks && PQisBusy(c->db)) {
        atomic_fetch_add(&c->place->trips, 1);
        c->asks = false;
    }
    while (PQisBusy(c->db)) {
        int left = PQflush(c->db);
        if (left < 0 || PQstatus(c->db) == CONNECTION_BAD) {
            (void)postgres_wire_fail(c, NULL, err);
            return NULL;
        }
        if (postgres_wire_wait(c, until, left ? POLLIN | POLLOUT : POLLIN, err) != 0)
            return NULL;
        if (!PQconsumeInput(c->db)) {
            (void)postgres_wire_fail(c, NULL, err);
            return NULL;
        }
    }
    PGresult *r = PQgetResult(c->db);
    *done = !r;
    return r;
}

/* The end of the statement that was sent next. */
static int see_one(struct conn_postgres *c, struct koppel_error *err)
{
    struct conn_postgres_sent *s = &c->sent[c->seen];
    bool done;
    PGresult *r = next_result(c, &done, err);
    if (!r)
        return done ? postgres_wire_fail(c, NULL, err) : -1;
    ExecStatusType status = PQresultStatus(r);
    int rc = 0;
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        rc = postgres_wire_fail(c, r, err);
    if (s->kind == SENT_RUN) {
        c->changes = (int)strtol(PQcmdTuples(r), NULL, 10);
        PQclear(r);
    } else {
        s->result = r;
    }
    r = next_result(c, &done, err);
    PQclear(r);
    if (!done && !r)
        return -1; /* the connection is gone */
    c->seen++;
    return rc;
}

/* Everything that was sent so far. */
int postgres_wire_see(struct conn_postgres *c, struct koppel_error *err)
{
    if (c->seen < c->sent_count) {
        c->asks = true;
        if (!PQsendFlushRequest(c->db))
            return postgres_wire_fail(c, NULL, err);
    }
    int rc = 0;
    while (c->seen < c->sent_count && c->fate != CONN_POSTGRES_GONE &&
           c->fate != CONN_POSTGRES_UNSURE)
        rc = see_one(c, err) != 0 ? -1 : rc;
    return rc;
}

/* ---- sending ---- */

int postgres_wire_sent(struct conn_postgres *c, int kind, struct koppel_error *err)
{
    if (c->sent_count == c->sent_room) {
        int room = c->sent_room ? c->sent_room * 2 : 64;
        struct conn_postgres_sent *more = realloc(c->sent, (size_t)room * sizeof *more);
        if (!more)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        c->sent = more;
        c->sent_room = room;
    }
    c->sent[c->sent_count++] = (struct conn_postgres_sent){.kind = kind};
    return 0;
}

/* What is behind us is forgotten, so that a long transaction does not grow. */
void postgres_wire_forget(struct conn_postgres *c)
{
    if (c->seen < c->sent_count || c->taken < c->sent_count)
        return;
    c->sent_count = c->seen = c->taken = 0;
}

int postgres_wire_text(struct conn_postgres *c, const char *text, struct koppel_error *err)
{
    if (!PQsendQueryParams(c->db, text, 0, NULL, NULL, NULL, NULL, 1))
        return postgres_wire_fail(c, NULL, err);
    return postgres_wire_sent(c, SENT_RUN, err);
}

/* Up to the mark that ends what the server takes as one. */
int postgres_wire_sync(struct conn_postgres *c, struct koppel_error *err)
{
    bool done;
    c->asks = true;
    if (!PQpipelineSync(c->db))
        return postgres_wire_fail(c, NULL, err);
    (void)postgres_wire_see(c, err);
    for (;;) {
        if (c->fate == CONN_POSTGRES_GONE)
            return -1;
        PGresult *r = next_result(c, &done, err);
        ExecStatusType status = PQresultStatus(r);
        PQclear(r);
        if (r && status == PGRES_PIPELINE_SYNC)
            return 0;
        if (!r && !done)
            return -1;
    }
}

void postgres_wire_clear(struct conn_postgres *c)
{
    for (int i = 0; i < c->sent_count; i++)
        PQclear(c->sent[i].result);
    c->sent_count = c->seen = c->taken = 0;
    for (int i = 0; i < SQL_COUNT; i++) {
        PQclear(c->rows[i].result);
        c->rows[i].result = NULL;
        c->rows[i].walks = false;
    }
}

void postgres_wire_close(struct conn_postgres *c)
{
    postgres_wire_clear(c);
    free(c->sent);
    PQfinish(c->db);
    struct conn_postgres_place *place = c->place;
    *c = (struct conn_postgres){.base = c->base, .place = place};
}
