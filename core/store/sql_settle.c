/* SPDX-License-Identifier: MIT
 * Moves 6 and 7: what ends jobs and what puts them aside. Outcomes, links, steps, counters and the
 * partition's cursor in one transaction, fenced by the lease. */
#include "store/sql_settle.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"
#include "store/sql_cause.h"
#include "store/sql_history.h"
#include "store/sql_lease.h"
#include "store/sql_link.h"
#include "store/sql_words.h"
#include "store/tally.h"
#include "store/twice.h"

#define SUPERSEDED "a newer version of the record replaced it"

/* The job as it stood before. */
struct before {
    bool known;
    int state, attempt;
    int64_t epoch;
    bool steps;
};

/* Its key, where one stands aside. */
struct aside {
    bool stands;
    int64_t job, due, retried;
    int state;
};

struct settle_own {
    struct seal steps, words;
    struct hashes hashes;
    int64_t cause;          /* 0: none */
    struct seal *documents; /* as many as there are links; NULL: none is begun */
    struct before before;
    struct aside aside;
};

struct settle_arg {
    struct store_lease *lease;
    int64_t cursor;
    const struct store_outcome *outcomes;
    struct settle_own *own;
    bool *again; /* its key has an outcome before it in this call */
    int count;
    int64_t flow, now; /* the transaction's */
    struct tally tally;
    struct store_bucket happened;
    bool lost;
};

/* ---- how things stood before, asked for at once ---- */

/* From state on, in the columns behind `first`. */
static struct before before_of(struct conn_rows *st, int first)
{
    return (struct before){.known = true,
                           .state = conn_int(st, first),
                           .attempt = conn_int(st, first + 1),
                           .epoch = conn_int64(st, first + 2),
                           .steps = conn_int(st, first + 3) != 0};
}

static int take_before(struct conn_rows *st, int row, struct before *out)
{
    *out = (struct before){0};
    if (row == 1) {
        *out = before_of(st, 0);
        conn_reset(st);
    }
    return row < 0 ? -1 : 0;
}

static int take_aside(struct conn_rows *st, int row, struct aside *out)
{
    *out = (struct aside){0};
    if (row == 1) {
        *out = (struct aside){.stands = true,
                              .job = conn_int64(st, 0),
                              .state = conn_int(st, 1),
                              .due = conn_int64(st, 2),
                              .retried = conn_int64(st, 3)};
        conn_reset(st);
    }
    return row < 0 ? -1 : 0;
}

static int64_t job_of(const struct settle_arg *a, int i)
{
    return sql_job_number(a->flow, a->lease->part, a->outcomes[i].off);
}

/* Offsets of a batch stand close to one another, but for those that stood aside. */
static bool is_range(const struct settle_arg *a, int64_t *low, int64_t *high)
{
    *low = INT64_MAX;
    *high = -1;
    for (int i = 0; i < a->count; i++) {
        int64_t off = a->outcomes[i].off;
        *low = off < *low ? off : *low;
        *high = off > *high ? off : *high;
    }
    return *high - *low < 4 * (int64_t)a->count;
}

static int ask_deliveries(struct conn *c, const struct settle_arg *a, struct koppel_error *err)
{
    int64_t low, high;
    if (is_range(a, &low, &high))
        return conn_ask(c, SQL_DELIVERY_RANGE, err, "ii",
                        sql_job_number(a->flow, a->lease->part, low),
                        sql_job_number(a->flow, a->lease->part, high));
    for (int i = 0; i < a->count; i++) {
        if (conn_ask(c, SQL_DELIVERY_GET, err, "i", job_of(a, i)) != 0)
            return -1;
    }
    return 0;
}

static int take_range(struct conn *c, struct settle_arg *a, int64_t low, int64_t high,
                      struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_answer(c, &st, SQL_DELIVERY_RANGE, err, "ii",
                          sql_job_number(a->flow, a->lease->part, low),
                          sql_job_number(a->flow, a->lease->part, high));
    for (; row == 1; row = conn_step(c, st, err)) {
        int64_t off = sql_job_off(conn_int64(st, 0));
        for (int i = 0; i < a->count; i++) {
            if (a->outcomes[i].off == off)
                a->own[i].before = before_of(st, 1);
        }
    }
    return row;
}

