/* SPDX-License-Identifier: MIT
 * How many jobs stand where, and why. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_COUNT_H
#define KOPPEL_STORE_SQL_COUNT_H

#include "store/sql.h"

int sql_count(struct store *s, const char *flow, struct store_counts *out,
                 struct koppel_error *err);
int sql_count_standing(struct store *s, const char *flow, struct store_standing *out,
                          struct koppel_error *err);
int sql_count_reasons(struct store *s, const char *flow,
                         int (*visit)(void *arg, enum job_state state, const char *reason,
                                      int64_t count),
                         void *arg, struct koppel_error *err);

#endif
