/* SPDX-License-Identifier: MIT
 * The store: journal, links, cursors, activity and sealed values, behind one small vtable.
 *
 * The journal is an append-only log per flow, split by key into partitions. Whoever reads a flow
 * and whoever delivers a partition holds a lease with a time to live, which the store's own beat
 * renews; every move that changes anything is fenced by it, so that a second host is a store and
 * nothing else (core/store/README tells tables and rules). A store is used by many threads at once;
 * each call returns when its change is durable. Nothing here is held across an HTTP call.
 *
 * Times for later are handed over as delays and come back as what is left of them: the store adds
 * its own now. Payloads, documents, details, facts and activities come in plain and are sealed by
 * the store; keys, digests, versions, reasons and ids are plain. */
#ifndef KOPPEL_STORE_STORE_H
#define KOPPEL_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "store/job.h"
#include "store/keeping.h"
#include "store/store_entry.h"
#include "store/store_hand.h"
#include "store/store_host.h"
#include "store/store_link.h"
#include "store/store_look.h"
#include "store/store_place.h"
#include "store/store_rate.h"

#define STORE_KEY_BYTES 256 /* longest record key, NUL included; longer ones are refused */
#define STORE_WORDS 32      /* that one job is found by */
#define STORE_DIGEST_BYTES 34 /* "#" and 16 bytes as hex digits, NUL included */
#define STORE_ID_BYTES 33   /* 16 random bytes of a store as hex digits, NUL included */

/* ---- records on their way in ---- */

/* One record on its way into the log. All borrowed. */
struct store_record {
    const char *key;
    int64_t version;
    const char *payload; /* JSON text */
    size_t payload_bytes;
    /* NULL: always appended. Else appended only where it differs from the last one of this key;
     * "" says that the key is gone */
    const char *digest;
    bool listed; /* its source lists everything each time: the last form of that is kept */
};

/* ---- leases ---- */

struct store_hold; /* the store's: until when a lease may be used */

/* The right to read a flow's source. */
struct store_reader {
    const char *flow; /* borrowed from who asked */
    int64_t epoch;
    char *cursor;     /* the connector's; NULL: from the beginning. append() moves it on */
    int64_t run;      /* of who asked: stands on what it appends; 0: none */
    struct store_hold *hold;
};

/* The right to deliver one partition. */
struct store_lease {
    const char *flow; /* borrowed from who asked */
    int part;
    int64_t epoch;
    int64_t cursor;   /* the next offset to deliver; settle() moves it on */
    /* Set by its holder: what was announced under it may have left, and could not be settled. Who
     * comes next counts the quiet time from when it is given back, not from the announcement. */
    bool unsettled;
    struct store_hold *hold;
};

/* A lease that ran out and that nobody has taken over still lets its holder write what it knows: it
 * may not send, but nothing that was done is thrown away. */

/* Milliseconds for which what the hold stands for may still be used, counted from before the store
 * was asked, less 2 s (less a fifth where the time to live is short); 0: it is lost. Never
 * blocks. */
int64_t store_left_ms(const struct store_hold *hold);
/* Does a person wait for a job of this partition, so that its lease is to be given back once the
 * batch at hand is settled? */
bool store_wanted(const struct store_hold *hold);

/* ---- jobs ---- */

/* One job read from the log. */
struct store_job {
    int part;
    int64_t off;
    char *key;
    int64_t version;
    int64_t at_ms;        /* when it was accepted, by the store's clock */
    char *payload;        /* JSON text, unsealed; NULL where retention erased it */
    size_t payload_bytes;
    enum job_state state; /* JOB_NEW; JOB_WAITING (from read): its key waits, not due yet */
    int attempt;          /* attempts so far */
    bool retried;         /* a person asked for it again: what was mended at the source counts */
    bool edited;          /* payload is what a person made of it */
    /* accepted by a store that was restored from a backup, before it had read its source to the
     * end once: what its key's link does not know may still have been written by the store that
     * is gone */
    bool doubt;
};

