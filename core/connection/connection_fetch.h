/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_FETCH_H
#define KOPPEL_CONNECTION_CONNECTION_FETCH_H

#include "connection/connection.h"
#include "connection/results.h"

/* Records by their keys as they are at the peer now, split at the entity's "batch.fetch". Of each
 * entry: err says why it failed, else gone, or hits[0] holds the record and its version. options:
 * NULL: none. -1: the whole call failed, or the entity cannot fetch. */
int connection_fetch(struct connection *c, const char *entity, const char *const *ids, int count,
                     json_t *options, struct koppel_results *out, json_t *trace,
                     struct koppel_error *err);

#endif
