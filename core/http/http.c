/* SPDX-License-Identifier: MIT
 * The HTTP client of one connection: a pool of slots, each with one multi and one easy handle that
 * are kept for the life of the client, so a request costs no handle, no list and no new connection.
 *
 * A slot is one thread's at a time; curl_multi_wakeup is the only call that crosses threads. */
#include "http/http.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "http/http_trace.h"
#include "http/oauth2.h"
#include "http/rate.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define HEADERS_MAX 64
#define HEADER_TEXT_MAX (128 * 1024)
#define URL_MAX (64 * 1024)
#define METHOD_MAX 16
#define POLL_MS 1000
#define LOW_SPEED_SECONDS 30L
#define BODY_FIRST_BYTES 2048
#define EXCERPT_BYTES 240
#define RETRY_AFTER_MAX_MS INT64_C(86400000)
/* A peer's "wait" up to here is waited for by every thread of the connection; a longer one is told
 * to the engine, which has better things to do meanwhile. */
#define HOLD_WAIT_MS INT64_C(10000)

struct slot {
    CURL *easy;
    CURLM *multi;
    struct slot *next_free;
    char problem[CURL_ERROR_SIZE];

    /* Kept from request to request, so that only changes are told to libcurl. */
    char method[METHOD_MAX];
    bool plain; /* http, not https */
    struct buf url, header_text;
    struct curl_slist nodes[HEADERS_MAX + 1];

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
    struct oauth2 *oauth;

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

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_SECOND + t.tv_nsec;
}

/* ---- libcurl's callbacks ---- */

static int body_grow(struct slot *s, size_t want)
{
    size_t room = s->room ? s->room : BODY_FIRST_BYTES;

    if (s->room == 0) {
        curl_off_t told = -1; /* the peer's word only sizes the first piece, within the cap */

        curl_easy_getinfo(s->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told);
        if (told > 0 && (uint64_t)told <= s->limit && (uint64_t)told + 256 > room)
            room = (size_t)told + 256;
    }
    while (room < want)
        room *= 2;
    char *body = realloc(s->body, room);
    if (!body)
        return -1;
    s->body = body;
    s->room = room;
    return 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
    struct slot *s = arg;
    size_t bytes = size * count;

    if (bytes > s->limit - s->bytes) {
        s->over_limit = true;
        return 0;
    }
    if (s->bytes + bytes + 1 > s->room && body_grow(s, s->bytes + bytes + 1) != 0) {
        s->no_memory = true;
        return 0;
    }
    memcpy(s->body + s->bytes, data, bytes);
    s->bytes += bytes;
    return bytes;
}

/* Called each time the request is about to go out. libcurl silently repeats a request when a kept
 * connection dies without an answer; for a write that could mean doing it twice. */
static int on_send(void *arg, char *ip, char *local_ip, int port, int local_port)
{
    struct slot *s = arg;

    (void)ip;
    (void)local_ip;
    (void)port;
    (void)local_port;
    if (s->once && s->sends > 0)
        return CURL_PREREQFUNC_ABORT;
    s->sends++;
    return CURL_PREREQFUNC_OK;
}

/* ---- slots ---- */

static int slot_options(const struct http *h, struct slot *s)
{
    CURL *e = s->easy;
    long tls = h->limits.tls_min == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
    int bad = 0;

#define SET(option, value) (bad |= curl_easy_setopt(e, option, value) != CURLE_OK)
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, tls);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_ACCEPT_ENCODING, "");
    SET(CURLOPT_USERAGENT, "koppel/0.1");
    SET(CURLOPT_TCP_NODELAY, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_NOPROGRESS, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)h->limits.connect_timeout_ms);
    SET(CURLOPT_TIMEOUT_MS, (long)h->limits.timeout_ms);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, LOW_SPEED_SECONDS);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, s);
    SET(CURLOPT_PREREQFUNCTION, on_send);
    SET(CURLOPT_PREREQDATA, s);
    SET(CURLOPT_ERRORBUFFER, s->problem);
    SET(CURLOPT_PRIVATE, s);
    if (h->tls_ca) /* the system's directory of certificates stays in use beside it */
        SET(CURLOPT_CAINFO, h->tls_ca);
