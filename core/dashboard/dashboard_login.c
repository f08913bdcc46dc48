/* SPDX-License-Identifier: MIT
 * Logging in and out, and the first user. */
#include "dashboard/dashboard_login.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_stream.h"
#include "service/claims.h"
#include "service/passwords.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

static const char *text_of(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

static void tell(struct dashboard_request *r, const struct accounts_user *u, const char *csrf)
{
    dashboard_request_json(
        r, 200,
        json_pack("{s:{s:s,s:s,s:b,s:s,s:b},s:s,s:[s,s,s],s:[s,s,s],s:b,s:s}", "user", "name",
                  u->name, "role", accounts_role_name(u->role), "personal",
                  u->personal || u->role > SERVICE_VIEWER, "language", u->language, "totp",
                  u->totp != NULL, "csrf", csrf, "roles", "viewer", "operator", "admin",
                  "languages", "en", "de", "nl", "claim", 0, "version", KOPPEL_VERSION));
}

void dashboard_login_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in)
{
    struct koppel_error err = {0};
    bool any;
    (void)in;
    if (who->known)
        tell(r, &who->user, who->csrf);
    else if (accounts_any(r->context->engine->store, &any, &err) != 0)
        dashboard_problem_error(&r->answer, &err);
    else
        dashboard_problem_with(&r->answer, 401, "session.none", "nobody is logged in",
                               json_pack("{s:b}", "claim", !any));
}

/* A session of this user, whose cookie goes along. */
static void begin(struct dashboard_request *r, struct accounts_user *u, bool remembered)
{
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
    sodium_memzero(token, sizeof token);
    tell(r, u, csrf);
}

/* The session that the browser had is over with another log-in. */
static void end_before(struct dashboard_request *r, const struct dashboard_guard_who *who)
{
    struct koppel_error ignored = {0};
    if (!who->known)
        return;
    (void)sessions_end(r->context->engine->store, who->session.id, &ignored);
    dashboard_stream_end(r->context->streams, who->session.id);
}

void dashboard_login_begin(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in)
{
    struct store *s = r->context->engine->store;
    struct accounts_user u;
    struct koppel_error err = {0};
    bool found;
    if (accounts_load(s, text_of(in, "user"), &u, &found, &err) != 0) {
        dashboard_problem_error(&r->answer, &err);
    } else if (!passwords_fit(u.password, text_of(in, "password"))) {
        log_warning(LOG_ABOUT(.event = "login.failed"), "a log-in to the dashboard failed, from %s",
                    r->address);
        dashboard_problem(&r->answer, 401, "login.wrong", "user or password is wrong");
    } else {
        u.seen_ms = clock_now_ms();
        if (passwords_old(u.password))
            (void)passwords_hash(text_of(in, "password"), u.password, &err);
        if (accounts_save(s, &u, &err) != 0)
            log_debug(NULL, "the time of a log-in is not noted: %s", err.text);
        end_before(r, who);
        begin(r, &u, json_is_true(json_object_get(in, "remember")));
    }
    accounts_done(&u);
}

void dashboard_login_end(struct dashboard_request *r, const struct dashboard_guard_who *who,
                         const json_t *in)
{
    struct koppel_error err = {0};
    (void)in;
    if (who->known && sessions_end(r->context->engine->store, who->session.id, &err) != 0) {
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
    (void)who;
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
        begin(r, &u, false);
    else
        dashboard_problem_error(&r->answer, &err);
    accounts_done(&u);
}
