/* SPDX-License-Identifier: MIT
 * core/connection/host.c: what a plugin may ask of the host, how failures are told, and
 * transforms. */
#include "inside.h"
#include "koppel/sdk.h"
#include "test_peer.h"
#include "unit.h"

/* ---- what a plugin may ask ---- */

static int ask_settings(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)facts;
    (void)e;
    ck_assert_str_eq(s->host->setting(s->ctx, "url"), "https://peer.example");
    ck_assert_str_eq(s->host->setting(s->ctx, "password"), "open sesame");
    ck_assert_ptr_null(s->host->setting(s->ctx, "nothing"));
    ck_assert_int_eq(s->host->setting_int(s->ctx, "size"), 12);
    ck_assert_int_eq(s->host->setting_int(s->ctx, "nothing"), 0);
    ck_assert_ptr_eq(s->host->catalogue(s->ctx), conf.catalogue->json);
    ck_assert_int_eq(s->host->now_ms(s->ctx), 1234567);
    ck_assert_int_eq(s->host->cancelled(s->ctx), 0);
    ck_assert_uint_eq(s->host->struct_size, sizeof(struct koppel_host));
    ck_assert_uint_eq(s->host->abi_minor, KOPPEL_ABI_MINOR);
    return 0;
}

START_TEST(test_settings_catalogue_and_time)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    start();
    clock_fix(1234567);
    inside_body.probe = ask_settings;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), 0);
    list_done(&facts);
}
END_TEST

static int share(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    json_t *value = s->host->shared_get(s->ctx, "list");
    if (!value) {
        ck_assert_int_eq(s->host->shared_set(s->ctx, "list", json_string("old"), 0, e), 0);
        ck_assert_int_eq(s->host->shared_set(s->ctx, "list", json_string("abc"), 60000, e), 0);
        ck_assert_int_eq(s->host->shared_set(s->ctx, "", json_string("abc"), 0, e), -1);
        ck_assert_int_eq(s->host->shared_set(s->ctx, "list", NULL, 0, e), -1);
        return s->host->row(facts, "made", NULL, e);
    }
    int rc = s->host->row(facts, json_string_value(value), NULL, e);
    json_decref(value);
    return rc;
}

START_TEST(test_instances_share_values)
{
    struct koppel_list facts = {0};
    start();
    inside_body.probe = share;
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), 0);
    ck_assert_str_eq(facts.rows[0].value, "made");
    ck_assert_str_eq(facts.rows[1].value, "abc");
    list_done(&facts);
}
END_TEST

static int steps(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    ck_assert_int_eq(s->host->step(facts, "log in", KOPPEL_STEP_FAILED, "password",
                                   "wrong: open sesame", e), 0);
    ck_assert_int_eq(s->host->step(facts, "look", 9, NULL, NULL, e), -1);
    ck_assert_int_eq(s->host->row(facts, "21", "high", e), 0);
    ck_assert_int_eq(s->host->row_fact(facts, "rate", "21", e), 0);
    int64_t left = s->host->deadline_ms(s->ctx);
    ck_assert_int_gt(left, 0);
    ck_assert_int_le(left, 2000);
    return 0;
}

START_TEST(test_probe_tells_steps)
{
    struct koppel_list facts = {0};
    start();
    inside_body.probe = steps;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &err), 0);
    ck_assert_int_eq(facts.count, 2);
    ck_assert_uint_eq(facts.rows[0].outcome, KOPPEL_STEP_FAILED);
    ck_assert_str_eq(facts.rows[0].setting, "password");
    ck_assert_str_eq(facts.rows[0].title, "wrong: ****");
    ck_assert_uint_eq(facts.rows[1].outcome, 0);
    ck_assert_str_eq(list_fact(&facts.rows[1], "rate"), "21");
    ck_assert_ptr_null(list_fact(&facts.rows[1], "until"));
    list_done(&facts);
    ck_assert_int_eq(host_table.row_fact(&facts, "rate", "21", &err), -1);
}
END_TEST