static int take_deliveries(struct conn *c, struct settle_arg *a, struct koppel_error *err)
{
    int64_t low, high;
    for (int i = 0; i < a->count; i++)
        a->own[i].before = (struct before){0};
    if (is_range(a, &low, &high))
        return take_range(c, a, low, high, err);
    for (int i = 0; i < a->count; i++) {
        struct conn_rows *st;
        int row = conn_answer(c, &st, SQL_DELIVERY_GET, err, "i", job_of(a, i));
        if (take_before(st, row, &a->own[i].before) != 0)
            return -1;
    }
    return 0;
}

/* Most often none of the flow stands aside, and there is nothing to ask for. */
static int take_any(struct conn *c, struct settle_arg *a, bool *any, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_answer(c, &st, SQL_ASIDE_ANY, err, "i", a->flow);
    *any = row == 1;
    if (row == 1)
        conn_reset(st);
    for (int i = 0; i < a->count; i++)
        a->own[i].aside = (struct aside){0};
    return row < 0 ? -1 : 0;
}

static int look_aside(struct conn *c, struct settle_arg *a, struct koppel_error *err)
{
    for (int i = 0; i < a->count; i++) {
        if (conn_ask(c, SQL_ASIDE_GET, err, "it", a->flow, a->outcomes[i].key) != 0)
            return -1;
    }
    for (int i = 0; i < a->count; i++) {
        struct conn_rows *st;
        int row = conn_answer(c, &st, SQL_ASIDE_GET, err, "it", a->flow, a->outcomes[i].key);
        if (take_aside(st, row, &a->own[i].aside) != 0)
            return -1;
    }
    return 0;
}

/* In the order in which it was asked. */
static int look_first(struct conn *c, struct settle_arg *a, struct koppel_error *err)
{
    bool any = false;
    if (take_any(c, a, &any, err) != 0 || take_deliveries(c, a, err) != 0)
        return -1;
    return any ? look_aside(c, a, err) : 0;
}

/* An outcome before it in this call may have changed what stands there. */
static int look_again(struct conn *c, struct settle_arg *a, int i, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_DELIVERY_GET, err, "i", job_of(a, i));
    if (take_before(st, row, &a->own[i].before) != 0)
        return -1;
    row = conn_row(c, &st, SQL_ASIDE_GET, err, "it", a->flow, a->outcomes[i].key);
    return take_aside(st, row, &a->own[i].aside);
}

/* ---- what it writes ---- */

int sql_settle_words(struct sql_store *s, struct conn *c, int64_t job, const char *detail,
                        struct seal *out, struct koppel_error *err)
{
    struct conn_rows *st;
    char *plain = NULL;
    size_t bytes = 0;
    int row = conn_row(c, &st, SQL_DELIVERY_GET, err, "i", job);
    if (row == 1) {
        int rc = conn_unseal(st, 5, s->key, &plain, &bytes, err);
        conn_reset(st);
        row = rc == 0 ? 1 : -1;
    }
    if (row < 0)
        return -1;
    struct seal_words w = seal_words_of(plain, bytes);
    w.detail = detail;
    int rc = seal_words(s->key, &w, out, err);
    free(plain);
    return rc;
}

/* The older job of the key ends; its brief and facts stay what they were. */
static int supersede(struct sql_store *s, struct conn *c, struct settle_arg *a, int64_t job,
                     struct koppel_error *err)
{
    struct seal words = {0};
    int rc = sql_settle_words(s, c, job, SUPERSEDED, &words, err);
    if (rc == 0)
        rc = conn_run(c, SQL_DELIVERY_SUPERSEDE, err, "iiib", job, a->lease->epoch, a->now,
                      words.data, words.bytes);
    free(words.data);
    a->happened.skipped++;
    return rc == 0 ? tally_add(&a->tally, JOB_SKIPPED, "superseded", err) : -1;
}

/* Was this outcome written before, in a transaction whose answer got lost? What has ended stays
 * ended; what is parked is only tried again after a person's order, what waits once it is due. */
static bool repeated(const struct settle_arg *a, const struct store_outcome *o,
                     const struct before *b, const struct aside *aside, int64_t job)
{
    if (!b->known)
        return false;
    if (b->state == JOB_DONE || b->state == JOB_SKIPPED)
        return true;
    if (b->epoch != a->lease->epoch || b->state != (int)o->state)
        return false;
    return b->state == JOB_PARKED || (aside->job == job && aside->due > a->now);
}

