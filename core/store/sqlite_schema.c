/* SPDX-License-Identifier: MIT
 * Whose file it is: program, schema and key. */
#include "store/sqlite_schema.h"

#include <sodium.h>

#include "base/clock.h"

#define KEY_CHECK "koppel store key"

int sqlite_schema_version(struct conn *c, const char *path, int64_t *version,
                          struct koppel_error *err)
{
    int64_t tables = 0, application = 0;
    if (conn_number(c, "PRAGMA user_version", version, err) != 0 ||
        conn_number(c, "PRAGMA application_id", &application, err) != 0 ||
        conn_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
        return -1;
    if (tables > 0 && application != SCHEMA_APPLICATION)
        return err_reason(err, KOPPEL_E_CONFIG, "store.foreign",
                          "store %s: this file belongs to another program; name another one with"
                          " `store`", path);
    if (*version > SCHEMA_VERSION)
        return err_reason(err, KOPPEL_E_CONFIG, "store.newer",
                          "store %s: a newer koppel made it (schema %lld, this one knows %d);"
                          " install that version", path, (long long)*version, SCHEMA_VERSION);
    return 0;
}

int sqlite_schema_key(struct conn *c, const char *path, const struct secret *key,
                      struct koppel_error *err)
{
    char plain[sizeof KEY_CHECK];
    sqlite3_stmt *st;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", "key_check");
    if (row < 0)
        return -1;
    bool right = row == 1 &&
                 (size_t)sqlite3_column_bytes(st, 0) == sizeof plain + SECRET_SEAL_OVERHEAD &&
                 secret_unseal(key, sqlite3_column_blob(st, 0), sizeof plain + SECRET_SEAL_OVERHEAD,
                               plain) == 0;
    if (row == 1)
        sqlite3_reset(st);
    if (!right)
        return err_reason(err, KOPPEL_E_CONFIG, "store.key",
                          "store %s: it was sealed with another key; give the key it was made with",
                          path);
    return 0;
}

int sqlite_schema_make(struct sqlite_store *s, struct conn *c, struct koppel_error *err)
{
    int64_t version = 0;
    if (sqlite_schema_version(c, s->path, &version, err) != 0)
        return -1;
    if (version == SCHEMA_VERSION)
        return sqlite_schema_key(c, s->path, s->key, err);
    char *pragmas = sqlite3_mprintf("PRAGMA user_version = %d; PRAGMA application_id = %d",
                                    SCHEMA_VERSION, SCHEMA_APPLICATION);
    int rc = pragmas ? conn_exec(c, SCHEMA_TABLES, err)
                     : err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0)
        rc = conn_exec(c, pragmas, err);
    sqlite3_free(pragmas);
    if (rc != 0)
        return -1;
    unsigned char check[sizeof KEY_CHECK + SECRET_SEAL_OVERHEAD], random[(STORE_ID_BYTES - 1) / 2];
    char id[STORE_ID_BYTES];
    secret_seal(s->key, KEY_CHECK, sizeof KEY_CHECK, check);
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id, sizeof id, random, sizeof random);
    return conn_run(c, SQL_META_PUT, err, "tb", "key_check", check, sizeof check) != 0 ||
                   conn_run(c, SQL_META_PUT, err, "tt", "id", id) != 0 ||
                   conn_run(c, SQL_META_PUT, err, "ti", "epoch", (int64_t)0) != 0 ||
                   conn_run(c, SQL_META_PUT, err, "ti", "commits", (int64_t)0) != 0
               ? -1
               : 0;
}
