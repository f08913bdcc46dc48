/* SPDX-License-Identifier: MIT
 * The store: journal, links, cursors, activity and sealed values, behind one small vtable.
 *
 * The journal is an append-only log per flow, split by key into partitions that are leased
 * (core/store/README tells the tables). A store is used by many threads at once; writing moves are
 * queued to one writer that commits many together, so each call returns when its change is durable.
 * Nothing here is held across an HTTP call.
 *
 * Payloads come in plain and are sealed by the store; digests and keys are plain. */
#ifndef KOPPEL_STORE_STORE_H
#define KOPPEL_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

#define STORE_KEY_BYTES 256 /* longest record key; longer ones are refused at append */

/* How a job ended, or where it stands. */
enum job_state {
    JOB_NEW,     /* in the log, not delivered yet */
    JOB_SENDING, /* an intent is written: the write may have happened */
    JOB_DONE,
    JOB_SKIPPED,
    JOB_PARKED,  /* a person is needed */
    JOB_WAITING, /* stepped aside, retried at next_at */
};
const char *job_state_name(enum job_state state);             /* "done" */
int job_state_parse(const char *name, enum job_state *out);   /* -1: unknown */

/* A job's address. As text "flow/part/off", which is also the idempotency key. */
struct job_id {
    const char *flow;
    int part;
    int64_t off;
};
#define JOB_ID_BYTES 160
int job_id_format(struct job_id id, char out[JOB_ID_BYTES]);
/* flow_out receives the flow's name (JOB_ID_BYTES); id->flow points to it. -1: not a job id. */
int job_id_parse(const char *text, char flow_out[JOB_ID_BYTES], struct job_id *out);

/* One record on its way into the log. */
struct store_record {
    const char *key;
    int64_t version;
    const char *payload; /* JSON text */
    size_t payload_bytes;
    const char
        *digest; /* NULL: a source that tells what changed, always appended. Else appended only
                    where it differs from the last one of this key; "" says the key is gone */
};

/* One job read from the log. */
struct store_job {
    int part;
    int64_t off;
    char *key;
    int64_t version;
    int64_t at_ms;        /* when it was accepted */
    char *payload;        /* JSON text, unsealed; NULL where retention erased it */
    size_t payload_bytes;
    enum job_state state; /* JOB_NEW; JOB_SENDING: an attempt was cut off, look it up first;
                             JOB_WAITING (from read): its key stands aside until next_at_ms */
    int64_t next_at_ms;
    int attempt;          /* attempts so far */
};

struct store_batch {
    struct store_job *jobs;
    int count;
    int64_t next; /* the partition cursor once all of these are settled */
};
void store_batch_done(struct store_batch *b);

/* A lease on one partition. */
struct store_lease {
    int part;
    int64_t epoch;
    int64_t cursor;
    int64_t until_ms;
};

/* A link: source key <-> destination id, remembered for ever. `scope` names what is linked, as
 * "till/order>books/sales-invoice". */
struct store_link {
    char *id;          /* the destination's id */
    char *alias;       /* what other records refer to it by (a customer number); NULL: none */
    char *digest;      /* of the mapped form last delivered; NULL: none */
    int64_t version;   /* of the source record last delivered */
    bool closed;       /* the source is gone; kept for history */
};
void store_link_done(struct store_link *l);

struct store_link_change {
    const char *scope, *key; /* what */
    const char *id, *alias, *digest;
    int64_t version;
    bool closed;
};

/* The outcome of one job, settled in one transaction with the others of its batch. */
struct store_outcome {
    int64_t off;
    const char *key;
    enum job_state state;    /* DONE, SKIPPED, PARKED or WAITING */
    const char *reason; /* short code, "" for done: "unchanged", "filtered", "customer.missing" */
    const char *detail;      /* one sentence, NULL for none; shown with the remedy */
    const char *remote_id;   /* NULL where none */
    int64_t next_at_ms;      /* WAITING: when to try again */
    const char *activity;    /* JSON text of the steps of this attempt; NULL for none */
    size_t activity_bytes;
    const struct store_link_change *links;
    int link_count;
};

