/* SPDX-License-Identifier: MIT
 * Moves 6 and 7: what ends jobs and what puts them aside. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_SETTLE_H
#define KOPPEL_STORE_SQL_SETTLE_H

#include "store/seal.h"
#include "store/sql.h"

/* The words of a job with another detail, sealed: its brief and facts stay what they were. Inside a
 * transaction; free(out->data) afterwards. */
int sql_settle_words(struct sql_store *s, struct conn *c, int64_t job, const char *detail,
                        struct seal *out, struct koppel_error *err);

int sql_settle(struct store *s, struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err);

#endif
