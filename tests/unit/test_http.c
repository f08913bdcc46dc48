/* SPDX-License-Identifier: MIT
 * core/http: requests and what is made of their answers. */
#include "http_fixture.h"

START_TEST(an_answer)
{
    start(serve_echo);
    const struct koppel_pair query[] = {KOPPEL_PAIR("a b", "c&d=\xc3\xa9"), KOPPEL_PAIR("e", "")};
    const struct koppel_pair headers[] = {KOPPEL_PAIR("X-Thing", "1"),
                                          KOPPEL_PAIR("Content-Type", "text/x")};
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "PATCH", .url = url,
                                    .query = query, .query_count = 2, .headers = headers,
                                    .header_count = 2, .body = "body", .body_bytes = 4};
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), 0);
    ck_assert_uint_eq(answer.status, 200);
    ck_assert_str_eq(answer.content_type, "application/json");
    ck_assert_uint_eq(strlen(answer.body), answer.body_bytes);
    ck_assert_ptr_nonnull(strstr(answer.body, "PATCH|/api?a%20b=c%26d%3D%C3%A9&e=|body|"));
    ck_assert_ptr_nonnull(strstr(answer.body, "User-Agent: koppel/0.1\r\n"));
    ck_assert_ptr_nonnull(strstr(answer.body, "X-Thing: 1"));
    ck_assert_ptr_nonnull(strstr(answer.body, "Content-Type: text/x"));
    ck_assert_ptr_null(strstr(answer.body, "Expect"));
    stop();
}
END_TEST

START_TEST(methods_after_each_other)
{
    static const char *const methods[] = {"GET", "POST", "POST", "GET", "DELETE", "PUT", "GET",
                                          "GET"};
    start(serve_echo);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        bool body = methods[i][0] == 'P';
        char want[64];

        ck_assert_int_eq(call(methods[i], 0, body ? "x=1" : NULL), 0);
        snprintf(want, sizeof want, "%s|/api|%s|", methods[i], body ? "x=1" : "");
        ck_assert_int_eq(strncmp(answer.body, want, strlen(want)), 0);
        ck_assert_int_eq(strstr(answer.body, "Content-Length") != NULL, body);
    }
    ck_assert_int_eq(call("POST", 0, NULL), 0);
    ck_assert_ptr_nonnull(strstr(answer.body, "Content-Length: 0"));
    ck_assert_int_eq(peer.connections, 1); /* kept alive */
    struct http_stats stats;
    http_stats(http, &stats);
    ck_assert_int_eq(stats.requests, 9);
    ck_assert_int_eq(stats.bytes_out, 9);
    stop();
}
END_TEST

static int serve_marked(const struct peer_request *r)
{
    static const char *const bodies[] = {"\xEF\xBB\xBF{\"a\":1}", "\xEF\xBB\xBF", "\xEF\xBB", "x"};
    return peer_answer(r, 200, "", bodies[(r->nth - 1) % 4]);
}

START_TEST(f18_a_byte_order_mark_is_no_part_of_an_answer)
{
    static const char *const want[] = {"{\"a\":1}", "", "\xEF\xBB", "x"};
    start(serve_marked);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(call("GET", 0, NULL), 0);
        ck_assert_str_eq(answer.body, want[i]);
        ck_assert_uint_eq(answer.body_bytes, strlen(want[i]));
    }
    stop();
}
END_TEST

static int serve_head(const struct peer_request *r)
{
    static const char head[] = "HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n";

    if (strcmp(r->method, "HEAD") == 0)
        return peer_send(r->fd, head, sizeof head - 1);
    return peer_answer(r, 200, "", "hello");
}

START_TEST(head_hides_no_later_body)
{
    start(serve_head);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(call("HEAD", 0, NULL), 0);
        ck_assert_uint_eq(answer.body_bytes, 0);
        ck_assert_int_eq(call(i ? "GET" : "POST", 0, i ? NULL : "x"), 0);
        ck_assert_str_eq(answer.body, "hello");
    }
    ck_assert_int_eq(peer.connections, 1);
    stop();
}
END_TEST

static int serve_500(const struct peer_request *r)
{
    return peer_answer(r, r->nth == 1 ? 500 : r->nth == 2 ? 404 : 302,
                       "Location: http://127.0.0.1:1/\r\n", "broken");
}

START_TEST(errors_and_redirects_are_answers)
{
    start(serve_500);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_uint_eq(answer.status, 500);
    ck_assert_str_eq(answer.body, "broken");
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_uint_eq(answer.status, 404);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_uint_eq(answer.status, 302);
    stop();
}
END_TEST

static int serve_gateway(const struct peer_request *r)
{
    static const int statuses[] = {502, 504, 503};
    return peer_answer(r, statuses[(r->nth - 1) / 2], "", "<html>Bad gateway</html>");
}

