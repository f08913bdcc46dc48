/* SPDX-License-Identifier: MIT
 * Whose file it is: program and schema. */
#ifndef KOPPEL_STORE_SQLITE_SCHEMA_H
#define KOPPEL_STORE_SQLITE_SCHEMA_H

#include "store/sqlite.h"

/* Refuses a schema that is not this program's; 0 in *version: an empty file. */
int sqlite_schema_version(struct conn_sqlite *c, const char *path, int64_t *version,
                          struct koppel_error *err);
/* The engine's own opening, inside a transaction: makes the tables where there are none. */
int sqlite_schema_make(struct sqlite_store *s, struct conn_sqlite *c, struct koppel_error *err);

#endif
