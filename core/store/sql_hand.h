/* SPDX-License-Identifier: MIT
 * Jobs that a person ends (struct store_ops: settle_by_hand). */
#ifndef KOPPEL_STORE_SQL_HAND_H
#define KOPPEL_STORE_SQL_HAND_H

#include "store/sql.h"

int sql_hand_settle(struct store *s, struct store_hand *orders, int count,
                       struct koppel_error *err);
/* Makes sure that no worker has a job of this partition in hand, and that none that had may write
 * any more: 1; 0: it is under way, and was asked for; -1 and err. Inside a transaction that is
 * committed whatever comes of it. */
int sql_hand_free(struct sql_store *s, struct conn *c, int64_t flow, int part,
                  struct koppel_error *err);

#endif
