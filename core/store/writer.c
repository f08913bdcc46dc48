/* SPDX-License-Identifier: MIT
 * How work gets to the database.
 *
 * Callers queue a piece of work and sleep. The writer takes everything that is queued, runs each
 * piece under a savepoint of its own in one transaction, commits, and wakes them: the disk is asked
 * once for many changes. What can wait (erasing, indexing) is taken piece by piece, each in a
 * transaction of its own, while nobody else waits. */
#include "store/writer.h"

#include <string.h>

#include "store/sqlite.h"
#include "store/sqlite_news.h"
#include "store/witness.h"

#define PASSED_MAX 20 /* rounds after which a low piece of work goes first, lest it never goes */

struct writer_task {
    struct writer_task *next;
    writer_work *work;
    void *arg;
    struct koppel_error *err;
    enum writer_need need;
    int rc;
    bool finished;
    pthread_cond_t done;
};

static void run_task(struct writer *w, struct writer_task *t, bool alone)
{
    struct conn *c = &w->conn;
    t->rc = alone ? 0 : conn_run(c, SQL_SAVEPOINT, t->err, "");
    if (t->rc == 0)
        t->rc = t->work(w->store, c, t->arg, t->err);
    if (alone || sqlite3_get_autocommit(c->db))
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
    if (counted && conn_run(&w->conn, SQL_META_PUT, err, "ti", "commits", s->commits + 1) != 0)
        return -1;
    if (conn_run(&w->conn, SQL_COMMIT, err, "") != 0)
        return -1;
    if (counted) {
        struct witness now = {.commits = ++s->commits};
        memcpy(now.id, s->id, sizeof now.id);
        witness_write(s->witness_fd, &now);
    }
    if (hard && s->tell_fd >= 0 && sqlite3_total_changes64(w->conn.db) != before)
        sqlite_news_tell(s);
    return 0;
}

static void run_tasks(struct writer *w, struct writer_task *first)
{
    struct koppel_error err = {0};
    bool hard = false, alone = !first->next;
    for (struct writer_task *t = first; t; t = t->next)
        hard = hard || t->need != WRITER_SOFT;
    if (hard != w->store->hard) {
        /* the log's order holds: a later commit that waits brings earlier ones to the disk too */
        const char *sql = hard ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
        (void)conn_exec(&w->conn, sql, NULL);
        w->store->hard = hard;
    }
    int rc = conn_run(&w->conn, SQL_BEGIN, &err, "");
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
        (void)conn_run(&w->conn, SQL_ROLLBACK, NULL, "");
    for (struct writer_task *t = first; t && rc != 0; t = t->next) {
        t->rc = -1;
        if (t->err)
            *t->err = err;
    }
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
        while (!w->first && !w->low && !w->stopping)
            pthread_cond_wait(&w->filled, &w->lock);
        struct writer_task *first = next_round(w);
        if (!first)
            break;
        pthread_mutex_unlock(&w->lock);
        if (first->need == WRITER_BARE)
            first->rc = first->work(w->store, &w->conn, first->arg, first->err);
        else
            run_tasks(w, first);
        pthread_mutex_lock(&w->lock);
        for (struct writer_task *t = first, *next; t; t = next) {
            next = t->next; /* t is its caller's again once it is finished */
            t->finished = true;
            pthread_cond_signal(&t->done);
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int writer_start(struct writer *w, struct sqlite_store *s, const char *path,
                 struct koppel_error *err)
{
    w->store = s;
    w->path = path;
    w->memory = strcmp(path, ":memory:") == 0;
    w->last = &w->first;
    w->low_last = &w->low;
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->pool_lock, NULL);
    pthread_cond_init(&w->filled, NULL);
    pthread_cond_init(&w->pool_freed, NULL);
    s->hard = true;
    if (conn_open(&w->conn, path, CONN_WRITE, err) != 0)
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
    if (!w->path)
        return;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->stopping = true;
        pthread_cond_signal(&w->filled);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    for (int i = 0; i < WRITER_READERS; i++)
        conn_close(&w->reader[i]);
    conn_close(&w->conn);
    pthread_cond_destroy(&w->filled);
    pthread_cond_destroy(&w->pool_freed);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->pool_lock);
}

int writer_run(struct sqlite_store *s, enum writer_need need, writer_work *work, void *arg,
               struct koppel_error *err)
{
    struct writer *w = &s->writer;
    struct koppel_error ignored = {0};
    struct writer_task t = {.work = work,
                            .arg = arg,
                            .err = err ? err : &ignored,
                            .need = need,
                            .done = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&w->lock);
    bool low = need == WRITER_LOW || need == WRITER_BARE;
    struct writer_task ***last = low ? &w->low_last : &w->last;
    **last = &t;
    *last = &t.next;
    pthread_cond_signal(&w->filled);
    while (!t.finished)
        pthread_cond_wait(&t.done, &w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&t.done);
    return t.rc;
}

int writer_read(struct sqlite_store *s, writer_work *work, void *arg, struct koppel_error *err)
{
    struct writer *w = &s->writer;
    struct koppel_error ignored = {0};
    if (!err)
        err = &ignored;
    if (w->memory)
        return writer_run(s, WRITER_SOFT, work, arg, err);
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
    struct conn *c = &w->reader[mine];
    int rc = c->db ? 0 : conn_open(c, w->path, CONN_READ, err);
    if (rc == 0)
        rc = conn_run(c, SQL_BEGIN_READ, err, "");
    if (rc == 0)
        rc = work(s, c, arg, err);
    for (int i = 0; i < SQL_COUNT && c->db; i++) {
        if (c->statement[i])
            sqlite3_reset(c->statement[i]); /* an open one would hold an old state */
    }
    if (c->db && !sqlite3_get_autocommit(c->db))
        (void)conn_run(c, SQL_COMMIT, NULL, "");
    pthread_mutex_lock(&w->pool_lock);
    w->busy[mine] = false;
    pthread_cond_signal(&w->pool_freed);
    pthread_mutex_unlock(&w->pool_lock);
    return rc;
}
