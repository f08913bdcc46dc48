// SPDX-License-Identifier: MIT
// HTTP framework of the sandbox. Every connection has its own thread, so that a request that
// sleeps (latency, a hanging answer) holds up no other.
#include "server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bend.h"
#include "fault.h"
#include "tally.h"

#define MAX_BODY ((size_t)32 * 1024 * 1024)
#define MAX_PAIRS 64
#define HANG_SECONDS 30
#define HUGE_BYTES ((uint64_t)256 * 1024 * 1024)

struct server {
    struct service service;
    struct MHD_Daemon *daemon;
    int latency_ms;
    char *cert, *key;

    pthread_mutex_t state; // held while handling
    pthread_mutex_t own;   // guards what follows
    pthread_cond_t wake;
    bool stopping;
    struct faults *faults;
    struct tally *tally;
};

struct exchange {
    char *body;
    size_t bytes, room;
    bool too_big, no_memory;
    struct pair query[MAX_PAIRS], headers[MAX_PAIRS];
    size_t queries, header_count;
};

bool server_faults(struct server *s, const char *script)
{
    return faults_script(s->faults, script);
}

// Sleeps, but not beyond the end of the server.
static void pause_ms(struct server *s, long ms)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&s->own);
    while (!s->stopping && pthread_cond_timedwait(&s->wake, &s->own, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&s->own);
}

// ---- Handling ---------------------------------------------------------------------------

// {"seed": n, "rules": [...]}: what goes wrong from now on; fault.h and bend.h have the members.
static void trouble(struct server *s, const struct request *req, struct reply *reply)
{
    json_t *order = json_loadb(req->body, req->body_bytes, 0, NULL);
    const char *why = faults_order(s->faults, order);
    reply_text(reply, why ? 400 : 200, "text/plain", why ? why : "ok\n");
    json_decref(order);
}

static bool own_endpoint(struct server *s, const struct request *req, struct reply *reply)
{
    bool post = strcmp(req->method, "POST") == 0;
    const char *what = req->path + strlen("/_sandbox/");

    if (post && strcmp(what, "faults") == 0) {
        bool good = server_faults(s, req->body);
        reply_text(reply, good ? 200 : 400, "text/plain", good ? "ok\n" : "not understood\n");
    } else if (strcmp(what, "trouble") == 0) {
        if (post)
            trouble(s, req, reply);
        else
            reply_json(reply, 200, faults_show(s->faults));
    } else if (!post && strcmp(what, "stats") == 0) {
        reply_json(reply, 200, tally_show(s->tally, faults_count(s->faults)));
    } else if (!post && strcmp(what, "writes") == 0) {
        reply_json(reply, 200, tally_writes(s->tally));
    } else if (!post && strcmp(what, "times") == 0) {
        reply_json(reply, 200, tally_times(s->tally));
    } else if (!post && s->service.other && strcmp(what, "reconcile") == 0) {
        struct server *other = s->service.other;
        pthread_mutex_lock(&other->state);
        pthread_mutex_lock(&s->state);
        if (reconcile(other->service.state, s->service.state, reply) != 0)
            reply_text(reply, 500, "text/plain", "out of memory\n");
        pthread_mutex_unlock(&s->state);
        pthread_mutex_unlock(&other->state);
    } else {
        return false;
    }
    return true;
}

static void handle(struct server *s, const struct request *req, struct reply *reply)
{
    pthread_mutex_lock(&s->state);
    int rc = s->service.handle(s->service.state, req, reply);
    pthread_mutex_unlock(&s->state);
    if (rc != 0) {
        reply_clear(reply);
        reply_text(reply, 500, "text/plain", "out of memory\n");
    }
}

static ssize_t huge_reader(void *arg, uint64_t position, char *out, size_t room)
{
    (void)arg;
    if (position >= HUGE_BYTES)
        return MHD_CONTENT_READER_END_OF_STREAM;
    memset(out, ' ', room);
    return (ssize_t)room;
}

struct half {
    char *body;
    size_t bytes;
};

