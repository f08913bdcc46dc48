/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_READ_H
#define KOPPEL_CONNECTION_CONNECTION_READ_H

#include "connection/batch.h"
#include "connection/connection.h"

/* One page. request: entity, and what is wanted of cursor, page (of an entity whose pages have
 * numbers), limit (0: as many as the entity gives), overlap and options (NULL: none); its size is
 * stamped here. Free out with batch_done, also after a failure. */
int connection_read(struct connection *c, const struct koppel_read_request *request,
                    struct koppel_batch *out, json_t *trace, struct koppel_error *err);

#endif
