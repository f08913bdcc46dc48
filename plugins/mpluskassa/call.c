/* SPDX-License-Identifier: MIT
 * One call of the service: builds the message, sends it, and sorts every way it can fail into the
 * error kinds of Koppel. */
#include "call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"
#include "soap_write.h"
#include "xml.h"

int call_no_memory(struct mplus *m, struct koppel_error *err)
{
    return m->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

int call_reason(struct mplus *m, struct koppel_error *err, const char *code)
{
    return m->host->reason(err, code);
}

/* ---- members of records ---- */

const char *call_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && *text ? text : NULL;
}

int64_t call_number(const json_t *object, const char *name)
{
    const char *text = call_text(object, name);
    int64_t value = 0;
    return text && soap_value_parse_integer(text, &value) ? value : 0;
}

json_t *call_list(const json_t *object, const char *name)
{
    json_t *list = json_object_get(object, name);
    return json_is_array(list) ? list : NULL;
}

bool call_is_number(const char *text)
{
    int64_t value;
    return soap_value_is_digit(*text) && soap_value_parse_integer(text, &value);
}

bool call_is_key(const char *text)
{
    return text && *text != '0' && call_is_number(text);
}

json_t *call_split(const char *text)
{
    json_t *list = json_array();
    while (list && text && *text) {
        text += strspn(text, ", \t\n");
        size_t n = strcspn(text, ", \t\n");
        if (n > 0 && json_array_append_new(list, json_stringn(text, n)) != 0) {
            json_decref(list);
            return NULL;
        }
        text += n;
    }
    return list;
}

json_t *call_by(const json_t *records, const char *member)
{
    json_t *by = json_object(), *record;
    size_t i;
    json_array_foreach((json_t *)records, i, record) {
        const char *text = call_text(record, member);
        if (by && text && !json_object_get(by, text) && json_object_set(by, text, record) != 0) {
            json_decref(by);
            by = NULL;
        }
    }
    return by;
}

json_t *call_distinct(const json_t *records, const char *member)
{
    json_t *values = json_array(), *seen = json_object(), *record;
    size_t i;
    json_array_foreach((json_t *)records, i, record) {
        const char *text = call_text(record, member);
        if (!text || strcmp(text, "0") == 0 || json_object_get(seen, text))
            continue;
        json_object_set_new(seen, text, json_true());
        json_array_append(values, json_object_get(record, member));
    }
    json_decref(seen);
    return values;
}

/* ---- the call ---- */

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
    const char *words = fault->text[0] ? fault->text : "no reason given";
    if (starts_with(fault->code, "Client.Authentication")) {
        m->host->fail(err, KOPPEL_E_AUTH,
                      "%s: MplusKASSA refuses the login (" KOPPEL_SAID "): check ident and secret",
                      op->name, words);
        return m->host->fact(err, "setting", "ident");
    }
    if (starts_with(fault->code, "Client"))
        return m->host->fail(err, KOPPEL_E_REJECTED, "%s: MplusKASSA says: " KOPPEL_SAID " (%s)",
                             op->name, words, fault->code);
    return m->host->fail(err, lost_kind(op), "%s: MplusKASSA failed: " KOPPEL_SAID " (%s)",
                         op->name, words, fault->code[0] ? fault->code : "fault without a code");
}

bool call_says(const json_t *answer, const char *ending)
{
    const char *result = call_text(answer, "result");
    return result && ends_with(result, ending);
}

int call_refused(struct mplus *m, const struct soap_operation *op, const json_t *answer,
                 struct koppel_error *err)
{
    const char *result = call_text(answer, "result"), *words = call_text(answer, "errorMessage");
    bool taken =
        call_says(answer, "-ID-ALREADY-EXISTS") || call_says(answer, "-NUMBER-ALREADY-TAKEN");
    if (!words)
        words = call_text(answer, "message");
    return m->host->fail(err, taken ? KOPPEL_E_EXISTS : KOPPEL_E_REJECTED,
                         "%s: MplusKASSA says: " KOPPEL_SAID " (%s)", op->name,
                         words ? words : "no reason given", result ? result : "no result");
}

/* 0: success or, for a reading call, not found. -1: err is filled. */
static int check_result(struct mplus *m, const struct soap_operation *op, json_t **answer,
                        struct koppel_error *err)
{
    if (!call_text(*answer, "result") || call_says(*answer, "-OK") ||
        call_says(*answer, "-NO-CHANGES"))
        return 0;
    int rc = op->write || !call_says(*answer, "-NOT-FOUND") ? call_refused(m, op, *answer, err) : 0;
    json_decref(*answer);
    *answer = NULL;
    return rc;
}

