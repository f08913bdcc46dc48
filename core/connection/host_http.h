/* SPDX-License-Identifier: MIT
 * The host table's HTTP: requests of plugins that were built with another header are brought to
 * this program's form, and answers to theirs. */
#ifndef KOPPEL_CONNECTION_HOST_HTTP_H
#define KOPPEL_CONNECTION_HOST_HTTP_H

#include "koppel/plugin.h"

/* Reason of a request that was captured instead of sent (connection_capture.h). */
#define HOST_HTTP_CAPTURED "preview.captured"

int host_http_exchange(struct koppel_context *ctx, const struct koppel_http_request *request,
                       struct koppel_http_response *out, struct koppel_error *err);
void host_http_done(struct koppel_context *ctx, struct koppel_http_response *response);

#endif
