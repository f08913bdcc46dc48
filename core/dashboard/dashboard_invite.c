/* SPDX-License-Identifier: MIT
 * Invitations. */
#include "dashboard/dashboard_invite.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "dashboard/dashboard_login.h"
#include "dashboard/dashboard_problem.h"
#include "service/passwords.h"
#include "service/users.h"

static const char *text_of(const json_t *in, const char *name)
{
    return json_string_value(json_object_get(in, name));
}

void dashboard_invite_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in)
{
    struct koppel_error err = {0};
    struct accounts_user u;
    (void)who;
    if (users_invited(r->context->engine->store, text_of(in, "token"), &u, &err) == 0)
        dashboard_request_json(r, 200, json_pack("{s:s,s:s}", "user", u.name, "role",
                                                 accounts_role_name(u.role)));
    else
        dashboard_problem_error(&r->answer, &err);
    accounts_done(&u);
}

void dashboard_invite_accept(struct dashboard_request *r, const struct dashboard_guard_who *who,
                             const json_t *in)
{
    struct store *s = r->context->engine->store;
    struct koppel_error err = {0};
    const char *password = text_of(in, "password");
    struct accounts_user u;
    int rc = users_invited(s, text_of(in, "token"), &u, &err);
    if (rc == 0)
        rc = passwords_check(password, u.name, &err);
    if (rc == 0)
        rc = passwords_hash(password, u.password, &err);
    if (rc == 0) {
        sodium_memzero(u.link, sizeof u.link);
        u.link_until_ms = 0;
        u.seen_ms = clock_now_ms();
        rc = accounts_save(s, &u, &err); /* of two at once, one */
    }
    if (rc == 0) {
        log_info(LOG_ABOUT(.event = "user"), "%s took the invitation", u.name);
        dashboard_login_as(r, who, &u, false);
    } else {
        dashboard_problem_error(&r->answer, &err);
    }
    accounts_done(&u);
}
