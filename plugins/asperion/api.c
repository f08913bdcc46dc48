/* SPDX-License-Identifier: MIT
 * One call of the API; see api.h. */
#include "api.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

#define WORDS_BYTES 700
#define PAGES_MAX 1000000 /* more are not believed */

int api_no_memory(struct asperion *a, struct koppel_error *err)
{
    return a->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

int api_reason(struct asperion *a, struct koppel_error *err, const char *code)
{
    const struct koppel_host *host = a->host;
    bool has = host->struct_size >= offsetof(struct koppel_host, reason) + sizeof host->reason;
    return has && host->reason ? host->reason(err, code) : -1;
}

void api_query(struct api_request *r, const char *name, const char *value)
{
    if (r->query_count < API_QUERY_MAX)
        r->query[r->query_count++] = (struct koppel_pair)KOPPEL_PAIR(name, value);
}

/* ---- Errors ---- */

struct words {
    char text[WORDS_BYTES];
    size_t bytes;
};

static void say(struct words *w, const char *before, const char *text)
{
    if (!text || !*text || w->bytes >= sizeof w->text)
        return;
    int n = snprintf(w->text + w->bytes, sizeof w->text - w->bytes, "%s%s",
                     w->bytes ? before : "", text);
    if (n > 0)
        w->bytes += (size_t)n;
}

/* Title, detail and the list of errors of a problem answer, as one line. */
static void problem_words(const struct koppel_http_response *response, struct words *w)
{
    const char *field;
    json_t *messages, *message;
    size_t i;
    json_t *problem = json_loadb(response->body ? response->body : "", (size_t)response->body_bytes,
                                 0, NULL);
    w->text[0] = '\0';
    w->bytes = 0;
    say(w, "", json_string_value(json_object_get(problem, "title")));
    say(w, " ", json_string_value(json_object_get(problem, "detail")));
    json_object_foreach(json_object_get(problem, "errors"), field, messages) {
        say(w, "; ", field);
        if (json_is_string(messages))
            say(w, ": ", json_string_value(messages));
        json_array_foreach(messages, i, message)
            say(w, i ? ", " : ": ", json_string_value(message));
    }
    if (!w->bytes)
        say(w, "", "no reason given");
    json_decref(problem);
}

static int lost_kind(const struct api_request *r)
{
    return r->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

static int fail_access(struct asperion *a, const struct api_request *r, const char *words,
                       struct koppel_error *err)
{
    if (r->package)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: Asperion gives no access to administration %s: \"%s\"; this "
                             "needs the package %s: check that the administration has it, and the "
                             "rights of this login", r->what, a->tenant, words, r->package);
    return a->host->fail(err, KOPPEL_E_CONFIG,
                         "%s: Asperion gives no access to administration %s: \"%s\"; check tenant "
                         "and the rights and modules of this login", r->what, a->tenant, words);
}

/* A path or a verb that the service does not know; on a change, more likely a record. */
static int fail_path(struct asperion *a, const struct api_request *r, unsigned status,
                     const char *words, struct koppel_error *err)
{
    const char *has = status == 405 ? "allows no" : "does not know";
    if (status == 404 && strcmp(r->method, "PUT") == 0)
        return a->host->fail(err, KOPPEL_E_REJECTED, "%s: %s is not there (any more): \"%s\"",
                             r->what, r->path, words);
    if (r->setting)
        return a->host->fail(err, KOPPEL_E_CONFIG, "%s: Asperion %s %s %s: check %s", r->what, has,
                             r->method, r->path, r->setting);
    if (r->entity)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: Asperion %s %s %s: check url, or correct \"path\" of %s in an "
                             "overlay of the catalogue", r->what, has, r->method, r->path,
                             r->entity);
    return a->host->fail(err, KOPPEL_E_CONFIG, "%s: Asperion %s %s %s: check url", r->what, has,
                         r->method, r->path);
}

static int fail_status(struct asperion *a, const struct api_request *r,
                       const struct koppel_http_response *response, struct koppel_error *err)
{
    struct words w;
    unsigned status = response->status;
    problem_words(response, &w);
    switch (status) {
    case 400:
    case 409:
    case 422:
        return a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion says: \"%s\"", r->what, w.text);
    case 401:
        return a->host->fail(err, KOPPEL_E_AUTH, "%s: Asperion refuses the login: \"%s\"", r->what,
                             w.text);
    case 403:
        return fail_access(a, r, w.text, err);
    case 404:
    case 405:
        return fail_path(a, r, status, w.text, err);
    case 429:
        return a->host->fail(err, KOPPEL_E_RETRY, "%s: Asperion asks for patience", r->what);
    default:
        break;
    }
    if (status >= 500 || status == 408)
        return a->host->fail(err, lost_kind(r), "%s: Asperion failed with HTTP %u: \"%s\"", r->what,
                             status, w.text);
    if (status >= 300 && status < 400)
        return a->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: the server answered HTTP %u, a redirect: check url", r->what,
                             status);
    return a->host->fail(err, KOPPEL_E_REJECTED, "%s: Asperion answered HTTP %u: \"%s\"", r->what,
                         status, w.text);
}

