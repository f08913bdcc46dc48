/* SPDX-License-Identifier: MIT
 * The peers' limits and rests that hosts share (struct store_ops: rate, rest, resting). A store
 * that no other engine can use does nothing for them. */
#ifndef KOPPEL_STORE_SQL_RATE_H
#define KOPPEL_STORE_SQL_RATE_H

#include "store/sql.h"

/* store.h tells what these do. */
int sql_rate(struct store *s, const char *connection, int64_t interval_ns, int64_t least_ns,
             struct store_rate *out, struct koppel_error *err);
int sql_rate_rest(struct store *s, const char *connection, int64_t ms, const char *reason,
                  struct koppel_error *err);
int64_t sql_rate_resting(struct store *s, const char *connection, struct store_rest *out);

#endif
