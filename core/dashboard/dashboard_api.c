/* SPDX-License-Identifier: MIT
 * Answers a request of the API: who asks, whether they may, what they ask. */
#include "dashboard/dashboard_api.h"

#include <string.h>

#include "base/log.h"
#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_route.h"

static void ask_service(struct dashboard_request *r, const struct dashboard_guard_who *who,
                        const json_t *in)
{
    const struct service_row *row = &r->route->row;
    const struct service_source *source = &r->context->source;
    struct service_who asker = {who->user.name, who->user.role, "gui"};
    struct service_ask ask = {.who = &asker, .in = in, .stop = &r->context->stop};
    struct koppel_error err = {0};
    struct service s = {0};
    json_t *out = NULL;
    int rc = source->take(source->arg, row, &s, &err);
    if (rc == 0) {
        rc = service_call(row, &s, &ask, &out, &err);
        source->give(source->arg, &s);
    }
    if (rc == 0)
        dashboard_request_json(r, 200, out ? out : json_object());
    else
        dashboard_problem_error(&r->answer, &err);
}

static void ask_own(struct dashboard_request *r, const struct dashboard_guard_who *who,
                    const json_t *in)
{
    struct koppel_error err = {0};
    if (service_check(&r->route->row, in, &err) == 0)
        r->route->run(r, who, in);
    else
        dashboard_problem_error(&r->answer, &err);
}

/* Is somebody logged in who may do this? Else it is answered. */
static bool may(struct dashboard_request *r, const struct dashboard_guard_who *who)
{
    const struct service_row *row = &r->route->row;
    if (row->role && !who->known)
        dashboard_problem(&r->answer, 401, "session.none", "nobody is logged in");
    else if (row->role && who->user.role < row->role)
        dashboard_problem_with(&r->answer, 403, SERVICE_DENIED, "this needs another role",
                               json_pack("{s:s}", "role", accounts_role_name(row->role)));
    else
        return strcmp(row->method, "GET") == 0 || dashboard_guard_unsafe(r, who);
    return false;
}

void dashboard_api_answer(struct dashboard_request *r)
{
    struct dashboard_guard_who who;
    if (dashboard_guard_who(r, &who) == 0 && may(r, &who)) {
        json_t *in = dashboard_route_in(r);
        if (in && r->route->run)
            ask_own(r, &who, in);
        else if (in)
            ask_service(r, &who, in);
        json_decref(in);
    }
    dashboard_guard_done(&who);
}
