/* SPDX-License-Identifier: MIT
 * Logging in and out, and the first user. */
#include "dashboard/dashboard_login.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/conf_dashboard.h"
#include "dashboard/dashboard_guesses.h"
#include "dashboard/dashboard_limits.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_stream.h"
#include "service/claims.h"
#include "service/passwords.h"
#include "service/totp.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

#define DEVICE "__Host-koppel-device"
#define DEVICE_BYTES 33 /* hex digits, NUL included */

static const char *text_of(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

/* May other hosts share the store? */
static bool is_shared(struct engine *e)
{
    struct generation *g = engine_hold(e);
    bool shared = g->conf->store_connection != NULL;
    engine_let_go(e, g);
    return shared;
}

static void tell(struct dashboard_request *r, const struct accounts_user *u, const char *csrf)
{
    dashboard_request_json(
        r, 200,
        json_pack("{s:{s:s,s:s,s:b,s:s,s:b},s:s,s:[s,s,s],s:[s,s,s],s:b,s:s,s:s,s:b}", "user",
                  "name", u->name, "role", accounts_role_name(u->role), "personal",
                  u->personal || u->role > SERVICE_VIEWER, "language", u->language, "totp",
                  totp_on(u), "csrf", csrf, "roles", "viewer", "operator", "admin",
                  "languages", "en", "de", "nl", "claim", 0, "version", KOPPEL_VERSION, "edit",
                  conf_dashboard_edit_name(r->context->conf->edit), "hosts",
                  is_shared(r->context->engine)));
}

void dashboard_login_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in)
{
    struct koppel_error err = {0};
    bool any;
    (void)in;
    if (who->known && !who->token)
        tell(r, &who->user, who->csrf);
    else if (accounts_any(r->context->engine->store, &any, &err) != 0)
        dashboard_problem_error(&r->answer, &err);
    else
        dashboard_problem_with(&r->answer, 401, "session.none", "nobody is logged in",
                               json_pack("{s:b}", "claim", !any));
}

/* ---- devices ---- */

/* The device cookie is "RANDOM.DIGEST"; the digest is of the user, the random part and a key that
 * only this installation has, so a browser that logged in once is known without being kept. */
static void device_digest(struct dashboard_request *r, const char *user, const char *random,
                          char out[STORE_DIGEST_BYTES])
{
    char text[ACCOUNTS_NAME_BYTES + 64];
    struct store *s = r->context->engine->store;
    snprintf(text, sizeof text, "dashboard-device %.*s %.32s", ACCOUNTS_NAME_BYTES - 1, user,
             random);
    s->ops->digest(s, text, out);
}

/* Is it a device on which this user logged in before? random receives what tells it apart. */
static bool is_known(struct dashboard_request *r, const char *user, char random[DEVICE_BYTES])
{
    char digest[STORE_DIGEST_BYTES];
    const char *at = strstr(r->cookie, DEVICE "=");
    if (!at)
        return false;
    at += strlen(DEVICE "=");
    if (strcspn(at, ".;") != DEVICE_BYTES - 1 || at[DEVICE_BYTES - 1] != '.')
        return false;
    snprintf(random, DEVICE_BYTES, "%s", at);
    device_digest(r, user, random, digest);
    at += DEVICE_BYTES;
    size_t length = strcspn(at, ";");
    return length == strlen(digest + 1) && sodium_memcmp(at, digest + 1, length) == 0;
}

/* The device is this user's from now on. */
static char *device_cookie(struct dashboard_request *r, const char *user)
{
    unsigned char bytes[(DEVICE_BYTES - 1) / 2];
    char random[DEVICE_BYTES], digest[STORE_DIGEST_BYTES], *out = NULL;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(random, sizeof random, bytes, sizeof bytes);
    device_digest(r, user, random, digest);
    int n = asprintf(&out, DEVICE "=%s.%s; Path=/; Secure; HttpOnly; SameSite=Strict; "
                     "Max-Age=15552000", random, digest + 1);
    return n < 0 ? NULL : out;
}

/* ---- sessions ---- */

/* The session that the browser had is over with another log-in. */
static void end_before(struct dashboard_request *r, const struct dashboard_guard_who *who)
{
    struct koppel_error ignored = {0};
    if (!who->known || who->token)
        return;
    (void)sessions_end(r->context->engine->store, who->session.id, &ignored);
    dashboard_stream_end(r->context->streams, who->session.id);
}

void dashboard_login_as(struct dashboard_request *r, const struct dashboard_guard_who *who,
                        struct accounts_user *u, bool remembered)
{
    end_before(r, who);
    struct koppel_error err = {0};
    struct sessions_one one = {.remembered = remembered};
    char token[SESSIONS_TOKEN_BYTES], csrf[SESSIONS_TOKEN_BYTES];
    snprintf(one.user, sizeof one.user, "%s", u->name);
    snprintf(one.agent, sizeof one.agent, "%s", r->agent);
    snprintf(one.address, sizeof one.address, "%s", r->address);
    if (sessions_begin(r->context->engine->store, &one, token, &err) != 0) {
        dashboard_problem_error(&r->answer, &err);
        return;
    }
    sessions_csrf(token, csrf);
    r->answer.cookie = dashboard_guard_cookie(token, remembered);
    r->answer.second_cookie = device_cookie(r, u->name);
    sodium_memzero(token, sizeof token);
    tell(r, u, csrf);
}

