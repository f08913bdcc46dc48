/* SPDX-License-Identifier: MIT
 * core/http: answers that do not come, or come in part. */
#include "http_fixture.h"

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

#define SOON_MS 5000 /* what ends at once has ended by then, on any machine */

static int serve_hang(const struct peer_request *r)
{
    peer_sleep(r, 2 * SOON_MS);
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
    ck_assert_int_lt(clock_monotonic_ms() - begun, SOON_MS);
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
    ck_assert_int_lt(clock_monotonic_ms() - begun, SOON_MS);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(e[i].kind, KOPPEL_E_CANCELLED);
    ck_assert(http_cancelled(http));
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    stop();
}
END_TEST

UNIT_MAIN("http lost")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, a_truncated_answer);
    tcase_add_test(t, garbage);
    tcase_add_test(t, a_write_is_never_repeated_silently);
    tcase_add_test(t, a_read_may_be_repeated);
    tcase_add_test(t, a_silent_peer);
    tcase_add_test(t, a_time_out_of_the_request);
    tcase_add_test(t, nobody_listens);
    tcase_add_test(t, cancel_from_another_thread);
}
