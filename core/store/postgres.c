/* SPDX-License-Identifier: MIT
 * The store on PostgreSQL: opening and closing. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/postgres_session.h"
#include "store/postgres_keeper.h"
#include "store/postgres_pool.h"
#include "store/postgres_schema.h"
#include "store/postgres_upgrade.h"
#include "store/sql_beat.h"

int64_t postgres_now_ms(struct store *base)
{
    return clock_monotonic_ms() + atomic_load(&postgres_of(base)->place.ahead_ms);
}

/* What messages call it: the conninfo may hold a password, so no more than host and database of
 * it. */
static char *label_of(const char *info)
{
    char *problem = NULL, *out = NULL;
    const char *host = "localhost", *name = "";
    PQconninfoOption *all = PQconninfoParse(info, &problem);
    for (PQconninfoOption *o = all; o && o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "host") == 0)
            host = o->val;
        else if (o->val && strcmp(o->keyword, "dbname") == 0)
            name = o->val;
    }
    if (asprintf(&out, "postgresql %s/%s", host, name) < 0)
        out = NULL;
    PQconninfoFree(all);
    PQfreemem(problem);
    return out;
}

static struct postgres_store *new_store(const struct store_conf *conf, enum store_mode mode,
                                        const struct store_ops *ops, struct koppel_error *err)
{
    struct postgres_store *s = calloc(1, sizeof *s);
    char *label = label_of(conf->connection);
    if (!s || !label) {
        free(label);
        free(s);
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->news_fd = -1;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->beat_lock, NULL);
    pthread_cond_init(&s->freed, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wakes, &monotonic);
    pthread_condattr_destroy(&monotonic);
    s->info = strdup(conf->connection);
    int rc = sql_init(&s->sql, ops, &postgres_pool_kind, label, conf, mode, conf->key, err);
    free(label);
    s->program = postgres_upgrade_program;
    s->sql.knows = s->program->knows;
    s->place.info = s->info;
    if (conf->password)
        s->password = secret_new(secret_text(conf->password), secret_bytes(conf->password));
    s->place.password = s->password;
    s->place.label = s->sql.path;
    if (rc == 0 && s->info && !conf->password == !s->password)
        return s;
    postgres_close(&s->sql.base);
    return NULL;
}

int postgres_open(const struct store_conf *conf, enum store_mode mode, const struct store_ops *ops,
                  struct store **out, struct koppel_error *err)
{
    struct postgres_store *s = new_store(conf, mode, ops, err);
    if (!s)
        return -1;
    struct conn_postgres *c = postgres_pool_take(s);
    int rc = postgres_session_open(c, &s->place, err);
    if (rc == 0)
        rc = postgres_schema_open(s, c, err);
    postgres_pool_give(s, c, false);
    if (rc == 0 && mode == STORE_ENGINE && !s->sql.shared)
        rc = sql_beat_start(&s->sql, err) != 0 || postgres_keeper_start(s, err) != 0 ? -1 : 0;
    if (rc != 0) {
        postgres_close(&s->sql.base);
        return -1;
    }
    *out = &s->sql.base;
    return 0;
}

void postgres_close(struct store *base)
{
    struct postgres_store *s = postgres_of(base);
    struct koppel_error err = {0};
    if (!s)
        return;
    postgres_keeper_stop(s);
    sql_beat_stop(&s->sql);
    if (s->sql.holds.count > 0)
        (void)sql_give_back(&s->sql, &err);
    for (int i = 0; i < POSTGRES_POOL; i++)
        postgres_session_close(&s->pool[i]);
    postgres_session_close(&s->beat);
    sql_done(&s->sql);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->beat_lock);
    pthread_cond_destroy(&s->freed);
    pthread_cond_destroy(&s->wakes);
    if (s->news_fd >= 0)
        close(s->news_fd);
    secret_free(s->password);
    free(s->info);
    free(s);
}
