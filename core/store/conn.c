/* SPDX-License-Identifier: MIT
 * One connection to the database file. */
#include "store/conn.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "store/scrub_vfs.h"

#define SCHEMA_TEXT(name, text) text,
static const char *const statements[SQL_COUNT] = {SCHEMA_STATEMENTS(SCHEMA_TEXT)};

/* It passes once there is room: nothing is sent or read meanwhile. */
static int full(const char *path, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, "store.full",
                      "store %s: the disk is full; make room there, nothing was lost", path);
}

int conn_error(struct conn *c, int rc, struct koppel_error *err)
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

void conn_close(struct conn *c)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(c->statement[i]);
    sqlite3_close(c->db);
    *c = (struct conn){0};
}

int conn_open(struct conn *c, const char *path, enum conn_mode mode, struct koppel_error *err)
{
    int rc = sqlite3_open_v2(path, &c->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             strcmp(path, ":memory:") == 0 ? NULL : scrub_vfs());
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(c->db, CONN_BUSY_MS);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        rc = sqlite3_exec(c->db,
                          mode == CONN_READ
                              ? "PRAGMA cache_size = -4000; PRAGMA query_only = 1"
                              : "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;"
                                "PRAGMA journal_mode = WAL;"
                                "PRAGMA synchronous = FULL;"
                                "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 2000;"
                                "PRAGMA secure_delete = 1",
                          NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        return 0;
    (void)conn_error(c, rc, err);
    conn_close(c);
    return -1;
}

static int bind_one(sqlite3_stmt *st, int at, char kind, va_list *args)
{
    const void *data;
    switch (kind) {
    case 'i':
        return sqlite3_bind_int64(st, at, va_arg(*args, int64_t));
    case 't':
        return sqlite3_bind_text(st, at, va_arg(*args, const char *), -1, SQLITE_STATIC);
    case 'b':
        data = va_arg(*args, const void *);
        return sqlite3_bind_blob64(st, at, data, va_arg(*args, size_t), SQLITE_STATIC);
    default:
        return sqlite3_bind_null(st, at);
    }
}

static sqlite3_stmt *vbind(struct conn *c, enum sql which, struct koppel_error *err,
                           const char *format, va_list *args)
{
    int rc = SQLITE_OK;
    if (!c->statement[which])
        rc = sqlite3_prepare_v3(c->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                &c->statement[which], NULL);
    sqlite3_stmt *st = c->statement[which];
    if (rc == SQLITE_OK)
        sqlite3_reset(st);
    for (int i = 0; rc == SQLITE_OK && format[i]; i++)
        rc = bind_one(st, i + 1, format[i], args);
    if (rc != SQLITE_OK) {
        (void)conn_error(c, rc, err);
        return NULL;
    }
    return st;
}

sqlite3_stmt *conn_bind(struct conn *c, enum sql which, struct koppel_error *err,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sqlite3_stmt *st = vbind(c, which, err, format, &args);
    va_end(args);
    return st;
}

int conn_step(struct conn *c, sqlite3_stmt *st, struct koppel_error *err)
{
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        (void)conn_error(c, rc, err);
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

int conn_run(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sqlite3_stmt *st = vbind(c, which, err, format, &args);
    va_end(args);
    if (!st)
        return -1;
    int rc = conn_step(c, st, err);
    if (rc == 1)
        sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

int conn_row(struct conn *c, sqlite3_stmt **st, enum sql which, struct koppel_error *err,
             const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *st = vbind(c, which, err, format, &args);
    va_end(args);
    return *st ? conn_step(c, *st, err) : -1;
}

int conn_number(struct conn *c, const char *sql, int64_t *out, struct koppel_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    else
        (void)conn_error(c, rc, err);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : -1;
}

int conn_exec(struct conn *c, const char *sql, struct koppel_error *err)
{
    int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : conn_error(c, rc, err);
}

char *conn_text(sqlite3_stmt *st, int column, bool *failed)
{
    const char *text = (const char *)sqlite3_column_text(st, column);
    if (!text)
        return NULL;
    char *copy = strdup(text);
    if (!copy)
        *failed = true;
    return copy;
}

int conn_unseal(sqlite3_stmt *st, int column, const struct secret *key, char **out, size_t *bytes,
                struct koppel_error *err)
{
    const unsigned char *sealed = sqlite3_column_blob(st, column);
    size_t n = (size_t)sqlite3_column_bytes(st, column);
    *out = NULL;
    *bytes = 0;
    if (!sealed || n == 0)
        return 0;
    char *plain = n >= SECRET_SEAL_OVERHEAD ? malloc(n - SECRET_SEAL_OVERHEAD + 1) : NULL;
    if (!plain || secret_unseal(key, sealed, n, plain) != 0) {
        free(plain);
        return err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                          "store: a sealed value is damaged; restore a backup");
    }
    *bytes = n - SECRET_SEAL_OVERHEAD;
    plain[*bytes] = '\0';
    *out = plain;
    return 0;
}
