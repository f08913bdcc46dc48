/* SPDX-License-Identifier: MIT
 * Server-sent events. One thread reads what happens and puts it into the buffer of each stream; the
 * HTTP library's thread takes it from there. A stream with nothing to send is suspended.
 *
 * The library sees only by writing that a browser has gone, so the remark every 15 s is what finds
 * those. Who reads too slowly is ended: the browser comes back and asks for what it missed. */
#include "dashboard/dashboard_stream.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/meter.h"
#include "base/thread.h"
#include "dashboard/dashboard_mask.h"
#include "service/sessions.h"

#define STREAMS_MAX 256
#define PER_SESSION 12
#define PENDING_BYTES (256 * 1024) /* of one stream; a whole ring of events fits */
#define BLOCK_BYTES 4096
#define REMARK_MS 15000
#define APART_MS 500 /* between two looks */
#define EPOCH_BYTES 20

struct dashboard_stream {
    struct dashboard_stream *next;
    struct dashboard_streams *all;
    char session[SESSIONS_ID_BYTES];
    int64_t seen; /* events up to this one are in the buffer already */
    struct buf pending;
    struct MHD_Connection *connection; /* NULL: there is no response yet */
    bool suspended, ended;
    bool whole; /* its user may see personal data */
};

struct dashboard_streams {
    struct engine *engine;
    struct events_reader *events; /* of the thread alone */
    char epoch[EPOCH_BYTES];      /* of this process: its events count from 1 */
    int wake_fd;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    bool stopped;
    int64_t last; /* the event that was handed out last */
    int count;
    struct dashboard_stream *first;
};

/* ---- buffers; the caller holds the lock ---- */

static void resume(struct dashboard_stream *one)
{
    if (one->suspended)
        MHD_resume_connection(one->connection);
    one->suspended = false;
}

static void end(struct dashboard_stream *one)
{
    one->ended = true;
    resume(one);
}

static void add(struct dashboard_stream *one, const char *text)
{
    if (buf_add_text(&one->pending, text) != 0)
        one->ended = true; /* it is too slow */
    resume(one);
}

/* ---- texts ---- */

/* An event as it is sent to who may see personal data, or may not; NULL: no memory. */
static char *text_of(const struct dashboard_streams *s, const struct events_event *e, bool whole)
{
    char at[CLOCK_TEXT_BYTES], *text = NULL;
    clock_format(e->at_ms, at);
    json_t *body = e->body ? json_read_text(e->body, NULL) : json_null();
    if (!whole)
        dashboard_mask(body);
    json_t *data = json_pack("{s:s,s:o,s:o}", "at", at, "subject",
                             json_string_nocheck(e->subject), "body", body);
    char *line = data ? json_text(data, false, NULL) : NULL;
    json_decref(data);
    if (line && asprintf(&text, "id: %s-%lld\nevent: %s\ndata: %s\n\n", s->epoch,
                         (long long)e->id, events_kind_name(e->kind), line) < 0)
        text = NULL;
    free(line);
    return text;
}

#define RESET "event: reset\ndata: {}\n\n"

/* ---- the thread ---- */

static void hand_out_reset(struct dashboard_streams *s)
{
    pthread_mutex_lock(&s->lock);
    for (struct dashboard_stream *one = s->first; one; one = one->next)
        add(one, RESET);
    pthread_mutex_unlock(&s->lock);
}

struct alive {
    json_t *ids;
};

static int note_alive(void *arg, const struct sessions_one *one)
{
    struct alive *a = arg;
    return json_object_set_new(a->ids, one->id, json_true());
}

/* Ends the streams of sessions that are over; the others get a remark, unless it is NULL. */
static void look_at_sessions(struct dashboard_streams *s, const char *remark)
{
    struct koppel_error err = {0};
    struct alive a = {json_object()};
    bool known = a.ids && dashboard_stream_count(s) > 0 &&
                 sessions_each(s->engine->store, note_alive, &a, &err) == 0;
    pthread_mutex_lock(&s->lock);
    for (struct dashboard_stream *one = s->first; one; one = one->next) {
        if (known && !json_object_get(a.ids, one->session))
            end(one);
        else if (remark)
            add(one, remark);
    }
    pthread_mutex_unlock(&s->lock);
    json_decref(a.ids);
}

