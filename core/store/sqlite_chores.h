/* SPDX-License-Identifier: MIT
 * What a store does by itself while nobody waits (struct store_ops: tidy). */
#ifndef KOPPEL_STORE_SQLITE_CHORES_H
#define KOPPEL_STORE_SQLITE_CHORES_H

#include "store/sqlite.h"

/* Ends with NULL. */
extern writer_chore *const sqlite_chores_all[WRITER_CHORES + 1];

int sqlite_chores_tidy(struct store *s, struct koppel_error *err);

#endif