START_TEST(test_signatures)
{
    unsigned char out[KOPPEL_HMAC_SHA512_BYTES];
    char text[200], back[200];
    uint64_t n = 0;
    /* RFC 4231, case 2 */
    ck_assert_int_eq(host_table.hmac(NULL, KOPPEL_HMAC_SHA256, "Jefe", 4,
                                     "what do ya want for nothing?", 28, out, &err), 0);
    ck_assert_int_eq(host_table.base64(NULL, KOPPEL_BASE64_ENCODE, out, KOPPEL_HMAC_SHA256_BYTES,
                                       text, sizeof text, &n, &err), 0);
    ck_assert_str_eq(text, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    ck_assert_uint_eq(n, 44);
    ck_assert_int_eq(host_table.base64(NULL, KOPPEL_BASE64_DECODE, text, n, back, sizeof back, &n,
                                       &err), 0);
    ck_assert_uint_eq(n, KOPPEL_HMAC_SHA256_BYTES);
    ck_assert_int_eq(memcmp(back, out, (size_t)n), 0);
    ck_assert_int_eq(host_table.hmac(NULL, KOPPEL_HMAC_SHA512, "Jefe", 4,
                                     "what do ya want for nothing?", 28, out, &err), 0);
    ck_assert_uint_eq(out[0], 0x16);
    ck_assert_uint_eq(out[63], 0x37);
    ck_assert_int_eq(host_table.hmac(NULL, 9, "k", 1, "d", 1, out, &err), -1);
    ck_assert_int_eq(host_table.base64(NULL, KOPPEL_BASE64_ENCODE | KOPPEL_BASE64_URL,
                                       "\xfb\xff", 2, text, sizeof text, &n, &err), 0);
    ck_assert_str_eq(text, "-_8");
    ck_assert_int_eq(host_table.base64(NULL, KOPPEL_BASE64_DECODE, "a*b=", 4, back, sizeof back,
                                       &n, &err), -1);
    ck_assert_int_eq(host_table.base64(NULL, KOPPEL_BASE64_ENCODE, "abc", 3, text, 4, &n, &err),
                     -1);
}
END_TEST

static const struct {
    uint32_t op;
    const char *a, *b;
    int32_t places;
    uint32_t rounding;
    const char *out; /* NULL: refused */
} sums[] = {
    {KOPPEL_DECIMAL_ADD, "0.10", "0.2", -1, 0, "0.30"},
    {KOPPEL_DECIMAL_SUB, "1", "0.99", -1, 0, "0.01"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.5", 2, KOPPEL_ROUND_HALF_UP, "1.25"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.25", 2, KOPPEL_ROUND_HALF_UP, "0.63"},
    {KOPPEL_DECIMAL_MUL, "2.5", "0.25", 2, KOPPEL_ROUND_HALF_EVEN, "0.62"},
    {KOPPEL_DECIMAL_DIV, "1", "3", 4, 0, "0.3333"},
    {KOPPEL_DECIMAL_DIV, "1", "3", -1, 0, NULL},
    {KOPPEL_DECIMAL_DIV, "1", "0.00", 2, 0, NULL},
    {KOPPEL_DECIMAL_ROUND, "1.005", NULL, 2, KOPPEL_ROUND_HALF_UP, "1.01"},
    {KOPPEL_DECIMAL_ROUND, "-1.001", NULL, 2, KOPPEL_ROUND_UP, "-1.01"},
    {KOPPEL_DECIMAL_ROUND, "-1.009", NULL, 2, KOPPEL_ROUND_DOWN, "-1.00"},
    {KOPPEL_DECIMAL_ROUND, "-1.009", NULL, 2, KOPPEL_ROUND_CEILING, "-1.00"},
    {KOPPEL_DECIMAL_ROUND, "1.001", NULL, 2, KOPPEL_ROUND_CEILING, "1.01"},
    {KOPPEL_DECIMAL_ROUND, "1.009", NULL, 2, KOPPEL_ROUND_FLOOR, "1.00"},
    {KOPPEL_DECIMAL_DIV, "-1", "3", 2, KOPPEL_ROUND_FLOOR, "-0.34"},
    {KOPPEL_DECIMAL_ROUND, "1.00", NULL, 1, KOPPEL_ROUND_UP, "1.0"},
    {KOPPEL_DECIMAL_ROUND, "1.001", NULL, 2, KOPPEL_ROUND_FLOOR + 1, NULL},
    {KOPPEL_DECIMAL_COMPARE, "1.10", "1.1", 0, 0, "0"},
    {KOPPEL_DECIMAL_COMPARE, "-2", "1", 0, 0, "-1"},
    {KOPPEL_DECIMAL_ADD, "1,10", "1", -1, 0, NULL},
    {KOPPEL_DECIMAL_ADD, "1", NULL, -1, 0, NULL},
    {99, "1", "1", -1, 0, NULL},
};

START_TEST(test_decimals)
{
    char out[KOPPEL_DECIMAL_TEXT];
    int rc = host_table.decimal(NULL, sums[_i].op, sums[_i].a, sums[_i].b, sums[_i].places,
                                sums[_i].rounding, out, &err);
    ck_assert_int_eq(rc, sums[_i].out ? 0 : -1);
    if (sums[_i].out)
        ck_assert_str_eq(out, sums[_i].out);
    else
        ck_assert_int_eq(err.kind, sums[_i].rounding > KOPPEL_ROUND_FLOOR ? KOPPEL_E_BUG
                                                                          : KOPPEL_E_REJECTED);
}
END_TEST

/* ---- errors ---- */

START_TEST(test_fail_masks_and_is_one_line)
{
    start(); /* registers the password */
    ck_assert_int_eq(host_table.fail(&err, KOPPEL_E_REJECTED, "it said\n\"%s\"", "open sesame"),
                     -1);
    ck_assert_str_eq(err.text, "it said \"****\"");
    ck_assert_int_eq(host_table.reason(&err, "thing.locked"), -1);
    ck_assert_str_eq(err.reason, "thing.locked");
    ck_assert_int_eq(host_table.fact(&err, "word", "open sesame"), -1);
    ck_assert_int_eq(host_table.fact(&err, "row", "12"), -1);
    ck_assert_str_eq(err.facts, "{\"word\":\"****\",\"row\":\"12\"}");
    ck_assert_int_eq(host_table.retry_after(&err, 1500), -1);
    ck_assert_int_eq(err.retry_after_ms, 1500);
    ck_assert_int_eq(host_table.fail(&err, 77, "what"), -1);
    ck_assert_str_eq(err.facts, "");
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_str_eq(err.reason, ""); /* of the failure before */
    ck_assert_int_eq(host_table.fail(NULL, KOPPEL_E_RETRY, "nobody listens"), -1);
    ck_assert_int_eq(host_table.reason(NULL, "nobody"), -1);
    ck_assert_int_eq(host_table.fact(NULL, "nobody", "listens"), -1);
}
END_TEST

static int silent(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)s;
    (void)facts;
    (void)e;
    return -1;
}

