/* SPDX-License-Identifier: MIT
 * What errors of PostgreSQL mean. */
#include "store/postgres_error.h"

#include <stdio.h>
#include <string.h>

#define WORDS_BYTES 200

/* The first line of what the server or libpq said. */
static void first_line(const char *said, char out[WORDS_BYTES])
{
    snprintf(out, WORDS_BYTES, "%s", said ? said : "no reason given");
    out[strcspn(out, "\n")] = '\0';
}

static bool is_class(const char *state, const char *two)
{
    return strncmp(state, two, 2) == 0;
}

int postgres_error_late(const char *label, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, "store.away",
                      "store %s: the server did not answer in time; it is tried again", label);
}

int postgres_error_unsure(const char *label, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, "store.unsure",
                      "store %s: the connection was lost while a change was committed; it is looked"
                      " up before it is made again", label);
}

/* The connection itself: refused, wrong password, or lost. */
static enum conn_postgres_fate lost(const PGconn *db, const char *label, struct koppel_error *err)
{
    char words[WORDS_BYTES];
    first_line(db ? PQerrorMessage(db) : "out of memory", words);
    bool person = strstr(words, "authentication failed") || strstr(words, "does not exist") ||
                  strstr(words, "no pg_hba.conf entry") || strstr(words, "no password supplied") ||
                  strstr(words, "invalid connection option");
    (void)err_reason(err, person ? KOPPEL_E_CONFIG : KOPPEL_E_RETRY,
                     person ? "store.access" : "store.away", "store %s: %s", label, words);
    return CONN_POSTGRES_GONE;
}

enum conn_postgres_fate postgres_error(const PGconn *db, const PGresult *result, const char *label,
                                       struct koppel_error *err)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    char words[WORDS_BYTES];
    if (!state || !db || PQstatus(db) == CONNECTION_BAD)
        return lost(db, label, err);
    first_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), words);
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "55P03") == 0) {
        (void)err_reason(err, KOPPEL_E_RETRY, "store.busy",
                         "store %s: others change the same at this moment; it is tried again",
                         label);
        return CONN_POSTGRES_AGAIN;
    }
    if (is_class(state, "53")) {
        bool full = strcmp(state, "53100") == 0;
        (void)err_reason(err, KOPPEL_E_RETRY, full ? "store.full" : "store.busy",
                         full ? "store %s: the disk of the server is full; make room there,"
                                " nothing was lost (%s)"
                              : "store %s: the server has no room for it now: %s", label, words);
    } else if (is_class(state, "57") || is_class(state, "08") || strcmp(state, "25006") == 0) {
        /* it is stopped, or a standby since a moment */
        (void)err_reason(err, KOPPEL_E_RETRY, "store.away", "store %s: %s", label, words);
    } else if (is_class(state, "28") || is_class(state, "3D") || strcmp(state, "42501") == 0) {
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.access", "store %s: %s", label, words);
    } else if (is_class(state, "XX") || is_class(state, "58")) {
        (void)err_reason(err, KOPPEL_E_CONFIG, "store.damaged", "store %s: %s", label, words);
    } else {
        (void)err_set(err, KOPPEL_E_BUG, "store %s: %s (%s)", label, words, state);
    }
    return CONN_POSTGRES_FAILED;
}
