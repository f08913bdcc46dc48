/* SPDX-License-Identifier: MIT
 * Flows and their partitions. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_DECLARE_H
#define KOPPEL_STORE_SQL_DECLARE_H

#include "store/sql.h"

int sql_declare(struct store *s, const char *flow, int parts, struct koppel_error *err);

#endif
