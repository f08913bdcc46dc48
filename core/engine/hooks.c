/* SPDX-License-Identifier: MIT
 * Messages that come in. */
#include "engine/hooks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "connection/batch.h"
#include "connection/connection_fetch.h"
#include "engine/pause.h"
#include "engine/room.h"
#include "engine/run_now.h"
#include "flow/read.h"
#include "flow/source.h"

#define TOGETHER 256 /* messages that one append takes along */
#define READ_WAIT_MS 5000 /* for a source that is being read; who sent it comes again */
#define FETCHED 100  /* thin records of one message */

/* A message on its way into the flows that read it, one after another. */
struct message {
    struct message *next; /* in a queue */
    struct generation *generation; /* held */
    const char *connection, *entity; /* in text */
    int64_t until_ms; /* monotonic: longer it does not wait for who reads */
    int flow; /* the next one that it goes into may be this one of the configuration */
    struct koppel_batch batch;
    hooks_answer *answer;
    void *arg;
    char text[];
};

/* Of one flow. */
struct queue {
    struct queue *next;
    bool writing; /* somebody appends for all */
    struct message *first, **last;
    char name[];
};

struct hooks {
    struct engine *engine;
    pthread_mutex_t lock; /* guards what follows */
    struct queue *queues; /* one is never taken away */
};

