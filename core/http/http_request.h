/* SPDX-License-Identifier: MIT
 * How a request gets into a slot. */
#ifndef KOPPEL_HTTP_HTTP_REQUEST_H
#define KOPPEL_HTTP_HTTP_REQUEST_H

#include "base/secret.h"
#include "http/http_slot.h"
#include "koppel/plugin.h"

/* Puts address, headers and method into the slot. token: NULL, or a bearer's. */
int http_request_set(const struct http *h, struct http_slot *s,
                     const struct koppel_http_request *r, const struct secret *token,
                     struct koppel_error *err);
/* "https://host:1" of an address, for messages: no path, no user info, no query. */
void http_request_origin(const char *url, char *out, size_t room);

#endif
