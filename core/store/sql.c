/* SPDX-License-Identifier: MIT
 * What stores on a database have in common. */
#include "store/sql.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/hashes.h"

#define LEASE_MS 15000

int sql_init(struct sql_store *s, const struct store_ops *ops, const struct sql_kind *kind,
             const char *path, const struct store_conf *conf, enum store_mode mode,
             const struct secret *key, struct koppel_error *err)
{
    s->base.ops = ops;
    s->kind = kind;
    s->mode = mode;
    s->shared = conf->shared;
    s->moves = conf->moves;
    s->key = key;
    s->lease_ms = conf->lease_ms > 0 ? conf->lease_ms : LEASE_MS;
    s->program = conf->program ? conf->program : "";
    atomic_store(&s->leads, true);
    randombytes_buf(s->owner, sizeof s->owner);
    names_init(&s->names);
    pthread_mutex_init(&s->rests.lock, NULL);
    held_list_init(&s->holds);
    s->path = strdup(path);
    s->index_key = hashes_key(s->key);
    return s->path && s->index_key ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

void sql_done(struct sql_store *s)
{
    names_done(&s->names);
    pthread_mutex_destroy(&s->rests.lock);
    held_list_done(&s->holds);
    secret_free(s->index_key);
    free(s->lacks);
    free(s->path);
}

static int free_all(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    if (conn_run(c, SQL_LEASE_FREE_ALL, err, "b", s->owner, sizeof s->owner) != 0 ||
        conn_run(c, SQL_SOURCE_FREE_ALL, err, "b", s->owner, sizeof s->owner) != 0)
        return -1;
    return conn_run(c, SQL_LOCK_END, err, "b", s->owner, sizeof s->owner);
}

int sql_give_back(struct sql_store *s, struct koppel_error *err)
{
    return sql_change(s, SQL_SOFT, free_all, NULL, err);
}

int sql_change(struct sql_store *s, enum sql_need need, sql_work *work, void *arg,
            struct koppel_error *err)
{
    struct koppel_error ignored = {0};
    return s->kind->run(s, need, work, arg, err ? err : &ignored);
}

int sql_look(struct sql_store *s, sql_work *work, void *arg, struct koppel_error *err)
{
    struct koppel_error ignored = {0};
    return s->kind->read(s, work, arg, err ? err : &ignored);
}

int64_t sql_now_ms(struct sql_store *s)
{
    return s->base.ops->now_ms(&s->base);
}

const char *sql_id(struct store *s)
{
    return sql_of(s)->id;
}

void sql_digest(struct store *s, const char *text, char out[STORE_DIGEST_BYTES])
{
    hashes_text(sql_of(s)->index_key, text, out);
}
