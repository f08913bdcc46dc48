/* SPDX-License-Identifier: MIT
 * Whose database it is: server, schema and key. */
#ifndef KOPPEL_STORE_POSTGRES_SCHEMA_H
#define KOPPEL_STORE_POSTGRES_SCHEMA_H

#include "store/postgres.h"

/* An engine makes the schema where there is none; who looks does not. */
int postgres_schema_open(struct postgres_store *s, struct conn_postgres *c,
                         struct koppel_error *err);
/* koppel check's look: what is wrong with the server, its settings, the schema or the key. *exists
 * = 0: there is no store yet. */
int postgres_schema_check(const struct store_conf *conf, int *exists, struct koppel_error *err);

#endif
