/* SPDX-License-Identifier: MIT
 * Messages that come in. */
#include "engine/hooks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "connection/batch.h"
#include "connection/connection_fetch.h"
#include "engine/pause.h"
#include "engine/room.h"
#include "engine/run_now.h"
#include "flow/read.h"
#include "flow/source.h"

#define TOGETHER 256 /* messages that one append takes along */
#define FETCHED 100  /* thin records of one message */

/* A message's records on their way into one flow. Its place in the queue is of the lock. */
struct waiting {
    struct waiting *next;
    struct koppel_batch *batch;
    pthread_cond_t changed; /* it is done, or the one that is to append next */
    bool done;
    int rc;
    struct koppel_error err;
};

/* Of one flow. */
struct queue {
    struct queue *next;
    bool writing; /* somebody appends for all */
    struct waiting *first, **last;
    char name[];
};

struct hooks {
    pthread_mutex_t lock; /* guards what follows */
    struct queue *queues; /* one is never taken away */
};

struct hooks *hooks_new(void)
{
    struct hooks *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    pthread_mutex_init(&h->lock, NULL);
    return h;
}

void hooks_free(struct hooks *h)
{
    if (!h)
        return;
    for (struct queue *q = h->queues, *next; q; q = next) {
        next = q->next;
        free(q);
    }
    pthread_mutex_destroy(&h->lock);
    free(h);
}

/* The lock is held. NULL: no memory. */
static struct queue *queue_of(struct hooks *h, const char *flow)
{
    struct queue *q = h->queues;
    while (q && strcmp(q->name, flow) != 0)
        q = q->next;
    if (q || !(q = calloc(1, sizeof *q + strlen(flow) + 1)))
        return q;
    memcpy(q->name, flow, strlen(flow) + 1);
    q->last = &q->first;
    q->next = h->queues;
    h->queues = q;
    return q;
}

/* ---- appending ---- */

/* All records of a few messages as one; they stay theirs. */
static int together(const struct waiting *first, struct koppel_batch *out)
{
    int count = 0;
    for (const struct waiting *w = first; w; w = w->next)
        count += w->batch->count;
    *out = (struct koppel_batch){.records = calloc((size_t)count + 1, sizeof *out->records)};
    for (const struct waiting *w = first; w && out->records; w = w->next) {
        memcpy(out->records + out->count, w->batch->records,
               (size_t)w->batch->count * sizeof *out->records);
        out->count += w->batch->count;
    }
    return out->records ? 0 : -1;
}

