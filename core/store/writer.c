/* SPDX-License-Identifier: MIT
 * How work gets to the database.
 *
 * Callers queue a piece of work and sleep. The writer takes everything that is queued, runs each
 * piece under a savepoint of its own in one transaction, commits, and wakes them: the disk is asked
 * once for many changes. What can wait (erasing) is taken piece by piece, each in a transaction of
 * its own, while nobody else waits; and so are the store's own chores. */
#include "store/writer.h"

#include <errno.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/meter.h"
#include "store/sqlite.h"
#include "store/sqlite_news.h"
#include "store/witness.h"

#define PASSED_MAX 20 /* rounds after which a low piece of work goes first, lest it never goes */
#define CHORE_SOON_MS 500   /* what is written meanwhile is one slice */
#define CHORE_LATE_MS 1000  /* one that is late so long is not kept waiting by tasks any more */
#define CHORE_FAILED_MS 60000

struct writer_task {
    struct writer_task *next;
    sql_work *work;
    void *arg;
    struct koppel_error *err;
    int need;
    int rc;
    sem_t done; /* posted when it is its caller's again */
};

static void run_task(struct writer *w, struct writer_task *t, bool alone)
{
    struct conn *c = &w->conn.base;
    t->rc = alone ? 0 : conn_run(c, SQL_SAVEPOINT, t->err, "");
    if (t->rc == 0)
        t->rc = t->work(&w->store->sql, c, t->arg, t->err);
    if (alone || sqlite3_get_autocommit(w->conn.db))
        return;
    if (t->rc != 0)
        (void)conn_run(c, SQL_UNDO, NULL, "");
    if (conn_run(c, SQL_RELEASE, t->err, "") != 0)
        t->rc = -1;
}

/* Commits what the tasks changed. One that changed nothing leaves no trace. */
static int commit(struct writer *w, bool hard, int64_t before, struct koppel_error *err)
{
    struct sqlite_store *s = w->store;
    bool counted = hard && s->witness_fd >= 0 && sqlite3_total_changes64(w->conn.db) != before;
    if (counted && conn_run(&w->conn.base, SQL_META_SET, err, "ti", "commits", s->commits + 1) != 0)
        return -1;
    if (conn_run(&w->conn.base, SQL_COMMIT, err, "") != 0)
        return -1;
    if (counted) {
        struct witness now = {.commits = ++s->commits};
        memcpy(now.id, s->sql.id, sizeof now.id);
        witness_write(s->witness_fd, &now);
    }
    if (hard && s->tell_fd >= 0 && sqlite3_total_changes64(w->conn.db) != before)
        sqlite_news_tell(s);
    return 0;
}

static void set_hard(struct writer *w, bool hard)
{
    if (hard == w->store->hard)
        return;
    /* the log's order holds: a later commit that waits brings earlier ones to the disk too */
    const char *sql = hard ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
    (void)conn_sqlite_exec(&w->conn, sql, NULL);
    w->store->hard = hard;
}

/* ---- chores ---- */

/* The chore that is due first. Returns its place; -1: there is none. */
static int first_chore(const struct writer *w, int64_t *due_ms)
{
    int first = -1;
    *due_ms = INT64_MAX;
    for (int i = 0; w->chores && w->chores[i]; i++) {
        if (w->chore_due_ms[i] < *due_ms) {
            *due_ms = w->chore_due_ms[i];
            first = i;
        }
    }
    return first;
}

static void wake_chores(struct writer *w)
{
    for (int i = 0; w->chores && w->chores[i]; i++) {
        if (w->chore_due_ms[i] == INT64_MAX)
            w->chore_due_ms[i] = clock_monotonic_ms() + CHORE_SOON_MS;
    }
}

