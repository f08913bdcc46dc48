/* SPDX-License-Identifier: MIT
 * Measures the store by move: microseconds of CPU and of the clock per record, in batches of 100
 * records of 1 KB, and by slice what retention costs. Prints, asserts nothing.
 *
 * store [BATCHES [memory | CONNINFO of an empty database of PostgreSQL]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/postgres.h"
#include "store/store_memory.h"
#include "store/store_postgres.h"
#include "store/store_sqlite.h"

#define BATCH 100
#define PAYLOAD_BYTES 1024
#define STEPS_BYTES 400
#define SCOPE "till/order>books/sales-invoice"

enum move { APPEND, READ, LINKS_GET, ANNOUNCE, SETTLE, MOVES };
static const char *const names[MOVES] = {"append", "read", "links_get", "links_put announce",
                                         "settle"};

static int64_t cpu_us[MOVES], clock_us[MOVES], trips[MOVES];
static struct postgres_store *server; /* NULL: the store is a file */
static struct koppel_error err;

static int64_t cpu_now(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000) + u.ru_utime.tv_usec +
           u.ru_stime.tv_usec;
}

static int64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* How often an answer of the server was waited for. */
static int64_t trips_now(void)
{
    return server ? atomic_load(&server->place.trips) : 0;
}

static void must(int rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

#define MEASURE(move, call)                                                                        \
    do {                                                                                           \
        int64_t cpu = cpu_now(), at = clock_now(), asked = trips_now();                            \
        must(call);                                                                                \
        cpu_us[move] += cpu_now() - cpu;                                                           \
        clock_us[move] += clock_now() - at;                                                        \
        trips[move] += trips_now() - asked;                                                        \
    } while (0)

static char payload[PAYLOAD_BYTES + 1], steps[STEPS_BYTES + 1], keys[BATCH][32];
/* What a job is found by: its own number, and words that it has in common with others. */
#define WORDS 8
static char number[BATCH][32];
static const char *words[BATCH][WORDS] = {{NULL}};
static const char *const common[WORDS - 1] = {"jansen", "bv", "utrecht", "jan", "info", "kassa",
                                              "2026"};

static void append(struct store *s, int batch)
{
    struct store_record records[BATCH];
    struct store_reader r;
    char cursor[32];
    int none, lost;
    snprintf(cursor, sizeof cursor, "%d", batch);
    for (int i = 0; i < BATCH; i++) {
        snprintf(keys[i], sizeof keys[i], "order-%08d", batch * BATCH + i);
        records[i] = (struct store_record){keys[i], i, payload, PAYLOAD_BYTES, NULL, false};
    }
    must(s->ops->read_begin(s, "orders", &r, &none, &err));
    MEASURE(APPEND, s->ops->append(s, &r, records, BATCH, cursor, NULL, &lost, &err));
    s->ops->read_end(s, &r, true);
}

static void deliver(struct store *s, struct store_lease *l)
{
    struct store_batch b;
    struct store_link links[BATCH];
    struct store_link_change maybe[BATCH], there[BATCH];
    struct store_outcome o[BATCH];
    const char *scopes[BATCH], *names_of[BATCH];
    int lost;
    MEASURE(READ, s->ops->read(s, l, BATCH, 1 << 23, &b, &err));
    for (int i = 0; i < b.count; i++) {
        scopes[i] = SCOPE;
        names_of[i] = b.jobs[i].key;
        maybe[i] = (struct store_link_change){
            .scope = SCOPE, .key = b.jobs[i].key, .state = LINK_MAYBE,
            .begun = {.write = WRITE_CREATE, .ref = b.jobs[i].key, .document = payload,
                      .digest = (char *)"0123456789abcdef0123456789abcdef"}};
        there[i] = (struct store_link_change){.scope = SCOPE, .key = b.jobs[i].key,
                                              .state = LINK_THERE, .id = b.jobs[i].key,
                                              .digest = "0123456789abcdef0123456789abcdef",
                                              .chain = 1};
        o[i] = (struct store_outcome){.off = b.jobs[i].off, .key = b.jobs[i].key, .state = JOB_DONE,
                                      .remote_id = b.jobs[i].key, .activity = steps,
                                      .brief = "{\"number\":\"12345\",\"name\":\"Jansen\"}",
                                      .activity_bytes = STEPS_BYTES, .links = &there[i],
                                      .link_count = 1, .run = 1, .words = words[i],
                                      .word_count = WORDS};
        snprintf(number[i], sizeof number[i], "%s", b.jobs[i].key);
        words[i][0] = number[i];
        memcpy(&words[i][1], common, sizeof common);
    }
    MEASURE(LINKS_GET, s->ops->links_get(s, l, b.count, scopes, names_of, links, &err));
    for (int i = 0; i < b.count; i++)
        store_link_done(&links[i]);
    MEASURE(ANNOUNCE, s->ops->links_put(s, l, maybe, b.count, &lost, &err));
    MEASURE(SETTLE, s->ops->settle(s, l, b.next, o, b.count, &lost, &err));
    store_batch_done(&b);
}

/* What is older than a day goes, then its room. */
static void keep(struct store *s)
{
    static const struct keeping ages = {.done_ms = 1000, .skipped_ms = 1000,
                                        .rows_ms = KEEPING_EVER};
    struct keeping_place place = {0};
    struct keeping_sum sum = {0};
    int64_t longest = 0, began, cpu = cpu_now(), at = clock_now();
    int slices = 0;
    enum keeping_shrunk done = KEEPING_MORE;
    clock_shift_ms(86400000);
    for (; place.phase != KEEPING_END; slices++) {
        began = clock_now();
        must(s->ops->keep(s, &ages, &place, &sum, &err));
        longest = clock_now() - began > longest ? clock_now() - began : longest;
    }
    printf("  %-20s %6.2f us of CPU, %6.2f us per record; longest of %d slices %.1f ms\n", "keep",
           (double)(cpu_now() - cpu) / (double)sum.contents,
           (double)(clock_now() - at) / (double)sum.contents, slices, (double)longest / 1000);
    cpu = cpu_now();
    at = clock_now();
    for (longest = slices = 0; done != KEEPING_SHRUNK; slices++) {
        began = clock_now();
        must(s->ops->shrink(s, &done, &err));
        longest = clock_now() - began > longest ? clock_now() - began : longest;
    }
    printf("  %-20s %6.2f us of CPU, %6.2f us per record; longest of %d slices %.1f ms\n", "shrink",
           (double)(cpu_now() - cpu) / (double)sum.contents,
           (double)(clock_now() - at) / (double)sum.contents, slices, (double)longest / 1000);
}

int main(int argc, char **argv)
{
    int batches = argc > 1 ? atoi(argv[1]) : 200;
    const char *place = argc > 2 ? argv[2] : "sqlite";
    char folder[] = "/tmp/koppel-bench-XXXXXX", path[64];
    static const char *const flows[] = {"orders"};
    must(secret_start(&err));
    struct secret *key = secret_new("0123456789abcdef0123456789abcdef", SECRET_KEY_BYTES);
    if (!mkdtemp(folder) || !key)
        return 1;
    snprintf(path, sizeof path, "%s/store.db", folder);
    memset(payload, 'p', PAYLOAD_BYTES);
    memset(steps, 's', STEPS_BYTES);
    bool memory = strcmp(place, "memory") == 0, remote = strchr(place, '=') != NULL;
    struct store_conf conf = {.path = path, .connection = remote ? place : NULL, .key = key};
    const struct store_ops *kind =
        memory ? &store_memory : remote ? &store_postgres : &store_sqlite;
    struct store *s = NULL;
    must(kind->open(&conf, STORE_ENGINE, &s, &err));
    server = remote ? postgres_of(s) : NULL;
    must(s->ops->flow_declare(s, "orders", 1, &err));
    for (int i = 0; i < batches; i++)
        append(s, i);
    struct store_lease l;
    int n = 0;
    must(s->ops->lease(s, flows, 1, 1, &l, &n, &err));
    for (int i = 0; i < batches && n; i++)
        deliver(s, &l);
    s->ops->release(s, &l);
    int64_t cpu = 0, at = 0;
    printf("store (%s), %d batches of %d records of %d bytes\n", kind->name,
           batches, BATCH, PAYLOAD_BYTES);
    for (int i = 0; i < MOVES; i++) {
        printf("  %-20s %6.2f us of CPU, %6.2f us per record", names[i],
               (double)cpu_us[i] / batches / BATCH, (double)clock_us[i] / batches / BATCH);
        if (server)
            printf(", %.1f round trips per 100 records", (double)trips[i] * 100 / batches / BATCH);
        printf("\n");
        cpu += cpu_us[i];
        at += clock_us[i];
    }
    printf("  %-20s %6.2f us of CPU, %6.2f us per record\n", "the whole way",
           (double)cpu / batches / BATCH, (double)at / batches / BATCH);
    keep(s);
    s->ops->close(s);
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    secret_free(key);
    return 0;
}
