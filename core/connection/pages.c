/* SPDX-License-Identifier: MIT
 * Pages ahead: threads that fill a ring of pages, and one reader that empties it in order. */
#include "connection/pages.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "connection/connection_read.h"

#define AHEAD_MAX 8   /* pages under way or waiting to be taken */
#define SPARE 2       /* instances of the connection that are left to others */

struct slot {
    struct koppel_batch batch;
    struct koppel_error err; /* kind 0: none */
    bool filled;
};

struct pages {
    struct connection *connection;
    const char *entity;
    json_t *options;
    pthread_mutex_t lock;   /* guards what follows */
    pthread_cond_t changed; /* a slot was filled or emptied, or it is over */
    struct slot ring[AHEAD_MAX];
    int ahead;
    uint32_t asked;         /* the page that is asked for next */
    uint32_t taken;         /* the page that is given out next */
    uint32_t known;         /* the last page that one before it has told of */
    uint32_t last;          /* the one that said it was, or failed; 0: not known */
    bool stopping;
    pthread_t threads[AHEAD_MAX];
    int thread_count;
};

/* Nothing is asked for that may not be there: a list of one page costs one request. */
static bool may_ask(const struct pages *p)
{
    return p->asked <= p->known && p->asked < p->taken + (uint32_t)p->ahead;
}

/* The page to ask for; 0: there is no more to do. */
static uint32_t next_page(struct pages *p)
{
    uint32_t page = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->stopping && !(p->last && p->asked > p->last) && !may_ask(p))
        pthread_cond_wait(&p->changed, &p->lock);
    if (!p->stopping && may_ask(p))
        page = p->asked++;
    pthread_mutex_unlock(&p->lock);
    return page;
}

/* What a page tells of those behind it. Under the lock. */
static void learn(struct pages *p, uint32_t page, const struct slot *got)
{
    bool ends = got->err.kind || got->batch.following == 0;
    if (ends && (!p->last || page < p->last))
        p->last = page;
    if (!ends && page + got->batch.following > p->known)
        p->known = page + got->batch.following;
    if (p->last && p->known > p->last)
        p->known = p->last;
}

static void *read_ahead(void *arg)
{
    struct pages *p = arg;
    for (uint32_t page; (page = next_page(p)) != 0;) {
        struct slot got = {.filled = true};
        struct koppel_read_request request = {
            .entity = p->entity, .page = page, .options = p->options};
        (void)connection_read(p->connection, &request, &got.batch, NULL, &got.err);
        pthread_mutex_lock(&p->lock);
        p->ring[page % (uint32_t)p->ahead] = got;
        learn(p, page, &got);
        pthread_cond_broadcast(&p->changed);
        pthread_mutex_unlock(&p->lock);
    }
    return NULL;
}

struct pages *pages_open(struct connection *c, const char *entity, json_t *options, uint32_t first,
                         struct koppel_error *err)
{
    struct pages *p = calloc(1, sizeof *p);
    if (!p) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    p->connection = c;
    p->entity = entity;
    p->options = options;
    p->asked = p->taken = p->known = first;
    p->ahead = connection_conf(c)->concurrency - SPARE;
    p->ahead = p->ahead < 1 ? 1 : p->ahead > AHEAD_MAX ? AHEAD_MAX : p->ahead;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    while (p->thread_count < p->ahead
           && pthread_create(&p->threads[p->thread_count], NULL, read_ahead, p) == 0)
        p->thread_count++;
    if (p->thread_count > 0)
        return p;
    pages_close(p);
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    return NULL;
}

int pages_next(struct pages *p, struct koppel_batch *out, struct koppel_error *err)
{
    pthread_mutex_lock(&p->lock);
    struct slot *s = &p->ring[p->taken % (uint32_t)p->ahead];
    while (!s->filled)
        pthread_cond_wait(&p->changed, &p->lock);
    struct slot got = *s;
    *s = (struct slot){0};
    if (!got.err.kind)
        p->taken++;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    if (!got.err.kind) {
        *out = got.batch;
        return 0;
    }
    batch_done(&got.batch);
    if (err)
        *err = got.err;
    return -1;
}

uint32_t pages_number(const struct pages *p)
{
    return p->taken;
}

void pages_close(struct pages *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->thread_count; i++)
        pthread_join(p->threads[i], NULL);
    for (int i = 0; i < AHEAD_MAX; i++)
        batch_done(&p->ring[i].batch);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
