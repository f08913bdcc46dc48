/* SPDX-License-Identifier: MIT
 * core/http/http.c against a peer that misbehaves in every way we know of. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "base/secret.h"
#include "http/http.h"
#include "http/http_exchange.h"
#include "http/http_trace.h"
#include "http/rate.h"
#include "koppel/sdk.h"
#include "test_peer.h"
#include "unit.h"

static struct peer peer;
static struct http *http;
static struct koppel_error err;
static struct koppel_http_response answer;
static char url[128];

static struct http *client(int concurrency, int64_t timeout_ms)
{
    struct http_limits limits = {.concurrency = concurrency, .connect_timeout_ms = 2000,
                                 .timeout_ms = timeout_ms, .limit_bytes = 100000, .tls_min = 12};

    return http_new("books", &limits, &err);
}

static void start(int (*serve)(const struct peer_request *))
{
    ck_assert_int_eq(secret_start(&err), 0);
    ck_assert_int_eq(http_start(&err), 0);
    memset(&err, 0, sizeof err);
    peer_start(&peer, serve, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/api", peer.port);
    http = client(2, 1000);
    ck_assert_ptr_nonnull(http);
}

static void stop(void)
{
    http_response_done(&answer);
    http_free(http);
    peer_stop(&peer);
    http_stop();
}

static int call(const char *method, uint32_t flags, const char *body)
{
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = flags, .method = method,
                                    .url = url, .body = body,
                                    .body_bytes = body ? strlen(body) : 0, .what = "probe"};

    http_response_done(&answer);
    return http_exchange(http, &r, &answer, NULL, &err);
}

static int serve_echo(const struct peer_request *r)
{
    char text[4096];

    snprintf(text, sizeof text, "%s|%s|%s|%.2000s", r->method, r->target, r->body, r->head);
    return peer_answer(r, 200, "", text);
}

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

static int serve_429(const struct peer_request *r)
{
    if (r->nth == 1)
        return peer_answer(r, 429, "Retry-After: 1\r\n", "slow down");
    return peer_answer(r, r->nth == 2 ? 503 : 200, "", "{}");
}

START_TEST(too_many_requests)
{
    start(serve_429);
    ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(err.retry_after_ms, 1000);
    ck_assert_ptr_nonnull(strstr(err.text, "slow down"));
    int64_t begun = clock_monotonic_ms();
    ck_assert_int_eq(call("GET", 0, NULL), -1); /* 503 without Retry-After, after the pause */
    ck_assert_int_ge(clock_monotonic_ms() - begun, 900);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(err.retry_after_ms, 0);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    struct http_stats stats;
    http_stats(http, &stats);
    ck_assert_int_eq(stats.retries_asked, 2);
    stop();
}
END_TEST

static int serve_429_date(const struct peer_request *r)
{
    char line[128];
    time_t then = time(NULL) + 90;
    struct tm t;

    gmtime_r(&then, &t);
    strftime(line, sizeof line, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", &t);
    return peer_answer(r, 429, line, "");
}

START_TEST(retry_after_a_date)
{
    start(serve_429_date);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_ge(err.retry_after_ms, 88000);
    ck_assert_int_le(err.retry_after_ms, 90000);
    /* A pause that long is the engine's to wait for: nothing is sent meanwhile. */
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_ge(err.retry_after_ms, 87000);
    ck_assert_int_eq(peer.requests, 1);
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

static int serve_many_headers(const struct peer_request *r)
{
    char text[24000] = "";
    size_t n = 0;
    for (int i = 0; i < 900; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "X-%03d: %014d\r\n", i, i);
    char head[26000];
    int m = snprintf(head, sizeof head, "HTTP/1.1 200 X\r\nContent-Length: 2\r\n%s\r\nok", text);
    peer_send(r->fd, head, (size_t)m);
    return -1;
}

START_TEST(many_headers_are_kept_within_bounds)
{
    start(serve_many_headers);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_str_eq(answer.body, "ok");
    ck_assert_uint_eq(answer.header_count, 200);
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

static int serve_truncated(const struct peer_request *r)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":";

    peer_send(r->fd, text, sizeof text - 1);
    return -1;
}

START_TEST(a_truncated_answer)
{
    start(serve_truncated);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_UNSURE);
    stop();
}
END_TEST

static int serve_garbage(const struct peer_request *r)
{
    peer_send(r->fd, "this is not HTTP\n", 17);
    return -1;
}

START_TEST(garbage)
{
    start(serve_garbage);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_UNSURE);
    stop();
}
END_TEST