struct store_batch {
    struct store_job *jobs;
    int count;
    int64_t next; /* the partition's cursor once all of these are settled; -1: from read_aside */
};
void store_batch_done(struct store_batch *b);

/* ---- outcomes ---- */

/* The outcome of one job, settled in one transaction with the others of its batch. All borrowed. */
struct store_outcome {
    int64_t off;
    const char *key;
    enum job_state state;  /* DONE, SKIPPED, PARKED or WAITING */
    const char *reason;    /* short code, "" for done: "unchanged", "customer.missing" */
    const char *detail;    /* one sentence, NULL for none; sealed */
    /* JSON object of what a person mends once for all ("table", "value"); NULL for none; sealed */
    const char *facts;
    /* JSON object by which a person knows the record (number, name, date); NULL for none; sealed */
    const char *brief;
    /* What the record is found by: texts as fold_name() makes them; at most STORE_WORDS count. Only
     * their keyed hashes are kept. count 0: as before, or none */
    const char *const *words;
    int word_count;
    /* PARKED and WAITING: what others wait for too, as text that is the same for all of them; told
     * apart by its keyed hash. NULL: none */
    const char *cause;
    int64_t run;           /* which run of the flow this is; 0: none */
    const char *remote_id; /* NULL where none */
    int64_t retry_in_ms;   /* WAITING: when to try again; -1: when the key's waiting job is due */
    bool counts;           /* WAITING: this attempt counts */
    const char *activity;  /* JSON text of the steps of this attempt; NULL for none; sealed */
    size_t activity_bytes;
    const struct store_link_change *links;
    int link_count;
};

void store_job_row_done(struct store_job_row *r);

struct store;
struct backup_file; /* store/backup.h */

struct store_ops {
    const char *name; /* "sqlite", "memory" */

    /* A second engine on one SQLite file is refused. STORE_LOOK on a store that is not there, or
     * has an older schema, says so. A damaged file, a newer schema and a wrong key are told apart
     * in err. An engine that finds its store older than its witness says (a backup was put back)
     * takes a new identity, sets every link to LINK_MAYBE with WRITE_RESTORED, and logs it once. */
    int (*open)(const struct store_conf *conf, enum store_mode mode, struct store **out,
                struct koppel_error *err);
    /* Looks at a store without changing it, while an engine may run: is it whole, and does the key
     * fit? *exists = 0 where there is none. 0 and a text in err: something is to be mended, and it
     * works. NULL in a store that keeps nothing. */
    int (*check)(const struct store_conf *conf, int *exists, struct koppel_error *err);
    /* Releases what is held. */
    void (*close)(struct store *s);
    /* Which store this is: names idempotency keys. Changes when a backup is put back. */
    const char *(*id)(struct store *s);
    /* A keyed digest, for ever the same here, for what may not stand in the file in clear. */
    void (*digest)(struct store *s, const char *text, char out[STORE_DIGEST_BYTES]);
    /* The store's own now, since 1970 UTC: that of at_ms and of all its times. -1: it cannot
     * say. */
    int64_t (*now_ms)(struct store *s);

    /* Declares a flow and its partitions (kept if it exists; a changed count is refused while jobs
     * are open). Repeatable. */
    int (*flow_declare)(struct store *s, const char *flow, int parts, struct koppel_error *err);

    /* A number for a run of a flow, higher than all before. */
    int (*run_begin)(struct store *s, int64_t *run, struct koppel_error *err);

    /* ---- reading ---- */

