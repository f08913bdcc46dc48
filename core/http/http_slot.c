/* SPDX-License-Identifier: MIT
 * The slots of a client: libcurl's handles, kept from request to request, so that a request costs
 * no handle, no list and no new connection; and whose turn it is.
 *
 * A slot is one thread's at a time; curl_multi_wakeup is the only call that crosses threads. */
#include "http/http_slot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define LOW_SPEED_SECONDS 30L
#define POLL_MS 1000
#define BODY_FIRST_BYTES 2048
/* A peer's "wait" up to here is waited for by every thread of the connection; a longer one is told
 * to the engine, which has better things to do meanwhile. */
#define HOLD_WAIT_MS INT64_C(10000)
#define SHARES_MAX 3 /* asked for one request, where all came too late */

/* ---- libcurl's callbacks ---- */

static int body_grow(struct http_slot *s, size_t want)
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
    struct http_slot *s = arg;
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
    struct http_slot *s = arg;
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

static int slot_options(const struct http *h, struct http_slot *s)
{
    CURL *e = s->easy;
    long tls = h->limits.tls_min == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
    struct curl_blob ca = {h->tls_ca, h->tls_ca ? strlen(h->tls_ca) : 0, CURL_BLOB_NOCOPY};
    int bad = 0;
#define SET(option, value) (bad |= curl_easy_setopt(e, option, value) != CURLE_OK)
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* who stops does not wait for a name that is looked up */
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, tls);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_CERTINFO, 1L);
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
        SET(CURLOPT_CAINFO_BLOB, &ca);
#undef SET
    return bad ? -1 : 0;
}

void http_slot_done(struct http_slot *s)
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

int http_slot_init(const struct http *h, struct http_slot *s)
{
    buf_init(&s->url, HTTP_URL_MAX);
    buf_init(&s->header_text, HTTP_HEADER_TEXT_MAX);
    s->easy = curl_easy_init();
    s->multi = curl_multi_init();
    if (!s->easy || !s->multi || slot_options(h, s) != 0) {
        http_slot_done(s);
        return -1;
    }
    curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, 4L);
    return 0;
}

int http_slot_run(struct http *h, struct http_slot *s, CURLcode *result)
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
    for (CURLMsg *m; (m = curl_multi_info_read(s->multi, &left));) {
        if (m->msg == CURLMSG_DONE && m->easy_handle == s->easy) {
            *result = m->data.result;
            running = 0;
        }
    }
    curl_multi_remove_handle(s->multi, s->easy);
    return running == 0 ? 0 : -1;
}

int http_slot_cancelled(const struct http *h, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CANCELLED, HTTP_STOPPED, "%s: stopping", h->name);
}

/* Waits under the lock until a time or until cancelled. */
static void wait_until(struct http *h, int64_t until_ns)
{
    struct timespec t = {(time_t)(until_ns / NS_PER_SECOND), (long)(until_ns % NS_PER_SECOND)};
    while (!atomic_load(&h->cancelled) && clock_monotonic_ns() < until_ns)
        pthread_cond_timedwait(&h->stopped, &h->lock, &t);
}

/* Asks for more of it. Half of what is asked for next is still ahead when it comes, as far as the
 * ways so far tell. Under the lock, which is given up meanwhile. */
static int ask_share(struct http *h, struct koppel_error *err)
{
    struct store_rate given;
    int64_t least_ns = h->share_least_ns;
    h->sharing = true;
    pthread_mutex_unlock(&h->lock);
    int64_t asked_ns = clock_monotonic_ns();
    int rc = h->limits.share(h->limits.share_arg, h->rate.interval_ns, least_ns, &given, err);
    int64_t now_ns = clock_monotonic_ns(), way_ns = now_ns - asked_ns;
    pthread_mutex_lock(&h->lock);
    h->sharing = false;
    pthread_cond_broadcast(&h->shared);
    if (rc != 0)
        return err_prefix(err, "%s: its rate is shared with other hosts", h->name);
    h->alone = given.count == 0;
    h->share_least_ns = 2 * way_ns > least_ns / 2 ? 2 * way_ns : least_ns / 2;
    rate_share_init(&h->share, &given, asked_ns, now_ns);
    return 0;
}

/* A moment for one request, of those that hosts share. Under the lock, which is given up while the
 * store is asked. */
static int take_share(struct http *h, int64_t *wait_ns, struct koppel_error *err)
{
    int asked = 0;
    while (!rate_share_take(&h->share, clock_monotonic_ns(), wait_ns)) {
        if (h->alone || atomic_load(&h->cancelled)) {
            *wait_ns = rate_take(&h->rate, clock_monotonic_ns());
            return 0;
        }
        if (h->sharing) {
            pthread_cond_wait(&h->shared, &h->lock);
            continue;
        }
        if (asked++ == SHARES_MAX)
            return err_set(err, KOPPEL_E_RETRY, "%s: its rate is shared with other hosts, and the "
                           "store says too late when it is its turn", h->name);
        if (ask_share(h, err) != 0)
            return -1;
    }
    return 0;
}

/* The peer's Retry-After. Under the lock. */
static int wait_hold(struct http *h, struct koppel_error *err)
{
    int64_t now = h->hold_until_ns ? clock_monotonic_ns() : 0;
    if (h->hold_until_ns <= now)
        return 0;
    int64_t ms = (h->hold_until_ns - now + HTTP_NS_PER_MS - 1) / HTTP_NS_PER_MS;
    if (ms > HOLD_WAIT_MS) {
        err_set(err, KOPPEL_E_RETRY, "%s: the peer asked to wait; %lld s are left", h->name,
                (long long)((ms + 999) / 1000));
        if (err)
            err->retry_after_ms = ms;
        return -1;
    }
    wait_until(h, h->hold_until_ns);
    return 0;
}

/* What the peer asked for, and the connection's rate. Under the lock. */
static int wait_turn(struct http *h, struct koppel_error *err)
{
    int64_t wait_ns = 0;
    if (wait_hold(h, err) != 0 || (h->rate.interval_ns && take_share(h, &wait_ns, err) != 0))
        return -1;
    if (wait_ns > 0)
        wait_until(h, clock_monotonic_ns() + wait_ns);
    return 0;
}

struct http_slot *http_slot_take(struct http *h, struct koppel_error *err)
{
    struct http_slot *s = NULL;
    pthread_mutex_lock(&h->lock);
    if (wait_turn(h, err) != 0)
        goto out;
    while (!atomic_load(&h->cancelled) && !h->free_list && h->made == h->limits.concurrency)
        pthread_cond_wait(&h->freed, &h->lock);
    if (atomic_load(&h->cancelled)) {
        http_slot_cancelled(h, err);
        goto out;
    }
    if (h->free_list) {
        s = h->free_list;
        h->free_list = s->next_free;
    } else if (http_slot_init(h, &h->slots[h->made]) == 0) {
        s = &h->slots[h->made++];
    } else {
        err_set(err, KOPPEL_E_CONFIG,
                "%s: the HTTP client could not be set up; check the setting "
                "tls_ca and the free memory",
                h->name);
    }
out:
    pthread_mutex_unlock(&h->lock);
    return s;
}

void http_slot_give(struct http *h, struct http_slot *s, const struct http_stats *add)
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