static int put_delivery(struct conn *c, struct settle_arg *a, int i, int64_t job,
                        const struct before *b, enum job_state state, const char *reason,
                        struct koppel_error *err)
{
    const struct store_outcome *o = &a->outcomes[i];
    const struct settle_own *own = &a->own[i];
    int64_t attempt = b->attempt + (o->state != JOB_WAITING || o->counts);
    if (!b->known)
        return conn_run(c, SQL_DELIVERY_PUT, err, "iiiiiitbtbb", job, (int64_t)state, attempt,
                        a->lease->epoch, a->now, o->run, reason, own->words.data,
                        own->words.bytes, o->remote_id, own->hashes.data, own->hashes.bytes,
                        own->steps.data, own->steps.bytes);
    if ((b->steps && conn_run(c, SQL_ATTEMPT_KEEP, err, "i", job) != 0) ||
        (own->hashes.data && conn_run(c, SQL_WORD_CHANGED, err, "ib", job, own->hashes.data,
                                      own->hashes.bytes) != 0))
        return -1;
    return conn_run(c, SQL_DELIVERY_AGAIN, err, "iiiiiitbtbb", job, (int64_t)state, attempt,
                    a->lease->epoch, a->now, o->run, reason, own->words.data, own->words.bytes,
                    o->remote_id, own->hashes.data, own->hashes.bytes, own->steps.data,
                    own->steps.bytes);
}

/* What happened in this transaction, for the history. */
static void count(struct settle_arg *a, enum job_state state)
{
    a->happened.done += state == JOB_DONE;
    a->happened.skipped += state == JOB_SKIPPED;
    a->happened.parked += state == JOB_PARKED;
}

static int put_aside(struct conn *c, struct settle_arg *a, int i, int64_t job, enum job_state state,
                     const char *reason, int64_t due, bool retried, struct koppel_error *err)
{
    int64_t cause = a->own[i].cause;
    if (cause && conn_run(c, SQL_CAUSE_PUT, err, "iiti", cause, a->flow, reason, a->now) != 0)
        return -1;
    return conn_run(c, SQL_ASIDE_PUT, err, "itiiiiiti", a->flow, a->outcomes[i].key,
                    (int64_t)a->lease->part, job, (int64_t)state, due, (int64_t)retried, reason,
                    cause);
}

static int64_t due_of(const struct settle_arg *a, const struct store_outcome *o,
                      const struct aside *aside)
{
    if (o->state != JOB_WAITING)
        return 0;
    if (o->retry_in_ms >= 0)
        return a->now + o->retry_in_ms;
    return aside->stands && aside->state == JOB_WAITING ? aside->due : a->now;
}

static int settle_one(struct sql_store *s, struct conn *c, struct settle_arg *a, int i,
                      struct koppel_error *err)
{
    const struct store_outcome *o = &a->outcomes[i];
    int64_t job = job_of(a, i);
    const char *reason = o->reason ? o->reason : "";
    enum job_state state = o->state;
    if (state != JOB_DONE && state != JOB_SKIPPED && state != JOB_PARKED && state != JOB_WAITING)
        return err_set(err, KOPPEL_E_BUG, "a job cannot end as %s", job_state_name(state));
    if (a->again[i] && look_again(c, a, i, err) != 0)
        return -1;
    struct before before = a->own[i].before;
    struct aside aside = a->own[i].aside;
    if (repeated(a, o, &before, &aside, job))
        return 0;
    bool stays = state == JOB_WAITING || state == JOB_PARKED;
    bool newer = aside.stands && aside.job > job;
    if (aside.stands && aside.job < job && supersede(s, c, a, aside.job, err) != 0)
        return -1;
    if (newer && stays) {
        /* only one of a key stands aside, and a newer one does already */
        stays = false;
        state = JOB_SKIPPED;
        reason = "superseded";
    }
    if (put_delivery(c, a, i, job, &before, state, reason, err) != 0)
        return -1;
    count(a, state);
    int rc = stays ? put_aside(c, a, i, job, state, reason, due_of(a, o, &aside),
                               aside.stands && aside.job == job && aside.retried != 0, err)
                   : tally_add(&a->tally, state, reason, err);
    if (rc == 0 && !stays && aside.stands && !newer)
        rc = conn_run(c, SQL_ASIDE_DELETE, err, "it", a->flow, o->key);
    for (int k = 0; k < o->link_count && rc == 0; k++)
        rc = sql_link_change(s, c, a->flow, a->lease, &o->links[k],
                                a->own[i].documents ? &a->own[i].documents[k] : NULL, err);
    return rc;
}

