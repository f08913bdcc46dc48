/* SPDX-License-Identifier: MIT
 * Sends orders to an address over kept connections, and is where they arrive in the end:
 *
 *   load PORT FIRST COUNT CONNECTIONS RATE [HEADER...]
 *
 * It takes the orders that somebody sends on at PORT (0: any), which it prints, and begins when it
 * has read the address to send to. RATE: orders a second, each at its time, answered or not; 0: as
 * many as the connections take. It ends when all have arrived or none did for a while, with a line
 * of JSON. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define BUFFER 16384
#define QUIET_NS INT64_C(8000000000) /* nothing arrives for so long: what is missing is lost */

struct side {
    int fd;
    bool client;
    bool busy;       /* a request is under way */
    int64_t order;   /* that it carries */
    int64_t due_ns;  /* when it was to be sent */
    size_t bytes;
    char in[BUFFER];
};

static struct {
    char host[64], path[256], headers[2048];
    int port, connections;
    int64_t first, count, next, answered, refused, arrived, twice, strange;
    double rate;
    int64_t *sent_ns, *answer_ns, *arrival_ns; /* by order; latencies, 0: not yet */
    int64_t begun_ns, last_ns, last_arrival_ns;
    int epoll, listener;
    struct side *sides[CONNECTIONS_MAX * 2];
} load;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void watch(struct side *s)
{
    struct epoll_event e = {.events = EPOLLIN, .data = {.ptr = s}};
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, s->fd, &e) != 0)
        die("epoll");
}

/* ---- orders ---- */

/* One of about 1 KB. */
static const char form[] =
    "{\"event\":\"order.made\",\"data\":{\"id\":\"%" PRId64 "\",\"number\":\"2026-%07" PRId64 "\","
    "\"date\":\"2026-11-27T10:15:30Z\",\"currency\":\"EUR\",\"customer\":{\"name\":\"A. de Vries\","
    "\"company\":\"De Vries Fietsen B.V.\",\"email\":\"a.devries@example.nl\","
    "\"street\":\"Oudegracht 117\",\"zip\":\"3511 AH\",\"city\":\"Utrecht\",\"country\":\"NL\","
    "\"phone\":\"+31 30 1234567\"},"
    "\"lines\":[{\"sku\":\"FB-1001\",\"text\":\"City bike, black, 54 cm\","
    "\"quantity\":1,\"price\":\"649.00\",\"vat\":\"21\"},"
    "{\"sku\":\"AC-2040\",\"text\":\"Chain lock, "
    "hardened\",\"quantity\":2,\"price\":\"39.95\",\"vat\":\"21\"},"
    "{\"sku\":\"SV-0001\",\"text\":\"First "
    "service, half a year\",\"quantity\":1,\"price\":\"45.00\",\"vat\":\"9\"}],"
    "\"delivery\":{\"method\":"
    "\"pickup\",\"note\":\"Please call when the bike is ready; mornings are best. The old lock may "
    "be left with you.\"},\"discount\":\"10.00\",\"total\":\"763.90\",\"paid\":true,\"payment\":{"
    "\"method\":\"ideal\",\"reference\":\"NL91ABNA0417164300\"}}}";

static int make_order(int64_t number, char *out, size_t room)
{
    char body[4096];
    int n = snprintf(body, sizeof body, form, number, number);
    return snprintf(out, room, "POST %s HTTP/1.1\r\nHost: %s:%d\r\n"
                    "Content-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s", load.path,
                    load.host, load.port, load.headers, n, body);
}

static void send_order(struct side *s, int64_t due_ns)
{
    char text[8192];
    s->order = load.next++;
    s->busy = true;
    s->bytes = 0;
    s->due_ns = due_ns;
    load.sent_ns[s->order - load.first] = due_ns;
    int n = make_order(s->order, text, sizeof text);
    if (write(s->fd, text, (size_t)n) != n)
        die("write");
}

