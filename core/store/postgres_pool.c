/* SPDX-License-Identifier: MIT
 * How work gets to a connection. */
#include "store/postgres_pool.h"

#include <string.h>

#include "base/clock.h"
#include "base/meter.h"
#include "store/postgres_session.h"

#define AGAIN_MAX 5 /* after a deadlock */

/* ---- connections ---- */

struct conn_postgres *postgres_pool_take(struct postgres_store *s)
{
    if (s->sql.beats && pthread_equal(pthread_self(), s->sql.beat)) {
        pthread_mutex_lock(&s->beat_lock);
        return &s->beat;
    }
    int mine = -1;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        /* an open one before one that is to be opened */
        for (int i = 0; i < POSTGRES_POOL; i++) {
            if (!s->busy[i] && (mine < 0 || (s->pool[i].db && !s->pool[mine].db)))
                mine = i;
        }
        if (mine >= 0)
            break;
        pthread_cond_wait(&s->freed, &s->lock);
    }
    s->busy[mine] = true;
    s->busy_since_ms[mine] = clock_monotonic_ms();
    pthread_mutex_unlock(&s->lock);
    return &s->pool[mine];
}

void postgres_pool_give(struct postgres_store *s, struct conn_postgres *c, bool written)
{
    if (c == &s->beat) {
        pthread_mutex_unlock(&s->beat_lock);
        return;
    }
    int mine = (int)(c - s->pool);
    pthread_mutex_lock(&s->lock);
    s->busy[mine] = false;
    s->busy_since_ms[mine] = 0;
    pthread_cond_signal(&s->freed);
    if (written && !s->written) {
        s->written = true;
        pthread_cond_signal(&s->wakes);
    }
    pthread_mutex_unlock(&s->lock);
}

int64_t postgres_pool_busy_ms(struct store *base)
{
    struct postgres_store *s = postgres_of(base);
    int64_t now = clock_monotonic_ms(), longest = 0;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < POSTGRES_POOL; i++) {
        if (s->busy_since_ms[i] && now - s->busy_since_ms[i] > longest)
            longest = now - s->busy_since_ms[i];
    }
    pthread_mutex_unlock(&s->lock);
    return longest;
}

/* ---- transactions ---- */

/* One attempt. *fate: what became of it. */
static int attempt(struct postgres_store *s, struct conn_postgres *c, enum conn_postgres_begin how,
                   sql_work *work, void *arg, enum conn_postgres_fate *fate,
                   struct koppel_error *err)
{
    *fate = CONN_POSTGRES_FAILED;
    if (!c->db && postgres_session_open(c, &s->place, err) != 0)
        return -1;
    int rc = conn_postgres_begin(c, how, err);
    if (rc == 0)
        rc = work(&s->sql, &c->base, arg, err);
    /* who looks leaves a sign for the engines */
    if (rc == 0 && how == CONN_POSTGRES_HARD && s->sql.mode == STORE_LOOK)
        rc = conn_run(&c->base, SQL_META_COUNT, err, "tt", "news", "");
    struct koppel_error ended = {0};
    if (conn_postgres_end(c, rc == 0, &ended) != 0 && rc == 0) {
        *err = ended;
        rc = -1;
    }
    *fate = c->fate;
    return rc;
}

/* A deadlock, and a connection that was lost before anything could be committed, are tried again at
 * once: nothing of it happened. */
static int run(struct postgres_store *s, enum conn_postgres_begin how, sql_work *work, void *arg,
               struct koppel_error *err)
{
    struct conn_postgres *c = postgres_pool_take(s);
    enum conn_postgres_fate fate;
    bool was_open = c->db != NULL;
    int rc, left = AGAIN_MAX;
    do {
        *err = (struct koppel_error){0};
        rc = attempt(s, c, how, work, arg, &fate, err);
        bool stale = fate == CONN_POSTGRES_GONE && was_open;
        was_open = false;
        if (rc == 0 || (fate != CONN_POSTGRES_AGAIN && !stale))
            break;
    } while (--left > 0);
    postgres_pool_give(s, c, rc == 0 && how == CONN_POSTGRES_HARD);
    return rc;
}

static int change(struct sql_store *base, enum sql_need need, sql_work *work, void *arg,
                  struct koppel_error *err)
{
    struct postgres_store *s = (struct postgres_store *)base;
    int64_t begun = clock_monotonic_ns();
    int rc = run(s, need == SQL_SOFT ? CONN_POSTGRES_SOFT : CONN_POSTGRES_HARD, work, arg, err);
    meter_add(METER_COMMIT_US, NULL, NULL, NULL, (clock_monotonic_ns() - begun) / 1000);
    meter_add(METER_COMMIT_TASKS, NULL, NULL, NULL, 1);
    return rc;
}

static int look(struct sql_store *base, sql_work *work, void *arg, struct koppel_error *err)
{
    return run((struct postgres_store *)base, CONN_POSTGRES_READ, work, arg, err);
}

const struct sql_kind postgres_pool_kind = {.run = change, .read = look, .hosts = true};

struct chore_arg {
    sql_chore *chore;
    int64_t *again_ms;
};

static int chore_work(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct chore_arg *a = arg;
    return a->chore(s, c, a->again_ms, err);
}

int postgres_pool_chore(struct postgres_store *s, sql_chore *chore, int64_t *again_ms,
                   struct koppel_error *err)
{
    struct chore_arg a = {chore, again_ms};
    return run(s, CONN_POSTGRES_SOFT, chore_work, &a, err);
}