/* A row for `koppel jobs`. */
struct store_job_row {
    char *flow;
    int part;
    int64_t off;
    char *key;
    enum job_state state;
    int attempt;
    int64_t at_ms, finished_ms, next_at_ms;
    char *reason, *detail, *remote_id;
};
void store_job_row_done(struct store_job_row *r);

struct store_job_filter {
    const char *flow;        /* NULL: all */
    int state;               /* enum job_state, -1: all */
    int limit;               /* rows at most, newest first; 0: 100 */
};

/* Counts for `koppel status`. */
struct store_counts {
    int64_t read, done, skipped, parked, waiting, pending; /* pending = read - settled - aside */
};

/* One entry of a job's history, oldest first. */
struct store_activity {
    int64_t at_ms;
    int attempt;
    char *steps; /* JSON text; NULL where retention erased it */
};

struct store;

struct store_ops {
    const char *name; /* "sqlite", "null" */
    /* path: where; key: seals payloads (borrowed for the store's life). A second engine on one
     * SQLite file is refused (exclusive != 0); commands that only look open it with exclusive == 0.
     * A damaged file, a newer schema or a wrong key are told apart in err. */
    int (*open)(const char *path, const struct secret *key, int exclusive, struct store **out,
                struct koppel_error *err);
    /* Looks at a file without changing it, while an engine may run: is it whole, and does the key
     * fit? *exists = 0 where there is none. Damage is KOPPEL_E_CONFIG with reason "store.damaged".
     * NULL in a store that keeps nothing. */
    int (*check)(const char *path, const struct secret *key, int *exists, struct koppel_error *err);
    void (*close)(struct store *s);

    /* Declares a flow and its partitions (kept if it exists; a changed count is refused while jobs
     * are open). Repeatable. */
    int (*flow_declare)(struct store *s, const char *flow, int parts, struct koppel_error *err);

    /* Move 1. Records and the cursor that follows them, one transaction. count may be 0, cursor
     * NULL (it stays). *added (may be NULL): how many were new. */
    int (*append)(struct store *s, const char *flow, const struct store_record *records, int count,
                  const char *cursor, int *added, struct koppel_error *err);
    /* Every key that was appended with a digest and is not gone, with the job that holds it. */
    int (*seen)(struct store *s, const char *flow,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg,
                struct koppel_error *err);
    /* Every job that is not settled, those that stand aside included. visit may not call the store;
     * payload is NULL where retention erased it. */
    int (*unsettled)(struct store *s, const char *flow,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err);
    /* The connector's read cursor; *out NULL where none (caller frees). */
    int (*cursor_get)(struct store *s, const char *flow, char **out, struct koppel_error *err);

