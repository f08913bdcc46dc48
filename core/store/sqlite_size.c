/* SPDX-License-Identifier: MIT
 * What was erased leaves free pages, which are overwritten, and images of it in the write-ahead
 * log. Both go here: the file gives pages back a few at a time, then the log is emptied. */
#include "store/sqlite_size.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"

#define SLACK 20       /* one page in so many may stay free: it is used again tomorrow */
#define READERS_MS 50  /* for which those that read an older state are waited for */
#define SLICE_PAGES 64 /* given back at a time, for which others wait */

struct pages {
    int64_t free, all, bytes; /* bytes of one */
};

static int get_pages(struct sql_store *base, struct conn *c, void *arg, struct koppel_error *err)
{
    struct pages *p = arg;
    struct conn_rows *st;
    (void)base;
    if (conn_row(c, &st, SQL_KEEP_FREE, err, "") != 1)
        return -1;
    *p = (struct pages){conn_int64(st, 0), conn_int64(st, 1),
                        conn_int64(st, 2)};
    conn_reset(st);
    return 0;
}

static int64_t bytes_of(const char *path, const char *end)
{
    char *name = NULL;
    struct stat st;
    if (asprintf(&name, "%s%s", path, end) < 0)
        return 0;
    int64_t bytes = stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
    free(name);
    return bytes;
}

static int64_t disk_free(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize : -1;
}

int sqlite_size(struct store *base, struct keeping_size *out, struct koppel_error *err)
{
    struct sqlite_store *s = sqlite_of(base);
    struct pages p;
    *out = (struct keeping_size){.disk_free_bytes = -1};
    if (sql_look(&s->sql, get_pages, &p, err) != 0)
        return -1;
    out->free_bytes = p.free * p.bytes;
    if (s->writer.memory)
        return 0;
    out->file_bytes = bytes_of(s->sql.path, "");
    out->wal_bytes = bytes_of(s->sql.path, "-wal");
    out->disk_free_bytes = disk_free(s->sql.path);
    return 0;
}

int64_t sqlite_size_room(struct store *base)
{
    const struct sqlite_store *s = sqlite_of(base);
    return s->writer.memory ? -1 : disk_free(s->sql.path);
}

int64_t sqlite_size_busy_ms(struct store *base)
{
    int64_t since = atomic_load(&sqlite_of(base)->writer.busy_since_ms);
    int64_t busy = since > 0 ? clock_monotonic_ms() - since : 0;
    return busy > 0 ? busy : 0;
}

static int give_back(struct sql_store *base, struct conn *c, void *arg, struct koppel_error *err)
{
    enum keeping_shrunk *out = arg;
    struct pages p;
    char sql[64];
    if (get_pages(base, c, &p, err) != 0)
        return -1;
    int64_t pages = p.free - p.all / SLACK;
    *out = pages > SLICE_PAGES ? KEEPING_MORE : KEEPING_SHRUNK;
    if (pages <= 0)
        return 0;
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)",
             pages < SLICE_PAGES ? (int)pages : SLICE_PAGES);
    return conn_sqlite_exec((struct conn_sqlite *)c, sql, err);
}

/* Not while somebody reads an older state: then it is for another time. */
static int empty_log(struct sql_store *base, struct conn *c, void *arg, struct koppel_error *err)
{
    struct conn_sqlite *own = (struct conn_sqlite *)c;
    enum keeping_shrunk *out = arg;
    (void)base;
    sqlite3_busy_timeout(own->db, READERS_MS);
    int rc = sqlite3_wal_checkpoint_v2(own->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(own->db, CONN_SQLITE_BUSY_MS);
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) {
        *out = KEEPING_BUSY;
        return 0;
    }
    return rc == SQLITE_OK ? 0 : conn_sqlite_error(own, rc, err);
}

int sqlite_size_shrink(struct store *base, enum keeping_shrunk *out, struct koppel_error *err)
{
    struct sqlite_store *s = sqlite_of(base);
    if (writer_run(&s->writer, SQL_LOW, give_back, out, err) != 0)
        return -1;
    return *out == KEEPING_MORE ? 0 : writer_run(&s->writer, WRITER_BARE, empty_log, out, err);
}
