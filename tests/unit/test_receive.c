/* SPDX-License-Identifier: MIT
 * A fake connector of a shop that sends messages: fetch, describe, receive and subscribe, as the
 * core sees them; and the circuit around its calls. */
#include "inside.h"
#include "koppel/sdk.h"
#include "unit.h"

/* ---- fetch ---- */

static int fetch_some(struct instance_state *s, const struct koppel_fetch_request *r,
                      struct koppel_batch *out, struct koppel_error *e)
{
    ck_assert_uint_le(r->count, 2);
    ck_assert(json_is_object(r->options));
    for (uint32_t i = r->count; i-- > 0;) { /* in any order */
        const char *id = r->ids[i];
        int rc = 0;
        if (strcmp(id, "gone") == 0)
            rc = s->host->emit_gone(out, id, 0, e);
        else if (strcmp(id, "bad") == 0)
            rc = s->host->emit_unreadable(out, id, 0, "<x", 2, "nothing closes it", e);
        else if (strcmp(id, "refused") == 0)
            rc = s->host->fail(e, KOPPEL_E_REJECTED, "not yours");
        else if (strcmp(id, "stranger") == 0)
            rc = s->host->emit(out, "who", 1, json_pack("{s:s}", "id", "who"), e);
        else if (strcmp(id, "silent") != 0)
            rc = s->host->emit(out, id, 42, json_pack("{s:s}", "id", id), e);
        if (rc != 0)
            return rc;
    }
    return 0;
}

