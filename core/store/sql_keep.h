/* SPDX-License-Identifier: MIT
 * Retention. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_KEEP_H
#define KOPPEL_STORE_SQL_KEEP_H

#include "store/sql.h"

int sql_keep(struct store *s, const struct keeping *ages, struct keeping_place *place,
                struct keeping_sum *sum, struct koppel_error *err);
int sql_keep_plan(struct store *s, const struct keeping *ages, struct keeping_sum *sum,
                     struct koppel_error *err);

/* Erases what was read and done of a job, inside a transaction. A row that shrinks in its place
 * leaves its page half empty, so those that are erased are moved out of their pages, which SQLite
 * then merges; sql_keep_back brings them back before the transaction ends. */
int sql_keep_erase(struct conn *c, int64_t job, struct koppel_error *err);
int sql_keep_back(struct conn *c, struct koppel_error *err);

#endif
