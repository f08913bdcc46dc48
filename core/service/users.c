/* SPDX-License-Identifier: MIT
 * Questions and orders about those who may log in. */
#include "service/users.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "service/ask.h"
#include "service/claims.h"
#include "service/sessions.h"
#include "service/totp.h"

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms == 0)
        return json_null();
    clock_format(ms, text);
    return json_string(text);
}

static bool sees_persons(const struct accounts_user *u)
{
    return u->personal || u->role > SERVICE_VIEWER;
}

/* The user that is asked for; accounts_done in any case. */
static int load(struct service *s, const struct service_ask *ask, struct accounts_user *out,
                struct koppel_error *err)
{
    const char *name = ask_text(ask, "user");
    bool found;
    if (accounts_load(s->store, name, out, &found, err) != 0)
        return -1;
    return found ? 0 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "no user \"%s\"", name);
}

/* ---- list ---- */

struct listing {
    json_t *users, *sessions; /* the second: how many, by user */
};

static int count_session(void *arg, const struct sessions_one *one)
{
    struct listing *l = arg;
    json_int_t count = json_integer_value(json_object_get(l->sessions, one->user));
    return json_object_set_new(l->sessions, one->user, json_integer(count + 1));
}

static int add_user(void *arg, const struct accounts_user *u)
{
    struct listing *l = arg;
    bool invited = *u->link && clock_now_ms() < u->link_until_ms;
    return json_array_append_new(
        l->users,
        json_pack("{s:s,s:s,s:b,s:s,s:b,s:b,s:o,s:o,s:o,s:I}", "user", u->name, "role",
                  accounts_role_name(u->role), "personal",
                  sees_persons(u), "language", u->language, "totp", totp_on(u),
                  "password", *u->password != '\0', "made", moment(u->made_ms),
                  "seen", moment(u->seen_ms), "invited_until",
                  moment(invited ? u->link_until_ms : 0), "sessions",
                  json_integer_value(json_object_get(l->sessions, u->name))));
}

int users_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct listing l = {json_array(), json_object()};
    (void)ask;
    int rc = s->store ? sessions_each(s->store, count_session, &l, err) : 0;
    if (rc == 0 && s->store)
        rc = accounts_each(s->store, add_user, &l, err);
    if (rc == 0)
        *out = json_pack("{s:O}", "users", l.users);
    json_decref(l.users);
    json_decref(l.sessions);
    return rc;
}

/* ---- invitations ---- */

/* Saves the user with a new link, and tells that. */
static int invite(struct service *s, struct accounts_user *u, json_t **out,
                  struct koppel_error *err)
{
    char token[CLAIMS_TOKEN_BYTES];
    claims_token(token);
    claims_digest(token, u->link);
    u->link_until_ms = clock_now_ms() + USERS_LINK_MS;
    int rc = accounts_save(s->store, u, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:o,s:o}", "user", u->name, "url",
                         claims_url(s, "invite", token), "until", moment(u->link_until_ms));
    sodium_memzero(token, sizeof token);
    return rc;
}

int users_add(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    const char *name = ask_text(ask, "user"), *role = ask_text(ask, "role");
    struct accounts_user u;
    bool found;
    if (!accounts_name_good(name))
        return err_reason(err, KOPPEL_E_REJECTED, "user.name",
                          "a user's name has small letters, digits and . _ - @ +, and begins with "
                          "one of the first two");
    if (accounts_load(s->store, name, &u, &found, err) != 0)
        return -1;
    int rc = found ? err_reason(err, KOPPEL_E_REJECTED, "user.there",
                                "there is a user %s; koppel user reset %s makes a new link", name,
                                name) : 0;
    if (rc == 0 && accounts_role_parse(role, &u.role) != 0)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                        "the role is viewer, operator or admin, not \"%s\"", role);
    if (rc == 0) {
        snprintf(u.name, sizeof u.name, "%s", name);
        u.personal = ask_flag(ask, "personal");
        u.made_ms = clock_now_ms();
        rc = invite(s, &u, out, err);
    }
    accounts_done(&u);
    return rc;
}

int users_reset(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct accounts_user u;
    int rc = load(s, ask, &u, err);
    if (rc == 0) {
        sodium_memzero(u.password, sizeof u.password);
        totp_end(&u);
        rc = invite(s, &u, out, err);
    }
    if (rc == 0)
        rc = sessions_end_all(s->store, u.name, NULL, err);
    accounts_done(&u);
    return rc;
}

struct invited {
    char digest[CLAIMS_DIGEST_BYTES];
    char name[ACCOUNTS_NAME_BYTES];
};