    /* Move 2. A free partition with work (log or due aside jobs), or 1 in *none. owner is this
     * worker's name. A lease of this owner that is still held is not given again. */
    int (*lease)(struct store *s, const char *flow, const char *owner, int64_t ttl_ms,
                 struct store_lease *out, int *none, struct koppel_error *err);
    /* Move 5's renewal. *lost = 1: another took over, stop at once. */
    int (*renew)(struct store *s, const char *flow, const char *owner, struct store_lease *lease,
                 int64_t ttl_ms, int *lost, struct koppel_error *err);
    int (*release)(struct store *s, const char *flow, const char *owner,
                   const struct store_lease *lease, struct koppel_error *err);
    /* Move 3. The next jobs after the lease's cursor, oldest first. A job whose key waits aside
     * comes as JOB_WAITING with that key's next_at_ms: settle it as WAITING with the same time and
     * it takes the waiting job's place. A job whose key is parked comes as JOB_NEW: it replaces the
     * parked one. */
    int (*read)(struct store *s, const char *flow, const struct store_lease *lease, int limit,
                struct store_batch *out, struct koppel_error *err);
    /* Waiting jobs of the leased partition that are due at now_ms, in order of next_at_ms. At most
     * one job per key stands aside at any time. out->next is -1. */
    int (*read_aside)(struct store *s, const char *flow, const struct store_lease *lease,
                      int64_t now_ms, int limit, struct store_batch *out, struct koppel_error *err);
    /* Move 4. Writes JOB_SENDING for these offsets, one transaction, fenced by the lease. */
    int (*intent)(struct store *s, const char *flow, const char *owner,
                  const struct store_lease *lease, const int64_t *offs, int count, int *lost,
                  struct koppel_error *err);
    /* Move 6 (and 7: WAITING and PARKED outcomes put the key aside). Any outcome of a key settles
     * an older job of that key that stands aside as skipped: superseded. cursor: the partition's
     * new cursor, -1 to leave it. *lost = 1: fenced, nothing was written. */
    int (*settle)(struct store *s, const char *flow, const char *owner,
                  const struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err);
    /* The soonest next_at of a waiting job of the flow; 0: none. */
    int (*next_due)(struct store *s, const char *flow, int64_t *out_ms, struct koppel_error *err);

    /* Parked or waiting jobs become due now. off < 0: all of the flow (flow NULL: of all flows).
     * *count: how many. */
    int (*retry)(struct store *s, const char *flow, int part, int64_t off, int *count,
                 struct koppel_error *err);

    /* *found = 0 where there is none. */
    int (*link_get)(struct store *s, const char *scope, const char *key, struct store_link *out,
                    int *found, struct koppel_error *err);
    /* Outside a settle: a reference that was made or found. */
    int (*link_put)(struct store *s, const struct store_link_change *change,
                    struct koppel_error *err);

    int (*sealed_get)(struct store *s, const char *name, struct secret **out,
                      struct koppel_error *err);
    int (*sealed_put)(struct store *s, const char *name, const char *value, size_t bytes,
                      struct koppel_error *err);

    /* Small plain values that commands and engine share ("paused/orders" -> reason). note_get gives
     * NULL in *out where there is none (caller frees); note_put with NULL value forgets it. */
    int (*note_get)(struct store *s, const char *name, char **out, struct koppel_error *err);
    int (*note_put)(struct store *s, const char *name, const char *value, struct koppel_error *err);
    /* Writes the note only where there is none. *holder: the value that stands there then, this one
     * or another's (caller frees). */
    int (*note_claim)(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err);
    /* Every note whose name begins with prefix, sorted. */
    int (*notes)(struct store *s, const char *prefix,
                 int (*visit)(void *arg, const char *name, const char *value), void *arg,
                 struct koppel_error *err);

    int (*counts)(struct store *s, const char *flow, struct store_counts *out,
                  struct koppel_error *err);
    /* Calls visit for each distinct (state, reason) of the flow. */
    int (*reasons)(struct store *s, const char *flow,
                   int (*visit)(void *arg, enum job_state state, const char *reason, int64_t count),
                   void *arg, struct koppel_error *err);
    int (*jobs)(struct store *s, const struct store_job_filter *filter,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err);
    /* One job with its payload; *found = 0 where there is none. */
    int (*job)(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
               int *found, struct koppel_error *err);
    int (*activity)(struct store *s, struct job_id id,
                    int (*visit)(void *arg, const struct store_activity *a), void *arg,
                    struct koppel_error *err);
};

/* Every store begins with this. */
struct store {
    const struct store_ops *ops;
};

extern const struct store_ops store_sqlite; /* one file, one engine */
extern const struct store_ops store_null;   /* memory only; forgets: preview and tests */

/* The partition of a key: FNV-1a 64 of it, modulo parts. Never changes. */
int store_partition(const char *key, int parts);

#endif
