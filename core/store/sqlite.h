/* SPDX-License-Identifier: MIT
 * The SQLite store: sql.h on a file, or on a database that is gone when it is closed. */
#ifndef KOPPEL_STORE_SQLITE_H
#define KOPPEL_STORE_SQLITE_H

#include "store/sql.h"
#include "store/writer.h"

struct sqlite_store {
    struct sql_store sql;
    struct secret *own_key;  /* the memory store's; NULL otherwise */
    int lock_fd;             /* -1: none */
    int tell_fd;             /* LOOK: where a change is told to the engine; -1: nobody to tell */
    int news_fd;             /* -1: not asked for */
    int witness_fd;          /* -1: none */
    int64_t commits;         /* the writer thread's alone once it runs */
    bool hard;               /* the writer's: its commits wait for the disk */
    struct writer writer;
};

static inline struct sqlite_store *sqlite_of(struct store *s)
{
    return (struct sqlite_store *)s;
}

/* Opens path (":memory:" too) as conf and mode say. own_key, where it is not NULL, is the store's
 * from now on, whatever happens. */
int sqlite_open(const char *path, const struct store_conf *conf, enum store_mode mode,
                struct secret *own_key, const struct store_ops *ops, struct store **out,
                struct koppel_error *err);
/* store.h tells what these do. */
void sqlite_close(struct store *s);
int64_t sqlite_now_ms(struct store *s);

#endif
