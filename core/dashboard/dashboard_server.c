/* SPDX-License-Identifier: MIT
 * The HTTP server of the pages and their API. One thread of the library reads and writes; whatever
 * may block is answered by a pool, while the connection is suspended. */
#include "dashboard/dashboard_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/meter.h"
#include "base/secret.h"
#include "config/conf_listen.h"
#include "dashboard/dashboard_api.h"
#include "dashboard/dashboard_files.h"
#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_guesses.h"
#include "dashboard/dashboard_head.h"
#include "dashboard/dashboard_hook_known.h"
#include "dashboard/dashboard_hooks.h"
#include "dashboard/dashboard_limits.h"
#include "dashboard/dashboard_pool.h"
#include "dashboard/dashboard_probes.h"
#include "dashboard/dashboard_problem.h"
#include "dashboard/dashboard_route.h"
#include "dashboard/dashboard_stream.h"
#include "dashboard/dashboard_sweep.h"
#include "dashboard/dashboard_tasks.h"
#include "engine/hooks.h"

#define CONNECTIONS 512
#define MANY 384 /* of them: from here on one that waits makes room for one that comes */
#define IDLE_S 60
#define MEMORY (16 * 1024) /* of a connection, its head included */
#define MESSAGES DASHBOARD_ROUTE_PACES /* the pool of what other systems send */
#define POOLS (DASHBOARD_ROUTE_PACES + 1)
#define TLS_BYTES (256 * 1024) /* of a certificate with its chain */

static const struct {
    int threads, queue;
    unsigned full; /* what is answered where the queue is */
} pools[POOLS] = {[DASHBOARD_ROUTE_QUICK] = {4, 256, 503},
                  [DASHBOARD_ROUTE_LONG] = {6, 64, 503},
                  [DASHBOARD_ROUTE_PASSWORD] = {2, 16, 429},
                  [MESSAGES] = {16, 256, 503}};

struct dashboard_server {
    struct dashboard_context context;
    char *address;
    bool strict; /* browsers know it by https */
    struct dashboard_pool *pools[POOLS];
    struct MHD_Daemon *daemon;
};

static const struct {
    const char *name, *value;
} headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types lit-html"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

/* Behind https for good: what asks by http first can be answered by somebody else. */
#define STRICT "max-age=31536000"

/* ---- answers ---- */

static struct MHD_Response *response_of(struct dashboard_request *r)
{
    struct dashboard_answer *a = &r->answer;
    struct MHD_Response *response;
    if (a->stream) {
        struct dashboard_stream *stream = a->stream;
        a->stream = NULL;
        return dashboard_stream_response(stream, r->connection);
    }
    if (a->body) {
        response = MHD_create_response_from_buffer(a->bytes, a->body, MHD_RESPMEM_MUST_FREE);
        a->body = response ? NULL : a->body;
        return response;
    }
    return MHD_create_response_from_buffer(a->constant ? a->bytes : 0,
                                           a->constant ? (void *)a->constant : (void *)"",
                                           MHD_RESPMEM_PERSISTENT);
}

