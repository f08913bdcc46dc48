/* SPDX-License-Identifier: MIT
 * The thread that looks. */
#include "alert/alert.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "alert/alert_book_json.h"
#include "alert/alert_look.h"
#include "alert/alert_outbox.h"
#include "alert/alert_send.h"
#include "alert/alert_tell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#define LOOK_MS 15000
#define SOON_MS 1000 /* between two looks, however much happens */

struct alerts {
    struct engine *engine;
    struct events_reader *events;
    struct alert_send *sender;
    struct alert_look *look; /* of the thread alone, as is the next */
    bool failed;
    int stop_fd;
    pthread_t thread;
};

/* ---- a look ---- */

static int running(const struct conf *conf)
{
    int n = 0;
    for (int i = 0; conf->whole && i < conf->flow_count; i++)
        n += conf->flows[i].enabled;
    return n;
}

static void look(struct alerts *a)
{
    struct engine *e = a->engine;
    struct koppel_error err = {0};
    struct alert_findings found = {0};
    struct alert_tell_result told = {0};
    int64_t now = clock_now_ms();
    if (!e->store->ops->leads(e->store))
        return; /* one of the hosts that share a store tells */
    struct generation *g = engine_hold(e);
    int rc = alert_look_now(a->look, g, now, &found, &err);
    if (rc == 0)
        rc = alert_tell_turn(e->store, g->conf->alert, &found, running(g->conf), now, &told, &err);
    engine_let_go(e, g);
    alert_findings_done(&found);
    if (rc == 0 && told.changed)
        events_tell(e->events, EVENTS_ALERT, NULL, NULL);
    if (rc == 0)
        alert_send_wake(a->sender, told.turn, true);
    else if (!a->failed)
        log_warning(LOG_ABOUT(.event = "alert", .reason = err.reason),
                    "it could not be looked whether anything needs a person: %s", err.text);
    a->failed = rc != 0;
}

/* Does it say that anything may need a person now, or does so no more? */
static bool matters(enum events_kind kind)
{
    switch (kind) {
    case EVENTS_ENDED:
    case EVENTS_PAUSED:
    case EVENTS_RESUMED:
    case EVENTS_DOWN:
    case EVENTS_UP:
    case EVENTS_LOGIN:
    case EVENTS_RELOAD:
    case EVENTS_REJECTED:
        return true;
    default:
        return false;
    }
}

static bool drain(struct alerts *a)
{
    struct events_event event;
    bool any = false, missed = false;
    while (events_next(a->events, &event, &missed)) {
        any = any || missed || matters(event.kind);
        free(event.body);
    }
    return any;
}

/* Messages of a turn that never came are dropped; the look finds again what they told. */
static int begin(struct alerts *a, struct koppel_error *err)
{
    struct alert_book book = {0};
    int64_t rev = 0;
    int rc = alert_book_json_load(&book, a->engine->store, &rev, err);
    if (rc == 0)
        rc = alert_outbox_drop_after(a->engine->store, book.turn, err);
    alert_book_done(&book);
    return rc;
}

/* Sleeps until the next look is due, or something happens; looks; and over again. */
static void *watch(void *arg)
{
    struct alerts *a = arg;
    struct pollfd fds[2] = {{.fd = a->stop_fd, .events = POLLIN},
                            {.fd = events_fd(a->events), .events = POLLIN}};
    int64_t due = clock_monotonic_ms();
    while (!(fds[0].revents & POLLIN)) {
        int64_t left = due - clock_monotonic_ms();
        if (left <= 0) {
            look(a);
            due = clock_monotonic_ms() + LOOK_MS;
        } else if (poll(fds, 2, (int)left) < 0 && errno != EINTR) {
            break;
        }
        if (left > 0 && !(fds[1].revents & POLLIN))
            continue;
        /* much that happens, and what happened meanwhile, is one look */
        if (poll(fds, 1, SOON_MS) == 0 && drain(a))
            due = clock_monotonic_ms();
    }
    return NULL;
}

/* ---- opening and closing ---- */

static void release(struct alerts *a)
{
    alert_send_close(a->sender);
    events_close(a->events);
    alert_look_free(a->look);
    if (a->stop_fd >= 0)
        close(a->stop_fd);
    free(a);
}

struct alerts *alert_open(struct engine *e, struct koppel_error *err)
{
    struct alerts *a = calloc(1, sizeof *a);
    if (!a) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    a->engine = e;
    a->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    a->events = events_open(e->events, -1);
    a->look = alert_look_new(e, clock_now_ms());
    if (a->stop_fd < 0 || !a->events || !a->look)
        err_set(err, KOPPEL_E_RETRY, "alerts: out of memory");
    else if (begin(a, err) == 0 && (a->sender = alert_send_open(e, err)) &&
             thread_start(&a->thread, watch, a) == 0)
        return a;
    else if (err->kind == 0)
        err_set(err, KOPPEL_E_RETRY, "alerts: no thread could be started");
    release(a);
    return NULL;
}

void alert_close(struct alerts *a)
{
    uint64_t one = 1;
    if (!a)
        return;
    if (write(a->stop_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the thread of the alerts is awake already");
    pthread_join(a->thread, NULL);
    release(a);
}
