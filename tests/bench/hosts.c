/* SPDX-License-Identifier: MIT
 * One engine's work on a store, without peers: what hosts.py starts one, two or four of. Prints,
 * asserts nothing.
 *
 * hosts PLACE fill RECORDS            appends so many records, of as many keys
 * hosts PLACE stick RECORDS           appends so many of one key, which work lets stand aside
 * hosts PLACE work                    delivers all that is there; prints jobs, seconds, round trips
 *
 * PLACE: a file of SQLite, or a conninfo of PostgreSQL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/postgres.h"
#include "store/store_postgres.h"
#include "store/store_sqlite.h"

#define BATCH 100
#define PARTS 16
#define PAYLOAD_BYTES 1024
#define STEPS_BYTES 400
#define SCOPE "till/order>books/sales-invoice"
#define DIGEST "0123456789abcdef0123456789abcdef"
#define IDLE_MS 3000 /* nothing was found for so long: all is done */
#define STUCK "stuck"

static const char *const flows[] = {"orders"};
static char payload[PAYLOAD_BYTES + 1], steps[STEPS_BYTES + 1];
static struct koppel_error err;

static void must(int rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

static void append(struct store *s, int64_t count, bool same)
{
    struct store_record records[BATCH];
    char keys[BATCH][32], cursor[32];
    struct store_reader r;
    int none, lost;
    must(s->ops->read_begin(s, "orders", &r, &none, &err));
    int64_t run = clock_now_ms();
    for (int64_t at = 0; at < count; at += BATCH) {
        for (int i = 0; i < BATCH; i++) {
            snprintf(keys[i], sizeof keys[i], "order-%lld-%lld", (long long)run,
                     (long long)(at + i));
            records[i] = (struct store_record){same ? STUCK : keys[i], at + i, payload,
                                               PAYLOAD_BYTES, NULL, false};
        }
        snprintf(cursor, sizeof cursor, "%lld-%lld", (long long)run, (long long)at);
        must(s->ops->append(s, &r, records, BATCH, cursor, NULL, &lost, &err));
    }
    s->ops->read_end(s, &r, true);
}

/* Read, links, announcement, settle: the whole way of a batch but for the peer. */
static int deliver(struct store *s, struct store_lease *l)
{
    struct store_batch b;
    struct store_link links[BATCH];
    struct store_link_change maybe[BATCH], there[BATCH];
    struct store_outcome o[BATCH];
    const char *scopes[BATCH], *keys[BATCH];
    int lost = 0, n = 0;
    must(s->ops->read(s, l, BATCH, 1 << 23, &b, &err));
    for (int i = 0; i < b.count; i++) {
        char *key = (char *)b.jobs[i].key;
        bool waits = strcmp(key, STUCK) == 0;
        scopes[i] = SCOPE;
        keys[i] = key;
        o[i] = (struct store_outcome){.off = b.jobs[i].off, .key = key, .state = JOB_DONE,
                                      .remote_id = key, .activity = steps,
                                      .activity_bytes = STEPS_BYTES, .run = 1};
        if (waits) {
            o[i].state = JOB_WAITING;
            o[i].reason = "stuck";
            o[i].retry_in_ms = b.jobs[i].state == JOB_WAITING ? -1 : 86400000;
            continue;
        }
        maybe[n] = (struct store_link_change){.scope = SCOPE, .key = key, .state = LINK_MAYBE,
                                              .begun = {.write = WRITE_CREATE, .ref = key,
                                                        .document = payload,
                                                        .digest = (char *)DIGEST}};
        there[n] = (struct store_link_change){.scope = SCOPE, .key = key, .state = LINK_THERE,
                                              .id = key, .digest = DIGEST, .chain = 1};
        o[i].links = &there[n++];
        o[i].link_count = 1;
    }
    must(s->ops->links_get(s, l, b.count, scopes, keys, links, &err));
    for (int i = 0; i < b.count; i++)
        store_link_done(&links[i]);
    if (n > 0)
        must(s->ops->links_put(s, l, maybe, n, &lost, &err));
    if (!lost)
        must(s->ops->settle(s, l, b.next, o, b.count, &lost, &err));
    n = lost ? 0 : b.count;
    store_batch_done(&b);
    return n;
}

/* Until nothing came for idle_ms. */
static void work(struct store *s, struct postgres_store *server, int64_t idle_ms)
{
    int64_t jobs = 0, begun = clock_monotonic_ms(), last = begun, trips = 0;
    while (clock_monotonic_ms() - last < idle_ms) {
        struct store_lease l;
        int n = 0;
        must(s->ops->lease(s, flows, 1, 1, &l, &n, &err));
        if (n == 0) {
            usleep(20000);
            continue;
        }
        for (int got = 1; got > 0 && store_left_ms(l.hold) > 0;) {
            int64_t before = server ? atomic_load(&server->place.trips) : 0;
            got = deliver(s, &l);
            if (got > 0) {
                jobs += got;
                last = clock_monotonic_ms();
                trips += server ? atomic_load(&server->place.trips) - before : 0;
            }
        }
        s->ops->release(s, &l);
    }
    printf("%lld %lld %lld\n", (long long)jobs, (long long)(last - begun), (long long)trips);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    const char *what = argv[2];
    int64_t count = argc > 3 ? atoll(argv[3]) : 0;
    bool remote = strchr(argv[1], '=') != NULL;
    must(secret_start(&err));
    struct secret *key = secret_new(DIGEST, SECRET_KEY_BYTES);
    memset(payload, 'p', PAYLOAD_BYTES);
    memset(steps, 's', STEPS_BYTES);
    struct store_conf conf = {.path = argv[1], .connection = remote ? argv[1] : NULL, .key = key};
    struct store *s = NULL;
    must((remote ? &store_postgres : &store_sqlite)->open(&conf, STORE_ENGINE, &s, &err));
    must(s->ops->flow_declare(s, "orders", PARTS, &err));
    if (strcmp(what, "work") == 0)
        work(s, remote ? postgres_of(s) : NULL, count > 0 ? count : IDLE_MS);
    else
        append(s, count, strcmp(what, "stick") == 0);
    s->ops->close(s);
    secret_free(key);
    return 0;
}
