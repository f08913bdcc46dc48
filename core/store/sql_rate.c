/* SPDX-License-Identifier: MIT
 * The peers' limits and rests that hosts share.
 *
 * A limit is one number per connection: the moment at which the next request is due (GCRA). Who
 * takes some moves it on by their time, so no two engines are ever given the same moment. What
 * rests is looked for once a second, by whoever asks then; the others take what was seen last. */
#include "store/sql_rate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define US_PER_SECOND INT64_C(1000000)
#define NS_PER_US 1000
#define LOOK_MS 1000
#define LEAST_MAX_US (60 * US_PER_SECOND) /* of what one host may keep from the others at once */

/* Can another engine use the same store? */
static bool has_others(const struct sql_store *s)
{
    return s->kind->hosts || s->shared;
}

struct take_arg {
    const char *connection;
    int64_t interval_us;
    int count;
    int64_t starts_us;
};

static int take(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct take_arg *a = arg;
    struct conn_rows *st;
    int64_t now = conn_now_ms(c) * NS_PER_US, span = a->interval_us * a->count;
    (void)s;
    if (conn_row(c, &st, SQL_RATE_TAKE, err, "tiii", a->connection, now + span, now, span) != 1)
        return -1;
    int64_t starts = conn_int64(st, 0) - span - now;
    conn_reset(st);
    a->starts_us = starts > 0 ? starts : 0;
    return 0;
}

int sql_rate(struct store *base, const char *connection, int64_t interval_ns,
             int64_t least_ns, struct store_rate *out, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    int live = atomic_load(&s->live);
    struct take_arg a = {.connection = connection,
                         .interval_us = (interval_ns + NS_PER_US - 1) / NS_PER_US};
    *out = (struct store_rate){.count = 0};
    if (!has_others(s))
        return 0;
    int64_t second = US_PER_SECOND / a.interval_us / (live > 0 ? live : 1);
    int64_t least_us = least_ns / NS_PER_US < LEAST_MAX_US ? least_ns / NS_PER_US : LEAST_MAX_US;
    int64_t least = (least_us + a.interval_us - 1) / a.interval_us;
    a.count = (int)(second > least ? second : least > 1 ? least : 1);
    if (sql_change(s, SQL_SOFT, take, &a, err) != 0)
        return -1;
    *out = (struct store_rate){a.count, a.starts_us, a.interval_us};
    return 0;
}

/* ---- rests ---- */

struct rest_arg {
    const char *connection, *reason;
    int64_t ms;
};

static int put_rest(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct rest_arg *a = arg;
    int64_t until = a->ms > 0 ? conn_now_ms(c) + a->ms : 0;
    (void)s;
    return conn_run(c, SQL_RATE_REST, err, "tit", a->connection, until, a->reason);
}

/* What was seen last; the caller holds the lock. NULL: it does not rest. */
static struct store_rest *seen(struct sql_store *s, const char *connection)
{
    for (int i = 0; i < s->rests.count; i++) {
        if (strcmp(s->rests.rows[i].connection, connection) == 0)
            return &s->rests.rows[i];
    }
    return NULL;
}

int sql_rate_rest(struct store *base, const char *connection, int64_t ms, const char *reason,
                  struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct rest_arg a = {connection, reason, ms};
    if (!has_others(s) || (ms > 0 && ms < LOOK_MS)) /* it is over before anybody has looked */
        return 0;
    pthread_mutex_lock(&s->rests.lock);
    struct store_rest *known = seen(s, connection);
    if (known && ms == 0)
        known->until_ms = 0;
    pthread_mutex_unlock(&s->rests.lock);
    return sql_change(s, SQL_SOFT, put_rest, &a, err);
}

struct look_arg {
    struct store_rest rows[SQL_RESTS];
    int count;
};

static int look(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct look_arg *a = arg;
    struct conn_rows *st;
    int64_t now = conn_now_ms(c), here = clock_monotonic_ms();
    (void)s;
    a->count = 0;
    int row = conn_row(c, &st, SQL_RATE_RESTS, err, "ii", now, (int64_t)SQL_RESTS);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct store_rest *r = &a->rows[a->count++];
        snprintf(r->connection, sizeof r->connection, "%s", conn_peek(st, 0));
        snprintf(r->reason, sizeof r->reason, "%s", conn_peek(st, 1));
        r->until_ms = here + conn_int64(st, 2) - now;
    }
    return row;
}

/* A store that cannot be reached says what it said last. */
static void look_anew(struct sql_store *s)
{
    struct look_arg a;
    if (sql_look(s, look, &a, NULL) != 0)
        return;
    pthread_mutex_lock(&s->rests.lock);
    memcpy(s->rests.rows, a.rows, (size_t)a.count * sizeof a.rows[0]);
    s->rests.count = a.count;
    pthread_mutex_unlock(&s->rests.lock);
}

int64_t sql_rate_resting(struct store *base, const char *connection, struct store_rest *out)
{
    struct sql_store *s = sql_of(base);
    if (!has_others(s))
        return 0;
    int64_t now = clock_monotonic_ms(), left = 0;
    pthread_mutex_lock(&s->rests.lock);
    bool due = now >= s->rests.next_ms;
    if (due)
        s->rests.next_ms = now + LOOK_MS;
    pthread_mutex_unlock(&s->rests.lock);
    if (due)
        look_anew(s);
    pthread_mutex_lock(&s->rests.lock);
    const struct store_rest *known = seen(s, connection);
    if (known && known->until_ms > now) {
        *out = *known;
        left = known->until_ms - now;
    }
    pthread_mutex_unlock(&s->rests.lock);
    return left;
}
