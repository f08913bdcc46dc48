/* SPDX-License-Identifier: MIT
 * One call of the system; see request.h. */
#include "request.h"

#include <stdlib.h>

#include "problem.h"
#include "signature.h"

#define PAIRS_MAX 48
#define RAW_BYTES (64 * 1024)

/* ---- what is sent ---- */

struct pairs {
    struct koppel_pair list[PAIRS_MAX];
    char *values[PAIRS_MAX];
    uint32_t count;
};

static void pairs_done(struct pairs *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->list[i].secret)
            explicit_bzero(p->values[i], strlen(p->values[i]));
        free(p->values[i]);
    }
    p->count = 0;
}

/* Adds a pair, or takes the place of one of that name. value_take: from malloc. */
static int pairs_put(struct rest *r, struct pairs *p, const char *name, char *value_take,
                     bool secret, struct koppel_error *err)
{
    uint32_t at = 0;
    if (!value_take)
        return rest_no_memory(r, err);
    while (at < p->count && strcmp(p->list[at].name, name) != 0)
        at++;
    if (at == PAIRS_MAX) {
        free(value_take);
        return r->host->fail(err, KOPPEL_E_CONFIG, "more than %d parameters or headers", PAIRS_MAX);
    }
    if (at < p->count)
        free(p->values[at]);
    else
        p->count++;
    p->values[at] = value_take;
    p->list[at] = (struct koppel_pair)KOPPEL_PAIR(name, value_take);
    p->list[at].secret = secret;
    return 0;
}

/* Those of an object of texts; what is not known is left out. */
static int pairs_add(struct rest *r, struct pairs *p, const json_t *object, const struct vars *v,
                     struct koppel_error *err)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        const char *text = json_string_value(value);
        struct text t = {0};
        int rc = template_text(r, text, v, TEMPLATE_PLAIN, &t);
        if (rc == 0)
            rc = pairs_put(r, p, name, text_take(&t), template_is_secret(r->catalogue, text), err);
        else if (rc < 0)
            rc = rest_no_memory(r, err);
        text_done(&t);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int add_basic(struct rest *r, struct pairs *headers, const json_t *login,
                     const struct vars *v, struct koppel_error *err)
{
    struct text both = {0};
    char coded[2048];
    uint64_t bytes = 0;
    int rc = template_text(r, koppel_get_text(login, "user", ""), v, TEMPLATE_PLAIN, &both);
    text_puts(&both, ":");
    if (rc == 0)
        rc = template_text(r, koppel_get_text(login, "password", ""), v, TEMPLATE_PLAIN, &both);
    if (rc != 0 || both.bytes > 1024)
        rc = r->host->fail(err, KOPPEL_E_CONFIG, "the log-in needs a setting that is not there, or "
                           "is too long");
    if (rc == 0)
        rc = r->host->base64(r->ctx, KOPPEL_BASE64_ENCODE, both.data, both.bytes, coded,
                             sizeof coded, &bytes, err);
    if (both.data)
        explicit_bzero(both.data, both.bytes);
    text_done(&both);
    if (rc == 0) {
        struct text value = {0};
        text_puts(&value, "Basic ");
        text_add(&value, coded, (size_t)bytes);
        rc = pairs_put(r, headers, "Authorization", text_take(&value), true, err);
    }
    explicit_bzero(coded, sizeof coded);
    return rc;
}

static int add_login(struct rest *r, struct pairs *headers, struct pairs *query,
                     const struct vars *v, uint32_t *flags, struct koppel_error *err)
{
    const json_t *login = json_object_get(r->service, "login");
    const char *by = koppel_get_text(login, "by", "none");
    bool bearer = strcmp(by, "bearer") == 0;
    struct text token = {0};
    if (strcmp(by, "none") == 0)
        return 0;
    if (strcmp(by, "oauth2") == 0) {
        *flags |= KOPPEL_HTTP_OAUTH;
        return 0;
    }
    if (strcmp(by, "basic") == 0)
        return add_basic(r, headers, login, v, err);
    if (bearer)
        text_puts(&token, "Bearer ");
    if (template_text(r, koppel_get_text(login, "token", ""), v, TEMPLATE_PLAIN, &token) != 0) {
        text_done(&token);
        return r->host->fail(err, KOPPEL_E_CONFIG, "the log-in needs a setting that is not there");
    }
    return pairs_put(r, strcmp(by, "query") == 0 ? query : headers,
                     bearer ? "Authorization" : koppel_get_text(login, "name", ""),
                     text_take(&token), true, err);
}

