/* SPDX-License-Identifier: MIT
 * The numbers of flows and scopes. */
#include "store/names.h"

#include <stdlib.h>
#include <string.h>

void names_init(struct names *n)
{
    *n = (struct names){0};
    pthread_mutex_init(&n->lock, NULL);
}

void names_done(struct names *n)
{
    for (struct names_flow *f = n->flows, *next; f; f = next) {
        next = f->next;
        free(f);
    }
    for (struct names_scope *s = n->scopes, *next; s; s = next) {
        next = s->next;
        free(s);
    }
    pthread_mutex_destroy(&n->lock);
}

const struct names_flow *names_flows(struct names *n)
{
    pthread_mutex_lock(&n->lock);
    const struct names_flow *first = n->flows;
    pthread_mutex_unlock(&n->lock);
    return first;
}

static struct names_flow *known_flow(struct names *n, const char *name)
{
    struct names_flow *f = n->flows;
    while (f && strcmp(f->name, name) != 0)
        f = f->next;
    return f;
}

const struct names_flow *names_flow(struct names *n, struct conn *c, const char *name,
                                    struct koppel_error *err)
{
    pthread_mutex_lock(&n->lock);
    struct names_flow *f = known_flow(n, name);
    pthread_mutex_unlock(&n->lock);
    if (f)
        return f;
    struct conn_rows *st;
    if (conn_row(c, &st, SQL_FLOW_GET, err, "t", name) != 1)
        return NULL;
    f = calloc(1, sizeof *f + strlen(name) + 1);
    if (f) {
        f->id = conn_int64(st, 0);
        f->parts = conn_int(st, 1);
        f->aside_rev = -1;
        memcpy(f->name, name, strlen(name) + 1);
    }
    conn_reset(st);
    if (!f) {
        (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    pthread_mutex_lock(&n->lock);
    struct names_flow *other = known_flow(n, name); /* two threads may have looked at once */
    if (!other) {
        f->next = n->flows;
        n->flows = f;
    }
    pthread_mutex_unlock(&n->lock);
    if (other)
        free(f);
    return other ? other : f;
}

const struct names_flow *names_flow_need(struct names *n, struct conn *c, const char *name,
                                         struct koppel_error *err)
{
    struct koppel_error problem = {0};
    const struct names_flow *f = names_flow(n, c, name, &problem);
    if (!f && problem.kind == 0)
        (void)err_set(err, KOPPEL_E_BUG, "store: flow %s is not declared", name);
    else if (!f && err)
        *err = problem;
    return f;
}

void names_flow_parts(struct names *n, const char *name, int parts)
{
    pthread_mutex_lock(&n->lock);
    struct names_flow *f = known_flow(n, name);
    if (f)
        f->parts = parts;
    pthread_mutex_unlock(&n->lock);
}

bool names_aside(struct names *n, const struct names_flow *f, int64_t rev, int64_t *parked,
                 int64_t *waiting)
{
    pthread_mutex_lock(&n->lock);
    bool counted = f->aside_rev == rev;
    *parked = f->parked;
    *waiting = f->waiting;
    pthread_mutex_unlock(&n->lock);
    return counted;
}

void names_aside_set(struct names *n, const struct names_flow *f, int64_t rev, int64_t parked,
                     int64_t waiting)
{
    struct names_flow *own = (struct names_flow *)(uintptr_t)f;
    pthread_mutex_lock(&n->lock);
    own->aside_rev = rev;
    own->parked = parked;
    own->waiting = waiting;
    pthread_mutex_unlock(&n->lock);
}

int names_scope_known(struct names *n, const char *name, int64_t *id)
{
    pthread_mutex_lock(&n->lock);
    struct names_scope *s = n->scopes;
    while (s && strcmp(s->name, name) != 0)
        s = s->next;
    pthread_mutex_unlock(&n->lock);
    if (s)
        *id = s->id;
    return s != NULL;
}

int names_scope(struct names *n, struct conn *c, const char *name, int64_t *id,
                struct koppel_error *err)
{
    if (names_scope_known(n, name, id))
        return 1;
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_SCOPE_GET, err, "t", name);
    if (row != 1)
        return row;
    *id = conn_int64(st, 0);
    conn_reset(st);
    struct names_scope *s = calloc(1, sizeof *s + strlen(name) + 1);
    if (!s)
        return 1; /* looked up again the next time */
    s->id = *id;
    memcpy(s->name, name, strlen(name) + 1);
    pthread_mutex_lock(&n->lock);
    s->next = n->scopes; /* a second one of a name does no harm */
    n->scopes = s;
    pthread_mutex_unlock(&n->lock);
    return 1;
}
