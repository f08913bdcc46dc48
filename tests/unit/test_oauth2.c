/* SPDX-License-Identifier: MIT
 * core/oauth/oauth2.c: logging in, refreshing once for many threads and hosts, sealing before
 * use. */
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

/* ---- a store that only seals ---- */

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
static int fake_login(const struct fake_store *f, const char *name)
{
    int i = 0;

    while (i < FAKE_LOGINS && strcmp(f->logins[i].name, name) != 0)
        i++;
    return i;
}

static int fake_get(struct store *s, const char *name, struct secret **out, int64_t *rev,
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

static int fake_names(struct store *s, const char *prefix, int (*visit)(void *, const char *),
                      void *arg, struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;

    (void)e;
    for (int i = 0; i < FAKE_LOGINS; i++) {
        if (f->logins[i].name[0] && strncmp(f->logins[i].name, prefix, strlen(prefix)) == 0)
            visit(arg, f->logins[i].name);
    }
    return 0;
}

static int fake_drop(struct store *s, const char *name, struct koppel_error *e)
{
    struct fake_store *f = (struct fake_store *)s;
    int i = fake_login(f, name);

    (void)e;
    if (i < FAKE_LOGINS)
        f->logins[i].name[0] = '\0';
    return 0;
}

static int fake_put(struct store *s, const char *name, const char *value, size_t bytes,
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

static int fake_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
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

static void fake_unlock(struct store *s, const char *name)
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

/* ---- a peer that is both the identity server and the API ---- */

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

static int serve_token(const struct peer_request *r)
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

static int serve(const struct peer_request *r)
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

static struct oauth2 *new_oauth(const char *grant, struct store *s)
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

static void start(const char *grant)
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

static void stop(void)
{
    http_response_done(&answer);
    oauth2_free(oauth);
    http_free(http);
    peer_stop(&peer);
    http_stop();
    clock_fix(0);
}

static void seal(int n, int64_t lives_ms)
{
    char text[256];

    snprintf(text, sizeof text, "{\"access\":\"access-%d\",\"refresh\":\"refresh-%d\","
             "\"expires_at_ms\":%lld}", n, n, (long long)(clock_now_ms() + lives_ms));
    fake_put(&store.store, "oauth/books", text, strlen(text), -1, NULL, NULL);
    store.puts = 0;
}

static int call(void)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = KOPPEL_HTTP_OAUTH,
                                    .method = "GET", .url = api_url};

    http_response_done(&answer);
    return oauth2_exchange(oauth, http, &r, &answer, NULL, &err);
}

START_TEST(never_connected)
{
    start("authorization_code");
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "koppel connect books"));
    ck_assert_int_eq(peer.requests, 0);
    stop();
}
END_TEST

START_TEST(a_stored_token_is_used)
{
    struct secret *token;

    start("authorization_code");
    world.issued = 1;
    seal(1, 3600000);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 0);
    ck_assert_int_eq(oauth2_token(oauth, &token, &err), 0);
    ck_assert_str_eq(secret_text(token), "access-1");
    secret_free(token);
    stop();
}
END_TEST

START_TEST(refreshed_before_it_ends)
{
    start("authorization_code");
    world.issued = 1;
    seal(1, 20000); /* less than the margin */
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(store.puts, 1);
    ck_assert(!world.late_seal);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    clock_fix(clock_now_ms() + 3600000 - 29000);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 2);
    stop();
}
END_TEST

/* What peers write for a lifetime, and the milliseconds that it is taken for. */
static const struct {
    const char *told;
    int64_t ms;
} lifetimes[] = {
    {"3600", 3600000},
    {"\"3600\"", 3600000},
    {"3599.5", 3599500},
    {"3.6e3", 3600000},
    {"1", 31000},
    {"-5", 31000},
    {"\"-99999999999999999999\"", 31000},
    {"null", 300000},
    {"\"soon\"", 300000},
    {"9223372036854775807", 31536000000},
    {"\"9223372036854775807\"", 31536000000},
    {"99999999999999999999999999", 31536000000},
};

