/* SPDX-License-Identifier: MIT
 * Opening a connection to PostgreSQL. */
#include "store/postgres_session.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/postgres_wire.h"

#define CLOCK_TRIP_MS 200 /* a clock that is told later says too little */

static void notice(void *arg, const PGresult *r)
{
    struct conn_postgres *c = arg;
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (state && strcmp(state, "01000") == 0)
        c->warned = true;
}

int postgres_session_exec(struct conn_postgres *c, const char *sql, char **out,
                       struct koppel_error *err)
{
    int64_t until = clock_monotonic_ms() + CONN_POSTGRES_WAIT_MS;
    PGresult *r;
    int rc = 0;
    if (out)
        *out = NULL;
    if (!PQexitPipelineMode(c->db) || !PQsendQuery(c->db, sql))
        return postgres_wire_fail(c, NULL, err);
    for (;;) {
        while (PQflush(c->db) > 0 || PQisBusy(c->db)) {
            if (postgres_wire_wait(c, until, POLLIN, err) != 0)
                return -1;
            if (!PQconsumeInput(c->db))
                return postgres_wire_fail(c, NULL, err);
        }
        r = PQgetResult(c->db);
        if (!r)
            break;
        ExecStatusType status = PQresultStatus(r);
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            rc = postgres_wire_fail(c, r, err);
        else if (out && !*out && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
            *out = strdup(PQgetvalue(r, 0, 0));
        PQclear(r);
    }
    return PQenterPipelineMode(c->db) ? rc : postgres_wire_fail(c, NULL, err);
}

void postgres_session_saw(struct conn_postgres_place *place, int64_t asked_ms, int64_t there_ms)
{
    int64_t now = clock_monotonic_ms(), trip = now - asked_ms;
    if ((trip < 0 || trip > CLOCK_TRIP_MS) && atomic_load(&place->ahead_ms) != 0)
        return;
    /* tests move this host's clocks, and the server's with them */
    atomic_store(&place->ahead_ms, there_ms + clock_shifted_ms() - (asked_ms + now) / 2);
}

static int ask_clock(struct conn_postgres *c, struct koppel_error *err)
{
    char *text = NULL;
    int64_t asked = clock_monotonic_ms();
    if (postgres_session_exec(c, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
                           &text, err) != 0)
        return -1;
    if (text)
        postgres_session_saw(c->place, asked, strtoll(text, NULL, 10));
    free(text);
    return 0;
}

int postgres_session_open(struct conn_postgres *c, struct conn_postgres_place *place,
                       struct koppel_error *err)
{
    /* plans are made while a table is empty, and kept */
    static const char settings[] =
        "SET search_path TO koppel; SET jit TO off; SET enable_seqscan TO off;"
        "SET enable_hashjoin TO off; SET enable_mergejoin TO off;"
        "SET idle_in_transaction_session_timeout TO '15s'; SET lock_timeout TO '8s'";
    const char *password = place->password ? secret_text(place->password) : NULL;
    const char *keys[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle",
                          "keepalives_interval", "keepalives_count", "application_name",
                          "target_session_attrs", "dbname", "client_encoding",
                          password ? "password" : NULL, NULL};
    const char *values[] = {"3", "5000", "5", "2", "3", "koppel", "read-write",
                            place->info, "UTF8", password, NULL};
    *c = (struct conn_postgres){.base = {.ops = &conn_postgres_ops}, .place = place};
    c->db = PQconnectdbParams(keys, values, 1);
    if (!c->db || PQstatus(c->db) != CONNECTION_OK) {
        (void)postgres_wire_fail(c, NULL, err);
        postgres_wire_close(c);
        return -1;
    }
    PQsetNoticeReceiver(c->db, notice, c);
    if (PQsetnonblocking(c->db, 1) != 0 || !PQenterPipelineMode(c->db)) {
        (void)postgres_wire_fail(c, NULL, err);
    } else if (postgres_session_exec(c, settings, NULL, err) == 0 &&
               ask_clock(c, err) == 0) {
        return 0;
    }
    postgres_wire_close(c);
    return -1;
}

void postgres_session_close(struct conn_postgres *c)
{
    postgres_wire_close(c);
}
