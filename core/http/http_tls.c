/* SPDX-License-Identifier: MIT
 * What a TLS handshake showed. */
#include "http/http_tls.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cut.h"
#include "http/http_request.h"

/* Results of the verification, as OpenSSL numbers them (X509_V_ERR_). */
enum { NOT_YET_VALID = 9, EXPIRED = 10, SELF_SIGNED = 18, SELF_SIGNED_CHAIN = 19, NO_ISSUER = 20,
       NO_FIRST = 21 };

/* ---- why it failed ---- */

/* The TLS library's words for "no version in common": the peer's alert, or our own refusal. Time
 * does not heal it, so it is told apart from a peer that is down. */
static bool is_version_refusal(const char *problem)
{
    return strstr(problem, "protocol version") || strstr(problem, "unsupported protocol") ||
           strstr(problem, "no protocols available");
}

/* And for an answer that is none of TLS. */
static bool is_no_tls(const char *problem)
{
    return strstr(problem, "wrong version number") || strstr(problem, "packet length too long") ||
           strstr(problem, "unexpected message") || strstr(problem, "http request");
}

static void untrusted(const struct http *h, const struct http_slot *s, const char *origin,
                      const char *problem, struct koppel_error *err)
{
    struct http_certificate c;
    long result = 0;
    curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &result);
    if (result == EXPIRED || result == NOT_YET_VALID)
        err_reason(err, KOPPEL_E_RETRY, HTTP_TLS_ENDED,
                   "%s: the certificate of %s %s, or the clock of this machine is wrong", h->name,
                   origin, result == EXPIRED ? "has expired" : "is not valid yet");
    else if (result == SELF_SIGNED || result == SELF_SIGNED_CHAIN || result == NO_ISSUER ||
             result == NO_FIRST)
        err_reason(err, KOPPEL_E_CONFIG, HTTP_TLS_ISSUER,
                   "%s: the certificate of %s is not trusted, as nobody known has issued it (%s); "
                   "if its issuer is your own, name its CA file in the setting tls_ca",
                   h->name, origin, problem);
    else if (strstr(problem, "target host name"))
        err_reason(err, KOPPEL_E_CONFIG, HTTP_TLS_NAME,
                   "%s: the certificate of %s is of another host%s%s", h->name, origin,
                   http_tls_certificate(s, &c) && c.names[0] ? ": " : "", c.names);
    else
        err_reason(err, KOPPEL_E_CONFIG, HTTP_TLS_UNTRUSTED,
                   "%s: the certificate of %s is not trusted (%s)", h->name, origin, problem);
}

bool http_tls_failed(const struct http *h, const struct http_slot *s, CURLcode code,
                     const char *origin, const char *problem, struct koppel_error *err)
{
    if (s->sends > 0)
        return false;
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM:
        untrusted(h, s, origin, problem, err);
        return true;
    case CURLE_SSL_CONNECT_ERROR:
        if (is_version_refusal(problem))
            err_reason(err, KOPPEL_E_CONFIG, HTTP_TLS_VERSION,
                       "%s: %s does not speak TLS %s, the lowest version that tls_min of this "
                       "connection allows (%s)",
                       h->name, origin, h->limits.tls_min == 13 ? "1.3" : "1.2", problem);
        else if (is_no_tls(problem))
            err_reason(err, KOPPEL_E_CONFIG, HTTP_TLS_NONE,
                       "%s: what answers at %s speaks no TLS (%s)", h->name, origin, problem);
        else
            return false;
        return true;
    default:
        return false;
    }
}

/* ---- the certificate ---- */

/* "Subject:CN = books.example" -> "books.example"; what has no common name is shown whole. */
static void common_name(const char *text, char *out, size_t room)
{
    const char *name = strstr(text, "CN = ");
    name = name ? name + 5 : text;
    size_t n = strcspn(name, ",");
    if (n > room - 1)
        n = room - 1;
    memcpy(out, name, n);
    out[n] = '\0';
}

/* "DNS:books.example, IP Address:127.0.0.1" -> "books.example, 127.0.0.1" */
static void all_names(const char *text, char *out, size_t room)
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *p = text; *p && used < room - 1;) {
        size_t n = strcspn(p, ",");
        const char *colon = memchr(p, ':', n);
        const char *name = colon ? colon + 1 : p;
        int more = snprintf(out + used, room - used, "%s%.*s", used ? ", " : "",
                            (int)(p + n - name), name);
        used += more > 0 ? (size_t)more : 0;
        p += n;
        p += strspn(p, ", ");
    }
}

bool http_tls_certificate(const struct http_slot *s, struct http_certificate *out)
{
    struct curl_certinfo *chain = NULL;
    *out = (struct http_certificate){0};
    if (curl_easy_getinfo(s->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
        chain->num_of_certs < 1)
        return false;
    for (const struct curl_slist *at = chain->certinfo[0]; at; at = at->next) {
        const char *value = strchr(at->data, ':');
        size_t name = value ? (size_t)(value - at->data) : 0;
        if (!value++)
            continue;
        if (name == 7 && strncmp(at->data, "Subject", name) == 0 && !out->names[0])
            common_name(value, out->names, sizeof out->names);
        else if (name == 6 && strncmp(at->data, "Issuer", name) == 0)
            common_name(value, out->issuer, sizeof out->issuer);
        else if (name == 11 && strncmp(at->data, "Expire date", name) == 0)
            out->ends_ms = (int64_t)curl_getdate(value, NULL) * 1000;
        else if (name == 31 && strncmp(at->data, "X509v3 Subject Alternative Name", name) == 0)
            all_names(value, out->names, sizeof out->names);
    }
    return out->ends_ms > 0;
}

void http_tls_note(struct http *h, const struct http_slot *s)
{
    struct http_certificate c;
    const char *url = NULL;
    long made = 0;
    if (s->plain || curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &made) != CURLE_OK ||
        made == 0 || !http_tls_certificate(s, &c))
        return;
    curl_easy_getinfo(s->easy, CURLINFO_EFFECTIVE_URL, &url);
    http_request_origin(url ? url : "", c.host, sizeof c.host);
    pthread_mutex_lock(&h->lock);
    int at = 0;
    while (at < h->certificate_count && strcmp(h->certificates[at].host, c.host) != 0)
        at++;
    if (at < HTTP_CERTIFICATES_MAX) {
        h->certificates[at] = c;
        if (at == h->certificate_count)
            h->certificate_count++;
    }
    pthread_mutex_unlock(&h->lock);
}