START_TEST(how_long_a_token_lives)
{
    char wanted[64];
    start("authorization_code");
    clock_fix(clock_now_ms());
    world.issued = 1;
    world.expires_in = lifetimes[_i].told;
    seal(1, 20000); /* less than the margin */
    ck_assert_int_eq(call(), 0);
    snprintf(wanted, sizeof wanted, "\"expires_at_ms\":%lld,",
             (long long)(clock_now_ms() + lifetimes[_i].ms));
    ck_assert_msg(strstr(store.value, wanted) != NULL, "%s: %s", lifetimes[_i].told, store.value);
    stop();
}
END_TEST

/* What peers tell of the login as a whole, and when it is taken to end, from now; 0: unknown. */
static const struct {
    const char *members;
    int64_t ms;
} login_ends[] = {
    {"", 0},
    {"\"refresh_expires_in\":1800,", 1800000},
    {"\"refresh_token_expires_in\":\"86400\",", 86400000},
    {"\"refresh_expires_in\":0,", 0}, /* never, in the product that says it so */
    {"\"refresh_expires_in\":\"soon\",", 0},
};

START_TEST(when_a_login_ends)
{
    struct oauth2_state state;
    start("authorization_code");
    clock_fix(clock_now_ms());
    ck_assert_int_eq(oauth2_look(oauth, &state, &err), 0);
    ck_assert(!state.in && !state.ended && state.until_ms == 0 && state.login_ends_ms == 0);
    world.issued = 1;
    world.members = login_ends[_i].members;
    seal(1, 20000); /* less than the margin */
    ck_assert_int_eq(call(), 0);
    int64_t wanted = login_ends[_i].ms ? clock_now_ms() + login_ends[_i].ms : 0;
    ck_assert_int_eq(oauth2_look(oauth, &state, &err), 0);
    ck_assert(state.in && !state.ended);
    ck_assert_int_eq(state.until_ms, clock_now_ms() + 3600000);
    ck_assert_int_eq(state.login_ends_ms, wanted);
    /* one that keeps its refresh token, and says nothing of it, does not move its end */
    clock_fix(clock_now_ms() + 3590000);
    world.members = "";
    world.no_rotation = true;
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(oauth2_look(oauth, &state, &err), 0);
    ck_assert_int_eq(state.login_ends_ms, wanted);
    /* and what a person has to renew shows */
    clock_fix(clock_now_ms() + 3590000);
    world.invalid_grant = true;
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(oauth2_look(oauth, &state, &err), 0);
    ck_assert(state.in && state.ended);
    stop();
}
END_TEST

/* Tokens come and go for months: what is looked for in texts must not grow with them. */
START_TEST(masks_go_with_their_tokens)
{
    start("authorization_code");
    int before = mask_count();
    world.issued = 1;
    seal(1, 10000);
    ck_assert_int_eq(call(), 0);
    int at_work = mask_count();
    for (int i = 0; i < 20; i++) {
        clock_fix(clock_now_ms() + 3600000);
        ck_assert_int_eq(call(), 0);
    }
    ck_assert_int_eq(world.token_calls, 21);
    ck_assert_int_eq(mask_count(), at_work);
    char text[] = "access-21 refresh-21 access-22 refresh-22";
    mask_text(text);
    ck_assert_str_eq(text, "access-21 refresh-21 **** ****");
    stop();
    ck_assert_int_lt(mask_count(), before); /* the client's secret went too */
}
END_TEST

START_TEST(refused_once)
{
    start("authorization_code");
    world.issued = 2; /* the peer has forgotten access-1, and takes refresh-2 */
    seal(1, 3600000);
    char *digit = strstr(store.value, "refresh-1");
    digit[8] = '2';
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(world.api_calls, 2);
    ck_assert_int_eq(err.kind, 0);
    ck_assert(!world.late_seal);
    stop();
}
END_TEST