/* Answers the first request of a connection and drops the second one unanswered. */
static int serve_drop(const struct peer_request *r)
{
    if (r->nth == 1)
        return peer_answer(r, 200, "", "{}");
    return r->nth == 2 ? -1 : peer_answer(r, 200, "", "again");
}

START_TEST(a_write_is_never_repeated_silently)
{
    for (int bodyless = 0; bodyless < 2; bodyless++) {
        start(serve_drop);
        ck_assert_int_eq(call("GET", 0, NULL), 0);
        ck_assert_int_eq(call(bodyless ? "DELETE" : "POST", KOPPEL_HTTP_WRITE,
                              bodyless ? NULL : "{}"), -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_UNSURE);
        ck_assert_int_eq(peer.requests, 2);
        ck_assert_int_eq(call("GET", 0, NULL), 0);
        stop();
    }
}
END_TEST

START_TEST(a_read_may_be_repeated)
{
    start(serve_drop);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_str_eq(answer.body, "again");
    stop();
}
END_TEST

static int serve_hang(const struct peer_request *r)
{
    peer_sleep(r, 10000);
    return -1;
}

START_TEST(a_silent_peer)
{
    start(serve_hang);
    http_free(http);
    http = client(1, 200);
    int64_t begun = clock_monotonic_ms();
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_lt(clock_monotonic_ms() - begun, 1000);
    ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_UNSURE);
    ck_assert_str_eq(err.reason, "http.timeout");
    stop();
}
END_TEST

/* A request may ask for less than the operator gives, never for more. */
START_TEST(a_time_out_of_the_request)
{
    start(serve_hang);
    http_free(http);
    http = client(1, 60000);
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url,
                                    .timeout_ms = 100};
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_str_eq(err.reason, "http.timeout");
    http_free(http);
    http = client(1, 100);
    r.timeout_ms = 60000;
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_str_eq(err.reason, "http.timeout");
    r.timeout_ms = 0; /* and the next request has the usual one again */
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_str_eq(err.reason, "http.timeout");
    stop();
}
END_TEST

START_TEST(nobody_listens)
{
    start(serve_echo);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    getsockname(fd, (struct sockaddr *)&a, &size);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/?q=hush-hush", ntohs(a.sin_port));
    ck_assert_int_eq(call("POST", KOPPEL_HTTP_WRITE, "{}"), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_ptr_null(strstr(err.text, "hush-hush"));
    close(fd);
    stop();
}
END_TEST

static void *call_thread(void *arg)
{
    struct koppel_error *e = arg;
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url};
    struct koppel_http_response out = {.struct_size = sizeof out};

    if (http_exchange(http, &r, &out, NULL, e) == 0)
        http_response_done(&out);
    return NULL;
}

START_TEST(cancel_from_another_thread)
{
    struct koppel_error e[4] = {0};
    pthread_t t[4];

    start(serve_hang);
    http_free(http);
    http = client(2, 20000); /* two are sent, two wait for a slot */
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, call_thread, &e[i]);
    while (peer.requests < 2)
        usleep(1000);
    int64_t begun = clock_monotonic_ms();
    http_cancel_all(http);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    ck_assert_int_lt(clock_monotonic_ms() - begun, 500);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(e[i].kind, KOPPEL_E_CANCELLED);
    ck_assert(http_cancelled(http));
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    stop();
}
END_TEST

