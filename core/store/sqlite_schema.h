/* SPDX-License-Identifier: MIT
 * Whose file it is: program, schema and key. */
#ifndef KOPPEL_STORE_SQLITE_SCHEMA_H
#define KOPPEL_STORE_SQLITE_SCHEMA_H

#include "store/sqlite.h"

/* Refuses a schema that is not this program's; 0 in *version: an empty file. */
int sqlite_schema_version(struct conn *c, const char *path, int64_t *version,
                          struct koppel_error *err);
/* Refuses a file that was sealed with another key. */
int sqlite_schema_key(struct conn *c, const char *path, const struct secret *key,
                      struct koppel_error *err);
/* The engine's own opening, inside a transaction: makes the tables where there are none. */
int sqlite_schema_make(struct sqlite_store *s, struct conn *c, struct koppel_error *err);

#endif
