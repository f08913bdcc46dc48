/* SPDX-License-Identifier: MIT
 * Erasing what is kept of one record (struct store_ops: erase). */
#ifndef KOPPEL_STORE_SQL_ERASE_H
#define KOPPEL_STORE_SQL_ERASE_H

#include "store/sql.h"

int sql_erase(struct store *s, const char *flow, const char *key, struct keeping_sum *sum,
                 struct koppel_error *err);

#endif
