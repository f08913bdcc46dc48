/* SPDX-License-Identifier: MIT
 * What happened when, counted in spans of time (struct store_ops: history). */
#ifndef KOPPEL_STORE_SQL_HISTORY_H
#define KOPPEL_STORE_SQL_HISTORY_H

#include "store/sql.h"

/* Adds the counts of a transaction, at its time. */
int sql_history_add(struct conn *c, int64_t flow, const struct store_bucket *counts,
                       struct koppel_error *err);
/* A chore: what is older becomes coarser. */
int sql_history_roll(struct sql_store *s, struct conn *c, int64_t *again_ms,
                        struct koppel_error *err);

int sql_history(struct store *s, const char *flow, int64_t from_ms, int64_t to_ms,
                   int (*visit)(void *arg, const struct store_bucket *b), void *arg,
                   struct koppel_error *err);

#endif
