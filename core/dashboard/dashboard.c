/* SPDX-License-Identifier: MIT
 * The pages of an engine that serves, where the configuration says. */
#include "dashboard/dashboard.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "config/conf_dashboard.h"
#include "config/conf_held.h"
#include "dashboard/dashboard_server.h"
#include "service/accounts.h"
#include "service/claims.h"

#define LOOK_MS 10000 /* at what alerts are made of, and at an address that is taken */

struct dashboard {
    struct engine *engine;
    struct service_source source;
    struct events_reader *events;
    struct dashboard_server *server; /* of the thread alone, as is what follows */
    struct conf_held *held;          /* the memory of conf; NULL: nothing is followed yet */
    struct conf_dashboard conf;
    struct timespec changed[2];      /* certificate and key, when they were read */
    bool told;                       /* that the address is not to be had */
    int stop_fd;
    pthread_t thread;
};

/* Where the pages are; NULL: nowhere now. */
static void note_address(struct dashboard *d, const char *address)
{
    struct koppel_error err = {0};
    struct store *s = d->engine->store;
    if (s->ops->note_put_soon(s, CLAIMS_ADDRESS_NOTE, address, &err) != 0)
        log_warning(LOG_ABOUT(.event = "dashboard"), "koppel user claim will not know it: %s",
                    err.text);
}

/* Whoever can read the log of the engine may make the first user. */
static void offer_claim(struct dashboard *d, const char *address)
{
    struct koppel_error err = {0};
    char token[CLAIMS_TOKEN_BYTES];
    bool any = true;
    if (accounts_any(d->engine->store, &any, &err) != 0 ||
        (!any && claims_new(d->engine->store, token, &err) != 0))
        log_warning(LOG_ABOUT(.event = "dashboard"), "no link for the first user: %s", err.text);
    else if (!any)
        log_info(LOG_ABOUT(.event = "dashboard"),
                 "make the first user within an hour: %s/#claim=%s", address, token);
    sodium_memzero(token, sizeof token);
}

/* When certificate and key were written last. true: not when they were read. */
static bool see_files(struct dashboard *d)
{
    const char *const paths[] = {d->conf.cert, d->conf.key};
    bool other = false;
    for (int i = 0; i < 2; i++) {
        struct stat st = {0};
        if (paths[i])
            (void)stat(paths[i], &st);
        other = other || st.st_mtim.tv_sec != d->changed[i].tv_sec ||
                st.st_mtim.tv_nsec != d->changed[i].tv_nsec;
        d->changed[i] = st.st_mtim;
    }
    return other;
}

static void listen_there(struct dashboard *d)
{
    struct koppel_error err = {0};
    (void)see_files(d);
    d->server = dashboard_server_open(d->engine, &d->source, &d->conf, &err);
    if (d->server) {
        const char *address = dashboard_server_address(d->server);
        /* before koppel user claim knows the address: its link is the newer one, and holds */
        offer_claim(d, address);
        note_address(d, address);
        log_info(LOG_ABOUT(.event = "dashboard"), "the dashboard is at %s", address);
    } else if (!d->told) {
        log_warning(LOG_ABOUT(.event = "dashboard"), "no dashboard, which is tried again: %s",
                    err.text);
    }
    d->told = !d->server;
}

static void leave(struct dashboard *d)
{
    if (d->server)
        note_address(d, NULL);
    dashboard_server_close(d->server);
    d->server = NULL;
    d->told = false;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool same_group(const struct conf_dashboard *a, const struct conf_dashboard *b)
{
    bool all = same(a->listen, b->listen) && same(a->url, b->url) && same(a->cert, b->cert) &&
               same(a->key, b->key) && a->edit == b->edit && a->proxy_count == b->proxy_count;
    for (int i = 0; all && i < a->proxy_count; i++)
        all = strcmp(a->proxies[i], b->proxies[i]) == 0;
    return all;
}

static const char *copy(struct conf_held **held, const char *text)
{
    return text ? conf_held_copy(held, text) : NULL;
}

/* Takes over what is set, which lives no longer than its configuration. */
static void take(struct dashboard *d, const struct conf_dashboard *from)
{
    const char **proxies = conf_held_alloc(&d->held,
                                           sizeof *proxies * (size_t)(from->proxy_count + 1));
    d->conf = (struct conf_dashboard){
        .listen = copy(&d->held, from->listen), .url = copy(&d->held, from->url),
        .cert = copy(&d->held, from->cert), .key = copy(&d->held, from->key),
        .proxies = proxies, .proxy_count = from->proxy_count, .edit = from->edit};
    for (int i = 0; i < from->proxy_count; i++)
        proxies[i] = copy(&d->held, from->proxies[i]);
}

/* Is it to be somewhere else, or by another name? */
static void follow(struct dashboard *d)
{
    struct generation *g = engine_hold(d->engine);
    if (!d->held || !same_group(g->conf->dashboard, &d->conf)) {
        leave(d);
        conf_held_free(d->held);
        d->held = NULL;
        take(d, g->conf->dashboard);
    }
    engine_let_go(d->engine, g);
}

/* Sleeps until another configuration is active or it is to stop. */
static void *watch(void *arg)
{
    struct dashboard *d = arg;
    struct pollfd fds[2] = {{.fd = d->stop_fd, .events = POLLIN},
                            {.fd = events_fd(d->events), .events = POLLIN}};
    follow(d);
    while (!(fds[0].revents & POLLIN)) {
        struct events_event event;
        bool reload = false, missed = false;
        while (events_next(d->events, &event, &missed)) {
            reload = reload || missed || event.kind == EVENTS_RELOAD;
            free(event.body);
        }
        if (reload)
            follow(d);
        if (d->server && d->conf.cert && see_files(d))
            leave(d); /* a certificate that was renewed */
        if (d->conf.listen && !d->server)
            listen_there(d);
        if (d->server)
            dashboard_server_look(d->server);
        if (poll(fds, 2, d->conf.listen ? LOOK_MS : -1) < 0 && errno != EINTR)
            break;
    }
    leave(d);
    conf_held_free(d->held);
    return NULL;
}

static void release(struct dashboard *d)
{
    if (d->events)
        events_close(d->events);
    if (d->stop_fd >= 0)
        close(d->stop_fd);
    free(d);
}

struct dashboard *dashboard_open(struct engine *e, const struct service_source *source,
                                 struct koppel_error *err)
{
    struct dashboard *d = calloc(1, sizeof *d);
    if (!d) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    d->engine = e;
    d->source = *source;
    d->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    d->events = events_open(e->events, -1);
    if (d->stop_fd >= 0 && d->events && thread_start(&d->thread, watch, d) == 0)
        return d;
    err_set(err, KOPPEL_E_RETRY, "dashboard: no thread could be started");
    release(d);
    return NULL;
}

void dashboard_close(struct dashboard *d)
{
    uint64_t one = 1;
    if (!d)
        return;
    if (write(d->stop_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the thread of the dashboard is awake already");
    pthread_join(d->thread, NULL);
    release(d);
}
