/* SPDX-License-Identifier: MIT
 * The store on PostgreSQL: sql.h on a server that several hosts share.
 *
 * A transaction runs on a connection of a small pool, so that threads write side by side; what two
 * of them must not change at once is locked by the statements themselves (schema_postgres.h). The
 * beat has a connection of its own: a pool that is busy takes nobody's lease away. */
#ifndef KOPPEL_STORE_POSTGRES_H
#define KOPPEL_STORE_POSTGRES_H

#include "store/conn_postgres.h"
#include "store/sql.h"

#define POSTGRES_POOL 10

struct postgres_upgrade; /* store/postgres_upgrade.h */

struct postgres_store {
    struct sql_store sql;
    const struct postgres_upgrade *program; /* which schemas it knows */
    struct conn_postgres_place place;
    char *info;
    struct secret *password; /* NULL: none */
    pthread_mutex_t lock;
    pthread_cond_t freed;  /* a connection of the pool is */
    pthread_cond_t wakes;  /* the keeper: something was written, or it is to end */
    struct conn_postgres pool[POSTGRES_POOL];
    bool busy[POSTGRES_POOL];
    int64_t busy_since_ms[POSTGRES_POOL]; /* monotonic; 0: it is not */
    struct conn_postgres beat;
    pthread_mutex_t beat_lock;
    pthread_t keeper; /* does the store's own work, and listens for news */
    bool keeps, stopping, written;
    int news_fd;      /* -1: nobody asked */
    int64_t news;     /* the number of the last that was told of */
};

static inline struct postgres_store *postgres_of(struct store *s)
{
    return (struct postgres_store *)s;
}

/* store.h tells what these do. */
int postgres_open(const struct store_conf *conf, enum store_mode mode, const struct store_ops *ops,
                  struct store **out, struct koppel_error *err);
void postgres_close(struct store *s);
int64_t postgres_now_ms(struct store *s);

#endif