static int named(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    (void)facts;
    s->host->fail(e, KOPPEL_E_REJECTED, "the peer says no");
    return s->host->reason(e, "no");
}

START_TEST(test_failures_name_the_connection)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    start();
    inside_body.probe = silent;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_int_eq(e.kind, KOPPEL_E_BUG);
    ck_assert_ptr_nonnull(strstr(e.text, "inside: probe failed without a reason"));
    inside_body.probe = named;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_str_eq(e.text, "shop: the peer says no");
    ck_assert_str_eq(e.reason, "no");
}
END_TEST

/* ---- http ---- */

static int serve(const struct peer_request *r)
{
    return peer_answer(r, 200, "", "{\"ok\":true}");
}

static char peer_url[64];

/* Pairs and an answer as a plugin of a newer header has them: longer than ours. */
struct longer_pair {
    struct koppel_pair now;
    uintptr_t later[2];
};

static int longer_structs(struct instance_state *s, struct koppel_list *facts,
                          struct koppel_error *e)
{
    struct longer_pair query[] = {
        {{sizeof query[0], 0, "a", "1"}, {7, 7}},
        {{sizeof query[0], 1, "b", "hush-hush"}, {7, 7}},
    };
    struct {
        struct koppel_http_response now;
        uintptr_t later;
    } out = {{.struct_size = sizeof out}, 42};
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = peer_url,
                                    .query = &query[0].now, .query_count = 2};
    if (s->host->http(s->ctx, &r, &out.now, e) != 0)
        return -1;
    ck_assert_uint_eq(out.later, 42);
    ck_assert_uint_eq(out.now.struct_size, sizeof out);
    ck_assert_str_eq(koppel_header(out.now.headers, out.now.header_count, "x-rate"), "17");
    ck_assert_ptr_null(koppel_header(out.now.headers, out.now.header_count, "X-Rate"));
    int rc = s->host->row(facts, out.now.body, NULL, e);
    s->host->http_done(s->ctx, &out.now);
    ck_assert_uint_eq(out.later, 42);
    ck_assert_uint_eq(out.now.header_count, 0);
    query[1].now.struct_size = 24; /* of another size than the first */
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out.now, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_BUG);
    query[0].now.struct_size = 0; /* not stamped */
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out.now, e), -1);
    out.now.struct_size = 8;
    r.query_count = 0;
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out.now, e), -1);
    *e = (struct koppel_error){0};
    return rc;
}

