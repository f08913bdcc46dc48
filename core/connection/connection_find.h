/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_FIND_H
#define KOPPEL_CONNECTION_CONNECTION_FIND_H

#include "connection/connection.h"
#include "connection/results.h"

/* Looks keys up, split at the entity's "batch.find". records: NULL, or per key the record that is
 * about to be written (NULL allowed). -1: the whole call failed. */
int connection_find(struct connection *c, const char *entity, const char *match,
                    const char *const *keys, json_t *const *records, int count,
                    struct koppel_results *out, json_t *trace, struct koppel_error *err);

#endif
