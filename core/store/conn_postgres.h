/* SPDX-License-Identifier: MIT
 * A connection to a database of PostgreSQL.
 *
 * Everything is sent in pipeline mode: statements that give no rows wait in the buffer until rows
 * are asked for or the transaction ends, so that a transaction costs as many round trips as it has
 * questions that depend on an answer, and one for its end. libpq waits for ever where a server is
 * frozen or a network is cut; so each wait here has a deadline of its own, after which the
 * connection is given up. */
#ifndef KOPPEL_STORE_CONN_POSTGRES_H
#define KOPPEL_STORE_CONN_POSTGRES_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "store/conn.h"

#define CONN_POSTGRES_VARIANTS 4 /* formats that one statement is called with */
#define CONN_POSTGRES_WAIT_MS 10000

/* Where connections of one store go. Borrowed by each. */
struct conn_postgres_place {
    const char *info;              /* conninfo of libpq, without the password */
    const struct secret *password; /* NULL: none */
    const char *label;             /* for messages: "postgresql HOST/DATABASE" */
    _Atomic int64_t ahead_ms;      /* the server's clock, as clock_monotonic_ms plus this */
    atomic_llong trips; /* how often what was sent had to be answered before there was more */
};

/* What happened to what was being done. */
enum conn_postgres_fate {
    CONN_POSTGRES_FINE,
    CONN_POSTGRES_FAILED, /* it was undone */
    CONN_POSTGRES_AGAIN,  /* it was undone, and may be done again at once (deadlock) */
    CONN_POSTGRES_GONE,   /* the connection is; what was not to be committed yet is undone */
    CONN_POSTGRES_UNSURE, /* the connection is, while it was committed */
};

struct conn_postgres {
    struct conn base;
    PGconn *db; /* NULL: closed */
    struct conn_postgres_place *place;
    enum conn_postgres_fate fate;
    struct koppel_error fault; /* the first of the transaction */
    bool warned;               /* by the server, while it was committed */
    bool asks;                 /* what was sent last wants an answer, and is not waited for yet */
    int changes;               /* of the last run whose end was seen */
    struct conn_postgres_rows {
        struct conn_rows base;
        PGresult *result;
        enum sql which;
        int at;
        bool walks; /* more is fetched from a cursor */
    } rows[SQL_COUNT];
    const char *prepared[SQL_COUNT][CONN_POSTGRES_VARIANTS]; /* formats */
    struct conn_postgres_sent {
        enum { SENT_RUN, SENT_ROWS, SENT_ASK } kind;
        PGresult *result; /* of what was asked, until it is taken */
    } *sent;
    int sent_count, sent_room, seen, taken; /* ends were seen up to seen; asks were up to taken */
};

extern const struct conn_ops conn_postgres_ops;

enum conn_postgres_begin {
    CONN_POSTGRES_HARD, /* on the disk once it is committed */
    CONN_POSTGRES_SOFT, /* a loss of power may take it back */
    CONN_POSTGRES_READ, /* changes nothing, on one state */
};
/* Begins a transaction; nothing is waited for. */
int conn_postgres_begin(struct conn_postgres *c, enum conn_postgres_begin how,
                        struct koppel_error *err);
/* Commits, or takes back where commit is false or anything went wrong; fate says which. A
 * connection that is gone is closed. */
int conn_postgres_end(struct conn_postgres *c, bool commit, struct koppel_error *err);

#endif
