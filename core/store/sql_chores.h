/* SPDX-License-Identifier: MIT
 * What a store does by itself while nobody waits (struct store_ops: tidy). */
#ifndef KOPPEL_STORE_SQL_CHORES_H
#define KOPPEL_STORE_SQL_CHORES_H

#include "store/sql.h"

/* Ends with NULL. */
extern sql_chore *const sql_chores_all[SQL_CHORES + 1];

int sql_chores_tidy(struct store *s, struct koppel_error *err);

#endif
