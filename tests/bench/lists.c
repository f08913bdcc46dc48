/* SPDX-License-Identifier: MIT
 * Measures what is looked at in a store of many jobs: lists in pages, searches, causes. One job in
 * ten is parked, for a hundred causes. Prints milliseconds (the median of some), asserts nothing.
 *
 * lists [JOBS] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store_sqlite.h"

#define BATCH 1000
#define REPEATS 21
#define CAUSES 100

static const struct {
    const char *name;
    int parts, percent;
} flows[] = {{"orders", 16, 70}, {"customers", 4, 25}, {"stock", 4, 5}};
#define FLOWS (int)(sizeof flows / sizeof *flows)

static struct koppel_error err;
static struct store *store;

static void must(int rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

/* ---- filling ---- */

static char keys[BATCH][32], number[BATCH][32], cause[BATCH][32];

static void append(int flow, int first, int count)
{
    static struct store_record records[BATCH];
    struct store_reader r;
    char cursor[32];
    int none, lost;
    snprintf(cursor, sizeof cursor, "%d", first);
    for (int i = 0; i < count; i++) {
        snprintf(keys[i], sizeof keys[i], "%s-%08d", flows[flow].name, first + i);
        records[i] = (struct store_record){keys[i], i, "{\"n\":1}", 7, NULL, false};
    }
    must(store->ops->read_begin(store, flows[flow].name, &r, &none, &err));
    must(store->ops->append(store, &r, records, count, cursor, NULL, &lost, &err));
    store->ops->read_end(store, &r, true);
}

static void deliver(int flow)
{
    static struct store_outcome o[BATCH];
    static const char *words[BATCH][3];
    const char *names[] = {flows[flow].name};
    for (;;) {
        struct store_lease l;
        struct store_batch b;
        int n = 0, lost;
        must(store->ops->lease(store, names, 1, 1, &l, &n, &err));
        if (n == 0)
            return;
        must(store->ops->read(store, &l, BATCH, 1 << 23, &b, &err));
        for (int i = 0; i < b.count; i++) {
            int which = atoi(strrchr(b.jobs[i].key, '-') + 1);
            bool parked = which % 10 == 3;
            snprintf(number[i], sizeof number[i], "%s", b.jobs[i].key);
            snprintf(cause[i], sizeof cause[i], "cause %d", which / 10 % CAUSES);
            words[i][0] = number[i];
            words[i][1] = which % 1000 == 0 ? "jansen" : "bv";
            words[i][2] = "utrecht";
            o[i] = (struct store_outcome){
                .off = b.jobs[i].off, .key = b.jobs[i].key,
                .state = parked ? JOB_PARKED : JOB_DONE, .reason = parked ? "map.unmapped" : "",
                .cause = parked ? cause[i] : NULL, .facts = parked ? "{\"table\":\"vat\"}" : NULL,
                .remote_id = parked ? NULL : b.jobs[i].key, .activity = "[]", .activity_bytes = 2,
                .brief = "{\"number\":\"12345\"}", .run = 1, .words = words[i], .word_count = 3};
        }
        must(store->ops->settle(store, &l, b.next, o, b.count, &lost, &err));
        store_batch_done(&b);
        store->ops->release(store, &l);
    }
}

/* ---- looking ---- */

static int rows;

static int count_row(void *arg, const struct store_job_row *row)
{
    (void)arg;
    (void)row;
    rows++;
    return 0;
}

static int64_t a_cause;

static int count_cause(void *arg, const struct store_cause *c)
{
    (void)arg;
    a_cause = c->id;
    rows++;
    return 0;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void tell(const char *what, double took[REPEATS], double budget)
{
    qsort(took, REPEATS, sizeof *took, by_size);
    printf("  %-34s %7.2f ms, %7.2f at the most (budget %g), %d rows\n", what, took[REPEATS / 2],
           took[REPEATS - 1], budget, rows);
}

static void list(const char *what, struct store_job_filter filter, struct store_place after,
                 double budget)
{
    double took[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        struct store_page page = {.after = after, .limit = 50};
        rows = 0;
        double began = now_ms();
        must(store->ops->jobs(store, &filter, &page, count_row, NULL, &err));
        took[i] = now_ms() - began;
    }
    tell(what, took, budget);
}

int main(int argc, char **argv)
{
    int jobs = argc > 1 ? atoi(argv[1]) : 1000000;
    char folder[] = "/tmp/koppel-bench-XXXXXX", path[64], name[96];
    must(secret_start(&err));
    struct secret *key = secret_new("0123456789abcdef0123456789abcdef", SECRET_KEY_BYTES);
    if (!mkdtemp(folder) || !key)
        return 1;
    snprintf(path, sizeof path, "%s/store.db", folder);
    struct store_conf conf = {.path = path, .key = key};
    must(store_sqlite.open(&conf, STORE_ENGINE, &store, &err));
    int64_t began = clock_now_ms();
    for (int f = 0; f < FLOWS; f++) {
        int all = jobs / 100 * flows[f].percent;
        must(store->ops->flow_declare(store, flows[f].name, flows[f].parts, &err));
        for (int i = 0; i < all; i += BATCH) {
            append(f, i, all - i < BATCH ? all - i : BATCH);
            if (i % (BATCH * 20) == 0)
                deliver(f);
        }
        deliver(f);
    }
    must(store->ops->tidy(store, &err));
    int64_t ended = clock_now_ms(), middle = (began + ended) / 2;
    printf("%d jobs in %lld s, a tenth of them parked; pages of 50\n", jobs,
           (long long)(ended - began) / 1000);
    struct store_place first = {0}, half = {.at_ms = middle};
    snprintf(half.job, sizeof half.job, "orders/0/1");
    static const char *const one[] = {"orders-00012345"}, *const many[] = {"jansen"};
    list("newest", (struct store_job_filter){.state = -1}, first, 5);
    list("in the middle", (struct store_job_filter){.state = -1}, half, 5);
    list("of a flow", (struct store_job_filter){.state = -1, .flow = "stock"}, first, 5);
    list("of a flow, in the middle", (struct store_job_filter){.state = -1, .flow = "orders"}, half,
         5);
    list("until a day", (struct store_job_filter){.state = -1, .to_ms = middle}, first, 5);
    list("parked", (struct store_job_filter){.state = JOB_PARKED}, first, 5);
    list("parked, in the middle", (struct store_job_filter){.state = JOB_PARKED}, half, 5);
    list("a word of one job",
         (struct store_job_filter){.state = -1, .words = one, .word_count = 1}, first, 5);
    list("a word of one in a thousand",
         (struct store_job_filter){.state = -1, .words = many, .word_count = 1}, first, 5);
    double took[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        rows = 0;
        double at = now_ms();
        must(store->ops->causes(store, NULL, 0, count_cause, NULL, &err));
        took[i] = now_ms() - at;
    }
    tell("causes", took, 2);
    list("of a cause", (struct store_job_filter){.state = -1, .cause = a_cause}, first, 5);
    store->ops->close(store);
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    secret_free(key);
    return 0;
}
