/* SPDX-License-Identifier: MIT
 * One request and its answer. */
#include "dashboard/dashboard_request.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool dashboard_request_has_it(const struct dashboard_request *r)
{
    size_t length = strlen(r->answer.etag);
    for (const char *at = r->if_none_match; length > 0 && *at;) {
        at += strspn(at, ", \t");
        if (*at == '*')
            return true;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, r->answer.etag, length) == 0 && strchr(", \t", at[length]))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

void dashboard_request_tag(struct dashboard_request *r, const char *version)
{
    struct dashboard_answer *a = &r->answer;
    unsigned char digest[crypto_generichash_BYTES_MIN];
    char text[2 * sizeof digest + 1];
    if (a->status != 200 || !a->body)
        return;
    crypto_generichash(digest, sizeof digest, (const unsigned char *)a->body, a->bytes, NULL, 0);
    sodium_bin2hex(text, sizeof text, digest, sizeof digest);
    snprintf(a->etag, sizeof a->etag, "\"%.80s%s%s\"", version ? version : "", version ? "." : "",
             text);
    if (!dashboard_request_has_it(r))
        return;
    free(a->body);
    a->body = NULL;
    a->type = NULL;
    a->bytes = 0;
    a->status = 304;
}

void dashboard_request_answer_done(struct dashboard_answer *a)
{
    free(a->body);
    free(a->cookie);
    free(a->second_cookie);
    free(a->location);
    *a = (struct dashboard_answer){0};
}
