/* SPDX-License-Identifier: MIT
 * Which configuration is published to all engines that share the store. Its texts are the engine's
 * (engine/revision.h); the store knows its number, and lets nobody read or deliver who runs
 * another. */
#ifndef KOPPEL_STORE_SQL_PUBLISH_H
#define KOPPEL_STORE_SQL_PUBLISH_H

#include "store/sql.h"

/* Inside a transaction: may this engine take anything? One of a store that is its own may. */
int sql_publish_may(struct sql_store *s, struct conn *c, bool *may, struct koppel_error *err);
/* The error of one that may not: KOPPEL_E_RETRY; it gives -1. */
int sql_publish_refuse(const char *flow, struct koppel_error *err);
/* What this engine runs, as it stands in the list of hosts: its number and, in words (the caller
 * frees them; NULL: no memory), what it does not take. */
int64_t sql_publish_own(struct sql_store *s, char **lacks);

/* store.h tells what these do. */
int sql_publish(struct store *s, int64_t revision, int64_t over, int64_t *stands,
                struct koppel_error *err);
int sql_publish_get(struct store *s, int64_t *revision, struct koppel_error *err);
void sql_publish_runs(struct store *s, int64_t revision, const char *lacks);

#endif
