/* SPDX-License-Identifier: MIT
 * What only the server has. */
#include "dashboard/dashboard_own.h"

#include "dashboard/dashboard_invite.h"
#include "dashboard/dashboard_login.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_stream.h"
#include "dashboard/dashboard_tasks.h"

static void events(struct dashboard_request *r, const struct dashboard_guard_who *who,
                   const json_t *in)
{
    (void)in;
    struct dashboard_answer *a = &r->answer;
    if (who->token) {
        dashboard_problem(a, 403, SERVICE_DENIED, "events are for pages: they end with a session");
        return;
    }
    a->stream = dashboard_stream_open(r->context->streams, who->session.id,
                                      dashboard_guard_personal(who), r->last_event_id);
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
    {{.name = "session.prove", .role = SERVICE_VIEWER, .method = "POST", .route = "/session/prove",
      .members = {{"password", SERVICE_TEXT, true, "of who is logged in"}}},
     DASHBOARD_ROUTE_PASSWORD, dashboard_login_prove},
    {{.name = "invite.show", .method = "POST", .route = "/invite/show",
      .members = {{"token", SERVICE_TEXT, true, "of the link"}}},
     DASHBOARD_ROUTE_PASSWORD, dashboard_invite_show},
    {{.name = "invite.accept", .method = "POST", .route = "/invite",
      .members = {{"token", SERVICE_TEXT, true, "of the link"},
                  {"password", SERVICE_TEXT, true, "that the user chooses"}}},
     DASHBOARD_ROUTE_PASSWORD, dashboard_invite_accept},
    {{.name = "tasks.list", .role = SERVICE_VIEWER, .method = "GET", .route = "/tasks"},
     DASHBOARD_ROUTE_QUICK, dashboard_tasks_list},
    {{.name = "tasks.show", .role = SERVICE_VIEWER, .method = "GET", .route = "/tasks/{task}",
      .members = {{"task", SERVICE_NUMBER, true, "number of a task"}}},
     DASHBOARD_ROUTE_QUICK, dashboard_tasks_show},
    {{.name = "tasks.cancel", .role = SERVICE_VIEWER, .method = "DELETE",
      .route = "/tasks/{task}", .members = {{"task", SERVICE_NUMBER, true, "number of a task"}}},
     DASHBOARD_ROUTE_QUICK, dashboard_tasks_cancel},
    /* dashboard_api.c answers it, which knows all of them */
    {{.name = "api.description", .method = "GET", .route = "/openapi.json"},
     DASHBOARD_ROUTE_QUICK, NULL},
    {{.name = "events", .role = SERVICE_VIEWER, .method = "GET", .route = "/events"},
     DASHBOARD_ROUTE_QUICK, events},
    {.row = {.name = NULL}},
};
