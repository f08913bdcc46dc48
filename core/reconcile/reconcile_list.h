/* SPDX-License-Identifier: MIT
 * Reads a list of one side to its end. */
#ifndef KOPPEL_RECONCILE_RECONCILE_LIST_H
#define KOPPEL_RECONCILE_RECONCILE_LIST_H

#include "connection/batch.h"
#include "connection/connection.h"
#include "reconcile/reconcile.h"

/* Every page in turn goes to take. A page that cannot be read is asked for a few times; a list that
 * tells more records than it gives is a failure (KOPPEL_E_RETRY). */
int reconcile_list(struct reconcile *r, const char *side, struct connection *c,
                   const struct cat_entity *e, json_t *options,
                   int (*take)(struct reconcile *r, const struct koppel_batch *page,
                               struct koppel_error *err),
                   int64_t *read, struct koppel_error *err);

#endif
