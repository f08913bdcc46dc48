/* SPDX-License-Identifier: MIT
 * The token endpoint: what is posted to it, and what its answers mean. */
#include "oauth/oauth2_call.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "http/http_exchange.h"
#include "http/http_trace.h"

#define EXPIRES_DEFAULT_MS 300000 /* where the peer does not tell: ask again soon */
#define EXPIRES_MAX_MS INT64_C(31536000000)
#define ANSWER_MAX_BYTES (256 * 1024)

void oauth2_call_form_add(struct buf *form, const char *name, const char *value)
{
    size_t bytes = strlen(value);
    char *escaped = malloc(bytes * 3 + 1);
    if (form->bytes > 0)
        buf_add_char(form, '&');
    buf_add_text(form, name);
    buf_add_char(form, '=');
    if (!escaped) {
        form->failed = true;
        return;
    }
    buf_add(form, escaped, http_trace_escape(value, bytes, escaped));
    explicit_bzero(escaped, bytes * 3);
    free(escaped);
}

/* The peer's error code and words: "invalid_grant (it has ended)". */
static void answer_words(const struct koppel_http_response *r, char *code, size_t code_room,
                         char *words, size_t words_room)
{
    static const struct koppel_http_request no_pairs;
    json_t *j = json_read(r->body, (size_t)r->body_bytes, NULL, NULL);
    const char *error = json_string_value(json_object_get(j, "error"));
    const char *about = json_string_value(json_object_get(j, "error_description"));
    char text[512];
    snprintf(code, code_room, "%s", error ? error : "");
    snprintf(text, sizeof text, "%s%s%s%s", error ? error : "no OAuth error given",
             about ? " (" : "", about ? about : "", about ? ")" : "");
    http_trace_excerpt(&no_pairs, text, strlen(text), words, words_room);
    json_decref(j);
}

static int answer_refused(struct oauth2 *o, const struct koppel_http_response *r, bool *grant_ended,
                          struct koppel_error *err)
{
    char code[64], words[256];
    answer_words(r, code, sizeof code, words, sizeof words);
    if (strcmp(code, "invalid_grant") == 0) {
        *grant_ended = true;
        return err_reason(err, KOPPEL_E_AUTH, "oauth.invalid_grant",
                          "%s: the login has ended: %s; run: koppel connect %s", o->connection,
                          words, o->connection);
    }
    if (strcmp(code, "invalid_client") == 0 || strcmp(code, "unauthorized_client") == 0)
        return err_reason(err, KOPPEL_E_AUTH, "oauth.client",
                          "%s: the identity server refused this client: %s; check client_id and "
                          "client_secret",
                          o->connection, words);
    if (r->status >= 500)
        return err_set(err, KOPPEL_E_RETRY, "%s: the identity server answered %u: %s",
                       o->connection, r->status, words);
    return err_reason(err, KOPPEL_E_AUTH, "oauth.refused",
                      "%s: the identity server answered %u: %s; run: koppel connect %s",
                      o->connection, r->status, words, o->connection);
}

/* What peers tell as a number, a decimal or text; -1: nothing is told. */
static int64_t told_ms(const json_t *seconds)
{
    struct decimal d;
    int64_t ms;
    if (json_is_integer(seconds) ? decimal_from_int(json_integer_value(seconds), 0, &d) < 0
                                 : decimal_parse(json_string_value(seconds), &d) < 0)
        return -1;
    if (d.units < 0)
        return 0;
    if (decimal_round(d, 3, ROUND_HALF_UP, &d) < 0 || decimal_to_int(d, 3, &ms) < 0
        || ms > EXPIRES_MAX_MS)
        return EXPIRES_MAX_MS;
    return ms;
}

/* How long the access token lives. */
static int64_t lifetime_ms(const json_t *seconds)
{
    /* A token that is shorter-lived than our margin would be refreshed for each request. */
    const int64_t least = OAUTH2_TOKENS_EARLY_MS + 1000;
    int64_t ms = told_ms(seconds);
    return ms < 0 ? EXPIRES_DEFAULT_MS : ms < least ? least : ms;
}