    /* Takes the reader's lease. *none: another host reads this flow. Its cursor is freed by
     * read_end. */
    int (*read_begin)(struct store *s, const char *flow, struct store_reader *out, int *none,
                      struct koppel_error *err);
    /* Gives it back. complete: the source was read to its end; what is accepted from now on is not
     * in doubt any more. */
    void (*read_end)(struct store *s, struct store_reader *reader, bool complete);
    /* Move 1. Records and the cursor that follows them, one transaction, fenced by the reader.
     * count may be 0, cursor NULL (it stays). *added (may be NULL): how many were new. *lost = 1:
     * another host reads now, nothing was written. A repeat after a lost answer to the commit adds
     * nothing (the cursor tells). */
    int (*append)(struct store *s, struct store_reader *reader, const struct store_record *records,
                  int count, const char *cursor, int *added, int *lost, struct koppel_error *err);
    /* The same for what a source sends by itself, by a reader that begins and ends with it: the
     * cursor stays. *none = 1: somebody reads this flow, nothing was written. */
    int (*push)(struct store *s, const char *flow, const struct store_record *records, int count,
                int *added, int *none, struct koppel_error *err);
    /* Keys that were appended with a digest and are not gone, in their order after `after` (NULL:
     * the first), at most `limit`, each with the job that holds its last form. *count: how many. */
    int (*seen)(struct store *s, const char *flow, const char *after, int limit,
                int (*visit)(void *arg, const char *key, struct job_id id), void *arg, int *count,
                struct koppel_error *err);

    /* ---- delivering ---- */

    /* Move 2. Up to `want` free partitions with work (log or due aside jobs) of these flows, each
     * under a new epoch; *count: how many were given. */
    int (*lease)(struct store *s, const char *const *flows, int flow_count, int want,
                 struct store_lease *out, int *count, struct koppel_error *err);
    void (*release)(struct store *s, struct store_lease *lease);
    /* Move 5. Renews every lease of this store's owner at once. The store calls it by itself, from
     * a thread of its own, at a fifth of the time to live; tests on a shared store call it. */
    int (*beat)(struct store *s, struct koppel_error *err);
    /* Move 3. The next jobs after the lease's cursor, oldest first, at most `limit` and about
     * `bytes` of payload (at least one). Jobs that were settled already are passed over: count may
     * be 0 and next behind the cursor; settle that. A job whose key waits aside and is not due
     * comes as JOB_WAITING: settle it as WAITING with retry_in_ms -1 and it takes the waiting job's
     * place. A job whose key is parked comes as JOB_NEW: it replaces the parked one. */
    int (*read)(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                struct store_batch *out, struct koppel_error *err);
    /* Waiting jobs of the leased partition that are due, in order. At most one job per key stands
     * aside at any time. */
    int (*read_aside)(struct store *s, const struct store_lease *lease, int limit, size_t bytes,
                      struct store_batch *out, struct koppel_error *err);
    /* Many links at once; out has count entries, LINK_ABSENT where there is none. lease (may be
     * NULL): who asks, for unseen_ms. */
    int (*links_get)(struct store *s, const struct store_lease *lease, int count,
                     const char *const *scopes, const char *const *keys, struct store_link *out,
                     struct koppel_error *err);
    /* Changes of links outside a settle, one transaction, fenced by the lease: move 4, the
     * announcement (LINK_MAYBE with what is begun, just before the request leaves), a step of a
     * sequence that is done, a reference that was made or found, a refusal that gives back what was
     * known. *lost = 1: fenced, nothing was written. */
    int (*links_put)(struct store *s, const struct store_lease *lease,
                     const struct store_link_change *changes, int count, int *lost,
                     struct koppel_error *err);
    /* Move 6 (and 7: WAITING and PARKED outcomes put the key aside), one transaction. Any outcome
     * of a key settles an older job of that key that stands aside as skipped: superseded. cursor:
     * the partition's new cursor, -1 to leave it. *lost = 1: fenced, nothing was written. Settling
     * the same outcomes twice under one lease (a lost answer to the commit) counts once. */
    int (*settle)(struct store *s, struct store_lease *lease, int64_t cursor,
                  const struct store_outcome *outcomes, int count, int *lost,
                  struct koppel_error *err);
    /* *in_ms: until the soonest waiting job of these flows is due; -1: none waits. */
    int (*next_due)(struct store *s, const char *const *flows, int flow_count, int64_t *in_ms,
                    struct koppel_error *err);
    /* Every job of the flow that is not settled, those that stand aside included, and every one
     * that was settled at since_ms (by the store's clock; INT64_MAX: none) or later. *mark: where
     * it still is what the last call left there, nothing has changed and nothing is visited.
     * finished_ms: 0 where it is not settled. visit may not call the store; payload is NULL where
     * retention erased it. */
    int (*unsettled)(struct store *s, const char *flow, int64_t since_ms, int64_t *mark,
                     int (*visit)(void *arg, const char *key, enum job_state state,
                                  int64_t finished_ms, const char *payload, size_t bytes),
                     void *arg, struct koppel_error *err);

