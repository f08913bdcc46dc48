/* SPDX-License-Identifier: MIT
 * Retention: what is older than its age goes, a slice at a time.
 *
 * Nothing is looked for with an index, which every record would pay for. A partition is looked
 * through once per age in the order of its jobs, which is that of their acceptance; what ends
 * behind that look is put down in `late` by the tables themselves (schema_keeping.h). */
#include "store/sql_keep.h"

#include <stdlib.h>

#include "base/clock.h"
#include "store/sql_words.h"

#define SLICE_ROWS 256
#define SLICE_MS 15 /* for which others wait at most */
#define TABLES 3    /* that know a job */

enum action {
    ACTION_PASS,
    ACTION_STOP,   /* it is younger, as are those behind it */
    ACTION_LATE,   /* its time comes later */
    ACTION_ON_TIME, /* it stands in `late` no longer */
    ACTION_ERASE,
    ACTION_DROP,
};

struct row {
    int64_t job, at, finished, bytes, rows_mark;
    int state; /* 0: it is not settled */
    bool seen; /* it is what a source that lists everything last showed of its key */
    enum action action;
};

struct keep_arg {
    const struct keeping *ages;
    struct keeping_place *place;
    struct keeping_sum *sum;
    struct keeping_place from; /* where a slice begins, and what was erased before it */
    struct keeping_sum before;
    bool plan;
    int64_t now;
    struct row rows[SLICE_ROWS];
    int count;
};

/* A partition, and how far it may be looked through. */
struct slot {
    int64_t number, cursor, mark[KEEPING_ROWS + 1];
};

static int64_t limit_of(const struct keep_arg *a, int64_t age)
{
    return age >= a->now ? -1 : a->now - age;
}

static int64_t age_of(const struct keep_arg *a, enum keeping_phase phase)
{
    return phase == KEEPING_SKIPPED ? a->ages->skipped_ms
           : phase == KEEPING_DONE  ? a->ages->done_ms
                                    : a->ages->rows_ms;
}

/* ---- what becomes of a job ---- */

static bool has_ended(const struct row *r)
{
    return r->state == JOB_DONE || r->state == JOB_SKIPPED;
}

/* In its turn. One that stands aside, or that a list still shows, comes to `late` when it no longer
 * does. */
static enum action in_turn(const struct keep_arg *a, const struct row *r)
{
    enum keeping_phase phase = a->place->phase;
    int64_t limit = limit_of(a, age_of(a, phase));
    if (r->state == 0 || (r->at > limit && r->at <= a->now))
        return ACTION_STOP;
    if (!has_ended(r) || r->seen || (phase == KEEPING_SKIPPED && r->state != JOB_SKIPPED) ||
        (phase == KEEPING_DONE && r->state != JOB_DONE))
        return ACTION_PASS;
    if (r->finished > limit)
        return ACTION_LATE;
    return phase == KEEPING_ROWS ? ACTION_DROP : ACTION_ERASE;
}

static enum action when_late(const struct keep_arg *a, const struct row *r)
{
    int64_t age = r->state == JOB_DONE ? a->ages->done_ms : a->ages->skipped_ms;
    bool rows_passed = r->job < r->rows_mark;
    if (!has_ended(r) || r->seen)
        return ACTION_ON_TIME;
    if (rows_passed && r->finished <= limit_of(a, a->ages->rows_ms))
        return ACTION_DROP;
    if (r->bytes > 0)
        return r->finished <= limit_of(a, age) ? ACTION_ERASE : ACTION_PASS;
    return rows_passed ? ACTION_PASS : ACTION_ON_TIME; /* KEEPING_ROWS comes to it */
}

static int run_each(struct conn *c, const enum sql which[TABLES], int64_t job,
                    struct koppel_error *err)
{
    for (int i = 0; i < TABLES; i++) {
        if (conn_run(c, which[i], err, job ? "i" : "", job) != 0)
            return -1;
    }
    return 0;
}

int sql_keep_erase(struct conn *c, int64_t job, struct koppel_error *err)
{
    static const enum sql erase[TABLES] = {SQL_KEEP_LOG_ERASE, SQL_KEEP_DELIVERY_ERASE,
                                           SQL_KEEP_ATTEMPT_ERASE};
    return sql_words_forget(c, job, err) != 0 ||
                   conn_run(c, SQL_PATCH_DROP, err, "i", job) != 0 ||
                   run_each(c, erase, job, err) != 0
               ? -1
               : 0;
}

int sql_keep_back(struct conn *c, struct koppel_error *err)
{
    static const enum sql back[TABLES] = {SQL_KEEP_LOG_BACK, SQL_KEEP_DELIVERY_BACK,
                                          SQL_KEEP_ATTEMPT_BACK};
    return run_each(c, back, 0, err);
}

