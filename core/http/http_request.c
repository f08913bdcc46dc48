/* SPDX-License-Identifier: MIT
 * A request on its way into libcurl: which addresses are allowed, and the slot's memory that its
 * address and headers live in. */
#include "http/http_request.h"

#include <string.h>
#include <strings.h>

#include "base/cut.h"
#include "http/http_host.h"
#include "http/http_trace.h"

void http_request_origin(const char *url, char *out, size_t room)
{
    const char *host = strstr(url, "://");
    if (!host) {
        snprintf(out, room, "?");
        return;
    }
    host += 3;
    size_t n = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', n);
    if (at) {
        n -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    snprintf(out, room, "%.*s", (int)(n < 200 ? n : 200), host);
}

static int url_check(const struct http *h, const char *url, bool *plain, struct koppel_error *err)
{
    *plain = false;
    if (strncasecmp(url, "https://", 8) == 0)
        return 0;
    if (strncasecmp(url, "http://", 7) == 0) {
        *plain = true;
        if (http_host_is_loopback(url + 7))
            return 0;
        char origin[256];
        http_request_origin(url, origin, sizeof origin);
        return err_set(err, KOPPEL_E_CONFIG,
                       "%s: plain http to %s is refused, it would send the "
                       "login unprotected; use https",
                       h->name, origin);
    }
    return err_set(err, KOPPEL_E_CONFIG,
                   "%s: the address must begin with https:// (or http:// "
                   "for this machine itself)",
                   h->name);
}

static int add_escaped(struct buf *b, const char *text)
{
    char piece[3 * 256];
    for (size_t left = strlen(text), take; left > 0; left -= take, text += take) {
        take = left < 256 ? left : 256;
        if (buf_add(b, piece, http_trace_escape(text, take, piece)) != 0)
            return -1;
    }
    explicit_bzero(piece, sizeof piece);
    return 0;
}

static int set_url(const struct http *h, struct http_slot *s, const struct koppel_http_request *r,
                   struct koppel_error *err)
{
    bool plain;
    if (url_check(h, r->url, &plain, err) != 0)
        return -1;
    buf_clear(&s->url);
    buf_add_text(&s->url, r->url);
    for (uint32_t i = 0; i < r->query_count; i++) {
        buf_add_char(&s->url, i == 0 && !strchr(r->url, '?') ? '?' : '&');
        add_escaped(&s->url, r->query[i].name);
        buf_add_char(&s->url, '=');
        add_escaped(&s->url, r->query[i].value ? r->query[i].value : "");
    }
    if (!buf_ok(&s->url))
        return err_set(err, KOPPEL_E_REJECTED,
                       "%s: the address and its query are longer than %d "
                       "bytes",
                       h->name, HTTP_URL_MAX);
    if (plain != s->plain || s->sends == 0) {
        /* A proxy of the environment has no business with this machine's own traffic. */
        if (curl_easy_setopt(s->easy, CURLOPT_PROXY, plain ? "" : NULL) != CURLE_OK)
            return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", h->name);
        s->plain = plain;
    }
    if (curl_easy_setopt(s->easy, CURLOPT_URL, buf_text(&s->url)) != CURLE_OK)
        return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", h->name);
    return 0;
}

static int add_header(struct http_slot *s, size_t offsets[], int *count, const char *name,
                      const char *value)
{
    /* A line break would smuggle in further headers. */
    if (*count >= HTTP_HEADERS_MAX || strpbrk(name, "\r\n:") || strpbrk(value, "\r\n"))
        return -1;
    offsets[(*count)++] = s->header_text.bytes;
    buf_add_text(&s->header_text, name);
    buf_add(&s->header_text, value[0] ? ": " : ";", value[0] ? 2 : 1); /* "Name;" sends it empty */
    buf_add_text(&s->header_text, value);
    return buf_add(&s->header_text, "", 1);
}

static int set_headers(const struct http *h, struct http_slot *s,
                       const struct koppel_http_request *r, const struct secret *token,
                       struct koppel_error *err)
{
    static char no_expect[] = "Expect:";
    size_t offsets[HTTP_HEADERS_MAX];
    int n = 0;
    buf_clear(&s->header_text);
    for (uint32_t i = 0; i < r->header_count; i++) {
        if (add_header(s, offsets, &n, r->headers[i].name,
                       r->headers[i].value ? r->headers[i].value : "") != 0)
            return err_set(err, KOPPEL_E_BUG,
                           "%s: header %u (\"%.*s\") cannot be sent: a line "
                           "break in it, or too many",
                           h->name, i, CUT(r->headers[i].name, 40));
    }
    if (token) {
        const char *text = secret_text(token);
        if (n >= HTTP_HEADERS_MAX || strpbrk(text, "\r\n"))
            return err_set(err, KOPPEL_E_AUTH, "%s: the access token cannot be sent", h->name);
        offsets[n++] = s->header_text.bytes;
        buf_add_text(&s->header_text, "Authorization: Bearer ");
        buf_add_text(&s->header_text, text);
        buf_add(&s->header_text, "", 1);
    }
    if (!buf_ok(&s->header_text))
        return err_set(err, KOPPEL_E_REJECTED, "%s: the headers are longer than %d bytes", h->name,
                       HTTP_HEADER_TEXT_MAX);
    /* The nodes are the slot's: libcurl only walks them. Set when all text is in its place. */
    s->nodes[0] = (struct curl_slist){no_expect, NULL};
    for (int i = 0; i < n; i++) {
        s->nodes[i + 1] = (struct curl_slist){s->header_text.data + offsets[i], NULL};
        s->nodes[i].next = &s->nodes[i + 1];
    }
    curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, &s->nodes[0]);
    return 0;
}

static int set_method(const struct http *h, struct http_slot *s,
                      const struct koppel_http_request *r, struct koppel_error *err)
{
    static const char none[] = "";
    size_t n = strlen(r->method);
    bool get = strcmp(r->method, "GET") == 0, head = strcmp(r->method, "HEAD") == 0;
    if (n == 0 || n >= HTTP_METHOD_MAX || strspn(r->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != n)
        return err_set(err, KOPPEL_E_BUG, "%s: \"%.*s\" is no HTTP method", h->name,
                       CUT(r->method, 20));
    bool changed = strcmp(r->method, s->method) != 0;
    if (changed)
        memcpy(s->method, r->method, n + 1);
    if ((get || head) && !r->body) {
        if (changed || s->sends == 0)
            curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, NULL);
        curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L);
        if (head)
            curl_easy_setopt(s->easy, CURLOPT_NOBODY, 1L);
        return 0;
    }
    if (changed) /* a HEAD before this one would hide the answer's body */
        curl_easy_setopt(s->easy, CURLOPT_NOBODY, 0L);
    curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)(r->body ? r->body_bytes : 0));
    curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, r->body ? r->body : none);
    if (strcmp(r->method, "DELETE") == 0 && !r->body)
        curl_easy_setopt(s->easy, CURLOPT_HTTPGET, 1L); /* as GET: without a body length */
    curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, s->method);
    return 0;
}

int http_request_set(const struct http *h, struct http_slot *s, const struct koppel_http_request *r,
                     const struct secret *token, struct koppel_error *err)
{
    if (set_url(h, s, r, err) != 0 || set_headers(h, s, r, token, err) != 0)
        return -1;
    return set_method(h, s, r, err);
}