static int serve_query(const struct peer_request *r)
{
    return peer_answer(r, 200, "X-Rate: 17\r\n", r->target);
}

START_TEST(test_http_of_a_newer_plugin)
{
    struct koppel_list facts = {0};
    struct peer peer;
    json_t *trace = json_array();
    peer_start(&peer, serve_query, NULL);
    snprintf(peer_url, sizeof peer_url, "http://127.0.0.1:%d/x", peer.port);
    start();
    inside_body.probe = longer_structs;
    ck_assert_int_eq(connection_probe(connection, &facts, trace, &err), 0);
    ck_assert_str_eq(facts.rows[0].value, "/x?a=1&b=hush-hush");
    char *text = json_dumps(trace, 0);
    ck_assert_ptr_null(strstr(text, "hush-hush"));
    free(text);
    json_decref(trace);
    list_done(&facts);
    connection_free(connection);
    connection = NULL;
    peer_stop(&peer);
}
END_TEST

/* A request as a plugin of an older header sends it: shorter than ours. */
static int short_request(struct instance_state *s, struct koppel_list *facts,
                         struct koppel_error *e)
{
    struct koppel_http_request r = {.method = "GET", .url = peer_url, .what = "beyond the size"};
    struct koppel_http_response out = {.struct_size = sizeof out};
    r.struct_size = offsetof(struct koppel_http_request, query);
    if (s->host->http(s->ctx, &r, &out, e) != 0)
        return -1;
    int rc = s->host->row(facts, "status", out.status == 200 ? "200" : "another", e);
    s->host->http_done(s->ctx, &out);
    r = (struct koppel_http_request){.struct_size = sizeof r, .method = "GET", .url = peer_url,
                                     .flags = KOPPEL_HTTP_OAUTH};
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_CONFIG); /* this connector has no login */
    r = (struct koppel_http_request){.struct_size = sizeof r, .method = "GET"};
    ck_assert_int_eq(s->host->http(s->ctx, &r, &out, e), -1);
    ck_assert_int_eq(e->kind, KOPPEL_E_BUG);
    return rc;
}

START_TEST(test_http_of_an_older_plugin)
{
    struct koppel_list facts = {0};
    struct peer peer;
    json_t *trace = json_array();
    peer_start(&peer, serve, NULL);
    snprintf(peer_url, sizeof peer_url, "http://127.0.0.1:%d/x", peer.port);
    start();
    inside_body.probe = short_request;
    ck_assert_int_eq(connection_probe(connection, &facts, trace, &err), 0);
    ck_assert_str_eq(facts.rows[0].title, "200");
    ck_assert_uint_eq(json_array_size(trace), 1);
    ck_assert_str_ne(json_string_value(json_object_get(json_array_get(trace, 0), "what")),
                     "beyond the size");
    json_decref(trace);
    list_done(&facts);
    connection_free(connection);
    connection = NULL;
    peer_stop(&peer);
}
END_TEST

/* ---- transforms ---- */

static int convert_once(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                        json_t **out, struct koppel_error *e)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = "http://x"};
    ck_assert_int_eq(host->http(ctx, &r, NULL, e), -1); /* pure: no HTTP, no settings, no state */
    ck_assert_ptr_null(host->setting(ctx, "url"));
    ck_assert_ptr_null(host->shared_get(ctx, "token"));
    ck_assert_int_eq(host->cancelled(ctx), 0);
    ck_assert_ptr_eq(host->catalogue(ctx), words.catalogue->json);
    *out = json_incref(value);
    return 0;
}

static int convert_nothing(const struct koppel_host *host, struct koppel_context *ctx,
                           json_t *value, json_t **out, struct koppel_error *e)
{
    (void)host;
    (void)ctx;
    (void)value;
    (void)out;
    (void)e;
    return 0;
}

static int convert_refused(const struct koppel_host *host, struct koppel_context *ctx,
                           json_t *value, json_t **out, struct koppel_error *e)
{
    (void)ctx;
    *out = json_incref(value); /* a plugin that fails half-way leaks nothing */
    return host->fail(e, KOPPEL_E_REJECTED, "\"open sesame\" is no word");
}