static int apply(struct conn *c, const struct row *r, struct koppel_error *err)
{
    static const enum sql drop[TABLES] = {SQL_KEEP_LOG_DROP, SQL_KEEP_DELIVERY_DROP,
                                          SQL_KEEP_ATTEMPT_DROP};
    if (r->action == ACTION_LATE)
        return conn_run(c, SQL_KEEP_LATE_ADD, err, "i", r->job);
    if ((r->action == ACTION_ON_TIME || r->action == ACTION_DROP) &&
        conn_run(c, SQL_KEEP_LATE_DROP, err, "i", r->job) != 0)
        return -1;
    if (r->action != ACTION_ERASE && r->action != ACTION_DROP)
        return 0;
    /* a person may bring a skipped one back at this moment */
    if (conn_run(c, SQL_LEASE_LOCK, err, "ii", r->job >> 48, (int64_t)sql_job_part(r->job)) != 0)
        return -1;
    if (r->action == ACTION_ERASE)
        return sql_keep_erase(c, r->job, err);
    return sql_words_forget(c, r->job, err) != 0 ||
                   conn_run(c, SQL_PATCH_DROP, err, "i", r->job) != 0
               ? -1
               : run_each(c, drop, r->job, err);
}

static int apply_all(struct conn *c, struct keep_arg *a, struct koppel_error *err)
{
    bool moved = false;
    for (int i = 0; i < a->count; i++) {
        const struct row *r = &a->rows[i];
        bool erase = r->action == ACTION_ERASE && r->bytes > 0;
        if (!a->plan && (r->action != ACTION_ERASE || erase) && apply(c, r, err) != 0)
            return -1;
        moved = moved || erase;
        a->sum->contents += erase;
        a->sum->rows += r->action == ACTION_DROP;
        if (erase || r->action == ACTION_DROP)
            a->sum->bytes += r->bytes;
    }
    return moved && !a->plan ? sql_keep_back(c, err) : 0;
}

/* ---- partitions, job by job ---- */

static void take_row(struct conn_rows *st, struct row *r)
{
    *r = (struct row){.job = conn_int64(st, 0),
                      .at = conn_int64(st, 1),
                      .state = conn_int(st, 2),
                      .finished = conn_int64(st, 3),
                      .seen = conn_int(st, 4) != 0,
                      .bytes = conn_int64(st, 5),
                      .rows_mark = conn_int64(st, 6)};
}

/* The partition behind place->at; 0: there is none. */
static int next_slot(struct conn *c, const struct keep_arg *a, struct slot *slot,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_KEEP_SLOT, err, "ii", a->place->at >> 10,
                       a->place->at % STORE_PARTS_MAX);
    if (row != 1)
        return row;
    slot->number = conn_int64(st, 0) << 10 | conn_int64(st, 1);
    slot->cursor = conn_int64(st, 2);
    for (int i = 0; i <= KEEPING_ROWS; i++)
        slot->mark[i] = conn_int64(st, 3 + i);
    conn_reset(st);
    return 1;
}

static int put_mark(struct conn *c, const struct keep_arg *a, int64_t slot, int64_t mark,
                    struct koppel_error *err)
{
    int64_t at[KEEPING_ROWS + 1] = {0};
    if (a->plan)
        return 0;
    at[a->place->phase] = mark;
    return conn_run(c, SQL_KEEP_MARK, err, "iiii", slot, at[0], at[1], at[2]);
}

/* Some jobs of a partition from *mark on; *more: there may be others of that age. */
static int look_on(struct conn *c, struct keep_arg *a, const struct slot *slot, int64_t *mark,
                   bool *more, struct koppel_error *err)
{
    int64_t first = slot->number << STORE_OFF_BITS, begin = *mark;
    struct conn_rows *st;
    if (*mark < first)
        *mark = first;
    a->count = 0;
    /* what is at the cursor or behind it is not settled, or settled out of turn */
    int row = conn_row(c, &st, SQL_KEEP_LOOK, err, "iii", *mark, first + slot->cursor,
                       (int64_t)SLICE_ROWS);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct row *r = &a->rows[a->count];
        take_row(st, r);
        r->action = in_turn(a, r);
        if (r->action == ACTION_STOP)
            break;
        a->count++;
        *mark = r->job + 1;
    }
    if (row == 1)
        conn_reset(st);
    *more = a->count == SLICE_ROWS;
    if (row < 0 || apply_all(c, a, err) != 0)
        return -1;
    return *mark > begin && *mark > first ? put_mark(c, a, slot->number, *mark, err) : 0;
}

static bool out_of_time(const struct keep_arg *a, int64_t began)
{
    return !a->plan && clock_monotonic_ms() - began >= SLICE_MS;
}