START_TEST(f10_records_are_fetched_by_key)
{
    static const char *const ids[] = {"a", "gone", "bad", "b", "refused", "c", "silent", "d"};
    struct koppel_results out;
    start();
    inside_body.fetch = fetch_some;
    results_init(&out, 8);
    ck_assert_int_eq(connection_fetch(connection, "thing", ids, 8, NULL, &out, NULL, &err), 0);
    ck_assert_int_eq(atomic_load(&seen.calls), 4);
    ck_assert_str_eq(out.entries[0].hits[0].id, "a");
    ck_assert_int_eq(out.entries[0].hits[0].version, 42);
    ck_assert(out.entries[1].gone);
    ck_assert_int_eq(out.entries[1].hit_count, 0);
    ck_assert(out.entries[2].unreadable);
    ck_assert_ptr_nonnull(json_object_get(out.entries[2].hits[0].record, "_unreadable"));
    ck_assert_str_eq(out.entries[3].hits[0].id, "b");
    ck_assert_int_eq(out.entries[4].err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(out.entries[4].err.text, "shop: not yours");
    ck_assert_int_eq(out.entries[5].err.kind, KOPPEL_E_REJECTED); /* of the same call */
    ck_assert_str_eq(out.entries[6].err.reason, "plugin.no_result");
    ck_assert_str_eq(out.entries[7].hits[0].id, "d");
    results_done(&out);
    static const char *const strange[] = {"stranger"};
    results_init(&out, 1);
    ck_assert_int_eq(connection_fetch(connection, "thing", strange, 1, NULL, &out, NULL, &err), -1);
    ck_assert_str_eq(err.reason, "plugin.nobody");
    ck_assert_int_eq(connection_fetch(connection, "leaf", strange, 1, NULL, &out, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "\"leaf\" cannot fetch"));
    results_done(&out);
}
END_TEST

/* ---- describe ---- */

static const char *described;

static int describe(struct instance_state *s, const char *entity, json_t **out,
                    struct koppel_error *e)
{
    ck_assert_str_eq(entity, "thing");
    if (strcmp(described, "fail") == 0)
        return s->host->fail(e, KOPPEL_E_RETRY, "later");
    *out = json_loads(described, 0, NULL);
    return 0;
}

static const struct {
    const char *text, *reason; /* NULL: it is taken */
} descriptions[] = {
    {"{\"fields\":[{\"name\":\"cf_12\",\"title\":{\"en\":\"Colour\",\"nl\":\"Kleur\"},"
     "\"values\":[\"red\"],\"role\":\"colour\"}]}", NULL},
    {"{\"fields\":[{\"name\":\"cf 12\"}]}", ""},
    {"{\"can\":[\"remove\"],\"fields\":[]}", "plugin.describe"},
    {"[]", "plugin.describe"},
    {"nothing", "plugin.no_result"},
    {"{\"fields\":[{\"name\":\"a\",\"size\":1.5}]}", "plugin.real"},
};

START_TEST(test_describe)
{
    struct catalogue *merged = NULL;
    char path[64];
    start();
    inside_body.describe = describe;
    described = descriptions[_i].text;
    int rc = connection_describe(connection, "thing", &merged, &err);
    if (descriptions[_i].reason) {
        ck_assert_int_eq(rc, -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
        ck_assert_str_eq(err.reason, descriptions[_i].reason);
        ck_assert_ptr_nonnull(strstr(err.text, "connector inside: describe of thing"));
        return;
    }
    ck_assert_msg(rc == 0, "%s", err.text);
    const struct cat_entity *e = catalogue_entity(merged, "thing");
    ck_assert_ptr_nonnull(catalogue_field(e, "cf_12"));
    ck_assert_str_eq(catalogue_role(e, "colour", path, sizeof path)->title, "Colour");
    ck_assert_str_eq(path, "cf_12");
    catalogue_free(merged);
    described = "fail";
    ck_assert_int_eq(connection_describe(connection, "thing", &merged, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    /* what cannot be described is as the catalogue says */
    ck_assert_int_eq(connection_describe(connection, "log", &merged, &err), 0);
    catalogue_free(merged);
}
END_TEST

/* ---- receive ---- */

static int receive(struct instance_state *s, const struct koppel_receive_request *r,
                   struct koppel_batch *out, struct koppel_error *e)
{
    unsigned char made[KOPPEL_HMAC_SHA256_BYTES];
    char text[64];
    json_t *body = NULL;
    const char *secret = r->subscription->secret;
    const char *signature = koppel_header(r->headers, r->header_count, "x-signature");
    if (s->host->hmac(s->ctx, KOPPEL_HMAC_SHA256, secret, strlen(secret), r->body, r->body_bytes,
                      made, e) != 0
        || s->host->base64(s->ctx, KOPPEL_BASE64_ENCODE, made, sizeof made, text, sizeof text, NULL,
                           e) != 0)
        return -1;
    if (!signature || strlen(signature) != strlen(text)
        || !koppel_same_bytes(signature, text, strlen(text)))
        return s->host->fail(e, KOPPEL_E_AUTH, "the signature is wrong");
    if (s->host->json(s->ctx, r->body, r->body_bytes, &body, e) != 0)
        return -1;
    const char *id = koppel_get_text(body, "id", "");
    int rc = strcmp(koppel_get_text(body, "event", ""), "deleted") == 0
                 ? s->host->emit_gone(out, id, 3, e)
             : json_object_get(body, "thing")
                 ? s->host->emit(out, id, 3, json_incref(json_object_get(body, "thing")), e)
                 : s->host->emit_changed(out, id, e);
    json_decref(body);
    return rc != 0 ? -1 : s->host->reply(out, 202, "text/plain", "ok", 2, e);
}

static const struct {
    const char *body, *signature;
    int kind;               /* it fails with */
    enum batch_kind record;
} messages[] = {
    {"{\"id\":\"7\"}", NULL, 0, BATCH_CHANGED},
    {"{\"id\":\"7\",\"event\":\"deleted\"}", NULL, 0, BATCH_GONE},
    {"{\"id\":\"7\",\"thing\":{\"id\":\"7\"}}", NULL, 0, BATCH_RECORD},
    {"{\"id\":\"7\",\"thing\":{\"id\":\"8\"}}", NULL, 0, BATCH_UNREADABLE_RECORD},
    {"{\"id\":\"\"}", NULL, KOPPEL_E_BUG, 0},
    {"{\"id\":", NULL, KOPPEL_E_REJECTED, 0},
    {"{\"id\":\"7\"}", "AAAA", KOPPEL_E_AUTH, 0},
    {"{\"id\":\"7\"}", "", KOPPEL_E_AUTH, 0},
};

START_TEST(x12_a_message_is_proven_before_it_counts)
{
    unsigned char made[KOPPEL_HMAC_SHA256_BYTES];
    char text[64];
    struct koppel_batch out = {0};
    const char *body = messages[_i].body;
    start();
    inside_body.receive = receive;
    host_table.hmac(NULL, KOPPEL_HMAC_SHA256, "hush", 4, body, strlen(body), made, &err);
    host_table.base64(NULL, KOPPEL_BASE64_ENCODE, made, sizeof made, text, sizeof text, NULL, &err);
    struct koppel_pair headers[] = {
        KOPPEL_PAIR("x-signature", messages[_i].signature ? messages[_i].signature : text)};
    struct koppel_subscription subscription = {
        .entity = "thing", .url = "https://koppel.example/in/1", .secret = "hush", .id = "s1"};
    struct koppel_receive_request request = {.method = "POST", .headers = headers,
                                             .header_count = 1, .body = body,
                                             .body_bytes = strlen(body),
                                             .subscription = &subscription};
    int rc = connection_receive(connection, &request, &out, NULL, &err);
    if (messages[_i].kind) {
        ck_assert_int_eq(rc, -1);
        ck_assert_int_eq(err.kind, messages[_i].kind);
    } else {
        ck_assert_msg(rc == 0, "%s", err.text);
        ck_assert_int_eq(out.count, 1);
        ck_assert_str_eq(out.records[0].key, "7");
        ck_assert_int_eq(out.records[0].kind, messages[_i].record);
        ck_assert_uint_eq(out.reply_status, 202);
        ck_assert_str_eq(out.reply_type, "text/plain");
        ck_assert_uint_eq(out.reply_bytes, 2);
    }
    batch_done(&out);
}
END_TEST

static int unsubscribed;

static int subscribe(struct instance_state *s, const struct koppel_subscription *r,
                     struct koppel_results *out, struct koppel_error *e)
{
    if (strcmp(r->url, "https://refused.example/") == 0)
        return s->host->result_error(out, 0, KOPPEL_E_REJECTED, "no such address");
    if (strcmp(r->url, "https://silent.example/") == 0)
        return 0;
    return s->host->result_done(out, 0, "s1", NULL, e);
}

static int unsubscribe(struct instance_state *s, const struct koppel_subscription *r,
                       struct koppel_error *e)
{
    (void)s;
    (void)e;
    ck_assert_str_eq(r->id, "s1");
    unsubscribed++;
    return 0;
}

START_TEST(x12_subscriptions)
{
    struct koppel_subscription what = {.entity = "thing", .url = "https://koppel.example/in/1",
                                       .secret = "hush"};
    char *id = NULL;
    start();
    inside_body.subscribe = subscribe;
    inside_body.unsubscribe = unsubscribe;
    ck_assert_int_eq(connection_subscribe(connection, &what, &id, &err), 0);
    ck_assert_str_eq(id, "s1");
    what.id = id;
    ck_assert_int_eq(connection_subscribe_end(connection, &what, &err), 0);
    ck_assert_int_eq(unsubscribed, 1);
    free(id);
    what.url = "https://refused.example/";
    ck_assert_int_eq(connection_subscribe(connection, &what, &id, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    what.url = "https://silent.example/";
    ck_assert_int_eq(connection_subscribe(connection, &what, &id, &err), -1);
    ck_assert_str_eq(err.reason, "plugin.no_id");
    what.entity = "log";
    ck_assert_int_eq(connection_subscribe(connection, &what, &id, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_null(id);
}
END_TEST

/* ---- the circuit around the calls ---- */

static const char *outcome;

static int find_as_told(struct instance_state *s, const struct koppel_find_request *r,
                        struct koppel_results *out, struct koppel_error *e)
{
    if (strcmp(outcome, "down") == 0) {
        s->host->fail(e, KOPPEL_E_RETRY, "maintenance");
        return s->host->reason(e, KOPPEL_REASON_DOWN);
    }
    if (strcmp(outcome, "500") == 0)
        return s->host->fail(e, KOPPEL_E_RETRY, "internal error");
    if (strcmp(outcome, "items down") == 0) {
        s->host->result_error(out, 0, KOPPEL_E_RETRY, "maintenance");
        return s->host->result_reason(out, 0, KOPPEL_REASON_DOWN);
    }
    (void)r;
    return 0;
}

static int find_once(const char *as)
{
    static const char *const keys[] = {"k"};
    struct koppel_results out;
    outcome = as;
    memset(&err, 0, sizeof err);
    results_init(&out, 1);
    int rc = connection_find(connection, "thing", "id", keys, NULL, 1, &out, NULL, &err);
    results_done(&out);
    return rc;
}

/* _i == 1: the call goes well, its only item says that the peer is down. */
START_TEST(f11_calls_tell_the_circuit)
{
    struct connection_state state;
    struct koppel_list facts = {0};
    const char *down = _i ? "items down" : "down";
    start();
    inside_body.find = find_as_told;
    for (int i = 0; i < 20; i++)
        (void)find_once("500"); /* says nothing of the peer as a whole */
    (void)find_once(down);
    (void)find_once(down);
    ck_assert_int_eq(find_once("fine"), 0);
    (void)find_once(down);
    (void)find_once(down);
    int before = atomic_load(&seen.calls);
    (void)find_once(down);
    ck_assert_int_eq(atomic_load(&seen.calls), before + 1);
    connection_state(connection, &state);
    ck_assert_int_eq(state.circuit.phase, BREAKER_OPEN);
    ck_assert_ptr_nonnull(strstr(state.circuit.why.text, "maintenance"));
    ck_assert_int_eq(find_once("fine"), -1); /* refused without a call */
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_str_eq(err.reason, CONNECTION_CIRCUIT_OPEN);
    ck_assert_ptr_nonnull(strstr(err.text, "maintenance"));
    ck_assert_int_eq(atomic_load(&seen.calls), before + 1);
    /* a person who asks is answered, and what works for him works for all */
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), 0);
    list_done(&facts);
    ck_assert_int_eq(find_once("fine"), 0);
}
END_TEST

START_TEST(f20_the_quiet_time)
{
    start();
    const struct cat_entity *thing = catalogue_entity(conf.catalogue, "thing");
    const struct cat_entity *log = catalogue_entity(conf.catalogue, "log");
    ck_assert_int_eq(connection_quiet_ms(connection, thing), 2000 + 300 + 2000);
    ck_assert_int_eq(connection_quiet_ms(connection, log), 2000 + 300);
    conf.lag_ms = 100; /* the operator knows better */
    ck_assert_int_eq(connection_quiet_ms(connection, thing), 2000 + 300 + 100);
}
END_TEST

UNIT_MAIN("receive")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, f10_records_are_fetched_by_key);
    LOOP(test_describe, descriptions);
    LOOP(x12_a_message_is_proven_before_it_counts, messages);
    tcase_add_test(t, x12_subscriptions);
    tcase_add_loop_test(t, f11_calls_tell_the_circuit, 0, 2);
    tcase_add_test(t, f20_the_quiet_time);
}
