/* SPDX-License-Identifier: MIT
 * Looking at a backup, and putting it back. */
#include "store/backup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/backup_copy.h"
#include "store/beside.h"
#include "store/sqlite_check.h"
#include "store/sqlite_schema.h"
#include "store/witness.h"

static char *beside(const char *path, const char *end)
{
    char *name = NULL;
    return asprintf(&name, "%s%s", path, end) < 0 ? NULL : name;
}

struct backup {
    struct conn_sqlite conn;
    const struct secret *key;
    struct backup_about about;
    struct witness witness; /* that stood beside the store before it was replaced */
    bool had_witness;
};

/* ---- looking ---- */

static int64_t meta_number(struct conn *c, const char *name, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", name);
    int64_t n = row == 1 ? conn_int64(st, 0) : row;
    if (row == 1)
        conn_reset(st);
    return n;
}

static int read_about(struct conn *c, const char *path, struct backup_about *out,
                      struct koppel_error *err)
{
    struct conn_rows *st;
    out->made_ms = meta_number(c, "backup", err);
    out->commits = meta_number(c, "commits", err);
    if (out->made_ms < 0 || out->commits < 0)
        return -1;
    if (out->made_ms == 0)
        return err_reason(err, KOPPEL_E_CONFIG, "backup.none",
                          "%s is a store, and no backup that koppel backup made", path);
    if (conn_row(c, &st, SQL_META_GET, err, "t", "id") != 1)
        return -1;
    snprintf(out->id, sizeof out->id, "%s", conn_peek(st, 0));
    conn_reset(st);
    if (conn_row(c, &st, SQL_BACKUP_ABOUT, err, "") != 1)
        return -1;
    out->links = conn_int64(st, 0);
    out->open = conn_int64(st, 1);
    conn_reset(st);
    return 0;
}

int backup_open(const char *path, const struct secret *key, struct backup **out,
                struct koppel_error *err)
{
    struct store_conf conf = {.path = path, .key = key};
    int exists = 0;
    *out = NULL;
    if (sqlite_check(&conf, &exists, err) != 0)
        return -1;
    if (!exists)
        return err_reason(err, KOPPEL_E_CONFIG, "backup.none", "%s: %s", path,
                          access(path, F_OK) == 0 ? "it is empty" : strerror(errno));
    struct backup *b = calloc(1, sizeof *b);
    if (!b)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    b->key = key;
    if (backup_copy_open(&b->conn, path, err) != 0 ||
        read_about(&b->conn.base, path, &b->about, err) != 0) {
        backup_close(b);
        return -1;
    }
    *out = b;
    return 0;
}

void backup_close(struct backup *b)
{
    if (b)
        conn_sqlite_close(&b->conn);
    free(b);
}

const struct backup_about *backup_about(const struct backup *b)
{
    return &b->about;
}

int backup_is_behind(const struct backup *b, const char *store_path, struct koppel_error *err)
{
    struct witness w;
    char *path = beside(store_path, ".witness");
    int there = path ? witness_read(path, &w, err) : err_set(err, KOPPEL_E_RETRY, "out of memory");
    free(path);
    if (there < 0)
        return -1;
    return !there || strcmp(w.id, b->about.id) != 0 || w.commits > b->about.commits;
}

int backup_files(struct backup *b, int (*visit)(void *arg, const struct backup_file *f), void *arg,
                 struct koppel_error *err)
{
    struct conn_rows *st;
    int rc = 0, row = conn_row(&b->conn.base, &st, SQL_BACKUP_FILES, err, "");
    for (; row == 1 && rc == 0; row = rc == 0 ? conn_step(&b->conn.base, st, err) : row) {
        char *text = NULL;
        struct backup_file f = {.name = conn_peek(st, 0),
                                .mode = (unsigned)conn_int(st, 1)};
        rc = conn_unseal(st, 2, b->key, &text, &f.bytes, err);
        f.text = text ? text : "";
        if (rc == 0)
            rc = visit(arg, &f);
        free(text);
    }
    if (row == 1)
        conn_reset(st);
    return rc != 0 ? rc : row;
}

/* ---- putting it back ---- */

static int cannot(const char *path, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, errno == ENOSPC ? "store.full" : "store.access",
                      "store %s: %s", path, strerror(errno));
}

/* No engine may run while its store is replaced. *fd: holds that off until it is closed. */
static int keep_engines_out(const char *store_path, int *fd, struct koppel_error *err)
{
    char *lock = beside(store_path, ".lock");
    *fd = -1;
    int rc = lock ? beside_make(lock, fd, err) : err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0 && flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        rc = err_reason(err, KOPPEL_E_CONFIG, "store.locked",
                        "store %s: an engine runs on this file; stop it first", store_path);
        close(*fd);
    }
    free(lock);
    return rc;
}

