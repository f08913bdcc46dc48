/* SPDX-License-Identifier: MIT
 * A connection to a database file of SQLite, and what its errors mean. */
#ifndef KOPPEL_STORE_CONN_SQLITE_H
#define KOPPEL_STORE_CONN_SQLITE_H

#include <sqlite3.h>

#include "store/conn.h"

#define CONN_SQLITE_BUSY_MS 5000 /* for which another process may have the file */

struct conn_sqlite {
    struct conn base;
    sqlite3 *db; /* NULL: closed */
    struct conn_sqlite_rows {
        struct conn_rows base;
        sqlite3_stmt *statement; /* prepared on first use */
    } rows[SQL_COUNT];
};

enum conn_sqlite_mode {
    CONN_SQLITE_WRITE, /* the file must be there */
    CONN_SQLITE_READ,  /* changes nothing */
};

/* path ":memory:" makes a database of its own. Closed again where it fails. */
int conn_sqlite_open(struct conn_sqlite *c, const char *path, enum conn_sqlite_mode mode,
                     struct koppel_error *err);
/* Around a database that the caller opened. */
void conn_sqlite_wrap(struct conn_sqlite *c, sqlite3 *db);
void conn_sqlite_close(struct conn_sqlite *c); /* takes a zeroed one */
/* Fills err with one sentence and its remedy: RETRY where it may pass by itself, CONFIG where a
 * person is needed. Returns -1. */
int conn_sqlite_error(struct conn_sqlite *c, int rc, struct koppel_error *err);
/* Resets every statement: an open one would hold an old state. */
void conn_sqlite_rest(struct conn_sqlite *c);
/* The one number that a text of SQL gives. */
int conn_sqlite_number(struct conn_sqlite *c, const char *sql, int64_t *out,
                       struct koppel_error *err);
/* Several statements without rows. */
int conn_sqlite_exec(struct conn_sqlite *c, const char *sql, struct koppel_error *err);

#endif
