/* SPDX-License-Identifier: MIT
 * One call of the service: builds the message, sends it, and sorts every way it can fail into the
 * error kinds of Koppel. */
#include "call.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int call_no_memory(struct mplus *m, struct koppel_error *err)
{
    return m->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

int call_reason(struct mplus *m, struct koppel_error *err, const char *code)
{
    /* A host from before 1.1 does not have it. */
    if (m->host->struct_size >= offsetof(struct koppel_host, reason) + sizeof m->host->reason)
        m->host->reason(err, code);
    return -1;
}

const char *call_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL && *text != '\0' ? text : NULL;
}

int64_t call_number(const json_t *object, const char *name)
{
    const char *text = call_text(object, name);

    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

json_t *call_list(const json_t *object, const char *name)
{
    json_t *list = json_object_get(object, name);

    return json_is_array(list) ? list : NULL;
}

bool call_is_number(const char *text)
{
    const char *p = text;

    while (*p >= '0' && *p <= '9')
        p++;
    if (p == text || *p != '\0')
        return false;
    errno = 0;
    (void)strtoll(text, NULL, 10);
    return errno == 0;
}

bool call_is_key(const char *text)
{
    return text != NULL && text[0] != '0' && call_is_number(text);
}

json_t *call_split(const char *text)
{
    json_t *list = json_array();

    while (list != NULL && text != NULL && *text != '\0') {
        size_t n;

        text += strspn(text, ", \t\n");
        n = strcspn(text, ", \t\n");
        if (n > 0 && json_array_append_new(list, json_stringn(text, n)) != 0) {
            json_decref(list);
            return NULL;
        }
        text += n;
    }
    return list;
}

int call_marker(struct mplus *m, const char *cursor, int64_t *marker, struct koppel_error *err)
{
    *marker = 0;
    if (cursor == NULL)
        return 0;
    if (!call_is_number(cursor) || (*marker = strtoll(cursor, NULL, 10)) == INT64_MAX)
        return m->host->fail(err, KOPPEL_E_CONFIG,
                             "the cursor \"%s\" is no sync marker; set it to a number, 0 for all",
                             cursor);
    *marker += 1;
    return 0;
}

int call_batch_end(struct mplus *m, struct koppel_batch *out, const char *cursor, int64_t asked,
                   int64_t highest, struct koppel_error *err)
{
    char next[24];

    if (highest < asked) /* nothing new, or records without a marker: do not move */
        return m->host->batch_end(out, cursor != NULL ? cursor : "0", 0, err);
    snprintf(next, sizeof next, "%" PRId64, highest);
    return m->host->batch_end(out, next, 1, err);
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

static int lost_kind(const struct soap_operation *op)
{
    return op->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

static int fail_fault(struct mplus *m, const struct soap_operation *op,
                      const struct soap_fault *fault, struct koppel_error *err)
{
    const char *words = fault->text[0] != '\0' ? fault->text : "no reason given";

    if (starts_with(fault->code, "Client.Authentication"))
        return m->host->fail(err, KOPPEL_E_AUTH,
                             "%s: MplusKASSA refuses the login (%s): check ident and secret",
                             op->name, words);
    if (starts_with(fault->code, "Client"))
        return m->host->fail(err, KOPPEL_E_REJECTED, "%s: MplusKASSA says: %s (%s)", op->name,
                             words, fault->code);
    return m->host->fail(err, lost_kind(op), "%s: MplusKASSA failed: %s (%s)", op->name, words,
                         fault->code[0] != '\0' ? fault->code : "fault without a code");
}

bool call_says(const json_t *answer, const char *ending)
{
    const char *result = call_text(answer, "result");

    return result != NULL && ends_with(result, ending);
}

int call_refused(struct mplus *m, const struct soap_operation *op, const json_t *answer,
                 struct koppel_error *err)
{
    const char *result = call_text(answer, "result"), *words = call_text(answer, "errorMessage");

    if (words == NULL)
        words = call_text(answer, "message");
    return m->host->fail(err, call_says(answer, "-ID-ALREADY-EXISTS") ||
                                      call_says(answer, "-NUMBER-ALREADY-TAKEN")
                                  ? KOPPEL_E_EXISTS
                                  : KOPPEL_E_REJECTED,
                         "%s: MplusKASSA says: %s (%s)", op->name,
                         words != NULL ? words : "no reason given",
                         result != NULL ? result : "no result");
}

/* 0: success or, for a reading call, not found. -1: err is filled. */
static int check_result(struct mplus *m, const struct soap_operation *op, json_t **answer,
                        struct koppel_error *err)
{
    int rc = 0;

    if (call_text(*answer, "result") == NULL || call_says(*answer, "-OK") ||
        call_says(*answer, "-NO-CHANGES"))
        return 0;
    if (op->write || !call_says(*answer, "-NOT-FOUND"))
        rc = call_refused(m, op, *answer, err);
    json_decref(*answer);
    *answer = NULL;
    return rc;
}

static bool holds(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcasestr(text, *words) != NULL)
            return true;
    }
    return false;
}

/* The service's way to say that it is older than the operation. */
static bool is_unknown(const struct soap_operation *op, const struct soap_fault *fault)
{
    const char *const subject[] = {op->name, "method", "operation", NULL};
    static const char *const verdict[] = {"not implemented", "not recognized", "unknown", NULL};

    return starts_with(fault->code, "Client") &&
           !starts_with(fault->code, "Client.Authentication") && holds(fault->text, subject) &&
           holds(fault->text, verdict);
}

static int check_answer(struct mplus *m, const struct soap_operation *op,
                        const struct koppel_http_response *response, json_t **answer,
                        bool *unknown, struct koppel_error *err)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES];
    int rc = soap_read(op, response->body != NULL ? response->body : "",
                       (size_t)response->body_bytes, answer, &fault, why);

    if (rc == 1 && unknown != NULL && is_unknown(op, &fault)) {
        *unknown = true;
        return 0;
    }
    if (rc == 1)
        return fail_fault(m, op, &fault, err);
    if (response->status != 200) {
        json_decref(*answer);
        *answer = NULL;
        return m->host->fail(err, lost_kind(op),
                             "%s: the server answered HTTP %u without a SOAP fault: check url and "
                             "port", op->name, (unsigned)response->status);
    }
    if (rc != 0)
        return m->host->fail(err, lost_kind(op),
                             "%s: cannot read the answer: %s; check that %s is the till", op->name,
                             why, m->url);
    return 0;
}