/* ---- messages ---- */

/* How many bytes the message at the beginning has; 0: it is not whole yet. */
static size_t whole(const struct side *s, const char **body)
{
    char *end = memmem(s->in, s->bytes, "\r\n\r\n", 4), *at;
    size_t length = 0;
    if (!end)
        return 0;
    *end = '\0';
    at = strcasestr(s->in, "\r\ncontent-length:");
    *end = '\r';
    if (at)
        length = (size_t)strtoul(at + 17, NULL, 10);
    *body = end + 4;
    size_t bytes = (size_t)(end + 4 - s->in) + length;
    return s->bytes >= bytes ? bytes : 0;
}

static void drop(struct side *s, size_t bytes)
{
    memmove(s->in, s->in + bytes, s->bytes - bytes);
    s->bytes -= bytes;
}

static void take_answer(struct side *s)
{
    const char *body;
    size_t bytes = whole(s, &body);
    if (bytes == 0)
        return;
    int64_t now = now_ns();
    bool well = s->bytes > 9 && s->in[9] == '2';
    load.answered += well;
    load.refused += !well;
    if (well)
        load.answer_ns[s->order - load.first] = now - s->due_ns;
    else if (load.refused == 1)
        fprintf(stderr, "load: refused: %.300s\n", s->in);
    load.last_ns = now;
    drop(s, bytes);
    s->busy = false;
}

/* An order that arrives: its id stands behind the first "id". */
static void take_arrival(struct side *s)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                 "Content-Length: 2\r\n\r\n{}";
    const char *body;
    size_t bytes;
    while ((bytes = whole(s, &body)) > 0) {
        size_t left = bytes - (size_t)(body - s->in);
        const char *id = memmem(body, left, "\"id\"", 4);
        int64_t number = -1, now = now_ns();
        if (id) {
            for (id += 4; *id && !(*id >= '0' && *id <= '9'); )
                id++;
            number = strtoll(id, NULL, 10);
        }
        if (number < load.first || number >= load.first + load.count) {
            load.strange++;
        } else if (load.arrival_ns[number - load.first]) {
            load.twice++;
        } else {
            load.arrival_ns[number - load.first] = now - load.sent_ns[number - load.first];
            load.arrived++;
            load.last_arrival_ns = now;
        }
        drop(s, bytes);
        if (write(s->fd, answer, sizeof answer - 1) != (ssize_t)sizeof answer - 1)
            die("answer");
    }
}

/* ---- sockets ---- */

static struct side *side_new(int fd, bool client)
{
    int on = 1;
    struct side *s = calloc(1, sizeof *s);
    if (!s)
        die("memory");
    s->fd = fd;
    s->client = client;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(s);
    return s;
}

