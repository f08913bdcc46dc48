/* SPDX-License-Identifier: MIT
 * core/oauth: a refresh token is used once, however many threads and hosts want it. */
#include "oauth2_fixture.h"

static void *call_thread(void *arg)
{
    struct koppel_error *e = arg;
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = KOPPEL_HTTP_OAUTH,
                                    .method = "GET", .url = api_url};
    struct koppel_http_response out = {.struct_size = sizeof out};

    if (oauth2_exchange(oauth, http, &r, NULL, &out, NULL, e) == 0)
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

UNIT_MAIN("oauth2 hosts")
{
    tcase_set_timeout(t, 20);
    tcase_add_loop_test(t, many_threads_refresh_once, 0, 2);
    tcase_add_test(t, another_process_was_first);
    tcase_add_loop_test(t, two_hosts_use_a_refresh_token_once, 0, 2);
    tcase_add_test(t, a_login_is_newer_than_a_refresh);
    tcase_add_test(t, a_stop_ends_the_wait_for_another_host);
    tcase_add_test(t, the_store_fails);
}
