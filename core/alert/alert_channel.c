/* SPDX-License-Identifier: MIT
 * Sends one message to a channel. */
#include "alert/alert_channel.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "http/http_exchange.h"
#include "http/mail.h"

#define CONNECT_MS 5000
#define ANSWER_BYTES (64 * 1024)
#define PREFIX "whsec_"
#define TAG "v1,"
#define MAC_TEXT_BYTES                                                                             \
    (sizeof TAG + sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES,                          \
                                            sodium_base64_VARIANT_ORIGINAL))

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

struct http *alert_channel_http(const struct conf_alert_channel *c, struct koppel_error *err)
{
    struct http_limits limits = {.concurrency = 1,
                                 .connect_timeout_ms = CONNECT_MS,
                                 .timeout_ms = ALERT_CHANNEL_MS,
                                 .limit_bytes = ANSWER_BYTES,
                                 .tls_ca = c->tls_ca,
                                 .tls_min = 12};
    if (c->lacks) {
        (void)err_reason(err, KOPPEL_E_CONFIG, "secret.missing", "%s", c->lacks);
        return NULL;
    }
    return http_new(c->name, &limits, err);
}

/* ---- http ---- */

static void add_line(json_t *dialogue, const char *way, const char *text)
{
    (void)json_array_append_new(dialogue, json_sprintf("%s %s", way, text));
}

/* An exchange as lines; its secrets are masked. */
static void tell_trace(json_t *dialogue, const json_t *trace,
                       const struct koppel_http_request *request)
{
    size_t i;
    json_t *step;
    json_array_foreach(trace, i, step) {
        const char *url = json_string_value(json_object_get(step, "url"));
        const char *sent = json_string_value(json_object_get(step, "request"));
        const char *came = json_string_value(json_object_get(step, "response"));
        const char *failure = json_string_value(json_object_get(step, "error"));
        json_int_t status = json_integer_value(json_object_get(step, "status"));
        (void)json_array_append_new(dialogue, json_sprintf("> %s %s", request->method,
                                                           url ? url : ""));
        for (uint32_t k = 0; k < request->header_count; k++)
            (void)json_array_append_new(
                dialogue, json_sprintf("> %s: %s", request->headers[k].name,
                                       request->headers[k].secret ? "****"
                                                                  : request->headers[k].value));
        if (sent)
            add_line(dialogue, ">", sent);
        if (status > 0)
            (void)json_array_append_new(dialogue, json_sprintf("< %lld", (long long)status));
        if (came && *came)
            add_line(dialogue, "<", came);
        if (failure)
            add_line(dialogue, "*", failure);
    }
}

/* Posts a body; takes it over. token: NULL, or a bearer's. */
static int post(const struct conf_alert_channel *c, struct http *h, char *body_take,
                const struct koppel_pair *headers, uint32_t header_count,
                const struct secret *token, json_t *dialogue, struct koppel_error *err)
{
    struct koppel_http_response answer = {.struct_size = sizeof answer};
    struct koppel_http_request request = {.struct_size = sizeof request,
                                          .method = "POST",
                                          .url = c->url,
                                          .headers = headers,
                                          .header_count = header_count,
                                          .body = body_take,
                                          .body_bytes = strlen(body_take),
                                          .what = "alert"};
    json_t *trace = dialogue ? json_array() : NULL;
    bool refused;
    int rc = http_exchange_bearer(h, &request, token, NULL, &answer, trace, &refused, err);
    if (rc == 0 && (answer.status < 200 || answer.status > 299))
        rc = err_set(err, answer.status == 410 ? KOPPEL_E_REJECTED : KOPPEL_E_RETRY,
                     "%s: it was answered %u", c->name, answer.status);
    if (dialogue)
        tell_trace(dialogue, trace, &request);
    json_decref(trace);
    http_response_done(&answer);
    free(body_take);
    return rc;
}

/* ---- webhook ---- */

/* "v1," and base64 of HMAC-SHA256 over "id.time.body". The secret is base64 behind "whsec_", else
 * it is taken as it stands. */