static int find_invited(void *arg, const struct accounts_user *u)
{
    struct invited *i = arg;
    if (strlen(u->link) == strlen(i->digest) &&
        sodium_memcmp(u->link, i->digest, strlen(i->digest)) == 0 &&
        clock_now_ms() < u->link_until_ms)
        snprintf(i->name, sizeof i->name, "%s", u->name);
    return 0;
}

int users_invited(struct store *s, const char *token, struct accounts_user *out,
                  struct koppel_error *err)
{
    struct invited i = {0};
    bool found = false;
    *out = (struct accounts_user){0};
    claims_digest(token, i.digest);
    if (accounts_each(s, find_invited, &i, err) != 0)
        return -1;
    if (*i.name && accounts_load(s, i.name, out, &found, err) != 0)
        return -1;
    if (found && strcmp(out->link, i.digest) == 0)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "invite.wrong",
                      "this invitation is used up, too old or another one; ask an admin for a new "
                      "one");
}

/* ---- changes ---- */

/* Is there an admin left without this one? */
static int check_last(struct service *s, const struct accounts_user *u, struct koppel_error *err)
{
    int others;
    if (u->role < SERVICE_ADMIN)
        return 0;
    if (accounts_admins(s->store, u->name, &others, err) != 0)
        return -1;
    return others > 0 ? 0 : err_reason(err, KOPPEL_E_REJECTED, "user.last",
                                       "%s is the last admin who can log in; make another one "
                                       "first", u->name);
}

int users_change(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    const char *name = ask_text(ask, "role");
    struct accounts_user u;
    enum service_role role;
    int rc = load(s, ask, &u, err);
    role = u.role;
    if (rc == 0 && name && accounts_role_parse(name, &role) != 0)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                        "the role is viewer, operator or admin, not \"%s\"", name);
    if (rc == 0 && role < u.role)
        rc = check_last(s, &u, err);
    bool other = role != u.role, saw = sees_persons(&u);
    if (rc == 0) {
        u.role = role;
        if (json_object_get(ask->in, "personal"))
            u.personal = ask_flag(ask, "personal");
        rc = accounts_save(s->store, &u, err);
    }
    /* what a page is told from then on is made for what its user might see when it was opened */
    if (rc == 0 && (other || saw != sees_persons(&u)))
        rc = sessions_end_all(s->store, u.name, NULL, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:s,s:b}", "user", u.name, "role", accounts_role_name(u.role),
                         "personal", sees_persons(&u));
    accounts_done(&u);
    return rc;
}

int users_remove(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct accounts_user u;
    int rc = load(s, ask, &u, err);
    if (rc == 0)
        rc = check_last(s, &u, err);
    if (rc == 0)
        rc = accounts_drop(s->store, u.name, err);
    if (rc == 0)
        rc = sessions_end_all(s->store, u.name, NULL, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "user", u.name);
    accounts_done(&u);
    return rc;
}

/* ---- sessions ---- */

struct sessions_of {
    const char *user, *own;
    json_t *list;
};

static int add_session(void *arg, const struct sessions_one *one)
{
    struct sessions_of *of = arg;
    if (strcmp(one->user, of->user) != 0)
        return 0;
    return json_array_append_new(
        of->list,
        json_pack("{s:s,s:o,s:s,s:b,s:o,s:o,s:b}", "session", one->id, "agent",
                  ask_json_text(one->agent), "address", one->address, "remembered",
                  one->remembered, "made", moment(one->made_ms), "seen", moment(one->seen_ms),
                  "own", of->own && strcmp(of->own, one->id) == 0));
}

int users_sessions(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct accounts_user u;
    struct sessions_of of = {ask_text(ask, "user"), ask->who->session, json_array()};
    int rc = load(s, ask, &u, err);
    if (rc == 0)
        rc = sessions_each(s->store, add_session, &of, err);
    if (rc == 0)
        *out = json_pack("{s:O}", "sessions", of.list);
    json_decref(of.list);
    accounts_done(&u);
    return rc;
}

int users_session_end(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    const char *id = ask_text(ask, "session");
    struct sessions_of of = {ask_text(ask, "user"), NULL, json_array()};
    size_t i;
    json_t *one;
    bool found = false;
    int rc = sessions_each(s->store, add_session, &of, err);
    json_array_foreach(of.list, i, one)
        found = found || strcmp(json_string_value(json_object_get(one, "session")), id) == 0;
    json_decref(of.list);
    if (rc == 0 && !found)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "%s has no such session", of.user);
    if (rc == 0)
        rc = sessions_end(s->store, id, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "session", id);
    return rc;
}
