/* SPDX-License-Identifier: MIT
 * The engines that share a store: who is alive, who leads, and each one's fair share of a flow's
 * partitions. There is no coordinator: each tells that it is there once a second, and draws the
 * same conclusions from what it reads. */
#ifndef KOPPEL_STORE_SQL_HOST_H
#define KOPPEL_STORE_SQL_HOST_H

#include "store/sql.h"

/* This engine is there; who else is? Gives one partition back where others have nothing to do. */
int sql_host_beat(struct sql_store *s, struct koppel_error *err);
/* It ends: others need not wait until it is missed. */
void sql_host_end(struct sql_store *s);
/* How many partitions of a flow it may hold now; INT_MAX: as many as it likes. Asking tells that it
 * delivers this flow. */
int sql_host_share(struct sql_store *s, const struct names_flow *f);
/* There is work that nobody has, beyond the share. true: for so long that it may be taken. */
bool sql_host_surplus(struct sql_store *s, const struct names_flow *f, bool there);

/* store.h tells what these do. */
int sql_host_list(struct store *s, int (*visit)(void *arg, const struct store_host *h), void *arg,
                  struct koppel_error *err);
bool sql_host_leads(struct store *s);

#endif
