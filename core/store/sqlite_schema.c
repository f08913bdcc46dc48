/* SPDX-License-Identifier: MIT
 * Whose file it is: program and schema. */
#include "store/sqlite_schema.h"

#include "store/sql_identity.h"

int sqlite_schema_version(struct conn_sqlite *c, const char *path, int64_t *version,
                          struct koppel_error *err)
{
    int64_t tables = 0, application = 0;
    if (conn_sqlite_number(c, "PRAGMA user_version", version, err) != 0 ||
        conn_sqlite_number(c, "PRAGMA application_id", &application, err) != 0 ||
        conn_sqlite_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
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

int sqlite_schema_make(struct sqlite_store *s, struct conn_sqlite *c, struct koppel_error *err)
{
    int64_t version = 0;
    if (sqlite_schema_version(c, s->sql.path, &version, err) != 0)
        return -1;
    if (version == SCHEMA_VERSION)
        return sql_identity_key(&c->base, s->sql.path, s->sql.key, err);
    char *pragmas = sqlite3_mprintf("PRAGMA user_version = %d; PRAGMA application_id = %d",
                                    SCHEMA_VERSION, SCHEMA_APPLICATION);
    int rc = pragmas ? conn_sqlite_exec(c, SCHEMA_TABLES, err)
                     : err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0)
        rc = conn_sqlite_exec(c, pragmas, err);
    sqlite3_free(pragmas);
    if (rc != 0)
        return -1;
    return sql_identity_make(&c->base, s->sql.key, err);
}
