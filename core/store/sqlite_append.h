/* SPDX-License-Identifier: MIT
 * Move 1: records and the cursor behind them. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_APPEND_H
#define KOPPEL_STORE_SQLITE_APPEND_H

#include "store/sqlite.h"

int sqlite_append(struct store *s, struct store_reader *reader, const struct store_record *records,
                  int count, const char *cursor, int *added, int *lost, struct koppel_error *err);

#endif