/* ---- The exchange ---- */

static int read_answer(struct asperion *a, const struct api_request *r,
                       const struct koppel_http_response *response, json_t **answer,
                       struct koppel_error *err)
{
    json_error_t where;
    if (response->status < 200 || response->status > 299)
        return fail_status(a, r, response, err);
    if (response->body_bytes == 0)
        return 0;
    *answer = json_loadb(response->body, (size_t)response->body_bytes, 0, &where);
    if (json_is_object(*answer))
        return 0;
    json_decref(*answer);
    *answer = NULL;
    return a->host->fail(err, lost_kind(r), "%s: the answer is no JSON object; check %s",
                         r->what, r->setting ? r->setting : "url");
}

int api_call(struct asperion *a, const struct api_request *r, json_t **answer,
             struct koppel_error *err)
{
    struct koppel_http_request request = KOPPEL_INIT(request);
    struct koppel_http_response response = KOPPEL_INIT(response);
    char url[2048];
    char *body = NULL;
    const struct koppel_pair headers[] = {
        KOPPEL_PAIR(a->tenant_header, a->tenant), /* first and last may be left out */
        KOPPEL_PAIR("Accept-Language", a->language),
        KOPPEL_PAIR("Accept", "application/json"),
        KOPPEL_PAIR("Content-Type", "application/json; charset=utf-8"),
    };
    int rc = -1;
    *answer = NULL;
    bool whole = strstr(r->path, "://") != NULL;
    int n = snprintf(url, sizeof url, "%s%s", whole ? "" : a->base, r->path);
    if (n < 0 || (size_t)n >= sizeof url)
        return a->host->fail(err, KOPPEL_E_CONFIG, "%s: the address is too long", r->what);
    if (r->body) {
        /* 15 digits come back from a double as they went in; records.c lets no more through. */
        body = json_dumps(r->body, JSON_COMPACT | JSON_REAL_PRECISION(15));
        if (!body)
            return api_no_memory(a, err);
        request.body = body;
        request.body_bytes = strlen(body);
    }
    request.flags = (r->anonymous ? 0 : KOPPEL_HTTP_OAUTH) | (r->write ? KOPPEL_HTTP_WRITE : 0);
    request.method = r->method;
    request.url = url;
    request.query = r->query;
    request.query_count = r->query_count;
    request.headers = headers + (r->any_tenant ? 1 : 0);
    request.header_count = KOPPEL_COUNT(headers) - (r->any_tenant ? 1 : 0) - (body ? 0 : 1);
    request.what = r->what;
    if (a->host->http(a->ctx, &request, &response, err) == 0) {
        rc = read_answer(a, r, &response, answer, err);
        a->host->http_done(a->ctx, &response);
    }
    free(body);
    return rc;
}

/* ---- Lists and the administration ---- */

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

/* How many pages follow: 0 where there is no next one, 1 where only that is known. */
static int pages_behind(const json_t *meta, int64_t page)
{
    json_int_t all = json_integer_value(json_object_get(meta, "pageCount"));
    if (*koppel_get_text(meta, "nextPage", "") == '\0')
        return 0;
    return all > page + 1 && all - page <= PAGES_MAX ? (int)(all - page) : 1;
}

int api_page(struct asperion *a, struct api_request *r, int64_t page, json_t **rows, int *more,
             struct koppel_error *err)
{
    char number[24];
    json_t *answer;
    uint32_t own = r->query_count;
    *rows = NULL;
    *more = 0;
    snprintf(number, sizeof number, "%" PRId64, page);
    r->method = "GET";
    api_query(r, "page", number);
    api_query(r, "pageSize", a->page_size_text);
    int rc = api_call(a, r, &answer, err);
    r->query_count = own;
    if (rc != 0)
        return -1;
    json_t *data = json_object_get(answer, "_data");
    if (!json_is_array(data) && !json_is_null(data)) {
        rc = a->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no _data list", r->what);
    } else if (!r->any_tenant && api_check_tenant(a, r->what, answer, true, err) != 0) {
        rc = -1;
    } else {
        *rows = json_is_array(data) ? json_incref(data) : json_array();
        *more = pages_behind(json_object_get(answer, "_meta"), page);
        if (!*rows)
            rc = api_no_memory(a, err);
    }
    json_decref(answer);
    return rc;
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
