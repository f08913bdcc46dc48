/* SPDX-License-Identifier: MIT
 * The SQLite store: what its files share. Each sqlite_*.c is one idea of struct store_ops. */
#ifndef KOPPEL_STORE_SQLITE_H
#define KOPPEL_STORE_SQLITE_H

#include "store/conn.h"
#include "store/held.h"
#include "store/names.h"
#include "store/store.h"
#include "store/writer.h"

#define SQLITE_PARTS_MAX 1024 /* 10 bits of a job number */
#define SQLITE_OFF_BITS 38
#define SQLITE_OWNER_BYTES 16

struct sqlite_store {
    struct store base;
    char *path;              /* for messages; ":memory:" */
    enum store_mode mode;
    bool shared;
    const struct secret *key;
    struct secret *own_key;  /* the memory store's; NULL otherwise */
    struct secret *index_key; /* made of key: hashes words and causes */
    char id[STORE_ID_BYTES];
    unsigned char owner[SQLITE_OWNER_BYTES]; /* random per open: who holds leases */
    int64_t lease_ms;
    int lock_fd;             /* -1: none */
    int tell_fd;             /* LOOK: where a change is told to the engine; -1: nobody to tell */
    int news_fd;             /* -1: not asked for */
    int witness_fd;          /* -1: none */
    int64_t commits;         /* the writer thread's alone once it runs */
    bool hard;               /* the writer's: its commits wait for the disk */
    struct writer writer;
    struct names names;
    struct held_list holds;
    pthread_t beat;
    bool beats, beat_stopping; /* beat_stopping: under holds.lock */
};

static inline struct sqlite_store *sqlite_of(struct store *s)
{
    return (struct sqlite_store *)s;
}

static inline int64_t sqlite_job_number(int64_t flow, int part, int64_t off)
{
    return flow << 48 | (int64_t)part << SQLITE_OFF_BITS | off;
}

static inline int sqlite_job_part(int64_t job)
{
    return (int)(job >> SQLITE_OFF_BITS & (SQLITE_PARTS_MAX - 1));
}

static inline int64_t sqlite_job_off(int64_t job)
{
    return job & (((int64_t)1 << SQLITE_OFF_BITS) - 1);
}

/* Opens path (":memory:" too) as conf and mode say. own_key, where it is not NULL, is the store's
 * from now on, whatever happens. */
int sqlite_open(const char *path, const struct store_conf *conf, enum store_mode mode,
                struct secret *own_key, const struct store_ops *ops, struct store **out,
                struct koppel_error *err);
/* store.h tells what these do. */
void sqlite_close(struct store *s);
const char *sqlite_id(struct store *s);
void sqlite_digest(struct store *s, const char *text, char out[STORE_DIGEST_BYTES]);
int64_t sqlite_now_ms(struct store *s);

#endif
