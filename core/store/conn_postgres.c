/* SPDX-License-Identifier: MIT
 * A connection to a database of PostgreSQL. */
#include "store/conn_postgres.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/postgres_wire.h"
#include "store/postgres_error.h"
#include "store/postgres_text.h"

#define WALK_ROWS 128 /* fetched at a time of what may be long */

/* Numbers of types in every PostgreSQL. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTES = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
};

static inline struct conn_postgres *of(struct conn *c)
{
    return (struct conn_postgres *)c;
}

static inline struct conn_postgres_rows *rows_of(struct conn_rows *rows)
{
    return (struct conn_postgres_rows *)rows;
}

struct params {
    int count;
    Oid types[CONN_VALUES];
    const char *values[CONN_VALUES];
    int lengths[CONN_VALUES], formats[CONN_VALUES];
    uint64_t numbers[CONN_VALUES];
};

static void take_params(struct params *p, const char *format, const struct conn_value *values)
{
    for (p->count = 0; format[p->count] && p->count < CONN_VALUES; p->count++) {
        int i = p->count;
        const struct conn_value *v = &values[i];
        p->types[i] = format[i] == 't' ? TYPE_TEXT : format[i] == 'b' ? TYPE_BYTES : TYPE_INT8;
        p->formats[i] = 1;
        p->lengths[i] = 0;
        p->values[i] = NULL;
        if (!v->null && p->types[i] == TYPE_INT8) {
            p->numbers[i] = htobe64((uint64_t)v->number);
            p->values[i] = (const char *)&p->numbers[i];
            p->lengths[i] = sizeof p->numbers[i];
        } else if (!v->null) {
            p->values[i] = v->bytes;
            p->lengths[i] = (int)v->count;
        }
    }
}

/* The statement's number among those with other formats; -1 and err. */
static int prepare(struct conn_postgres *c, enum sql which, const char *format,
                   const struct params *p, char name[32], struct koppel_error *err)
{
    int v = 0;
    while (v < CONN_POSTGRES_VARIANTS && c->prepared[which][v] &&
           strcmp(c->prepared[which][v], format) != 0)
        v++;
    if (v == CONN_POSTGRES_VARIANTS)
        return err_set(err, KOPPEL_E_BUG, "a statement has too many forms");
    snprintf(name, 32, "s%d_%d", (int)which, v);
    if (c->prepared[which][v])
        return 0;
    char *text = postgres_text(which);
    if (!text)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int ok = PQsendPrepare(c->db, name, text, p->count, p->types);
    free(text);
    if (!ok)
        return postgres_wire_fail(c, NULL, err);
    c->prepared[which][v] = format;
    return postgres_wire_sent(c, SENT_RUN, err);
}

/* What may be long comes through a cursor. */
static int send_walk(struct conn_postgres *c, enum sql which, const struct params *p, int kind,
                     struct koppel_error *err)
{
    char *text = postgres_text(which), *sql = NULL, fetch[48];
    int rc = text && asprintf(&sql, "DECLARE w%d NO SCROLL CURSOR FOR %s", (int)which, text) >= 0
                 ? 0
                 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    snprintf(fetch, sizeof fetch, "FETCH %d FROM w%d", WALK_ROWS, (int)which);
    if (rc == 0 && (!PQsendQueryParams(c->db, sql, p->count, p->types, p->values, p->lengths,
                                       p->formats, 1) ||
                    postgres_wire_sent(c, SENT_RUN, err) != 0 ||
                    !PQsendQueryParams(c->db, fetch, 0, NULL, NULL, NULL, NULL, 1) ||
                    postgres_wire_sent(c, kind, err) != 0))
        rc = postgres_wire_fail(c, NULL, err);
    free(text);
    free(sql);
    return rc;
}

static int send_it(struct conn_postgres *c, enum sql which, int kind, const char *format,
                   const struct conn_value *values, struct koppel_error *err)
{
    struct params p;
    char name[32];
    if (c->fate != CONN_POSTGRES_FINE)
        return postgres_wire_fail(c, NULL, err);
    postgres_wire_forget(c);
    take_params(&p, format, values);
    if (kind != SENT_RUN && postgres_text_is_long(which))
        return send_walk(c, which, &p, kind, err);
    if (prepare(c, which, format, &p, name, err) != 0)
        return -1;
    if (!PQsendQueryPrepared(c->db, name, p.count, p.values, p.lengths, p.formats, 1))
        return postgres_wire_fail(c, NULL, err);
    return postgres_wire_sent(c, kind, err);
}

