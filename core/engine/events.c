/* SPDX-License-Identifier: MIT
 * A ring of what happened, and who reads it. */
#include "engine/events.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_text.h"

/* Where a flow's movement was told last. */
struct mark {
    struct mark *next;
    int64_t id;
    char subject[EVENTS_SUBJECT_BYTES];
};

struct events_reader {
    struct events_reader *next;
    struct events *events;
    int64_t at; /* the next one to read */
    int fd;
};

struct events {
    pthread_mutex_t lock;
    int64_t last; /* the newest; 0: there is none */
    struct events_event ring[EVENTS_KEPT];
    struct events_reader *readers;
    struct mark *marks;
};

const char *events_kind_name(enum events_kind kind)
{
    static const char *const names[EVENTS_KINDS] = {
        [EVENTS_FLOW] = "flow",
        [EVENTS_BEGUN] = "run.begun",
        [EVENTS_ENDED] = "run.ended",
        [EVENTS_PAUSED] = "flow.paused",
        [EVENTS_RESUMED] = "flow.resumed",
        [EVENTS_DOWN] = "connection.down",
        [EVENTS_UP] = "connection.up",
        [EVENTS_LOGIN] = "connection.login",
        [EVENTS_RELOAD] = "config.active",
        [EVENTS_REJECTED] = "config.rejected",
        [EVENTS_REVISION] = "config.revision",
        [EVENTS_ALERT] = "alert",
        [EVENTS_TASK] = "task",
        [EVENTS_STOPPING] = "engine.stopping",
    };
    return names[kind];
}

struct events *events_new(void)
{
    struct events *e = calloc(1, sizeof *e);
    if (e)
        pthread_mutex_init(&e->lock, NULL);
    return e;
}

void events_free(struct events *e)
{
    if (!e)
        return;
    for (int i = 0; i < EVENTS_KEPT; i++)
        free(e->ring[i].body);
    for (struct mark *m = e->marks, *next; m; m = next) {
        next = m->next;
        free(m);
    }
    pthread_mutex_destroy(&e->lock);
    free(e);
}

static void make_readable(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void make_empty(int fd)
{
    uint64_t count;
    while (read(fd, &count, sizeof count) > 0)
        ;
}

/* ---- telling ---- */

static struct mark *mark_of(struct events *e, const char *subject)
{
    struct mark *m = e->marks;
    while (m && strcmp(m->subject, subject) != 0)
        m = m->next;
    if (m || !(m = calloc(1, sizeof *m)))
        return m;
    snprintf(m->subject, sizeof m->subject, "%s", subject);
    m->next = e->marks;
    e->marks = m;
    return m;
}

/* Is it told already, and nobody has read it? */
static bool is_unread(const struct events *e, const struct mark *m)
{
    if (m->id == 0 || m->id <= e->last - EVENTS_KEPT)
        return false;
    for (const struct events_reader *r = e->readers; r; r = r->next) {
        if (r->at > m->id)
            return false;
    }
    return true;
}

/* Adds one; the body is taken. Gives back what is to be freed. */
static char *add(struct events *e, enum events_kind kind, const char *subject, char *body_take)
{
    pthread_mutex_lock(&e->lock);
    struct mark *mark = kind == EVENTS_FLOW ? mark_of(e, subject) : NULL;
    if (mark && is_unread(e, mark)) {
        pthread_mutex_unlock(&e->lock);
        return body_take;
    }
    struct events_event *at = &e->ring[++e->last % EVENTS_KEPT];
    char *gone = at->body;
    if (mark && mark->id > e->last - EVENTS_KEPT && mark->id > 0)
        e->ring[mark->id % EVENTS_KEPT].again = true;
    *at = (struct events_event){.id = e->last, .at_ms = clock_now_ms(), .kind = kind,
                                .body = body_take};
    snprintf(at->subject, sizeof at->subject, "%s", subject ? subject : "");
    if (mark)
        mark->id = e->last;
    for (struct events_reader *r = e->readers; r; r = r->next) {
        if (r->at == e->last)
            make_readable(r->fd);
    }
    pthread_mutex_unlock(&e->lock);
    return gone;
}

void events_tell(struct events *e, enum events_kind kind, const char *subject, json_t *body_take)
{
    if (e)
        free(add(e, kind, subject, body_take ? json_text(body_take, false, NULL) : NULL));
    json_decref(body_take);
}

/* ---- reading ---- */

struct events_reader *events_open(struct events *e, int64_t after)
{
    struct events_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->events = e;
    r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->fd < 0) {
        free(r);
        return NULL;
    }
    pthread_mutex_lock(&e->lock);
    r->at = after >= 0 && after <= e->last ? after + 1 : e->last + 1;
    r->next = e->readers;
    e->readers = r;
    if (r->at <= e->last)
        make_readable(r->fd);
    pthread_mutex_unlock(&e->lock);
    return r;
}

void events_close(struct events_reader *r)
{
    if (!r)
        return;
    struct events *e = r->events;
    pthread_mutex_lock(&e->lock);
    struct events_reader **at = &e->readers;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    pthread_mutex_unlock(&e->lock);
    close(r->fd);
    free(r);
}

int events_fd(const struct events_reader *r)
{
    return r->fd;
}

bool events_next(struct events_reader *r, struct events_event *out, bool *missed)
{
    struct events *e = r->events;
    pthread_mutex_lock(&e->lock);
    *missed = r->at <= e->last - EVENTS_KEPT;
    if (*missed)
        r->at = e->last - EVENTS_KEPT + 1;
    while (r->at < e->last && e->ring[r->at % EVENTS_KEPT].again)
        r->at++;
    bool any = r->at <= e->last;
    if (any) {
        *out = e->ring[r->at++ % EVENTS_KEPT];
        out->body = out->body ? strdup(out->body) : NULL;
    }
    if (r->at > e->last)
        make_empty(r->fd);
    pthread_mutex_unlock(&e->lock);
    return any;
}
