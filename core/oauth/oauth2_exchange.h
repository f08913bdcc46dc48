/* SPDX-License-Identifier: MIT
 * A request with the connection's bearer token. */
#ifndef KOPPEL_OAUTH_OAUTH2_EXCHANGE_H
#define KOPPEL_OAUTH_OAUTH2_EXCHANGE_H

#include <jansson.h>

#include "http/http_exchange.h"
#include "oauth/oauth2.h"

/* As http_exchange_bearer, with the bearer token: a 401 refreshes it once and repeats the
 * request. */
int oauth2_exchange(struct oauth2 *o, struct http *h, const struct koppel_http_request *request,
                    struct http_leave *leave, struct koppel_http_response *out,
                    json_t *trace, struct koppel_error *err);

#endif
