/* SPDX-License-Identifier: MIT
 * Logging in and out, and the first user. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_LOGIN_H
#define KOPPEL_DASHBOARD_DASHBOARD_LOGIN_H

#include "dashboard/dashboard_guard.h"

/* {}: {"user":{...},"csrf","roles","languages","claim":false,"version"}; 401 "session.none" with
 * "claim": whether there is no user yet. */
void dashboard_login_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in);
/* {"user","password","code"?,"remember"?}: as above, with a cookie. 401 "login.wrong", whatever is
 * wrong. */
void dashboard_login_begin(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in);
/* {"password"}: {}; for five minutes orders that want it are taken. 401 "login.wrong". */
void dashboard_login_prove(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in);
/* A session of this user, with its cookie; that of before is over. Answers as the first. */
void dashboard_login_as(struct dashboard_request *r, const struct dashboard_guard_who *who,
                        struct accounts_user *user, bool remembered);
/* {}: {}; the browser forgets. */
void dashboard_login_end(struct dashboard_request *r, const struct dashboard_guard_who *who,
                         const json_t *in);
/* {"token","user","password"}: the first user, an admin, who is logged in. 404 once there is
 * one. */
void dashboard_login_claim(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in);

#endif
