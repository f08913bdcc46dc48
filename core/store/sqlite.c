/* SPDX-License-Identifier: MIT
 * The SQLite store: opening, connections, and the one writer thread.
 *
 * Callers queue a piece of work and sleep. The writer takes everything that is queued, runs each
 * piece under a savepoint of its own in one transaction, commits, and wakes them: the disk is asked
 * once for many changes. Reads use connections of their own and never meet the writer. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/sqlite_internal.h"

#define BUSY_MS 10000
#define KEY_CHECK "koppel store key"
#define LOCK_TEXT_BYTES 32

struct task {
    struct task *next;
    conn_work *work;
    void *arg;
    struct koppel_error *err;
    int rc;
    bool finished;
    pthread_cond_t done;
};

#define SCHEMA_TEXT(name, text) text,
static const char *const statements[SQL_COUNT] = {SCHEMA_STATEMENTS(SCHEMA_TEXT)};

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
        return err_reason(
            err, KOPPEL_E_CONFIG, "store.damaged",
            "store %s: the file is damaged (%s); stop the engine and restore a backup", path,
            c->db ? sqlite3_errmsg(c->db) : "");
    case SQLITE_FULL:
        return err_reason(err, KOPPEL_E_CONFIG, "store.full",
                          "store %s: the disk is full; make room there, nothing was lost", path);
    case SQLITE_BUSY:
        return err_reason(err, KOPPEL_E_RETRY, "store.busy",
                          "store %s: another program keeps the file locked; close it and try again",
                          path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return err_reason(
            err, KOPPEL_E_CONFIG, "store.access",
            "store %s: cannot open it for writing; its folder must exist and belong to"
            " the user who runs this",
            path);
    default:
        return err_reason(err, KOPPEL_E_CONFIG, "store.failed", "store %s: %s", path,
                          c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(rc));
    }
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

static sqlite3_stmt *conn_vbind(struct conn *c, enum sql which, struct koppel_error *err,
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
    sqlite3_stmt *st = conn_vbind(c, which, err, format, &args);
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
    sqlite3_stmt *st = conn_vbind(c, which, err, format, &args);
    va_end(args);
    if (!st)
        return -1;
    int rc = conn_step(c, st, err);
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
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

int conn_unseal(struct sqlite_store *s, sqlite3_stmt *st, int column, char **out, size_t *bytes,
                struct koppel_error *err)
{
    const unsigned char *sealed = sqlite3_column_blob(st, column);
    size_t n = (size_t)sqlite3_column_bytes(st, column);
    *out = NULL;
    *bytes = 0;
    if (!sealed)
        return 0;
    char *plain = n >= SECRET_SEAL_OVERHEAD ? malloc(n - SECRET_SEAL_OVERHEAD + 1) : NULL;
    if (!plain || secret_unseal(s->key, sealed, n, plain) != 0) {
        free(plain);
        return err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                          "store %s: a sealed value is damaged; restore a backup", s->path);
    }
    *bytes = n - SECRET_SEAL_OVERHEAD;
    plain[*bytes] = '\0';
    *out = plain;
    return 0;
}

unsigned char *store_sealed(struct sqlite_store *s, const char *plain, size_t bytes,
                            size_t *out_bytes, struct koppel_error *err)
{
    unsigned char *sealed = malloc(bytes + SECRET_SEAL_OVERHEAD);
    if (!sealed) {
        (void)err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    secret_seal(s->key, plain, bytes, sealed);
    *out_bytes = bytes + SECRET_SEAL_OVERHEAD;
    return sealed;
}

void conn_close(struct conn *c)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(c->statement[i]);
    sqlite3_close(c->db);
    *c = (struct conn){0};
}

static int conn_open(struct conn *c, const char *path, bool reader, struct koppel_error *err)
{
    int rc = sqlite3_open_v2(path, &c->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(c->db, BUSY_MS);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
        rc = sqlite3_exec(c->db,
                          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                          "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000",
                          NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK && reader)
        rc = sqlite3_exec(c->db, "PRAGMA query_only = 1", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return 0;
    (void)conn_error(c, rc, err);
    conn_close(c);
    return -1;
}

static void run_task(struct sqlite_store *s, struct task *t)
{
    struct conn *c = &s->writer;
    t->rc = conn_run(c, SQL_SAVEPOINT, t->err, "");
    if (t->rc == 0)
        t->rc = t->work(s, c, t->arg, t->err);
    if (t->rc != 0 && !sqlite3_get_autocommit(c->db))
        (void)conn_run(c, SQL_UNDO, NULL, "");
    if (!sqlite3_get_autocommit(c->db) && conn_run(c, SQL_RELEASE, t->err, "") != 0)
        t->rc = -1;
}

static void run_tasks(struct sqlite_store *s, struct task *first)
{
    struct koppel_error err = {0};
    int rc = conn_run(&s->writer, SQL_BEGIN, &err, "");
    for (struct task *t = first; t && rc == 0; t = t->next) {
        run_task(s, t);
        if (sqlite3_get_autocommit(s->writer.db)) {
            /* a full disk or an I/O error took the whole transaction back */
            if (t->err)
                err = *t->err;
            rc = -1;
        }
    }
    if (rc == 0)
        rc = conn_run(&s->writer, SQL_COMMIT, &err, "");
    if (rc != 0 && !sqlite3_get_autocommit(s->writer.db))
        (void)conn_run(&s->writer, SQL_ROLLBACK, NULL, "");
    for (struct task *t = first; t && rc != 0; t = t->next) {
        t->rc = -1;
        if (t->err)
            *t->err = err;
    }
}

