/* SPDX-License-Identifier: MIT
 * koppel check's look at a store: read-only, so that a file which is damaged stays as it is. */
#include "store/sqlite_check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store/sql_identity.h"
#include "store/sqlite_schema.h"

#define BUSY_MS 10000

/* SQLite goes through every page and says what is wrong first; a row "ok" otherwise. */
static int quick_check(struct conn_sqlite *c, const char *path, struct koppel_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, "PRAGMA quick_check(1)", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    const char *found = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : NULL;
    int whole = -1;
    if (rc != SQLITE_ROW)
        (void)conn_sqlite_error(c, rc, err);
    else if (found && strcmp(found, "ok") == 0)
        whole = 0;
    else
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                         "store %s: the file is damaged (%s); stop the engine and restore a backup",
                         path, found ? found : "no reason given");
    sqlite3_finalize(st);
    return whole;
}

int sqlite_check(const struct store_conf *conf, int *exists, struct koppel_error *err)
{
    struct conn_sqlite c;
    int64_t version = 0;
    conn_sqlite_wrap(&c, NULL);
    *exists = access(conf->path, F_OK) == 0;
    if (!*exists)
        return errno == ENOENT ? 0
                               : err_reason(err, KOPPEL_E_CONFIG, "store.access", "store %s: %s",
                                            conf->path, strerror(errno));
    int rc = sqlite3_open_v2(conf->path, &c.db,
                             SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(c.db, BUSY_MS);
    rc = rc == SQLITE_OK ? sqlite_schema_version(&c, conf->path, &version, err)
                         : conn_sqlite_error(&c, rc, err);
    if (rc == 0 && version == 0)
        *exists = 0; /* made, but never used */
    else if (rc == 0)
        rc = quick_check(&c, conf->path, err);
    if (rc == 0 && *exists)
        rc = sql_identity_key(&c.base, conf->path, conf->key, err);
    conn_sqlite_close(&c);
    return rc;
}
