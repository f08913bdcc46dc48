/* SPDX-License-Identifier: MIT
 * One request and its answer. */
#include "dashboard/dashboard_request.h"

#include <stdlib.h>

#include "base/json_text.h"
#include "dashboard/dashboard_problem.h"

void dashboard_request_json(struct dashboard_request *r, unsigned status, json_t *value_take)
{
    struct dashboard_answer *a = &r->answer;
    a->body = value_take ? json_text(value_take, false, &a->bytes) : NULL;
    a->type = "application/json";
    a->status = status;
    json_decref(value_take);
    if (!a->body)
        dashboard_problem(a, 503, "memory", "out of memory");
}

void dashboard_request_answer_done(struct dashboard_answer *a)
{
    free(a->body);
    free(a->cookie);
    free(a->second_cookie);
    free(a->location);
    *a = (struct dashboard_answer){0};
}
