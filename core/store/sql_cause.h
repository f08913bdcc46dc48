/* SPDX-License-Identifier: MIT
 * What several jobs wait for alike (struct store_ops: causes). */
#ifndef KOPPEL_STORE_SQL_CAUSE_H
#define KOPPEL_STORE_SQL_CAUSE_H

#include "store/sql.h"

/* The number of a cause of a flow; text NULL: 0. */
int64_t sql_cause_id(const struct sql_store *s, const char *flow, const char *text);

int sql_cause_list(struct store *s, const char *flow, int limit,
                      int (*visit)(void *arg, const struct store_cause *c), void *arg,
                      struct koppel_error *err);
int sql_cause_stands(struct store *s, int64_t id, bool *out, struct koppel_error *err);

#endif