static int settle(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct settle_arg *a = arg;
    const struct names_flow *f = names_flow_need(&s->names, c, a->lease->flow, err);
    if (!f)
        return -1;
    a->flow = f->id;
    if (sql_lease_ask(c, f->id, a->lease, err) != 0 ||
        conn_ask(c, SQL_ASIDE_ANY, err, "i", a->flow) != 0 || ask_deliveries(c, a, err) != 0)
        return -1;
    int stands = sql_lease_stands(s, c, f->id, a->lease, err);
    if (stands < 0)
        return -1;
    a->lost = !stands;
    if (a->lost)
        return 0;
    a->now = conn_now_ms(c);
    a->happened = (struct store_bucket){0};
    tally_done(&a->tally);
    if (look_first(c, a, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        if (settle_one(s, c, a, i, err) != 0)
            return -1;
    }
    if (tally_write(&a->tally, c, a->flow, a->lease->part, err) != 0 ||
        sql_history_add(c, a->flow, &a->happened, err) != 0 ||
        (a->cursor >= 0 && conn_run_one(c, SQL_LEASE_CURSOR, err, "iii", a->flow,
                                        (int64_t)a->lease->part, a->cursor) != 0))
        return -1;
    return conn_run(c, SQL_FLOW_CHANGED, err, "i", a->flow);
}

static int seal_one(struct sql_store *s, const struct store_lease *lease,
                    const struct store_outcome *o, struct settle_own *own, struct koppel_error *err)
{
    struct seal_words words = {o->detail, o->facts, o->brief};
    bool stays = o->state == JOB_PARKED || o->state == JOB_WAITING;
    hashes_of(s->index_key, o->words, o->word_count, &own->hashes);
    own->cause = stays ? sql_cause_id(s, lease->flow, o->cause) : 0;
    if (seal_text(s->key, o->activity, o->activity_bytes, &own->steps, err) != 0 ||
        seal_words(s->key, &words, &own->words, err) != 0 ||
        sql_link_scopes(s, o->links, o->link_count, err) != 0)
        return -1;
    for (int k = 0; k < o->link_count; k++) {
        const char *document = o->links[k].begun.document;
        if (!document)
            continue;
        if (!own->documents)
            own->documents = calloc((size_t)o->link_count, sizeof *own->documents);
        if (!own->documents)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (seal_text(s->key, document, strlen(document), &own->documents[k], err) != 0)
            return -1;
    }
    return 0;
}

static void own_done(const struct store_outcome *o, struct settle_own *own)
{
    free(own->steps.data);
    free(own->words.data);
    for (int k = 0; own->documents && k < o->link_count; k++)
        free(own->documents[k].data);
    free(own->documents);
}

static const char *key_of(const void *outcomes, int i)
{
    return ((const struct store_outcome *)outcomes)[i].key;
}

int sql_settle(struct store *base, struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct settle_arg a = {.lease = lease, .cursor = cursor, .outcomes = outcomes, .count = count};
    a.own = calloc((size_t)count + 1, sizeof *a.own);
    a.again = calloc((size_t)count + 1, sizeof *a.again);
    int rc = a.own && a.again && twice_mark(outcomes, count, key_of, a.again) == 0
                 ? 0
                 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < count && rc == 0; i++)
        rc = seal_one(s, lease, &outcomes[i], &a.own[i], err);
    if (rc == 0)
        rc = sql_change(s, SQL_HARD, settle, &a, err);
    if (rc == 0) {
        *lost = a.lost;
        if (a.lost)
            held_until(&s->holds, lease->epoch, 0);
        else if (cursor > lease->cursor)
            lease->cursor = cursor;
    }
    tally_done(&a.tally);
    for (int i = 0; a.own && i < count; i++)
        own_done(&outcomes[i], &a.own[i]);
    free(a.own);
    free(a.again);
    return rc;
}
