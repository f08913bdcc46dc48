/* SPDX-License-Identifier: MIT
 * What the instances of one connection share while the program runs. */
#ifndef KOPPEL_CONNECTION_HOST_SHARED_H
#define KOPPEL_CONNECTION_HOST_SHARED_H

#include <jansson.h>

#include "connection/instance.h"

/* The host table's own. */
json_t *host_shared_get(struct koppel_context *ctx, const char *name);
int host_shared_set(struct koppel_context *ctx, const char *name, json_t *value_take,
                    int64_t max_age_ms, struct koppel_error *err);
/* Frees all that a connection holds. */
void host_shared_done(struct connection *c);

#endif