static ssize_t half_reader(void *arg, uint64_t position, char *out, size_t room)
{
    const struct half *h = arg;
    size_t left = h->bytes / 2 > position ? h->bytes / 2 - (size_t)position : 0;
    if (left == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (left > room)
        left = room;
    memcpy(out, h->body + position, left);
    return (ssize_t)left;
}

static void half_free(void *arg)
{
    struct half *h = arg;
    free(h->body);
    free(h);
}

// The whole length is promised, half of it is sent.
static struct MHD_Response *half_response(struct reply *reply)
{
    struct half *h = malloc(sizeof *h);
    if (!h)
        return NULL;
    *h = (struct half){reply->body, reply->bytes};
    reply->body = NULL;
    struct MHD_Response *out =
        MHD_create_response_from_callback(h->bytes, 16384, half_reader, h, half_free);
    if (!out)
        half_free(h);
    return out;
}

static struct MHD_Response *whole_response(struct reply *reply)
{
    struct MHD_Response *out = MHD_create_response_from_buffer(
        reply->bytes, reply->body, reply->body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (out)
        reply->body = NULL;
    return out;
}

static enum MHD_Result answer(struct MHD_Connection *connection, struct reply *reply,
                              enum fault_kind kind)
{
    struct MHD_Response *out;

    if (kind == FAULT_HUGE)
        out = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, huge_reader, NULL, NULL);
    else if (kind == FAULT_TRUNCATE && reply->body)
        out = half_response(reply);
    else
        out = whole_response(reply);
    if (!out)
        return MHD_NO;
    if (reply->content_type)
        MHD_add_response_header(out, "Content-Type", reply->content_type);
    for (size_t i = 0; i < reply->extras; i++)
        MHD_add_response_header(out, reply->extra[i].name, reply->extra[i].value);
    enum MHD_Result rc = MHD_queue_response(connection, (unsigned)reply->status, out);
    MHD_destroy_response(out);
    return rc;
}

static void page_reply(const struct fault *f, struct reply *reply)
{
    const char *text = json_string_value(json_object_get(f->rule, "text"));
    const char *type = json_string_value(json_object_get(f->rule, "type"));
    const json_t *after = json_object_get(f->rule, "retry_after");
    char seconds[24];

    // A reply's type is a literal, so a rule chooses between these.
    reply_text(reply, f->status, type && strstr(type, "json") ? "application/json" : "text/html",
               text ? text : "<html><body>Trouble.</body></html>\n");
    if (f->status == 429 || after) {
        snprintf(seconds, sizeof seconds, "%lld", after ? (long long)json_integer_value(after) : 1);
        reply_header(reply, "Retry-After", seconds);
    }
}

// What the client gets instead of the answer that there may be.
static void faulty_reply(const struct server *s, const struct fault *f, struct reply *reply)
{
    const char *text = json_string_value(json_object_get(f->rule, "text"));

    if (f->kind == FAULT_STATUS) {
        page_reply(f, reply);
    } else if (f->kind == FAULT_PROBLEM) {
        s->service.problem(reply, text ? text : "This is refused.");
    } else if (f->kind == FAULT_GARBAGE) {
        reply_text(reply, 200, "application/json", "\x01\xff{<<garbage\xfe>>]\x02 not an answer");
    } else if (f->kind == FAULT_HUGE) {
        reply->status = 200;
        reply->content_type = "application/json";
    } else if (f->kind == FAULT_BEND && bend_reply(reply, f->rule) != 0) {
        reply_text(reply, 500, "text/plain", "out of memory\n");
    }
}

// A request of the vendor's own interface. MHD_NO makes the library close the connection without
// an answer.
static enum MHD_Result serve_vendor(struct server *s, struct MHD_Connection *connection,
                                    const struct request *req, bool writes)
{
    struct reply reply = {0};
    struct fault f = faults_next(s->faults, req, writes);
    enum MHD_Result rc = MHD_NO;
    bool silent = f.kind == FAULT_LOSE || f.kind == FAULT_HANG;

    if (f.before_ms > 0)
        pause_ms(s, f.before_ms);
    if (f.apply)
        handle(s, req, &reply);
    if (reply.operation)
        tally_operation(s->tally, reply.operation);
    if (writes)
        tally_write(s->tally, reply.operation ? reply.operation : req->path, f.apply, !silent,
                    reply.status);
    if (f.after_ms > 0)
        pause_ms(s, f.after_ms);
    if (f.kind == FAULT_HANG)
        pause_ms(s, HANG_SECONDS * 1000L);
    faulty_reply(s, &f, &reply);
    if (!silent)
        rc = answer(connection, &reply, f.kind);
    reply_clear(&reply);
    fault_done(&f);
    return rc;
}

static enum MHD_Result serve(struct server *s, struct MHD_Connection *connection,
                             const struct request *req)
{
    struct reply reply = {0};

    if (strncmp(req->path, "/_sandbox/", 10) != 0) {
        bool writes = s->service.writes(req);
        tally_begin(s->tally, writes);
        if (s->latency_ms > 0)
            pause_ms(s, s->latency_ms);
        enum MHD_Result rc = serve_vendor(s, connection, req, writes);
        tally_end(s->tally, writes);
        return rc;
    }
    if (!own_endpoint(s, req, &reply))
        handle(s, req, &reply);
    enum MHD_Result rc = answer(connection, &reply, FAULT_NONE);
    reply_clear(&reply);
    return rc;
}

// ---- microhttpd -------------------------------------------------------------------------

static enum MHD_Result take_pair(void *arg, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    struct exchange *x = arg;
    bool header = kind == MHD_HEADER_KIND;
    size_t *n = header ? &x->header_count : &x->queries;

    if (*n == MAX_PAIRS)
        return MHD_NO;
    // Both are only ever read through the const view of struct request.
    (header ? x->headers : x->query)[(*n)++] =
        (struct pair){(char *)(uintptr_t)name, (char *)(uintptr_t)(value ? value : "")};
    return MHD_YES;
}

static void take_body(struct exchange *x, const char *data, size_t bytes)
{
    if (x->bytes + bytes > MAX_BODY)
        x->too_big = true;
    if (x->too_big || x->no_memory)
        return;
    if (x->bytes + bytes + 1 > x->room) {
        size_t room = (x->bytes + bytes + 1) * 2;
        char *more = realloc(x->body, room);
        if (!more) {
            x->no_memory = true;
            return;
        }
        x->body = more;
        x->room = room;
    }
    memcpy(x->body + x->bytes, data, bytes);
    x->bytes += bytes;
    x->body[x->bytes] = '\0';
}

static enum MHD_Result refuse(struct MHD_Connection *connection, int status)
{
    struct reply reply = {.status = status};
    return answer(connection, &reply, FAULT_NONE);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_bytes, void **context)
{
    struct server *s = arg;
    struct exchange *x = *context;

    (void)version;
    if (!x) {
        *context = calloc(1, sizeof *x);
        return *context ? MHD_YES : MHD_NO;
    }
    if (*data_bytes) {
        take_body(x, data, *data_bytes);
        *data_bytes = 0;
        return MHD_YES;
    }
    if (x->too_big || x->no_memory)
        return refuse(connection, x->too_big ? 413 : 500);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_pair, x);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_pair, x);
    const struct request req = {.method = method,
                                .path = url,
                                .query = x->query,
                                .queries = x->queries,
                                .headers = x->headers,
                                .header_count = x->header_count,
                                .body = x->body ? x->body : "",
                                .body_bytes = x->bytes};
    return serve(s, connection, &req);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *context;
    (void)arg, (void)connection, (void)code;
    if (x)
        free(x->body);
    free(x);
    *context = NULL;
}