static void run_chore(struct writer *w, int which)
{
    struct koppel_error err = {0};
    int64_t again_ms = -1;
    set_hard(w, false);
    int rc = conn_run(&w->conn.base, SQL_BEGIN, &err, "");
    if (rc == 0)
        rc = w->chores[which](&w->store->sql, &w->conn.base, &again_ms, &err);
    if (rc == 0)
        rc = conn_run(&w->conn.base, SQL_COMMIT, &err, "");
    if (rc != 0 && !sqlite3_get_autocommit(w->conn.db))
        (void)conn_run(&w->conn.base, SQL_ROLLBACK, NULL, "");
    if (rc != 0) {
        log_warning(LOG_ABOUT(.event = "store"), "store %s: what it does by itself waits: %s",
                    w->store->sql.path, err.text);
        again_ms = CHORE_FAILED_MS;
    }
    w->chore_due_ms[which] = again_ms < 0 ? INT64_MAX : clock_monotonic_ms() + again_ms;
}

/* Sleeps until there are tasks, a chore is due, or it is to stop. Returns the chore; -1: none. */
static int wait_for_work(struct writer *w)
{
    while (!w->first && !w->low && !w->stopping) {
        int64_t due_ms;
        int chore = first_chore(w, &due_ms);
        int64_t left = chore < 0 ? INT64_MAX : due_ms - clock_monotonic_ms();
        if (left <= 0)
            return chore;
        struct timespec until;
        w->sleeps = true;
        if (chore < 0) {
            pthread_cond_wait(&w->filled, &w->lock);
        } else {
            clock_deadline(left, &until);
            pthread_cond_timedwait(&w->filled, &w->lock, &until);
        }
        w->sleeps = false;
    }
    return -1;
}

/* A writer that always has tasks comes to its chores all the same. */
static int late_chore(const struct writer *w)
{
    int64_t due_ms;
    int chore = first_chore(w, &due_ms);
    return chore >= 0 && due_ms + CHORE_LATE_MS <= clock_monotonic_ms() ? chore : -1;
}

/* ---- tasks ---- */

static void run_tasks(struct writer *w, struct writer_task *first)
{
    struct koppel_error err = {0};
    bool hard = false, alone = !first->next;
    int64_t begun = clock_monotonic_ns(), count = 0;
    for (struct writer_task *t = first; t; t = t->next, count++)
        hard = hard || t->need != SQL_SOFT;
    set_hard(w, hard);
    int rc = conn_run(&w->conn.base, SQL_BEGIN, &err, "");
    int64_t before = sqlite3_total_changes64(w->conn.db);
    for (struct writer_task *t = first; t && rc == 0; t = t->next) {
        run_task(w, t, alone);
        if (sqlite3_get_autocommit(w->conn.db) || (alone && t->rc != 0)) {
            /* a full disk or an I/O error took the whole transaction back */
            if (t->err)
                err = *t->err;
            rc = -1;
        }
    }
    if (rc == 0)
        rc = commit(w, hard, before, &err);
    if (rc != 0 && !sqlite3_get_autocommit(w->conn.db))
        (void)conn_run(&w->conn.base, SQL_ROLLBACK, NULL, "");
    for (struct writer_task *t = first; t && rc != 0; t = t->next) {
        t->rc = -1;
        if (t->err)
            *t->err = err;
    }
    if (rc == 0 && hard)
        wake_chores(w);
    meter_add(METER_COMMIT_US, NULL, NULL, NULL, (clock_monotonic_ns() - begun) / 1000);
    meter_add(METER_COMMIT_TASKS, NULL, NULL, NULL, count);
}

