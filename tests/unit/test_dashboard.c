/* SPDX-License-Identifier: MIT
 * What the dashboard decides without a browser: guessing, sessions and their age, second factors,
 * paths, and what a viewer does not see. Clocks are the tests'. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "dashboard/dashboard_limits.h"
#include "dashboard/dashboard_mask.h"
#include "dashboard/dashboard_path.h"
#include "service/claims.h"
#include "service/passwords.h"
#include "service/sessions.h"
#include "service/tokens.h"
#include "service/totp.h"
#include "store/store_memory.h"
#include "unit.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct koppel_error err;
static struct store *store;
static struct secret *store_key;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void open_store(void)
{
    char fill[SECRET_KEY_BYTES];
    memset(fill, 'k', sizeof fill);
    OK(secret_start(&err));
    store_key = secret_new(fill, sizeof fill);
    struct store_conf conf = {.key = store_key};
    OK(store_memory.open(&conf, STORE_ENGINE, &store, &err));
    clock_fix(INT64_C(1800000000000));
}

static void close_store(void)
{
    store->ops->close(store);
    secret_free(store_key);
}

/* Behind each test, which may share a process with the next. */
static void put_clock_back(void)
{
    clock_fix(0);
    clock_shift_ms(-clock_shifted_ms());
}

/* ---- guessing ---- */

START_TEST(s5_wrong_passwords_wait_longer_each_time)
{
    static const int64_t waits[] = {30000, 60000, 120000, 240000, 480000, 900000, 900000};
    struct dashboard_limits *l = dashboard_limits_new();
    unsigned char anna[DASHBOARD_LIMITS_KEY_BYTES], other[DASHBOARD_LIMITS_KEY_BYTES];
    dashboard_limits_key("anna", "192.0.2.1", NULL, anna);
    dashboard_limits_key("anna", "192.0.2.2", NULL, other);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(dashboard_limits_try(l, anna), 0);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        ck_assert_int_eq(dashboard_limits_try(l, anna), 0);
        int64_t wait = dashboard_limits_try(l, anna);
        ck_assert_int_gt(wait, waits[i] - 1000);
        ck_assert_int_le(wait, waits[i]);
        if (i < 4)
            ck_assert_int_eq(dashboard_limits_try(l, other), 0);
        clock_shift_ms(waits[i]);
    }
    /* a right one forgets, and so does an hour */
    dashboard_limits_right(l, anna);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(dashboard_limits_try(l, anna), 0);
    ck_assert_int_gt(dashboard_limits_try(l, anna), 0);
    clock_shift_ms(HOUR + MINUTE);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(dashboard_limits_try(l, anna), 0);
    dashboard_limits_free(l);
}
END_TEST

START_TEST(s5_a_network_is_one)
{
    unsigned char a[DASHBOARD_LIMITS_KEY_BYTES], b[DASHBOARD_LIMITS_KEY_BYTES];
    dashboard_limits_key("anna", "2001:db8:1:2::1", NULL, a);
    dashboard_limits_key("anna", "2001:db8:1:2:ffff::2", NULL, b);
    ck_assert_mem_eq(a, b, sizeof a);
    dashboard_limits_key("anna", "2001:db8:1:3::1", NULL, b);
    ck_assert_mem_ne(a, b, sizeof a);
    dashboard_limits_key("bas", "2001:db8:1:2::1", NULL, b);
    ck_assert_mem_ne(a, b, sizeof a);
    dashboard_limits_key("anna", "192.0.2.1", "device", a);
    dashboard_limits_key("anna", "192.0.2.2", "device", b);
    ck_assert_mem_eq(a, b, sizeof a);
    /* many of them push nobody out that waits now */
    struct dashboard_limits *l = dashboard_limits_new();
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(dashboard_limits_try(l, a), 0);
    clock_shift_ms(1);
    for (int i = 0; i < 4000; i++) {
        char name[16];
        snprintf(name, sizeof name, "u%d", i);
        dashboard_limits_key(name, "192.0.2.9", NULL, b);
        ck_assert_int_eq(dashboard_limits_try(l, b), 0);
    }
    ck_assert_int_gt(dashboard_limits_try(l, a), 0);
    dashboard_limits_free(l);
}
END_TEST

