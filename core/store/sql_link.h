/* SPDX-License-Identifier: MIT
 * Links: what is known of a source key at its destination (move 4). */
#ifndef KOPPEL_STORE_SQL_LINK_H
#define KOPPEL_STORE_SQL_LINK_H

#include "store/seal.h"
#include "store/sql.h"

int sql_link_get(struct store *s, const struct store_lease *lease, int count,
                    const char *const *scopes, const char *const *keys, struct store_link *out,
                    struct koppel_error *err);
int sql_link_put(struct store *s, const struct store_lease *lease,
                    const struct store_link_change *changes, int count, int *lost,
                    struct koppel_error *err);
/* Outside a transaction: makes the scopes of changes that are new. */
int sql_link_scopes(struct sql_store *s, const struct store_link_change *changes, int count,
                       struct koppel_error *err);
/* Inside one: writes a change under a lease. document: what is begun, sealed; data NULL: none. */
int sql_link_change(struct sql_store *s, struct conn *c, int64_t flow,
                       const struct store_lease *lease, const struct store_link_change *change,
                       const struct seal *document, struct koppel_error *err);

#endif
