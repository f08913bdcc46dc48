/* SPDX-License-Identifier: MIT
 * What people see of an exchange: its address and bodies with every secret masked. */
#ifndef KOPPEL_HTTP_HTTP_TRACE_H
#define KOPPEL_HTTP_HTTP_TRACE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "koppel/plugin.h"

/* Unreserved characters stay, others become %XX; gives the bytes written (room: 3 * bytes). */
size_t http_trace_escape(const char *text, size_t bytes, char *out);

/* Masks in text the registered secrets and the request's own secret pairs, plain and escaped. */
void http_trace_mask(const struct koppel_http_request *request, char *text);

/* The request as it would leave, without what the program adds to it by itself (a login's token
 * above all): {"what", "method", "url", "headers": {name: value}, "body"}, the last one where there
 * is one. NULL: no memory. */
json_t *http_trace_request(const struct koppel_http_request *request);

/* The peer's words for an error: at most room - 1 bytes of body on one line, masked; of JSON only
 * what it says. */
void http_trace_excerpt(const struct koppel_http_request *request, const char *body, size_t bytes,
                        char *out, size_t room);

/* Appends one object to trace. status 0: no answer, failure says why (NULL otherwise). */
void http_trace_add(json_t *trace, const struct koppel_http_request *request, uint32_t status,
                    const char *body, size_t body_bytes, int64_t ms, const char *failure);

#endif
