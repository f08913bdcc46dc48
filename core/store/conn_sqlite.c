/* SPDX-License-Identifier: MIT
 * A connection to a database file of SQLite. */
#include "store/conn_sqlite.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/scrub_vfs.h"

#define SCHEMA_TEXT(name, text) text,
static const char *const statements[SQL_COUNT] = {SCHEMA_STATEMENTS(SCHEMA_TEXT)};

/* It passes once there is room: nothing is sent or read meanwhile. */
static int full(const char *path, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, "store.full",
                      "store %s: the disk is full; make room there, nothing was lost", path);
}

int conn_sqlite_error(struct conn_sqlite *c, int rc, struct koppel_error *err)
{
    const char *path = c->db ? sqlite3_db_filename(c->db, "main") : NULL;
    if (!path || !*path)
        path = "in memory";
    switch (rc & 0xff) {
    case SQLITE_NOTADB:
        return err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                          "store %s: file is not a database; restore a backup, or name another file"
                          " with `store`", path);
    case SQLITE_CORRUPT:
        return err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                          "store %s: the file is damaged (%s); stop the engine and restore a"
                          " backup", path, c->db ? sqlite3_errmsg(c->db) : "");
    case SQLITE_FULL:
        return full(path, err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_reason(err, KOPPEL_E_RETRY, "store.busy",
                          "store %s: another program keeps the file locked; close it and try again",
                          path);
    case SQLITE_NOMEM:
        return err_reason(err, KOPPEL_E_RETRY, "store.memory", "store %s: out of memory", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return err_reason(err, KOPPEL_E_CONFIG, "store.access",
                          "store %s: cannot open it for writing; its folder must exist and belong"
                          " to the user who runs this", path);
    case SQLITE_IOERR:
        if (c->db && (sqlite3_system_errno(c->db) == ENOSPC ||
                      sqlite3_system_errno(c->db) == EDQUOT))
            return full(path, err); /* while it grew a file beside the store */
        /* fall through */
    default:
        return err_reason(err, KOPPEL_E_CONFIG, "store.failed",
                          "store %s: %s; look at the disk, then try again", path,
                          c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(rc));
    }
}

void conn_sqlite_close(struct conn_sqlite *c)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(c->rows[i].statement);
    sqlite3_close(c->db);
    *c = (struct conn_sqlite){0};
}

static int bind_one(sqlite3_stmt *st, int at, char kind, const struct conn_value *v)
{
    if (v->null)
        return sqlite3_bind_null(st, at);
    switch (kind) {
    case 'i':
        return sqlite3_bind_int64(st, at, v->number);
    case 't':
        return sqlite3_bind_text(st, at, v->bytes, -1, SQLITE_STATIC);
    default:
        return sqlite3_bind_blob64(st, at, v->bytes, v->count, SQLITE_STATIC);
    }
}

static inline struct conn_sqlite *of(struct conn *c)
{
    return (struct conn_sqlite *)c;
}

static inline sqlite3_stmt *statement(struct conn_rows *rows)
{
    return ((struct conn_sqlite_rows *)rows)->statement;
}

static struct conn_rows *bind(struct conn *base, enum sql which, struct koppel_error *err,
                              const char *format, const struct conn_value *values)
{
    struct conn_sqlite *c = of(base);
    struct conn_sqlite_rows *rows = &c->rows[which];
    int rc = SQLITE_OK;
    if (!rows->statement)
        rc = sqlite3_prepare_v3(c->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                &rows->statement, NULL);
    if (rc == SQLITE_OK)
        sqlite3_reset(rows->statement);
    for (int i = 0; rc == SQLITE_OK && format[i]; i++)
        rc = bind_one(rows->statement, i + 1, format[i], &values[i]);
    if (rc != SQLITE_OK) {
        (void)conn_sqlite_error(c, rc, err);
        return NULL;
    }
    rows->base.conn = base;
    return &rows->base;
}

static int step(struct conn_rows *rows, struct koppel_error *err)
{
    sqlite3_stmt *st = statement(rows);
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        (void)conn_sqlite_error(of(rows->conn), rc, err);
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

static void reset(struct conn_rows *rows)
{
    sqlite3_reset(statement(rows));
}

static int run(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
               const struct conn_value *values)
{
    struct conn_rows *rows = bind(c, which, err, format, values);
    int row = rows ? step(rows, err) : -1;
    if (row == 1)
        reset(rows);
    return row < 0 ? -1 : 0;
}

static int changes(struct conn *c, struct koppel_error *err)
{
    (void)err;
    return sqlite3_changes(of(c)->db);
}

static int64_t get_int64(struct conn_rows *rows, int column)
{
    return sqlite3_column_int64(statement(rows), column);
}

static const void *get_bytes(struct conn_rows *rows, int column, size_t *count)
{
    sqlite3_stmt *st = statement(rows);
    int type = sqlite3_column_type(st, column);
    *count = 0;
    if (type == SQLITE_NULL)
        return NULL;
    const void *out = type == SQLITE_BLOB ? sqlite3_column_blob(st, column)
                                          : (const void *)sqlite3_column_text(st, column);
    *count = (size_t)sqlite3_column_bytes(st, column);
    return out ? out : ""; /* a blob without bytes */
}

static int64_t now_ms(struct conn *c)
{
    (void)c;
    return clock_now_ms();
}

static const struct conn_ops ops = {.bind = bind, .step = step, .reset = reset, .run = run,
                                    .changes = changes, .int64 = get_int64, .bytes = get_bytes,
                                    .now_ms = now_ms};

void conn_sqlite_wrap(struct conn_sqlite *c, sqlite3 *db)
{
    *c = (struct conn_sqlite){.base = {.ops = &ops}, .db = db};
}

void conn_sqlite_rest(struct conn_sqlite *c)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_reset(c->rows[i].statement); /* takes NULL */
}

int conn_sqlite_number(struct conn_sqlite *c, const char *sql, int64_t *out,
                       struct koppel_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    else
        (void)conn_sqlite_error(c, rc, err);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : -1;
}

int conn_sqlite_exec(struct conn_sqlite *c, const char *sql, struct koppel_error *err)
{
    int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : conn_sqlite_error(c, rc, err);
}

/* Nobody asks how much memory it uses, and counting it is a lock that all threads share. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int conn_sqlite_open(struct conn_sqlite *c, const char *path, enum conn_sqlite_mode mode,
                     struct koppel_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, configure);
    conn_sqlite_wrap(c, NULL);
    int rc = sqlite3_open_v2(path, &c->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             strcmp(path, ":memory:") == 0 ? NULL : scrub_vfs());
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(c->db, CONN_SQLITE_BUSY_MS);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        /* temp_store: what a statement may have to take back is kept in memory, else each
         * transaction makes a file of it, and removes that */
        rc = sqlite3_exec(c->db,
                          mode == CONN_SQLITE_READ
                              ? "PRAGMA cache_size = -4000; PRAGMA query_only = 1"
                              : "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;"
                                "PRAGMA journal_mode = WAL;"
                                "PRAGMA synchronous = FULL;"
                                "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 2000;"
                                "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = 1",
                          NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        return 0;
    (void)conn_sqlite_error(c, rc, err);
    conn_sqlite_close(c);
    return -1;
}
