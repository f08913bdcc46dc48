/* SPDX-License-Identifier: MIT
 * Whose database it is: server, schema and key. */
#include "store/postgres_schema.h"

#include <stdlib.h>
#include <string.h>

#include "store/postgres_session.h"
#include "store/postgres_upgrade.h"
#include "store/schema_postgres.h"
#include "store/sql_identity.h"

#define SERVER_MIN 140000

struct need {
    const char *ask, *is, *remedy;
};

/* Of the server, whoever opens it. */
static const struct need always[] = {
    {"SELECT current_setting('server_encoding')", "UTF8",
     "its database must be in UTF8: create it with ENCODING 'UTF8'"},
    {"SELECT pg_is_in_recovery()", "f",
     "this server is a standby; name the primary too, or first, in host"},
};

/* Without these, what was settled may be lost with the power. */
static const struct need durable[] = {
    {"SELECT current_setting('fsync')", "on", "fsync is off: set it on"},
    {"SELECT current_setting('full_page_writes')", "on", "full_page_writes is off: set it on"},
    {"SELECT (current_setting('synchronous_commit') = 'off')", "f",
     "synchronous_commit is off: set it on"},
};

static int look_at(struct conn_postgres *c, const struct need *all, size_t count,
                   struct koppel_error *err)
{
    for (size_t i = 0; i < count; i++) {
        char *found = NULL;
        if (postgres_session_exec(c, all[i].ask, &found, err) != 0)
            return -1;
        bool right = found && strcmp(found, all[i].is) == 0;
        free(found);
        if (!right)
            return err_reason(err, KOPPEL_E_CONFIG, "store.server", "store %s: %s",
                              c->place->label, all[i].remedy);
    }
    return 0;
}

static int look_at_server(struct conn_postgres *c, struct koppel_error *err)
{
    if (PQserverVersion(c->db) < SERVER_MIN)
        return err_reason(err, KOPPEL_E_CONFIG, "store.server",
                          "store %s: the server must be PostgreSQL 14 or newer", c->place->label);
    return look_at(c, always, sizeof always / sizeof always[0], err);
}

static int fill(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    return sql_identity_make(c, s->key, err);
}

/* All of it or nothing. Two that come at once: one of them finds it there. */
static int make(struct postgres_store *s, struct conn_postgres *c, struct koppel_error *err)
{
    int rc = postgres_session_exec(c, "BEGIN;" SCHEMA_POSTGRES_TABLES
                                   "INSERT INTO meta VALUES('guard', '')", NULL, err);
    if (rc == 0) {
        c->fate = CONN_POSTGRES_FINE;
        rc = fill(&s->sql, &c->base, NULL, err);
    }
    if (rc == 0)
        rc = conn_run(&c->base, SQL_META_SET, err, "ti", "schema",
                      (int64_t)SCHEMA_POSTGRES_VERSION);
    return conn_postgres_end(c, rc == 0, err) != 0 ? -1 : rc;
}

static int read_id(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    return sql_identity_key(c, s->path, s->key, err) != 0 ||
                   (!s->moves && sql_identity_stays(c, s->path, err) != 0)
               ? -1
               : sql_identity_read(c, s->id, err);
}

int postgres_schema_open(struct postgres_store *s, struct conn_postgres *c,
                         struct koppel_error *err)
{
    int stands, needs;
    if (look_at_server(c, err) != 0 || postgres_upgrade_read(c, &stands, &needs, err) != 0)
        return -1;
    if (!stands && s->sql.mode == STORE_LOOK)
        return err_reason(err, KOPPEL_E_CONFIG, "store.missing",
                          "store %s: it is not made yet; the first `koppel sync` or `koppel serve`"
                          " makes it", c->place->label);
    if (!stands && make(s, c, err) != 0) {
        struct koppel_error other = {0};
        if (!c->db && postgres_session_open(c, &s->place, &other) != 0)
            return -1;
        if (postgres_upgrade_read(c, &stands, &needs, &other) != 0 || !stands)
            return -1;
        *err = (struct koppel_error){0};
    }
    int rc = stands ? postgres_upgrade_may(s->program, stands, needs, c->place->label, err) : 0;
    if (rc == 0)
        rc = conn_postgres_begin(c, CONN_POSTGRES_HARD, err);
    if (rc == 0)
        rc = read_id(&s->sql, &c->base, NULL, err);
    return conn_postgres_end(c, rc == 0, rc == 0 ? err : NULL) != 0 ? -1 : rc;
}

/* A standby that may lag takes over with less than was acknowledged. */
static int look_for_standby(struct conn_postgres *c, struct koppel_error *err)
{
    char *found = NULL;
    if (postgres_session_exec(c, "SELECT count(*) > 1 AND current_setting("
                              "'synchronous_standby_names') = '' FROM koppel.host WHERE seen >"
                              " extract(epoch FROM clock_timestamp()) * 1000 - 86400000",
                              &found, err) != 0)
        return -1;
    if (found && strcmp(found, "t") == 0)
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.standby",
                         "store %s: several hosts use it, and no synchronous standby is asked for:"
                         " a server that dies may take with it what was acknowledged; see"
                         " koppel-hosts(7)", c->place->label);
    free(found);
    return 0;
}

int postgres_schema_check(const struct store_conf *conf, int *exists, struct koppel_error *err)
{
    struct conn_postgres_place place = {
        .info = conf->connection, .password = conf->password, .label = "postgresql"};
    struct conn_postgres c;
    int stands = 0, needs;
    *exists = 0;
    if (postgres_session_open(&c, &place, err) != 0)
        return -1;
    int rc = look_at_server(&c, err);
    if (rc == 0)
        rc = look_at(&c, durable, sizeof durable / sizeof durable[0], err);
    if (rc == 0)
        rc = postgres_upgrade_read(&c, &stands, &needs, err);
    if (rc == 0 && stands) {
        *exists = 1;
        rc = postgres_upgrade_may(postgres_upgrade_program, stands, needs, place.label, err);
        if (rc == 0)
            rc = conn_postgres_begin(&c, CONN_POSTGRES_READ, err);
        if (rc == 0)
            rc = sql_identity_key(&c.base, place.label, conf->key, err);
        (void)conn_postgres_end(&c, false, NULL);
        if (rc == 0)
            rc = look_for_standby(&c, err);
    }
    postgres_session_close(&c);
    return rc;
}
