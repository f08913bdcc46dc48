/* SPDX-License-Identifier: MIT
 * Copies are made by VACUUM INTO: one state of the database, without its unused pages, while others
 * write. */
#include "store/backup_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int backup_copy_open(struct conn_sqlite *c, const char *path, struct koppel_error *err)
{
    if (conn_sqlite_open(c, path, CONN_SQLITE_READ, err) != 0)
        return -1;
    return conn_sqlite_exec(c, "PRAGMA query_only = 0", err); /* as it writes, though elsewhere */
}

int backup_copy_into(struct conn_sqlite *c, const char *path, struct koppel_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, "VACUUM INTO ?1", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if ((rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_IOERR)
        (void)err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: it cannot be written: %s",
                         path, sqlite3_errmsg(c->db));
    else if (rc != SQLITE_DONE)
        (void)conn_sqlite_error(c, rc, err);
    sqlite3_finalize(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

/* Whoever dies meanwhile leaves a file that nobody takes for a backup: it has another name. */
int backup_copy_begin(struct conn_sqlite *c, const char *path, struct koppel_error *err)
{
    if (backup_copy_open(c, path, err) != 0)
        return -1;
    return conn_sqlite_exec(c, "PRAGMA journal_mode = MEMORY; PRAGMA secure_delete = 1;"
                               "BEGIN IMMEDIATE", err);
}

int backup_copy_end(struct conn_sqlite *c, const char *path, int rc, struct koppel_error *err)
{
    if (rc == 0)
        rc = conn_sqlite_exec(c, "COMMIT", err);
    conn_sqlite_close(c);
    if (rc != 0)
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0) {
        close(fd);
        return 0;
    }
    int problem = errno;
    if (fd >= 0)
        close(fd);
    return err_reason(err, KOPPEL_E_CONFIG, "store.failed", "%s: %s", path, strerror(problem));
}