static char *load(const char *file)
{
    FILE *in = fopen(file, "r");
    char *text = calloc(1, 65537);
    if (!in || !text || fread(text, 1, 65536, in) == 0) {
        free(text);
        text = NULL;
    }
    if (in)
        fclose(in);
    return text;
}

static struct MHD_Daemon *start_daemon(struct server *s)
{
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)s->service.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, s->key},
                                   {MHD_OPTION_END, 0, NULL}};

    if (s->cert)
        flags |= MHD_USE_TLS;
    else
        tls[0].option = MHD_OPTION_END;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR,
                            (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED,
                            on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT, 512U,
                            MHD_OPTION_CONNECTION_TIMEOUT, 120U, MHD_OPTION_ARRAY, tls,
                            MHD_OPTION_END);
}

struct server *server_start(const struct options *options, const struct service *service)
{
    struct server *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->service = *service;
    s->latency_ms = options->latency_ms;
    pthread_mutex_init(&s->state, NULL);
    pthread_mutex_init(&s->own, NULL);
    pthread_cond_init(&s->wake, NULL);
    s->faults = faults_new();
    s->tally = tally_new();
    if (!s->faults || !s->tally) {
        server_stop(s);
        return NULL;
    }
    if (options->tls_cert_file) {
        s->cert = load(options->tls_cert_file);
        s->key = load(options->tls_key_file);
    }
    if (options->tls_cert_file && (!s->cert || !s->key)) {
        fprintf(stderr, "koppel-sandbox: cannot read the certificate or its key\n");
    } else {
        s->daemon = start_daemon(s);
        if (s->daemon)
            return s;
        fprintf(stderr, "koppel-sandbox: cannot listen on port %d\n", service->port);
    }
    server_stop(s);
    return NULL;
}

void server_stop(struct server *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->own);
    s->stopping = true;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->own);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    faults_free(s->faults);
    tally_free(s->tally);
    free(s->cert);
    free(s->key);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->own);
    pthread_mutex_destroy(&s->state);
    free(s);
}

int server_port(const struct server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}
