/* SPDX-License-Identifier: MIT
 * What a store on a database is, whichever database that is. Each sql_*.c is one idea of struct
 * store_ops, written once; sqlite.c says how work gets to the database. */
#ifndef KOPPEL_STORE_SQL_H
#define KOPPEL_STORE_SQL_H

#include <stdatomic.h>

#include "store/conn.h"
#include "store/held.h"
#include "store/names.h"
#include "store/store.h"

#define STORE_PARTS_MAX 1024 /* 10 bits of a job number */
#define STORE_OFF_BITS 38
#define STORE_OWNER_BYTES 16

struct sql_store;

/* A piece of work on a connection, inside a transaction: 0, or -1 and err. It may be run again
 * where the transaction could not be committed, so it begins with what it was given. */
typedef int sql_work(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err);

/* A slice of the store's own work, short enough to keep nobody waiting (some 20 ms), in a
 * transaction of its own that need not reach the disk: a slice that is lost is done again.
 * *again_ms: in how many ms there is more of it; 0: at once; -1: not before something was
 * written. */
typedef int sql_chore(struct sql_store *s, struct conn *c, int64_t *again_ms,
                      struct koppel_error *err);
#define SQL_CHORES 4 /* at most */

enum sql_need {
    SQL_SOFT, /* what a loss of power may take back: who holds what */
    SQL_HARD, /* on the disk when the call returns */
    SQL_LOW,  /* as HARD, but while nothing else waits: keep each piece short */
};

/* How work gets to a database. */
struct sql_kind {
    /* Runs it in a transaction of its own, as far as others can tell, and returns when it is
     * committed; a failure undoes it. */
    int (*run)(struct sql_store *s, enum sql_need need, sql_work *work, void *arg,
               struct koppel_error *err);
    /* Runs what changes nothing, on one state of the store. */
    int (*read)(struct sql_store *s, sql_work *work, void *arg, struct koppel_error *err);
    bool hosts; /* engines of other machines use it too */
};

/* Peers that other engines leave alone; more than these are not told of. */
#define SQL_RESTS 64
struct sql_rests {
    pthread_mutex_t lock; /* guards the rest */
    struct store_rest rows[SQL_RESTS];
    int count;
    int64_t next_ms; /* monotonic: when to look again */
};

/* Begins the store of each kind. */
struct sql_store {
    struct store base;
    const struct sql_kind *kind;
    char *path;               /* for messages; ":memory:" */
    enum store_mode mode;
    bool shared;              /* with other engines */
    bool moves;               /* it is being moved */
    const struct secret *key;
    struct secret *index_key; /* made of key: hashes words and causes */
    char id[STORE_ID_BYTES];
    unsigned char owner[STORE_OWNER_BYTES]; /* random per open: who holds leases */
    int64_t lease_ms;
    const char *program;       /* version, for others to see */
    int knows;                 /* the newest schema that it works with */
    atomic_int live;           /* engines that share the store, this one too; 0: it is alone */
    atomic_llong epoch;        /* the highest that was given here */
    atomic_bool leads;         /* it does what one of them does */
    _Atomic int64_t runs;      /* the published configuration that it runs; 0: none */
    char *lacks;               /* what it does not take of it, in words; under holds.lock */
    struct names names;
    struct sql_rests rests;
    struct held_list holds;
    pthread_t beat;
    bool beats, beat_stopping; /* beat_stopping: under holds.lock */
};

static inline struct sql_store *sql_of(struct store *s)
{
    return (struct sql_store *)s;
}

static inline int64_t sql_job_number(int64_t flow, int part, int64_t off)
{
    return flow << 48 | (int64_t)part << STORE_OFF_BITS | off;
}

static inline int sql_job_part(int64_t job)
{
    return (int)(job >> STORE_OFF_BITS & (STORE_PARTS_MAX - 1));
}

static inline int64_t sql_job_off(int64_t job)
{
    return job & (((int64_t)1 << STORE_OFF_BITS) - 1);
}

/* Fills what all kinds have; conf's key is borrowed unless own_key is given, which is only borrowed
 * too. path: for messages, copied. */
int sql_init(struct sql_store *s, const struct store_ops *ops, const struct sql_kind *kind,
             const char *path, const struct store_conf *conf, enum store_mode mode,
             const struct secret *key, struct koppel_error *err);
void sql_done(struct sql_store *s);
/* Gives back all that is held. */
int sql_give_back(struct sql_store *s, struct koppel_error *err);

int sql_change(struct sql_store *s, enum sql_need need, sql_work *work, void *arg,
            struct koppel_error *err);
int sql_look(struct sql_store *s, sql_work *work, void *arg, struct koppel_error *err);
int64_t sql_now_ms(struct sql_store *s);

/* store.h tells what these do. */
const char *sql_id(struct store *s);
void sql_digest(struct store *s, const char *text, char out[STORE_DIGEST_BYTES]);

#endif
