/* SPDX-License-Identifier: MIT
 * Schemas that follow one another while hosts with older and newer programs share a store. */
#include "store/postgres_upgrade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/postgres_pool.h"
#include "store/postgres_session.h"
#include "store/schema_postgres.h"

#define DAY_MS INT64_C(86400000)
#define SQL_BYTES 400

static const struct postgres_upgrade_step none[] = {{0}};
static const struct postgres_upgrade own = {
    .knows = SCHEMA_POSTGRES_VERSION, .least = SCHEMA_POSTGRES_VERSION, .steps = none};

const struct postgres_upgrade *postgres_upgrade_program = &own;

/* ---- what stands there ---- */

static int get_number(struct conn_postgres *c, const char *sql, int *out, struct koppel_error *err)
{
    char *text = NULL;
    int rc = postgres_session_exec(c, sql, &text, err);
    *out = text ? (int)strtol(text, NULL, 10) : 0;
    free(text);
    return rc;
}

int postgres_upgrade_read(struct conn_postgres *c, int *stands, int *needs,
                          struct koppel_error *err)
{
    char *there = NULL;
    *stands = *needs = 0;
    if (postgres_session_exec(c, "SELECT to_regclass('koppel.meta')", &there, err) != 0)
        return -1;
    bool none_there = !there;
    free(there);
    if (none_there)
        return 0;
    if (get_number(c, "SELECT value FROM koppel.meta WHERE name = 'schema'", stands, err) != 0 ||
        get_number(c, "SELECT value FROM koppel.meta WHERE name = 'needs'", needs, err) != 0)
        return -1;
    *needs = *needs ? *needs : *stands;
    return 0;
}

int postgres_upgrade_may(const struct postgres_upgrade *p, int stands, int needs, const char *label,
                         struct koppel_error *err)
{
    if (needs > p->knows)
        return err_reason(err, KOPPEL_E_CONFIG, "store.newer",
                          "store %s: a newer koppel works with it (schema %d; this one knows %d);"
                          " install that version", label, needs, p->knows);
    if (stands < p->least)
        return err_reason(err, KOPPEL_E_CONFIG, "store.older",
                          "store %s: its schema is %d, and this koppel knows none before %d;"
                          " upgrade by way of the version between", label, stands, p->least);
    return 0;
}

/* ---- who was seen ---- */

static int tell(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    char name[32];
    (void)arg;
    snprintf(name, sizeof name, "knows/%d", s->knows);
    return conn_run(c, SQL_META_SET, err, "ti", name, conn_now_ms(c));
}

int postgres_upgrade_tell(struct postgres_store *s, struct koppel_error *err)
{
    return sql_change(&s->sql, SQL_SOFT, tell, NULL, err);
}

/* ---- taking it on ---- */

/* How many programs that know less were seen since, or hosts run that know less. */
static int count_older(struct conn_postgres *c, int knows, int64_t since_ms, bool running,
                       int *count, struct koppel_error *err)
{
    char sql[SQL_BYTES];
    if (running)
        snprintf(sql, sizeof sql, "SELECT count(*) FROM koppel.host WHERE knows < %d AND seen >"
                 " %lld", knows, (long long)since_ms);
    else
        snprintf(sql, sizeof sql, "SELECT count(*) FROM koppel.meta WHERE name LIKE 'knows/%%'"
                 " AND substr(name, 7)::int < %d AND value::bigint > %lld", knows,
                 (long long)since_ms);
    return get_number(c, sql, count, err);
}

struct taking {
    struct postgres_store *s;
    struct conn_postgres *c;
    bool by_order;
    int stands, needs;
};

/* May the step be taken now? */
static int may_take(struct taking *t, const struct postgres_upgrade_step *step, bool *may,
                    struct koppel_error *err)
{
    int64_t now = sql_now_ms(&t->s->sql);
    int left_behind = 0, seen = 0;
    if (count_older(t->c, step->needs, now - t->s->sql.lease_ms, true, &left_behind, err) != 0 ||
        (!t->by_order && count_older(t->c, step->to, now - DAY_MS, false, &seen, err) != 0))
        return -1;
    *may = left_behind == 0 && seen == 0;
    return 0;
}

/* One step, whole or not at all. Two that come at once: one waits at the guard and finds it
 * done. */
static int take(struct taking *t, const struct postgres_upgrade_step *step,
                struct koppel_error *err)
{
    char tail[SQL_BYTES];
    int stands = 0, needs = 0;
    int rc = postgres_session_exec(t->c, "BEGIN; SELECT 1 FROM koppel.meta WHERE name = 'guard'"
                                   " FOR UPDATE", NULL, err);
    if (rc == 0)
        rc = postgres_upgrade_read(t->c, &stands, &needs, err);
    if (rc == 0 && stands < step->to) {
        snprintf(tail, sizeof tail, "INSERT INTO koppel.meta VALUES('schema', '%d'), ('needs',"
                 " '%d') ON CONFLICT(name) DO UPDATE SET value = excluded.value", step->to,
                 step->needs);
        rc = postgres_session_exec(t->c, step->sql, NULL, err);
        if (rc == 0)
            rc = postgres_session_exec(t->c, tail, NULL, err);
    }
    if (rc != 0) {
        struct koppel_error ignored = {0};
        (void)postgres_session_exec(t->c, "ROLLBACK", NULL, &ignored);
        return -1;
    }
    return postgres_session_exec(t->c, "COMMIT", NULL, err);
}

static int take_all(struct taking *t, enum postgres_upgrade_end *end, struct koppel_error *err)
{
    const struct postgres_upgrade_step *step = t->s->program->steps;
    for (; step->to; step++) {
        bool may = false;
        if (step->to <= t->stands)
            continue;
        if (may_take(t, step, &may, err) != 0)
            return -1;
        if (!may) {
            *end = POSTGRES_UPGRADE_LATER;
            return 0;
        }
        if (take(t, step, err) != 0)
            return -1;
        log_info(LOG_ABOUT(.event = "store"), "store %s: its schema is %d now; it was %d",
                 t->s->sql.path, step->to, t->stands);
        t->stands = step->to;
        *end = POSTGRES_UPGRADE_DONE;
    }
    return 0;
}

int postgres_upgrade(struct postgres_store *s, bool by_order, enum postgres_upgrade_end *end,
                     int *from, int *to, struct koppel_error *err)
{
    struct conn_postgres *c = postgres_pool_take(s);
    struct taking t = {.s = s, .c = c, .by_order = by_order};
    int rc = c->db ? 0 : postgres_session_open(c, &s->place, err);
    *end = POSTGRES_UPGRADE_NONE;
    if (rc == 0)
        rc = postgres_upgrade_read(c, &t.stands, &t.needs, err);
    *from = t.stands;
    if (rc == 0)
        rc = take_all(&t, end, err);
    *to = t.stands;
    if (rc != 0)
        postgres_session_close(c); /* whatever was begun on it is not to go on */
    postgres_pool_give(s, c, false);
    return rc;
}