START_TEST(refused_twice)
{
    start("authorization_code");
    world.issued = 1;
    world.always_refuse = true;
    seal(1, 3600000);
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "koppel connect books"));
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(world.api_calls, 2);
    stop();
}
END_TEST

static void *call_thread(void *arg)
{
    struct koppel_error *e = arg;
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = KOPPEL_HTTP_OAUTH,
                                    .method = "GET", .url = api_url};
    struct koppel_http_response out = {.struct_size = sizeof out};

    if (oauth2_exchange(oauth, http, &r, &out, NULL, e) == 0)
        http_response_done(&out);
    return NULL;
}

/* _i == 0: the token is about to end; 1: the peer refuses it. */
START_TEST(many_threads_refresh_once)
{
    struct koppel_error e[6] = {0};
    pthread_t t[6];

    start("authorization_code");
    world.issued = 1 + _i;
    seal(1, _i ? 3600000 : 1000);
    if (_i)
        strstr(store.value, "refresh-1")[8] = '2';
    for (int i = 0; i < 6; i++)
        pthread_create(&t[i], NULL, call_thread, &e[i]);
    for (int i = 0; i < 6; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 6; i++)
        ck_assert_msg(e[i].kind == 0, "%s", e[i].text);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(store.puts, 1);
    ck_assert(!world.late_seal);
    stop();
}
END_TEST

START_TEST(the_grant_has_ended)
{
    start("authorization_code");
    world.issued = 1;
    world.invalid_grant = true;
    seal(1, 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(call(), -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
        ck_assert_ptr_nonnull(strstr(err.text, "run: koppel connect books"));
        ck_assert_int_eq(world.token_calls, 1); /* the peer is not asked again and again */
    }
    ck_assert_ptr_null(strstr(err.text, "refresh-1"));
    /* A person connects in another process. */
    world.invalid_grant = false;
    world.issued = 7;
    seal(7, 3600000);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    stop();
}
END_TEST

START_TEST(another_process_was_first)
{
    char text[256];

    start("authorization_code");
    world.issued = 1;
    seal(1, 3600000);
    ck_assert_int_eq(call(), 0);
    /* It rotates the tokens between our two calls. */
    world.issued = 2;
    seal(2, 3600000);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 0);
    /* It rotates them while our refresh is on its way. */
    seal(2, 0);
    oauth2_free(oauth);
    oauth = new_oauth("authorization_code", &store.store);
    world.issued = 3;
    snprintf(text, sizeof text, "{\"access\":\"access-3\",\"refresh\":\"refresh-3\","
             "\"expires_at_ms\":%lld}", (long long)(clock_now_ms() + 3600000));
    world.other_process = text;
    ck_assert_msg(call() == 0, "%s", err.text);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(world.issued, 3);
    stop();
}
END_TEST

/* Two hosts: each has a store of its own on the one file, and threads of its own. */
struct host {
    struct store *store;
    struct oauth2 *oauth;
    const char *refused; /* the access token that the peer does not take any more; NULL: it ends */
    struct koppel_error err[4];
};

struct on_host {
    struct host *host;
    struct koppel_error *err;
};

static void *renew_thread(void *arg)
{
    struct on_host *t = arg;
    struct secret *token = NULL;

    if (t->host->refused) {
        struct secret *used = secret_new(t->host->refused, strlen(t->host->refused));
        (void)oauth2_refused(t->host->oauth, used, t->err);
        secret_free(used);
    }
    if (!t->err->kind)
        (void)oauth2_token(t->host->oauth, &token, t->err);
    secret_free(token);
    return NULL;
}

static void seal_in(struct store *s, int n, int64_t lives_ms)
{
    char text[256];

    snprintf(text, sizeof text, "{\"access\":\"access-%d\",\"refresh\":\"refresh-%d\","
             "\"expires_at_ms\":%lld}", n, n, (long long)(clock_now_ms() + lives_ms));
    ck_assert_int_eq(s->ops->sealed_put(s, "oauth/books", text, strlen(text), -1, NULL, &err), 0);
}

