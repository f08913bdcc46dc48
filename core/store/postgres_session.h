/* SPDX-License-Identifier: MIT
 * Opening a connection to PostgreSQL. */
#ifndef KOPPEL_STORE_POSTGRES_SESSION_H
#define KOPPEL_STORE_POSTGRES_SESSION_H

#include "store/conn_postgres.h"

/* -1 and err: RETRY where it may pass by itself, CONFIG where a person is needed. */
int postgres_session_open(struct conn_postgres *c, struct conn_postgres_place *place,
                       struct koppel_error *err);
void postgres_session_close(struct conn_postgres *c); /* takes a zeroed one */

/* Texts of SQL outside the pipeline, for schema and settings: the first value of the first row,
 * NULL where there is none (caller frees; may be NULL). */
int postgres_session_exec(struct conn_postgres *c, const char *sql, char **out,
                       struct koppel_error *err);
/* The server's clock stood at there_ms somewhere between asked_ms, by clock_monotonic_ms, and now.
 * Looked at again and again, as no two clocks go alike for weeks; a look that took long is passed
 * over. */
void postgres_session_saw(struct conn_postgres_place *place, int64_t asked_ms, int64_t there_ms);

#endif
