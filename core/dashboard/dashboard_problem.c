/* SPDX-License-Identifier: MIT
 * Failures as problems. */
#include "dashboard/dashboard_problem.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/json_read.h"
#include "base/json_text.h"

static const struct {
    unsigned status;
    const char *title;
} titles[] = {{400, "The request is wrong"},
              {401, "Nobody is logged in"},
              {403, "This is not allowed"},
              {404, "There is no such thing"},
              {405, "This cannot be done here"},
              {409, "This cannot be done now"},
              {412, "It was changed meanwhile"},
              {413, "The request is too long"},
              {415, "The request is of another kind"},
              {421, "The address is another one"},
              {422, "This was refused"},
              {429, "Too many tries"},
              {500, "The program has a fault"},
              {502, "The other system refuses"},
              {503, "Not possible at the moment"},
              {504, "The other system did not answer"}};

static const char *title_of(unsigned status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (titles[i].status == status)
            return titles[i].title;
    }
    return "It failed";
}

/* What is to be told of a failure, where its reason says more than its kind. */
static const struct {
    const char *reason;
    unsigned status;
} statuses[] = {{SERVICE_UNKNOWN, 404},   {SERVICE_WRONG, 400},  {SERVICE_DENIED, 403},
                {SERVICE_NO_ENGINE, 409}, {"engine.safe", 409},  {"config.changed", 412},
                {"user.changed", 409},    {"claim.over", 404},   {"claim.wrong", 403},
                {"invite.wrong", 403},    {"search.personal", 403},
                {"totp.wrong", 403}};

static unsigned status_of(const struct koppel_error *err)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (strcmp(statuses[i].reason, err->reason) == 0)
            return statuses[i].status;
    }
    switch (err->kind) {
    case KOPPEL_E_CONFIG:
    case KOPPEL_E_REJECTED:
    case KOPPEL_E_EXISTS:
        return 422;
    case KOPPEL_E_AUTH:
        return 502;
    case KOPPEL_E_UNSURE:
        return 504;
    case KOPPEL_E_RETRY:
    case KOPPEL_E_CANCELLED:
        return 503;
    default:
        return 500;
    }
}

void dashboard_problem_with(struct dashboard_answer *a, unsigned status, const char *code,
                            const char *text, json_t *more_take)
{
    unsigned char random[(sizeof a->request - 1) / 2];
    secret_draw(random, sizeof random);
    sodium_bin2hex(a->request, sizeof a->request, random, sizeof random);
    json_t *value = json_pack("{s:o,s:s,s:i,s:s,s:o,s:s}", "type",
                              json_sprintf("/problems/%s", code), "title", title_of(status),
                              "status", (int)status, "code", code, "text",
                              json_string_nocheck(text), "request", a->request);
    if (value && more_take)
        (void)json_object_update(value, more_take);
    free(a->body);
    a->bytes = 0;
    a->constant = NULL;
    a->body = value ? json_text(value, false, &a->bytes) : NULL;
    a->type = DASHBOARD_PROBLEM_TYPE;
    a->status = status;
    json_decref(value);
    json_decref(more_take);
}

void dashboard_problem(struct dashboard_answer *a, unsigned status, const char *code,
                       const char *text)
{
    dashboard_problem_with(a, status, code, text, NULL);
}

void dashboard_problem_error(struct dashboard_answer *a, const struct koppel_error *err)
{
    unsigned status = status_of(err);
    json_t *facts = *err->facts ? json_read_text(err->facts, NULL) : NULL;
    if (err->kind == KOPPEL_E_RETRY && err->retry_after_ms > 0)
        a->retry_after_s = (int)((err->retry_after_ms + 999) / 1000);
    dashboard_problem_with(a, status, *err->reason ? err->reason : err_kind_name(err->kind),
                           err->text, facts ? json_pack("{s:o}", "facts", facts) : NULL);
}