struct hooks *hooks_new(struct engine *e)
{
    struct hooks *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->engine = e;
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
static int together(const struct message *first, struct koppel_batch *out)
{
    int count = 0;
    for (const struct message *m = first; m; m = m->next)
        count += m->batch.count;
    *out = (struct koppel_batch){.records = calloc((size_t)count + 1, sizeof *out->records)};
    for (const struct message *m = first; m && out->records; m = m->next) {
        memcpy(out->records + out->count, m->batch.records,
               (size_t)m->batch.count * sizeof *out->records);
        out->count += m->batch.count;
    }
    return out->records ? 0 : -1;
}

struct young_for {
    struct engine *engine;
    const char *flow;
};

/* For the run that is under way and will see it. */
static void keep_young(void *arg, const struct store_record *text, json_t *record)
{
    const struct young_for *y = arg;
    pthread_mutex_lock(&y->engine->lock);
    struct flow *f = (struct flow *)(uintptr_t)engine_at_work(y->engine, y->flow);
    if (f && record && atomic_load(&f->lingers))
        young_keep(&f->young, text->key, text->payload, text->payload_bytes, record);
    else if (f && !record)
        json_decref(young_take(&f->young, text->key, NULL, 0));
    pthread_mutex_unlock(&y->engine->lock);
}

static int append(struct engine *e, const struct conf_flow *conf, const struct message *first,
                  struct koppel_error *err)
{
    struct flow f;
    struct koppel_batch all;
    const struct generation *g = first->generation;
    struct young_for young = {e, conf->name};
    if (together(first, &all) != 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = flow_init(&f, conf, generation_connection(g, conf->from),
                       generation_connection(g, conf->to), e->store, &e->stop, err);
    if (rc == 0)
        rc = flow_declare(&f, err);
    if (rc == 0)
        rc = source_claim(e->store, conf, err);
    if (rc == 0)
        rc = read_pushed(&f, &all, first->until_ms, keep_young, &young, err);
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

static bool reads(const struct conf_flow *f, const struct message *m)
{
    /* one that is left to other hosts is appended to all the same: that needs its source alone */
    return (f->enabled || f->lacks) && strcmp(f->from->name, m->connection) == 0 &&
           strcmp(f->from_entity, m->entity) == 0;
}

static void answer(struct engine *e, struct message *m, const struct koppel_error *err)
{
    struct koppel_batch *b = &m->batch;
    struct hooks_reply reply = {.status = b->reply_status ? (int)b->reply_status : 200,
                                .type = b->reply_type, .body = b->reply, .bytes = b->reply_bytes};
    b->reply_type = b->reply = NULL;
    m->answer(m->arg, err ? NULL : &reply, err);
    free(reply.type);
    free(reply.body);
    batch_done(b);
    engine_let_go(e, m->generation);
    free(m);
}

/* Puts it into the queue of the next flow that reads it. Where all of them have it, or there is
 * nothing in it for them, it is answered. */
static void pass_on(struct hooks *h, struct message *m)
{
    const struct conf *conf = m->generation->conf;
    struct koppel_error err = {0};
    struct queue *q = NULL;
    while (m->flow < conf->flow_count && !reads(&conf->flows[m->flow], m))
        m->flow++;
    if (m->flow == conf->flow_count || m->batch.count == 0) {
        answer(h->engine, m, NULL);
        return;
    }
    m->next = NULL;
    pthread_mutex_lock(&h->lock);
    q = queue_of(h, conf->flows[m->flow].name);
    if (q) {
        *q->last = m;
        q->last = &m->next;
    }
    pthread_mutex_unlock(&h->lock);
    if (q)
        return;
    err_set(&err, KOPPEL_E_RETRY, "out of memory");
    answer(h->engine, m, &err);
}

/* Takes what waits by now, of one configuration. The lock is held. */
static struct message *take_some(struct queue *q)
{
    struct message *first = q->first, **end = &q->first;
    for (int i = 0; i < TOGETHER && *end && (*end)->generation == first->generation; i++)
        end = &(*end)->next;
    q->first = *end;
    if (!q->first)
        q->last = &q->first;
    *end = NULL;
    return first;
}

static void write_some(struct hooks *h, struct message *first)
{
    struct koppel_error err = {0};
    const struct conf_flow *conf = &first->generation->conf->flows[first->flow];
    int rc = append(h->engine, conf, first, &err);
    if (rc == 0)
        wake(h->engine, conf->name);
    for (struct message *m = first, *next; m; m = next) {
        next = m->next;
        m->flow++;
        if (rc == 0)
            pass_on(h, m);
        else
            answer(h->engine, m, &err);
    }
}

/* Writes whatever waits and nobody writes, until there is none. */
static void work_off(struct hooks *h)
{
    pthread_mutex_lock(&h->lock);
    struct queue *q = h->queues;
    while (q) {
        if (q->writing || !q->first) {
            q = q->next;
            continue;
        }
        struct message *first = take_some(q);
        q->writing = true;
        pthread_mutex_unlock(&h->lock);
        write_some(h, first);
        pthread_mutex_lock(&h->lock);
        q->writing = false;
        q = h->queues; /* it may have gone into another one */
    }
    pthread_mutex_unlock(&h->lock);
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

static struct message *message_new(const char *connection, const char *entity)
{
    size_t bytes = strlen(connection) + 1, more = strlen(entity) + 1;
    struct message *m = malloc(sizeof *m + bytes + more);
    if (!m)
        return NULL;
    *m = (struct message){0};
    memcpy(m->text, connection, bytes);
    memcpy(m->text + bytes, entity, more);
    m->connection = m->text;
    m->entity = m->text + bytes;
    return m;
}

static bool is_read(const struct message *m)
{
    const struct conf *conf = m->generation->conf;
    for (int i = 0; i < conf->flow_count; i++) {
        if (reads(&conf->flows[i], m))
            return true;
    }
    return false;
}

static int receive(struct hooks *h, struct message *m,
                   const struct koppel_receive_request *request, struct koppel_error *err)
{
    const struct conf *conf = m->generation->conf;
    const struct conf_connection *found =
        conf->whole ? conf_connection(conf, m->connection) : NULL;
    if (!conf->whole)
        return err_reason(err, KOPPEL_E_RETRY, HOOKS_SAFE, "the configuration has mistakes");
    if (!found || !is_read(m))
        return err_reason(err, KOPPEL_E_REJECTED, HOOKS_NONE, "no flow reads %s of %s", m->entity,
                          m->connection);
    if (room_check(h->engine, &conf->keep, err) != 0)
        return -1;
    if (found->lacks) /* another host can tell whether it is signed well */
        return err_reason(err, KOPPEL_E_RETRY, HOOKS_LACKS, "%s", found->lacks);
    struct connection *c = generation_connection(m->generation, found);
    int rc = connection_receive(c, request, &m->batch, NULL, err);
    return rc == 0 ? fetch(c, m->entity, &m->batch, err) : rc;
}

int hooks_take(struct hooks *h, const char *connection,
               const struct koppel_receive_request *request, hooks_answer *answer_to, void *arg,
               struct koppel_error *err)
{
    struct message *m = message_new(connection, request->subscription->entity);
    if (!m)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    m->answer = answer_to;
    m->arg = arg;
    m->until_ms = clock_monotonic_ms() + READ_WAIT_MS;
    m->generation = engine_hold(h->engine);
    if (receive(h, m, request, err) != 0) {
        batch_done(&m->batch);
        engine_let_go(h->engine, m->generation);
        free(m);
        return -1;
    }
    pass_on(h, m);
    work_off(h);
    return 0;
}