static int serve_big(const struct peer_request *r)
{
    char *text = malloc(60001);

    memset(text, 'x', 60000);
    text[60000] = '\0';
    int rc = 0;
    if (r->nth % 2 == 0) { /* no length told */
        static const char head[] = "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n";

        peer_send(r->fd, head, sizeof head - 1);
        peer_send(r->fd, text, 60000);
        rc = -1;
    } else {
        rc = peer_answer(r, 200, "", text);
    }
    free(text);
    return rc;
}

START_TEST(the_cap)
{
    start(serve_big);
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), 0);
        ck_assert_uint_eq(answer.body_bytes, 60000);
        http_response_done(&answer);
    }
    r.limit_bytes = 59999;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
        ck_assert_ptr_nonnull(strstr(err.text, "59999"));
    }
    r.limit_bytes = 60000;
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), 0);
    http_response_done(&answer);
    struct http_limits limits = {.concurrency = 1, .connect_timeout_ms = 2000, .timeout_ms = 1000,
                                 .limit_bytes = 50000, .tls_min = 12};
    http_free(http);
    http = http_new("books", &limits, &err);
    r.limit_bytes = 1 << 30; /* the operator's cap stands */
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "50000"));
    stop();
}
END_TEST

static int serve_slow(const struct peer_request *r)
{
    peer_sleep(r, 30);
    return peer_answer(r, 200, "", "{}");
}

START_TEST(concurrency)
{
    struct koppel_error e[12] = {0};
    pthread_t t[12];

    start(serve_slow);
    http_free(http);
    http = client(3, 5000);
    for (int i = 0; i < 12; i++)
        pthread_create(&t[i], NULL, call_thread, &e[i]);
    for (int i = 0; i < 12; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 12; i++)
        ck_assert_int_eq(e[i].kind, 0);
    ck_assert_int_eq(peer.requests, 12);
    ck_assert_int_le(peer.most_active, 3);
    ck_assert_int_ge(peer.most_active, 2);
    ck_assert_int_le(peer.connections, 3);
    stop();
}
END_TEST

static int serve_echo_secret(const struct peer_request *r)
{
    char text[512];

    snprintf(text, sizeof text, "you sent %.300s", r->target);
    return peer_answer(r, r->nth == 1 ? 200 : 429, "", text);
}

START_TEST(secrets_are_masked)
{
    const struct koppel_pair query[] = {KOPPEL_PAIR("ident", "demo"),
                                        KOPPEL_PAIR_SECRET("secret", "hu&sh-1"),
                                        KOPPEL_PAIR("also", "hush-two")};
    const struct koppel_pair headers[] = {KOPPEL_PAIR_SECRET("X-Key", "hush-three")};
    start(serve_echo_secret);
    mask_add("hush-two");
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "POST", .url = url,
                                    .query = query, .query_count = 3, .headers = headers,
                                    .header_count = 1, .body = "hush-three \xff", .body_bytes = 12,
                                    .what = "getOrders"};
    json_t *trace = json_array();
    ck_assert_int_eq(http_exchange(http, &r, &answer, trace, &err), 0);
    ck_assert_ptr_nonnull(strstr(answer.body, "hu%26sh-1")); /* the plugin sees the truth */
    http_response_done(&answer);
    ck_assert_int_eq(http_exchange(http, &r, &answer, trace, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "you sent"));
    ck_assert_ptr_null(strstr(err.text, "sh-"));
    char *text = json_dumps(trace, 0);
    ck_assert_ptr_null(strstr(text, "sh-"));
    ck_assert_ptr_null(strstr(text, "hush"));
    ck_assert_ptr_nonnull(strstr(text, "?ident=demo&secret=****&also=****\""));
    ck_assert_ptr_nonnull(strstr(text, "\"request\": \"**** \xEF\xBF\xBD\""));
    ck_assert_uint_eq(json_array_size(trace), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(trace, 1), "status")), 429);
    free(text);
    json_decref(trace);
    stop();
}
END_TEST

