/* SPDX-License-Identifier: MIT
 * What hosts share while records are under way: locks and claims. */
#ifndef KOPPEL_STORE_SQL_CLAIM_H
#define KOPPEL_STORE_SQL_CLAIM_H

#include "store/sql.h"

int sql_claim(struct store *s, const struct store_lease *lease, const char *key,
                 const char *const *names, int count, char **holder, struct koppel_error *err);
void sql_claim_end(struct store *s, const struct store_lease *lease, const char *const *names,
                      int count);
int sql_claim_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                      struct koppel_error *err);
void sql_claim_unlock(struct store *s, const char *name);

#endif
