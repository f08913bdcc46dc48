/* SPDX-License-Identifier: MIT
 * Move 3: the next jobs of a partition. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_READ_H
#define KOPPEL_STORE_SQL_READ_H

#include "store/sql.h"

int sql_read(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                struct store_batch *out, struct koppel_error *err);
int sql_read_aside(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                      struct store_batch *out, struct koppel_error *err);

#endif
