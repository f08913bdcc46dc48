/* SPDX-License-Identifier: MIT
 * Goes through every page of a store's file. */
#include "alert/alert_check.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

struct alert_check {
    int (*check)(const struct store_conf *conf, int *exists, struct koppel_error *err);
    struct store_conf where;
    char *path;
    struct secret *key;
    atomic_int users; /* who began it, and the thread; the last one frees */
    atomic_bool done; /* the next is whole */
    struct koppel_error err;
};

void alert_check_drop(struct alert_check *c)
{
    if (!c || atomic_fetch_sub(&c->users, 1) > 1)
        return;
    secret_free(c->key);
    free(c->path);
    free(c);
}

static void *check_main(void *arg)
{
    struct alert_check *c = arg;
    int exists = 0;
    if (c->check(&c->where, &exists, &c->err) == 0)
        c->err = (struct koppel_error){0};
    atomic_store(&c->done, true);
    alert_check_drop(c);
    return NULL;
}

struct alert_check *alert_check_begin(const struct store_ops *ops, const struct store_conf *where)
{
    struct alert_check *c = ops->check && where->path ? calloc(1, sizeof *c) : NULL;
    if (!c)
        return NULL;
    c->check = ops->check;
    c->path = strdup(where->path);
    c->key = where->key ? secret_new(secret_text(where->key), secret_bytes(where->key)) : NULL;
    c->where = (struct store_conf){.path = c->path, .key = c->key};
    atomic_store(&c->users, 2);
    pthread_t thread;
    if (c->path && (c->key || !where->key) && thread_start(&thread, check_main, c) == 0) {
        pthread_detach(thread); /* nobody waits for it */
        return c;
    }
    atomic_store(&c->users, 1);
    alert_check_drop(c);
    return NULL;
}

bool alert_check_done(const struct alert_check *c, bool *damaged, char *text)
{
    if (!atomic_load(&c->done))
        return false;
    *damaged = strcmp(c->err.reason, "store.damaged") == 0;
    snprintf(text, ERR_TEXT_BYTES, "%s", c->err.text);
    return true;
}
