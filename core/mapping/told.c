/* SPDX-License-Identifier: MIT
 * A set of pairs. */
#include "mapping/told.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

struct told {
    pthread_mutex_t lock;
    json_t *pairs; /* what -> which -> true */
    int count;
};

struct told *told_new(void)
{
    struct told *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->pairs = json_object();
    if (!t->pairs) {
        free(t);
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void told_free(struct told *t)
{
    if (!t)
        return;
    json_decref(t->pairs);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

bool told_first(struct told *t, const char *what, const char *which)
{
    pthread_mutex_lock(&t->lock);
    json_t *of = json_object_get(t->pairs, what);
    bool first = t->count < TOLD_LIMIT && !json_object_get(of, which);
    if (first && !of) {
        of = json_object();
        json_object_set_new(t->pairs, what, of);
    }
    if (first && json_object_set_new(of, which, json_true()) == 0)
        t->count++;
    pthread_mutex_unlock(&t->lock);
    return first;
}
