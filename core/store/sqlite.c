/* SPDX-License-Identifier: MIT
 * The SQLite store: opening and closing. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/beside.h"
#include "store/sql_beat.h"
#include "store/sql_chores.h"
#include "store/sql_identity.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_witness.h"

#define LOCK_TEXT_BYTES 32

int64_t sqlite_now_ms(struct store *base)
{
    (void)base;
    return clock_now_ms();
}

/* One engine per file: the lock file holds its process number while it lives. Engines that share a
 * file keep others out together. */
static int take_lock(struct sqlite_store *s, const char *path, struct koppel_error *err)
{
    char text[LOCK_TEXT_BYTES] = "";
    int fd;
    if (beside_make(path, &fd, err) != 0)
        return -1;
    if (flock(fd, (s->sql.shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
        ssize_t n = pread(fd, text, sizeof text - 1, 0);
        text[n > 0 ? strcspn(text, "\n") : 0] = '\0';
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.locked",
                         "store %s: another engine runs on this file (process %s); stop it first",
                         s->sql.path, text[0] ? text : "unknown");
        close(fd);
        return -1;
    }
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    s->lock_fd = fd;
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, errno == ENOSPC ? "store.full" : "store.access",
                      "store %s: cannot write its lock file: %s", s->sql.path, strerror(errno));
}

/* The files as an engine finds or makes them; a look makes none. */
static int open_files(struct sqlite_store *s, struct koppel_error *err)
{
    char *lock = NULL;
    int fd;
    if (asprintf(&lock, "%s.lock", s->sql.path) < 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = 0;
    if (s->sql.mode == STORE_LOOK) {
        if (access(s->sql.path, F_OK) == 0)
            s->tell_fd = open(lock, O_RDWR | O_CLOEXEC);
        else if (errno == ENOENT)
            rc = err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                            "store %s: it is not made yet; the first `koppel sync` or"
                            " `koppel serve` makes it", s->sql.path);
        else
            rc = err_reason(err, KOPPEL_E_CONFIG, "store.access", "store %s: %s", s->sql.path,
                            strerror(errno));
    } else {
        /* the lock before the file: whoever comes second sees a whole store or none */
        rc = take_lock(s, lock, err);
        if (rc == 0)
            rc = beside_make(s->sql.path, &fd, err);
        if (rc == 0)
            close(fd);
        if (rc == 0 && s->sql.shared)
            s->tell_fd = dup(s->lock_fd);
    }
    free(lock);
    return rc;
}

/* Whose file it is, before anything of it is touched. */
static int look_first(const struct sqlite_store *s, struct koppel_error *err)
{
    struct conn_sqlite c;
    int64_t version = 0;
    if (conn_sqlite_open(&c, s->sql.path, CONN_SQLITE_READ, err) != 0)
        return -1;
    int rc = sqlite_schema_version(&c, s->sql.path, &version, err);
    if (rc == 0 && version > 0)
        rc = sql_identity_key(&c.base, s->sql.path, s->sql.key, err) != 0 ||
                     (!s->sql.moves && sql_identity_stays(&c.base, s->sql.path, err) != 0)
                 ? -1
                 : 0;
    else if (rc == 0 && s->sql.mode == STORE_LOOK)
        rc = err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                        "store %s: it is empty; the first `koppel sync` or `koppel serve` makes it",
                        s->sql.path);
    conn_sqlite_close(&c);
    return rc;
}

/* Makes the tables, and ends what dead engines held: an engine that has the file to itself knows
 * that nobody else is alive. */
static int prepare(struct sql_store *base, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sqlite_store *s = arg;
    if (sqlite_schema_make(s, &s->writer.conn, err) != 0)
        return -1;
    if (base->shared)
        return 0;
    return conn_run(c, SQL_LEASE_TAKE_ALL, err, "i", clock_now_ms()) != 0 ||
                   conn_run(c, SQL_SOURCE_TAKE_ALL, err, "") != 0 ||
                   conn_run(c, SQL_CLAIM_END_ALL, err, "") != 0 ||
                   conn_run(c, SQL_LOCK_END_ALL, err, "") != 0
               ? -1
               : 0;
}

static int run(struct sql_store *s, enum sql_need need, sql_work *work, void *arg,
               struct koppel_error *err)
{
    return writer_run(&((struct sqlite_store *)s)->writer, need, work, arg, err);
}

static int look(struct sql_store *s, sql_work *work, void *arg, struct koppel_error *err)
{
    return writer_read(&((struct sqlite_store *)s)->writer, work, arg, err);
}

static const struct sql_kind kind = {.run = run, .read = look};

int sqlite_open(const char *path, const struct store_conf *conf, enum store_mode mode,
                struct secret *own_key, const struct store_ops *ops, struct store **out,
                struct koppel_error *err)
{
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s) {
        secret_free(own_key);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    s->own_key = own_key;
    s->lock_fd = s->tell_fd = s->news_fd = s->witness_fd = -1;
    bool memory = strcmp(path, ":memory:") == 0;
    if (sql_init(&s->sql, ops, &kind, path, conf, mode, own_key ? own_key : conf->key, err) != 0 ||
        (!memory && (open_files(s, err) != 0 || look_first(s, err) != 0)) ||
        writer_start(&s->writer, s,
                     mode == STORE_ENGINE && !conf->moves ? sql_chores_all : NULL, err) != 0)
        goto fail;
    if ((mode == STORE_ENGINE || memory) && run(&s->sql, SQL_HARD, prepare, s, err) != 0)
        goto fail;
    if (sqlite_witness_open(s, err) != 0)
        goto fail;
    if (mode == STORE_ENGINE && !s->sql.shared && sql_beat_start(&s->sql, err) != 0)
        goto fail;
    *out = &s->sql.base;
    return 0;
fail:
    sqlite_close(&s->sql.base);
    return -1;
}

void sqlite_close(struct store *base)
{
    struct sqlite_store *s = sqlite_of(base);
    if (!s)
        return;
    sql_beat_stop(&s->sql);
    if (s->writer.started && s->sql.holds.count > 0)
        (void)sql_give_back(&s->sql, NULL);
    writer_stop(&s->writer);
    int fds[] = {s->tell_fd, s->news_fd, s->witness_fd,
                 s->lock_fd /* the lock goes with it; the file stays, taking it away would race */};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    sql_done(&s->sql);
    secret_free(s->own_key);
    free(s);
}
