/* SPDX-License-Identifier: MIT
 * A flow's jobs that have not ended. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_UNSETTLED_H
#define KOPPEL_STORE_SQL_UNSETTLED_H

#include "store/sql.h"

int sql_unsettled(struct store *s, const char *flow, int64_t since_ms, int64_t *mark,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  int64_t finished_ms, const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err);

#endif