/* The address, new; NULL and err. */
static char *make_url(struct rest *r, const struct request *q, const struct vars *v,
                      struct koppel_error *err)
{
    struct text url = {0};
    const char *path = koppel_get_text(q->call, "path", "");
    text_puts(&url, q->url ? q->url : r->base);
    int rc = q->url ? 0 : template_text(r, path, v, TEMPLATE_ESCAPED, &url);
    if (rc > 0)
        r->host->fail(err, KOPPEL_E_REJECTED, "%s: the path \"%s\" needs what the record does not "
                      "have", q->what, path);
    else if (rc == 0) {
        char *taken = text_take(&url);
        if (!taken)
            rest_no_memory(r, err);
        return taken;
    } else {
        rest_no_memory(r, err);
    }
    text_done(&url);
    return NULL;
}

/* *text: new; NULL where nothing is sent. */
static int make_body(struct rest *r, const struct request *q, const struct vars *v, char **text,
                     struct koppel_error *err)
{
    const json_t *form = json_object_get(q->call, "body");
    const json_t *usual = v->records ? v->records : v->record;
    json_t *body;
    struct text out = {0};
    *text = NULL;
    if (!form && (!q->write || !usual))
        return 0;
    body = form ? template_json(r, form, v) : json_incref((json_t *)usual);
    if (!body)
        return r->host->fail(err, KOPPEL_E_REJECTED, "%s: the body needs what the record does not "
                             "have", q->what);
    text_add_json(&out, body);
    json_decref(body);
    *text = text_take(&out);
    return *text ? 0 : rest_no_memory(r, err);
}

static int add_signature(struct rest *r, const struct request *q, const struct vars *v,
                         const char *body, struct pairs *headers, struct koppel_error *err)
{
    const json_t *sign = json_object_get(q->call, "sign");
    struct vars signed_vars = *v;
    struct text value = {0};
    char now[24];
    if (!sign)
        return 0;
    snprintf(now, sizeof now, "%lld", (long long)(r->host->now_ms(r->ctx) / 1000));
    signed_vars.body = body ? body : "";
    signed_vars.timestamp = now;
    const char *stamp = koppel_get_text(sign, "timestamp", NULL);
    if (stamp && pairs_put(r, headers, stamp, strdup(now), false, err) != 0)
        return -1;
    if (signature_make(r, sign, &signed_vars, &value, err) != 0) {
        text_done(&value);
        return -1;
    }
    return pairs_put(r, headers, koppel_get_text(sign, "header", ""), text_take(&value), false,
                     err);
}

/* ---- what comes back ---- */

struct listening {
    struct rest *r;
    struct answer *answer;
    bool failed;
};

static void take_bad(void *user, const struct koppel_bad_item *item)
{
    struct listening *l = user;
    struct answer *a = l->answer;
    struct answer_bad *grown = realloc(a->bad, (a->bad_count + 1) * sizeof *grown);
    if (!grown) {
        l->failed = true;
        return;
    }
    a->bad = grown;
    struct answer_bad *bad = &grown[a->bad_count];
    size_t bytes = item->raw_bytes < RAW_BYTES ? (size_t)item->raw_bytes : RAW_BYTES;
    *bad = (struct answer_bad){.index = item->index, .raw_bytes = bytes};
    bad->raw = malloc(bytes + 1);
    if (!bad->raw) {
        l->failed = true;
        return;
    }
    memcpy(bad->raw, item->raw, bytes);
    bad->rest = json_incref(item->rest);
    snprintf(bad->place, sizeof bad->place, "%s", item->place);
    a->bad_count++;
}

/* The first and last byte that are no blank. */
static size_t trim(const char **body, size_t bytes)
{
    while (bytes > 0 && strchr(" \t\r\n", **body) && **body) {
        ++*body;
        bytes--;
    }
    while (bytes > 0 && (*body)[bytes - 1] && strchr(" \t\r\n", (*body)[bytes - 1]))
        bytes--;
    return bytes;
}

