/* SPDX-License-Identifier: MIT
 * A store that only seals, and a peer that is both the identity server and the API. */
#ifndef KOPPEL_TESTS_UNIT_OAUTH2_FIXTURE_H
#define KOPPEL_TESTS_UNIT_OAUTH2_FIXTURE_H

#include <curl/curl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "http/http.h"
#include "oauth/oauth2_exchange.h"
#include "oauth/oauth2_login.h"
#include "oauth/oauth2_redirect.h"
#include "store/store_sqlite.h"
#include "test_peer.h"
#include "unit.h"

#define FAKE_LOGINS 4

struct fake_store {
    struct store store;
    pthread_mutex_t lock;
    char name[64], value[4096]; /* the tokens */
    struct {
        char name[96], value[512]; /* of a log-in that was begun; "": none */
    } logins[FAKE_LOGINS];
    int64_t rev;
    int puts; /* of the tokens */
    int locks;                   /* of the login, that are held */
    bool broken;
};

/* The place of a log-in, or with "" a free one. */
static inline int fake_login(const struct fake_store *f, const char *name)
{
    int i = 0;

    while (i < FAKE_LOGINS && strcmp(f->logins[i].name, name) != 0)
        i++;
    return i;
}

static inline int fake_get(struct store *s, const char *name, struct secret **out, int64_t *rev,
                           struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;
    int i;

    (void)e;
    pthread_mutex_lock(&f->lock);
    if (rev)
        *rev = f->rev;
    *out = strcmp(f->name, name) == 0 ? secret_new(f->value, strlen(f->value)) : NULL;
    if (!*out && (i = fake_login(f, name)) < FAKE_LOGINS)
        *out = secret_new(f->logins[i].value, strlen(f->logins[i].value));
    pthread_mutex_unlock(&f->lock);
    return 0;
}

static inline int fake_names(struct store *s, const char *prefix,
                             int (*visit)(void *, const char *), void *arg,
                             struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;

    (void)e;
    for (int i = 0; i < FAKE_LOGINS; i++) {
        if (f->logins[i].name[0] && strncmp(f->logins[i].name, prefix, strlen(prefix)) == 0)
            visit(arg, f->logins[i].name);
    }
    return 0;
}

static inline int fake_drop(struct store *s, const char *name, struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;
    int i = fake_login(f, name);

    (void)e;
    if (i < FAKE_LOGINS)
        f->logins[i].name[0] = '\0';
    return 0;
}

static inline int fake_put(struct store *s, const char *name, const char *value, size_t bytes,
                           int64_t rev, int *lost, struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;

    if (f->broken)
        return err_set(e, KOPPEL_E_RETRY, "the disk is full");
    pthread_mutex_lock(&f->lock);
    bool login = strncmp(name, "login/", 6) == 0;
    bool changed = !login && rev >= 0 && rev != f->rev;
    if (login) {
        int i = fake_login(f, "");
        ck_assert_int_lt(i, FAKE_LOGINS);
        snprintf(f->logins[i].name, sizeof f->logins[i].name, "%s", name);
        snprintf(f->logins[i].value, sizeof f->logins[i].value, "%.*s", (int)bytes, value);
    } else if (!changed) {
        snprintf(f->name, sizeof f->name, "%s", name);
        snprintf(f->value, sizeof f->value, "%.*s", (int)bytes, value);
        f->rev++;
        f->puts++;
    }
    pthread_mutex_unlock(&f->lock);
    if (lost)
        *lost = changed;
    return 0;
}

static inline int fake_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                            struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;

    (void)e;
    ck_assert_str_eq(name, "oauth/books");
    ck_assert_int_gt(ttl_ms, 60000);
    pthread_mutex_lock(&f->lock);
    *taken = f->locks == 0;
    f->locks += *taken;
    pthread_mutex_unlock(&f->lock);
    return 0;
}

static inline void fake_unlock(struct store *s, const char *name)
{
    struct fake_store *f = (struct fake_store *)s;

    (void)name;
    pthread_mutex_lock(&f->lock);
    f->locks--;
    pthread_mutex_unlock(&f->lock);
}

static const struct store_ops fake_ops = {.name = "fake", .sealed_get = fake_get,
                                          .sealed_put = fake_put, .sealed_names = fake_names,
                                          .sealed_drop = fake_drop, .lock = fake_lock,
                                          .unlock = fake_unlock};

