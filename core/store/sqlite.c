/* SPDX-License-Identifier: MIT
 * The SQLite store: opening and closing. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/beside.h"
#include "store/sqlite_beat.h"
#include "store/sqlite_chores.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_witness.h"
#include "store/hashes.h"

#define LEASE_MS 15000
#define LOCK_TEXT_BYTES 32

int64_t sqlite_now_ms(struct store *base)
{
    (void)base;
    return clock_now_ms();
}

void sqlite_digest(struct store *base, const char *text, char out[STORE_DIGEST_BYTES])
{
    hashes_text(sqlite_of(base)->index_key, text, out);
}

const char *sqlite_id(struct store *base)
{
    return sqlite_of(base)->id;
}

/* One engine per file: the lock file holds its process number while it lives. Engines that share a
 * file keep others out together. */
static int take_lock(struct sqlite_store *s, const char *path, struct koppel_error *err)
{
    char text[LOCK_TEXT_BYTES] = "";
    int fd;
    if (beside_make(path, &fd, err) != 0)
        return -1;
    if (flock(fd, (s->shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
        ssize_t n = pread(fd, text, sizeof text - 1, 0);
        text[n > 0 ? strcspn(text, "\n") : 0] = '\0';
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.locked",
                         "store %s: another engine runs on this file (process %s); stop it first",
                         s->path, text[0] ? text : "unknown");
        close(fd);
        return -1;
    }
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    s->lock_fd = fd;
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, errno == ENOSPC ? "store.full" : "store.access",
                      "store %s: cannot write its lock file: %s", s->path, strerror(errno));
}

/* The files as an engine finds or makes them; a look makes none. */
static int open_files(struct sqlite_store *s, struct koppel_error *err)
{
    char *lock = NULL;
    int fd;
    if (asprintf(&lock, "%s.lock", s->path) < 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = 0;
    if (s->mode == STORE_LOOK) {
        if (access(s->path, F_OK) == 0)
            s->tell_fd = open(lock, O_RDWR | O_CLOEXEC);
        else if (errno == ENOENT)
            rc = err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                            "store %s: it is not made yet; the first `koppel sync` or"
                            " `koppel serve` makes it", s->path);
        else
            rc = err_reason(err, KOPPEL_E_CONFIG, "store.access", "store %s: %s", s->path,
                            strerror(errno));
    } else {
        /* the lock before the file: whoever comes second sees a whole store or none */
        rc = take_lock(s, lock, err);
        if (rc == 0)
            rc = beside_make(s->path, &fd, err);
        if (rc == 0)
            close(fd);
        if (rc == 0 && s->shared)
            s->tell_fd = dup(s->lock_fd);
    }
    free(lock);
    return rc;
}

/* Whose file it is, before anything of it is touched. */
static int look_first(const struct sqlite_store *s, struct koppel_error *err)
{
    struct conn c = {0};
    int64_t version = 0;
    if (conn_open(&c, s->path, CONN_READ, err) != 0)
        return -1;
    int rc = sqlite_schema_version(&c, s->path, &version, err);
    if (rc == 0 && version > 0)
        rc = sqlite_schema_key(&c, s->path, s->key, err);
    else if (rc == 0 && s->mode == STORE_LOOK)
        rc = err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                        "store %s: it is empty; the first `koppel sync` or `koppel serve` makes it",
                        s->path);
    conn_close(&c);
    return rc;
}

/* Makes the tables, and ends what dead engines held: an engine that has the file to itself knows
 * that nobody else is alive. */
static int prepare(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    if (sqlite_schema_make(s, c, err) != 0)
        return -1;
    if (s->shared)
        return 0;
    return conn_run(c, SQL_LEASE_TAKE_ALL, err, "i", clock_now_ms()) != 0 ||
                   conn_run(c, SQL_SOURCE_FREE_ALL, err, "n") != 0 ||
                   conn_run(c, SQL_CLAIM_END_ALL, err, "") != 0 ||
                   conn_run(c, SQL_LOCK_END, err, "n") != 0
               ? -1
               : 0;
}

int sqlite_open(const char *path, const struct store_conf *conf, enum store_mode mode,
                struct secret *own_key, const struct store_ops *ops, struct store **out,
                struct koppel_error *err)
{
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s) {
        secret_free(own_key);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    s->base.ops = ops;
    s->mode = mode;
    s->shared = conf->shared;
    s->key = own_key ? own_key : conf->key;
    s->own_key = own_key;
    s->lease_ms = conf->lease_ms > 0 ? conf->lease_ms : LEASE_MS;
    s->lock_fd = s->tell_fd = s->news_fd = s->witness_fd = -1;
    randombytes_buf(s->owner, sizeof s->owner);
    names_init(&s->names);
    held_list_init(&s->holds);
    bool memory = strcmp(path, ":memory:") == 0;
    s->path = strdup(path);
    s->index_key = hashes_key(s->key);
    if (!s->path || !s->index_key)
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (!s->path || !s->index_key ||
        (!memory && (open_files(s, err) != 0 || look_first(s, err) != 0)) ||
        writer_start(&s->writer, s, s->path, mode == STORE_ENGINE ? sqlite_chores_all : NULL,
                     err) != 0)
        goto fail;
    if ((mode == STORE_ENGINE || memory) && writer_run(s, WRITER_HARD, prepare, NULL, err) != 0)
        goto fail;
    if (sqlite_witness_open(s, err) != 0)
        goto fail;
    if (mode == STORE_ENGINE && !s->shared && sqlite_beat_start(s, err) != 0)
        goto fail;
    *out = &s->base;
    return 0;
fail:
    sqlite_close(&s->base);
    return -1;
}

static int give_back(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    if (conn_run(c, SQL_LEASE_FREE_ALL, err, "b", s->owner, sizeof s->owner) != 0 ||
        conn_run(c, SQL_SOURCE_FREE_ALL, err, "b", s->owner, sizeof s->owner) != 0)
        return -1;
    return conn_run(c, SQL_LOCK_END, err, "b", s->owner, sizeof s->owner);
}

void sqlite_close(struct store *base)
{
    struct sqlite_store *s = sqlite_of(base);
    if (!s)
        return;
    sqlite_beat_stop(s);
    if (s->writer.started && s->holds.count > 0)
        (void)writer_run(s, WRITER_SOFT, give_back, NULL, NULL);
    writer_stop(&s->writer);
    names_done(&s->names);
    held_list_done(&s->holds);
    int fds[] = {s->tell_fd, s->news_fd, s->witness_fd,
                 s->lock_fd /* the lock goes with it; the file stays, taking it away would race */};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    secret_free(s->own_key);
    secret_free(s->index_key);
    free(s->path);
    free(s);
}
