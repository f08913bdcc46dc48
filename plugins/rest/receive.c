/* SPDX-License-Identifier: MIT
 * Messages that the system sends; see receive.h. Nothing of a message is looked at before its
 * signature is proven. */
#include "receive.h"

#include <stdlib.h>

#include "place.h"
#include "read.h"
#include "record.h"
#include "signature.h"
#include "since.h"

#define TOLERANCE_S 300 /* how old a signed message may be */

/* ---- proof ---- */

static int refuse(struct rest *r, const char *why, struct koppel_error *err)
{
    return r->host->fail(err, KOPPEL_E_AUTH, "a message is refused: %s", why);
}

static int check_time(struct rest *r, const json_t *sign, const char *stamp,
                      struct koppel_error *err)
{
    int64_t at, tolerance = TOLERANCE_S, now = r->host->now_ms(r->ctx) / 1000;
    koppel_get_int(sign, "tolerance", &tolerance);
    if (koppel_parse_int(stamp, &at) != 0)
        return refuse(r, "its time is no number of seconds", err);
    if (at > INT64_C(100000000000))
        at /= 1000;
    return at < now - tolerance || at > now + tolerance ? refuse(r, "it is too old", err) : 0;
}

static const char *header_of(const struct koppel_receive_request *m, const char *header)
{
    return rest_header(m->headers, m->header_count, header);
}

static int check_signature(struct rest *r, const json_t *sign,
                           const struct koppel_receive_request *m, struct koppel_error *err)
{
    struct vars v = VARS_NONE;
    struct text own = {0};
    const char *stamp = koppel_get_text(sign, "timestamp", NULL);
    const char *given = header_of(m, koppel_get_text(sign, "header", ""));
    if (!given)
        return refuse(r, "it has no signature", err);
    v.timestamp = stamp ? header_of(m, stamp) : NULL;
    if (stamp && !v.timestamp)
        return refuse(r, "it has no time", err);
    if (strlen(m->body) != m->body_bytes)
        return refuse(r, "it holds a NUL", err);
    v.body = m->body;
    v.hook_secret = m->subscription->secret;
    v.hook_url = m->subscription->url;
    if (signature_make(r, sign, &v, &own, err) != 0) {
        text_done(&own);
        return -1;
    }
    bool same = strlen(given) == own.bytes && koppel_same_bytes(given, own.data, own.bytes);
    text_done(&own);
    if (!same)
        return refuse(r, "its signature is wrong", err);
    return v.timestamp ? check_time(r, sign, v.timestamp, err) : 0;
}

/* A secret that is sent as it is, in a header. */
static int check_token(struct rest *r, const json_t *token,
                       const struct koppel_receive_request *m, struct koppel_error *err)
{
    struct vars v = VARS_NONE;
    struct text own = {0};
    v.hook_secret = m->subscription->secret;
    const char *given = header_of(m, koppel_get_text(token, "header", ""));
    int rc = template_text(r, koppel_get_text(token, "value", ""), &v, TEMPLATE_PLAIN, &own);
    bool same = rc == 0 && given && own.bytes > 0 && strlen(given) == own.bytes &&
                koppel_same_bytes(given, own.data, own.bytes);
    text_done(&own);
    return same ? 0 : refuse(r, "its token is wrong", err);
}

/* ---- what it tells ---- */

static bool is_among(const json_t *rule, const json_t *value)
{
    char text[200];
    const json_t *values = json_object_get(rule, "values");
    place_text(value, koppel_get_text(rule, "place", ""), text, sizeof text);
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (strcmp(json_string_value(json_array_get(values, i)), text) == 0)
            return true;
    }
    return false;
}

