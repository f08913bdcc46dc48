/* SPDX-License-Identifier: MIT
 * A backup is a copy of the database with one table more. It gets its name when it is whole. */
#include "store/sqlite_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/backup.h"
#include "store/backup_copy.h"
#include "store/beside.h"
#include "store/seal.h"

static int failed(const char *path, int problem, struct koppel_error *err)
{
    return problem == EEXIST
               ? err_reason(err, KOPPEL_E_CONFIG, "backup.exists",
                            "%s: there is a file of this name, which is not overwritten", path)
               : err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", path,
                            strerror(problem));
}

static int put_files(struct sqlite_store *s, struct conn_sqlite *c, const struct backup_file *files,
                     int count, struct koppel_error *err)
{
    if (conn_sqlite_exec(c, "CREATE TABLE backup(name TEXT PRIMARY KEY, mode INTEGER NOT NULL,"
                     " body BLOB NOT NULL) WITHOUT ROWID", err) != 0 ||
        conn_run(&c->base, SQL_META_SET, err, "ti", "backup", clock_now_ms()) != 0)
        return -1;
    for (int i = 0; i < count; i++) {
        const struct backup_file *f = &files[i];
        struct seal seal;
        if (seal_text(s->sql.key, f->text, f->bytes, &seal, err) != 0)
            return -1;
        int rc = conn_run(&c->base, SQL_BACKUP_PUT, err, "tib", f->name, (int64_t)f->mode,
                          seal.data, seal.bytes);
        free(seal.data);
        if (rc != 0)
            return -1;
    }
    return 0;
}

static int make(struct sqlite_store *s, const char *path, const struct backup_file *files,
                int count, struct koppel_error *err)
{
    struct conn_sqlite from, to;
    int rc = backup_copy_open(&from, s->sql.path, err);
    if (rc == 0)
        rc = backup_copy_into(&from, path, err);
    conn_sqlite_close(&from);
    if (rc != 0)
        return -1;
    rc = backup_copy_begin(&to, path, err);
    if (rc == 0)
        rc = put_files(s, &to, files, count, err);
    return backup_copy_end(&to, path, rc, err);
}

/* Under a name that nothing has. */
static int give_name(const char *from, const char *to, struct koppel_error *err)
{
    int rc = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (rc != 0 && errno == EINVAL) /* the file system cannot promise it */
        rc = access(to, F_OK) == 0 ? (errno = EEXIST, -1) : rename(from, to);
    return rc == 0 ? beside_sync_folder(to, err) : failed(to, errno, err);
}

int sqlite_backup(struct store *base, const char *path, const struct backup_file *files, int count,
                  struct koppel_error *err)
{
    struct sqlite_store *s = sqlite_of(base);
    struct stat there;
    char *part = NULL;
    if (s->writer.memory)
        return err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                          "there is no store yet; the first `koppel sync` or `koppel serve` makes"
                          " it");
    if (lstat(path, &there) == 0)
        return failed(path, EEXIST, err);
    if (asprintf(&part, "%s.XXXXXX", path) < 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int fd = mkostemp(part, O_CLOEXEC);
    int rc = fd < 0 ? failed(part, errno, err) : 0;
    if (fd >= 0)
        close(fd);
    if (rc == 0 && make(s, part, files, count, err) == 0)
        rc = give_name(part, path, err);
    else
        rc = -1;
    if (rc != 0 && fd >= 0)
        (void)unlink(part);
    free(part);
    return rc;
}
