/* SPDX-License-Identifier: MIT
 * One exchange: drives libcurl to its end, and says what an answer, or none, means for the engine.
 */
#include "http/http_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mask.h"
#include "http/http_headers.h"
#include "http/http_request.h"
#include "http/http_slot.h"
#include "http/http_tls.h"
#include "http/http_trace.h"

#define EXCERPT_BYTES 240
#define RETRY_AFTER_MAX_MS INT64_C(86400000)

static void body_drop(struct http_slot *s)
{
    free(s->body);
    s->body = NULL;
    s->bytes = s->room = 0;
}

/* A byte order mark before an answer is no part of it, whatever it is: JSON, XML or a token. */
static void body_unmark(struct http_slot *s)
{
    if (s->bytes < 3 || memcmp(s->body, "\xEF\xBB\xBF", 3) != 0)
        return;
    s->bytes -= 3;
    memmove(s->body, s->body + 3, s->bytes);
}

/* An exchange without an answer: what may the engine conclude? */
static int failure(const struct http *h, const struct http_slot *s,
                   const struct koppel_http_request *r, CURLcode code, struct koppel_error *err)
{
    const char *what = r->what && r->what[0] ? r->what : r->method;
    bool sent = s->sends > 0;
    char origin[256], why[CURL_ERROR_SIZE + 64];
    http_request_origin(r->url, origin, sizeof origin);
    if (code == CURLE_ABORTED_BY_CALLBACK) /* on_send kept libcurl from sending it twice */
        snprintf(why, sizeof why, "the connection was closed");
    else
        snprintf(why, sizeof why, "%s", s->problem[0] ? s->problem : curl_easy_strerror(code));
    http_trace_mask(r, why);
    if (http_tls_failed(h, s, code, origin, why, err))
        return -1;
    if (!sent && (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL))
        return err_set(err, KOPPEL_E_CONFIG, "%s: the address of %s cannot be used: %s", h->name,
                       what, why);
    if (!sent)
        return err_reason(err, KOPPEL_E_RETRY, "http.connect", "%s: cannot connect to %s: %s",
                          h->name, origin, why);
    if (s->over_limit && !s->once)
        return err_reason(err, KOPPEL_E_REJECTED, "http.limit",
                          "%s: the answer to %s is larger than the limit of %llu bytes; raise "
                          "limit_mb of the connection if that is right",
                          h->name, what, (unsigned long long)s->limit);
    if (s->over_limit)
        return err_reason(err, KOPPEL_E_UNSURE, "http.limit",
                          "%s: %s was sent, but its answer is larger than the limit of %llu bytes; "
                          "raise limit_mb of the connection if that is right",
                          h->name, what, (unsigned long long)s->limit);
    return err_reason(
        err, s->once ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY,
        code == CURLE_OPERATION_TIMEDOUT ? "http.timeout" : "http.lost",
        "%s: %s was sent to %s, but %s: %s", h->name, what, origin,
        code == CURLE_OPERATION_TIMEDOUT ? "no answer came in time" : "the answer was lost", why);
}

/* Gives the body to the caller; content type and headers stand behind it in the same piece of
 * memory. */
static int answer_take(const struct http *h, struct http_slot *s, long status,
                       struct koppel_http_response *out, struct koppel_error *err)
{
    char *type = NULL;
    curl_easy_getinfo(s->easy, CURLINFO_CONTENT_TYPE, &type);
    uint32_t count;
    size_t type_bytes = type ? strlen(type) + 1 : 1, text = http_headers_measure(s->easy, &count);
    size_t at = (s->bytes + 1 + type_bytes + 7) / 8 * 8; /* pairs begin where pointers may */
    size_t whole = at + count * sizeof(struct koppel_pair) + text;
    if (whole > s->room) {
        char *body = realloc(s->body, whole);
        if (!body)
            return err_set(err, s->once ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY, "%s: out of memory",
                           h->name);
        s->body = body;
    }
    s->body[s->bytes] = '\0';
    memcpy(s->body + s->bytes + 1, type ? type : "", type_bytes);
    out->status = (uint32_t)status;
    out->body = s->body;
    out->body_bytes = s->bytes;
    out->content_type = s->body + s->bytes + 1;
    out->host_private = s->body;
    out->headers = (struct koppel_pair *)(void *)(s->body + at);
    out->header_count = count;
    http_headers_write(s->easy, (struct koppel_pair *)(void *)(s->body + at), count);
    s->body = NULL;
    s->bytes = s->room = 0;
    return 0;
}

/* 429 and 503: the peer did nothing and says when to come back. 502 and 504: a gateway stands where
 * the peer should. */
static int busy_answer(struct http *h, struct http_slot *s, const struct koppel_http_request *r,
                       long status, struct koppel_error *err)
{
    curl_off_t seconds = 0;
    int64_t ms = 0;
    curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0)
        ms = seconds > RETRY_AFTER_MAX_MS / 1000 ? RETRY_AFTER_MAX_MS : (int64_t)seconds * 1000;
    if (ms > 0) {
        int64_t until = clock_monotonic_ns() + ms * HTTP_NS_PER_MS;
        pthread_mutex_lock(&h->lock);
        if (until > h->hold_until_ns)
            h->hold_until_ns = until;
        pthread_mutex_unlock(&h->lock);
    }
    char words[EXCERPT_BYTES];
    http_trace_excerpt(r, s->body, s->bytes, words, sizeof words);
    /* What stands behind a gateway may have done what was asked. */
    bool gateway = status == 502 || status == 504;
    char reason[16];
    snprintf(reason, sizeof reason, "http.%ld", status);
    err_reason(err, gateway && s->once ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY, reason,
               "%s: %s was answered %ld (%s)%s%s%s", h->name, r->what ? r->what : r->method, status,
               status == 429 ? "too many requests" : gateway ? "the gateway has no answer"
                             : "not available now",
               words[0] ? ": " MASK_WORDS_OPEN : "", words, words[0] ? MASK_WORDS_CLOSE : "");
    if (err)
        err->retry_after_ms = ms;
    return -1;
}

