/* SPDX-License-Identifier: MIT
 * Masking and the trace of exchanges. Secrets never reach the JSON that the store keeps. */
#include "http/http_trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cut.h"
#include "base/json_scan.h"
#include "base/secret.h"
#include "http/http_words.h"

#define BODY_MAX_BYTES (64 * 1024)
#define CUT_SLACK_BYTES 4096 /* masked before cutting, so that no half of a secret stays */
#define URL_MAX_BYTES (64 * 1024)
#define MASK "****"

size_t http_trace_escape(const char *text, size_t bytes, char *out)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = hex[c >> 4];
            out[n++] = hex[c & 15];
        }
    }
    return n;
}

/* Values shorter than the mask are left: they would grow, and are no secrets worth the name. */
static void mask_value(char *text, const char *value)
{
    size_t bytes = strlen(value);
    if (bytes < sizeof MASK - 1)
        return;
    for (char *at = text; (at = strstr(at, value)); at += sizeof MASK - 1) {
        memcpy(at, MASK, sizeof MASK - 1);
        memmove(at + sizeof MASK - 1, at + bytes, strlen(at + bytes) + 1);
    }
}

static void mask_pairs(const struct koppel_pair *pairs, uint32_t count, char *text)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!pairs[i].secret || !pairs[i].value)
            continue;
        mask_value(text, pairs[i].value);
        size_t bytes = strlen(pairs[i].value);
        char *escaped = malloc(bytes * 3 + 1);
        if (!escaped) {
            text[0] = '\0'; /* better nothing than a secret */
            return;
        }
        escaped[http_trace_escape(pairs[i].value, bytes, escaped)] = '\0';
        mask_value(text, escaped);
        explicit_bzero(escaped, bytes * 3);
        free(escaped);
    }
}

void http_trace_mask(const struct koppel_http_request *request, char *text)
{
    mask_pairs(request->query, request->query_count, text);
    mask_pairs(request->headers, request->header_count, text);
    mask_text(text);
}

/* A JSON string takes UTF-8 only. */
static json_t *text_json(const char *text, size_t limit)
{
    if (json_scan_is_text(text, strlen(text)))
        return json_stringn_nocheck(text, cut_bytes(text, limit));
    char *sound = cut_valid(text, strlen(text));
    json_t *value = sound ? json_stringn_nocheck(sound, cut_bytes(sound, limit)) : NULL;
    free(sound);
    return value;
}

static char *body_copy(const struct koppel_http_request *request, const char *body, size_t bytes,
                       size_t max)
{
    size_t take = bytes < max + CUT_SLACK_BYTES ? bytes : max + CUT_SLACK_BYTES;
    char *text = malloc(take + 1);
    if (!text)
        return NULL;
    if (take > 0)
        memcpy(text, body, take);
    text[take] = '\0';
    for (char *nul = text; (nul = memchr(nul, '\0', (size_t)(text + take - nul)));)
        *nul = ' '; /* masking stops at a NUL */
    http_trace_mask(request, text);
    return text;
}

static bool is_private(const struct koppel_http_request *request)
{
    return (request->flags & KOPPEL_HTTP_PRIVATE) != 0;
}

static json_t *value_json(const struct koppel_http_request *request, const char *value,
                          size_t bytes)
{
    char *text = body_copy(request, value, bytes, BODY_MAX_BYTES);
    if (!text)
        return NULL;
    json_t *masked = text_json(text, BODY_MAX_BYTES);
    free(text);
    return masked;
}

static json_t *body_json(const struct koppel_http_request *request, const char *body, size_t bytes)
{
    return is_private(request) ? json_string(MASK) : value_json(request, body, bytes);
}

void http_trace_excerpt(const struct koppel_http_request *request, const char *body, size_t bytes,
                        char *out, size_t room)
{
    out[0] = '\0';
    if (is_private(request))
        return;
    char *words = http_words(body, bytes);
    char *text = words ? body_copy(request, words, strlen(words), room)
                       : body_copy(request, body, bytes, room);
    free(words);
    if (!text)
        return;
    size_t n = cut_copy(out, room, text);
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)out[i] < ' ' ? ' ' : out[i];
    free(text);
}

/* The address with its query; the value of a secret parameter is never even copied. */
static json_t *url_json(const struct koppel_http_request *request)
{
    json_t *value = NULL;
    struct buf url;
    buf_init(&url, URL_MAX_BYTES * 4);
    buf_add_text(&url, request->url);
    for (uint32_t i = 0; i < request->query_count; i++) {
        const struct koppel_pair *q = &request->query[i];
        size_t name_bytes = strlen(q->name), bytes = q->value ? strlen(q->value) : 0;
        char *escaped = malloc((name_bytes > bytes ? name_bytes : bytes) * 3 + 1);
        if (!escaped)
            goto out;
        buf_add_char(&url, i == 0 && !strchr(request->url, '?') ? '?' : '&');
        buf_add(&url, escaped, http_trace_escape(q->name, name_bytes, escaped));
        buf_add_char(&url, '=');
        if (q->secret)
            buf_add_text(&url, MASK);
        else
            buf_add(&url, escaped, http_trace_escape(q->value ? q->value : "", bytes, escaped));
        free(escaped);
    }
    if (buf_ok(&url) && url.data) {
        http_trace_mask(request, url.data);
        value = text_json(url.data, URL_MAX_BYTES * 4);
    }
out:
    buf_done(&url);
    return value;
}

static json_t *headers_json(const struct koppel_http_request *request)
{
    json_t *headers = json_object();
    for (uint32_t i = 0; i < request->header_count; i++) {
        const struct koppel_pair *h = &request->headers[i];
        const char *value = h->secret ? MASK : h->value ? h->value : "";
        json_object_set_new(headers, h->name, value_json(request, value, strlen(value)));
    }
    return headers;
}

json_t *http_trace_request(const struct koppel_http_request *request)
{
    json_t *step = json_pack("{s:s,s:s,s:o,s:o}", "what", request->what ? request->what : "",
                             "method", request->method, "url", url_json(request), "headers",
                             headers_json(request));
    if (step && request->body)
        json_object_set_new(step, "body",
                            body_json(request, request->body, (size_t)request->body_bytes));
    return step;
}

void http_trace_add(json_t *trace, const struct koppel_http_request *request, uint32_t status,
                    const char *body, size_t body_bytes, int64_t ms, const char *failure)
{
    json_t *step = json_object();
    if (!step)
        return;
    json_object_set_new(step, "what", json_string(request->what ? request->what : ""));
    json_object_set_new(step, "method", json_string(request->method));
    json_object_set_new(step, "url", url_json(request));
    if (request->body)
        json_object_set_new(step, "request",
                            body_json(request, request->body, (size_t)request->body_bytes));
    json_object_set_new(step, "status", json_integer((json_int_t)status));
    if (status != 0)
        json_object_set_new(step, "response", body_json(request, body, body_bytes));
    json_object_set_new(step, "ms", json_integer((json_int_t)ms));
    if (failure)
        json_object_set_new(step, "error", json_string(failure));
    json_array_append_new(trace, step);
}
