/* SPDX-License-Identifier: MIT
 * A hash table of records by key. */
#include "flow/young.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 1024

struct young_entry {
    struct young_entry *next;
    json_t *record;
    size_t bytes;     /* of text */
    const char *text; /* behind this struct, and the key behind it */
    const char *key;
};

static size_t bucket_of(const char *key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 29) & (ROOM - 1);
}

void young_init(struct young *y)
{
    *y = (struct young){0};
    pthread_mutex_init(&y->lock, NULL);
}

static void entry_free(struct young_entry *e)
{
    if (!e)
        return;
    json_decref(e->record);
    free(e);
}

void young_done(struct young *y)
{
    for (int i = 0; y->buckets && i < ROOM; i++) {
        for (struct young_entry *e = y->buckets[i], *next; e; e = next) {
            next = e->next;
            entry_free(e);
        }
    }
    free(y->buckets);
    pthread_mutex_destroy(&y->lock);
}

/* Unlinks the entry of a key; NULL: there is none. Under the lock. */
static struct young_entry *unlink_entry(struct young *y, const char *key)
{
    struct young_entry **at = y->buckets ? &y->buckets[bucket_of(key)] : NULL;
    while (at && *at && strcmp((*at)->key, key) != 0)
        at = &(*at)->next;
    struct young_entry *e = at ? *at : NULL;
    if (e) {
        *at = e->next;
        y->bytes -= e->bytes;
    }
    return e;
}

static bool is_nested(const json_t *value)
{
    return json_is_object(value) || json_is_array(value);
}

/* A connector may have put one object into several records, and keep it: such a part is replaced by
 * a copy. false: no memory. */
static bool own_parts(json_t *value)
{
    size_t i;
    json_t *part;
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at)) {
        part = json_object_iter_value(at);
        if (!is_nested(part))
            continue;
        if (part->refcount == 1 ? !own_parts(part)
                                : json_object_iter_set_new(value, at, json_deep_copy(part)) != 0)
            return false;
    }
    json_array_foreach(value, i, part) {
        if (!is_nested(part))
            continue;
        if (part->refcount == 1 ? !own_parts(part)
                                : json_array_set_new(value, i, json_deep_copy(part)) != 0)
            return false;
    }
    return true;
}

static struct young_entry *entry_new(const char *key, const char *text, size_t bytes,
                                     json_t *record)
{
    size_t key_bytes = strlen(key) + 1;
    struct young_entry *e = malloc(sizeof *e + bytes + key_bytes);
    if (!e)
        return NULL;
    char *own = (char *)(e + 1);
    memcpy(own, text, bytes);
    memcpy(own + bytes, key, key_bytes);
    *e = (struct young_entry){
        .record = json_incref(record), .bytes = bytes, .text = own, .key = own + bytes};
    return e;
}

void young_keep(struct young *y, const char *key, const char *text, size_t bytes, json_t *record)
{
    pthread_mutex_lock(&y->lock);
    if (!y->buckets)
        y->buckets = calloc(ROOM, sizeof(struct young_entry *));
    struct young_entry *older = unlink_entry(y, key);
    bool room = y->buckets && bytes <= YOUNG_BYTES - y->bytes &&
                record->refcount == 1 && own_parts(record);
    struct young_entry *e = room ? entry_new(key, text, bytes, record) : NULL;
    if (e) {
        struct young_entry **bucket = &y->buckets[bucket_of(key)];
        e->next = *bucket;
        *bucket = e;
        y->bytes += bytes;
    }
    pthread_mutex_unlock(&y->lock);
    entry_free(older);
}

json_t *young_take(struct young *y, const char *key, const char *text, size_t bytes)
{
    pthread_mutex_lock(&y->lock);
    struct young_entry *e = unlink_entry(y, key);
    pthread_mutex_unlock(&y->lock);
    bool same = e && text && e->bytes == bytes && memcmp(e->text, text, bytes) == 0;
    json_t *record = same ? json_incref(e->record) : NULL;
    entry_free(e);
    return record;
}