/* The files of a store, its log first. */
static const char *const ends[] = {"-wal", "-shm", ""};
#define ENDS ((int)(sizeof ends / sizeof ends[0]))

/* What stood there goes under another name. Its log first: without it the old store is merely older
 * than its witness, while the new one must never meet another's log. Back it goes last. */
static int move_store(const char *from, const char *to, bool back, struct koppel_error *err)
{
    int rc = 0;
    for (int i = 0; i < ENDS && rc == 0; i++) {
        const char *end = ends[back ? ENDS - 1 - i : i];
        char *old = beside(from, end), *new = beside(to, end);
        if (!old || !new)
            rc = err_set(err, KOPPEL_E_RETRY, "out of memory");
        else if (rename(old, new) != 0 && errno != ENOENT)
            rc = cannot(old, err);
        free(old);
        free(new);
    }
    return rc;
}

static int move_away(const char *store_path, char **replaced, struct koppel_error *err)
{
    char at[CLOCK_TEXT_BYTES];
    *replaced = NULL;
    if (access(store_path, F_OK) != 0)
        return 0;
    clock_format(clock_now_ms(), at);
    if (asprintf(replaced, "%s.replaced-%s", store_path, at) < 0) {
        *replaced = NULL;
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    return move_store(store_path, *replaced, false, err);
}

/* What stood there is at *replaced, or none stood there. Where it cannot come back err tells so,
 * besides what it told. */
static void move_back(const char *store_path, char **replaced, struct koppel_error *err)
{
    struct koppel_error why = {0}, was = *err;
    if (*replaced && move_store(*replaced, store_path, true, &why) != 0) {
        err_reason(err, was.kind, was.reason,
                   "%s; and what stood there is still %s, as it could not be moved back: %s",
                   was.text, *replaced, why.text);
        return;
    }
    free(*replaced);
    *replaced = NULL;
}

static int put_copy(struct backup *b, const char *part, struct koppel_error *err)
{
    struct conn_sqlite to;
    int fd;
    (void)unlink(part);
    if (beside_make(part, &fd, err) != 0)
        return -1;
    close(fd);
    if (backup_copy_into(&b->conn, part, err) != 0)
        return -1;
    int rc = backup_copy_begin(&to, part, err);
    if (rc == 0)
        rc = conn_sqlite_exec(&to, "DROP TABLE backup; DELETE FROM meta WHERE name = 'backup'",
                              err);
    return backup_copy_end(&to, part, rc, err);
}

static char *witness_of(const char *store_path)
{
    return beside(store_path, ".witness");
}

int backup_put(struct backup *b, const char *store_path, char **replaced, struct koppel_error *err)
{
    char *part = beside(store_path, ".restoring"), *witness = witness_of(store_path);
    int lock = -1, rc = part && witness ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    *replaced = NULL;
    if (rc == 0)
        rc = keep_engines_out(store_path, &lock, err);
    if (rc == 0) {
        struct koppel_error ignored = {0};
        b->had_witness = witness_read(witness, &b->witness, &ignored) == 1;
        rc = put_copy(b, part, err);
        if (rc == 0)
            rc = move_away(store_path, replaced, err);
        bool placed = rc == 0 && rename(part, store_path) == 0;
        if (rc == 0)
            rc = placed ? beside_sync_folder(store_path, err) : cannot(store_path, err);
        if (rc != 0) {
            (void)unlink(placed ? store_path : part);
            move_back(store_path, replaced, err);
        }
        close(lock);
    }
    free(part);
    free(witness);
    return rc;
}

/* The log of the store that goes must not meet the one that comes back. */
static void drop_store(const char *store_path, bool whole)
{
    for (int i = 0; i < (whole ? ENDS : ENDS - 1); i++) {
        char *name = beside(store_path, ends[i]);
        if (name)
            (void)unlink(name);
        free(name);
    }
}

/* Where the witness cannot be written the store is held for an older one, which does no harm. */
static void put_witness(const struct backup *b, const char *store_path)
{
    struct koppel_error ignored = {0};
    char *path = witness_of(store_path);
    int fd = -1;
    if (path && !b->had_witness)
        (void)unlink(path);
    else if (path && witness_make(path, &b->witness, &fd, &ignored) == 0)
        close(fd);
    free(path);
}

void backup_undo(struct backup *b, const char *store_path, char **replaced,
                 struct koppel_error *err)
{
    struct koppel_error why = {0}, was = *err;
    int lock;
    if (keep_engines_out(store_path, &lock, &why) != 0) {
        err_reason(err, was.kind, was.reason, "%s; and the backup stays in its place: %s%s%s",
                   was.text, why.text, *replaced ? "; what stood there is " : "",
                   *replaced ? *replaced : "");
        return;
    }
    drop_store(store_path, !*replaced);
    move_back(store_path, replaced, err);
    if (!*replaced)
        put_witness(b, store_path);
    (void)beside_sync_folder(store_path, &why);
    close(lock);
}