/* ---- sessions ---- */

static bool is_there(const char *token)
{
    struct sessions_one one;
    bool found;
    OK(sessions_find(store, token, &one, &found, &err));
    return found;
}

START_TEST(s11_a_session_ends_with_time)
{
    char token[SESSIONS_TOKEN_BYTES], mine[SESSIONS_TOKEN_BYTES], csrf[SESSIONS_TOKEN_BYTES];
    struct sessions_one one = {.user = "anna"}, own = {.user = "anna", .remembered = true};
    int64_t now = INT64_C(1800000000000);
    open_store();
    OK(sessions_begin(store, &one, token, &err));
    OK(sessions_begin(store, &own, mine, &err));
    ck_assert_str_ne(token, mine);
    sessions_csrf(token, csrf);
    ck_assert_str_ne(token, csrf);
    /* used it lives, for twelve hours in all */
    for (int i = 0; i < 7; i++) {
        clock_fix(now += 100 * MINUTE);
        ck_assert_msg(is_there(token), "after %d", i);
    }
    clock_fix(now += 21 * MINUTE);
    ck_assert(!is_there(token));
    ck_assert(is_there(mine));
    /* unused it ends after two */
    OK(sessions_begin(store, &one, token, &err));
    clock_fix(now += 2 * HOUR + MINUTE);
    ck_assert(!is_there(token));
    clock_fix(now += 29 * DAY);
    ck_assert(is_there(mine));
    clock_fix(now += 2 * DAY);
    ck_assert(!is_there(mine));
    ck_assert(!is_there("x"));
    ck_assert(!is_there(""));
    clock_fix(0);
    close_store();
}
END_TEST

static int count_one(void *arg, const struct sessions_one *one)
{
    (void)one;
    ++*(int *)arg;
    return 0;
}

START_TEST(s11_one_user_has_so_many)
{
    char first[SESSIONS_TOKEN_BYTES], token[SESSIONS_TOKEN_BYTES];
    int count = 0;
    open_store();
    for (int i = 0; i < 40; i++) {
        struct sessions_one one = {.user = "anna"};
        clock_fix(INT64_C(1800000000000) + i * 1000);
        OK(sessions_begin(store, &one, i == 0 ? first : token, &err));
    }
    OK(sessions_each(store, count_one, &count, &err));
    ck_assert_int_eq(count, 30);
    ck_assert(!is_there(first));
    ck_assert(is_there(token));
    OK(sessions_end_all(store, "bas", NULL, &err));
    ck_assert(is_there(token));
    OK(sessions_end_all(store, "anna", NULL, &err));
    ck_assert(!is_there(token));
    clock_fix(0);
    close_store();
}
END_TEST

/* ---- the first user, passwords ---- */

START_TEST(b1_a_claim_works_once_and_for_an_hour)
{
    char token[CLAIMS_TOKEN_BYTES], older[CLAIMS_TOKEN_BYTES];
    open_store();
    ck_assert_int_eq(claims_take(store, "0", &err), -1);
    OK(claims_new(store, older, &err));
    OK(claims_new(store, token, &err));
    ck_assert_int_eq(claims_take(store, older, &err), -1);
    ck_assert_str_eq(err.reason, "claim.wrong");
    OK(claims_take(store, token, &err));
    ck_assert_int_eq(claims_take(store, token, &err), -1);
    OK(claims_new(store, token, &err));
    clock_fix(INT64_C(1800000000000) + HOUR);
    ck_assert_int_eq(claims_take(store, token, &err), -1);
    OK(claims_new(store, token, &err));
    struct accounts_user u = {.name = "anna", .role = SERVICE_ADMIN};
    OK(accounts_save(store, &u, &err));
    ck_assert_int_eq(claims_take(store, token, &err), -1);
    ck_assert_str_eq(err.reason, "claim.over");
    /* of two changes at once, one */
    struct accounts_user same = {.name = "anna", .role = SERVICE_VIEWER};
    ck_assert_int_eq(accounts_save(store, &same, &err), -1);
    ck_assert_str_eq(err.reason, "user.changed");
    clock_fix(0);
    close_store();
}
END_TEST

