/* SPDX-License-Identifier: MIT
 * /live, /ready and /metrics beside the pages: the first two in one word for everybody, the last
 * for a token or a user. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_PROBES_H
#define KOPPEL_DASHBOARD_DASHBOARD_PROBES_H

#include "dashboard/dashboard_request.h"

bool dashboard_probes_is(const struct dashboard_path *p);
/* Fills r->answer; asks the store, so in a thread of a pool. */
void dashboard_probes_answer(struct dashboard_request *r);

#endif