static void hand_out(struct dashboard_streams *s, const struct events_event *e)
{
    char *texts[2] = {text_of(s, e, false), text_of(s, e, true)};
    /* a right to see persons that was taken ended the sessions, perhaps a moment ago */
    if (texts[0] && texts[1] && strcmp(texts[0], texts[1]) != 0)
        look_at_sessions(s, NULL);
    pthread_mutex_lock(&s->lock);
    s->last = e->id;
    for (struct dashboard_stream *one = s->first; one; one = one->next) {
        if (e->id > one->seen && texts[one->whole] && !one->ended)
            add(one, texts[one->whole]);
    }
    pthread_mutex_unlock(&s->lock);
    free(texts[0]);
    free(texts[1]);
}

/* true: there was something. */
static bool look(struct dashboard_streams *s)
{
    struct events_event event;
    bool missed = false, any = false;
    while (events_next(s->events, &event, &missed)) {
        any = true;
        if (missed)
            hand_out_reset(s);
        hand_out(s, &event);
        free(event.body);
    }
    return any;
}

static void *watch(void *arg)
{
    struct dashboard_streams *s = arg;
    struct pollfd fds[2] = {{.fd = s->wake_fd, .events = POLLIN},
                            {.fd = events_fd(s->events), .events = POLLIN}};
    int64_t remark = clock_monotonic_ms() + REMARK_MS;
    bool apart = false;
    for (;;) {
        int64_t left = remark - clock_monotonic_ms();
        if (left <= 0) {
            look_at_sessions(s, ": \n\n");
            remark = clock_monotonic_ms() + REMARK_MS;
            continue;
        }
        int n = poll(fds, apart ? 1 : 2, apart && left > APART_MS ? APART_MS : (int)left);
        if (n < 0 && errno != EINTR)
            break;
        if (fds[0].revents & POLLIN)
            break;
        apart = apart ? false : look(s);
    }
    return NULL;
}

/* ---- start and end ---- */

struct dashboard_streams *dashboard_stream_start(struct engine *e, struct koppel_error *err)
{
    struct dashboard_streams *s = calloc(1, sizeof *s);
    if (!s) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->engine = e;
    pthread_mutex_init(&s->lock, NULL);
    snprintf(s->epoch, sizeof s->epoch, "%llx", (unsigned long long)clock_now_ms());
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->events = events_open(e->events, -1);
    if (s->wake_fd >= 0 && s->events && thread_start(&s->thread, watch, s) == 0)
        return s;
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    s->stopped = true;
    dashboard_stream_free(s);
    return NULL;
}

