/* SPDX-License-Identifier: MIT
 * One exchange of a client, from the request to what its answer means. */
#ifndef KOPPEL_HTTP_HTTP_EXCHANGE_H
#define KOPPEL_HTTP_HTTP_EXCHANGE_H

#include <jansson.h>

#include "base/secret.h"
#include "http/http.h"

#define HTTP_LEASE_OVER "lease.over" /* reason of what did not leave any more */

/* Whether a request that changes something may still leave. Asked at the very last, behind every
 * wait for the peer, the rate and a free connection. */
struct http_leave {
    bool (*may)(void *arg);
    void *arg;
    bool left; /* at least one may have left; never taken back */
};

/* Does it change something at the peer, as the connector says or as HTTP does? */
bool http_exchange_changes(const struct koppel_http_request *request);

/* As host->http, but without a token of its own: oauth2_exchange() adds one. trace: NULL, or an
 * array to which one object per exchange is appended:
 * {"what","method","url","request","status","response","ms","error"}; bodies cut at 64 KiB,
 * secrets masked. */
int http_exchange(struct http *h, const struct koppel_http_request *request,
                  struct koppel_http_response *out, json_t *trace, struct koppel_error *err);
/* The same with a bearer token (NULL: none), and a last word on what changes something (NULL: it
 * may leave); else KOPPEL_E_CANCELLED with HTTP_LEASE_OVER, and it was not sent. *refused: the peer
 * answered 401. */
int http_exchange_bearer(struct http *h, const struct koppel_http_request *request,
                         const struct secret *token, struct http_leave *leave,
                         struct koppel_http_response *out, json_t *trace, bool *refused,
                         struct koppel_error *err);

#endif
