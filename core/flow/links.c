/* SPDX-License-Identifier: MIT
 * A hash table of links in front of the store. */
#include "flow/links.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256

struct links_entry {
    struct links_entry *next;
    struct store_link link;
    bool known; /* read from the store */
    const char *scope, *key; /* behind this struct */
    size_t hash;
};

static size_t hash_of(const char *scope, const char *key)
{
    size_t h = 14695981039346656037u;
    for (; *scope; scope++)
        h = (h ^ (unsigned char)*scope) * 1099511628211u;
    h = (h ^ 1) * 1099511628211u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h ^ h >> 29;
}

void links_init(struct links *l, struct store *store, const struct store_lease *lease)
{
    *l = (struct links){.store = store, .lease = lease};
}

void links_done(struct links *l)
{
    for (int i = 0; i < l->room; i++) {
        for (struct links_entry *e = l->buckets[i], *next; e; e = next) {
            next = e->next;
            store_link_done(&e->link);
            free(e);
        }
    }
    free(l->buckets);
    *l = (struct links){0};
}

static int grow(struct links *l)
{
    int room = l->room ? l->room * 2 : FIRST_ROOM;
    struct links_entry **buckets = calloc((size_t)room, sizeof *buckets);
    if (!buckets)
        return -1;
    for (int i = 0; i < l->room; i++) {
        for (struct links_entry *e = l->buckets[i], *next; e; e = next) {
            next = e->next;
            e->next = buckets[e->hash & (size_t)(room - 1)];
            buckets[e->hash & (size_t)(room - 1)] = e;
        }
    }
    free(l->buckets);
    l->buckets = buckets;
    l->room = room;
    return 0;
}

/* The entry, made where there is none; NULL: no memory. */
static struct links_entry *entry(struct links *l, const char *scope, const char *key)
{
    size_t hash = hash_of(scope, key);
    for (struct links_entry *e = l->room ? l->buckets[hash & (size_t)(l->room - 1)] : NULL; e;
         e = e->next) {
        if (e->hash == hash && strcmp(e->key, key) == 0 && strcmp(e->scope, scope) == 0)
            return e;
    }
    size_t scope_bytes = strlen(scope) + 1, key_bytes = strlen(key) + 1;
    struct links_entry *e = l->count * 2 >= l->room && grow(l) != 0
                                ? NULL
                                : malloc(sizeof *e + scope_bytes + key_bytes);
    if (!e)
        return NULL;
    char *text = (char *)(e + 1);
    memcpy(text, scope, scope_bytes);
    memcpy(text + scope_bytes, key, key_bytes);
    *e = (struct links_entry){.scope = text, .key = text + scope_bytes, .hash = hash};
    struct links_entry **bucket = &l->buckets[hash & (size_t)(l->room - 1)];
    e->next = *bucket;
    *bucket = e;
    l->count++;
    l->wanted++;
    return e;
}

int links_want(struct links *l, const char *scope, const char *key, struct koppel_error *err)
{
    return entry(l, scope, key) ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int links_fetch(struct links *l, struct koppel_error *err)
{
    if (l->wanted == 0)
        return 0;
    int n = l->wanted, at = 0;
    struct links_entry **entries = calloc((size_t)n, sizeof *entries);
    const char **names = calloc((size_t)n * 2, sizeof *names);
    struct store_link *found = calloc((size_t)n, sizeof *found);
    int rc = entries && names && found ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; rc == 0 && i < l->room; i++) {
        for (struct links_entry *e = l->buckets[i]; e && at < n; e = e->next) {
            if (e->known)
                continue;
            entries[at] = e;
            names[at] = e->scope;
            names[n + at++] = e->key;
        }
    }
    if (rc == 0)
        rc = l->store->ops->links_get(l->store, l->lease, at, names, names + n, found, err);
    for (int i = 0; rc == 0 && i < at; i++) {
        entries[i]->link = found[i];
        entries[i]->known = true;
    }
    if (rc == 0)
        l->wanted = 0;
    free(entries);
    free(names);
    free(found);
    return rc;
}

static int read_one(struct links *l, struct links_entry *e, struct koppel_error *err)
{
    struct store_link link = {0};
    if (l->store->ops->links_get(l->store, l->lease, 1, &e->scope, &e->key, &link, err) != 0)
        return -1;
    store_link_done(&e->link);
    e->link = link;
    if (!e->known)
        l->wanted--;
    e->known = true;
    return 0;
}

int links_get(struct links *l, const char *scope, const char *key, struct store_link **out,
              struct koppel_error *err)
{
    struct links_entry *e = entry(l, scope, key);
    if (!e)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    *out = &e->link;
    return e->known ? 0 : read_one(l, e, err);
}

int links_again(struct links *l, const char *scope, const char *key, struct store_link **out,
                struct koppel_error *err)
{
    struct links_entry *e = entry(l, scope, key);
    if (!e)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    *out = &e->link;
    return read_one(l, e, err);
}

int links_put(struct links *l, const struct store_link_change *changes, int count,
              struct koppel_error *err)
{
    int lost = 0;
    if (count == 0 || !l->lease)
        return 0;
    if (l->lost)
        return err_set(err, KOPPEL_E_CANCELLED, "the lease is another's now");
    if (l->store->ops->links_put(l->store, l->lease, changes, count, &lost, err) != 0)
        return -1;
    if (!lost)
        return 0;
    l->lost = true;
    return err_set(err, KOPPEL_E_CANCELLED, "the lease is another's now");
}

int links_keep(struct links *l, const char *scope, const char *key, const struct store_link *link,
               struct koppel_error *err)
{
    struct store_link_change change = links_change(scope, key, link);
    return links_put(l, &change, 1, err);
}

int links_alias(struct store_link *link, const char *alias, struct koppel_error *err)
{
    char *copy = alias ? strdup(alias) : NULL;
    if (alias && !copy)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    free(link->alias);
    link->alias = copy;
    return 0;
}

struct store_link_change links_change(const char *scope, const char *key,
                                      const struct store_link *link)
{
    return (struct store_link_change){.scope = scope,
                                      .key = key,
                                      .state = link->state,
                                      .id = link->id,
                                      .digest = link->digest,
                                      .alias = link->alias,
                                      .version = link->version,
                                      .chain = link->chain,
                                      .adopted = link->adopted,
                                      .closed = link->closed,
                                      .begun = link->begun,
                                      .forget = link->state == LINK_ABSENT};
}

int links_fact(struct links *l, const char *scope, const char *key, const char **out,
               struct koppel_error *err)
{
    struct store_link *link = NULL;
    if (links_get(l, scope, key, &link, err) != 0)
        return -1;
    *out = link->id ? link->id : "";
    return 0;
}

struct store_link_change links_remember(const char *scope, const char *key, const char *text)
{
    return (struct store_link_change){
        .scope = scope, .key = key, .state = LINK_THERE, .id = text, .chain = 1};
}