static int tell(struct rest *r, const json_t *entity, const json_t *call, const json_t *event,
                struct koppel_batch *out, struct koppel_error *err)
{
    char key[REST_KEY_BYTES];
    const json_t *only = json_object_get(call, "only"), *gone = json_object_get(call, "gone");
    const char *place = koppel_get_text(call, "key", NULL);
    const json_t *row = place_get(event, koppel_get_text(call, "record", ""));
    if (only && !is_among(only, event))
        return 0;
    if (place)
        place_text(event, place, key, sizeof key);
    else
        record_key(entity, row, key);
    bool is_gone = gone && is_among(gone, event), changed = koppel_get_bool(call, "changed", 0);
    if (!key[0] && (is_gone || changed))
        return r->host->fail(err, KOPPEL_E_REJECTED, "a message names no record");
    if (is_gone)
        return r->host->emit_gone(out, key, 0, err);
    if (changed)
        return r->host->emit_changed(out, key, err);
    if (!json_is_object(row))
        return r->host->fail(err, KOPPEL_E_REJECTED, "a message has no record");
    return read_emit(r, entity, since_of(rest_call(entity, "read")), row, key[0] ? key : NULL, out,
                     err);
}

int receive_message(struct rest *r, const struct koppel_receive_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    const json_t *entity = rest_entity(r, request->subscription->entity);
    const json_t *call = rest_call(entity, "receive");
    const json_t *sign = json_object_get(call, "signature");
    const json_t *token = json_object_get(call, "token");
    const char *list = koppel_get_text(call, "list", NULL);
    json_t *body = NULL;
    if ((sign && check_signature(r, sign, request, err) != 0) ||
        (token && check_token(r, token, request, err) != 0) ||
        r->host->json(r->ctx, request->body, request->body_bytes, &body, err) != 0)
        return -1;
    const json_t *events = list ? place_get(body, list) : NULL;
    int rc = 0;
    if (list && !json_is_array(events))
        rc = r->host->fail(err, KOPPEL_E_REJECTED, "a message has no list at \"%s\"", list);
    else if (!list)
        rc = tell(r, entity, call, body, out, err);
    for (size_t i = 0; rc == 0 && i < json_array_size(events); i++)
        rc = tell(r, entity, call, json_array_get(events, i), out, err);
    int64_t status = 0;
    if (rc == 0 && koppel_get_int(call, "status", &status) == 0)
        rc = r->host->reply(out, (uint32_t)status, NULL, NULL, 0, err);
    json_decref(body);
    return rc;
}

/* ---- where it is sent to ---- */

static struct vars vars_of(const struct koppel_subscription *s)
{
    struct vars v = VARS_NONE;
    v.hook_url = s->url;
    v.hook_secret = s->secret;
    v.id = s->id;
    return v;
}

int receive_subscribe(struct rest *r, const struct koppel_subscription *subscription,
                      struct koppel_results *out, struct koppel_error *err)
{
    const json_t *call = rest_call(rest_entity(r, subscription->entity), "subscribe");
    struct request q = {.call = call, .entity = subscription->entity, .name = "subscribe",
                        .method = "POST", .write = true};
    struct vars v = vars_of(subscription);
    struct answer a;
    char id[REST_KEY_BYTES];
    if (!call) /* a person enters the address there */
        return r->host->result_done(out, 0, subscription->url, NULL, err);
    if (request_run(r, &q, &v, &a, err) != 0)
        return -1;
    int rc;
    if (place_text(a.json, koppel_get_text(call, "id", "id"), id, sizeof id) && id[0])
        rc = r->host->result_done(out, 0, id, NULL, err);
    else
        rc = r->host->fail(err, KOPPEL_E_UNSURE, "%s: the answer has no id", q.what);
    answer_done(r, &a);
    return rc;
}

int receive_unsubscribe(struct rest *r, const struct koppel_subscription *subscription,
                        struct koppel_error *err)
{
    const json_t *call = rest_call(rest_entity(r, subscription->entity), "unsubscribe");
    struct request q = {.call = call, .entity = subscription->entity, .name = "unsubscribe",
                        .method = "DELETE", .one = true};
    struct vars v = vars_of(subscription);
    struct answer a;
    if (!call)
        return 0;
    int rc = request_run(r, &q, &v, &a, err); /* 1: it is not known there any more */
    if (rc == 0)
        answer_done(r, &a);
    return rc < 0 ? -1 : 0;
}