/* _i == 0: the token is about to end; 1: the peer refuses it. */
START_TEST(two_hosts_use_a_refresh_token_once)
{
    char folder[] = "/tmp/koppel-oauth-XXXXXX", path[64], key[SECRET_KEY_BYTES] = "k";
    struct host hosts[2] = {0};
    struct on_host on[8];
    pthread_t t[8];

    start("authorization_code");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/store.db", folder);
    struct secret *own = secret_new(key, sizeof key);
    struct store_conf conf = {.path = path, .key = own, .shared = true};
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(store_sqlite.open(&conf, STORE_ENGINE, &hosts[i].store, &err) == 0, "%s",
                      err.text);
        hosts[i].oauth = new_oauth("authorization_code", hosts[i].store);
        hosts[i].refused = _i ? "access-1" : NULL;
    }
    world.issued = 1;
    seal_in(hosts[0].store, 1, _i ? 3600000 : 1000);
    for (int i = 0; i < 8; i++) {
        on[i] = (struct on_host){&hosts[i % 2], &hosts[i % 2].err[i / 2]};
        pthread_create(&t[i], NULL, renew_thread, &on[i]);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 8; i++)
        ck_assert_msg(on[i].err->kind == 0, "%s", on[i].err->text);
    ck_assert_int_eq(world.token_calls, 1);
    for (int i = 0; i < 2; i++) {
        oauth2_free(hosts[i].oauth);
        hosts[i].store->ops->close(hosts[i].store);
    }
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    secret_free(own);
    stop();
}
END_TEST

/* Somebody logs in while our refresh is on its way, which the peer grants all the same: the login
 * stays, and what we were given is dropped. */
START_TEST(a_login_is_newer_than_a_refresh)
{
    char text[256];

    start("authorization_code");
    world.issued = 1;
    seal(1, 0);
    snprintf(text, sizeof text, "{\"access\":\"access-2\",\"refresh\":\"refresh-login\","
             "\"expires_at_ms\":%lld}", (long long)(clock_now_ms() + 3600000));
    world.other_process = text;
    struct secret *token = NULL;
    ck_assert_msg(oauth2_token(oauth, &token, &err) == 0, "%s", err.text);
    ck_assert_str_eq(secret_text(token), "access-2");
    secret_free(token);
    ck_assert_ptr_nonnull(strstr(store.value, "refresh-login"));
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(store.locks, 0);
    stop();
}
END_TEST

/* Another host holds the login's lock and does not come back; a stop ends the wait for it. */
START_TEST(a_stop_ends_the_wait_for_another_host)
{
    start("authorization_code");
    world.issued = 1;
    seal(1, 0);
    store.locks = 1;
    http_cancel_all(http);
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    ck_assert_int_eq(world.token_calls, 0);
    ck_assert_int_eq(store.locks, 1);
    stop();
}
END_TEST

START_TEST(the_store_fails)
{
    start("authorization_code");
    world.issued = 1;
    seal(1, 0);
    store.broken = true;
    ck_assert_int_eq(call(), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "the disk is full"));
    ck_assert_int_eq(world.api_calls, 0); /* not used: it is not sealed */
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(world.token_calls, 1);
    store.broken = false; /* and not lost either */
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert(!world.late_seal);
    stop();
}
END_TEST

START_TEST(no_rotation)
{
    start("authorization_code");
    world.issued = 1;
    world.no_rotation = true;
    seal(1, 0);
    ck_assert_int_eq(call(), 0);
    ck_assert_ptr_nonnull(strstr(store.value, "\"refresh-1\""));
    ck_assert_ptr_nonnull(strstr(store.value, "\"access-2\""));
    stop();
}
END_TEST