/* What stands behind a gateway may have done what it was asked; who says 503 has not. */
START_TEST(f11_a_gateway_is_no_peer)
{
    static const char *const reasons[] = {"http.502", "http.504", "http.503"};
    start(serve_gateway);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(call("GET", 0, NULL), -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
        ck_assert_str_eq(err.reason, reasons[i]);
        ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
        ck_assert_int_eq(err.kind, i < 2 ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY);
        ck_assert_str_eq(err.reason, reasons[i]);
        ck_assert_ptr_nonnull(strstr(err.text, "Bad gateway"));
    }
    stop();
}
END_TEST

static int serve_headers(const struct peer_request *r)
{
    return peer_answer(r, 200, "ETag: \"v7\"\r\nLink: <a>; rel=next\r\nLINK: <b>\r\nX-Empty:\r\n",
                       "body");
}

START_TEST(headers_of_an_answer)
{
    const char *links[2] = {NULL, NULL};
    int found = 0;
    start(serve_headers);
    for (int i = 0; i < 2; i++) { /* the handle was used before */
        ck_assert_int_eq(call("GET", 0, NULL), 0);
        ck_assert_str_eq(answer.body, "body");
        ck_assert_str_eq(answer.content_type, "application/json");
        ck_assert_str_eq(koppel_header(answer.headers, answer.header_count, "etag"), "\"v7\"");
        ck_assert_str_eq(koppel_header(answer.headers, answer.header_count, "x-empty"), "");
        ck_assert_ptr_null(koppel_header(answer.headers, answer.header_count, "location"));
    }
    for (uint32_t i = 0; i < answer.header_count && found < 2; i++) {
        if (strcmp(answer.headers[i].name, "link") == 0)
            links[found++] = answer.headers[i].value;
    }
    ck_assert_int_eq(found, 2);
    ck_assert_str_eq(links[0], "<a>; rel=next");
    ck_assert_str_eq(links[1], "<b>");
    stop();
}
END_TEST

static int serve_401(const struct peer_request *r)
{
    return peer_answer(r, 401, "", "no entry");
}

START_TEST(refused_login)
{
    start(serve_401);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "no entry"));
    ck_assert_int_eq(peer.requests, 1);
    stop();
}
END_TEST

/* Who keeps a session of its own is told, and what a log-in says is kept nowhere. */
START_TEST(session_of_its_own)
{
    start(serve_401);
    json_t *trace = json_array();
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "POST", .url = url,
                                    .flags = KOPPEL_HTTP_SESSION | KOPPEL_HTTP_PRIVATE,
                                    .body = "p4ss-word", .body_bytes = 9, .what = "log in"};
    ck_assert_int_eq(http_exchange(http, &r, &answer, trace, &err), 0);
    ck_assert_uint_eq(answer.status, 401);
    ck_assert_str_eq(answer.body, "no entry");
    r.flags = KOPPEL_HTTP_PRIVATE;
    http_response_done(&answer);
    ck_assert_int_eq(http_exchange(http, &r, &answer, trace, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
    ck_assert_ptr_null(strstr(err.text, "no entry"));
    char *text = json_dumps(trace, 0);
    ck_assert_ptr_nonnull(strstr(text, "log in"));
    ck_assert_ptr_null(strstr(text, "p4ss-word"));
    ck_assert_ptr_null(strstr(text, "no entry"));
    free(text);
    json_decref(trace);
    stop();
}
END_TEST

static int serve_problem(const struct peer_request *r)
{
    static const char *const bodies[] = {
        "{\"title\":\"No entry\",\"status\":401,\"detail\":\"No entry\"}",
        "{\"title\":\"No entry\",\"detail\":\"No entry today\","
        "\"errors\":{\"login\":[\"too\",\"old\"]}}",
        "{\"error\":\"invalid_token\",\"error_description\":\"it has ended\"}",
        "{\"error\":{\"message\":\"slow down\"}}",
    };
    return peer_answer(r, r->nth % 2 ? 401 : 429, "", bodies[(r->nth - 1) % 4]);
}

/* The peer's words once, and none of the JSON around them. */
START_TEST(words_of_a_problem)
{
    static const char *const words[] = {": \u00abNo entry\u00bb; check",
                                        ": \u00abNo entry today; login: too, old",
                                        ": \u00abinvalid_token it has ended\u00bb; check",
                                        ": \u00abslow down\u00bb"};
    start(serve_problem);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(call("GET", 0, NULL), -1);
        ck_assert_msg(strstr(err.text, words[i]) != NULL, "%s", err.text);
        ck_assert_msg(!strpbrk(err.text, "{}\""), "%s", err.text);
    }
    stop();
}
END_TEST

UNIT_MAIN("http")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, an_answer);
    tcase_add_test(t, f18_a_byte_order_mark_is_no_part_of_an_answer);
    tcase_add_test(t, methods_after_each_other);
    tcase_add_test(t, head_hides_no_later_body);
    tcase_add_test(t, errors_and_redirects_are_answers);
    tcase_add_test(t, refused_login);
    tcase_add_test(t, session_of_its_own);
    tcase_add_test(t, words_of_a_problem);
    tcase_add_test(t, f11_a_gateway_is_no_peer);
    tcase_add_test(t, headers_of_an_answer);
}
