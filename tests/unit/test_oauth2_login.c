/* SPDX-License-Identifier: MIT
 * core/oauth/oauth2_login.c: logging in, here and from afar. */
#include "oauth2_fixture.h"

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

UNIT_MAIN("oauth2 login")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, connecting);
    tcase_add_test(t, connecting_refused);
    tcase_add_test(t, nobody_logs_in);
    LOOP(another_process_finishes_what_was_pasted, pasted);
    LOOP(a_wrong_paste_ends_nothing, wrong_pastes);
    tcase_add_test(t, two_logins_at_a_time_do_not_mix);
    tcase_add_test(t, a_login_is_over_after_half_an_hour);
    tcase_add_test(t, a_finish_that_did_not_arrive_is_tried_again);
}
