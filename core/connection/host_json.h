/* SPDX-License-Identifier: MIT
 * The host table's JSON reader: Koppel's own (base/json_read.h), for plugins. */
#ifndef KOPPEL_CONNECTION_HOST_JSON_H
#define KOPPEL_CONNECTION_HOST_JSON_H

#include <jansson.h>

#include "base/err.h"

int host_json_read(struct koppel_context *ctx, const char *text, uint64_t bytes, json_t **out,
                   struct koppel_error *err);
int host_json_list(struct koppel_context *ctx, const char *text, uint64_t bytes, const char *list,
                   void (*bad)(void *user, const struct koppel_bad_item *item), void *user,
                   json_t **out, struct koppel_error *err);

#endif
