/* SPDX-License-Identifier: MIT
 * What several jobs wait for alike (struct store_ops: causes). */
#ifndef KOPPEL_STORE_SQLITE_CAUSE_H
#define KOPPEL_STORE_SQLITE_CAUSE_H

#include "store/sqlite.h"

/* The number of a cause of a flow; text NULL: 0. */
int64_t sqlite_cause_id(const struct sqlite_store *s, const char *flow, const char *text);

int sqlite_cause_list(struct store *s, const char *flow, int limit,
                      int (*visit)(void *arg, const struct store_cause *c), void *arg,
                      struct koppel_error *err);

#endif
