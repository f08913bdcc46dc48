/* SPDX-License-Identifier: MIT
 * Lists of an entity, page by page. */
#ifndef PLUGINS_REST_READ_H
#define PLUGINS_REST_READ_H

#include "rest.h"
#include "request.h"

/* One batch of records behind the request's cursor. */
int read_page(struct rest *r, const struct koppel_read_request *request, struct koppel_batch *out,
              struct koppel_error *err);
/* Emits a row of the system, unreadable ones too. key (may be NULL): what it must be under. */
int read_emit(struct rest *r, const json_t *entity, const json_t *since, const json_t *row,
              const char *key, struct koppel_batch *out, struct koppel_error *err);

#endif