static void put(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && *value)
        (void)MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_answer(struct dashboard_request *r)
{
    struct dashboard_answer *a = &r->answer;
    char code[16], after[16] = "";
    bool streams = a->stream != NULL;
    struct MHD_Response *response = response_of(r);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        put(response, headers[i].name, headers[i].value);
    if (a->retry_after_s > 0)
        snprintf(after, sizeof after, "%d", a->retry_after_s);
    put(response, MHD_HTTP_HEADER_CONTENT_TYPE, streams ? "text/event-stream" : a->type);
    put(response, MHD_HTTP_HEADER_CACHE_CONTROL, a->cache ? a->cache : "no-store");
    put(response, MHD_HTTP_HEADER_ETAG, a->etag);
    put(response, MHD_HTTP_HEADER_ALLOW, a->allow);
    put(response, MHD_HTTP_HEADER_SET_COOKIE, a->cookie);
    put(response, MHD_HTTP_HEADER_SET_COOKIE, a->second_cookie);
    put(response, MHD_HTTP_HEADER_LOCATION, a->location);
    put(response, MHD_HTTP_HEADER_RETRY_AFTER, after);
    put(response, MHD_HTTP_HEADER_CONTENT_ENCODING, a->gzip ? "gzip" : NULL);
    put(response, "X-Accel-Buffering", streams ? "no" : NULL);
    put(response, MHD_HTTP_HEADER_CONNECTION, a->last ? "close" : NULL);
    put(response, "Strict-Transport-Security", r->server->strict ? STRICT : NULL);
    dashboard_sweep_at(r->deadline, streams ? DASHBOARD_SWEEP_WORK : DASHBOARD_SWEEP_ANSWER);
    snprintf(code, sizeof code, "%u", a->status);
    meter_add(METER_REQUESTS, r->label ? r->label : "other", code, NULL, 1);
    enum MHD_Result rc = MHD_queue_response(r->connection, a->status, response);
    MHD_destroy_response(response);
    return rc;
}

/* ---- the way of a request ---- */

static void answered(struct dashboard_request *r)
{
    r->state = DASHBOARD_ANSWERED;
    MHD_resume_connection(r->connection);
}

static void work(void *job)
{
    struct dashboard_request *r = job;
    bool probe = !r->route && dashboard_probes_is(&r->path);
    if (!r->route && !probe) {
        dashboard_hooks_answer(r);
        return;
    }
    if (r->route && !dashboard_api_answer(r))
        return;
    if (probe)
        dashboard_probes_answer(r);
    answered(r);
}

static bool is_api(const struct dashboard_path *p)
{
    return p->count > 0 && strcmp(p->segments[0], "api") == 0;
}

static bool is_version(const struct dashboard_path *p)
{
    return p->count > 2 && strcmp(p->segments[1], "v1") == 0;
}

/* Answers at once, or finds the route of what a pool is to answer. */
static void begin(struct dashboard_request *r)
{
    struct dashboard_answer *a = &r->answer;
    a->last = r->unclear;
    if (r->unclear)
        dashboard_problem(a, 400, "http.head", "the head does not say clearly where the body ends");
    else if (r->malformed)
        dashboard_problem(a, 400, "http.target", "the address is malformed");
    else if (r->too_long)
        dashboard_problem(a, 413, "http.long", "the body is longer than 1 MiB");
    else if (!dashboard_guard_host(r))
        return;
    else if (dashboard_hooks_is(&r->path) || dashboard_probes_is(&r->path))
        r->label = "hooks";
    else if (!is_api(&r->path))
        dashboard_files_answer(r);
    else if (is_version(&r->path))
        dashboard_route_find(r);
    else
        dashboard_problem(a, 404, "http.none", "there is nothing at this address");
}

static enum MHD_Result start(struct dashboard_request *r)
{
    begin(r);
    if (r->answer.status > 0)
        return send_answer(r);
    int pace = r->route ? (int)r->route->pace
               : dashboard_probes_is(&r->path) ? DASHBOARD_ROUTE_QUICK : MESSAGES;
    dashboard_sweep_at(r->deadline, DASHBOARD_SWEEP_WORK);
    r->state = DASHBOARD_WORKING;
    MHD_suspend_connection(r->connection);
    if (dashboard_pool_add(r->server->pools[pace], r))
        return MHD_YES;
    r->answer.retry_after_s = 1;
    dashboard_problem(&r->answer, pools[pace].full, "server.busy",
                      "too much is asked at once; try again");
    answered(r);
    return MHD_YES;
}

