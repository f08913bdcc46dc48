/* SPDX-License-Identifier: MIT
 * A very small web server for one visit: it listens on 127.0.0.1 only, reads no more than a request
 * line needs, and answers with fixed pages. Several connections are served at once: browsers
 * open some in advance and leave them silent. */
#include "oauth/oauth2_redirect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "oauth/oauth2_answer.h"

#define CLIENTS_MAX 8
#define REQUEST_MAX_BYTES 16384
#define CLIENT_MS 10000
#define TICK_MS 200

struct client {
    int fd; /* -1: free */
    size_t bytes;
    int64_t until_ms;
    char text[REQUEST_MAX_BYTES + 1];
};

struct oauth2_redirect {
    int fd, port;
    struct client clients[CLIENTS_MAX];
};

struct oauth2_redirect *oauth2_redirect_new(int port, struct koppel_error *err)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof a;
    int on = 1;
    struct oauth2_redirect *r = calloc(1, sizeof *r);
    if (!r) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    for (int i = 0; i < CLIENTS_MAX; i++)
        r->clients[i].fd = -1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (r->fd < 0 || setsockopt(r->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(r->fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(r->fd, CLIENTS_MAX) != 0 ||
        getsockname(r->fd, (struct sockaddr *)&a, &size) != 0) {
        err_set(err, KOPPEL_E_CONFIG, "cannot listen on 127.0.0.1 port %d: %s; choose another port",
                port, strerror(errno));
        oauth2_redirect_free(r);
        return NULL;
    }
    r->port = ntohs(a.sin_port);
    return r;
}

static void client_close(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    explicit_bzero(c->text, c->bytes); /* it may have held the code */
    c->bytes = 0;
}

void oauth2_redirect_free(struct oauth2_redirect *r)
{
    if (!r)
        return;
    for (int i = 0; i < CLIENTS_MAX; i++)
        client_close(&r->clients[i]);
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}

int oauth2_redirect_port(const struct oauth2_redirect *r)
{
    return r->port;
}

static void client_answer(struct client *c, const char *status, const char *words)
{
    char page[1024], head[512];
    int n = snprintf(page, sizeof page,
                     "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<title>Koppel</title></head><body><p>%s</p></body></html>\n", words);
    int m = snprintf(head, sizeof head,
                     "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                     "Content-Length: %d\r\nCache-Control: no-store\r\n"
                     "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
                     "Connection: close\r\n\r\n", status, n);
    /* A page this small fits the socket's buffer; a browser that is gone does not matter. */
    if (send(c->fd, head, (size_t)m, MSG_NOSIGNAL | MSG_MORE) == m)
        (void)!send(c->fd, page, (size_t)n, MSG_NOSIGNAL);
    shutdown(c->fd, SHUT_WR);
    client_close(c);
}

/* The redirect itself. *query: it is ours; the caller's to free. */
static int client_redirect(struct client *c, const char *text, const char *state, char **query,
                           struct koppel_error *err)
{
    struct oauth2_answer a;
    if (oauth2_answer_read(text, &a, err) != 0)
        return -1;
    bool ours = oauth2_answer_is_of(&a, state), code = a.code && a.code[0];
    bool settled = ours && (a.error || code);
    if (settled) /* before the client is answered, and its text wiped */
        *query = strdup(text);
    if (!ours)
        client_answer(c, "400 Bad Request", "This login does not belong to the command that is "
                      "waiting. Open the address it shows.");
    else if (a.error)
        client_answer(c, "200 OK", "The login was refused. You can close this window.");
    else if (code)
        client_answer(c, "200 OK", "The login has arrived, and Koppel finishes it. You can close "
                      "this window.");
    else
        client_answer(c, "400 Bad Request", "The redirect has no code.");
    oauth2_answer_done(&a);
    return settled && !*query ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

/* A whole request head is there. */
static int client_request(struct client *c, const char *state, char **query,
                          struct koppel_error *err)
{
    if (strncmp(c->text, "GET ", 4) != 0) {
        client_answer(c, "405 Method Not Allowed", "Only the redirect of a login is served here.");
        return 0;
    }
    char *target = c->text + 4, *end = strpbrk(target, " \r\n");
    if (!end || *end != ' ') {
        client_answer(c, "400 Bad Request", "This is no request.");
        return 0;
    }
    *end = '\0';
    char *asked = strchr(target, '?');
    if (asked)
        *asked++ = '\0';
    if (strcmp(target, OAUTH2_REDIRECT_PATH) != 0) {
        client_answer(c, "404 Not Found", "There is nothing here.");
        return 0;
    }
    return client_redirect(c, asked ? asked : "", state, query, err);
}

static int client_read(struct client *c, const char *state, char **query, struct koppel_error *err)
{
    ssize_t n = recv(c->fd, c->text + c->bytes, REQUEST_MAX_BYTES - c->bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0) {
        client_close(c);
        return 0;
    }
    c->bytes += (size_t)n;
    c->text[c->bytes] = '\0';
    if (strstr(c->text, "\r\n\r\n") || strstr(c->text, "\n\n"))
        return client_request(c, state, query, err);
    if (c->bytes == REQUEST_MAX_BYTES)
        client_answer(c, "431 Request Header Fields Too Large", "The request is too large.");
    return 0;
}

static void client_accept(struct oauth2_redirect *r)
{
    int fd = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct client *take = &r->clients[0];
    if (fd < 0)
        return;
    for (int i = 0; i < CLIENTS_MAX && take->fd >= 0; i++)
        if (r->clients[i].fd < 0 || r->clients[i].until_ms < take->until_ms)
            take = &r->clients[i];
    client_close(take); /* all in use: the one that has been silent the longest makes room */
    take->fd = fd;
    take->until_ms = clock_monotonic_ms() + CLIENT_MS;
}

static int redirect_tick(struct oauth2_redirect *r, const char *state, char **query,
                         struct koppel_error *err)
{
    struct pollfd fds[CLIENTS_MAX + 1] = {{.fd = r->fd, .events = POLLIN}};
    for (int i = 0; i < CLIENTS_MAX; i++)
        fds[i + 1] = (struct pollfd){.fd = r->clients[i].fd, .events = POLLIN};
    if (poll(fds, CLIENTS_MAX + 1, TICK_MS) < 0)
        return 0;
    for (int i = 0; i < CLIENTS_MAX; i++) {
        struct client *c = &r->clients[i];
        if (c->fd < 0)
            continue;
        if (fds[i + 1].revents && client_read(c, state, query, err) != 0)
            return -1;
        if (*query)
            return 0;
        if (c->fd >= 0 && clock_monotonic_ms() > c->until_ms)
            client_close(c);
    }
    if (fds[0].revents)
        client_accept(r);
    return 0;
}

int oauth2_redirect_wait(struct oauth2_redirect *r, const char *state, int64_t wait_ms,
                         char **query, struct koppel_error *err)
{
    int64_t until_ms = clock_monotonic_ms() + wait_ms;
    *query = NULL;
    while (!*query && clock_monotonic_ms() < until_ms) {
        if (redirect_tick(r, state, query, err) != 0)
            return -1;
    }
    if (*query)
        return 0;
    return err_set(err, KOPPEL_E_AUTH, "nobody logged in within %lld s; run the command again",
                   (long long)(wait_ms / 1000));
}
