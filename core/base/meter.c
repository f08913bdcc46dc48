/* SPDX-License-Identifier: MIT
 * Sorted rows per family: they are few, and stay. */
#include "base/meter.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000)
#define S (1000 * MS)

struct row {
    char words[METER_WORDS][METER_WORD_BYTES];
    int64_t count, sum, buckets[METER_BUCKETS];
};

struct family {
    struct row **rows;
    int count, room;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all rows */
static struct family families[METER_FAMILIES];

static const int64_t bounds[METER_FAMILIES][METER_BUCKETS] = {
    [METER_CALL_US] = {5 * MS, 10 * MS, 25 * MS, 50 * MS, 100 * MS, 250 * MS, 500 * MS, S,
                       5 * S / 2, 5 * S, 10 * S, 30 * S, 60 * S},
    [METER_RUN_US] = {100 * MS, 500 * MS, S, 5 * S, 15 * S, 60 * S, 300 * S, 900 * S, 3600 * S},
    [METER_RECORD_US] = {100 * MS, 500 * MS, S, 5 * S / 2, 5 * S, 10 * S, 30 * S, 60 * S, 300 * S,
                         900 * S, 3600 * S, 21600 * S, 86400 * S},
    [METER_COMMIT_US] = {MS / 2, MS, 5 * MS / 2, 5 * MS, 10 * MS, 25 * MS, 50 * MS, 100 * MS,
                         250 * MS, 500 * MS, S, 5 * S},
    [METER_COMMIT_TASKS] = {1, 2, 4, 8, 16, 32, 64, 128},
};

const int64_t *meter_bounds(enum meter_family family)
{
    return bounds[family][0] > 0 ? bounds[family] : NULL;
}

static int compare(const struct row *row, const char *const words[METER_WORDS])
{
    int order = 0;
    for (int i = 0; i < METER_WORDS && order == 0; i++)
        order = strncmp(row->words[i], words[i], METER_WORD_BYTES - 1);
    return order;
}

/* Its place among the rows, or where it belongs. */
static int place_of(const struct family *f, const char *const words[METER_WORDS])
{
    int low = 0, high = f->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (compare(f->rows[middle], words) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* NULL: there are too many, or no memory. */
static struct row *insert(struct family *f, int at, const char *const words[METER_WORDS])
{
    if (f->count >= METER_ROWS)
        return NULL;
    if (f->count == f->room) {
        int room = f->room ? 2 * f->room : 16;
        struct row **more = realloc(f->rows, (size_t)room * sizeof *more);
        if (!more)
            return NULL;
        f->rows = more;
        f->room = room;
    }
    struct row *row = calloc(1, sizeof *row);
    if (!row)
        return NULL;
    for (int i = 0; i < METER_WORDS; i++)
        snprintf(row->words[i], METER_WORD_BYTES, "%s", words[i]);
    memmove(f->rows + at + 1, f->rows + at, (size_t)(f->count - at) * sizeof *f->rows);
    f->rows[at] = row;
    f->count++;
    return row;
}

void meter_add(enum meter_family family, const char *first, const char *second, const char *third,
               int64_t value)
{
    const char *const words[METER_WORDS] = {first ? first : "", second ? second : "",
                                            third ? third : ""};
    const int64_t *bound = meter_bounds(family);
    struct family *f = &families[family];
    pthread_mutex_lock(&lock);
    int at = place_of(f, words);
    struct row *row = at < f->count && compare(f->rows[at], words) == 0 ? f->rows[at]
                                                                         : insert(f, at, words);
    if (row) {
        row->count++;
        row->sum += value;
        int i = 0;
        while (bound && i < METER_BUCKETS && bound[i] > 0 && value > bound[i])
            i++;
        if (bound && i < METER_BUCKETS && bound[i] > 0)
            row->buckets[i]++;
    }
    pthread_mutex_unlock(&lock);
}

void meter_each(enum meter_family family, void (*visit)(void *arg, const struct meter_row *row),
                void *arg)
{
    const struct family *f = &families[family];
    pthread_mutex_lock(&lock);
    for (int i = 0; i < f->count; i++) {
        const struct row *row = f->rows[i];
        struct meter_row shown = {{row->words[0], row->words[1], row->words[2]}, row->count,
                                  row->sum, row->buckets};
        visit(arg, &shown);
    }
    pthread_mutex_unlock(&lock);
}

void meter_forget(void)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < METER_FAMILIES; i++) {
        for (int j = 0; j < families[i].count; j++)
            free(families[i].rows[j]);
        free(families[i].rows);
        families[i] = (struct family){0};
    }
    pthread_mutex_unlock(&lock);
}
