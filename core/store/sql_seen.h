/* SPDX-License-Identifier: MIT
 * Which keys a snapshot source has shown. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_SEEN_H
#define KOPPEL_STORE_SQL_SEEN_H

#include "store/sql.h"

int sql_seen(struct store *s, const char *flow, const char *after, int limit,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg, int *count,
                struct koppel_error *err);

#endif
