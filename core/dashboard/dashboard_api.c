/* SPDX-License-Identifier: MIT
 * Answers a request of the API: who asks, whether they may, what they ask. */
#include "dashboard/dashboard_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_mask.h"
#include "dashboard/dashboard_openapi.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_route.h"
#include "dashboard/dashboard_tasks.h"

#define PROVED_MS (5 * 60 * INT64_C(1000))

static bool is_question(const struct service_row *row)
{
    return strcmp(row->method, "GET") == 0;
}

/* A row of the service, at once. */
static void ask_service(struct dashboard_request *r, const struct dashboard_guard_who *who,
                        const json_t *in)
{
    const struct service_row *row = &r->route->row;
    const struct service_source *source = &r->context->source;
    struct service_who asker = {who->user.name, who->user.role, dashboard_guard_via(who),
                                who->token ? NULL : who->session.id,
                                !dashboard_guard_personal(who)};
    struct service_ask ask = {.who = &asker, .in = in, .stop = &r->context->stop};
    struct koppel_error err = {0};
    struct service s = {0};
    json_t *out = NULL;
    int rc = source->take(source->arg, row, &s, &err);
    if (rc == 0) {
        rc = service_call(row, &s, &ask, &out, &err);
        source->give(source->arg, &s);
    }
    bool whole = dashboard_guard_personal(who);
    if (rc == 0 && !(out = dashboard_mask_answer(row->name, out ? out : json_object(), whole)))
        rc = err_set(&err, KOPPEL_E_RETRY, "out of memory");
    dashboard_mask_error(&err, whole);
    if (rc != 0) {
        dashboard_problem_error(&r->answer, &err);
        return;
    }
    json_t *version = json_incref(json_object_get(out, "digest"));
    dashboard_request_json(r, 200, out);
    if (is_question(row))
        dashboard_request_tag(r, json_string_value(version));
    json_decref(version);
}

static const struct service_row *row_at(int index)
{
    const struct dashboard_route *one = dashboard_route_at(index);
    return one ? &one->row : NULL;
}

static void ask_own(struct dashboard_request *r, const struct dashboard_guard_who *who,
                    const json_t *in)
{
    struct koppel_error err = {0};
    if (service_check(&r->route->row, in, &err) != 0)
        dashboard_problem_error(&r->answer, &err);
    else if (r->route->run)
        r->route->run(r, who, in);
    else
        dashboard_request_json(r, 200, dashboard_openapi(row_at));
}

/* Orders for which a password that was typed hours ago is not enough: with them somebody at an
 * unattended screen would stay. */
static bool needs_proof(const struct service_row *row)
{
    static const char *const areas[] = {"users.", "tokens.", "persons.", "me.totp", "retention.",
                                        "backups.back"};
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        if (strncmp(row->name, areas[i], strlen(areas[i])) == 0)
            return !is_question(row);
    }
    return false;
}

/* Is somebody logged in who may do this? Else it is answered. */
static bool may(struct dashboard_request *r, const struct dashboard_guard_who *who)
{
    const struct service_row *row = &r->route->row;
    struct dashboard_answer *a = &r->answer;
    bool ours = is_question(row) || who->token || dashboard_guard_unsafe(r, who);
    if (!ours)
        return false;
    if (row->role && !who->known)
        dashboard_problem(a, 401, "session.none", "nobody is logged in");
    else if (row->role && who->user.role < row->role)
        dashboard_problem_with(a, 403, SERVICE_DENIED, "this needs another role",
                               json_pack("{s:s}", "role", accounts_role_name(row->role)));
    else if (!who->token && needs_proof(row) &&
             clock_now_ms() - who->session.proved_ms > PROVED_MS)
        dashboard_problem(a, 403, "session.prove",
                          "type the password again: it was typed more than 5 minutes ago");
    else
        return true;
    return false;
}

bool dashboard_api_answer(struct dashboard_request *r)
{
    struct dashboard_guard_who who;
    bool now = true;
    if (dashboard_guard_who(r, &who) == 0 && may(r, &who)) {
        json_t *in = dashboard_route_in(r);
        struct koppel_error err = {0};
        if (in && !r->route->row.run)
            ask_own(r, &who, in);
        else if (in && service_check(&r->route->row, in, &err) != 0)
            dashboard_problem_error(&r->answer, &err); /* before anything is opened for it */
        else if (in && (is_question(&r->route->row) ||
                        r->route->pace == DASHBOARD_ROUTE_PASSWORD))
            ask_service(r, &who, in);
        else if (in)
            now = !dashboard_tasks_begin(r, &who, json_incref(in));
        json_decref(in);
    }
    dashboard_guard_done(&who);
    return now;
}
