/* SPDX-License-Identifier: MIT
 * One connection to the database file: statements, columns, and what SQLite's errors mean. */
#ifndef KOPPEL_STORE_CONN_H
#define KOPPEL_STORE_CONN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "store/schema.h"

#define CONN_BUSY_MS 5000 /* for which another process may have the file */

struct conn {
    sqlite3 *db;
    sqlite3_stmt *statement[SQL_COUNT]; /* prepared on first use */
};

enum conn_mode {
    CONN_WRITE, /* the file must be there */
    CONN_READ,  /* changes nothing */
};

/* path ":memory:" makes a database of its own. Closed again where it fails. */
int conn_open(struct conn *c, const char *path, enum conn_mode mode, struct koppel_error *err);
void conn_close(struct conn *c); /* takes a zeroed one */
/* Fills err with one sentence and its remedy: RETRY where it may pass by itself, CONFIG where a
 * person is needed. Returns -1. */
int conn_error(struct conn *c, int rc, struct koppel_error *err);

/* The statement, reset and bound: i int64_t, t text (NULL allowed), b blob (pointer, size_t; NULL
 * allowed), n nothing (NULL). Texts and blobs are borrowed until it is reset. NULL and err on
 * failure. */
sqlite3_stmt *conn_bind(struct conn *c, enum sql which, struct koppel_error *err,
                        const char *format, ...);
/* 1: a row is there; 0: no more (the statement is reset); -1 and err. */
int conn_step(struct conn *c, sqlite3_stmt *st, struct koppel_error *err);
/* Binds and runs a statement without rows. */
int conn_run(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...);
/* Binds, and stands on the first row: 1 (*st: reset it), 0 none, -1 and err. */
int conn_row(struct conn *c, sqlite3_stmt **st, enum sql which, struct koppel_error *err,
             const char *format, ...);
/* The one number that a text of SQL gives. */
int conn_number(struct conn *c, const char *sql, int64_t *out, struct koppel_error *err);
/* Several statements without rows. */
int conn_exec(struct conn *c, const char *sql, struct koppel_error *err);

/* A column as a new string; NULL for NULL, and where memory is out: *failed is set then. */
char *conn_text(sqlite3_stmt *st, int column, bool *failed);
/* A sealed column as plain text (caller frees); NULL where the column is NULL or was erased. */
int conn_unseal(sqlite3_stmt *st, int column, const struct secret *key, char **out, size_t *bytes,
                struct koppel_error *err);

#endif