/* ---- guessing ---- */

/* May the password be tried? Else it is answered. */
static bool may_try(struct dashboard_request *r, const char *user, unsigned char *key)
{
    char device[DEVICE_BYTES];
    bool known = is_known(r, user, device);
    dashboard_limits_key(user, r->address, known ? device : NULL, key);
    int64_t wait = dashboard_limits_try(r->context->limits, key);
    if (wait == 0)
        return true;
    r->answer.retry_after_s = (int)((wait + 999) / 1000);
    dashboard_problem(&r->answer, 429, "login.wait",
                      "too many wrong passwords; the next try has to wait");
    return false;
}

static void refuse(struct dashboard_request *r)
{
    dashboard_guesses_note(r->context->guesses);
    log_warning(LOG_ABOUT(.event = "login.failed"), "a log-in to the dashboard failed, from %s",
                r->address);
    dashboard_problem(&r->answer, 401, "login.wrong", "user or password is wrong");
}

/* ---- */

void dashboard_login_begin(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in)
{
    struct store *s = r->context->engine->store;
    const char *name = text_of(in, "user");
    struct accounts_user u;
    struct koppel_error err = {0};
    unsigned char key[DASHBOARD_LIMITS_KEY_BYTES];
    bool found;
    if (!may_try(r, name, key))
        return;
    if (accounts_load(s, name, &u, &found, &err) != 0) {
        dashboard_problem_error(&r->answer, &err);
    } else if (!passwords_fit(u.password, text_of(in, "password"))) {
        refuse(r);
    } else if (totp_on(&u) && !text_of(in, "code")) {
        dashboard_problem(&r->answer, 401, "session.code", "a code of the second factor is needed");
    } else if (totp_on(&u) && !totp_take(&u, text_of(in, "code"))) {
        refuse(r);
    } else {
        dashboard_limits_right(r->context->limits, key);
        u.seen_ms = clock_now_ms();
        if (passwords_old(u.password))
            (void)passwords_hash(text_of(in, "password"), u.password, &err);
        if (accounts_save(s, &u, &err) != 0 && totp_on(&u))
            dashboard_problem_error(&r->answer, &err); /* else a code would work twice */
        else
            dashboard_login_as(r, who, &u, json_is_true(json_object_get(in, "remember")));
    }
    accounts_done(&u);
}

void dashboard_login_prove(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in)
{
    struct koppel_error err = {0};
    struct sessions_one one = who->session;
    unsigned char key[DASHBOARD_LIMITS_KEY_BYTES];
    if (who->token) {
        dashboard_problem(&r->answer, 403, SERVICE_DENIED, "a token has no password");
    } else if (may_try(r, who->user.name, key)) {
        if (!passwords_fit(who->user.password, text_of(in, "password"))) {
            refuse(r);
            return;
        }
        dashboard_limits_right(r->context->limits, key);
        if (sessions_prove(r->context->engine->store, &one, &err) == 0)
            dashboard_request_json(r, 200, json_object());
        else
            dashboard_problem_error(&r->answer, &err);
    }
}

void dashboard_login_end(struct dashboard_request *r, const struct dashboard_guard_who *who,
                         const json_t *in)
{
    struct koppel_error err = {0};
    (void)in;
    if (who->known && !who->token &&
        sessions_end(r->context->engine->store, who->session.id, &err) != 0) {
        dashboard_problem_error(&r->answer, &err);
        return;
    }
    if (who->known)
        dashboard_stream_end(r->context->streams, who->session.id);
    r->answer.cookie = dashboard_guard_cookie(NULL, false);
    dashboard_request_json(r, 200, json_object());
}

void dashboard_login_claim(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in)
{
    struct store *s = r->context->engine->store;
    struct koppel_error err = {0};
    struct accounts_user u = {.role = SERVICE_ADMIN, .personal = true, .made_ms = clock_now_ms()};
    const char *name = text_of(in, "user"), *password = text_of(in, "password");
    u.seen_ms = u.made_ms;
    int rc = accounts_name_good(name)
                 ? 0 : err_reason(&err, KOPPEL_E_REJECTED, "user.name",
                                  "a user's name has small letters, digits and . _ - @ +");
    if (rc == 0)
        snprintf(u.name, sizeof u.name, "%s", name);
    if (rc == 0 && (passwords_check(password, name, &err) != 0 ||
                    passwords_hash(password, u.password, &err) != 0 ||
                    claims_take(s, text_of(in, "token"), &err) != 0 ||
                    accounts_save(s, &u, &err) != 0))
        rc = -1;
    if (rc == 0)
        log_info(LOG_ABOUT(.event = "user"), "%s is the first user of the dashboard", u.name);
    if (rc == 0)
        dashboard_login_as(r, who, &u, false);
    else
        dashboard_problem_error(&r->answer, &err);
    accounts_done(&u);
}