#undef SET
    return bad ? -1 : 0;
}

static void slot_done(struct slot *s)
{
    if (s->easy)
        curl_easy_cleanup(s->easy);
    if (s->multi)
        curl_multi_cleanup(s->multi);
    s->easy = NULL;
    s->multi = NULL;
    buf_wipe_done(&s->url);
    buf_wipe_done(&s->header_text);
}

static int slot_init(const struct http *h, struct slot *s)
{
    buf_init(&s->url, URL_MAX);
    buf_init(&s->header_text, HEADER_TEXT_MAX);
    s->easy = curl_easy_init();
    s->multi = curl_multi_init();
    if (!s->easy || !s->multi || slot_options(h, s) != 0) {
        slot_done(s);
        return -1;
    }
    curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, 4L);
    return 0;
}

static int cancelled_error(const struct http *h, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CANCELLED, "%s: stopping", h->name);
}

/* Waits under the lock until a time or until cancelled. */
static void wait_until(struct http *h, int64_t until_ns)
{
    struct timespec t = {(time_t)(until_ns / NS_PER_SECOND), (long)(until_ns % NS_PER_SECOND)};

    while (!atomic_load(&h->cancelled) && now_ns() < until_ns)
        pthread_cond_timedwait(&h->stopped, &h->lock, &t);
}

/* The peer's Retry-After and our own rate. Under the lock. */
static int wait_turn(struct http *h, struct koppel_error *err)
{
    int64_t now = h->rate.interval_ns || h->hold_until_ns ? now_ns() : 0;
    int64_t until = 0;

    if (h->hold_until_ns > now) {
        int64_t ms = (h->hold_until_ns - now + NS_PER_MS - 1) / NS_PER_MS;

        if (ms > HOLD_WAIT_MS) {
            err_set(err, KOPPEL_E_RETRY, "%s: the peer asked to wait; %lld s are left", h->name,
                    (long long)((ms + 999) / 1000));
            if (err)
                err->retry_after_ms = ms;
            return -1;
        }
        until = h->hold_until_ns;
    }
    int64_t wait = rate_take(&h->rate, until > now ? until : now);
    if (wait > 0)
        until = (until > now ? until : now) + wait;
    if (until > now)
        wait_until(h, until);
    return 0;
}

static struct slot *slot_take(struct http *h, struct koppel_error *err)
{
    struct slot *s = NULL;

    pthread_mutex_lock(&h->lock);
    if (wait_turn(h, err) != 0)
        goto out;
    while (!atomic_load(&h->cancelled) && !h->free_list && h->made == h->limits.concurrency)
        pthread_cond_wait(&h->freed, &h->lock);
    if (atomic_load(&h->cancelled)) {
        cancelled_error(h, err);
        goto out;
    }
    if (h->free_list) {
        s = h->free_list;
        h->free_list = s->next_free;
    } else if (slot_init(h, &h->slots[h->made]) == 0) {
        s = &h->slots[h->made++];
    } else {
        err_set(err, KOPPEL_E_CONFIG, "%s: the HTTP client could not be set up; check the setting "
                "tls_ca and the free memory", h->name);
    }
out:
    pthread_mutex_unlock(&h->lock);
    return s;
}

static void slot_give(struct http *h, struct slot *s, const struct http_stats *add)
{
    if (s->url.data)
        explicit_bzero(s->url.data, s->url.bytes);
    if (s->header_text.data)
        explicit_bzero(s->header_text.data, s->header_text.bytes);
    pthread_mutex_lock(&h->lock);
    s->next_free = h->free_list;
    h->free_list = s;
    h->stats.requests += add->requests;
    h->stats.retries_asked += add->retries_asked;
    h->stats.failures += add->failures;
    h->stats.wait_us += add->wait_us;
    h->stats.bytes_out += add->bytes_out;
    h->stats.bytes_in += add->bytes_in;
    pthread_cond_signal(&h->freed);
    pthread_mutex_unlock(&h->lock);
}