static struct {
    atomic_int issued, token_calls, api_calls; /* access-N and refresh-N are good for N == issued */
    atomic_bool late_seal;   /* an access token was used before its refresh token was sealed */
    bool always_refuse, invalid_grant, no_rotation;
    int fail_status;
    char challenge[128], last_form[4096];
    const char *other_process; /* put into the store during a token call */
    const char *expires_in;    /* NULL: an hour */
    const char *members;       /* more of the answer, each with a comma behind it; NULL: none */
} world;

static struct fake_store store;
static struct peer peer;
static struct http *http;
static struct oauth2 *oauth;
static struct koppel_error err;
static struct koppel_http_response answer;
static char api_url[128];

static inline int serve_token(const struct peer_request *r)
{
    char text[512], want[64];

    atomic_fetch_add(&world.token_calls, 1);
    snprintf(world.last_form, sizeof world.last_form, "%s", r->body);
    peer_sleep(r, 50);
    if (world.other_process)
        fake_put(&store.store, "oauth/books", world.other_process, strlen(world.other_process),
                 -1, NULL, NULL);
    if (world.fail_status)
        return peer_answer(r, world.fail_status, "", "{\"error\":\"invalid_client\"}");
    if (!strstr(r->body, "client_id=demo-client") ||
        !strstr(r->body, "client_secret=demo%26secret"))
        return peer_answer(r, 400, "", "{\"error\":\"invalid_client\"}");
    snprintf(want, sizeof want, "refresh_token=refresh-%d&", world.issued);
    if (strstr(r->body, "grant_type=refresh_token") &&
        (world.invalid_grant || !strstr(r->body, want)))
        return peer_answer(r, 400, "", "{\"error\":\"invalid_grant\",\"error_description\":"
                                       "\"it has ended\"}");
    int n = atomic_fetch_add(&world.issued, 1) + 1;
    if (world.no_rotation)
        snprintf(text, sizeof text, "{\"access_token\":\"access-%d\",\"expires_in\":3600}", n);
    else
        snprintf(text, sizeof text, "\xEF\xBB\xBF{\"access_token\":\"access-%d\",%s"
                 "\"token_type\":\"Bearer\",\"expires_in\":%s,\"refresh_token\":\"refresh-%d\"}", n,
                 world.members ? world.members : "", world.expires_in ? world.expires_in : "3600",
                 n);
    return peer_answer(r, 200, "", text);
}

static inline int serve(const struct peer_request *r)
{
    char want[64], sealed[64];

    if (strcmp(r->target, "/token") == 0)
        return serve_token(r);
    atomic_fetch_add(&world.api_calls, 1);
    snprintf(want, sizeof want, "Authorization: Bearer access-%d", world.issued);
    snprintf(sealed, sizeof sealed, "\"refresh-%d\"", world.issued);
    const char *at = strstr(r->head, want);
    if (world.always_refuse || !at)
        return peer_answer(r, 401, "", "{\"error\":\"invalid_token\"}");
    pthread_mutex_lock(&store.lock);
    if (!strstr(store.value, sealed))
        atomic_store(&world.late_seal, true);
    pthread_mutex_unlock(&store.lock);
    return peer_answer(r, 200, "", "{}");
}

static inline struct oauth2 *new_oauth(const char *grant, struct store *s)
{
    char token_url[128];

    snprintf(token_url, sizeof token_url, "http://127.0.0.1:%d/token", peer.port);
    struct secret *secret = secret_new("demo&secret", 11);
    struct oauth2_conf conf = {.connection = "books", .grant = grant,
                               .authorize_url = "https://identity.example/connect/authorize",
                               .token_url = token_url, .client_id = "demo-client",
                               .client_secret = secret, .scope = "api offline_access"};
    struct oauth2 *o = oauth2_new(&conf, http, s, &err);
    ck_assert_ptr_nonnull(o);
    secret_free(secret);
    return o;
}

static inline void start(const char *grant)
{
    struct http_limits limits = {.concurrency = 4, .connect_timeout_ms = 2000, .timeout_ms = 5000};

    memset(&world, 0, sizeof world);
    memset(&store, 0, sizeof store);
    store.store.ops = &fake_ops;
    pthread_mutex_init(&store.lock, NULL);
    ck_assert_int_eq(secret_start(&err), 0);
    ck_assert_int_eq(http_start(&err), 0);
    memset(&err, 0, sizeof err);
    peer_start(&peer, serve, NULL);
    snprintf(api_url, sizeof api_url, "http://127.0.0.1:%d/api", peer.port);
    http = http_new("books", &limits, &err);
    oauth = new_oauth(grant, &store.store);
}

static inline void stop(void)
{
    http_response_done(&answer);
    oauth2_free(oauth);
    http_free(http);
    peer_stop(&peer);
    http_stop();
    clock_fix(0);
}

