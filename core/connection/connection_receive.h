/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_RECEIVE_H
#define KOPPEL_CONNECTION_CONNECTION_RECEIVE_H

#include "connection/batch.h"
#include "connection/connection.h"

/* A message at a subscription's address; request's size is stamped here. KOPPEL_E_AUTH: its
 * signature is wrong. out tells what changed and how to answer, once that is stored; free it with
 * batch_done, also after a failure. */
int connection_receive(struct connection *c, const struct koppel_receive_request *request,
                       struct koppel_batch *out, json_t *trace, struct koppel_error *err);

#endif
