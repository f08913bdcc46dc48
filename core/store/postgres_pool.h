/* SPDX-License-Identifier: MIT
 * How work gets to a connection: a transaction on one of a small pool. */
#ifndef KOPPEL_STORE_POSTGRES_POOL_H
#define KOPPEL_STORE_POSTGRES_POOL_H

#include "store/postgres.h"

extern const struct sql_kind postgres_pool_kind;

/* A connection that is nobody else's now; it may be closed. */
struct conn_postgres *postgres_pool_take(struct postgres_store *s);
/* written: there is work for the keeper. */
void postgres_pool_give(struct postgres_store *s, struct conn_postgres *c, bool written);
/* A chore in a transaction of its own, which need not reach the disk. */
int postgres_pool_chore(struct postgres_store *s, sql_chore *chore, int64_t *again_ms,
                        struct koppel_error *err);
/* store.h tells what this is. */
int64_t postgres_pool_busy_ms(struct store *s);

#endif
