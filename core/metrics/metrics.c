/* SPDX-License-Identifier: MIT
 * The listener of metrics and probes. One thread keeps it where the configuration says; a thread
 * per connection answers. */
#include "metrics/metrics.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "metrics/metrics_server.h"

#define RETRY_MS 10000 /* where an address is taken */

struct metrics {
    struct engine *engine;
    struct events_reader *events;
    struct metrics_server *server; /* of the thread alone, as is what follows */
    char *address;                 /* where it should be; NULL: nowhere */
    bool told;                     /* that it is not to be had */
    int stop_fd;
    pthread_t thread;
};

static void listen_there(struct metrics *m)
{
    struct koppel_error err = {0};
    m->server = metrics_server_open(m->engine, m->address, &err);
    if (m->server)
        log_info(LOG_ABOUT(.event = "metrics"), "metrics and probes on http://%s", m->address);
    else if (!m->told)
        log_error(LOG_ABOUT(.event = "metrics"),
                  "no metrics and probes, which is tried again: %s", err.text);
    m->told = !m->server;
}

/* Is the address another one than before? */
static void follow(struct metrics *m)
{
    struct generation *g = engine_hold(m->engine);
    const char *wanted = g->conf->metrics;
    bool same = wanted && m->address ? strcmp(wanted, m->address) == 0 : !wanted && !m->address;
    char *copy = wanted && !same ? strdup(wanted) : NULL;
    engine_let_go(m->engine, g);
    if (same)
        return;
    metrics_server_close(m->server);
    m->server = NULL;
    free(m->address);
    m->address = copy;
    m->told = false;
}

/* Sleeps until another configuration is active or it is to stop. */
static void *watch(void *arg)
{
    struct metrics *m = arg;
    struct pollfd fds[2] = {{.fd = m->stop_fd, .events = POLLIN},
                            {.fd = events_fd(m->events), .events = POLLIN}};
    follow(m);
    while (!(fds[0].revents & POLLIN)) {
        struct events_event event;
        bool reload = false, missed = false;
        while (events_next(m->events, &event, &missed)) {
            reload = reload || missed || event.kind == EVENTS_RELOAD;
            free(event.body);
        }
        if (reload)
            follow(m);
        if (m->address && !m->server)
            listen_there(m);
        if (poll(fds, 2, m->address && !m->server ? RETRY_MS : -1) < 0 && errno != EINTR)
            break;
    }
    metrics_server_close(m->server);
    return NULL;
}

static void release(struct metrics *m)
{
    if (m->events)
        events_close(m->events);
    if (m->stop_fd >= 0)
        close(m->stop_fd);
    free(m->address);
    free(m);
}

struct metrics *metrics_open(struct engine *e, struct koppel_error *err)
{
    struct metrics *m = calloc(1, sizeof *m);
    if (!m) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    m->engine = e;
    m->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m->events = events_open(e->events, -1);
    if (m->stop_fd >= 0 && m->events && thread_start(&m->thread, watch, m) == 0)
        return m;
    err_set(err, KOPPEL_E_RETRY, "metrics: no thread could be started");
    release(m);
    return NULL;
}

void metrics_close(struct metrics *m)
{
    uint64_t one = 1;
    if (!m)
        return;
    if (write(m->stop_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the thread of the metrics is awake already");
    pthread_join(m->thread, NULL);
    release(m);
}