START_TEST(test_convert)
{
    json_t *value = json_string("open sesame"), *out = NULL;
    const struct plugins_call say = {.plugin = &words, .function = 0},
                              of_records = {.plugin = &words, .function = 1};
    start(); /* registers the password */
    inside_body.convert = convert_once;
    ck_assert_int_eq(host_convert(&say, value, NULL, &out, &err), 0);
    ck_assert_ptr_eq(out, value);
    json_decref(out);
    inside_body.convert = convert_nothing;
    ck_assert_int_eq(host_convert(&say, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    inside_body.convert = convert_refused;
    ck_assert_int_eq(host_convert(&say, value, NULL, &out, &err), -1);
    ck_assert_str_eq(err.text, "\"****\" is no word");
    ck_assert_int_eq(host_convert(&of_records, value, NULL, &out, &err), -1); /* of records */
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    words.transform.convert = NULL;
    ck_assert_int_eq(host_convert(&say, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    json_decref(value);
}
END_TEST

/* Leaves out what is smaller than its argument, and takes the price away from the rest. */
static int only_large(const struct koppel_host *host, struct koppel_context *ctx, json_t *record,
                      json_t *args, json_t **out, struct koppel_error *e)
{
    const char *mode = json_string_value(json_object_get(record, "mode"));
    json_int_t size = json_integer_value(json_object_get(record, "size"));
    if (mode && strcmp(mode, "fail") == 0)
        return host->fail(e, KOPPEL_E_REJECTED, "no size");
    if (mode && strcmp(mode, "silent") == 0)
        return 0;
    if (size < json_integer_value(json_array_get(args, 0)))
        return host->skip(ctx, "only %d large", (int)size);
    *out = json_deep_copy(record);
    if (mode && strcmp(mode, "real") == 0)
        json_object_set_new(*out, "price", json_real(1.5));
    if (mode && strcmp(mode, "both") == 0)
        host->skip(ctx, "and out");
    if (mode && strcmp(mode, "list") == 0) {
        json_decref(*out);
        *out = json_array();
    }
    return json_object_del(*out, "secret"), 0;
}

static const struct {
    const char *mode;
    int size;
    int rc;
    const char *why, *reason; /* skipped because; or failed for */
} record_cases[] = {
    {"", 10, 0, NULL, NULL},           {"", 3, 0, "only 3 large", NULL},
    {"fail", 10, -1, NULL, ""},        {"silent", 10, -1, NULL, "plugin.no_result"},
    {"both", 10, -1, NULL, "plugin.no_result"}, {"real", 10, -1, NULL, "plugin.real"},
    {"list", 10, -1, NULL, "plugin.no_result"},
};

START_TEST(test_convert_record)
{
    json_t *args = json_pack("[i]", 5), *out = NULL;
    json_t *record = json_pack("{s:s,s:i,s:s}", "mode", record_cases[_i].mode, "size",
                               record_cases[_i].size, "secret", "x");
    char *why = NULL;
    inside_body.record = only_large;
    const struct plugins_call call = {.plugin = &words, .function = 1, .args = args};
    int rc = host_convert_record(&call, record, NULL, &out, &why, &err);
    ck_assert_int_eq(rc, record_cases[_i].rc);
    if (record_cases[_i].why)
        ck_assert_str_eq(why, record_cases[_i].why);
    else
        ck_assert_ptr_null(why);
    if (rc == 0 && !why)
        ck_assert_ptr_null(json_object_get(out, "secret"));
    else
        ck_assert_ptr_null(out);
    if (rc != 0)
        ck_assert_str_eq(err.reason, record_cases[_i].reason);
    ck_assert_ptr_nonnull(json_object_get(record, "secret")); /* borrowed, and as it was */
    free(why);
    json_decref(out);
    json_decref(record);
    json_decref(args);
}
END_TEST

START_TEST(test_a_transform_is_no_connector)
{
    conf.plugin = &words;
    ck_assert_ptr_null(connection_new(&conf, store, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "connection shop"));
}
END_TEST

UNIT_MAIN("host")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_settings_catalogue_and_time);
    tcase_add_test(t, test_instances_share_values);
    tcase_add_test(t, test_probe_tells_steps);
    tcase_add_test(t, test_signatures);
    LOOP(test_decimals, sums);
    tcase_add_test(t, test_fail_masks_and_is_one_line);
    tcase_add_test(t, test_failures_name_the_connection);
    tcase_add_test(t, test_http_of_an_older_plugin);
    tcase_add_test(t, test_http_of_a_newer_plugin);
    tcase_add_test(t, test_convert);
    LOOP(test_convert_record, record_cases);
    tcase_add_test(t, test_a_transform_is_no_connector);
}
