/* SPDX-License-Identifier: MIT
 * How work gets to the database: changes through one thread that commits many of them together,
 * reads on connections of their own that never meet it. While nobody waits, that thread does the
 * store's own chores, a slice at a time. */
#ifndef KOPPEL_STORE_WRITER_H
#define KOPPEL_STORE_WRITER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "store/conn.h"

#define WRITER_READERS 4
#define WRITER_CHORES 4

struct sqlite_store;
struct writer_task;

/* A piece of work on a connection, inside a transaction: 0, or -1 and err. */
typedef int writer_work(struct sqlite_store *s, struct conn *c, void *arg,
                        struct koppel_error *err);

/* A slice of the store's own work, short enough to keep nobody waiting (some 20 ms), in a
 * transaction of its own that need not reach the disk: a slice that is lost is done again.
 * *again_ms: in how many ms there is more of it; 0: at once; -1: not before something was
 * written. */
typedef int writer_chore(struct sqlite_store *s, struct conn *c, int64_t *again_ms,
                         struct koppel_error *err);

enum writer_need {
    WRITER_SOFT, /* what a loss of power may take back: who holds what */
    WRITER_HARD, /* on the disk when the call returns */
    WRITER_LOW,  /* as HARD, but alone, and while nothing else waits: keep each piece short */
    WRITER_BARE, /* as LOW, but outside a transaction: for what concerns the file as a whole */
};

struct writer {
    struct sqlite_store *store;
    const char *path;
    struct conn conn; /* the writer thread's alone */
    pthread_t thread;
    bool started, stopping;
    atomic_llong busy_since_ms; /* monotonic; 0: it does nothing now */
    writer_chore *const *chores; /* NULL behind the last; NULL: none are done */
    int64_t chore_due_ms[WRITER_CHORES]; /* monotonic; INT64_MAX: once something was written */
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct writer_task *first, **last;
    struct writer_task *low, **low_last; /* LOW and BARE */
    int passed;                          /* rounds for which a low one has waited */
    bool memory; /* one connection: reads go through the queue too */
    pthread_mutex_t pool_lock;
    pthread_cond_t pool_freed;
    struct conn reader[WRITER_READERS];
    bool busy[WRITER_READERS];
};

/* path and chores (NULL: none) are borrowed. On failure writer_stop is still to be called. */
int writer_start(struct writer *w, struct sqlite_store *s, const char *path,
                 writer_chore *const *chores, struct koppel_error *err);
/* Finishes what is queued; takes one that did not start. */
void writer_stop(struct writer *w);

/* Runs it on the writer thread and returns when it is committed; a failure undoes it alone. */
int writer_run(struct sqlite_store *s, enum writer_need need, writer_work *work, void *arg,
               struct koppel_error *err);
/* Runs it on a reading connection, on one state of the store. */
int writer_read(struct sqlite_store *s, writer_work *work, void *arg, struct koppel_error *err);

#endif
