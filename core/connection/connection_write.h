/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_WRITE_H
#define KOPPEL_CONNECTION_CONNECTION_WRITE_H

#include "connection/connection.h"
#include "connection/results.h"
#include "http/http_exchange.h"

/* Writes, split at the entity's "batch.write". verb and flags: KOPPEL_VERB_*, KOPPEL_WRITE_*. Of
 * each entry: done, or err; an item of which the connector said nothing has KOPPEL_E_UNSURE. -1:
 * the whole call failed; entries that are done are done all the same. leave: asked before each
 * request that changes something, and told whether one left; NULL: all may leave. */
int connection_write(struct connection *c, const char *entity, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, struct http_leave *leave, json_t *trace,
                     struct koppel_error *err);

#endif