static void *writer_main(void *arg)
{
    struct sqlite_store *s = arg;
    pthread_mutex_lock(&s->queue_lock);
    for (;;) {
        while (!s->first && !s->stopping)
            pthread_cond_wait(&s->queue_filled, &s->queue_lock);
        struct task *first = s->first;
        if (!first)
            break;
        s->first = NULL;
        s->last = &s->first;
        pthread_mutex_unlock(&s->queue_lock);
        run_tasks(s, first);
        pthread_mutex_lock(&s->queue_lock);
        for (struct task *t = first, *next; t; t = next) {
            next = t->next; /* t is its caller's again once it is finished */
            t->finished = true;
            pthread_cond_signal(&t->done);
        }
    }
    pthread_mutex_unlock(&s->queue_lock);
    return NULL;
}

int sqlite_write(struct store *base, conn_work *work, void *arg, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    struct task t = {.work = work, .arg = arg, .err = err, .done = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&s->queue_lock);
    *s->last = &t;
    s->last = &t.next;
    pthread_cond_signal(&s->queue_filled);
    while (!t.finished)
        pthread_cond_wait(&t.done, &s->queue_lock);
    pthread_mutex_unlock(&s->queue_lock);
    pthread_cond_destroy(&t.done);
    return t.rc;
}

int sqlite_read(struct store *base, conn_work *work, void *arg, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    if (s->memory)
        return sqlite_write(base, work, arg, err);
    int mine = -1;
    pthread_mutex_lock(&s->pool_lock);
    while (mine < 0) {
        for (int i = 0; i < STORE_READERS && mine < 0; i++)
            mine = s->busy[i] ? -1 : i;
        if (mine < 0)
            pthread_cond_wait(&s->pool_freed, &s->pool_lock);
    }
    s->busy[mine] = true;
    pthread_mutex_unlock(&s->pool_lock);
    struct conn *c = &s->reader[mine];
    int rc = c->db ? 0 : conn_open(c, s->path, true, err);
    if (rc == 0)
        rc = work(s, c, arg, err);
    for (int i = 0; i < SQL_COUNT; i++) {
        if (c->statement[i])
            sqlite3_reset(c->statement[i]); /* an open one would hold an old snapshot */
    }
    pthread_mutex_lock(&s->pool_lock);
    s->busy[mine] = false;
    pthread_cond_signal(&s->pool_freed);
    pthread_mutex_unlock(&s->pool_lock);
    return rc;
}

