/* SPDX-License-Identifier: MIT
 * Name, connection and TLS of an address. */
#include "http/http_reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/http_request.h"
#include "http/http_tls.h"

#define VERSION_LINE "SSL connection using TLSv" /* libcurl's words */

struct trying {
    struct http_reach *out;
    int64_t begun_ns, hello_ns; /* hello: when the TLS handshake began; 0: it did not */
};

/* libcurl tells the version of TLS, and that a handshake began which then failed, in no other
 * way. */
static int on_words(CURL *easy, curl_infotype kind, char *text, size_t bytes, void *arg)
{
    struct trying *t = arg;
    const size_t line = sizeof VERSION_LINE - 1;
    (void)easy;
    if (kind == CURLINFO_SSL_DATA_OUT && t->hello_ns == 0)
        t->hello_ns = clock_monotonic_ns();
    if (kind == CURLINFO_TEXT && bytes > line && strncmp(text, VERSION_LINE, line) == 0)
        snprintf(t->out->version, sizeof t->out->version, "TLS %.*s",
                 (int)strcspn(text + line, " /\n"), text + line);
    return 0;
}

static int64_t spent_ms(CURL *easy, CURLINFO what)
{
    curl_off_t us = 0;
    curl_easy_getinfo(easy, what, &us);
    return us > 0 ? (us + 999) / 1000 : 0;
}

/* libcurl's times count from the beginning; 0: it did not come to that. */
static void take_times(struct http_slot *s, CURLcode code, const struct trying *t)
{
    struct http_reach *out = t->out;
    int64_t at[HTTP_REACH_PARTS] = {spent_ms(s->easy, CURLINFO_NAMELOOKUP_TIME_T),
                                    spent_ms(s->easy, CURLINFO_CONNECT_TIME_T),
                                    spent_ms(s->easy, CURLINFO_APPCONNECT_TIME_T)};
    if (at[HTTP_REACH_CONNECT] == 0 && t->hello_ns > 0) /* untold where the handshake failed */
        at[HTTP_REACH_CONNECT] = (t->hello_ns - t->begun_ns + 999999) / 1000000;
    int64_t total = spent_ms(s->easy, CURLINFO_TOTAL_TIME_T), before = 0;
    int wanted = out->plain ? HTTP_REACH_TLS : HTTP_REACH_PARTS;
    while (out->parts < wanted && (at[out->parts] > 0 || code == CURLE_OK)) {
        int64_t until = at[out->parts] > before ? at[out->parts] : before;
        out->ms[out->parts++] = until - before;
        before = until;
    }
    /* a handshake whose certificate is refused has its time, but did not go well */
    if (code != CURLE_OK && out->parts == wanted)
        out->parts--;
    if (out->parts < wanted)
        out->ms[out->parts] = total > before ? total - before : out->ms[out->parts];
    else
        out->parts = HTTP_REACH_PARTS;
}

static int failed(struct http *h, const struct http_slot *s, CURLcode code,
                  const struct http_reach *out, struct koppel_error *err)
{
    static const char *const waited[] = {"its name was not resolved", "it did not take the "
                                         "connection", "it did not answer the TLS handshake"};
    const char *problem = s->problem[0] ? s->problem : curl_easy_strerror(code);
    long os = 0;
    if (http_tls_failed(h, s, code, out->origin, problem, err))
        return -1;
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return err_reason(err, KOPPEL_E_RETRY, "http.name", "%s: %s has no address (%s)", h->name,
                          out->origin, problem);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err_reason(err, KOPPEL_E_RETRY, "http.timeout", "%s: %s: %s in time", h->name,
                          out->origin, waited[out->parts < HTTP_REACH_PARTS ? out->parts : 0]);
    if (out->parts == HTTP_REACH_TLS)
        return err_reason(err, KOPPEL_E_RETRY, "tls.closed",
                          "%s: %s ended the connection instead of answering the TLS handshake (%s)",
                          h->name, out->origin, problem);
    curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &os);
    return err_reason(err, KOPPEL_E_RETRY, "http.connect", "%s: cannot connect to %s: %s", h->name,
                      out->origin, os ? strerror((int)os) : problem);
}

int http_reach(struct http *h, const char *url, struct http_reach *out, struct koppel_error *err)
{
    const struct koppel_http_request request = {.struct_size = sizeof request, .method = "GET",
                                                .url = url};
    struct trying trying = {.out = out};
    struct http_slot s = {0};
    CURLcode code = CURLE_OK;
    const char *address = NULL;
    *out = (struct http_reach){0};
    http_request_origin(url, out->origin, sizeof out->origin);
    if (http_slot_init(h, &s) != 0)
        return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", h->name);
    int rc = http_request_set(h, &s, &request, NULL, err);
    if (rc == 0) {
        out->plain = s.plain;
        curl_easy_setopt(s.easy, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(s.easy, CURLOPT_VERBOSE, 1L);
        curl_easy_setopt(s.easy, CURLOPT_DEBUGFUNCTION, on_words);
        curl_easy_setopt(s.easy, CURLOPT_DEBUGDATA, &trying);
        trying.begun_ns = clock_monotonic_ns();
        if (http_slot_run(h, &s, &code) != 0)
            rc = http_slot_cancelled(h, err);
    }
    if (rc == 0) {
        take_times(&s, code, &trying);
        if (curl_easy_getinfo(s.easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
            snprintf(out->address, sizeof out->address, "%s", address);
        (void)http_tls_certificate(&s, &out->certificate);
        if (code != CURLE_OK)
            rc = failed(h, &s, code, out, err);
        else
            http_tls_note(h, &s);
    }
    http_slot_done(&s);
    return rc;
}
