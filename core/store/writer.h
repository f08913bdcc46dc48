/* SPDX-License-Identifier: MIT
 * How work gets to the database: changes through one thread that commits many of them together,
 * reads on connections of their own that never meet it. While nobody waits, that thread does the
 * store's own chores, a slice at a time. */
#ifndef KOPPEL_STORE_WRITER_H
#define KOPPEL_STORE_WRITER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "store/conn_sqlite.h"
#include "store/sql.h"

#define WRITER_READERS 4
#define WRITER_BARE (SQL_LOW + 1) /* as LOW, but outside a transaction: about the file as a whole */

struct sqlite_store;
struct writer_task;

struct writer {
    struct sqlite_store *store;
    struct conn_sqlite conn; /* the writer thread's alone */
    pthread_t thread;
    bool started, stopping;
    atomic_llong busy_since_ms; /* monotonic; 0: it does nothing now */
    sql_chore *const *chores; /* NULL behind the last; NULL: none are done */
    int64_t chore_due_ms[SQL_CHORES]; /* monotonic; INT64_MAX: once something was written */
    pthread_mutex_t lock;
    pthread_cond_t filled;
    bool sleeps; /* and is to be woken */
    struct writer_task *first, **last;
    struct writer_task *low, **low_last; /* LOW and BARE */
    int passed;                          /* rounds for which a low one has waited */
    bool memory; /* one connection: reads go through the queue too */
    pthread_mutex_t pool_lock;
    pthread_cond_t pool_freed;
    struct conn_sqlite reader[WRITER_READERS];
    bool busy[WRITER_READERS];
};

/* chores (NULL: none) are borrowed. On failure writer_stop is still to be called. */
int writer_start(struct writer *w, struct sqlite_store *s, sql_chore *const *chores,
                 struct koppel_error *err);
/* Finishes what is queued; takes one that did not start. */
void writer_stop(struct writer *w);

/* Runs it on the writer thread and returns when it is committed; a failure undoes it alone. need:
 * enum sql_need, or WRITER_BARE. */
int writer_run(struct writer *w, int need, sql_work *work, void *arg, struct koppel_error *err);
/* Runs it on a reading connection, on one state of the store. */
int writer_read(struct writer *w, sql_work *work, void *arg, struct koppel_error *err);

#endif