START_TEST(the_identity_server_fails)
{
    static const struct { int status, kind; } cases[] = {
        {500, KOPPEL_E_AUTH}, /* it still says invalid_client */
        {503, KOPPEL_E_RETRY},
        {429, KOPPEL_E_RETRY},
        {401, KOPPEL_E_AUTH},
    };
    start("authorization_code");
    world.issued = 1;
    seal(1, 0);
    world.fail_status = cases[_i].status;
    ck_assert_int_eq(call(), -1);
    ck_assert_int_eq(err.kind, cases[_i].kind);
    world.fail_status = 0;
    ck_assert_int_eq(call(), 0); /* nothing is remembered against the refresh token */
    stop();
}
END_TEST

START_TEST(client_credentials)
{
    start("client_credentials");
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(call(), 0);
    ck_assert_int_eq(world.token_calls, 1);
    ck_assert_int_eq(store.puts, 0);
    ck_assert_ptr_nonnull(strstr(world.last_form, "grant_type=client_credentials"));
    ck_assert_ptr_nonnull(strstr(world.last_form, "scope=api%20offline_access"));
    stop();
}
END_TEST

START_TEST(unknown_grant)
{
    struct oauth2_conf conf = {.connection = "books", .grant = "password"};

    ck_assert_ptr_null(oauth2_new(&conf, NULL, NULL, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
}
END_TEST

/* ---- connect ---- */

static struct {
    char url[4096];
    pthread_t thread;
    long wrong_path, wrong_state, wrong_method, right;
    char page[2048];
    bool refuse, silent;
} browser;

static char *url_part(const char *url, const char *name)
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

static size_t on_page(char *data, size_t size, size_t n, void *arg)
{
    (void)arg;
    snprintf(browser.page, sizeof browser.page, "%.*s", (int)(size * n), data);
    return size * n;
}

static long visit(const char *url, bool post)
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

static void *browse(void *arg)
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
static int login(void)
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

START_TEST(connecting)
{
    start("authorization_code");
    memset(&browser, 0, sizeof browser);
    int rc = login();
    ck_assert_msg(rc == 0, "%s", err.text);
    ck_assert_int_eq(strncmp(browser.url, "https://identity.example/connect/authorize?", 43), 0);
    ck_assert_ptr_nonnull(strstr(browser.url, "response_type=code&client_id=demo-client&"));
    ck_assert_ptr_nonnull(strstr(browser.url, "scope=api%20offline_access"));
    ck_assert_ptr_nonnull(strstr(browser.url, "code_challenge_method=S256"));
    ck_assert_ptr_null(strstr(browser.url, "secret"));
    ck_assert_int_eq(browser.wrong_path, 404);
    ck_assert_int_eq(browser.wrong_state, 400);
    ck_assert_int_eq(browser.wrong_method, 405);
    ck_assert_int_eq(browser.right, 200);
    ck_assert_ptr_nonnull(strstr(browser.page, "You can close this window"));
    ck_assert_ptr_nonnull(strstr(world.last_form, "grant_type=authorization_code&code=a%2Bb%26c&"));
    /* The verifier must hash to the challenge that the browser carried. */
    char *verifier = strstr(world.last_form, "code_verifier="), text[64];
    ck_assert_ptr_nonnull(verifier);
    verifier += 14;
    size_t bytes = strcspn(verifier, "&");
    ck_assert_uint_eq(bytes, 43);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (unsigned char *)verifier, bytes);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *challenge = url_part(browser.url, "code_challenge");
    ck_assert_str_eq(challenge, text);
    curl_free(challenge);
    ck_assert_int_eq(store.puts, 1);
    ck_assert_ptr_nonnull(strstr(store.value, "\"refresh-1\""));
    ck_assert_int_eq(call(), 0);
    stop();
}
END_TEST

START_TEST(connecting_refused)
{
    start("authorization_code");
    memset(&browser, 0, sizeof browser);
    browser.refuse = true;
    ck_assert_int_eq(login(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "access_denied: Not you"));
    ck_assert_int_eq(store.puts, 0);
    ck_assert_int_eq(fake_login(&store, ""), 0); /* nothing is left of it */
    stop();
}
END_TEST

START_TEST(nobody_logs_in)
{
    start("authorization_code");
    memset(&browser, 0, sizeof browser);
    browser.silent = true;
    int64_t begun = clock_monotonic_ms();
    ck_assert_int_eq(login(), -1);
    ck_assert_int_lt(clock_monotonic_ms() - begun, 1500);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    stop();
}
END_TEST

/* ---- from afar ---- */

#define AFAR "http://127.0.0.1:50505/callback"

/* Begins one; its state is the caller's. */
static char *begin(struct oauth2 *o)
{
    char *url, *state;

    ck_assert_msg(oauth2_login_begin(o, AFAR, &url, &state, &err) == 0, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(url, state));
    ck_assert_ptr_nonnull(strstr(url, "redirect_uri=http%3A%2F%2F127.0.0.1%3A50505%2Fcallback"));
    free(url);
    return state;
}

/* Finishes with what was pasted: a pattern in which %s is the state. */
static int finish(struct oauth2 *o, const char *pattern, const char *state)
{
    char text[8192];
    struct oauth2_answer a;
    const char *at = strstr(pattern, "%s");

    snprintf(text, sizeof text, "%.*s%s%s", (int)(at ? (size_t)(at - pattern) : strlen(pattern)),
             pattern, at ? state : "", at ? at + 2 : "");
    memset(&err, 0, sizeof err);
    ck_assert_int_eq(oauth2_answer_read(text, &a, &err), 0);
    int rc = oauth2_login_finish(o, &a, &err);
    oauth2_answer_done(&a);
    return rc;
}

static const char *const pasted[] = {
    AFAR "?code=a%2Bb&state=%s",
    "  '" AFAR "?state=%s&scope=api&code=a%2Bb&session_state=x#top' \r\n",
    "<" AFAR "?code=a%2Bb&state=%s>",
    "127.0.0.1:50505/callback?code=a%2Bb&state=%s", /* as browsers show it */
    "code=a%2Bb&state=%s",
};

START_TEST(another_process_finishes_what_was_pasted)
{
    start("authorization_code");
    char *state = begin(oauth);
    oauth2_free(oauth);
    oauth = new_oauth("authorization_code", &store.store);
    ck_assert_msg(finish(oauth, pasted[_i], state) == 0, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(world.last_form, "redirect_uri=http%3A%2F%2F127.0.0.1%3A50505"));
    ck_assert_int_eq(call(), 0);
    /* a code is good once */
    ck_assert_int_eq(finish(oauth, pasted[_i], state), -1);
    ck_assert_str_eq(err.reason, OAUTH2_LOGIN_UNKNOWN);
    ck_assert_int_eq(world.token_calls, 1);
    free(state);
    stop();
}
END_TEST

static const struct {
    const char *text, *reason, *words;
} wrong_pastes[] = {
    {"", OAUTH2_ANSWER_ADDRESS, "not the address"},
    {"https://www.example.org/", OAUTH2_ANSWER_ADDRESS, "not the address"},
    {AFAR "?state=%s", OAUTH2_ANSWER_ADDRESS, "neither code nor error"},
    {AFAR "?code=&state=%s", OAUTH2_ANSWER_ADDRESS, "neither code nor error"},
    {AFAR "?code=abc", OAUTH2_ANSWER_ADDRESS, "no state"},
    {"https://identity.example/connect/authorize?response_type=code&code=x&state=%s",
     OAUTH2_ANSWER_ADDRESS, "begins with"},
    {AFAR "?code=abc&state=other%s", OAUTH2_LOGIN_UNKNOWN, "no login that was begun here"},
};

START_TEST(a_wrong_paste_ends_nothing)
{
    start("authorization_code");
    char *state = begin(oauth);
    ck_assert_int_eq(finish(oauth, wrong_pastes[_i].text, state), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(err.reason, wrong_pastes[_i].reason);
    ck_assert_msg(strstr(err.text, wrong_pastes[_i].words) != NULL, "%s", err.text);
    ck_assert_int_eq(world.token_calls, 0);
    ck_assert_msg(finish(oauth, pasted[0], state) == 0, "%s", err.text);
    free(state);
    stop();
}
END_TEST

START_TEST(two_logins_at_a_time_do_not_mix)
{
    start("authorization_code");
    char *one = begin(oauth), *two = begin(oauth);
    ck_assert_str_ne(one, two);
    ck_assert_int_eq(finish(oauth, pasted[0], one), 0);
    ck_assert_int_eq(finish(oauth, pasted[0], two), 0);
    ck_assert_int_eq(world.token_calls, 2);
    free(one);
    free(two);
    stop();
}
END_TEST

START_TEST(a_login_is_over_after_half_an_hour)
{
    start("authorization_code");
    clock_fix(1700000000000);
    char *old = begin(oauth);
    clock_fix(1700000000000 + OAUTH2_LOGIN_MS);
    ck_assert_int_eq(finish(oauth, pasted[0], old), -1);
    ck_assert_str_eq(err.reason, OAUTH2_LOGIN_UNKNOWN);
    ck_assert_int_eq(fake_login(&store, ""), 1);
    char *young = begin(oauth); /* and forgets the old one */
    int kept = 0;
    for (int i = 0; i < FAKE_LOGINS; i++)
        kept += store.logins[i].name[0] != '\0';
    ck_assert_int_eq(kept, 1);
    free(old);
    free(young);
    stop();
}
END_TEST

START_TEST(a_finish_that_did_not_arrive_is_tried_again)
{
    start("authorization_code");
    char *state = begin(oauth);
    world.fail_status = 503;
    ck_assert_int_eq(finish(oauth, pasted[0], state), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    world.fail_status = 0;
    ck_assert_msg(finish(oauth, pasted[0], state) == 0, "%s", err.text);
    /* one that the server refuses is over */
    free(state);
    state = begin(oauth);
    world.fail_status = 400;
    ck_assert_int_eq(finish(oauth, pasted[0], state), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "invalid_client"));
    world.fail_status = 0;
    ck_assert_int_eq(finish(oauth, pasted[0], state), -1);
    ck_assert_str_eq(err.reason, OAUTH2_LOGIN_UNKNOWN);
    free(state);
    stop();
}
END_TEST

UNIT_MAIN("oauth2")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, never_connected);
    tcase_add_test(t, a_stored_token_is_used);
    tcase_add_test(t, refreshed_before_it_ends);
    tcase_add_loop_test(t, how_long_a_token_lives, 0,
                        (int)(sizeof lifetimes / sizeof lifetimes[0]));
    LOOP(when_a_login_ends, login_ends);
    tcase_add_test(t, masks_go_with_their_tokens);
    tcase_add_test(t, refused_once);
    tcase_add_test(t, refused_twice);
    tcase_add_loop_test(t, many_threads_refresh_once, 0, 2);
    tcase_add_test(t, the_grant_has_ended);
    tcase_add_test(t, another_process_was_first);
    tcase_add_loop_test(t, two_hosts_use_a_refresh_token_once, 0, 2);
    tcase_add_test(t, a_login_is_newer_than_a_refresh);
    tcase_add_test(t, a_stop_ends_the_wait_for_another_host);
    tcase_add_test(t, the_store_fails);
    tcase_add_test(t, no_rotation);
    tcase_add_loop_test(t, the_identity_server_fails, 0, 4);
    tcase_add_test(t, client_credentials);
    tcase_add_test(t, unknown_grant);
    tcase_add_test(t, connecting);
    tcase_add_test(t, connecting_refused);
    tcase_add_test(t, nobody_logs_in);
    LOOP(another_process_finishes_what_was_pasted, pasted);
    LOOP(a_wrong_paste_ends_nothing, wrong_pastes);
    tcase_add_test(t, two_logins_at_a_time_do_not_mix);
    tcase_add_test(t, a_login_is_over_after_half_an_hour);
    tcase_add_test(t, a_finish_that_did_not_arrive_is_tried_again);
}
