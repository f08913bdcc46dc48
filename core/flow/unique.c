/* SPDX-License-Identifier: MIT
 * No two records of a source may carry the same number or barcode: the second one would silently
 * write over the first. Who has which value is remembered beside the links, in both directions, so
 * that a value that was given up is free again: with the outcome of the job, and until then in
 * memory, as the other one may be on its way on another thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/keylock.h"
#include "flow/work.h"

#define SCOPE_BYTES (FLOW_SCOPE_BYTES + 16)

#define NAME_BYTES (SCOPE_BYTES + STORE_KEY_BYTES + 1)

static pthread_mutex_t way_lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static json_t *under_way; /* "scope key" -> id, of jobs that are not settled yet */

static void fact_name(char out[NAME_BYTES], const char *scope, const char *key)
{
    snprintf(out, NAME_BYTES, "%s %s", scope, key);
}

/* The id that a scope holds for a key; NULL in *out: none (caller frees). */
static int fact(struct flow *f, const char *scope, const char *key, char **out,
                struct koppel_error *err)
{
    struct store_link link = {0};
    char name[NAME_BYTES];
    int found = 0;
    fact_name(name, scope, key);
    pthread_mutex_lock(&way_lock);
    const char *text = json_string_value(json_object_get(under_way, name));
    *out = text ? strdup(text) : NULL;
    pthread_mutex_unlock(&way_lock);
    if (*out)
        return 0;
    if (f->store->ops->link_get(f->store, scope, key, &link, &found, err) != 0)
        return -1;
    if (found && link.id)
        *out = strdup(link.id);
    store_link_done(&link);
    return 0;
}

/* Who holds the value now? *other: the key of another record that still has it (caller frees). */
static int holder(struct flow *f, const char *scope, const char *back, const char *value,
                  const char *key, char **other, struct koppel_error *err)
{
    char *has = NULL;
    if (fact(f, scope, value, other, err) != 0)
        return -1;
    if (!*other || strcmp(*other, key) == 0) {
        free(*other);
        *other = NULL;
        return 0;
    }
    if (fact(f, back, *other, &has, err) != 0)
        return -1;
    if (!has || strcmp(has, value) != 0) { /* it has another value by now */
        free(*other);
        *other = NULL;
    }
    free(has);
    return 0;
}

static int claim(struct work *w, const char *scope, const char *key, const char *id,
                 struct koppel_error *err)
{
    char name[NAME_BYTES];
    fact_name(name, scope, key);
    pthread_mutex_lock(&way_lock);
    if (!under_way)
        under_way = json_object();
    if (!w->claims)
        w->claims = json_array();
    bool held = json_object_set_new(under_way, name, json_string(id)) == 0 &&
                json_array_append_new(w->claims, json_string(name)) == 0;
    pthread_mutex_unlock(&way_lock);
    return held ? work_remember(w, scope, key, id, err)
                : err_set(err, KOPPEL_E_BUG, "out of memory");
}

void work_unique_done(struct work *w)
{
    json_t *name;
    size_t i;
    pthread_mutex_lock(&way_lock);
    json_array_foreach(w->claims, i, name)
        json_object_del(under_way, json_string_value(name));
    if (json_object_size(under_way) == 0) {
        json_decref(under_way);
        under_way = NULL;
    }
    pthread_mutex_unlock(&way_lock);
    json_decref(w->claims);
    w->claims = NULL;
}

static int check(struct flow *f, struct work *w, const char *member, struct koppel_error *err)
{
    char scope[SCOPE_BYTES], back[SCOPE_BYTES], *other = NULL, *mine = NULL;
    const char *value = work_text(w, member);
    if (!*value || strlen(value) >= STORE_KEY_BYTES)
        return 0;
    snprintf(scope, sizeof scope, "%s#%s", f->scope, member);
    snprintf(back, sizeof back, "%s#has-%s", f->scope, member);
    if (fact(f, back, w->job->key, &mine, err) != 0)
        return -1;
    bool known = mine && strcmp(mine, value) == 0;
    free(mine);
    char lock[SCOPE_BYTES + STORE_KEY_BYTES];
    snprintf(lock, sizeof lock, "%s %s", scope, value);
    keylock_take(lock); /* claimed at once: the other one may be on its way on another thread */
    int rc = holder(f, scope, back, value, w->job->key, &other, err);
    if (rc == 0 && other)
        rc = err_reason(err, KOPPEL_E_REJECTED, "duplicate",
                        "duplicate key: records %s and %s of %s both have "
                        "the %s \"%s\"",
                        other, w->job->key, f->conf->from->name, member, value);
    else if (rc == 0 && !known)
        rc = claim(w, scope, value, w->job->key, err) == 0 ? claim(w, back, w->job->key, value, err)
                                                           : -1;
    keylock_give(lock);
    free(other);
    return rc;
}

int work_unique(struct flow *f, struct work *w, struct koppel_error *err)
{
    return check(f, w, "number", err) == 0 ? check(f, w, "barcode", err) : -1;
}
