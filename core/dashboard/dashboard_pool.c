/* SPDX-License-Identifier: MIT
 * A few threads that work through a queue. */
#include "dashboard/dashboard_pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/thread.h"

struct dashboard_pool {
    void (*run)(void *job);
    pthread_mutex_t lock; /* guards what follows, but for the threads */
    pthread_cond_t changed;
    bool stopped;
    int room, first, count; /* of the ring */
    void **jobs;
    int thread_count;
    pthread_t threads[];
};

static void *work(void *arg)
{
    struct dashboard_pool *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->count == 0 && !p->stopped)
            pthread_cond_wait(&p->changed, &p->lock);
        if (p->count == 0)
            break;
        void *job = p->jobs[p->first];
        p->first = (p->first + 1) % p->room;
        p->count--;
        pthread_mutex_unlock(&p->lock);
        p->run(job);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct dashboard_pool *dashboard_pool_open(int threads, int queue, void (*run)(void *job),
                                           struct koppel_error *err)
{
    struct dashboard_pool *p = calloc(1, sizeof *p + (size_t)threads * sizeof *p->threads);
    if (p)
        p->jobs = calloc((size_t)queue, sizeof *p->jobs);
    if (!p || !p->jobs) {
        free(p);
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    p->run = run;
    p->room = queue;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    while (p->thread_count < threads && thread_start(&p->threads[p->thread_count], work, p) == 0)
        p->thread_count++;
    if (p->thread_count == threads)
        return p;
    dashboard_pool_stop(p);
    dashboard_pool_free(p);
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    return NULL;
}

bool dashboard_pool_add(struct dashboard_pool *p, void *job)
{
    pthread_mutex_lock(&p->lock);
    bool taken = !p->stopped && p->count < p->room;
    if (taken)
        p->jobs[(p->first + p->count++) % p->room] = job;
    pthread_mutex_unlock(&p->lock);
    if (taken)
        pthread_cond_signal(&p->changed);
    return taken;
}

void dashboard_pool_stop(struct dashboard_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopped = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->thread_count; i++)
        pthread_join(p->threads[i], NULL);
    p->thread_count = 0;
}

void dashboard_pool_free(struct dashboard_pool *p)
{
    if (!p)
        return;
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->changed);
    free(p->jobs);
    free(p);
}
