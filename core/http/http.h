/* SPDX-License-Identifier: MIT
 * The HTTP client behind host->http; the only place that knows libcurl.
 *
 * One client per connection: a keep-alive pool as large as its concurrency, time-outs always set,
 * http and https only (plain http to loopback only), no redirects, answers capped, TLS always
 * verified, a token bucket, Retry-After, cancellation at once, and a trace for the activity with
 * every secret masked. */
#ifndef KOPPEL_HTTP_HTTP_H
#define KOPPEL_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "koppel/plugin.h"
#include "store/store_rate.h"

struct http_limits {
    int concurrency;              /* requests at a time; further callers wait */
    int64_t rate_per_minute;      /* 0: none */
    /* Gets some of the requests that the rate allows all hosts together, as many as span least_ns
     * or more; NULL: there are none. Asked by one thread at a time. */
    int (*share)(void *arg, int64_t interval_ns, int64_t least_ns, struct store_rate *out,
                 struct koppel_error *err);
    void *share_arg;
    int64_t connect_timeout_ms, timeout_ms;
    int64_t limit_bytes;          /* cap of one answer */
    const char *tls_ca;           /* extra CAs as text (PEM); NULL: the system's */
    int tls_min;                  /* 12 or 13 */
};

struct http_stats {               /* since http_new; for bench and status */
    int64_t requests, retries_asked, failures;
    int64_t wait_us;              /* summed time between sending and answer */
    int64_t bytes_out, bytes_in;
};

/* A peer's certificate, as its last handshake showed it. */
struct http_certificate {
    char host[128];   /* host, and port where the address names one */
    char names[256];  /* of hosts that it is for; cut where they are many */
    char issuer[128]; /* the common name of who issued it */
    int64_t ends_ms;  /* since 1970 UTC */
};

#define HTTP_STOPPED "http.stopped" /* reason of what http_cancel_all ended, or did not let begin */

struct http;

int http_start(struct koppel_error *err); /* once in main */
void http_stop(void);

/* name: the connection's, for messages. */
struct http *http_new(const char *name, const struct http_limits *limits, struct koppel_error *err);
void http_free(struct http *h);

/* Frees what an answer holds. */
void http_response_done(struct koppel_http_response *r);

/* Ends every exchange under way and refuses new ones with KOPPEL_E_CANCELLED HTTP_STOPPED, on any
 * thread. */
void http_cancel_all(struct http *h);
bool http_cancelled(const struct http *h);
void http_stats(struct http *h, struct http_stats *out);
/* Of the certificates that its hosts have shown, the one that ends first. false: none was seen. */
bool http_certificate(struct http *h, struct http_certificate *out);

#endif