/* What is done next: all that is queued, or else one of those that can wait. Under the lock. */
static struct writer_task *next_round(struct writer *w)
{
    struct writer_task *first = w->first, *low = w->low;
    if (low && (!first || ++w->passed > PASSED_MAX)) {
        w->passed = 0;
        w->low = low->next;
        if (!w->low)
            w->low_last = &w->low;
        low->next = NULL;
        return low;
    }
    w->first = NULL;
    w->last = &w->first;
    return first;
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        int chore = wait_for_work(w);
        struct writer_task *first = next_round(w);
        if (!first && chore < 0)
            break;
        pthread_mutex_unlock(&w->lock);
        atomic_store(&w->busy_since_ms, clock_monotonic_ms());
        if (first && first->need == WRITER_BARE)
            first->rc = first->work(&w->store->sql, &w->conn.base, first->arg, first->err);
        else if (first)
            run_tasks(w, first);
        if (first)
            chore = late_chore(w);
        /* without the lock: whoever wakes up would only wait for it */
        for (struct writer_task *t = first, *next; t; t = next) {
            next = t->next;
            sem_post(&t->done);
        }
        if (chore >= 0)
            run_chore(w, chore);
        pthread_mutex_lock(&w->lock);
        atomic_store(&w->busy_since_ms, 0);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int writer_start(struct writer *w, struct sqlite_store *s, sql_chore *const *chores,
                 struct koppel_error *err)
{
    pthread_condattr_t monotonic;
    w->store = s;
    w->chores = chores;
    for (int i = 0; i < SQL_CHORES; i++)
        w->chore_due_ms[i] = INT64_MAX;
    w->memory = strcmp(s->sql.path, ":memory:") == 0;
    w->last = &w->first;
    w->low_last = &w->low;
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->pool_lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->filled, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&w->pool_freed, NULL);
    s->hard = true;
    if (conn_sqlite_open(&w->conn, s->sql.path, CONN_SQLITE_WRITE, err) != 0)
        return -1;
    int problem = pthread_create(&w->thread, NULL, writer_main, w);
    if (problem != 0)
        return err_set(err, KOPPEL_E_RETRY, "cannot start the store's writer: %s",
                       strerror(problem));
    w->started = true;
    return 0;
}

void writer_stop(struct writer *w)
{
    if (!w->store)
        return;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->stopping = true;
        pthread_cond_signal(&w->filled);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    for (int i = 0; i < WRITER_READERS; i++)
        conn_sqlite_close(&w->reader[i]);
    conn_sqlite_close(&w->conn);
    pthread_cond_destroy(&w->filled);
    pthread_cond_destroy(&w->pool_freed);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->pool_lock);
}

int writer_run(struct writer *w, int need, sql_work *work, void *arg, struct koppel_error *err)
{
    struct writer_task t = {.work = work, .arg = arg, .err = err, .need = need};
    sem_init(&t.done, 0, 0);
    pthread_mutex_lock(&w->lock);
    bool low = need == SQL_LOW || need == WRITER_BARE;
    struct writer_task ***last = low ? &w->low_last : &w->last;
    **last = &t;
    *last = &t.next;
    bool sleeps = w->sleeps;
    pthread_mutex_unlock(&w->lock);
    if (sleeps)
        pthread_cond_signal(&w->filled);
    while (sem_wait(&t.done) != 0 && errno == EINTR)
        continue;
    sem_destroy(&t.done);
    return t.rc;
}

int writer_read(struct writer *w, sql_work *work, void *arg, struct koppel_error *err)
{
    if (w->memory)
        return writer_run(w, SQL_SOFT, work, arg, err);
    int mine = -1;
    pthread_mutex_lock(&w->pool_lock);
    while (mine < 0) {
        for (int i = 0; i < WRITER_READERS && mine < 0; i++)
            mine = w->busy[i] ? -1 : i;
        if (mine < 0)
            pthread_cond_wait(&w->pool_freed, &w->pool_lock);
    }
    w->busy[mine] = true;
    pthread_mutex_unlock(&w->pool_lock);
    struct conn_sqlite *c = &w->reader[mine];
    int rc = c->db ? 0 : conn_sqlite_open(c, w->store->sql.path, CONN_SQLITE_READ, err);
    if (rc == 0)
        rc = conn_run(&c->base, SQL_BEGIN_READ, err, "");
    if (rc == 0)
        rc = work(&w->store->sql, &c->base, arg, err);
    if (c->db) {
        conn_sqlite_rest(c);
        if (!sqlite3_get_autocommit(c->db))
            (void)conn_run(&c->base, SQL_COMMIT, NULL, "");
    }
    pthread_mutex_lock(&w->pool_lock);
    w->busy[mine] = false;
    pthread_cond_signal(&w->pool_freed);
    pthread_mutex_unlock(&w->pool_lock);
    return rc;
}