static const struct {
    const char *password;
    bool good;
} passwords[] = {
    {"", false},
    {"short", false},
    {"elevenchars", false},
    {"aaaaaaaaaaaaaaaa", false},
    {"annaannaanna", false},
    {"anna is my name here", false},
    {"koppelkoppel12", false},
    {"velvet otter climbs 9 stairs", true},
    {"\u00e4\u00f6\u00fc\u00df\u20ac\u00e4\u00f6\u00fc\u00df\u20ac\u00e4\u00f6", true},
};

START_TEST(test_password)
{
    int rc = passwords_check(passwords[_i].password, "anna", &err);
    ck_assert_msg((rc == 0) == passwords[_i].good, "%s: %s", passwords[_i].password, err.text);
    ck_assert(rc == 0 || !strstr(err.text, passwords[_i].password) || !*passwords[_i].password);
}
END_TEST

START_TEST(s5_a_hash_fits_its_password_alone)
{
    char hash[ACCOUNTS_HASH_BYTES];
    OK(secret_start(&err));
    OK(passwords_hash("velvet otter climbs 9 stairs", hash, &err));
    ck_assert(passwords_fit(hash, "velvet otter climbs 9 stairs"));
    ck_assert(!passwords_fit(hash, "velvet otter climbs 9 stair"));
    ck_assert(!passwords_fit("", "velvet otter climbs 9 stairs"));
    ck_assert(!passwords_fit("", ""));
    ck_assert(!passwords_old(hash));
    ck_assert(strstr(hash, "$argon2id$"));
}
END_TEST

/* ---- the second factor ---- */

START_TEST(b19_a_code_works_once_and_soon)
{
    struct accounts_user u = {.name = "anna"};
    char secret[TOTP_SECRET_BYTES];
    json_t *codes;
    if (!totp_there())
        return;
    OK(secret_start(&err));
    /* RFC 6238, appendix B: SHA-1, the last six of eight digits */
    u.totp = json_pack("{s:s,s:b,s:i}", "secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "on", 1,
                       "step", 0);
    clock_fix(59000);
    ck_assert(!totp_take(&u, "287083"));
    ck_assert(!totp_take(&u, "28708"));
    ck_assert(!totp_take(&u, ""));
    ck_assert(totp_take(&u, "287082"));
    ck_assert(!totp_take(&u, "287082"));
    clock_fix(INT64_C(1111111109000) + 30000); /* a device that is one step behind */
    ck_assert(totp_take(&u, "081804"));
    clock_fix(INT64_C(1234567890000) + 90000);
    ck_assert(!totp_take(&u, "005924"));
    totp_end(&u);
    ck_assert(!totp_on(&u));
    OK(totp_begin(&u, secret, &err));
    ck_assert(!totp_on(&u));
    ck_assert(!totp_take(&u, "0123-4567-89ab-cdef"));
    OK(totp_confirm(&u, &codes, &err));
    ck_assert(totp_on(&u));
    const char *code = json_string_value(json_array_get(codes, 7));
    ck_assert(totp_take(&u, code));
    ck_assert(!totp_take(&u, code));
    char *kept = json_text(u.totp, true, NULL);
    ck_assert_ptr_null(strstr(kept, json_string_value(json_array_get(codes, 1))));
    free(kept);
    json_decref(codes);
    totp_end(&u);
    clock_fix(0);
}
END_TEST

/* ---- paths ---- */

static const struct {
    const char *target;
    int count;         /* -1: it is refused */
    const char *parts; /* with | between */
} paths[] = {
    {"/", 0, ""},
    {"/a/b", 2, "a|b"},
    {"/a%2Fb/c", 2, "a/b|c"},
    {"/a//b", 3, "a||b"},
    {"/a/?x=1", 1, "a"},
    {"/%", -1, NULL},
    {"/%0", -1, NULL},
    {"/%00", -1, NULL},
    {"/%zz", -1, NULL},
    {"", -1, NULL},
    {"a", -1, NULL},
    {"*", -1, NULL},
    {"http://x/", -1, NULL},
    {"/a?x=%00", -1, NULL},
    {"/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h", -1, NULL},
};

