/* SPDX-License-Identifier: MIT
 * Move 1: records and the cursor behind them. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_APPEND_H
#define KOPPEL_STORE_SQL_APPEND_H

#include "store/sql.h"

int sql_append(struct store *s, struct store_reader *reader, const struct store_record *records,
                  int count, const char *cursor, int *added, int *lost, struct koppel_error *err);
int sql_append_pushed(struct store *s, const char *flow, const struct store_record *records,
                      int count, int *added, int *none, struct koppel_error *err);

#endif
