/* SPDX-License-Identifier: MIT
 * Invitations: whoever has the link chooses the password of that user, once. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_INVITE_H
#define KOPPEL_DASHBOARD_DASHBOARD_INVITE_H

#include "dashboard/dashboard_guard.h"

/* {"token"}: {"user","role"}. 403 "invite.wrong". */
void dashboard_invite_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           const json_t *in);
/* {"token","password"}: logged in, as POST /session answers. */
void dashboard_invite_accept(struct dashboard_request *r, const struct dashboard_guard_who *who,
                             const json_t *in);

#endif