START_TEST(s3_a_path_is_its_parts)
{
    struct dashboard_path p;
    char all[200] = "";
    int rc = dashboard_path_parse(paths[_i].target, &p);
    ck_assert_int_eq(rc, paths[_i].count < 0 ? -1 : 0);
    for (int i = 0; rc == 0 && i < p.count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? "|" : "", p.segments[i]);
    if (rc == 0) {
        ck_assert_int_eq(p.count, paths[_i].count);
        ck_assert_str_eq(all, paths[_i].parts);
    }
    dashboard_path_done(&p);
}
END_TEST

START_TEST(s3_members_of_a_query)
{
    struct dashboard_path p;
    OK(dashboard_path_parse("/x?a=1+2&b&&a=%26%3d&c=", &p));
    ck_assert_int_eq(p.member_count, 4);
    ck_assert_str_eq(p.members[0].value, "1 2");
    ck_assert_str_eq(p.members[1].name, "b");
    ck_assert_str_eq(p.members[1].value, "");
    ck_assert_str_eq(p.members[2].value, "&=");
    ck_assert_str_eq(p.members[3].value, "");
    dashboard_path_done(&p);
}
END_TEST

/* ---- what a viewer does not see ---- */

static const struct {
    const char *whole, *seen;
} masks[] = {
    {"{\"job\":\"orders/1/2\",\"key\":\"jan@x.nl\",\"state\":\"done\"}",
     "{\"job\":\"orders/1/2\",\"key\":\"***\",\"state\":\"done\"}"},
    {"{\"source\":{\"orderNumber\":\"10099\",\"total\":\"12.00\",\"email\":\"jan@x.nl\","
     "\"customerNumber\":1042,\"lines\":[{\"price\":\"6.00\",\"text\":\"for Jan\"}]}}",
     "{\"source\":{\"orderNumber\":\"10099\",\"total\":\"12.00\",\"email\":\"***\","
     "\"customerNumber\":\"***\",\"lines\":[{\"price\":\"6.00\",\"text\":\"***\"}]}}"},
    {"{\"brief\":{\"title\":\"de Vries\",\"reference\":\"10099\",\"total\":\"12.00\"}}",
     "{\"brief\":{\"title\":\"***\",\"reference\":\"10099\",\"total\":\"12.00\"}}"},
    {"{\"text\":\"customer jan@x.nl is there twice\",\"detail\":\"no \\\"Jan de Vries\\\" there\"}",
     "{\"text\":\"customer *** is there twice\",\"detail\":\"no *** *** *** there\"}"},
    {"{\"flows\":[{\"flow\":\"orders\",\"state\":\"waiting\",\"paused\":null}]}",
     "{\"flows\":[{\"flow\":\"orders\",\"state\":\"waiting\",\"paused\":null}]}"},
};

START_TEST(x11_a_viewer_sees_what_names_nobody)
{
    json_t *value = json_read_text(masks[_i].whole, NULL);
    ck_assert_ptr_nonnull(value);
    dashboard_mask(value);
    char *text = json_text(value, false, NULL);
    ck_assert_str_eq(text, masks[_i].seen);
    free(text);
    json_decref(value);
}
END_TEST

UNIT_MAIN("dashboard")
{
    tcase_add_checked_fixture(t, NULL, put_clock_back);
    tcase_add_test(t, s5_wrong_passwords_wait_longer_each_time);
    tcase_add_test(t, s5_a_network_is_one);
    tcase_add_test(t, s11_a_session_ends_with_time);
    tcase_add_test(t, s11_one_user_has_so_many);
    tcase_add_test(t, b1_a_claim_works_once_and_for_an_hour);
    LOOP(test_password, passwords);
    tcase_add_test(t, s5_a_hash_fits_its_password_alone);
    tcase_add_test(t, b19_a_code_works_once_and_soon);
    LOOP(s3_a_path_is_its_parts, paths);
    tcase_add_test(t, s3_members_of_a_query);
    LOOP(x11_a_viewer_sees_what_names_nobody, masks);
}