START_TEST(trace_cuts_bodies)
{
    static const struct koppel_http_request r = {.method = "GET", .url = "http://localhost/"};
    size_t bytes = 200000;
    char *body = malloc(bytes);
    json_t *trace = json_array();

    ck_assert_int_eq(secret_start(&err), 0);
    mask_add("the-very-secret");
    for (size_t i = 0; i < bytes; i++)
        body[i] = "\xc3\xa9"[(i + 1) % 2]; /* the cut falls inside a character */
    body[0] = 'x';
    memcpy(body + 65530, "the-very-secret", 15); /* and inside a secret */
    http_trace_add(trace, &r, 200, body, bytes, 1, NULL);
    const char *text = json_string_value(json_object_get(json_array_get(trace, 0), "response"));
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_le(strlen(text), 65536);
    ck_assert_uint_ge(strlen(text), 65530);
    ck_assert_ptr_null(strstr(text, "the-v"));
    json_decref(trace);
    free(body);
}
END_TEST

static const struct {
    const char *url;
    bool allowed;
} addresses[] = {
    {"http://localhost:%d/", true},
    {"http://127.0.0.1:%d", true},
    {"http://127.8.9.1:%d/", true},
    {"http://example.org/", false},
    {"http://127.0.0.1.example.org/", false},
    {"http://127.0.0.1@example.org/", false},
    {"http://localhost@example.org/", false},
    {"http://localhost.example.org/", false},
    {"http://localhost:80@example.org/", false},
    {"http://10.0.0.1/", false},
    {"http://128.0.0.1/", false},
    {"http://[::2]/", false},
    {"http://0177.0.0.1/", false},
    {"file:///etc/passwd", false},
    {"FILE:///etc/passwd", false},
    {"ftp://localhost/", false},
    {"/etc/passwd", false},
    {"", false},
};

START_TEST(where_to)
{
    start(serve_echo);
    const char *mark = strstr(addresses[_i].url, "%d");
    if (mark)
        snprintf(url, sizeof url, "%.*s%d%s", (int)(mark - addresses[_i].url), addresses[_i].url,
                 peer.port, mark + 2);
    else
        snprintf(url, sizeof url, "%s", addresses[_i].url);
    int rc = call("GET", 0, NULL);
    /* Not every machine has all of 127/8; being allowed to try is what counts. */
    if (addresses[_i].allowed)
        ck_assert(rc == 0 || err.kind == KOPPEL_E_RETRY);
    else
        ck_assert_msg(rc == -1 && err.kind == KOPPEL_E_CONFIG, "%s", err.text);
    stop();
}
END_TEST

START_TEST(header_smuggling)
{
    const struct koppel_pair headers[] = {KOPPEL_PAIR("X-Thing", "1\r\nX-Other: 2")};
    start(serve_echo);
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url,
                                    .headers = headers, .header_count = 1};
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(peer.requests, 0);
    stop();
}
END_TEST

START_TEST(missing_ca)
{
    struct http_limits limits = {.concurrency = 1, .tls_ca = "/nonexistent/ca.pem"};

    ck_assert_ptr_null(http_new("books", &limits, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/ca.pem"));
}
END_TEST

static int run_quiet(char *const argv[], pid_t *background)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout) ||
            !freopen("/dev/null", "r", stdin))
            _exit(126);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (background) {
        *background = pid;
        return 0;
    }
    waitpid(pid, &status, 0);
    return status;
}

