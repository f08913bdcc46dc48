/* SPDX-License-Identifier: MIT
 * The answering end of the socket. One thread accepts and sees who has gone; a thread per question
 * answers it. */
#include "service/service_socket.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "service/service_wire.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

#define PEERS_MAX 32
#define FIRST_LINE_MS 5000 /* how long a peer may take to say what it wants */
#define REFUSED_MS 200 /* the same for who is refused */
#define NAME_BYTES 64

struct peer {
    struct service_socket *socket;
    struct service_wire wire;
    char name[NAME_BYTES];
    pthread_t thread;
    bool used;        /* of the accepting thread alone */
    atomic_bool done; /* the thread is through */
    atomic_bool gone; /* the peer is, or the engine stops */
};

struct service_socket {
    struct service_source source;
    char *store_path;
    int fd, wake_fd;
    pthread_t thread;
    atomic_bool stop;
    struct peer peers[PEERS_MAX];
};

/* ---- a question ---- */

static int tell(void *arg, const json_t *progress)
{
    struct peer *p = arg;
    if (atomic_load(&p->gone))
        return -1;
    return service_wire_write(&p->wire, json_pack("{s:O}", "tell", progress));
}

static int check_version(const json_t *line, struct koppel_error *err)
{
    const char *version = json_string_value(json_object_get(line, "version"));
    if (version && strcmp(version, KOPPEL_VERSION) == 0)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, "engine.version",
                      "the engine that runs is version " KOPPEL_VERSION ", this is %s; restart it",
                      version ? version : "another");
}

static int answer(struct peer *p, const json_t *line, json_t **out, struct koppel_error *err)
{
    const char *name = json_string_value(json_object_get(line, "ask"));
    const json_t *in = json_object_get(line, "in");
    const struct service_row *row = name ? service_find(name) : NULL;
    const struct service_source *source = &p->socket->source;
    struct service_who who = {p->name, SERVICE_ADMIN, "cli", NULL, false};
    struct service_ask ask = {.who = &who, .in = in, .tell = tell, .arg = p, .stop = &p->gone};
    struct service s = {0};
    if (check_version(line, err) != 0)
        return -1;
    if (!row || !json_is_object(in))
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no question \"%s\"",
                          name ? name : "");
    if (source->take(source->arg, row, &s, err) != 0)
        return -1;
    int rc = service_call(row, &s, &ask, out, err);
    source->give(source->arg, &s);
    return rc;
}

static void *serve_peer(void *arg)
{
    struct peer *p = arg;
    struct koppel_error err = {0};
    struct pollfd first = {.fd = p->wire.fd, .events = POLLIN};
    json_t *out = NULL;
    json_t *line = poll(&first, 1, FIRST_LINE_MS) == 1 ? service_wire_read(&p->wire) : NULL;
    if (line) {
        int rc = answer(p, line, &out, &err);
        (void)service_wire_write(&p->wire, rc == 0 ? json_pack("{s:o}", "out", out)
                                                   : service_wire_error(&err));
    }
    json_decref(line);
    atomic_store(&p->done, true);
    uint64_t one = 1;
    if (write(p->socket->wake_fd, &one, sizeof one) < 0)
        return NULL; /* it is full, so the accepting thread is awake */
    return NULL;
}

/* ---- who asks ---- */

/* Only root and the user who runs the engine may ask. */
static bool may_ask(int fd, char name[NAME_BYTES])
{
    struct ucred who;
    socklen_t bytes = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &bytes) != 0 ||
        (who.uid != 0 && who.uid != geteuid()))
        return false;
    char buf[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(who.uid, &entry, buf, sizeof buf, &found) == 0 && found)
        snprintf(name, NAME_BYTES, "%s", found->pw_name);
    else
        snprintf(name, NAME_BYTES, "uid %u", (unsigned)who.uid);
    return true;
}

static void refuse(int fd, const char *why)
{
    struct service_wire w;
    struct koppel_error err = {0};
    struct pollfd question = {.fd = fd, .events = POLLIN};
    service_wire_init(&w, fd, SERVICE_WIRE_ASK_BYTES);
    /* what is not read when a socket closes takes the answer along */
    if (poll(&question, 1, REFUSED_MS) == 1)
        json_decref(service_wire_read(&w));
    err_set(&err, KOPPEL_E_RETRY, "%s", why);
    (void)service_wire_write(&w, service_wire_error(&err));
    service_wire_done(&w);
}

static struct peer *free_peer(struct service_socket *s)
{
    for (int i = 0; i < PEERS_MAX; i++) {
        if (!s->peers[i].used)
            return &s->peers[i];
    }
    return NULL;
}