/* ---- the client ---- */

struct http *http_new(const char *name, const struct http_limits *limits, struct koppel_error *err)
{
    if (limits->tls_ca && access(limits->tls_ca, R_OK) != 0) {
        err_set(err, KOPPEL_E_CONFIG, "%s: cannot read tls_ca \"%s\": %s", name, limits->tls_ca,
                strerror(errno));
        return NULL;
    }
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
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->freed, &attr);
    pthread_cond_init(&h->stopped, &attr);
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
        slot_done(&h->slots[i]);
    free(h->slots);
    pthread_cond_destroy(&h->freed);
    pthread_cond_destroy(&h->stopped);
    pthread_mutex_destroy(&h->lock);
    free(h->name);
    free(h->tls_ca);
    free(h);
}

void http_set_oauth(struct http *h, struct oauth2 *oauth)
{
    h->oauth = oauth;
}

void http_cancel_all(struct http *h)
{
    atomic_store(&h->cancelled, true);
    pthread_mutex_lock(&h->lock);
    for (int i = 0; i < h->made; i++)
        curl_multi_wakeup(h->slots[i].multi);
    pthread_cond_broadcast(&h->freed);
    pthread_cond_broadcast(&h->stopped);
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

/* ---- the request ---- */

/* Is this 127.x.y.z, ::1 or localhost, written plainly? Anything that reads differently to another
 * parser (user info, other spellings of addresses) is not. */
static bool is_loopback(const char *host)
{
    size_t n = strcspn(host, "/?#");

    if (n >= 5 && strncmp(host, "[::1]", 5) == 0) {
        host += 5;
        n -= 5;
    } else if (n >= 9 && strncasecmp(host, "localhost", 9) == 0) {
        host += 9;
        n -= 9;
    } else {
        size_t digits = strspn(host, "0123456789.");
        int a, b, c, d, used = 0;

        if (digits > 15 || digits > n ||
            sscanf(host, "%3d.%3d.%3d.%3d%n", &a, &b, &c, &d, &used) != 4 ||
            (size_t)used != digits || a != 127 || b > 255 || c > 255 || d > 255)
            return false;
        host += digits;
        n -= digits;
    }
    if (n == 0)
        return true;
    return *host == ':' && strspn(host + 1, "0123456789") == n - 1;
}

/* "https://host:1" of an address, for messages: no path, no user info, no query. */
static void url_origin(const char *url, char *out, size_t room)
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
    char origin[256];

    *plain = false;
    if (strncasecmp(url, "https://", 8) == 0)
        return 0;
    if (strncasecmp(url, "http://", 7) == 0) {
        *plain = true;
        if (is_loopback(url + 7))
            return 0;
        url_origin(url, origin, sizeof origin);
        return err_set(err, KOPPEL_E_CONFIG, "%s: plain http to %s is refused, it would send the "
                       "login unprotected; use https", h->name, origin);
    }
    return err_set(err, KOPPEL_E_CONFIG, "%s: the address must begin with https:// (or http:// "
                   "for this machine itself)", h->name);
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

static int set_url(const struct http *h, struct slot *s, const struct koppel_http_request *r,
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
        return err_set(err, KOPPEL_E_REJECTED, "%s: the address and its query are longer than %d "
                       "bytes", h->name, URL_MAX);
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

static int add_header(struct slot *s, size_t offsets[], int *count, const char *name,
                      const char *value)
{
    /* A line break would smuggle in further headers. */
    if (*count >= HEADERS_MAX || strpbrk(name, "\r\n:") || strpbrk(value, "\r\n"))
        return -1;
    offsets[(*count)++] = s->header_text.bytes;
    buf_add_text(&s->header_text, name);
    buf_add(&s->header_text, value[0] ? ": " : ";", value[0] ? 2 : 1); /* "Name;" sends it empty */
    buf_add_text(&s->header_text, value);
    return buf_add(&s->header_text, "", 1);
}

static int set_headers(const struct http *h, struct slot *s, const struct koppel_http_request *r,
                       const struct secret *token, struct koppel_error *err)
{
    static char no_expect[] = "Expect:";
    size_t offsets[HEADERS_MAX];
    int n = 0;

    buf_clear(&s->header_text);
    for (uint32_t i = 0; i < r->header_count; i++)
        if (add_header(s, offsets, &n, r->headers[i].name,
                       r->headers[i].value ? r->headers[i].value : "") != 0)
            return err_set(err, KOPPEL_E_BUG, "%s: header %u (\"%.40s\") cannot be sent: a line "
                           "break in it, or too many", h->name, i, r->headers[i].name);
    if (token) {
        const char *text = secret_text(token);

        if (n >= HEADERS_MAX || strpbrk(text, "\r\n"))
            return err_set(err, KOPPEL_E_AUTH, "%s: the access token cannot be sent", h->name);
        offsets[n++] = s->header_text.bytes;
        buf_add_text(&s->header_text, "Authorization: Bearer ");
        buf_add_text(&s->header_text, text);
        buf_add(&s->header_text, "", 1);
    }
    if (!buf_ok(&s->header_text))
        return err_set(err, KOPPEL_E_REJECTED, "%s: the headers are longer than %d bytes", h->name,
                       HEADER_TEXT_MAX);
    /* The nodes are the slot's: libcurl only walks them. Set when all text is in its place. */
    s->nodes[0] = (struct curl_slist){no_expect, NULL};
    for (int i = 0; i < n; i++) {
        s->nodes[i + 1] = (struct curl_slist){s->header_text.data + offsets[i], NULL};
        s->nodes[i].next = &s->nodes[i + 1];
    }
    curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, &s->nodes[0]);
    return 0;
}

static int set_method(const struct http *h, struct slot *s, const struct koppel_http_request *r,
                      struct koppel_error *err)
{
    static const char none[] = "";
    size_t n = strlen(r->method);
    bool get = strcmp(r->method, "GET") == 0, head = strcmp(r->method, "HEAD") == 0;

    if (n == 0 || n >= METHOD_MAX || strspn(r->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != n)
        return err_set(err, KOPPEL_E_BUG, "%s: \"%.20s\" is no HTTP method", h->name, r->method);
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

/* ---- one exchange ---- */

/* Drives the handle to its end. -1: cancelled. */
static int run(struct http *h, struct slot *s, CURLcode *result)
{
    int running = 1;

    *result = CURLE_FAILED_INIT;
    if (curl_multi_add_handle(s->multi, s->easy) != CURLM_OK)
        return 0;
    while (!atomic_load(&h->cancelled)) {
        if (curl_multi_perform(s->multi, &running) != CURLM_OK || running == 0)
            break;
        curl_multi_poll(s->multi, NULL, 0, POLL_MS, NULL);
    }
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(s->multi, &left)) != NULL;)
        if (m->msg == CURLMSG_DONE && m->easy_handle == s->easy) {
            *result = m->data.result;
            running = 0;
        }
    curl_multi_remove_handle(s->multi, s->easy);
    return running == 0 ? 0 : -1;
}

static void body_drop(struct slot *s)
{
    free(s->body);
    s->body = NULL;
    s->bytes = s->room = 0;
}

/* An exchange without an answer: what may the engine conclude? */
static int failure(const struct http *h, const struct slot *s, const struct koppel_http_request *r,
                   CURLcode code, struct koppel_error *err)
{
    char origin[256], why[CURL_ERROR_SIZE + 64];
    const char *what = r->what && r->what[0] ? r->what : r->method;
    bool sent = s->sends > 0;

    url_origin(r->url, origin, sizeof origin);
    if (code == CURLE_ABORTED_BY_CALLBACK) /* on_send kept libcurl from sending it twice */
        snprintf(why, sizeof why, "the connection was closed");
    else
        snprintf(why, sizeof why, "%s", s->problem[0] ? s->problem : curl_easy_strerror(code));
    http_trace_mask(r, why);
    if (!sent && (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                  code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CERTPROBLEM))
        return err_reason(err, KOPPEL_E_CONFIG, "tls.certificate",
                          "%s: the certificate of %s is not trusted (%s); if its issuer is your "
                          "own, name its CA file in the setting tls_ca", h->name, origin, why);
    if (!sent && (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL))
        return err_set(err, KOPPEL_E_CONFIG, "%s: the address of %s cannot be used: %s", h->name,
                       what, why);
    if (!sent)
        return err_reason(err, KOPPEL_E_RETRY, "http.connect", "%s: cannot connect to %s: %s",
                          h->name, origin, why);
    if (s->over_limit && !s->once)
        return err_reason(err, KOPPEL_E_REJECTED, "http.limit",
                          "%s: the answer to %s is larger than the limit of %llu bytes; raise "
                          "limit_mb of the connection if that is right", h->name, what, (unsigned long long)s->limit);
    if (s->over_limit)
        return err_reason(err, KOPPEL_E_UNSURE, "http.limit",
                          "%s: %s was sent, but its answer is larger than the limit of %llu bytes; "
                          "raise limit_mb of the connection if that is right",
                          h->name, what, (unsigned long long)s->limit);
    return err_reason(err, s->once ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY,
                      code == CURLE_OPERATION_TIMEDOUT ? "http.timeout" : "http.lost",
                      "%s: %s was sent to %s, but %s: %s", h->name, what, origin,
                      code == CURLE_OPERATION_TIMEDOUT ? "no answer came in time"
                                                       : "the answer was lost", why);
}

/* Gives the body to the caller, with the content type behind it in the same piece of memory. */
static int answer_take(const struct http *h, struct slot *s, long status,
                       struct koppel_http_response *out, struct koppel_error *err)
{
    char *type = NULL;

    curl_easy_getinfo(s->easy, CURLINFO_CONTENT_TYPE, &type);
    size_t type_bytes = type ? strlen(type) + 1 : 1;
    if (s->bytes + 1 + type_bytes > s->room) {
        char *body = realloc(s->body, s->bytes + 1 + type_bytes);

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
    s->body = NULL;
    s->bytes = s->room = 0;
    return 0;
}

/* 429 and 503: the peer did nothing and says when to come back. */
static int busy_answer(struct http *h, struct slot *s, const struct koppel_http_request *r,
                       long status, struct koppel_error *err)
{
    char words[EXCERPT_BYTES];
    curl_off_t seconds = 0;
    int64_t ms = 0;

    curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0)
        ms = seconds > RETRY_AFTER_MAX_MS / 1000 ? RETRY_AFTER_MAX_MS : (int64_t)seconds * 1000;
    if (ms > 0) {
        int64_t until = now_ns() + ms * NS_PER_MS;

        pthread_mutex_lock(&h->lock);
        if (until > h->hold_until_ns)
            h->hold_until_ns = until;
        pthread_mutex_unlock(&h->lock);
    }
    http_trace_excerpt(r, s->body, s->bytes, words, sizeof words);
    err_reason(err, KOPPEL_E_RETRY, status == 429 ? "http.429" : "http.503",
               "%s: %s was answered %ld (%s)%s%s", h->name, r->what ? r->what : r->method, status,
               status == 429 ? "too many requests" : "not available now", words[0] ? ": " : "",
               words);
    if (err)
        err->retry_after_ms = ms;
    return -1;
}

static int refused_answer(const struct http *h, const struct slot *s,
                          const struct koppel_http_request *r, struct koppel_error *err)
{
    char words[EXCERPT_BYTES];

    http_trace_excerpt(r, s->body, s->bytes, words, sizeof words);
    err_reason(err, KOPPEL_E_AUTH, "http.401", "%s: the login was refused at %s (401)%s%s; ",
               h->name, r->what ? r->what : r->method, words[0] ? ": " : "", words);
    if (err) {
        size_t n = strlen(err->text);

        if (r->flags & KOPPEL_HTTP_OAUTH)
            snprintf(err->text + n, sizeof err->text - n, "run: koppel connect %s", h->name);
        else
            snprintf(err->text + n, sizeof err->text - n, "check the login in its settings");
    }
    return -1;
}

static int exchange_in(struct http *h, struct slot *s, const struct koppel_http_request *r,
                       struct koppel_http_response *out, json_t *trace, long *status,
                       struct http_stats *add, struct koppel_error *err)
{
    CURLcode code;
    int64_t begun = now_ns();
    int rc;

    s->sends = 0;
    s->problem[0] = '\0';
    s->over_limit = s->no_memory = false;
    s->limit = (size_t)h->limits.limit_bytes;
    if (r->limit_bytes > 0)
        s->limit = (size_t)r->limit_bytes;
    s->once = (r->flags & KOPPEL_HTTP_WRITE) && !(r->flags & KOPPEL_HTTP_REPEATABLE);
    *status = 0;
    if (run(h, s, &code) != 0)
        rc = cancelled_error(h, err);
    else if (code != CURLE_OK)
        rc = failure(h, s, r, code, err);
    else
        rc = 0;
    int64_t took_ns = now_ns() - begun;
    if (rc == 0) {
        curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, status);
        add->bytes_in = (int64_t)s->bytes;
        if (trace)
            http_trace_add(trace, r, (uint32_t)*status, s->body ? s->body : "", s->bytes,
                           took_ns / NS_PER_MS, NULL);
        if (*status == 429 || *status == 503) {
            add->retries_asked = 1;
            rc = busy_answer(h, s, r, *status, err);
        } else if (*status == 401) {
            rc = refused_answer(h, s, r, err);
        } else {
            rc = answer_take(h, s, *status, out, err);
        }
    } else {
        add->failures = 1;
        if (trace)
            http_trace_add(trace, r, 0, NULL, 0, took_ns / NS_PER_MS, err ? err->text : "failed");
    }
    add->requests = 1;
    add->bytes_out = r->body ? (int64_t)r->body_bytes : 0;
    add->wait_us = took_ns / 1000;
    body_drop(s);
    return rc;
}

