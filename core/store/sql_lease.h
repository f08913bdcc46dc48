/* SPDX-License-Identifier: MIT
 * Move 2: who delivers which partition. */
#ifndef KOPPEL_STORE_SQL_LEASE_H
#define KOPPEL_STORE_SQL_LEASE_H

#include "store/sql.h"

int sql_lease(struct store *s, const char *const *flows, int flow_count, int want,
                 struct store_lease *out, int *count, struct koppel_error *err);
void sql_lease_release(struct store *s, struct store_lease *lease);
/* The first thing of a transaction that is fenced by a lease; sql_lease_stands takes the answer. */
int sql_lease_ask(struct conn *c, int64_t flow, const struct store_lease *lease,
                  struct koppel_error *err);
/* Is the lease still this owner's, of this flow? 1, 0, or -1 and err. Inside a transaction. */
int sql_lease_stands(struct sql_store *s, struct conn *c, int64_t flow,
                        const struct store_lease *lease, struct koppel_error *err);
/* A number that no hold of this store ever had, even where the database lost some that it gave: a
 * crash of the server takes back what was not waited for. Inside a transaction that changes. */
int sql_lease_epoch(struct sql_store *s, struct conn *c, int64_t *out, struct koppel_error *err);

#endif