static void accept_peer(struct service_socket *s)
{
    int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct peer *p = free_peer(s);
    char name[NAME_BYTES];
    if (!may_ask(fd, name)) {
        refuse(fd, "only root and the user who runs the engine may ask it");
        return;
    }
    if (!p) {
        refuse(fd, "too many ask the engine at once; try again");
        return;
    }
    *p = (struct peer){.socket = s, .used = true};
    memcpy(p->name, name, sizeof name);
    service_wire_init(&p->wire, fd, SERVICE_WIRE_ASK_BYTES);
    if (pthread_create(&p->thread, NULL, serve_peer, p) == 0)
        return;
    service_wire_done(&p->wire);
    p->used = false;
}

/* Takes the threads that are through. */
static void reap(struct service_socket *s)
{
    for (int i = 0; i < PEERS_MAX; i++) {
        struct peer *p = &s->peers[i];
        if (!p->used || !atomic_load(&p->done))
            continue;
        pthread_join(p->thread, NULL);
        service_wire_done(&p->wire);
        p->used = false;
    }
}

/* Sleeps until somebody comes or goes. */
static void *watch(void *arg)
{
    struct service_socket *s = arg;
    while (!atomic_load(&s->stop)) {
        struct pollfd fds[PEERS_MAX + 2] = {{.fd = s->fd, .events = POLLIN},
                                            {.fd = s->wake_fd, .events = POLLIN}};
        for (int i = 0; i < PEERS_MAX; i++) {
            struct peer *p = &s->peers[i];
            bool there = p->used && !atomic_load(&p->gone);
            fds[i + 2] = (struct pollfd){.fd = there ? p->wire.fd : -1, .events = POLLRDHUP};
        }
        if (poll(fds, PEERS_MAX + 2, -1) < 0)
            continue;
        uint64_t count;
        if (fds[1].revents & POLLIN && read(s->wake_fd, &count, sizeof count) < 0)
            continue;
        for (int i = 0; i < PEERS_MAX; i++) {
            if (fds[i + 2].revents & (POLLRDHUP | POLLHUP | POLLERR))
                atomic_store(&s->peers[i].gone, true);
        }
        reap(s);
        if (fds[0].revents & POLLIN)
            accept_peer(s);
    }
    return NULL;
}

/* ---- opening and closing ---- */

static int bind_beside(struct service_socket *s, struct koppel_error *err)
{
    struct sockaddr_un address;
    int folder = -1;
    s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int rc = s->fd >= 0 ? service_wire_address(s->store_path, &address, &folder) : -1;
    if (rc == 0) {
        /* that of an engine that was killed: this one has the store's lock */
        (void)unlink(address.sun_path);
        rc = fchmod(s->fd, 0600) == 0 && bind(s->fd, (struct sockaddr *)&address,
                                              sizeof address) == 0 && listen(s->fd, 16) == 0
                 ? 0 : -1;
    }
    if (rc != 0)
        err_set(err, KOPPEL_E_CONFIG, "no socket can be made beside %s: %s", s->store_path,
                strerror(errno));
    if (folder >= 0)
        close(folder);
    return rc;
}

struct service_socket *service_socket_open(const char *store_path,
                                           const struct service_source *source,
                                           struct koppel_error *err)
{
    struct service_socket *s = calloc(1, sizeof *s);
    if (!s) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    s->source = *source;
    s->store_path = strdup(store_path);
    s->fd = -1;
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!s->store_path || s->wake_fd < 0) {
        err_set(err, KOPPEL_E_RETRY, "no socket can be made");
    } else if (bind_beside(s, err) == 0) {
        if (thread_start(&s->thread, watch, s) == 0)
            return s;
        err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    }
    if (s->fd >= 0)
        close(s->fd);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    free(s->store_path);
    free(s);
    return NULL;
}

void service_socket_close(struct service_socket *s)
{
    struct sockaddr_un address;
    int folder;
    if (!s)
        return;
    uint64_t one = 1;
    atomic_store(&s->stop, true);
    if (write(s->wake_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the socket's thread is awake already");
    pthread_join(s->thread, NULL);
    if (service_wire_address(s->store_path, &address, &folder) == 0) {
        (void)unlink(address.sun_path);
        close(folder);
    }
    for (int i = 0; i < PEERS_MAX; i++) {
        struct peer *p = &s->peers[i];
        if (!p->used)
            continue;
        atomic_store(&p->gone, true);
        shutdown(p->wire.fd, SHUT_RD); /* who has not asked yet; an answer still leaves */
        pthread_join(p->thread, NULL);
        service_wire_done(&p->wire);
    }
    close(s->fd);
    close(s->wake_fd);
    free(s->store_path);
    free(s);
}
