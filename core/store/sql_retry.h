/* SPDX-License-Identifier: MIT
 * Jobs that are due. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_RETRY_H
#define KOPPEL_STORE_SQL_RETRY_H

#include "store/sql.h"

int sql_retry(struct store *s, const struct job_id *ids, int id_count, bool retried, int *count,
                 struct koppel_error *err);
/* Makes one job due: 1; 0: there is nothing to try again; -1 and err. Inside a transaction. */
int sql_retry_one(struct sql_store *s, struct conn *c, const struct job_id *id, bool retried,
                     struct koppel_error *err);
int sql_retry_due(struct store *s, const char *const *flows, int flow_count, int64_t *in_ms,
                     struct koppel_error *err);

#endif
