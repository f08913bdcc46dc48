/* SPDX-License-Identifier: MIT
 * core/oauth: a token is used, refreshed before it ends, and sealed before use. */
#include "oauth2_fixture.h"

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
    tcase_add_test(t, the_grant_has_ended);
    tcase_add_test(t, no_rotation);
    tcase_add_loop_test(t, the_identity_server_fails, 0, 4);
    tcase_add_test(t, client_credentials);
    tcase_add_test(t, unknown_grant);
}
