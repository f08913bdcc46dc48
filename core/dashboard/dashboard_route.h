/* SPDX-License-Identifier: MIT
 * Which question an address of the API means: every row of the service's table, and what only a
 * server has (log-ins, events). */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_ROUTE_H
#define KOPPEL_DASHBOARD_DASHBOARD_ROUTE_H

#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_request.h"

/* Who works on it, so that nothing quick waits behind what takes long. */
enum dashboard_route_pace {
    DASHBOARD_ROUTE_QUICK,
    DASHBOARD_ROUTE_LONG,     /* asks other systems */
    DASHBOARD_ROUTE_PASSWORD, /* hashes passwords */
    DASHBOARD_ROUTE_PACES
};

struct dashboard_route {
    struct service_row row; /* role 0: nobody need be logged in */
    enum dashboard_route_pace pace;
    /* NULL: it is the service's, and row.run answers; or the description of all. Fills
     * r->answer. */
    void (*run)(struct dashboard_request *r, const struct dashboard_guard_who *who,
                const json_t *in);
};

/* Finds r->route for path and method; else answers (404, 405). Allocates nothing. */
void dashboard_route_find(struct dashboard_request *r);
/* What is asked: members of path, query and body. NULL: it is wrong, which was answered. */
json_t *dashboard_route_in(struct dashboard_request *r);

/* Makes the routes; before threads. -1: no memory. */
int dashboard_route_start(void);
/* Every route, in a fixed order; NULL behind the last. */
const struct dashboard_route *dashboard_route_at(int index);

#endif
