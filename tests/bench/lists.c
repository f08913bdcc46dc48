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
#include "fill.h"
#include "store/store_sqlite.h"

#define REPEATS 21

static struct koppel_error err;
static struct store *store;

static void must(int rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
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
    fill_store(store, jobs);
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
