/* SPDX-License-Identifier: MIT
 * core/http: whom it talks to, how much it takes, and what is told of it. */
#include "http_fixture.h"

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
    struct http_limits limits = {.concurrency = 1, .connect_timeout_ms = 2000, .timeout_ms = 10000,
                                 .limit_bytes = 50000, .tls_min = 12};
    http_free(http);
    http = http_new("books", &limits, &err);
    r.limit_bytes = 1 << 30; /* the operator's cap stands */
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "50000"));
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

static const struct koppel_pair smuggled[] = {
    KOPPEL_PAIR("X-Thing", "1\r\nX-Other: 2"), KOPPEL_PAIR("X-Thing", "1\nX-Other: 2"),
    KOPPEL_PAIR("X-Thing", "1\rX-Other: 2"),    KOPPEL_PAIR("X-Thing\nX-Other", "1"),
    KOPPEL_PAIR("X-Thing\rX-Other", "1"),       KOPPEL_PAIR("X-Other: 2", "1"),
};

START_TEST(header_smuggling)
{
    start(serve_echo);
    struct koppel_http_request r = {.struct_size = sizeof r, .method = "GET", .url = url,
                                    .headers = &smuggled[_i], .header_count = 1};
    ck_assert_int_eq(http_exchange(http, &r, &answer, NULL, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_int_eq(peer.requests, 0);
    stop();
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

static size_t read_text(const char *path, char *out, size_t room)
{
    FILE *in = fopen(path, "r");
    ck_assert_ptr_nonnull(in);
    size_t n = fread(out, 1, room, in);
    fclose(in);
    return n;
}

/* A server that bears the certificate, at url; its port. The port is one of ours, given back:
 * somebody else may be quicker, so the server is tried at a few. */
static int serve_with(char *key, char *cert, pid_t *server)
{
    for (int tries = 0; tries < 5; tries++) {
        char port[16];
        struct peer lent;
        peer_start(&lent, serve_echo, NULL);
        peer_stop(&lent);
        snprintf(port, sizeof port, "%d", lent.port);
        char *serve[] = {"openssl", "s_server", "-accept", port, "-key", key, "-cert", cert,
                         "-www", NULL};
        run_quiet(serve, server);
        snprintf(url, sizeof url, "https://127.0.0.1:%d/", lent.port);
        pid_t ended = 0;
        for (int i = 0; i < 200 && ended == 0; i++) { /* until it listens */
            ck_assert_int_eq(call("GET", 0, NULL), -1);
            ended = waitpid(*server, NULL, WNOHANG);
            if (ended == 0 && err.kind != KOPPEL_E_RETRY)
                return lent.port;
            usleep(20000);
        }
        if (ended == 0) {
            kill(*server, SIGTERM);
            waitpid(*server, NULL, 0);
        }
    }
    ck_abort_msg("no server: %s", err.text);
    return -1;
}

START_TEST(a_certificate_of_our_own)
{
    char dir[] = "/tmp/koppel-http-XXXXXX", key[64], cert[64], text[8192];
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
    int port = serve_with(key, cert, &server);
    ck_assert_msg(err.kind == KOPPEL_E_CONFIG, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1"));
    ck_assert_ptr_nonnull(strstr(err.text, "tls_ca"));

    struct http_limits limits = {.concurrency = 1, .connect_timeout_ms = 2000, .timeout_ms = 10000,
                                 .tls_ca = "no certificate", .tls_min = 13};
    http_free(http);
    http = http_new("books", &limits, &err);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_msg(err.kind == KOPPEL_E_CONFIG, "%s", err.text);
    http_free(http);
    text[read_text(cert, text, sizeof text - 1)] = '\0';
    limits.tls_ca = text;
    unlink(cert); /* it was read: it may be gone */
    http = http_new("books", &limits, &err);
    ck_assert_msg(call("GET", 0, NULL) == 0, "%s", err.text);
    ck_assert_uint_eq(answer.status, 200);
    /* the certificate is another name's */
    snprintf(url, sizeof url, "https://localhost:%d/", port);
    ck_assert_int_eq(call("GET", 0, NULL), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
out:
    unlink(key);
    unlink(cert);
    rmdir(dir);
    stop();
}
END_TEST

UNIT_MAIN("http safe")
{
    tcase_set_timeout(t, 20);
    tcase_add_test(t, many_headers_are_kept_within_bounds);
    tcase_add_test(t, the_cap);
    tcase_add_test(t, secrets_are_masked);
    tcase_add_test(t, trace_cuts_bodies);
    LOOP(where_to, addresses);
    LOOP(header_smuggling, smuggled);
    tcase_add_test(t, a_certificate_of_our_own);
}