START_TEST(a_certificate_of_our_own)
{
    char dir[] = "/tmp/koppel-http-XXXXXX", key[64], cert[64], port[16];
    pid_t server;

    start(serve_echo);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(key, sizeof key, "%s/key.pem", dir);
    snprintf(cert, sizeof cert, "%s/cert.pem", dir);
    char *make[] = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                    "-out", cert, NULL};
    if (run_quiet(make, NULL) != 0) {
        printf("skipped: no openssl to make a certificate with\n");
        goto out;
    }
    int n = peer.port; /* a free port: ours, given back */
    peer_stop(&peer);
    snprintf(port, sizeof port, "%d", n);
    char *serve[] = {"openssl", "s_server", "-accept", port, "-key", key, "-cert", cert, "-www",
                     NULL};
    run_quiet(serve, &server);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", n);
    for (int i = 0; i < 200; i++) { /* until it listens */
        ck_assert_int_eq(call("GET", 0, NULL), -1);
        if (err.kind != KOPPEL_E_RETRY)
            break;
        usleep(20000);
    }
    ck_assert_msg(err.kind == KOPPEL_E_CONFIG, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1"));
    ck_assert_ptr_nonnull(strstr(err.text, "tls_ca"));

    struct http_limits limits = {.concurrency = 1, .connect_timeout_ms = 2000, .timeout_ms = 3000,
                                 .tls_ca = cert, .tls_min = 13};
    http_free(http);
    http = http_new("books", &limits, &err);
    ck_assert_msg(call("GET", 0, NULL) == 0, "%s", err.text);
    ck_assert_uint_eq(answer.status, 200);
    snprintf(url, sizeof url, "https://localhost:%d/", n); /* the certificate is another name's */
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    peer_start(&peer, serve_echo, NULL);
out:
    unlink(key);
    unlink(cert);
    rmdir(dir);
    stop();
}
END_TEST

START_TEST(the_bucket)
{
    struct rate r;
    int64_t second = INT64_C(1000000000);

    rate_init(&r, 0);
    ck_assert_int_eq(rate_take(&r, second), 0);
    rate_init(&r, 60); /* one a second */
    ck_assert_int_eq(rate_take(&r, second), 0);
    ck_assert_int_eq(rate_take(&r, second), second);
    ck_assert_int_eq(rate_take(&r, second), 2 * second);
    ck_assert_int_eq(rate_take(&r, 10 * second), 0);
    rate_init(&r, 600); /* ten a second: ten at once, then one each 100 ms */
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(rate_take(&r, second), 0);
    ck_assert_int_eq(rate_take(&r, second), second / 10);
}
END_TEST

UNIT_MAIN("http")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, an_answer);
    tcase_add_test(t, f18_a_byte_order_mark_is_no_part_of_an_answer);
    tcase_add_test(t, methods_after_each_other);
    tcase_add_test(t, head_hides_no_later_body);
    tcase_add_test(t, too_many_requests);
    tcase_add_test(t, retry_after_a_date);
    tcase_add_test(t, errors_and_redirects_are_answers);
    tcase_add_test(t, refused_login);
    tcase_add_test(t, session_of_its_own);
    tcase_add_test(t, words_of_a_problem);
    tcase_add_test(t, a_truncated_answer);
    tcase_add_test(t, garbage);
    tcase_add_test(t, a_write_is_never_repeated_silently);
    tcase_add_test(t, a_read_may_be_repeated);
    tcase_add_test(t, a_silent_peer);
    tcase_add_test(t, a_time_out_of_the_request);
    tcase_add_test(t, f11_a_gateway_is_no_peer);
    tcase_add_test(t, headers_of_an_answer);
    tcase_add_test(t, many_headers_are_kept_within_bounds);
    tcase_add_test(t, nobody_listens);
    tcase_add_test(t, cancel_from_another_thread);
    tcase_add_test(t, the_cap);
    tcase_add_test(t, concurrency);
    tcase_add_test(t, secrets_are_masked);
    tcase_add_test(t, trace_cuts_bodies);
    LOOP(where_to, addresses);
    tcase_add_test(t, header_smuggling);
    tcase_add_test(t, missing_ca);
    tcase_add_test(t, a_certificate_of_our_own);
    tcase_add_test(t, the_bucket);
}