static void listen_on(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                            .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof a;
    int on = 1;
    load.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (load.listener < 0 ||
        setsockopt(load.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(load.listener, (struct sockaddr *)&a, sizeof a) != 0 ||
        listen(load.listener, 512) != 0 ||
        getsockname(load.listener, (struct sockaddr *)&a, &bytes) != 0)
        die("listen");
    struct epoll_event e = {.events = EPOLLIN, .data = {.ptr = NULL}};
    epoll_ctl(load.epoll, EPOLL_CTL_ADD, load.listener, &e);
    printf("port %d\n", ntohs(a.sin_port));
    fflush(stdout);
}

static struct side *connect_to(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load.port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, load.host, &a.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    return side_new(fd, true);
}

static void readable(struct side *s)
{
    ssize_t n = s->bytes < BUFFER ? read(s->fd, s->in + s->bytes, BUFFER - s->bytes) : -1;
    if (n <= 0) {
        if (s->client) {
            fprintf(stderr, "load: the connection was closed\n");
            exit(2);
        }
        close(s->fd);
        free(s);
        return;
    }
    s->bytes += (size_t)n;
    if (s->client)
        take_answer(s);
    else
        take_arrival(s);
}

/* Sends what is due. How many ms may pass until there is more. */
static int send_due(void)
{
    int64_t now = now_ns(), end = load.first + load.count;
    for (int i = 0; i < load.connections && load.next < end; i++) {
        int64_t due = now;
        if (load.rate > 0)
            due = load.begun_ns + (int64_t)((double)(load.next - load.first) * 1e9 / load.rate);
        if (due > now)
            return (int)((due - now) / 1000000);
        if (!load.sides[i]->busy)
            send_order(load.sides[i], due);
    }
    return load.rate > 0 ? 1 : 200;
}

/* ---- the result ---- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* "name": [p50, p99, the most] in ms. */
static void say(const char *name, int64_t *values)
{
    int64_t n = 0;
    for (int64_t i = 0; i < load.count; i++) {
        if (values[i])
            values[n++] = values[i];
    }
    qsort(values, (size_t)n, sizeof *values, compare);
    printf(",\"%s\":[%.2f,%.2f,%.2f]", name, n ? (double)values[n / 2] / 1e6 : 0,
           n ? (double)values[n * 99 / 100] / 1e6 : 0, n ? (double)values[n - 1] / 1e6 : 0);
}

int main(int argc, char **argv)
{
    char go[512];
    if (argc < 6) {
        fprintf(stderr, "usage: load PORT FIRST COUNT CONNECTIONS RATE [HEADER...]\n");
        return 64;
    }
    load.first = load.next = strtoll(argv[2], NULL, 10);
    load.count = strtoll(argv[3], NULL, 10);
    load.connections = (int)strtol(argv[4], NULL, 10);
    load.rate = strtod(argv[5], NULL);
    for (int i = 6; i < argc; i++) {
        size_t used = strlen(load.headers);
        snprintf(load.headers + used, sizeof load.headers - used, "%s\r\n", argv[i]);
    }
    size_t room = (size_t)load.count * sizeof(int64_t);
    load.sent_ns = calloc(1, room);
    load.answer_ns = calloc(1, room);
    load.arrival_ns = calloc(1, room);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!load.sent_ns || !load.answer_ns || !load.arrival_ns || load.epoll < 0 ||
        load.connections < 1 || load.connections > CONNECTIONS_MAX)
        die("begin");
    listen_on((int)strtol(argv[1], NULL, 10));
    if (!fgets(go, sizeof go, stdin) ||
        sscanf(go, "http://%63[0-9.]:%d%255s", load.host, &load.port, load.path) != 3)
        die("an address to send to is wanted");
    for (int i = 0; i < load.connections; i++)
        load.sides[i] = connect_to();
    load.begun_ns = load.last_ns = load.last_arrival_ns = now_ns();
    while (load.arrived < load.count || load.answered + load.refused < load.count) {
        struct epoll_event events[128];
        int n = epoll_wait(load.epoll, events, 128, send_due());
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr)
                readable(events[i].data.ptr);
            else
                side_new(accept4(load.listener, NULL, NULL, SOCK_CLOEXEC), false);
        }
        int64_t latest = load.last_ns > load.last_arrival_ns ? load.last_ns : load.last_arrival_ns;
        if (now_ns() - latest > QUIET_NS)
            break;
    }
    printf("{\"answered\":%" PRId64 ",\"refused\":%" PRId64 ",\"arrived\":%" PRId64
           ",\"twice\":%" PRId64 ",\"strange\":%" PRId64 ",\"seconds\":%.3f,\"answered_s\":%.3f",
           load.answered, load.refused, load.arrived, load.twice, load.strange,
           (double)(load.last_arrival_ns - load.begun_ns) / 1e9,
           (double)(load.last_ns - load.begun_ns) / 1e9);
    say("answer_ms", load.answer_ns);
    say("arrival_ms", load.arrival_ns);
    printf("}\n");
    return 0;
}