/* ---- rows ---- */

static void reset(struct conn_rows *base)
{
    struct conn_postgres_rows *rows = rows_of(base);
    struct conn_postgres *c = of(base->conn);
    char close[32];
    PQclear(rows->result);
    rows->result = NULL;
    if (!rows->walks)
        return;
    rows->walks = false;
    snprintf(close, sizeof close, "CLOSE w%d", (int)rows->which);
    if (c->fate == CONN_POSTGRES_FINE &&
        PQsendQueryParams(c->db, close, 0, NULL, NULL, NULL, NULL, 1))
        (void)postgres_wire_sent(c, SENT_RUN, NULL);
}

/* The oldest that was asked and not taken; NULL: there is none. */
static struct conn_postgres_sent *next_asked(struct conn_postgres *c)
{
    while (c->taken < c->sent_count && c->sent[c->taken].kind != SENT_ASK)
        c->taken++;
    return c->taken < c->sent_count ? &c->sent[c->taken] : NULL;
}

static struct conn_rows *bind_it(struct conn *base, enum sql which, struct koppel_error *err,
                              const char *format, const struct conn_value *values)
{
    struct conn_postgres *c = of(base);
    struct conn_postgres_rows *rows = &c->rows[which];
    rows->base.conn = base;
    rows->which = which;
    reset(&rows->base);
    if (send_it(c, which, SENT_ROWS, format, values, err) != 0)
        return NULL;
    int mine = c->sent_count - 1;
    if (postgres_wire_see(c, err) != 0 || c->fate != CONN_POSTGRES_FINE) {
        (void)postgres_wire_fail(c, NULL, err);
        return NULL;
    }
    rows->result = c->sent[mine].result;
    c->sent[mine].result = NULL;
    rows->at = -1;
    rows->walks = postgres_text_is_long(which);
    (void)next_asked(c);
    return &rows->base;
}

static struct conn_rows *answer(struct conn *base, enum sql which, struct koppel_error *err)
{
    struct conn_postgres *c = of(base);
    struct conn_postgres_rows *rows = &c->rows[which];
    struct conn_postgres_sent *asked = next_asked(c);
    rows->base.conn = base;
    rows->which = which;
    reset(&rows->base);
    if (!asked) {
        (void)err_set(err, KOPPEL_E_BUG, "what is answered was not asked");
        return NULL;
    }
    int place = (int)(asked - c->sent);
    if (place >= c->seen && postgres_wire_see(c, err) != 0)
        return NULL;
    if (c->fate != CONN_POSTGRES_FINE) {
        (void)postgres_wire_fail(c, NULL, err);
        return NULL;
    }
    rows->result = c->sent[place].result;
    c->sent[place].result = NULL;
    c->taken = place + 1;
    rows->at = -1;
    rows->walks = false;
    return &rows->base;
}

/* The next rows of a cursor. */
static int fetch(struct conn_postgres *c, struct conn_postgres_rows *rows, struct koppel_error *err)
{
    char text[48];
    snprintf(text, sizeof text, "FETCH %d FROM w%d", WALK_ROWS, (int)rows->which);
    if (c->fate != CONN_POSTGRES_FINE ||
        !PQsendQueryParams(c->db, text, 0, NULL, NULL, NULL, NULL, 1))
        return postgres_wire_fail(c, NULL, err);
    if (postgres_wire_sent(c, SENT_ROWS, err) != 0)
        return -1;
    int mine = c->sent_count - 1;
    if (postgres_wire_see(c, err) != 0)
        return -1;
    PQclear(rows->result);
    rows->result = c->sent[mine].result;
    c->sent[mine].result = NULL;
    rows->at = -1;
    return 0;
}

static int step(struct conn_rows *base, struct koppel_error *err)
{
    struct conn_postgres_rows *rows = rows_of(base);
    int count = PQntuples(rows->result);
    if (rows->at + 1 == count && rows->walks && count == WALK_ROWS) {
        if (fetch(of(base->conn), rows, err) != 0)
            return -1;
        count = PQntuples(rows->result);
    }
    if (++rows->at < count)
        return 1;
    reset(base);
    return 0;
}

static int run(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
               const struct conn_value *values)
{
    return send_it(of(c), which, SENT_RUN, format, values, err);
}