static int append(struct engine *e, const struct generation *g, const struct conf_flow *conf,
                  const struct waiting *first, struct koppel_error *err)
{
    struct flow f;
    struct reading reading = {0};
    struct koppel_batch all;
    if (together(first, &all) != 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = flow_init(&f, conf, generation_connection(g, conf->from),
                       generation_connection(g, conf->to), e->store, &e->stop, err);
    if (rc == 0)
        rc = flow_declare(&f, err);
    if (rc == 0)
        rc = source_claim(e->store, conf, err);
    if (rc == 0) {
        rc = read_begin(&reading, &f, err);
        if (rc == 0)
            rc = read_append_received(&reading, &all, err);
        read_end(&reading);
    }
    flow_done(&f);
    free(all.records);
    return rc;
}

/* The records are delivered now: by the run that is under way, or by one that begins. */
static void wake(struct engine *e, const char *flow)
{
    pthread_mutex_lock(&e->lock);
    struct flow *f = (struct flow *)(uintptr_t)engine_at_work(e, flow);
    if (f) {
        atomic_fetch_add(&f->pushed, 1);
        flow_signal(f);
    }
    bool lingers = f && atomic_load(&f->lingers);
    pthread_mutex_unlock(&e->lock);
    if (!lingers)
        run_now_soon(e, flow, RUNS_PUSHED);
}

/* Appends what waits by now; the lock is held, and given back meanwhile. Of those that came in the
 * time between, the first is woken to do the same: nobody else has anything to do yet. */
static void write_some(struct hooks *h, struct engine *e, const struct generation *g,
                      const struct conf_flow *conf, struct queue *q)
{
    struct koppel_error err = {0};
    struct waiting *first = q->first, **end = &q->first;
    for (int i = 0; i < TOGETHER && *end; i++)
        end = &(*end)->next;
    q->first = *end;
    if (!q->first)
        q->last = &q->first;
    *end = NULL;
    q->writing = true;
    pthread_mutex_unlock(&h->lock);
    int rc = append(e, g, conf, first, &err);
    if (rc == 0)
        wake(e, conf->name);
    pthread_mutex_lock(&h->lock);
    for (struct waiting *w = first, *next; w; w = next) {
        next = w->next; /* whose it is may go at once */
        w->rc = rc;
        w->err = err;
        w->done = true;
        pthread_cond_signal(&w->changed);
    }
    q->writing = false;
    if (q->first)
        pthread_cond_signal(&q->first->changed);
}

/* Durable in that flow's journal when it returns 0. */
static int put(struct hooks *h, struct engine *e, const struct generation *g,
               const struct conf_flow *conf, struct koppel_batch *batch, struct koppel_error *err)
{
    struct waiting w = {.batch = batch, .changed = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&h->lock);
    struct queue *q = queue_of(h, conf->name);
    if (!q) {
        pthread_mutex_unlock(&h->lock);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    *q->last = &w;
    q->last = &w.next;
    while (!w.done) {
        if (q->writing || q->first != &w)
            pthread_cond_wait(&w.changed, &h->lock);
        else
            write_some(h, e, g, conf, q);
    }
    pthread_mutex_unlock(&h->lock);
    pthread_cond_destroy(&w.changed);
    if (w.rc != 0)
        *err = w.err;
    return w.rc;
}

/* ---- thin messages ---- */

/* Records of which the message says no more than that they changed are fetched. */
static int fetch(struct connection *c, const char *entity, struct koppel_batch *batch,
                 struct koppel_error *err)
{
    const char *ids[FETCHED];
    int places[FETCHED], count = 0;
    struct koppel_results found;
    for (int i = 0; i < batch->count; i++) {
        if (batch->records[i].kind != BATCH_CHANGED)
            continue;
        if (count == FETCHED)
            return err_reason(err, KOPPEL_E_REJECTED, HOOKS_MANY,
                              "a message tells of more than %d changes", FETCHED);
        places[count] = i;
        ids[count++] = batch->records[i].key;
    }
    if (count == 0)
        return 0;
    if (results_init(&found, (uint32_t)count) != 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = connection_fetch(c, entity, ids, count, NULL, &found, NULL, err);
    for (int i = 0; i < count && rc == 0; i++) {
        struct batch_record *r = &batch->records[places[i]];
        struct result_entry *got = &found.entries[i];
        if (got->err.kind) {
            *err = got->err;
            rc = -1;
        } else if (got->gone) {
            r->kind = BATCH_GONE;
        } else if (got->hit_count > 0) {
            r->kind = got->unreadable ? BATCH_UNREADABLE_RECORD : BATCH_RECORD;
            r->version = got->hits[0].version;
            r->record = json_incref(got->hits[0].record);
        }
    }
    results_done(&found);
    return rc;
}

/* ---- a message ---- */

void hooks_reply_done(struct hooks_reply *r)
{
    free(r->type);
    free(r->body);
    *r = (struct hooks_reply){0};
}

static bool reads(const struct conf_flow *f, const char *connection, const char *entity)
{
    return f->enabled && strcmp(f->from->name, connection) == 0 &&
           strcmp(f->from_entity, entity) == 0;
}

static int count_readers(const struct conf *conf, const char *connection, const char *entity)
{
    int count = 0;
    for (int i = 0; i < conf->flow_count; i++)
        count += reads(&conf->flows[i], connection, entity);
    return count;
}

static void take_reply(struct hooks_reply *out, struct koppel_batch *batch)
{
    *out = (struct hooks_reply){.status = batch->reply_status ? (int)batch->reply_status : 200,
                                .type = batch->reply_type, .body = batch->reply,
                                .bytes = batch->reply_bytes};
    batch->reply_type = batch->reply = NULL;
}

static int receive(struct hooks *h, struct engine *e, const struct generation *g,
                   struct connection *c, const struct koppel_receive_request *request,
                   struct hooks_reply *out, struct koppel_error *err)
{
    const char *entity = request->subscription->entity;
    const struct conf *conf = g->conf;
    struct koppel_batch batch = {0};
    int rc = connection_receive(c, request, &batch, NULL, err);
    if (rc == 0)
        rc = fetch(c, entity, &batch, err);
    for (int i = 0; i < conf->flow_count && rc == 0 && batch.count > 0; i++) {
        if (!reads(&conf->flows[i], connection_conf(c)->name, entity))
            continue;
        rc = put(h, e, g, &conf->flows[i], &batch, err);
    }
    if (rc == 0)
        take_reply(out, &batch);
    batch_done(&batch);
    return rc;
}

int hooks_take(struct hooks *h, struct engine *e, const char *connection,
               const struct koppel_receive_request *request, struct hooks_reply *out,
               struct koppel_error *err)
{
    struct generation *g = engine_hold(e);
    const struct conf *conf = g->conf;
    const struct conf_connection *found = conf->whole ? conf_connection(conf, connection) : NULL;
    int rc = -1;
    *out = (struct hooks_reply){0};
    if (!conf->whole)
        err_reason(err, KOPPEL_E_RETRY, HOOKS_SAFE, "the configuration has mistakes");
    else if (!found || count_readers(conf, connection, request->subscription->entity) == 0)
        err_reason(err, KOPPEL_E_REJECTED, HOOKS_NONE, "no flow reads %s of %s",
                   request->subscription->entity, connection);
    else if (room_check(e, &conf->keep, err) == 0)
        rc = receive(h, e, g, generation_connection(g, found), request, out, err);
    engine_let_go(e, g);
    return rc;
}
