/* SPDX-License-Identifier: MIT
 * /hooks/CONNECTION/ENTITY: messages of other systems. No log-in and no cookie: the connector looks
 * at the signature. What is answered with 2xx is in the journal. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_HOOKS_H
#define KOPPEL_DASHBOARD_DASHBOARD_HOOKS_H

#include "dashboard/dashboard_request.h"

/* Is it the address of a message? Then r->heads is wanted. */
bool dashboard_hooks_is(const struct dashboard_path *p);
/* Fills r->answer and tells that it is there (context->answered), now or later; in a thread of a
 * pool. */
void dashboard_hooks_answer(struct dashboard_request *r);

#endif