void dashboard_stream_stop(struct dashboard_streams *s)
{
    uint64_t one = 1;
    pthread_mutex_lock(&s->lock);
    bool before = s->stopped;
    s->stopped = true;
    for (struct dashboard_stream *at = s->first; at; at = at->next)
        end(at);
    pthread_mutex_unlock(&s->lock);
    if (before)
        return;
    if (write(s->wake_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the thread of the events is awake already");
    pthread_join(s->thread, NULL);
}

void dashboard_stream_free(struct dashboard_streams *s)
{
    if (!s)
        return;
    if (s->events)
        events_close(s->events);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- a stream ---- */

/* What happened behind last_id, or that it cannot be told any more. */
static void catch_up(struct dashboard_stream *one, const char *last_id)
{
    struct dashboard_streams *s = one->all;
    size_t epoch = strlen(s->epoch);
    struct events_event event;
    bool missed = false;
    if (!*last_id)
        return;
    long long after = strncmp(last_id, s->epoch, epoch) == 0 && last_id[epoch] == '-'
                          ? strtoll(last_id + epoch + 1, NULL, 10) : -1;
    struct events_reader *r = after >= 0 ? events_open(s->engine->events, after) : NULL;
    if (!r) {
        add(one, RESET);
        return;
    }
    while (events_next(r, &event, &missed)) {
        char *text = text_of(s, &event, one->whole);
        if (missed)
            add(one, RESET);
        if (text)
            add(one, text);
        one->seen = event.id;
        free(text);
        free(event.body);
    }
    events_close(r);
}

static int count_of(const struct dashboard_streams *s, const char *session)
{
    int count = 0;
    for (const struct dashboard_stream *one = s->first; one; one = one->next)
        count += !one->ended && strcmp(one->session, session) == 0;
    return count;
}

struct dashboard_stream *dashboard_stream_open(struct dashboard_streams *s, const char *session,
                                               bool whole, const char *last_id)
{
    char hello[160];
    struct dashboard_stream *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    one->all = s;
    one->whole = whole;
    snprintf(one->session, sizeof one->session, "%s", session);
    buf_init(&one->pending, PENDING_BYTES);
    pthread_mutex_lock(&s->lock);
    bool taken = !s->stopped && s->count < STREAMS_MAX && count_of(s, session) < PER_SESSION;
    if (taken) {
        snprintf(hello, sizeof hello, "retry: 3000\nid: %s-%lld\nevent: hello\ndata: {}\n\n",
                 s->epoch, (long long)s->last);
        add(one, hello);
        catch_up(one, last_id);
        one->next = s->first;
        s->first = one;
        s->count++;
        meter_add(METER_STREAMS, NULL, NULL, NULL, 1);
    }
    pthread_mutex_unlock(&s->lock);
    if (taken)
        return one;
    buf_done(&one->pending);
    free(one);
    return NULL;
}

void dashboard_stream_close(struct dashboard_stream *one)
{
    if (!one)
        return;
    struct dashboard_streams *s = one->all;
    pthread_mutex_lock(&s->lock);
    struct dashboard_stream **at = &s->first;
    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    s->count--;
    meter_add(METER_STREAMS, NULL, NULL, NULL, -1);
    pthread_mutex_unlock(&s->lock);
    buf_done(&one->pending);
    free(one);
}

static ssize_t take(void *arg, uint64_t position, char *out, size_t room)
{
    struct dashboard_stream *one = arg;
    ssize_t n = 0;
    (void)position;
    pthread_mutex_lock(&one->all->lock);
    if (one->pending.bytes > 0) {
        n = (ssize_t)(one->pending.bytes < room ? one->pending.bytes : room);
        memcpy(out, one->pending.data, (size_t)n);
        memmove(one->pending.data, one->pending.data + n, one->pending.bytes - (size_t)n + 1);
        one->pending.bytes -= (size_t)n;
    } else if (one->ended) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        MHD_suspend_connection(one->connection);
        one->suspended = true;
    }
    pthread_mutex_unlock(&one->all->lock);
    return n;
}

static void finish(void *arg)
{
    dashboard_stream_close(arg);
}

struct MHD_Response *dashboard_stream_response(struct dashboard_stream *one_take,
                                               struct MHD_Connection *connection)
{
    pthread_mutex_lock(&one_take->all->lock);
    one_take->connection = connection;
    pthread_mutex_unlock(&one_take->all->lock);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, take, one_take, finish);
    if (!response)
        dashboard_stream_close(one_take);
    return response;
}

void dashboard_stream_end(struct dashboard_streams *s, const char *session)
{
    pthread_mutex_lock(&s->lock);
    for (struct dashboard_stream *one = s->first; one; one = one->next) {
        if (strcmp(one->session, session) == 0)
            end(one);
    }
    pthread_mutex_unlock(&s->lock);
}

int dashboard_stream_count(struct dashboard_streams *s)
{
    pthread_mutex_lock(&s->lock);
    int count = s->count;
    pthread_mutex_unlock(&s->lock);
    return count;
}