    /* ---- what hosts share ---- */

    /* A name that one thread of all hosts holds. *taken = 0: another has it. It falls free after
     * ttl_ms, or with unlock. */
    int (*lock)(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                struct koppel_error *err);
    void (*unlock)(struct store *s, const char *name);
    /* Values that only one record may have (a number, a barcode), while their jobs are under way:
     * all of the names, or none. *holder: the key of the record that has one of them (caller
     * frees), NULL: all are this record's now. A claim ends with unclaim, or with its lease; one
     * whose host is dead may be taken, and ends that lease. RETRY "store.lease": this lease is
     * lost. */
    int (*claim)(struct store *s, const struct store_lease *lease, const char *key,
                 const char *const *names, int count, char **holder, struct koppel_error *err);
    void (*unclaim)(struct store *s, const struct store_lease *lease, const char *const *names,
                    int count);
    /* What a peer allows, over all hosts: takes some requests of a connection, each of which is
     * worth interval_ns: a second's worth of this host's share, or as many as span least_ns where
     * that is more. No two hosts are given the same ones. */
    int (*rate)(struct store *s, const char *connection, int64_t interval_ns, int64_t least_ns,
                struct store_rate *out, struct koppel_error *err);
    /* Every host is to leave the peer of a connection alone for ms (0: not any longer). reason: a
     * code. */
    int (*rest)(struct store *s, const char *connection, int64_t ms, const char *reason,
                struct koppel_error *err);
    /* For how long it is to be left alone, as seen within the last second; 0: it is not. *out is
     * filled where it is. */
    int64_t (*resting)(struct store *s, const char *connection, struct store_rest *out);

    /* Engines that share the store, the oldest first; of a file none. leads: does this one do what
     * only one of them does (alerts, erasing)? The oldest that lacks nothing does, else the oldest.
     * Never blocks. */
    int (*hosts)(struct store *s, int (*visit)(void *arg, const struct store_host *h), void *arg,
                 struct koppel_error *err);
    bool (*leads)(struct store *s);
    /* What all of them run: a revision of the configuration (engine/revision.h), by its number. The
     * one that stands must be `over` (0: none does); else nothing changes, and *stands is another
     * one. */
    int (*publish)(struct store *s, int64_t revision, int64_t over, int64_t *stands,
                   struct koppel_error *err);
    /* 0: none is, each runs its own files. */
    int (*published)(struct store *s, int64_t *revision, struct koppel_error *err);
    /* This engine runs that one from now on; 0: none of them. What runs another one than is
     * published gets no lease and reads nothing, and gives back what it has once its batch is
     * settled. lacks: for the list of hosts; NULL: nothing. */
    void (*runs)(struct store *s, int64_t revision, const char *lacks);

    /* ---- orders of persons ---- */