static void sign(const struct secret *secret, const char *id, const char *seconds, const char *body,
                 char out[MAC_TEXT_BYTES])
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES], raw[1024];
    const char *text = secret_text(secret);
    const unsigned char *key = (const unsigned char *)text;
    size_t bytes = secret_bytes(secret), n = 0;
    if (strncmp(text, PREFIX, sizeof PREFIX - 1) == 0 &&
        sodium_base642bin(raw, sizeof raw, text + sizeof PREFIX - 1, bytes - (sizeof PREFIX - 1),
                          "\r\n ", &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0) {
        key = raw;
        bytes = n;
    }
    crypto_auth_hmacsha256_init(&state, key, bytes);
    const char *const parts[] = {id, ".", seconds, ".", body};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i], strlen(parts[i]));
    crypto_auth_hmacsha256_final(&state, mac);
    memcpy(out, TAG, sizeof TAG);
    sodium_bin2base64(out + sizeof TAG - 1, MAC_TEXT_BYTES - (sizeof TAG - 1), mac, sizeof mac,
                      sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(raw, sizeof raw);
    sodium_memzero(&state, sizeof state);
}

static char *webhook_body(const struct alert_channel_message *m)
{
    char at[CLOCK_TEXT_BYTES];
    clock_format(m->at_ms, at);
    json_t *json = json_pack("{s:o,s:s,s:{s:s,s:s,s:s,s:o}}", "type",
                             json_sprintf("alert.%s", m->kind), "timestamp", at, "data", "severity",
                             m->critical ? "critical" : "warning", "subject", m->subject, "text",
                             m->body, "alerts",
                             m->alerts ? json_incref((json_t *)m->alerts) : json_array());
    char *text = json ? json_text(json, false, NULL) : NULL;
    json_decref(json);
    return text;
}

static int send_webhook(const struct conf_alert_channel *c, struct http *h,
                        const struct alert_channel_message *m, json_t *dialogue,
                        struct koppel_error *err)
{
    char seconds[24], mac[MAC_TEXT_BYTES], *body = webhook_body(m);
    if (!body)
        return no_memory(err);
    /* the moment of this try: who takes it refuses old ones */
    snprintf(seconds, sizeof seconds, "%lld", (long long)(clock_now_ms() / 1000));
    sign(c->secret, m->id, seconds, body, mac);
    const struct koppel_pair headers[] = {{.name = "Content-Type", .value = "application/json"},
                                          {.name = "webhook-id", .value = m->id},
                                          {.name = "webhook-timestamp", .value = seconds},
                                          {.name = "webhook-signature", .value = mac}};
    return post(c, h, body, headers, sizeof headers / sizeof *headers, NULL, dialogue, err);
}

/* ---- ntfy ---- */

static int send_ntfy(const struct conf_alert_channel *c, struct http *h,
                     const struct alert_channel_message *m, json_t *dialogue,
                     struct koppel_error *err)
{
    bool over = strcmp(m->kind, "over") == 0 || strcmp(m->kind, "weekly") == 0;
    const struct koppel_pair headers[] = {{.name = "Content-Type", .value = "application/json"}};
    json_t *json = json_pack("{s:s,s:s,s:s,s:i,s:[s]}", "topic", c->topic, "title", m->subject,
                             "message", m->body, "priority", over ? 2 : m->critical ? 5 : 3, "tags",
                             over ? "white_check_mark" : m->critical ? "rotating_light"
                                                                     : "warning");
    char *body = json ? json_text(json, false, NULL) : NULL;
    json_decref(json);
    if (!body)
        return no_memory(err);
    return post(c, h, body, headers, 1, c->token, dialogue, err);
}

/* ---- */

static int send_mail(const struct conf_alert_channel *c, struct http *h,
                     const struct alert_channel_message *m, json_t *dialogue,
                     struct koppel_error *err)
{
    struct mail mail = {.url = c->url,
                        .user = c->user,
                        .password = c->password,
                        .from = c->from,
                        .to = c->to,
                        .to_count = c->to_count,
                        .subject = m->subject,
                        .body = m->body,
                        .id = m->id,
                        .at_ms = m->at_ms,
                        .urgent = m->critical};
    return mail_send(h, &mail, dialogue, err);
}

int alert_channel_send(const struct conf_alert_channel *c, struct http *h,
                       const struct alert_channel_message *m, json_t *dialogue,
                       struct koppel_error *err)
{
    switch (c->type) {
    case CONF_ALERT_MAIL:
        return send_mail(c, h, m, dialogue, err);
    case CONF_ALERT_WEBHOOK:
        return send_webhook(c, h, m, dialogue, err);
    case CONF_ALERT_NTFY:
        return send_ntfy(c, h, m, dialogue, err);
    }
    return err_set(err, KOPPEL_E_BUG, "%s: there is no such kind of channel", c->name);
}
