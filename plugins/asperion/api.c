/* SPDX-License-Identifier: MIT
 * One call of the API; see api.h. */
#include "api.h"

#include <inttypes.h>

#include "problem.h"

int api_no_memory(struct asperion *a, struct koppel_error *err)
{
    return a->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

void api_query(struct api_request *r, const char *name, const char *value)
{
    if (r->query_count < API_QUERY_MAX)
        r->query[r->query_count++] = (struct koppel_pair)KOPPEL_PAIR(name, value);
}

/* ---- The exchange ---- */

/* Whether an answer is none of the API, but a page of something in between. */
static bool is_page(struct answer_text body)
{
    return body.bytes > 0 && *body.start == '<';
}

struct answer_text api_answer_text(const struct koppel_http_response *response)
{
    struct answer_text body = {response->body, (size_t)response->body_bytes};
    return body.start ? answer_trim(body) : (struct answer_text){"", 0};
}

int api_exchange(struct asperion *a, const struct api_request *r,
                 struct koppel_http_response *response, struct koppel_error *err)
{
    struct koppel_http_request request = KOPPEL_INIT(request);
    char url[2048];
    /* The first and the last may be left out. */
    const struct koppel_pair headers[] = {
        KOPPEL_PAIR(a->tenant_header, a->tenant),
        KOPPEL_PAIR("Accept-Language", a->language),
        KOPPEL_PAIR("Accept", "application/json"),
        KOPPEL_PAIR("Content-Type", "application/json; charset=utf-8"),
    };
    bool whole = strstr(r->path, "://") != NULL;
    int n = snprintf(url, sizeof url, "%s%s", whole ? "" : a->base, r->path);
    if (n < 0 || (size_t)n >= sizeof url)
        return a->host->fail(err, KOPPEL_E_CONFIG, "%s: the address is too long", r->what);
    request.flags = (r->anonymous ? 0 : KOPPEL_HTTP_OAUTH) | (r->write ? KOPPEL_HTTP_WRITE : 0);
    request.method = r->method;
    request.url = url;
    request.query = r->query;
    request.query_count = r->query_count;
    request.headers = headers + (r->any_tenant ? 1 : 0);
    request.header_count = KOPPEL_COUNT(headers) - (r->any_tenant ? 1 : 0) - (r->body ? 0 : 1);
    request.body = r->body;
    request.body_bytes = r->body ? strlen(r->body) : 0;
    request.what = r->what;
    return a->host->http(a->ctx, &request, response, err);
}

int api_check_answer(struct asperion *a, const struct api_request *r, unsigned status,
                     struct answer_text body, const json_t *answer, struct koppel_error *err)
{
    unsigned inside;
    if (status < 200 || status > 299)
        return problem_fail(a, r, status, answer, is_page(body), err);
    if (problem_inside(answer, &inside))
        return problem_fail(a, r, inside, answer, false, err);
    return 0;
}

int api_call(struct asperion *a, const struct api_request *r, json_t **answer,
             struct koppel_error *err)
{
    struct koppel_http_response response = KOPPEL_INIT(response);
    json_t *read = NULL;
    *answer = NULL;
    if (api_exchange(a, r, &response, err) != 0)
        return -1;
    struct answer_text body = api_answer_text(&response);
    bool object = body.bytes > 0 && *body.start == '{';
    bool bad = object && a->host->json(a->ctx, body.start, body.bytes, &read, err) != 0;
    int rc = api_check_answer(a, r, response.status, body, read, err);
    if (rc == 0 && (bad || (body.bytes > 0 && !object)))
        rc = problem_unreadable(a, r, bad, err);
    a->host->http_done(a->ctx, &response);
    if (rc == 0)
        *answer = json_incref(read);
    json_decref(read);
    return rc;
}

/* ---- The administration ---- */

int api_check_tenant(struct asperion *a, const char *what, const json_t *answer, bool required,
                     struct koppel_error *err)
{
    int64_t id;
    char text[24];
    const json_t *meta = json_object_get(answer, "_meta");
    if (koppel_get_int(meta, "administrationId", &id) != 0) {
        if (!required)
            return 0;
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: the answer does not say which administration it is of", what);
    }
    snprintf(text, sizeof text, "%" PRId64, id);
    if (strcmp(text, a->tenant) != 0)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: Asperion answered for administration %s (%s), but %s is set: "
                             "check tenant and tenant_header", what, text,
                             koppel_get_text(meta, "administrationName", "no name"), a->tenant);
    a->tenant_seen = true;
    return 0;
}

int api_know_tenant(struct asperion *a, struct koppel_error *err)
{
    struct api_request r = {.what = "journals", .method = "GET", .path = "journals"};
    json_t *answer;
    if (a->tenant_seen)
        return 0;
    api_query(&r, "page", "1");
    api_query(&r, "pageSize", "1");
    if (api_call(a, &r, &answer, err) != 0)
        return -1;
    int rc = api_check_tenant(a, r.what, answer, true, err);
    json_decref(answer);
    return rc;
}