    /* Jobs become due now: parked and waiting ones, and skipped ones that are still the newest of
     * their key, some hundred in a transaction. retried: they are read with store_job.retried set.
     * *count: how many. */
    int (*retry)(struct store *s, const struct job_id *ids, int id_count, bool retried, int *count,
                 struct koppel_error *err);
    /* Ends jobs that have not ended, in one transaction; each order says what came of it. One that
     * is not parked, or that changes a link, waits for its partition: no worker has it, or anything
     * of its key, in hand, and none that had it may write any more. */
    int (*settle_by_hand)(struct store *s, struct store_hand *orders, int count,
                          struct koppel_error *err);
    /* Puts a changed record beside a job that is parked, waits or was skipped, and makes it due as
     * retry does. */
    int (*edit)(struct store *s, const struct store_edit *e, enum store_hand_end *end,
                struct koppel_error *err);
    /* What a person made of the record: JSON text, NULL: nothing (caller frees); who and why too
     * (may be NULL). */
    int (*edited)(struct store *s, struct job_id id, char **record, char **who, char **why,
                  struct koppel_error *err);

    /* ---- small values ---- */

    /* *rev (may be NULL) counts the changes of the value. */
    int (*sealed_get)(struct store *s, const char *name, struct secret **out, int64_t *rev,
                      struct koppel_error *err);
    /* rev: what sealed_get gave, 0 for a new value, -1 for whatever stands there. *lost (NULL with
     * -1) = 1: it was changed in between, nothing was written. */
    int (*sealed_put)(struct store *s, const char *name, const char *value, size_t bytes,
                      int64_t rev, int *lost, struct koppel_error *err);
    /* The names of the sealed values that begin with prefix, sorted. */
    int (*sealed_names)(struct store *s, const char *prefix,
                        int (*visit)(void *arg, const char *name), void *arg,
                        struct koppel_error *err);
    /* Forgets a sealed value; no mistake where there is none. */
    int (*sealed_drop)(struct store *s, const char *name, struct koppel_error *err);

    /* Small plain values that commands and engine share ("paused/orders" -> reason). note_get gives
     * NULL in *out where there is none (caller frees); note_put with NULL value forgets it. */
    int (*note_get)(struct store *s, const char *name, char **out, struct koppel_error *err);
    int (*note_put)(struct store *s, const char *name, const char *value, struct koppel_error *err);
    /* The same for what a loss of power may take back: it is on the disk with the next change that
     * is waited for, and never behind one. Wakes no other process. */
    int (*note_put_soon)(struct store *s, const char *name, const char *value,
                         struct koppel_error *err);
    /* Writes the note only where there is none. *holder: the value that stands there then, this one
     * or another's (caller frees). */
    int (*note_claim)(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err);
    /* Every note whose name begins with prefix, sorted. */
    int (*notes)(struct store *s, const char *prefix,
                 int (*visit)(void *arg, const char *name, const char *value), void *arg,
                 struct koppel_error *err);
    /* A file descriptor that becomes readable when another process has changed something (an order
     * was left, a job retried), not by this store's own changes; the caller reads it empty and
     * looks. -1 where nobody else can. The store's own; lives until close. */
    int (*news_fd)(struct store *s);

    /* Adds an entry, of which kind, who, subject and body count; all borrowed. *seq (may be NULL):
     * the number that it got. */
    int (*entry_add)(struct store *s, const struct store_entry *e, int64_t *seq,
                     struct koppel_error *err);
    /* Entries, newest first; visit may call the store, and ends the list where it gives other than
     * 0, which is given back. */
    int (*entries)(struct store *s, const struct store_entry_filter *filter,
                   int (*visit)(void *arg, const struct store_entry *e), void *arg,
                   struct koppel_error *err);
    /* Drops the entries of a kind that were added before a moment (by the store's clock), oldest
     * first and at most `limit` in this call; the newest `keep` stay, however old they are. *count:
     * how many went. */
    int (*entry_drop)(struct store *s, const char *kind, int64_t before_ms, int64_t keep, int limit,
                      int *count, struct koppel_error *err);
    /* Drops every entry of a kind that has this subject. */
    int (*entry_forget)(struct store *s, const char *kind, const char *subject,
                        struct koppel_error *err);

    /* ---- keeping ---- */

