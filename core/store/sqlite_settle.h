/* SPDX-License-Identifier: MIT
 * Moves 6 and 7: what ends jobs and what puts them aside. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_SETTLE_H
#define KOPPEL_STORE_SQLITE_SETTLE_H

#include "store/sqlite.h"

int sqlite_settle(struct store *s, struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err);

#endif
