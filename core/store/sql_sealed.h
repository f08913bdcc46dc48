/* SPDX-License-Identifier: MIT
 * Small sealed values. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_SEALED_H
#define KOPPEL_STORE_SQL_SEALED_H

#include "store/sql.h"

int sql_sealed_get(struct store *s, const char *name, struct secret **out, int64_t *rev,
                      struct koppel_error *err);
int sql_sealed_put(struct store *s, const char *name, const char *value, size_t bytes,
                      int64_t rev, int *lost, struct koppel_error *err);
int sql_sealed_names(struct store *s, const char *prefix,
                        int (*visit)(void *arg, const char *name), void *arg,
                        struct koppel_error *err);
int sql_sealed_drop(struct store *s, const char *name, struct koppel_error *err);

#endif