    /* Erases some of what is older than its age, in one short transaction that waits for others,
     * until *place is at KEEPING_END; sum is added to. Links, counts, what is open, and the last
     * form of what a source's list shows stay. */
    int (*keep)(struct store *s, const struct keeping *ages, struct keeping_place *place,
                struct keeping_sum *sum, struct koppel_error *err);
    /* What keep would erase now, by a look at all of it. */
    int (*keep_plan)(struct store *s, const struct keeping *ages, struct keeping_sum *sum,
                     struct koppel_error *err);
    /* Gives some free pages back and, once few are left, empties the write-ahead log. */
    int (*shrink)(struct store *s, enum keeping_shrunk *out, struct koppel_error *err);
    int (*size)(struct store *s, struct keeping_size *out, struct koppel_error *err);
    /* What the disk has left for the store, in bytes; -1: nobody can say. Never blocks. */
    int64_t (*room)(struct store *s);
    /* For how long the store has been at the change that it writes now; 0: at none. Never
     * blocks. */
    int64_t (*busy_ms)(struct store *s);
    /* Some of the texts that are kept, until *place is at KEEPING_ALL; visit calls no store. */
    int (*texts)(struct store *s, struct keeping_texts *place,
                 int (*visit)(void *arg, const struct keeping_text *t), void *arg,
                 struct koppel_error *err);
    /* Erases what was read and done of the jobs of a key that have ended, and documents of writes
     * whose outcome nobody saw; rows, links and ids stay. sum is added to. */
    int (*erase)(struct store *s, const char *flow, const char *key, struct keeping_sum *sum,
                 struct koppel_error *err);
    /* A copy of the store as it is, with these files, in a new file. backup.h reads it. */
    int (*backup)(struct store *s, const char *path, const struct backup_file *files, int count,
                  struct koppel_error *err);

    /* ---- the store's own work ---- */

    /* Does at once what the store else does by itself within a second while nobody waits: what was
     * settled goes into the index of words, what is old becomes coarser. */
    int (*tidy)(struct store *s, struct koppel_error *err);

    /* ---- looking ---- */

    int (*counts)(struct store *s, const char *flow, struct store_counts *out,
                  struct koppel_error *err);
    int (*standing)(struct store *s, const char *flow, struct store_standing *out,
                    struct koppel_error *err);
    /* Calls visit for each distinct (state, reason) of the flow. */
    int (*reasons)(struct store *s, const char *flow,
                   int (*visit)(void *arg, enum job_state state, const char *reason, int64_t count),
                   void *arg, struct koppel_error *err);
    /* Causes of the flow (NULL: of all), those with the most parked jobs first; limit 0: 100. */
    int (*causes)(struct store *s, const char *flow, int limit,
                  int (*visit)(void *arg, const struct store_cause *c), void *arg,
                  struct koppel_error *err);
    /* Does any job wait for this cause? */
    int (*cause_stands)(struct store *s, int64_t id, bool *out, struct koppel_error *err);
    /* What happened in the flow (NULL: in each) in spans that begin at from_ms or later and before
     * to_ms, oldest first. */
    int (*history)(struct store *s, const char *flow, int64_t from_ms, int64_t to_ms,
                   int (*visit)(void *arg, const struct store_bucket *b), void *arg,
                   struct koppel_error *err);
    int (*jobs)(struct store *s, const struct store_job_filter *filter, struct store_page *page,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err);
    /* Every job that the filter means, as one state of the store, newest first and without a
     * budget. visit may not call the store. */
    int (*pick)(struct store *s, const struct store_job_filter *filter,
                int (*visit)(void *arg, const struct store_pick *p), void *arg,
                struct koppel_error *err);
    /* One job with its payload (NULL: erased; caller frees); *found = 0 where there is none. */
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

/* The partition of a key: FNV-1a 64 of it, modulo parts. Never changes. */
int store_partition(const char *key, int parts);

#endif
