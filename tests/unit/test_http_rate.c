/* SPDX-License-Identifier: MIT
 * core/http: how many requests at a time, and when again. */
#include "http_fixture.h"

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

static bool is_before(void *arg)
{
    return clock_monotonic_ms() < *(const int64_t *)arg;
}

static int leaving(const struct koppel_http_request *r, struct http_leave *leave)
{
    bool refused;
    return http_exchange_bearer(http, r, NULL, leave, &answer, NULL, &refused, &err);
}

/* Who waited for the peer may not write any more; who asks may. */
START_TEST(the_last_word_is_asked_behind_the_wait)
{
    start(serve_429);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    int64_t until = clock_monotonic_ms() + 300;
    struct http_leave leave = {.may = is_before, .arg = &until};
    struct koppel_http_request r = {.struct_size = sizeof r, .flags = KOPPEL_HTTP_WRITE,
                                    .method = "POST", .url = url, .body = "{}", .body_bytes = 2};
    ck_assert_int_eq(leaving(&r, &leave), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    ck_assert_str_eq(err.reason, HTTP_LEASE_OVER);
    ck_assert_int_eq(peer.requests, 1);
    r.flags = 0;
    r.method = "PUT"; /* whatever the connector says of it */
    ck_assert_int_eq(leaving(&r, &leave), -1);
    ck_assert_str_eq(err.reason, HTTP_LEASE_OVER);
    r.method = "POST";
    ck_assert_int_eq(leaving(&r, &leave), -1);
    ck_assert_int_eq(peer.requests, 2); /* a 503 */
    ck_assert(!leave.left);
    until = clock_monotonic_ms() + 60000;
    r.flags = KOPPEL_HTTP_WRITE;
    ck_assert_int_eq(leaving(&r, &leave), 0);
    ck_assert(leave.left);
    until = 0; /* a second one may not, which takes nothing back */
    ck_assert_int_eq(leaving(&r, &leave), -1);
    ck_assert_str_eq(err.reason, HTTP_LEASE_OVER);
    ck_assert(leave.left);
    struct http_leave stopped = {.may = is_before, .arg = &until};
    until = clock_monotonic_ms() + 60000;
    http_cancel_all(http);
    ck_assert_int_eq(leaving(&r, &stopped), -1);
    ck_assert_str_eq(err.reason, HTTP_STOPPED);
    ck_assert(!stopped.left);
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

START_TEST(a_share_of_the_bucket)
{
    struct rate_share r = {.left = 0};
    int64_t ms = 1000000, wait = -1;

    ck_assert(!rate_share_take(&r, 0, &wait));
    rate_share_init(&r, &(struct store_rate){4, 200000, 50000}, 1000 * ms, 1000 * ms);
    ck_assert(rate_share_take(&r, 1000 * ms, &wait));
    ck_assert_int_eq(wait, 200 * ms);
    ck_assert(rate_share_take(&r, 1200 * ms, &wait));
    ck_assert_int_eq(wait, 50 * ms);
    ck_assert(rate_share_take(&r, 1399 * ms, &wait)); /* it was free since 1300 */
    ck_assert_int_eq(wait, 0);
    ck_assert(!rate_share_take(&r, 1400 * ms, &wait)); /* the last one is lost */
    rate_share_init(&r, &(struct store_rate){1, 0, 50000}, 1400 * ms, 1400 * ms);
    ck_assert(rate_share_take(&r, 1400 * ms, &wait));
    ck_assert(!rate_share_take(&r, 1400 * ms, &wait));
    /* an answer that came late: what it gave is another host's time by now, but for the last */
    rate_share_init(&r, &(struct store_rate){4, 200000, 50000}, 2000 * ms, 2150 * ms);
    ck_assert(rate_share_take(&r, 2150 * ms, &wait));
    ck_assert_int_eq(wait, 200 * ms);
    ck_assert(rate_share_take(&r, 2360 * ms, &wait));
    ck_assert_int_eq(wait, 40 * ms);
    ck_assert(!rate_share_take(&r, 2400 * ms, &wait));
    rate_share_init(&r, &(struct store_rate){4, 200000, 50000}, 3000 * ms, 8000 * ms);
    ck_assert(!rate_share_take(&r, 8000 * ms, &wait));
    /* nor does one go out when it is over, were it given before */
    rate_share_init(&r, &(struct store_rate){4, 500000, 50000}, 9000 * ms, 9250 * ms);
    ck_assert(!rate_share_take(&r, 9250 * ms, &wait));
}
END_TEST

/* What a store that several hosts share would give. */
static struct {
    atomic_int asked, asking, doubly;
    int count;
    bool fails;
    int64_t next_us;
    int64_t way_us;  /* how long it takes to answer */
    bool grows;      /* gives as much as it is asked for at least */
} sharing;

static int share_of(void *arg, int64_t interval_ns, int64_t least_ns, struct store_rate *out,
                    struct koppel_error *e)
{
    (void)arg;
    if (atomic_fetch_add(&sharing.asking, 1) > 0)
        atomic_fetch_add(&sharing.doubly, 1);
    usleep(sharing.way_us ? (useconds_t)sharing.way_us : 2000);
    atomic_fetch_sub(&sharing.asking, 1);
    if (sharing.fails)
        return err_reason(e, KOPPEL_E_RETRY, "store.down", "no answer");
    /* two at a time, and every other turn is another host's */
    atomic_fetch_add(&sharing.asked, 1);
    int64_t now_us = clock_monotonic_ms() * 1000;
    if (sharing.next_us < now_us)
        sharing.next_us = now_us;
    int least = (int)((least_ns + interval_ns - 1) / interval_ns);
    int count = sharing.grows && least > sharing.count ? least : sharing.count;
    *out = (struct store_rate){count, sharing.next_us - now_us, interval_ns / 1000};
    sharing.next_us += 2 * count * interval_ns / 1000;
    return 0;
}

static void *share_thread(void *arg)
{
    struct koppel_http_response got = {.struct_size = sizeof got};
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url};
    struct koppel_error e = {0};
    (void)arg;
    for (int i = 0; i < 3; i++) {
        ck_assert_msg(http_exchange(http, &r, &got, NULL, &e) == 0, "%s", e.text);
        http_response_done(&got);
    }
    return NULL;
}

START_TEST(a_limit_that_hosts_share)
{
    struct http_limits limits = {.concurrency = 4, .timeout_ms = 2000, .rate_per_minute = 1200,
                                 .share = share_of};
    pthread_t t[4];

    memset(&sharing, 0, sizeof sharing);
    sharing.count = 2;
    start(serve_echo);
    http_free(http);
    http = http_new("books", &limits, &err);
    int64_t begun = clock_monotonic_ms();
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, share_thread, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    ck_assert_int_eq(peer.requests, 12);
    ck_assert_int_eq(atomic_load(&sharing.doubly), 0); /* one thread asks for all */
    ck_assert_int_ge(atomic_load(&sharing.asked), 6);
    ck_assert_int_ge(clock_monotonic_ms() - begun, 5 * 200);
    /* nobody can say what is left: nothing goes out */
    sharing.fails = true;
    while (call("GET", 0, NULL) == 0)
        ;
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_str_eq(err.reason, "store.down");
    /* nobody else is there: it is asked once */
    sharing.fails = false;
    sharing.count = 0;
    int asked = atomic_load(&sharing.asked);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(call("GET", 0, NULL), 0);
    ck_assert_int_eq(atomic_load(&sharing.asked), asked + 1);
    stop();
}
END_TEST

/* A store that takes longer to answer than what it gives lasts is asked for more. */
START_TEST(a_share_is_longer_than_its_way)
{
    struct http_limits limits = {.concurrency = 1, .timeout_ms = 2000, .rate_per_minute = 900,
                                 .share = share_of};
    memset(&sharing, 0, sizeof sharing);
    sharing.count = 1; /* 66 ms */
    sharing.way_us = 150000;
    sharing.grows = true;
    start(serve_echo);
    http_free(http);
    http = http_new("books", &limits, &err);
    for (int i = 0; i < 4; i++)
        ck_assert_msg(call("GET", 0, NULL) == 0, "%s", err.text);
    ck_assert_int_le(atomic_load(&sharing.asked), 6);
    /* one that gives no more is not asked for ever, and nothing goes out */
    sharing.grows = false;
    int rc, asked;
    do {
        asked = atomic_load(&sharing.asked);
        rc = call("GET", 0, NULL);
    } while (rc == 0);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_le(atomic_load(&sharing.asked) - asked, 3);
    ck_assert_int_ge(peer.requests, 4);
    stop();
}
END_TEST

UNIT_MAIN("http rate")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, too_many_requests);
    tcase_add_test(t, the_last_word_is_asked_behind_the_wait);
    tcase_add_test(t, retry_after_a_date);
    tcase_add_test(t, concurrency);
    tcase_add_test(t, the_bucket);
    tcase_add_test(t, a_share_of_the_bucket);
    tcase_add_test(t, a_limit_that_hosts_share);
    tcase_add_test(t, a_share_is_longer_than_its_way);
}
