/* SPDX-License-Identifier: MIT
 * What the files of the SQLite store share: connections, the writer's queue, leases in memory. */
#ifndef KOPPEL_STORE_SQLITE_INTERNAL_H
#define KOPPEL_STORE_SQLITE_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>

#include "store/schema.h"
#include "store/store.h"

#define STORE_READERS 4
#define STORE_PARTS_MAX 1024 /* 10 bits of a job number */
#define STORE_OFF_BITS 38
#define STORE_OWNER_BYTES 64

struct conn {
    sqlite3 *db;
    sqlite3_stmt *statement[SQL_COUNT]; /* prepared on first use */
};

/* Who holds a partition. In memory: one engine owns the file, so a lease dies with its process. */
struct lease_slot {
    char owner[STORE_OWNER_BYTES]; /* "": free */
    int64_t epoch, until_ms;
    uint64_t turn; /* when it was last given, so that partitions take turns */
};

struct flow_slot {
    struct flow_slot *next;
    char *name;
    int64_t id;
    int parts;
    struct lease_slot lease[STORE_PARTS_MAX];
};

struct sqlite_store {
    struct store base;
    char *path;               /* for messages; ":memory:" */
    const struct secret *key;
    struct secret *own_key;   /* the null store's; NULL otherwise */
    int lock_fd;              /* -1: not exclusive */
    struct conn writer;       /* the writer thread's alone */
    pthread_t thread;
    bool started;
    pthread_mutex_t queue_lock;
    pthread_cond_t queue_filled;
    struct task *first, **last;
    bool stopping;
    pthread_mutex_t pool_lock;
    pthread_cond_t pool_freed;
    struct conn reader[STORE_READERS];
    bool busy[STORE_READERS];
    bool memory;              /* reads go through the queue too */
    pthread_mutex_t flow_lock; /* guards the list below and the leases in it */
    struct flow_slot *flows;
    int64_t epoch;            /* of the last lease given; its upper half counts exclusive opens */
    uint64_t turn;
};

/* A piece of work on a connection: 0, or -1 and err. */
typedef int conn_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err);

/* Runs it on the writer thread and returns when it is durable; a failure undoes it alone. */
int sqlite_write(struct store *s, conn_work *work, void *arg, struct koppel_error *err);
/* Runs it on a reading connection. */
int sqlite_read(struct store *s, conn_work *work, void *arg, struct koppel_error *err);

/* The statement, reset and bound: i int64_t, t text (NULL allowed), b blob (pointer, size_t),
 * n nothing (NULL). NULL and err on failure. */
sqlite3_stmt *conn_bind(struct conn *c, enum sql which, struct koppel_error *err,
                        const char *format, ...);
/* 1: a row is there; 0: no more (the statement is reset); -1 and err. */
int conn_step(struct conn *c, sqlite3_stmt *st, struct koppel_error *err);
/* Binds and runs a statement without rows. */
int conn_run(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...);
int conn_error(struct conn *c, int rc, struct koppel_error *err); /* one sentence with the remedy */
void conn_close(struct conn *c);
/* The one number that a statement gives. */
int conn_number(struct conn *c, const char *sql, int64_t *out, struct koppel_error *err);
/* Refuses a schema that is newer than this program's; 0 in *version: an empty file. */
int conn_check_version(struct conn *c, const char *path, int64_t *version,
                       struct koppel_error *err);
/* Refuses a file that was sealed with another key. */
int conn_check_key(struct conn *c, const char *path, const struct secret *key,
                   struct koppel_error *err);
/* A column as a new string; NULL for NULL (and where memory is out: *failed is set). */
char *conn_text(sqlite3_stmt *st, int column, bool *failed);
/* A sealed column as plain text; 0 with NULL where the column is NULL. */
int conn_unseal(struct sqlite_store *s, sqlite3_stmt *st, int column, char **out, size_t *bytes,
                struct koppel_error *err);
/* Seals into new memory. */
unsigned char *store_sealed(struct sqlite_store *s, const char *plain, size_t bytes,
                            size_t *out_bytes, struct koppel_error *err);

/* The flow, from memory or the file. NULL without err->kind: not declared. */
struct flow_slot *flow_find(struct sqlite_store *s, struct conn *c, const char *name,
                            struct koppel_error *err);
struct flow_slot *flow_need(struct sqlite_store *s, struct conn *c, const char *name,
                            struct koppel_error *err);

/* Does this owner still hold the lease with its epoch? */
bool lease_is_held(struct sqlite_store *s, const char *flow, const char *owner,
                   const struct store_lease *lease);

/* A text on its way into the file. */
struct sealed_text {
    unsigned char *sealed; /* NULL: none */
    size_t bytes;
};

static inline int64_t job_number(int64_t flow, int part, int64_t off)
{
    return flow << 48 | (int64_t)part << STORE_OFF_BITS | off;
}

static inline int job_part(int64_t job)
{
    return (int)(job >> STORE_OFF_BITS & (STORE_PARTS_MAX - 1));
}