static bool holds(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (strcasestr(text, *words))
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

/* What an answer says that holds nothing which is known: its text without the tags. */
static void tell_text(const struct koppel_http_response *response, char *out, size_t room)
{
    struct xml_scan scan;
    size_t n = 0;
    xml_init(&scan, response->body, (size_t)response->body_bytes);
    for (enum xml_event e = XML_START; e != XML_DONE && e != XML_BROKEN && n + 1 < room;) {
        e = xml_next(&scan);
        if (e == XML_TEXT && scan.text_bytes > 0)
            n += (size_t)snprintf(out + n, room - n, "%s%.*s", n > 0 ? " " : "",
                                  (int)(scan.text_bytes < 160 ? scan.text_bytes : 160), scan.text);
    }
    xml_done(&scan);
}

/* An answer without its result or its list is no answer, whatever the HTTP status says: an error
 * page in SOAP's clothes, a field that was renamed. A write that nobody confirmed may have been
 * made. */
static int check_whole(struct mplus *m, const struct soap_operation *op, const json_t *answer,
                       const struct koppel_http_response *response, struct koppel_error *err)
{
    const struct soap_field *lacks = NULL;
    for (int i = 0; i < op->response->count && !lacks; i++) {
        if (op->response->fields[i].required &&
            !json_object_get(answer, op->response->fields[i].name))
            lacks = &op->response->fields[i];
    }
    if (!lacks)
        return 0;
    char words[200] = "";
    const char *message = call_text(answer, "errorMessage");
    if (!message)
        message = call_text(answer, "message");
    if (!message && json_object_size(answer) == 0)
        tell_text(response, words, sizeof words);
    if (!message && !words[0])
        return m->host->fail(err, lost_kind(op), "%s: the answer lacks its %s", op->name,
                             lacks->name);
    return m->host->fail(err, lost_kind(op), "%s: the answer lacks its %s; MplusKASSA says: "
                         KOPPEL_SAID, op->name, lacks->name, message ? message : words);
}

/* A page of a gateway or web server in place of the service's answer. Such a server has handed
 * nothing on where it says that the request was at fault. */
static int fail_page(struct mplus *m, const struct soap_operation *op, uint32_t status,
                     struct koppel_error *err)
{
    bool refused = status >= 400 && status < 500 && status != 408 && status != 425;
    m->host->fail(err, op->write && refused ? KOPPEL_E_REJECTED : lost_kind(op),
                  "%s: the server answered HTTP %u without a SOAP fault: check url and port",
                  op->name, (unsigned)status);
    return refused ? -1 : m->host->reason(err, KOPPEL_REASON_DOWN);
}

static int check_answer(struct mplus *m, const struct soap_operation *op,
                        const struct koppel_http_response *response, json_t **answer,
                        struct soap_unreadable **bad, bool *unknown, struct koppel_error *err)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES];
    int rc = soap_read(op, response->body ? response->body : "", (size_t)response->body_bytes,
                       answer, bad, &fault, why);
    if (rc == 1 && unknown && is_unknown(op, &fault)) {
        *unknown = true;
        return 0;
    }
    if (rc == 1)
        return fail_fault(m, op, &fault, err);
    if (response->status != 200)
        return fail_page(m, op, response->status, err);
    if (rc != 0)
        return m->host->fail(err, lost_kind(op),
                             "%s: cannot read the answer: %s; check that %s is the till", op->name,
                             why, m->url);
    return check_whole(m, op, *answer, response, err);
}

static int exchange(struct mplus *m, const struct soap_operation *op, const char *body,
                    size_t bytes, const char *job, struct koppel_http_response *response,
                    struct koppel_error *err)
{
    char id[64];
    snprintf(id, sizeof id, "koppel-%" PRId64 "-%" PRIu64, m->host->now_ms(m->ctx), ++m->calls);
    const struct koppel_pair query[] = {KOPPEL_PAIR_SECRET("ident", m->ident),
                                        KOPPEL_PAIR_SECRET("secret", m->secret)};
    const struct koppel_pair headers[] = {KOPPEL_PAIR("Content-Type", "text/xml; charset=utf-8"),
                                          KOPPEL_PAIR("SOAPAction", op->name),
                                          KOPPEL_PAIR("X-Request-Id", job ? job : id)};
    struct koppel_http_request request = {
        .struct_size = (uint32_t)sizeof request,
        .flags = op->write ? KOPPEL_HTTP_WRITE : 0,
        .method = "POST",
        .url = m->url,
        .query = query,
        .query_count = 2,
        .headers = headers,
        .header_count = 3,
        .body = body,
        .body_bytes = bytes,
        .what = op->name,
    };
    return m->host->http(m->ctx, &request, response, err);
}

static int ask(struct mplus *m, const struct soap_operation *op, const json_t *params,
               const char *job, json_t **answer, struct soap_unreadable **bad, bool *unknown,
               struct koppel_error *err)
{
    *answer = NULL;
    if (bad)
        *bad = NULL;
    if (unknown)
        *unknown = false;
    char why[SOAP_WHY_BYTES];
    size_t bytes;
    char *body = soap_write(op, params, &bytes, why);
    if (!body)
        return m->host->fail(err, KOPPEL_E_REJECTED, "%s: %s", op->name, why);
    struct koppel_http_response response = {.struct_size = (uint32_t)sizeof response};
    int rc = exchange(m, op, body, bytes, job, &response, err);
    free(body);
    if (rc != 0)
        return -1;
    rc = check_answer(m, op, &response, answer, bad, unknown, err);
    m->host->http_done(m->ctx, &response);
    if (rc == 0)
        return 0;
    json_decref(*answer);
    *answer = NULL;
    if (bad) {
        soap_read_free(*bad);
        *bad = NULL;
    }
    return -1;
}

int call_ask(struct mplus *m, const struct soap_operation *op, const json_t *params,
             const char *job, json_t **answer, bool *unknown, struct koppel_error *err)
{
    return ask(m, op, params, job, answer, NULL, unknown, err);
}

int call_soap(struct mplus *m, const struct soap_operation *op, const json_t *params,
              const char *job, json_t **answer, struct koppel_error *err)
{
    if (ask(m, op, params, job, answer, NULL, NULL, err) != 0)
        return -1;
    return check_result(m, op, answer, err);
}

int call_list_of(struct mplus *m, const struct soap_operation *op, const json_t *params,
                 json_t **answer, struct soap_unreadable **bad, struct koppel_error *err)
{
    return ask(m, op, params, NULL, answer, bad, NULL, err);
}
