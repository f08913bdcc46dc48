/* SPDX-License-Identifier: MIT
 * The head of a request, out of the HTTP library. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_HEAD_H
#define KOPPEL_DASHBOARD_DASHBOARD_HEAD_H

#include "dashboard/dashboard_request.h"

/* Fills the members of r that are of its head, and the address of who asks. */
void dashboard_head_take(struct dashboard_request *r);
/* Fills r->heads, for a connector, which looks for its own. */
void dashboard_head_all(struct dashboard_request *r);
void dashboard_head_done(struct dashboard_request *r);
/* Would everybody on the way here read it alike, and find the same end of the body? One length or
 * one coding, names that are names: what two readers part in different places hides a request. */
bool dashboard_head_clear(struct dashboard_request *r);
/* Does it say that more will come than is taken? */
bool dashboard_head_too_long(struct dashboard_request *r);

#endif