static int refused_answer(const struct http *h, const struct http_slot *s,
                          const struct koppel_http_request *r, struct koppel_error *err)
{
    char words[EXCERPT_BYTES];
    http_trace_excerpt(r, s->body, s->bytes, words, sizeof words);
    err_reason(err, KOPPEL_E_AUTH, "http.401", "%s: the login was refused at %s (401)%s%s%s; ",
               h->name, r->what ? r->what : r->method, words[0] ? ": " MASK_WORDS_OPEN : "", words,
               words[0] ? MASK_WORDS_CLOSE : "");
    if (err) {
        size_t n = strlen(err->text);
        if (r->flags & KOPPEL_HTTP_OAUTH)
            snprintf(err->text + n, sizeof err->text - n, "run: koppel connect %s", h->name);
        else
            snprintf(err->text + n, sizeof err->text - n, "check the login in its settings");
    }
    return -1;
}

static int exchange_in(struct http *h, struct http_slot *s, const struct koppel_http_request *r,
                       struct koppel_http_response *out, json_t *trace, long *status,
                       struct http_stats *add, struct koppel_error *err)
{
    s->sends = 0;
    s->problem[0] = '\0';
    s->over_limit = s->no_memory = false;
    s->limit = (size_t)h->limits.limit_bytes;
    if (r->limit_bytes > 0 && r->limit_bytes < s->limit) /* never above the operator's */
        s->limit = (size_t)r->limit_bytes;
    int64_t timeout_ms = h->limits.timeout_ms;
    if (r->timeout_ms > 0 && (timeout_ms <= 0 || r->timeout_ms < timeout_ms))
        timeout_ms = r->timeout_ms;
    curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    s->once = (r->flags & KOPPEL_HTTP_WRITE) != 0;
    *status = 0;
    int64_t begun = clock_monotonic_ns();
    CURLcode code;
    int rc = 0;
    if (http_slot_run(h, s, &code) != 0)
        rc = http_slot_cancelled(h, err);
    else if (code != CURLE_OK)
        rc = failure(h, s, r, code, err);
    int64_t took_ns = clock_monotonic_ns() - begun;
    if (rc == 0) {
        http_tls_note(h, s);
        curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, status);
        add->bytes_in = (int64_t)s->bytes;
        body_unmark(s);
        if (trace)
            http_trace_add(trace, r, (uint32_t)*status, s->body ? s->body : "", s->bytes,
                           took_ns / HTTP_NS_PER_MS, NULL);
        if (*status == 429 || (*status >= 502 && *status <= 504)) {
            add->retries_asked = 1;
            rc = busy_answer(h, s, r, *status, err);
        } else if (*status == 401 && !(r->flags & KOPPEL_HTTP_SESSION)) {
            rc = refused_answer(h, s, r, err);
        } else {
            rc = answer_take(h, s, *status, out, err);
        }
    } else {
        add->failures = 1;
        if (trace)
            http_trace_add(trace, r, 0, NULL, 0, took_ns / HTTP_NS_PER_MS,
                           err ? err->text : "failed");
    }
    add->requests = 1;
    add->bytes_out = r->body ? (int64_t)r->body_bytes : 0;
    add->wait_us = took_ns / 1000;
    body_drop(s);
    return rc;
}

bool http_exchange_changes(const struct koppel_http_request *request)
{
    static const char *const methods[] = {"PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(request->method, methods[i]) == 0)
            return true;
    }
    return request->flags & KOPPEL_HTTP_WRITE;
}

static bool may_leave(const struct koppel_http_request *request, struct http_leave *leave)
{
    if (!leave || !http_exchange_changes(request))
        return true;
    bool may = leave->may(leave->arg);
    leave->left = leave->left || may;
    return may;
}

int http_exchange_bearer(struct http *h, const struct koppel_http_request *request,
                         const struct secret *token, struct http_leave *leave,
                         struct koppel_http_response *out, json_t *trace, bool *refused,
                         struct koppel_error *err)
{
    *refused = false;
    if (!request->method || !request->url)
        return err_set(err, KOPPEL_E_BUG, "%s: a request without method or address", h->name);
    struct http_slot *s = http_slot_take(h, err);
    if (!s)
        return -1;
    struct http_stats add = {0};
    long status = 0;
    int rc = -1;
    if (!may_leave(request, leave))
        err_reason(err, KOPPEL_E_CANCELLED, HTTP_LEASE_OVER, "%s: it was not sent, as the time for "
                   "it was over", h->name);
    else if (http_request_set(h, s, request, token, err) == 0)
        rc = exchange_in(h, s, request, out, trace, &status, &add, err);
    http_slot_give(h, s, &add);
    *refused = rc != 0 && status == 401;
    return rc;
}

int http_exchange(struct http *h, const struct koppel_http_request *request,
                  struct koppel_http_response *out, json_t *trace, struct koppel_error *err)
{
    bool refused;
    return http_exchange_bearer(h, request, NULL, NULL, out, trace, &refused, err);
}
