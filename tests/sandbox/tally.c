// SPDX-License-Identifier: MIT
// What a port counts of its requests; see tally.h.
#include "tally.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct count {
    char *name;
    uint64_t n;
};

// How many there are now, and the most there ever were at a time.
struct gauge {
    int now, most;
};

struct written {
    char operation[48];
    bool applied, answered;
    int status;
};

struct tally {
    pthread_mutex_t lock;
    struct count *counts;
    size_t count_count;
    struct gauge requests, writes;
    struct written *written;
    size_t written_count, written_room;
    int64_t *begun; // when each request did, ms
    size_t begun_count, begun_room;
};

struct tally *tally_new(void)
{
    struct tally *t = calloc(1, sizeof *t);
    if (t)
        pthread_mutex_init(&t->lock, NULL);
    return t;
}

void tally_free(struct tally *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count_count; i++)
        free(t->counts[i].name);
    free(t->counts);
    free(t->written);
    free(t->begun);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void gauge_up(struct gauge *g)
{
    if (++g->now > g->most)
        g->most = g->now;
}

static void add_begun(struct tally *t, int64_t ms)
{
    if (t->begun_count == t->begun_room) {
        size_t room = t->begun_room ? t->begun_room * 2 : 256;
        int64_t *more = realloc(t->begun, room * sizeof *more);
        if (!more)
            return;
        t->begun = more;
        t->begun_room = room;
    }
    t->begun[t->begun_count++] = ms;
}

void tally_begin(struct tally *t, bool writes)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&t->lock);
    add_begun(t, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    gauge_up(&t->requests);
    if (writes)
        gauge_up(&t->writes);
    pthread_mutex_unlock(&t->lock);
}

void tally_end(struct tally *t, bool writes)
{
    pthread_mutex_lock(&t->lock);
    t->requests.now--;
    t->writes.now -= writes;
    pthread_mutex_unlock(&t->lock);
}

void tally_operation(struct tally *t, const char *name)
{
    pthread_mutex_lock(&t->lock);
    size_t i = 0;
    while (i < t->count_count && strcmp(t->counts[i].name, name) != 0)
        i++;
    if (i == t->count_count) {
        struct count *more = realloc(t->counts, (i + 1) * sizeof *more);
        char *copy = more ? strdup(name) : NULL;
        if (more)
            t->counts = more;
        if (copy)
            t->counts[t->count_count++] = (struct count){copy, 0};
    }
    if (i < t->count_count)
        t->counts[i].n++;
    pthread_mutex_unlock(&t->lock);
}

void tally_write(struct tally *t, const char *operation, bool applied, bool answered, int status)
{
    pthread_mutex_lock(&t->lock);
    if (t->written_count == t->written_room) {
        size_t room = t->written_room ? t->written_room * 2 : 64;
        struct written *more = realloc(t->written, room * sizeof *more);
        if (more) {
            t->written = more;
            t->written_room = room;
        }
    }
    if (t->written_count < t->written_room) {
        struct written *w = &t->written[t->written_count++];
        *w = (struct written){.applied = applied, .answered = answered, .status = status};
        strncpy(w->operation, operation, sizeof w->operation - 1);
    }
    pthread_mutex_unlock(&t->lock);
}

json_t *tally_show(struct tally *t, uint64_t faults)
{
    json_t *requests = json_object();
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->count_count; i++)
        json_object_set_new(requests, t->counts[i].name, json_integer((json_int_t)t->counts[i].n));
    json_t *all =
        json_pack("{so,sI,s{si,si},s{si,si}}", "requests", requests, "faults", (json_int_t)faults,
                  "at_once", "requests", t->requests.most, "writes", t->writes.most, "now",
                  "requests", t->requests.now, "writes", t->writes.now);
    pthread_mutex_unlock(&t->lock);
    return all;
}

json_t *tally_writes(struct tally *t)
{
    json_t *list = json_array();
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->written_count; i++) {
        const struct written *w = &t->written[i];
        json_array_append_new(list,
                              json_pack("{ss,sb,sb,si}", "operation", w->operation, "applied",
                                        w->applied, "answered", w->answered, "status", w->status));
    }
    pthread_mutex_unlock(&t->lock);
    return json_pack("{so}", "writes", list);
}

json_t *tally_times(struct tally *t)
{
    json_t *list = json_array();
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->begun_count; i++)
        json_array_append_new(list, json_integer(t->begun[i]));
    pthread_mutex_unlock(&t->lock);
    return json_pack("{so}", "times", list);
}
