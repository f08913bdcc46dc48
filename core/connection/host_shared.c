/* SPDX-License-Identifier: MIT
 * Values that the instances of a connection share, a list: a connector has a few of them. */
#include "connection/host_shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define SHARED_MAX 100 /* names of one connection */

static struct shared_value *find(struct connection *c, const char *name, int *count)
{
    *count = 0;
    for (struct shared_value *v = c->shared; v; v = v->next, ++*count) {
        if (strcmp(v->name, name) == 0)
            return v;
    }
    return NULL;
}

json_t *host_shared_get(struct koppel_context *ctx, const char *name)
{
    struct connection *c = ctx->connection;
    json_t *value = NULL;
    int count;
    if (!c || !name)
        return NULL;
    pthread_mutex_lock(&c->lock);
    struct shared_value *v = find(c, name, &count);
    if (v && (v->until_ms == 0 || clock_monotonic_ms() < v->until_ms))
        value = json_incref(v->value);
    pthread_mutex_unlock(&c->lock);
    return value;
}

int host_shared_set(struct koppel_context *ctx, const char *name, json_t *value_take,
                    int64_t max_age_ms, struct koppel_error *err)
{
    struct connection *c = ctx->connection;
    json_t *old = value_take;
    int count, rc = 0;
    if (!c || !name || !name[0] || !value_take) {
        json_decref(value_take);
        return err_set(err, KOPPEL_E_BUG, "shared_set wants a connection, a name and a value");
    }
    pthread_mutex_lock(&c->lock);
    struct shared_value *v = find(c, name, &count);
    if (!v && count < SHARED_MAX && (v = calloc(1, sizeof *v))) {
        v->name = strdup(name);
        v->next = c->shared;
        if (v->name)
            c->shared = v;
    }
    if (v && v->name) {
        old = v->value;
        v->value = value_take;
        v->until_ms = max_age_ms > 0 ? clock_monotonic_ms() + max_age_ms : 0;
    } else {
        free(v);
        rc = count >= SHARED_MAX
                 ? err_set(err, KOPPEL_E_BUG, "more than %d shared values", SHARED_MAX)
                 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    pthread_mutex_unlock(&c->lock);
    json_decref(old);
    return rc;
}

void host_shared_done(struct connection *c)
{
    while (c->shared) {
        struct shared_value *v = c->shared;
        c->shared = v->next;
        json_decref(v->value);
        free(v->name);
        free(v);
    }
}