static int take_answer(struct rest *r, const struct request *q, struct answer *out,
                       struct koppel_error *err)
{
    const char *body = out->http.body ? out->http.body : "";
    size_t bytes = trim(&body, (size_t)out->http.body_bytes);
    struct listening l = {.r = r, .answer = out};
    bool json = bytes > 0 && (*body == '{' || *body == '['), broken = false;
    bool well = out->http.status >= 200 && out->http.status <= 299;
    if (json && q->list && well)
        broken = r->host->json_list(r->ctx, body, bytes, q->list, take_bad, &l, &out->json,
                                    err) != 0;
    else if (json)
        broken = r->host->json(r->ctx, body, bytes, &out->json, err) != 0;
    if (l.failed)
        return rest_no_memory(r, err);
    int rc = problem_check(r, q, out, bytes > 0 && *body == '<', err);
    if (rc > 0 && !q->one && well && bytes == 0) { /* as it says of one that is not there */
        out->none = true;
        return 0;
    }
    if (rc != 0 || (!broken && json))
        return rc;
    /* A write that is answered by a word ("ok") was done all the same. */
    if (!broken && (bytes == 0 || (q->write && *body != '<')))
        return problem_silent(r, q, out, err);
    return problem_unreadable(r, q, broken, err);
}

bool request_asks(const struct request *q)
{
    return !q->write && strcmp(q->name, "dry-run") != 0;
}

int request_run(struct rest *r, struct request *q, const struct vars *v, struct answer *out,
                struct koppel_error *err)
{
    struct koppel_http_request request = KOPPEL_INIT(request);
    struct koppel_http_response blank = KOPPEL_INIT(blank);
    struct pairs query = {.count = 0}, headers = {.count = 0};
    char *url = NULL, *body = NULL, fault[REST_PLACE_BYTES];
    *out = (struct answer){.http = blank};
    template_begin(r);
    snprintf(q->what, sizeof q->what, "%s%s%s", q->entity, *q->entity ? "." : "", q->name);
    uint32_t flags = q->write ? KOPPEL_HTTP_WRITE : 0;
    int rc = make_body(r, q, v, &body, err);
    if (rc == 0)
        rc = (url = make_url(r, q, v, err)) ? 0 : -1;
    if (rc == 0)
        rc = pairs_put(r, &headers, "Accept", strdup("application/json"), false, err);
    if (rc == 0 && body)
        rc = pairs_put(r, &headers, "Content-Type", strdup("application/json"), false, err);
    if (rc == 0)
        rc = pairs_add(r, &headers, json_object_get(r->service, "headers"), v, err);
    if (rc == 0)
        rc = pairs_add(r, &headers, json_object_get(q->call, "headers"), v, err);
    if (rc == 0 && !q->url)
        rc = pairs_add(r, &query, json_object_get(r->service, "query"), v, err);
    if (rc == 0 && !q->url)
        rc = pairs_add(r, &query, json_object_get(q->call, "query"), v, err);
    if (rc == 0)
        rc = add_login(r, &headers, &query, v, &flags, err);
    if (rc == 0)
        rc = add_signature(r, q, v, body, &headers, err);
    bool of_record = q->write ? template_is_of_call(r->unfit)
                              : strncmp(r->unfit, "record.", 7) == 0;
    if (r->misfit && !r->unfit[0] && q->one && request_asks(q))
        rc = 1; /* nothing of that name can be there */
    else if (template_fault(r, fault, sizeof fault)[0])
        rc = r->host->fail(err, r->misfit || of_record ? KOPPEL_E_REJECTED : KOPPEL_E_CONFIG,
                           "%s: %s", q->what, fault);
    if (rc == 0) {
        request.flags = flags;
        request.method = koppel_get_text(q->call, "method", q->method);
        request.url = url;
        request.query = query.list;
        request.query_count = query.count;
        request.headers = headers.list;
        request.header_count = headers.count;
        request.body = body;
        request.body_bytes = body ? strlen(body) : 0;
        request.what = q->what;
        rc = r->host->http(r->ctx, &request, &out->http, err);
        if (rc == 0) {
            rc = take_answer(r, q, out, err);
            if (rc != 0)
                answer_done(r, out);
        }
    }
    pairs_done(&query);
    pairs_done(&headers);
    free(url);
    free(body);
    return rc;
}

void answer_done(struct rest *r, struct answer *a)
{
    for (size_t i = 0; i < a->bad_count; i++) {
        json_decref(a->bad[i].rest);
        free(a->bad[i].raw);
    }
    free(a->bad);
    json_decref(a->json);
    a->json = NULL;
    a->bad = NULL;
    a->bad_count = 0;
    r->host->http_done(r->ctx, &a->http);
}
