/* SPDX-License-Identifier: MIT
 * A connection to a database: statements, rows, columns. One face for SQLite (conn_sqlite.h) and
 * PostgreSQL (conn_postgres.h), so that what a store does is written once.
 *
 * A statement that gives no rows may be on its way when conn_run returns: where the database is
 * another program's, many go in one round trip. What is wrong with one of them is known at the
 * next rows that are asked for, at the latest when the transaction is committed. */
#ifndef KOPPEL_STORE_CONN_H
#define KOPPEL_STORE_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "store/schema.h"

struct conn;

/* The row that a statement stands on; of the connection. */
struct conn_rows {
    struct conn *conn;
};

#define CONN_VALUES 24 /* of one statement, at most */

/* A value that is bound. */
struct conn_value {
    bool null;
    int64_t number;    /* of i */
    const void *bytes; /* of t (with a NUL behind) and b */
    size_t count;
};

struct conn_ops {
    struct conn_rows *(*bind)(struct conn *c, enum sql which, struct koppel_error *err,
                              const char *format, const struct conn_value *values);
    int (*step)(struct conn_rows *rows, struct koppel_error *err);
    void (*reset)(struct conn_rows *rows);
    int (*run)(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
               const struct conn_value *values);
    /* Rows that the last run changed; -1 and err. */
    int (*changes)(struct conn *c, struct koppel_error *err);
    /* conn_ask and conn_answer; NULL where nothing is gained by telling before. */
    int (*ask)(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
               const struct conn_value *values);
    struct conn_rows *(*answer)(struct conn *c, enum sql which, struct koppel_error *err);
    int64_t (*int64)(struct conn_rows *rows, int column);
    /* Text or bytes, with a NUL behind; NULL for NULL. Until the next step. */
    const void *(*bytes)(struct conn_rows *rows, int column, size_t *count);
    int64_t (*now_ms)(struct conn *c); /* the store's clock */
};

struct conn {
    const struct conn_ops *ops;
};

/* The statement, bound: i int64_t, t text (NULL allowed), b blob (pointer, size_t; NULL allowed), n
 * nothing (NULL of a number). Texts and blobs are borrowed until it is reset. NULL and err on
 * failure. */
struct conn_rows *conn_bind(struct conn *c, enum sql which, struct koppel_error *err,
                            const char *format, ...);
/* 1: a row is there; 0: no more (the statement is reset); -1 and err. */
int conn_step(struct conn *c, struct conn_rows *rows, struct koppel_error *err);
void conn_reset(struct conn_rows *rows); /* takes NULL */
/* Binds and runs a statement whose rows nobody wants. */
int conn_run(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...);
/* The same for a statement that is to change one row: where it changes none, it is a BUG. */
int conn_run_one(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...);
/* Rows that the last conn_run changed; -1 and err. */
int conn_changes(struct conn *c, struct koppel_error *err);
/* Binds, and stands on the first row: 1 (*rows: reset it), 0 none, -1 and err. */
int conn_row(struct conn *c, struct conn_rows **rows, enum sql which, struct koppel_error *err,
             const char *format, ...);
/* Tells that conn_answer will ask for this, in this order and before anything else is run: all that
 * is told goes in one round trip. */
int conn_ask(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...);
/* As conn_row, for what conn_ask told, with the same arguments. */
int conn_answer(struct conn *c, struct conn_rows **rows, enum sql which, struct koppel_error *err,
                const char *format, ...);

/* The same with the values of an array, one for each letter of the format. */
int conn_run_values(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
                    const struct conn_value *values);
int conn_row_values(struct conn *c, struct conn_rows **rows, enum sql which,
                    struct koppel_error *err, const char *format,
                    const struct conn_value *values);

int64_t conn_int64(struct conn_rows *rows, int column); /* 0 for NULL */
int conn_int(struct conn_rows *rows, int column);
bool conn_null(struct conn_rows *rows, int column);
/* Borrowed until the next step; NULL for NULL. */
const char *conn_peek(struct conn_rows *rows, int column);
const void *conn_blob(struct conn_rows *rows, int column);
size_t conn_bytes(struct conn_rows *rows, int column);
/* A column as a new string; NULL for NULL, and where memory is out: *failed is set then. */
char *conn_text(struct conn_rows *rows, int column, bool *failed);
/* A sealed column as plain text (caller frees); NULL where the column is NULL or was erased. */
int conn_unseal(struct conn_rows *rows, int column, const struct secret *key, char **out,
                size_t *bytes, struct koppel_error *err);
int64_t conn_now_ms(struct conn *c); /* the store's now, since 1970 UTC */

#endif
