/* SPDX-License-Identifier: MIT
 * core/connection/host.c: what a plugin may ask of the host, how failures are told, and transforms. */
#include "inside.h"
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

static int ask_state(struct instance_state *s, struct koppel_list *facts, struct koppel_error *e)
{
    char long_name[400];
    (void)facts;
    ck_assert_ptr_null(s->host->state_get(s->ctx, "token"));
    ck_assert_int_eq(s->host->state_set(s->ctx, "token", "abc", e), 0);
    char *value = s->host->state_get(s->ctx, "token");
    ck_assert_str_eq(value, "abc");
    s->host->state_done(value);
    s->host->state_done(NULL);
    memset(long_name, 'n', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    ck_assert_int_eq(s->host->state_set(s->ctx, long_name, "abc", e), -1);
    return s->host->state_set(s->ctx, "token", NULL, e);
}

START_TEST(test_state_outlives_the_connection_and_is_its_own)
{
    struct koppel_list facts = {0};
    struct koppel_error e = {0};
    struct secret *kept = NULL;
    start();
    inside_body.probe = ask_state;
    ck_assert_int_eq(connection_probe(connection, &facts, NULL, &e), -1);
    ck_assert_int_eq(e.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(store->ops->sealed_get(store, "state/shop/token", &kept, &e), 0);
    ck_assert_str_eq(secret_text(kept), "abc");
    secret_free(kept);
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
        ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
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
    ck_assert_int_eq(host_table.fail(&err, 77, "what"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_str_eq(err.reason, ""); /* of the failure before */
    ck_assert_int_eq(host_table.fail(NULL, KOPPEL_E_RETRY, "nobody listens"), -1);
    ck_assert_int_eq(host_table.reason(NULL, "nobody"), -1);
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
    ck_assert_ptr_null(host->state_get(ctx, "token"));
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
    start(); /* registers the password */
    inside_body.convert = convert_once;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), 0);
    ck_assert_ptr_eq(out, value);
    json_decref(out);
    inside_body.convert = convert_nothing;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    inside_body.convert = convert_refused;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_str_eq(err.text, "\"****\" is no word");
    words.transform.convert = NULL;
    ck_assert_int_eq(host_convert(&words, 0, value, NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    json_decref(value);
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
    tcase_add_test(t, test_state_outlives_the_connection_and_is_its_own);
    LOOP(test_decimals, sums);
    tcase_add_test(t, test_fail_masks_and_is_one_line);
    tcase_add_test(t, test_failures_name_the_connection);
    tcase_add_test(t, test_http_of_an_older_plugin);
    tcase_add_test(t, test_convert);
    tcase_add_test(t, test_a_transform_is_no_connector);
}
