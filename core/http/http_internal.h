/* SPDX-License-Identifier: MIT
 * What the files of the HTTP client share: the client, its slots, and how a request gets into one.
 */
#ifndef KOPPEL_HTTP_HTTP_INTERNAL_H
#define KOPPEL_HTTP_HTTP_INTERNAL_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "http/http.h"
#include "http/rate.h"
#include "koppel/plugin.h"

#define HTTP_NS_PER_MS INT64_C(1000000)
#define HTTP_HEADERS_MAX 64
#define HTTP_HEADER_TEXT_MAX (128 * 1024)
#define HTTP_URL_MAX (64 * 1024)
#define HTTP_METHOD_MAX 16

struct slot {
    CURL *easy;
    CURLM *multi;
    struct slot *next_free;
    char problem[CURL_ERROR_SIZE];

    /* Kept from request to request, so that only changes are told to libcurl. */
    char method[HTTP_METHOD_MAX];
    bool plain; /* http, not https */
    struct buf url, header_text;
    struct curl_slist nodes[HTTP_HEADERS_MAX + 1];

    /* Of the exchange under way. */
    char *body;
    size_t bytes, room, limit;
    bool over_limit, no_memory;
    bool once; /* must not be sent a second time */
    int sends; /* how often the request began to go out */
};

struct http {
    char *name, *tls_ca;
    struct http_limits limits;

    pthread_mutex_t lock;
    pthread_cond_t freed;   /* a slot came free, or everything was cancelled */
    pthread_cond_t stopped; /* everything was cancelled; timed waits sleep on it */
    struct slot *slots;     /* limits.concurrency of them; the first `made` have handles */
    int made;
    struct slot *free_list; /* last used first: its connection is the warmest */
    struct rate rate;
    int64_t hold_until_ns;  /* the peer asked to wait: 429 or 503 with Retry-After */
    struct http_stats stats;
    atomic_bool cancelled;
};

/* http.c: a slot for one exchange, when it is our turn; NULL and err where none is to be had. */
struct slot *http_slot_take(struct http *h, struct koppel_error *err);
void http_slot_give(struct http *h, struct slot *s, const struct http_stats *add);
int http_cancelled_error(const struct http *h, struct koppel_error *err);
int64_t http_now_ns(void); /* monotonic */

/* http_request.c: puts address, headers and method into the slot. token: NULL, or a bearer's. */
int http_request_set(const struct http *h, struct slot *s, const struct koppel_http_request *r,
                     const struct secret *token, struct koppel_error *err);
/* "https://host:1" of an address, for messages: no path, no user info, no query. */
void http_request_origin(const char *url, char *out, size_t room);

#endif
