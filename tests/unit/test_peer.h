/* SPDX-License-Identifier: MIT
 * A small HTTP peer for the tests: plain sockets on 127.0.0.1, one thread per connection, so that a
 * test decides on every byte of an answer, and on none at all. */
#ifndef KOPPEL_TESTS_TEST_PEER_H
#define KOPPEL_TESTS_TEST_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER_CONNECTIONS 64
#define PEER_REQUEST_BYTES 65536

struct peer;

struct peer_request {
    struct peer *peer;
    int fd;
    int nth;            /* of this peer, from 1 */
    const char *target; /* path and query */
    const char *method;
    const char *head, *body;
};

struct peer {
    int fd, port;
    int (*serve)(const struct peer_request *r); /* -1: close the connection */
    void *arg;
    atomic_int requests, connections, active, most_active;
    atomic_bool stopping;
    pthread_t accepting, threads[PEER_CONNECTIONS];
    int fds[PEER_CONNECTIONS];
};

struct peer_client {
    struct peer *peer;
    int fd;
};

static inline int peer_send(int fd, const char *text, size_t bytes)
{
    return send(fd, text, bytes, MSG_NOSIGNAL) == (ssize_t)bytes ? 0 : -1;
}

/* extra: further header lines, each with its CR LF. */
static inline int peer_answer(const struct peer_request *r, int status, const char *extra,
                              const char *body)
{
    char head[1024];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                     "%s\r\n", status, strlen(body), extra);

    if (peer_send(r->fd, head, (size_t)n) != 0)
        return -1;
    return body[0] ? peer_send(r->fd, body, strlen(body)) : 0;
}

/* Sleeps, but not past the end of the test. */
static inline void peer_sleep(const struct peer_request *r, int ms)
{
    for (; ms > 0 && !atomic_load(&r->peer->stopping); ms -= 10)
        usleep(10000);
}

static inline int peer_one(struct peer *p, int fd, char *text)
{
    size_t n = 0, want = 0;
    char *end = NULL;

    for (;;) {
        ssize_t got = recv(fd, text + n, PEER_REQUEST_BYTES - n, 0);

        if (got <= 0)
            return -1;
        n += (size_t)got;
        text[n] = '\0';
        if (!end && (end = strstr(text, "\r\n\r\n")) != NULL) {
            const char *length = strcasestr(text, "\r\ncontent-length:");

            want = (size_t)(end + 4 - text);
            if (length && length < end)
                want += strtoul(length + 17, NULL, 10);
            *end = '\0';
        }
        if (end && n >= want)
            break;
    }
    struct peer_request r = {.peer = p, .fd = fd, .head = text, .method = text, .body = end + 4};
    char *target = strchr(text, ' ');
    *target++ = '\0';
    char *stop = strchr(target, ' ');
    *stop = '\0';
    r.head = stop + 1;
    r.target = target;
    r.nth = atomic_fetch_add(&p->requests, 1) + 1;
    int active = atomic_fetch_add(&p->active, 1) + 1;
    if (active > atomic_load(&p->most_active))
        atomic_store(&p->most_active, active);
    int rc = p->serve(&r);
    atomic_fetch_sub(&p->active, 1);
    return rc;
}

static inline void *peer_connection(void *arg)
{
    struct peer_client *c = arg;
    char *text = malloc(PEER_REQUEST_BYTES + 1);

    while (text && peer_one(c->peer, c->fd, text) == 0)
        continue;
    shutdown(c->fd, SHUT_RDWR);
    free(text);
    free(c);
    return NULL;
}

static inline void *peer_accept(void *arg)
{
    struct peer *p = arg;

    while (!atomic_load(&p->stopping)) {
        struct pollfd f = {.fd = p->fd, .events = POLLIN};

        if (poll(&f, 1, 20) <= 0 || p->connections >= PEER_CONNECTIONS)
            continue;
        struct peer_client *c = malloc(sizeof *c);
        int n = p->connections;

        *c = (struct peer_client){p, accept(p->fd, NULL, NULL)};
        p->fds[n] = c->fd;
        pthread_create(&p->threads[n], NULL, peer_connection, c);
        atomic_fetch_add(&p->connections, 1);
    }
    return NULL;
}

static inline void peer_start(struct peer *p, int (*serve)(const struct peer_request *), void *arg)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;

    memset(p, 0, sizeof *p);
    p->serve = serve;
    p->arg = arg;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->fd < 0 || bind(p->fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(p->fd, 64) != 0 ||
        getsockname(p->fd, (struct sockaddr *)&a, &size) != 0)
        abort();
    p->port = ntohs(a.sin_port);
    pthread_create(&p->accepting, NULL, peer_accept, p);
}

static inline void peer_stop(struct peer *p)
{
    atomic_store(&p->stopping, true);
    pthread_join(p->accepting, NULL);
    for (int i = 0; i < p->connections; i++) {
        shutdown(p->fds[i], SHUT_RDWR);
        pthread_join(p->threads[i], NULL);
        close(p->fds[i]);
    }
    close(p->fd);
}

#endif
