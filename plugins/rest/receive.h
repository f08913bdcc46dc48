/* SPDX-License-Identifier: MIT
 * Messages that the system sends. */
#ifndef PLUGINS_REST_RECEIVE_H
#define PLUGINS_REST_RECEIVE_H

#include "rest.h"

int receive_message(struct rest *r, const struct koppel_receive_request *request,
                    struct koppel_batch *out, struct koppel_error *err);
int receive_subscribe(struct rest *r, const struct koppel_subscription *subscription,
                      struct koppel_results *out, struct koppel_error *err);
int receive_unsubscribe(struct rest *r, const struct koppel_subscription *subscription,
                        struct koppel_error *err);

#endif
