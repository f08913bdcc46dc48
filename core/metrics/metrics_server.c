/* SPDX-License-Identifier: MIT
 * The HTTP server of metrics and probes. It asks for no log-in: it listens on this machine alone,
 * shows nothing of a record, and takes only requests that name this machine, so that no page in a
 * browser reaches it under a name of its own. */
#include "metrics/metrics_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/log.h"
#include "base/meter.h"
#include "config/conf_metrics.h"
#include "metrics/metrics_collect.h"
#include "metrics/metrics_probe.h"
#include "metrics/metrics_text.h"

#define TEXT_LIMIT (16 * 1024 * 1024)
#define CONNECTIONS 32
#define IDLE_S 10
#define MEMORY (16 * 1024) /* of a connection, its headers included */
#define PLAIN "text/plain; charset=utf-8"

struct metrics_server {
    struct engine *engine;
    struct MHD_Daemon *daemon;
};

/* An answer that is made; text is malloc'd. */
struct answer {
    unsigned status;
    const char *kind;
    char *text;
    size_t bytes;
};

static void say(struct answer *a, unsigned status, const char *first, const char *rest)
{
    int n = asprintf(&a->text, "%s%s\n", first, rest);
    a->status = n < 0 ? MHD_HTTP_INTERNAL_SERVER_ERROR : status;
    a->text = n < 0 ? NULL : a->text;
    a->bytes = n < 0 ? 0 : (size_t)n;
}

/* ---- what is asked ---- */

static void show_metrics(struct engine *e, struct answer *a)
{
    struct buf out;
    struct koppel_error err = {0};
    buf_init(&out, TEXT_LIMIT);
    if (metrics_collect(e, &out, &err) == 0) {
        a->status = MHD_HTTP_OK;
        a->kind = METRICS_TEXT_KIND;
        a->bytes = out.bytes;
        a->text = buf_take(&out);
    } else {
        log_warning(LOG_ABOUT(.event = "metrics", .reason = err.reason), "no metrics: %s",
                    err.text);
        say(a, MHD_HTTP_SERVICE_UNAVAILABLE, "no metrics: ", err.reason);
    }
    buf_done(&out);
}

static void show_live(struct engine *e, struct answer *a)
{
    const char *why = metrics_probe_live(e);
    say(a, why ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK, why ? "" : "live", why ? why : "");
}

static void show_ready(struct engine *e, struct answer *a)
{
    const char *why = metrics_probe_ready(e);
    say(a, why ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK, why ? "" : "ready", why ? why : "");
}

static const struct route {
    const char *path;
    void (*show)(struct engine *e, struct answer *a);
} routes[] = {{"/metrics", show_metrics}, {"/live", show_live}, {"/ready", show_ready}};

static const struct route *route_of(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].path, path) == 0)
            return &routes[i];
    }
    return NULL;
}

/* Does the request name this machine? One without a name (HTTP/1.0) comes from no browser. */
static bool names_us(struct MHD_Connection *c)
{
    union conf_listen ignored;
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    char full[80];
    if (!host || strcmp(host, "localhost") == 0 || strncmp(host, "localhost:", 10) == 0)
        return true;
    bool port = strrchr(host, ':') && host[strlen(host) - 1] != ']';
    return snprintf(full, sizeof full, "%s%s", host, port ? "" : ":80") < (int)sizeof full &&
           conf_metrics_may(full, &ignored);
}

static void make_answer(struct metrics_server *s, struct MHD_Connection *c, const char *path,
                        const char *method, struct answer *a)
{
    const struct route *route = route_of(path);
    if (!names_us(c))
        say(a, MHD_HTTP_FORBIDDEN, "ask by an address of this machine", "");
    else if (!route)
        say(a, MHD_HTTP_NOT_FOUND, "there are /metrics, /live and /ready", "");
    else if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        say(a, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET", "");
    else
        route->show(s->engine, a);
    char code[16];
    snprintf(code, sizeof code, "%u", a->status);
    meter_add(METER_REQUESTS, route ? route->path + 1 : "other", code, NULL, 1);
}

/* ---- libmicrohttpd ---- */

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_bytes, void **state)
{
    static const char seen; /* the head was */
    (void)version;
    (void)body;
    if (!*state) {
        *state = (void *)&seen;
        return MHD_YES;
    }
    if (*body_bytes > 0) { /* nobody wants it */
        *body_bytes = 0;
        return MHD_YES;
    }
    struct answer a = {.kind = PLAIN};
    make_answer(arg, c, path, method, &a);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(a.bytes, a.text ? a.text : (void *)"",
                                        a.text ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        free(a.text);
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, a.kind);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result rc = MHD_queue_response(c, a.status, response);
    MHD_destroy_response(response);
    return rc;
}

struct metrics_server *metrics_server_open(struct engine *e, const char *address,
                                           struct koppel_error *err)
{
    union conf_listen where;
    struct metrics_server *s = calloc(1, sizeof *s);
    if (!s || !conf_metrics_may(address, &where)) {
        err_set(err, KOPPEL_E_BUG, "metrics: no memory, or no address");
        free(s);
        return NULL;
    }
    s->engine = e;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    if (where.any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    errno = 0;
    s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR,
                                 &where.any, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                                 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
                                 MHD_OPTION_END);
    if (s->daemon)
        return s;
    err_set(err, KOPPEL_E_RETRY, "%s cannot be listened on: %s; choose another port with "
            "metrics.listen, or end the program that has it", address,
            errno ? strerror(errno) : "no reason was given");
    free(s);
    return NULL;
}

void metrics_server_close(struct metrics_server *s)
{
    if (!s)
        return;
    MHD_stop_daemon(s->daemon);
    free(s);
}
