/* SPDX-License-Identifier: MIT
 * Answers a request of the API whose route is known. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_API_H
#define KOPPEL_DASHBOARD_DASHBOARD_API_H

#include "dashboard/dashboard_request.h"

/* Fills r->answer. May take long: in a thread of a pool. false: it is answered later, and must not
 * be touched any more. */
bool dashboard_api_answer(struct dashboard_request *r);

#endif
