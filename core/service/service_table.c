/* SPDX-License-Identifier: MIT
 * Every question and order. A new one is a line here and a function in the file of its area. */
#include "service/service_table.h"

#include "service/flows.h"
#include "service/logins.h"
#include "service/retention.h"

#define CONNECTION {"connection", SERVICE_TEXT, true, "name of a connection"}
#define FLOW {"flow", SERVICE_TEXT, true, "name of a flow"}

const struct service_row service_table[] = {
    {"flows.status", SERVICE_VIEWER, SERVICE_STORE, "GET", "/flows", NULL, flows_status, {{0}}},
    {"flows.pause",
     SERVICE_OPERATOR,
     SERVICE_ORDER,
     "POST",
     "/flows/{flow}/pause",
     "flow paused",
     flows_pause,
     {FLOW, {"why", SERVICE_TEXT, false, "for whoever finds it paused"}}},
    {"flows.resume",
     SERVICE_OPERATOR,
     SERVICE_ORDER,
     "POST",
     "/flows/{flow}/resume",
     "flow resumed",
     flows_resume,
     {FLOW}},
    {"logins.begin",
     SERVICE_ADMIN,
     SERVICE_LOGIN,
     "POST",
     "/connections/{connection}/login",
     NULL,
     logins_begin,
     {CONNECTION, {"redirect", SERVICE_TEXT, true, "where the browser is sent to in the end"}}},
    {"logins.finish",
     SERVICE_ADMIN,
     SERVICE_LOGIN,
     "POST",
     "/connections/{connection}/login/finish",
     "connection logged in",
     logins_finish,
     {CONNECTION, {"answer", SERVICE_TEXT, true, "address that it came to, or its query"}}},
    {"retention.plan",
     SERVICE_VIEWER,
     SERVICE_STORE,
     "GET",
     "/retention/plan",
     NULL,
     retention_plan,
     {{0}}},
    {"retention.erase",
     SERVICE_ADMIN,
     SERVICE_ORDER,
     "POST",
     "/retention",
     "what is older than its age was erased",
     retention_erase,
     {{0}}},
    {.name = NULL},
};