static struct dashboard_sweep_one *deadline_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_bytes, void **state)
{
    struct dashboard_request *r = *state;
    (void)arg;
    (void)path;
    (void)version;
    if (!r)
        return MHD_NO;
    if (r->state == DASHBOARD_NEW) {
        r->connection = c;
        r->method = method;
        r->state = DASHBOARD_READING;
        r->malformed = dashboard_path_parse(r->target, &r->path) != 0;
        dashboard_head_take(r);
        dashboard_guard_address(r);
        dashboard_sweep_at(r->deadline, DASHBOARD_SWEEP_BODY);
        if (!r->malformed && dashboard_hooks_is(&r->path))
            dashboard_head_all(r);
        r->unclear = !dashboard_head_clear(r);
        r->too_long = dashboard_head_too_long(r);
        return r->unclear || r->too_long ? start(r) : MHD_YES;
    }
    if (r->state == DASHBOARD_ANSWERED)
        return send_answer(r);
    if (*body_bytes == 0)
        return start(r);
    if (buf_add(&r->body, body, *body_bytes) != 0)
        r->too_long = true;
    *body_bytes = 0;
    return MHD_YES;
}

/* The target as it came: what is encoded in it is decoded part by part. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *c)
{
    struct dashboard_server *s = arg;
    struct dashboard_request *r = calloc(1, sizeof *r);
    if (!r || !(r->target = strdup(target))) {
        free(r);
        return NULL;
    }
    r->server = s;
    r->context = &s->context;
    r->deadline = deadline_of(c);
    dashboard_sweep_at(r->deadline, DASHBOARD_SWEEP_HEAD);
    buf_init(&r->body, DASHBOARD_REQUEST_BODY_BYTES);
    return r;
}

static void on_end(void *arg, struct MHD_Connection *c, void **state,
                   enum MHD_RequestTerminationCode how)
{
    struct dashboard_request *r = *state;
    (void)arg;
    (void)c;
    (void)how;
    if (!r)
        return;
    dashboard_sweep_at(r->deadline, DASHBOARD_SWEEP_IDLE);
    dashboard_stream_close(r->answer.stream);
    dashboard_request_answer_done(&r->answer);
    dashboard_path_done(&r->path);
    buf_wipe_done(&r->body);
    dashboard_head_done(r);
    free(r->target);
    free(r);
    *state = NULL;
}

static void on_connection(void *arg, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct dashboard_server *s = arg;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (what == MHD_CONNECTION_NOTIFY_STARTED && info) {
        *context = dashboard_sweep_add(s->context.sweep, info->connect_fd);
    } else if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        dashboard_sweep_drop(*context);
        *context = NULL;
    }
}

/* ---- opening and closing ---- */

