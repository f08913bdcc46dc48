/* SPDX-License-Identifier: MIT
 * The HTTP client of one connection: a pool of slots, as many as requests may go at a time. */
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

#include "http/http_slot.h"

int http_start(struct koppel_error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, KOPPEL_E_CONFIG, "libcurl could not be initialised");
    return 0;
}

void http_stop(void)
{
    curl_global_cleanup();
}

struct http *http_new(const char *name, const struct http_limits *limits, struct koppel_error *err)
{
    struct http *h = calloc(1, sizeof *h);
    if (!h)
        goto no_memory;
    h->limits = *limits;
    if (h->limits.concurrency < 1)
        h->limits.concurrency = 1;
    /* There is no such thing as no time-out. */
    if (h->limits.connect_timeout_ms <= 0)
        h->limits.connect_timeout_ms = 10000;
    if (h->limits.timeout_ms <= 0)
        h->limits.timeout_ms = 60000;
    if (h->limits.limit_bytes <= 0)
        h->limits.limit_bytes = 16 * 1024 * 1024;
    rate_init(&h->rate, limits->rate_per_minute);
    h->alone = !limits->share;
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->freed, &attr);
    pthread_cond_init(&h->stopped, &attr);
    pthread_cond_init(&h->shared, &attr);
    pthread_condattr_destroy(&attr);
    h->name = strdup(name);
    h->tls_ca = limits->tls_ca ? strdup(limits->tls_ca) : NULL;
    h->limits.tls_ca = h->tls_ca;
    h->slots = calloc((size_t)h->limits.concurrency, sizeof *h->slots);
    if (!h->name || !h->slots || (limits->tls_ca && !h->tls_ca)) {
        http_free(h);
        goto no_memory;
    }
    return h;
no_memory:
    err_set(err, KOPPEL_E_RETRY, "%s: out of memory", name);
    return NULL;
}

void http_free(struct http *h)
{
    if (!h)
        return;
    for (int i = 0; i < h->made; i++)
        http_slot_done(&h->slots[i]);
    free(h->slots);
    pthread_cond_destroy(&h->freed);
    pthread_cond_destroy(&h->stopped);
    pthread_cond_destroy(&h->shared);
    pthread_mutex_destroy(&h->lock);
    free(h->name);
    free(h->tls_ca);
    free(h);
}

void http_cancel_all(struct http *h)
{
    atomic_store(&h->cancelled, true);
    pthread_mutex_lock(&h->lock);
    for (int i = 0; i < h->made; i++)
        curl_multi_wakeup(h->slots[i].multi);
    pthread_cond_broadcast(&h->freed);
    pthread_cond_broadcast(&h->stopped);
    pthread_cond_broadcast(&h->shared);
    pthread_mutex_unlock(&h->lock);
}

bool http_cancelled(const struct http *h)
{
    return atomic_load(&h->cancelled);
}

void http_stats(struct http *h, struct http_stats *out)
{
    pthread_mutex_lock(&h->lock);
    *out = h->stats;
    pthread_mutex_unlock(&h->lock);
}

bool http_certificate(struct http *h, struct http_certificate *out)
{
    pthread_mutex_lock(&h->lock);
    bool any = h->certificate_count > 0;
    for (int i = 0; i < h->certificate_count; i++) {
        if (i == 0 || h->certificates[i].ends_ms < out->ends_ms)
            *out = h->certificates[i];
    }
    pthread_mutex_unlock(&h->lock);
    return any;
}

void http_response_done(struct koppel_http_response *r)
{
    if (!r)
        return;
    free(r->host_private);
    r->host_private = NULL;
    r->body = r->content_type = "";
    r->body_bytes = 0;
    r->headers = NULL;
    r->header_count = 0;
}
