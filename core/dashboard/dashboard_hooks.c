/* SPDX-License-Identifier: MIT
 * Messages of other systems. Whoever sends one is nobody yet, so failures tell a code and no
 * words. */
#include "dashboard/dashboard_hooks.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "dashboard/dashboard_hook_known.h"
#include "dashboard/dashboard_problem.h"
#include "engine/hooks.h"
#include "service/hook_rows.h"

#define TELL_MS 10000 /* between two lines of the log about wrong signatures */
#define AGAIN_S 5 /* when the sender of what was not taken is to try again */

bool dashboard_hooks_is(const struct dashboard_path *p)
{
    return p->count > 0 && strcmp(p->segments[0], "hooks") == 0;
}

/* Is it time to tell of another wrong signature? Who sends many of them fills no log. */
static bool may_tell(void)
{
    static atomic_llong told_ms;
    long long now = clock_monotonic_ms(), last = atomic_load(&told_ms);
    return (last == 0 || now - last >= TELL_MS) &&
           atomic_compare_exchange_strong(&told_ms, &last, now);
}

static void refuse(struct dashboard_request *r, const struct koppel_error *err)
{
    struct dashboard_answer *a = &r->answer;
    log_at(err->kind == KOPPEL_E_AUTH && may_tell() ? LOG_WARNING : LOG_DEBUG,
           LOG_ABOUT(.event = "hook", .connection = r->path.segments[1], .reason = err->reason),
           "a message was not taken, from %s", r->address);
    if (err->kind == KOPPEL_E_AUTH) {
        dashboard_problem(a, 401, "hook.signature", "the signature is wrong");
    } else if (strcmp(err->reason, HOOKS_NONE) == 0 || err->kind == KOPPEL_E_CONFIG) {
        dashboard_problem(a, 404, HOOKS_NONE, "nobody listens here");
    } else if (err->kind == KOPPEL_E_REJECTED) {
        dashboard_problem(a, 422, "hook.refused", "the message was refused");
    } else if (err->kind == KOPPEL_E_BUG) {
        dashboard_problem(a, 500, "hook.fault", "the message could not be looked at");
    } else {
        a->retry_after_s = AGAIN_S;
        dashboard_problem(a, 503, "hook.later", "try again");
    }
}

/* Of what was taken, or not in the end. */
static void on_answer(void *arg, struct hooks_reply *reply, const struct koppel_error *err)
{
    struct dashboard_request *r = arg;
    struct dashboard_answer *a = &r->answer;
    if (err) {
        refuse(r, err);
        r->context->answered(r);
        return;
    }
    a->status = (unsigned)reply->status;
    snprintf(a->own_type, sizeof a->own_type, "%s", reply->type ? reply->type : "");
    a->type = a->own_type;
    a->body = reply->body;
    a->bytes = reply->bytes;
    reply->body = NULL;
    r->context->answered(r);
}

/* The message, with the secret that its address has by now or, unless `anew`, had a moment ago;
 * *anew: which of them it was. */
static int take(struct dashboard_request *r, struct koppel_receive_request *request, bool *anew,
                struct koppel_error *err)
{
    struct hook_rows_one one = {0};
    bool found = false;
    const char *connection = r->path.segments[1], *entity = r->path.segments[2];
    *err = (struct koppel_error){0};
    int rc = dashboard_hook_known_find(r->context->known, r->context->engine->store, connection,
                                       entity, anew, &one, &found, err);
    if (rc == 0 && !found)
        rc = err_reason(err, KOPPEL_E_REJECTED, HOOKS_NONE, "nobody listens there");
    if (rc == 0) {
        struct koppel_subscription subscription = {.struct_size = sizeof subscription,
                                                   .entity = entity, .secret = one.secret,
                                                   .id = *one.id ? one.id : NULL};
        request->subscription = &subscription;
        rc = hooks_take(r->context->hooks, connection, request, on_answer, r, err);
    }
    sodium_memzero(&one, sizeof one);
    return rc;
}

void dashboard_hooks_answer(struct dashboard_request *r)
{
    struct koppel_pair query[DASHBOARD_PATH_MEMBERS];
    struct koppel_error err = {0};
    bool anew = false;
    if (r->path.count < 3) {
        err_reason(&err, KOPPEL_E_REJECTED, HOOKS_NONE, "nobody listens there");
        refuse(r, &err);
        r->context->answered(r);
        return;
    }
    for (int i = 0; i < r->path.member_count; i++)
        query[i] = (struct koppel_pair){sizeof *query, 0, r->path.members[i].name,
                                        r->path.members[i].value};
    struct koppel_receive_request request = {
        .struct_size = sizeof request,
        .method = r->method,
        .query = query,
        .query_count = (uint32_t)r->path.member_count,
        .headers = r->heads,
        .header_count = (uint32_t)r->head_count,
        .body = r->body.bytes > 0 ? r->body.data : "",
        .body_bytes = r->body.bytes,
    };
    int rc = take(r, &request, &anew, &err);
    if (rc != 0 && err.kind == KOPPEL_E_AUTH && !anew) { /* perhaps it has a new secret */
        anew = true;
        rc = take(r, &request, &anew, &err);
    }
    if (rc != 0) {
        refuse(r, &err);
        r->context->answered(r);
    }
}