static inline void seal(int n, int64_t lives_ms)
{
    char text[256];

    snprintf(text, sizeof text, "{\"access\":\"access-%d\",\"refresh\":\"refresh-%d\","
             "\"expires_at_ms\":%lld}", n, n, (long long)(clock_now_ms() + lives_ms));
    fake_put(&store.store, "oauth/books", text, strlen(text), -1, NULL, NULL);
    store.puts = 0;
}

static inline int call(void)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = KOPPEL_HTTP_OAUTH,
                                    .method = "GET", .url = api_url};

    http_response_done(&answer);
    return oauth2_exchange(oauth, http, &r, NULL, &answer, NULL, &err);
}

static struct {
    char url[4096];
    pthread_t thread;
    long wrong_path, wrong_state, wrong_method, right;
    char page[2048];
    bool refuse, silent;
} browser;

static inline char *url_part(const char *url, const char *name)
{
    CURLU *u = curl_url();
    char *query = NULL, *value = NULL, key[64];

    curl_url_set(u, CURLUPART_URL, url, 0);
    curl_url_get(u, CURLUPART_QUERY, &query, 0);
    snprintf(key, sizeof key, "%s=", name);
    char *at = strstr(query, key);
    if (at) {
        at += strlen(key);
        at[strcspn(at, "&")] = '\0';
        value = curl_easy_unescape(NULL, at, 0, NULL);
    }
    curl_free(query);
    curl_url_cleanup(u);
    return value;
}

static inline size_t on_page(char *data, size_t size, size_t n, void *arg)
{
    (void)arg;
    snprintf(browser.page, sizeof browser.page, "%.*s", (int)(size * n), data);
    return size * n;
}

static inline long visit(const char *url, bool post)
{
    CURL *c = curl_easy_init();
    long status = 0;

    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 5L);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_page);
    if (post)
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, "x");
    if (curl_easy_perform(c) == CURLE_OK)
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    return status;
}

static inline void *browse(void *arg)
{
    char url[1024];
    char *redirect = url_part(browser.url, "redirect_uri");
    char *state = url_part(browser.url, "state");
    struct sockaddr_in a = {.sin_family = AF_INET};
    int idle = socket(AF_INET, SOCK_STREAM, 0); /* opened in advance and silent, as browsers do */

    (void)arg;
    a.sin_port = htons((uint16_t)atol(strrchr(redirect, ':') + 1));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(connect(idle, (struct sockaddr *)&a, sizeof a), 0);
    snprintf(url, sizeof url, "%.*s/favicon.ico",
             (int)(strrchr(redirect, '/') - redirect), redirect);
    browser.wrong_path = visit(url, false);
    snprintf(url, sizeof url, "%s?code=evil&state=wrong", redirect);
    browser.wrong_state = visit(url, false);
    snprintf(url, sizeof url, "%s?code=abc&state=%s", redirect, state);
    browser.wrong_method = visit(url, true);
    if (browser.refuse)
        snprintf(url, sizeof url, "%s?error=access_denied&error_description=Not+you&state=%s",
                 redirect, state);
    else
        snprintf(url, sizeof url, "%s?code=a%%2Bb%%26c&state=%s", redirect, state);
    browser.right = visit(url, false);
    close(idle);
    curl_free(redirect);
    curl_free(state);
    return NULL;
}

/* Logs in by a browser on this machine, as far as that gets. */
static inline int login(void)
{
    char *url, *state, *query = NULL, redirect_uri[64];
    struct oauth2_answer answered;
    struct oauth2_redirect *redirect = oauth2_redirect_new(0, &err);

    ck_assert_ptr_nonnull(redirect);
    snprintf(redirect_uri, sizeof redirect_uri, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH,
             oauth2_redirect_port(redirect));
    ck_assert_int_eq(oauth2_login_begin(oauth, redirect_uri, &url, &state, &err), 0);
    snprintf(browser.url, sizeof browser.url, "%s", url);
    if (!browser.silent)
        pthread_create(&browser.thread, NULL, browse, NULL);
    int rc = oauth2_redirect_wait(redirect, state, browser.silent ? 300 : 10000, &query, &err);
    if (!browser.silent)
        pthread_join(browser.thread, NULL);
    if (rc == 0) {
        ck_assert_int_eq(oauth2_answer_read(query, &answered, &err), 0);
        rc = oauth2_login_finish(oauth, &answered, &err);
        oauth2_answer_done(&answered);
    }
    oauth2_redirect_free(redirect);
    free(query);
    free(url);
    free(state);
    return rc;
}

#endif