static int exchange(struct mplus *m, const struct soap_operation *op, const char *body,
                    size_t bytes, const char *job, struct koppel_http_response *response,
                    struct koppel_error *err)
{
    char id[64];
    const struct koppel_pair query[] = {{"ident", m->ident, 1}, {"secret", m->secret, 1}};
    const struct koppel_pair headers[] = {{"Content-Type", "text/xml; charset=utf-8", 0},
                                          {"SOAPAction", op->name, 0},
                                          {"X-Request-Id", job != NULL ? job : id, 0}};
    struct koppel_http_request request = {0};

    snprintf(id, sizeof id, "koppel-%" PRId64 "-%" PRIu64, m->host->now_ms(m->ctx), ++m->calls);
    request.struct_size = (uint32_t)sizeof request;
    request.flags = op->write ? KOPPEL_HTTP_WRITE : 0;
    request.method = "POST";
    request.url = m->url;
    request.query = query;
    request.query_count = 2;
    request.headers = headers;
    request.header_count = 3;
    request.body = body;
    request.body_bytes = bytes;
    request.what = op->name;
    return m->host->http(m->ctx, &request, response, err);
}

int call_ask(struct mplus *m, const struct soap_operation *op, const json_t *params,
             const char *job, json_t **answer, bool *unknown, struct koppel_error *err)
{
    struct koppel_http_response response = {0};
    char why[SOAP_WHY_BYTES];
    size_t bytes;
    char *body;
    int rc;

    *answer = NULL;
    if (unknown != NULL)
        *unknown = false;
    body = soap_write(op, params, &bytes, why);
    if (body == NULL)
        return m->host->fail(err, KOPPEL_E_REJECTED, "%s: %s", op->name, why);
    response.struct_size = (uint32_t)sizeof response;
    rc = exchange(m, op, body, bytes, job, &response, err);
    free(body);
    if (rc != 0)
        return -1;
    rc = check_answer(m, op, &response, answer, unknown, err);
    m->host->http_done(m->ctx, &response);
    return rc;
}

int call_soap(struct mplus *m, const struct soap_operation *op, const json_t *params,
              const char *job, json_t **answer, struct koppel_error *err)
{
    if (call_ask(m, op, params, job, answer, NULL, err) != 0)
        return -1;
    return check_result(m, op, answer, err);
}