static inline int64_t job_off(int64_t job)
{
    return job & (((int64_t)1 << STORE_OFF_BITS) - 1);
}

int sqlite_open_at(const char *path, const struct secret *key, int exclusive,
                   const struct store_ops *ops, struct store **out, struct koppel_error *err);
void sqlite_close(struct store *s);
int sqlite_check(const char *path, const struct secret *key, int *exists, struct koppel_error *err);

/* The members of struct store_ops; store.h tells what they do. */
int sqlite_flow_declare(struct store *s, const char *flow, int parts, struct koppel_error *err);
int sqlite_append(struct store *s, const char *flow, const struct store_record *records, int count,
                  const char *cursor, int *added, struct koppel_error *err);
int sqlite_seen(struct store *s, const char *flow,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg,
                struct koppel_error *err);
int sqlite_unsettled(struct store *s, const char *flow,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err);
int sqlite_cursor_get(struct store *s, const char *flow, char **out, struct koppel_error *err);
int sqlite_lease(struct store *s, const char *flow, const char *owner, int64_t ttl_ms,
                 struct store_lease *out, int *none, struct koppel_error *err);
int sqlite_renew(struct store *s, const char *flow, const char *owner, struct store_lease *lease,
                 int64_t ttl_ms, int *lost, struct koppel_error *err);
int sqlite_release(struct store *s, const char *flow, const char *owner,
                   const struct store_lease *lease, struct koppel_error *err);
int sqlite_read_log(struct store *s, const char *flow, const struct store_lease *lease, int limit,
                    struct store_batch *out, struct koppel_error *err);
int sqlite_read_aside(struct store *s, const char *flow, const struct store_lease *lease,
                      int64_t now_ms, int limit, struct store_batch *out, struct koppel_error *err);
int sqlite_intent(struct store *s, const char *flow, const char *owner,
                  const struct store_lease *lease, const int64_t *offs, int count, int *lost,
                  struct koppel_error *err);
int sqlite_settle(struct store *s, const char *flow, const char *owner,
                  const struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err);
int sqlite_next_due(struct store *s, const char *flow, int64_t *out_ms, struct koppel_error *err);
int sqlite_retry(struct store *s, const char *flow, int part, int64_t off, int *count,
                 struct koppel_error *err);
int sqlite_link_get(struct store *s, const char *scope, const char *key, struct store_link *out,
                    int *found, struct koppel_error *err);
int sqlite_link_put(struct store *s, const struct store_link_change *change,
                    struct koppel_error *err);
int conn_link_put(struct conn *c, const struct store_link_change *change, struct koppel_error *err);
int sqlite_sealed_get(struct store *s, const char *name, struct secret **out,
                      struct koppel_error *err);
int sqlite_sealed_put(struct store *s, const char *name, const char *value, size_t bytes,
                      struct koppel_error *err);
int sqlite_note_get(struct store *s, const char *name, char **out, struct koppel_error *err);
int sqlite_note_put(struct store *s, const char *name, const char *value, struct koppel_error *err);
int sqlite_note_claim(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err);
int sqlite_notes(struct store *s, const char *prefix,
                 int (*visit)(void *arg, const char *name, const char *value), void *arg,
                 struct koppel_error *err);
int sqlite_counts(struct store *s, const char *flow, struct store_counts *out,
                  struct koppel_error *err);
int sqlite_reasons(struct store *s, const char *flow,
                   int (*visit)(void *arg, enum job_state state, const char *reason, int64_t count),
                   void *arg, struct koppel_error *err);
int sqlite_jobs(struct store *s, const struct store_job_filter *filter,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err);
int sqlite_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
               int *found, struct koppel_error *err);
int sqlite_activity(struct store *s, struct job_id id,
                    int (*visit)(void *arg, const struct store_activity *a), void *arg,
                    struct koppel_error *err);

#define SQLITE_STORE_MEMBERS                                                                       \
    .close = sqlite_close, .flow_declare = sqlite_flow_declare, .append = sqlite_append,           \
    .cursor_get = sqlite_cursor_get, .lease = sqlite_lease, .renew = sqlite_renew,                 \
    .release = sqlite_release, .read = sqlite_read_log, .read_aside = sqlite_read_aside,           \
    .intent = sqlite_intent, .settle = sqlite_settle, .next_due = sqlite_next_due,                 \
    .retry = sqlite_retry, .link_get = sqlite_link_get, .link_put = sqlite_link_put,               \
    .sealed_get = sqlite_sealed_get, .sealed_put = sqlite_sealed_put,                              \
    .note_get = sqlite_note_get, .note_put = sqlite_note_put, .notes = sqlite_notes,               \
    .note_claim = sqlite_note_claim, .seen = sqlite_seen, .unsettled = sqlite_unsettled,           \
    .counts = sqlite_counts, .reasons = sqlite_reasons, .jobs = sqlite_jobs, .job = sqlite_job,    \
    .activity = sqlite_activity

#endif
