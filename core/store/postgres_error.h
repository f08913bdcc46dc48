/* SPDX-License-Identifier: MIT
 * What errors of PostgreSQL mean. label: of the store, for messages. */
#ifndef KOPPEL_STORE_POSTGRES_ERROR_H
#define KOPPEL_STORE_POSTGRES_ERROR_H

#include "store/conn_postgres.h"

/* Fills err with one sentence and its remedy. result: what failed; NULL: the connection did. */
enum conn_postgres_fate postgres_error(const PGconn *db, const PGresult *result, const char *label,
                                       struct koppel_error *err);
/* No answer came in time. Returns -1. */
int postgres_error_late(const char *label, struct koppel_error *err);
/* Whether it was committed, nobody knows. Returns -1. */
int postgres_error_unsure(const char *label, struct koppel_error *err);

#endif