static int ask(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
               const struct conn_value *values)
{
    return send_it(of(c), which, SENT_ASK, format, values, err);
}

static int changes(struct conn *base, struct koppel_error *err)
{
    struct conn_postgres *c = of(base);
    if (postgres_wire_see(c, err) != 0 || c->fate != CONN_POSTGRES_FINE)
        return postgres_wire_fail(c, NULL, err);
    return c->changes;
}

/* ---- columns ---- */

static int64_t get_int64(struct conn_rows *base, int column)
{
    const struct conn_postgres_rows *rows = rows_of(base);
    if (PQgetisnull(rows->result, rows->at, column))
        return 0;
    const char *value = PQgetvalue(rows->result, rows->at, column);
    uint64_t eight;
    uint32_t four;
    uint16_t two;
    switch (PQftype(rows->result, column)) {
    case TYPE_INT8:
        memcpy(&eight, value, sizeof eight);
        return (int64_t)be64toh(eight);
    case TYPE_INT4:
        memcpy(&four, value, sizeof four);
        return (int32_t)ntohl(four);
    case TYPE_INT2:
        memcpy(&two, value, sizeof two);
        return (int16_t)ntohs(two);
    case TYPE_BOOL:
        return value[0] != 0;
    default:
        return strtoll(value, NULL, 10); /* a number that stands as text */
    }
}

static const void *get_bytes(struct conn_rows *base, int column, size_t *count)
{
    const struct conn_postgres_rows *rows = rows_of(base);
    *count = 0;
    if (PQgetisnull(rows->result, rows->at, column))
        return NULL;
    *count = (size_t)PQgetlength(rows->result, rows->at, column);
    return PQgetvalue(rows->result, rows->at, column); /* libpq puts a NUL behind */
}

static int64_t now_ms(struct conn *c)
{
    return clock_monotonic_ms() + atomic_load(&of(c)->place->ahead_ms);
}

const struct conn_ops conn_postgres_ops = {.bind = bind_it,
                                           .step = step,
                                           .reset = reset,
                                           .run = run,
                                           .changes = changes,
                                           .ask = ask,
                                           .answer = answer,
                                           .int64 = get_int64,
                                           .bytes = get_bytes,
                                           .now_ms = now_ms};

/* ---- transactions ---- */

int conn_postgres_begin(struct conn_postgres *c, enum conn_postgres_begin how,
                        struct koppel_error *err)
{
    c->fate = CONN_POSTGRES_FINE;
    c->fault = (struct koppel_error){0};
    c->warned = false;
    if (how == CONN_POSTGRES_READ)
        return postgres_wire_text(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
    if (postgres_wire_text(c, "BEGIN", err) != 0)
        return -1;
    return how == CONN_POSTGRES_SOFT
               ? postgres_wire_text(c, "SET LOCAL synchronous_commit TO off", err)
               : 0;
}

int conn_postgres_end(struct conn_postgres *c, bool commit, struct koppel_error *err)
{
    bool sent = commit && c->fate == CONN_POSTGRES_FINE;
    if (c->fate != CONN_POSTGRES_GONE) {
        if (sent && postgres_wire_text(c, "COMMIT", err) != 0)
            (void)postgres_wire_fail(c, NULL, err);
        (void)postgres_wire_sync(c, err);
    }
    if (c->fate != CONN_POSTGRES_GONE && PQtransactionStatus(c->db) != PQTRANS_IDLE) {
        postgres_wire_clear(c);
        if (postgres_wire_text(c, "ROLLBACK", NULL) != 0 || postgres_wire_sync(c, NULL) != 0)
            c->fate = CONN_POSTGRES_GONE;
    }
    postgres_wire_clear(c);
    /* a wait for a standby that was broken off: it stands here, and may be lost with this server */
    if (sent && (c->fate == CONN_POSTGRES_GONE || c->warned)) {
        c->fate = CONN_POSTGRES_UNSURE;
        (void)postgres_error_unsure(c->place->label, &c->fault);
    }
    enum conn_postgres_fate fate = c->fate;
    if (err && fate != CONN_POSTGRES_FINE)
        *err = c->fault;
    if (fate == CONN_POSTGRES_GONE || fate == CONN_POSTGRES_UNSURE) {
        postgres_wire_close(c);
        c->fate = fate;
    }
    return commit && fate != CONN_POSTGRES_FINE ? -1 : 0;
}
