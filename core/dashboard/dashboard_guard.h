/* SPDX-License-Identifier: MIT
 * Who asks, by which address, and whether a page of somebody else made the browser ask. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_GUARD_H
#define KOPPEL_DASHBOARD_DASHBOARD_GUARD_H

#include "dashboard/dashboard_request.h"
#include "service/accounts.h"
#include "service/sessions.h"

struct dashboard_guard_who {
    bool known;                   /* else nobody is logged in */
    bool token;                   /* a program with a token: user has its name and role alone */
    struct accounts_user user;
    struct sessions_one session;
    char csrf[SESSIONS_TOKEN_BYTES];
};

/* Does the request name this server? A name of somebody else that leads here does not. Else it is
 * answered, and false. */
bool dashboard_guard_host(struct dashboard_request *r);
/* Puts the address of who asked in the place of a proxy's that is believed. */
void dashboard_guard_address(struct dashboard_request *r);
/* Fills who from the token or the cookie; -1: it cannot be known now, which was answered.
 * dashboard_guard_done in any case. */
int dashboard_guard_who(struct dashboard_request *r, struct dashboard_guard_who *who);
void dashboard_guard_done(struct dashboard_guard_who *who);
/* May this request change something? It comes from a page of this server, and with a session
 * carries its token. Else it is answered, and false. */
bool dashboard_guard_unsafe(struct dashboard_request *r, const struct dashboard_guard_who *who);
/* May who asks see personal data? Operators and admins may; a viewer where that was given. */
bool dashboard_guard_personal(const struct dashboard_guard_who *who);
const char *dashboard_guard_via(const struct dashboard_guard_who *who); /* "gui", "token" */
/* "__Host-koppel=TOKEN; ..." for Set-Cookie; token NULL: the browser forgets it. malloc'd. */
char *dashboard_guard_cookie(const char *token, bool remembered);

#endif