/* One engine per file: the lock file holds its process number while it lives. */
static int take_lock(struct sqlite_store *s, struct koppel_error *err)
{
    char *path = NULL, text[LOCK_TEXT_BYTES] = "";
    if (asprintf(&path, "%s.lock", s->path) < 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = -1, fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)err_set(err, KOPPEL_E_CONFIG, "store %s: cannot make its lock file: %s", s->path,
                      strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = pread(fd, text, sizeof text - 1, 0);
        text[n > 0 ? strcspn(text, "\n") : 0] = '\0';
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.locked",
                         "store %s: another engine runs on this file (process %s); stop it first",
                         s->path, text[0] ? text : "unknown");
        close(fd);
    } else {
        int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
        if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n)
            rc = 0;
        else
            (void)err_set(err, KOPPEL_E_CONFIG, "store %s: cannot write its lock file: %s", s->path,
                          strerror(errno));
        s->lock_fd = fd;
    }
    free(path);
    return rc;
}

int conn_number(struct conn *c, const char *sql, int64_t *out, struct koppel_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : conn_error(c, rc, err);
}

static int create_tables(struct sqlite_store *s, struct conn *c, struct koppel_error *err)
{
    int64_t tables = 0;
    if (conn_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
        return -1;
    if (tables > 0)
        return err_reason(err, KOPPEL_E_CONFIG, "store.foreign",
                          "store %s: this file belongs to another program; name another one with"
                          " `store`", s->path);
    char *pragmas = sqlite3_mprintf("PRAGMA user_version = %d; PRAGMA application_id = %d",
                                    SCHEMA_VERSION, SCHEMA_APPLICATION);
    int rc =
        pragmas ? sqlite3_exec(c->db, SCHEMA_TABLES SCHEMA_SEEN, NULL, NULL, NULL) : SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(c->db, pragmas, NULL, NULL, NULL);
    sqlite3_free(pragmas);
    if (rc != SQLITE_OK)
        return conn_error(c, rc, err);
    unsigned char check[sizeof KEY_CHECK + SECRET_SEAL_OVERHEAD];
    secret_seal(s->key, KEY_CHECK, sizeof KEY_CHECK, check);
    return conn_run(c, SQL_META_PUT, err, "tb", "key_check", check, sizeof check);
}

int conn_check_version(struct conn *c, const char *path, int64_t *version, struct koppel_error *err)
{
    if (conn_number(c, "PRAGMA user_version", version, err) != 0)
        return -1;
    if (*version > SCHEMA_VERSION)
        return err_reason(err, KOPPEL_E_CONFIG, "store.newer",
                          "store %s: a newer koppel made it (schema %lld, this one knows %d);"
                          " install that version", path, (long long)*version, SCHEMA_VERSION);
    return 0;
}

int conn_check_key(struct conn *c, const char *path, const struct secret *key,
                   struct koppel_error *err)
{
    char plain[sizeof KEY_CHECK];
    sqlite3_stmt *st = conn_bind(c, SQL_META_GET, err, "t", "key_check");
    int row = st ? conn_step(c, st, err) : -1;
    if (row < 0)
        return -1;
    bool right = row == 1 &&
                 (size_t)sqlite3_column_bytes(st, 0) == sizeof plain + SECRET_SEAL_OVERHEAD &&
                 secret_unseal(key, sqlite3_column_blob(st, 0),
                               sizeof plain + SECRET_SEAL_OVERHEAD, plain) == 0;
    sqlite3_reset(st);
    if (!right)
        return err_reason(err, KOPPEL_E_CONFIG, "store.key",
                          "store %s: it was sealed with another key; give the key it was made with",
                          path);
    return 0;
}

/* Leases of an earlier process end here: every epoch given from now on is higher. */
static int next_epoch(struct sqlite_store *s, struct conn *c, struct koppel_error *err)
{
    int64_t opens = 0;
    sqlite3_stmt *st = conn_bind(c, SQL_META_GET, err, "t", "epoch");
    int row = st ? conn_step(c, st, err) : -1;
    if (row < 0)
        return -1;
    if (row == 1)
        opens = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    s->epoch = (opens + 1) << 32;
    return conn_run(c, SQL_META_PUT, err, "ti", "epoch", opens + 1);
}

static int prepare_file(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    int64_t version = 0;
    bool exclusive = *(int *)arg != 0;
    if (conn_check_version(c, s->path, &version, err) != 0)
        return -1;
    if (version == 0 && create_tables(s, c, err) != 0)
        return -1;
    if (version == 1) {
        int rc = sqlite3_exec(c->db, SCHEMA_SEEN "PRAGMA user_version = 2", NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return conn_error(c, rc, err);
    }
    if (conn_check_key(c, s->path, s->key, err) != 0)
        return -1;
    return exclusive || s->memory ? next_epoch(s, c, err) : 0;
}

int sqlite_open_at(const char *path, const struct secret *key, int exclusive,
                   const struct store_ops *ops, struct store **out, struct koppel_error *err)
{
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    s->base.ops = ops;
    s->key = key;
    s->lock_fd = -1;
    s->last = &s->first;
    s->memory = strcmp(path, ":memory:") == 0;
    pthread_mutex_init(&s->queue_lock, NULL);
    pthread_mutex_init(&s->pool_lock, NULL);
    pthread_mutex_init(&s->flow_lock, NULL);
    pthread_cond_init(&s->queue_filled, NULL);
    pthread_cond_init(&s->pool_freed, NULL);
    s->path = strdup(path);
    if (!s->path) {
        (void)err_set(err, KOPPEL_E_BUG, "out of memory");
        goto fail;
    }
    if (!s->memory) {
        /* SQLite gives its side files the same mode */
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            (void)err_reason(err, KOPPEL_E_CONFIG, "store.access",
                             "store %s: %s; its folder must exist and belong to the user who runs"
                             " this", path, strerror(errno));
            goto fail;
        }
        close(fd);
        if (exclusive && take_lock(s, err) != 0)
            goto fail;
    }
    if (conn_open(&s->writer, path, false, err) != 0)
        goto fail;
    int problem = pthread_create(&s->thread, NULL, writer_main, s);
    if (problem != 0) {
        (void)err_set(err, KOPPEL_E_BUG, "cannot start the store's writer: %s", strerror(problem));
        goto fail;
    }
    s->started = true;
    if (sqlite_write(&s->base, prepare_file, &exclusive, err) != 0)
        goto fail;
    *out = &s->base;
    return 0;
fail:
    sqlite_close(&s->base);
    return -1;
}

static int sqlite_open_file(const char *path, const struct secret *key, int exclusive,
                            struct store **out, struct koppel_error *err)
{
    return sqlite_open_at(path, key, exclusive, &store_sqlite, out, err);
}

void sqlite_close(struct store *base)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    if (!s)
        return;
    if (s->started) {
        pthread_mutex_lock(&s->queue_lock);
        s->stopping = true;
        pthread_cond_signal(&s->queue_filled);
        pthread_mutex_unlock(&s->queue_lock);
        pthread_join(s->thread, NULL);
    }
    for (int i = 0; i < STORE_READERS; i++)
        conn_close(&s->reader[i]);
    conn_close(&s->writer);
    for (struct flow_slot *f = s->flows, *next; f; f = next) {
        next = f->next;
        free(f->name);
        free(f);
    }
    if (s->lock_fd >= 0)
        close(s->lock_fd); /* the lock goes with it; the file stays, taking it away would race */
    pthread_cond_destroy(&s->queue_filled);
    pthread_cond_destroy(&s->pool_freed);
    pthread_mutex_destroy(&s->queue_lock);
    pthread_mutex_destroy(&s->pool_lock);
    pthread_mutex_destroy(&s->flow_lock);
    secret_free(s->own_key);
    free(s->path);
    free(s);
}

const struct store_ops store_sqlite = {.name = "sqlite", .open = sqlite_open_file,
                                       .check = sqlite_check, SQLITE_STORE_MEMBERS};
