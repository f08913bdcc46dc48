/* SPDX-License-Identifier: MIT
 * /live, /ready and /metrics beside the pages. */
#include "dashboard/dashboard_probes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_problem.h"
#include "metrics/metrics_collect.h"
#include "metrics/metrics_probe.h"
#include "metrics/metrics_text.h"

#define TEXT_LIMIT (16 * 1024 * 1024)

static const char *const names[] = {"live", "ready", "metrics"};

bool dashboard_probes_is(const struct dashboard_path *p)
{
    for (size_t i = 0; p->count == 1 && i < sizeof names / sizeof *names; i++) {
        if (strcmp(p->segments[0], names[i]) == 0)
            return true;
    }
    return false;
}

/* why: a word, ": " and what it means; NULL: all is well. */
static void tell(struct dashboard_request *r, const char *well, const char *why)
{
    struct dashboard_answer *a = &r->answer;
    int word = why ? (int)strcspn(why, ":") : (int)strlen(well);
    int n = asprintf(&a->body, "%.*s\n", word, why ? why : well);
    a->status = why ? 503 : 200;
    a->type = "text/plain; charset=utf-8";
    a->bytes = n < 0 ? 0 : (size_t)n;
    a->body = n < 0 ? NULL : a->body;
}

static void show_metrics(struct dashboard_request *r)
{
    struct dashboard_answer *a = &r->answer;
    struct koppel_error err = {0};
    struct buf out;
    buf_init(&out, TEXT_LIMIT);
    if (metrics_collect(r->context->engine, &out, &err) == 0) {
        a->status = 200;
        a->type = METRICS_TEXT_KIND;
        a->bytes = out.bytes;
        a->body = buf_take(&out);
    } else {
        dashboard_problem_error(a, &err);
    }
    buf_done(&out);
}

void dashboard_probes_answer(struct dashboard_request *r)
{
    const char *name = r->path.segments[0];
    struct dashboard_guard_who who;
    r->label = *name == 'l' ? "live" : *name == 'r' ? "ready" : "metrics";
    if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0) {
        r->answer.allow = "GET, HEAD";
        dashboard_problem(&r->answer, 405, "http.method", "only GET and HEAD");
    } else if (*name == 'l') {
        tell(r, "live", metrics_probe_live(r->context->engine));
    } else if (*name == 'r') {
        tell(r, "ready", metrics_probe_ready(r->context->engine));
    } else {
        if (dashboard_guard_who(r, &who) == 0 && who.known)
            show_metrics(r);
        else if (r->answer.status == 0)
            dashboard_problem(&r->answer, 401, "session.none",
                              "metrics are for a token; koppel user token add makes one");
        dashboard_guard_done(&who);
    }
}
