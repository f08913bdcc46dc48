/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_CAPTURE_H
#define KOPPEL_CONNECTION_CONNECTION_CAPTURE_H

#include "connection/connection.h"

/* What the connector would send for one write, as it would leave: lets it write, with its first
 * request that changes something kept in `requests` (an array; http_trace_request) instead of sent.
 * What it reads before that is asked. Nothing is added where the entity cannot show its writes
 * (CAN_SHOW), and it is not called then, nor where nothing needs to be sent. verb: KOPPEL_VERB_*.
 * -1: the connector refuses the record, or what it reads first fails. */
int connection_capture(struct connection *c, const char *entity, uint32_t verb,
                       const struct koppel_write_item *item, json_t *requests, json_t *trace,
                       struct koppel_error *err);

#endif
