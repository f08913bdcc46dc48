/* SPDX-License-Identifier: MIT
 * The log of what happened: orders of persons, revisions, runs, alerts. store.h tells what these
 * do. */
#ifndef KOPPEL_STORE_SQL_ENTRY_H
#define KOPPEL_STORE_SQL_ENTRY_H

#include "store/sql.h"

int sql_entry_add(struct store *s, const struct store_entry *e, int64_t *seq,
                     struct koppel_error *err);
int sql_entry_list(struct store *s, const struct store_entry_filter *filter,
                      int (*visit)(void *arg, const struct store_entry *e), void *arg,
                      struct koppel_error *err);
int sql_entry_drop(struct store *s, const char *kind, int64_t before_ms, int64_t keep, int limit,
                      int *count, struct koppel_error *err);
int sql_entry_forget(struct store *s, const char *kind, const char *subject,
                        struct koppel_error *err);

#endif
