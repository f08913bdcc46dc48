/* SPDX-License-Identifier: MIT
 * What only the server has: log-ins, the first user, events. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_OWN_H
#define KOPPEL_DASHBOARD_DASHBOARD_OWN_H

#include "dashboard/dashboard_route.h"

/* row.name NULL behind the last. */
extern const struct dashboard_route dashboard_own_routes[];

#endif