static int look_through(struct conn *c, struct keep_arg *a, int64_t began, struct koppel_error *err)
{
    struct slot slot;
    int found = 1;
    if (age_of(a, a->place->phase) >= a->now)
        found = 0;
    while (found == 1 && !out_of_time(a, began)) {
        found = next_slot(c, a, &slot, err);
        if (found != 1)
            break;
        int64_t mark = slot.mark[a->place->phase];
        bool more = true;
        while (more && !out_of_time(a, began)) {
            if (look_on(c, a, &slot, &mark, &more, err) != 0)
                return -1;
        }
        if (!more)
            a->place->at = slot.number;
    }
    if (found == 0)
        *a->place = (struct keeping_place){a->place->phase + 1, 0};
    return found < 0 ? -1 : 0;
}

/* ---- those that ended late ---- */

static int look_at_late(struct conn *c, struct keep_arg *a, int64_t began, struct koppel_error *err)
{
    bool more = true;
    while (more && !out_of_time(a, began)) {
        struct conn_rows *st;
        a->count = 0;
        int row = conn_row(c, &st, SQL_KEEP_LATE, err, "ii", a->place->at, (int64_t)SLICE_ROWS);
        for (; row == 1; row = conn_step(c, st, err)) {
            struct row *r = &a->rows[a->count++];
            take_row(st, r);
            r->action = when_late(a, r);
            a->place->at = r->job;
        }
        more = a->count == SLICE_ROWS;
        if (row < 0 || apply_all(c, a, err) != 0)
            return -1;
    }
    if (!more)
        *a->place = (struct keeping_place){KEEPING_DOCUMENTS, 0};
    return 0;
}

/* ---- documents of writes whose outcome nobody saw ---- */

/* Such a link says from then on that anything may be there, and is looked up before it is used. */
static int look_at_documents(struct conn *c, struct keep_arg *a, int64_t began,
                             struct koppel_error *err)
{
    bool more = true;
    while (more && !out_of_time(a, began)) {
        struct conn_rows *st;
        a->count = 0;
        int row = conn_row(c, &st, SQL_KEEP_DOCUMENTS, err, "iii", a->place->at,
                           limit_of(a, a->ages->done_ms), (int64_t)SLICE_ROWS);
        for (; row == 1; row = conn_step(c, st, err)) {
            a->place->at = a->rows[a->count++].job = conn_int64(st, 0);
            a->sum->documents++;
            a->sum->bytes += conn_int64(st, 1);
        }
        more = a->count == SLICE_ROWS;
        for (int i = 0; i < a->count && row == 0 && !a->plan; i++) {
            if (conn_run(c, SQL_KEEP_LINK_FORGET, err, "i", a->rows[i].job) != 0 ||
                conn_run(c, SQL_DOCUMENT_DELETE, err, "i", a->rows[i].job) != 0)
                return -1;
        }
        if (row < 0)
            return -1;
    }
    if (!more)
        *a->place = (struct keeping_place){KEEPING_END, 0};
    return 0;
}

/* ---- a slice, or all of it ---- */

static int slice(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct keep_arg *a = arg;
    int64_t began = clock_monotonic_ms();
    (void)s;
    *a->place = a->from;
    *a->sum = a->before;
    int rc = a->plan ? 0 : conn_run(c, SQL_GUARD, err, "");
    while (rc == 0 && a->place->phase != KEEPING_END && !out_of_time(a, began)) {
        if (a->place->phase <= KEEPING_ROWS)
            rc = look_through(c, a, began, err);
        else if (a->place->phase == KEEPING_LATE)
            rc = look_at_late(c, a, began, err);
        else
            rc = look_at_documents(c, a, began, err);
    }
    return rc;
}

int sql_keep(struct store *base, const struct keeping *ages, struct keeping_place *place,
                struct keeping_sum *sum, struct koppel_error *err)
{
    struct keeping_place at = *place;
    struct keeping_sum all = *sum;
    struct keep_arg *a = calloc(1, sizeof *a);
    if (!a)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    *a = (struct keep_arg){
        .ages = ages, .place = &at, .from = at, .sum = &all, .before = all,
        .now = sql_now_ms(sql_of(base))};
    int rc = sql_change(sql_of(base), SQL_LOW, slice, a, err);
    free(a);
    if (rc == 0) {
        *place = at;
        *sum = all;
    }
    return rc;
}

int sql_keep_plan(struct store *base, const struct keeping *ages, struct keeping_sum *sum,
                     struct koppel_error *err)
{
    struct keeping_place at = {0};
    struct keep_arg *a = calloc(1, sizeof *a);
    if (!a)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    *sum = (struct keeping_sum){0};
    *a = (struct keep_arg){
        .ages = ages, .place = &at, .sum = sum, .plan = true, .now = sql_now_ms(sql_of(base))};
    int rc = sql_look(sql_of(base), slice, a, err);
    free(a);
    return rc;
}
