/* SPDX-License-Identifier: MIT
 * The slots of a client: one multi and one easy handle each, kept for the life of the client. What
 * the client itself consists of stands here too. Not for other folders. */
#ifndef KOPPEL_HTTP_HTTP_SLOT_H
#define KOPPEL_HTTP_HTTP_SLOT_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "http/http.h"
#include "http/rate.h"

#define HTTP_NS_PER_MS INT64_C(1000000)
#define HTTP_HEADERS_MAX 64
#define HTTP_HEADER_TEXT_MAX (128 * 1024)
#define HTTP_URL_MAX (64 * 1024)
#define HTTP_METHOD_MAX 16
#define HTTP_CERTIFICATES_MAX 8 /* hosts whose certificates are remembered */

struct http_slot {
    CURL *easy;
    CURLM *multi;
    struct http_slot *next_free;
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
    struct http_slot *slots;     /* limits.concurrency of them; the first `made` have handles */
    int made;
    struct http_slot *free_list; /* last used first: its connection is the warmest */
    struct rate rate;
    struct rate_share share;
    bool sharing;           /* a thread asks for more of it */
    int64_t share_least_ns; /* how much is asked for: what passes until the answer is lost */
    bool alone;             /* nobody shares it: rate is what counts */
    pthread_cond_t shared;  /* it has an answer */
    int64_t hold_until_ns;  /* the peer asked to wait: 429 or 503 with Retry-After */
    struct http_stats stats;
    struct http_certificate certificates[HTTP_CERTIFICATES_MAX];
    int certificate_count;
    atomic_bool cancelled;
};

/* A slot for one exchange, when it is our turn; NULL and err where none is to be had. */
struct http_slot *http_slot_take(struct http *h, struct koppel_error *err);
/* Gives it back, and adds to the client's figures. */
void http_slot_give(struct http *h, struct http_slot *s, const struct http_stats *add);
/* Sets up one that is not of the pool: zeroed before, given to http_slot_done after. -1: no memory,
 * or libcurl does not take an option. */
int http_slot_init(const struct http *h, struct http_slot *s);
/* Drives its handle to the end. -1: cancelled. */
int http_slot_run(struct http *h, struct http_slot *s, CURLcode *result);
/* Frees its handles; takes one that was never set up. */
void http_slot_done(struct http_slot *s);
/* Fills err: the client is stopping. Returns -1. */
int http_slot_cancelled(const struct http *h, struct koppel_error *err);

#endif