static int exchange_once(struct http *h, const struct koppel_http_request *r,
                         const struct secret *token, struct koppel_http_response *out,
                         json_t *trace, long *status, struct koppel_error *err)
{
    struct http_stats add = {0};
    struct slot *s = slot_take(h, err);
    int rc = -1;

    *status = 0;
    if (!s)
        return -1;
    if (set_url(h, s, r, err) == 0 && set_headers(h, s, r, token, err) == 0 &&
        set_method(h, s, r, err) == 0)
        rc = exchange_in(h, s, r, out, trace, status, &add, err);
    slot_give(h, s, &add);
    return rc;
}

int http_exchange(struct http *h, const struct koppel_http_request *request,
                  struct koppel_http_response *out, json_t *trace, struct koppel_error *err)
{
    long status;

    if (!request->method || !request->url)
        return err_set(err, KOPPEL_E_BUG, "%s: a request without method or address", h->name);
    if (!(request->flags & KOPPEL_HTTP_OAUTH))
        return exchange_once(h, request, NULL, out, trace, &status, err);
    if (!h->oauth)
        return err_set(err, KOPPEL_E_CONFIG, "%s: this connection has no OAuth settings", h->name);
    for (int attempt = 0;; attempt++) {
        struct oauth2_bearer *bearer;

        if (oauth2_hold(h->oauth, &bearer, err) != 0)
            return -1;
        const struct secret *token = oauth2_bearer_secret(bearer);
        int rc = exchange_once(h, request, token, out, trace, &status, err);
        bool again = rc != 0 && status == 401 && attempt == 0;
        if (again && oauth2_refused(h->oauth, token, err) != 0)
            again = false;
        oauth2_drop(bearer);
        if (!again)
            return rc;
        if (err)
            *err = (struct koppel_error){0};
    }
}

void http_response_done(struct koppel_http_response *r)
{
    if (!r)
        return;
    free(r->host_private);
    r->host_private = NULL;
    r->body = r->content_type = "";
    r->body_bytes = 0;
}