/* Listens; *listen_text, malloc'd: the address with the port that it got. -1 and err. */
static int listen_at(const char *listen_address, char **listen_text, struct koppel_error *err)
{
    union conf_listen where;
    socklen_t bytes = sizeof where;
    int on = 1;
    if (conf_listen_parse(listen_address, &where) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s is no address to listen on", listen_address);
    int fd = socket(where.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, &where.any,
             where.any.sa_family == AF_INET ? sizeof where.four : sizeof where.six) == 0 &&
        listen(fd, 128) == 0 && getsockname(fd, &where.any, &bytes) == 0) {
        int host = (int)(strrchr(listen_address, ':') - listen_address);
        if (asprintf(listen_text, "%.*s:%u", host, listen_address, conf_listen_port(&where)) >= 0)
            return fd;
    }
    err_set(err, KOPPEL_E_RETRY, "%s cannot be listened on: %s; choose another port with "
            "dashboard.listen, or end the program that has it", listen_address, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static void release(struct dashboard_server *s)
{
    for (int i = 0; i < POOLS; i++)
        dashboard_pool_stop(s->pools[i]);
    dashboard_tasks_stop(s->context.tasks);
    if (s->context.streams)
        dashboard_stream_stop(s->context.streams);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    for (int i = 0; i < POOLS; i++)
        dashboard_pool_free(s->pools[i]);
    dashboard_sweep_close(s->context.sweep);
    dashboard_tasks_free(s->context.tasks);
    dashboard_stream_free(s->context.streams);
    dashboard_limits_free(s->context.limits);
    dashboard_guesses_free(s->context.guesses);
    hooks_free(s->context.hooks);
    dashboard_hook_known_free(s->context.known);
    free(s->context.listen);
    free(s->address);
    free(s);
}

static bool open_threads(struct dashboard_server *s, struct koppel_error *err)
{
    s->context.streams = dashboard_stream_start(s->context.engine, err);
    s->context.sweep = s->context.streams ? dashboard_sweep_open(MANY, err) : NULL;
    s->context.tasks = s->context.sweep ? dashboard_tasks_open(&s->context, err) : NULL;
    bool open = s->context.tasks != NULL;
    for (int i = 0; i < POOLS && open; i++) {
        s->pools[i] = dashboard_pool_open(pools[i].threads, pools[i].queue, work, err);
        open = s->pools[i] != NULL;
    }
    return open;
}

/* The certificate with its chain, and its key, whose file nobody else may read. -1 and err. */
static int read_tls(const struct conf_dashboard *conf, char **cert, struct secret **key,
                    struct koppel_error *err)
{
    char *reference = NULL;
    FILE *in = fopen(conf->cert, "re");
    size_t n = 0;
    *cert = in ? calloc(1, TLS_BYTES) : NULL;
    if (*cert)
        n = fread(*cert, 1, TLS_BYTES - 1, in);
    if (in)
        fclose(in);
    if (n == 0)
        return err_set(err, KOPPEL_E_CONFIG, "the certificate %s cannot be read", conf->cert);
    if (asprintf(&reference, "file:%s", conf->key) < 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = secret_resolve(reference, "/", key, err);
    free(reference);
    return rc;
}

static bool open_daemon(struct dashboard_server *s, int fd, struct koppel_error *err)
{
    const struct conf_dashboard *conf = s->context.conf;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL}};
    char *cert = NULL;
    struct secret *key = NULL;
    if (conf->cert && read_tls(conf, &cert, &key, err) != 0) {
        close(fd);
        free(cert);
        return false;
    }
    if (key) {
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, cert};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0,
                                         (void *)(uintptr_t)secret_text(key)};
    }
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_end, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_ARRAY, tls,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    free(cert);
    secret_free(key);
    if (!s->daemon) {
        close(fd);
        err_set(err, KOPPEL_E_RETRY, "the server of the dashboard cannot be started%s",
                conf->cert ? ": look at certificate and key" : "");
    }
    return s->daemon != NULL;
}

struct dashboard_server *dashboard_server_open(struct engine *e,
                                               const struct service_source *source,
                                               const struct conf_dashboard *conf,
                                               struct koppel_error *err)
{
    struct dashboard_server *s = calloc(1, sizeof *s);
    if (!s || dashboard_route_start() != 0) {
        free(s);
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->context.engine = e;
    s->context.source = *source;
    s->context.answered = answered;
    s->context.conf = conf;
    s->strict = conf->url ? strncmp(conf->url, "https:", 6) == 0 : conf->cert != NULL;
    s->context.limits = dashboard_limits_new();
    s->context.guesses = dashboard_guesses_new(e->store);
    s->context.hooks = hooks_new(e);
    s->context.known = dashboard_hook_known_new();
    int fd = listen_at(conf->listen, &s->context.listen, err);
    if (fd >= 0 && asprintf(&s->address, "%s%s",
                            conf->url ? "" : conf->cert ? "https://" : "http://",
                            conf->url ? conf->url : s->context.listen) < 0)
        s->address = NULL;
    if (fd >= 0 && s->address && s->context.limits && s->context.guesses &&
        s->context.hooks && s->context.known &&
        open_threads(s, err) && open_daemon(s, fd, err))
        return s;
    if (fd >= 0 && !s->context.streams)
        close(fd);
    release(s);
    return NULL;
}

void dashboard_server_close(struct dashboard_server *s)
{
    if (!s)
        return;
    atomic_store(&s->context.stop, true);
    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    release(s);
}

void dashboard_server_look(struct dashboard_server *s)
{
    dashboard_guesses_look(s->context.guesses);
}

const char *dashboard_server_address(const struct dashboard_server *s)
{
    return s->address;
}
