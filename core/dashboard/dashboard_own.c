/* SPDX-License-Identifier: MIT
 * What only the server has. */
#include "dashboard/dashboard_own.h"

#include "dashboard/dashboard_login.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_stream.h"

static void events(struct dashboard_request *r, const struct dashboard_guard_who *who,
                   const json_t *in)
{
    (void)in;
    struct dashboard_answer *a = &r->answer;
    a->stream = dashboard_stream_open(r->context->streams, who->session.id, r->last_event_id);
    if (a->stream)
        a->status = 200;
    else
        dashboard_problem(a, 503, "server.busy",
                          "too many pages listen at once, or the engine ends");
}

const struct dashboard_route dashboard_own_routes[] = {
    {{.name = "session.show", .method = "GET", .route = "/session"},
     DASHBOARD_ROUTE_QUICK, dashboard_login_show},
    {{.name = "session.begin", .method = "POST", .route = "/session",
      .members = {{"user", SERVICE_TEXT, true, "name"},
                  {"password", SERVICE_TEXT, true, "of that user"},
                  {"code", SERVICE_TEXT, false, "of the second factor, where the user has one"},
                  {"remember", SERVICE_FLAG, false, "the device is the user's own: for 30 days"}}},
     DASHBOARD_ROUTE_PASSWORD, dashboard_login_begin},
    {{.name = "session.end", .method = "DELETE", .route = "/session"},
     DASHBOARD_ROUTE_QUICK, dashboard_login_end},
    {{.name = "claim", .method = "POST", .route = "/claim",
      .members = {{"token", SERVICE_TEXT, true, "of the link"},
                  {"user", SERVICE_TEXT, true, "name of the first user"},
                  {"password", SERVICE_TEXT, true, "of that user"}}},
     DASHBOARD_ROUTE_PASSWORD, dashboard_login_claim},
    {{.name = "events", .role = SERVICE_VIEWER, .method = "GET", .route = "/events"},
     DASHBOARD_ROUTE_QUICK, events},
    {.row = {.name = NULL}},
};