/* When the login ends that can be renewed no longer; not in any standard, so by the names that are
 * in use. A peer that does not say so of a new refresh token may mean another one. 0: unknown. */
static int64_t login_ends_ms(const struct oauth2 *o, const json_t *answer)
{
    static const char *const names[] = {"refresh_expires_in", "refresh_token_expires_in"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int64_t ms = told_ms(json_object_get(answer, names[i]));
        if (ms > 0) /* 0: it never ends, in at least one product */
            return clock_now_ms() + ms;
    }
    return json_object_get(answer, "refresh_token") ? 0 : o->login_ends_ms;
}

/* Tokens out of the answer; a refresh token that is not named again stays as it was. */
static int answer_tokens(struct oauth2 *o, const struct koppel_http_response *r,
                         struct oauth2_tokens *out, struct koppel_error *err)
{
    json_t *j = json_read(r->body, (size_t)r->body_bytes, NULL, NULL);
    *out = (struct oauth2_tokens){0};
    out->access = oauth2_tokens_member(j, "access_token");
    out->refresh = oauth2_tokens_member(j, "refresh_token");
    if (!out->refresh && o->refresh)
        out->refresh = oauth2_tokens_copy(o->refresh);
    out->expires_at_ms = clock_now_ms() + lifetime_ms(json_object_get(j, "expires_in"));
    out->login_ends_ms = login_ends_ms(o, j);
    json_decref(j);
    if (!out->access) {
        oauth2_tokens_done(out);
        return err_set(err, KOPPEL_E_RETRY, "%s: the identity server's answer has no access_token",
                       o->connection);
    }
    return 0;
}

int oauth2_call_token(struct oauth2 *o, struct buf *form, struct oauth2_tokens *out,
                      bool *grant_ended, struct koppel_error *err)
{
    const struct koppel_pair headers[] = {
        KOPPEL_PAIR("Content-Type", "application/x-www-form-urlencoded"),
        KOPPEL_PAIR("Accept", "application/json"),
    };
    struct koppel_http_request request = {.struct_size = sizeof request};
    struct koppel_http_response response = {.struct_size = sizeof response};
    *grant_ended = false;
    oauth2_call_form_add(form, "client_id", o->client_id);
    if (o->client_secret)
        oauth2_call_form_add(form, "client_secret", secret_text(o->client_secret));
    if (!buf_ok(form))
        return oauth2_tokens_no_memory(o, err);
    request.method = "POST";
    request.url = o->token_url;
    request.headers = headers;
    request.header_count = 2;
    request.body = buf_text(form);
    request.body_bytes = form->bytes;
    request.limit_bytes = ANSWER_MAX_BYTES;
    request.timeout_ms = OAUTH2_CALL_MS;
    request.what = "token";
    if (http_exchange(o->http, &request, &response, NULL, err) != 0)
        return -1;
    int rc = response.status == 200 ? answer_tokens(o, &response, out, err)
                                    : answer_refused(o, &response, grant_ended, err);
    if (response.host_private)
        explicit_bzero(response.host_private, (size_t)response.body_bytes);
    http_response_done(&response);
    return rc;
}

int oauth2_call_credentials(struct oauth2 *o, struct koppel_error *err)
{
    struct buf form;
    buf_init(&form, OAUTH2_CALL_FORM_BYTES);
    oauth2_call_form_add(&form, "grant_type", "client_credentials");
    if (o->scope[0])
        oauth2_call_form_add(&form, "scope", o->scope);
    struct oauth2_tokens t;
    bool ended;
    int rc = oauth2_call_token(o, &form, &t, &ended, err);
    buf_wipe_done(&form);
    return rc != 0 ? -1 : oauth2_tokens_adopt(o, &t, err); /* nothing rotates: nothing to seal */
}
