/* SPDX-License-Identifier: MIT
 * The keys of a reading, and the end of it. */
#include "flow/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "connection/connection_find.h"

#define PAGE_KEYS 10000  /* asked of the store at a time */
#define APPEND_KEYS 200  /* that are called gone in one step */
#define NOTE_BYTES 200

static uint64_t hash_of(const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    h ^= h >> 32;
    return h ? h : 1;
}

/* Open addressing; 0 is a free place. */
static bool has(const struct snapshot *s, uint64_t hash)
{
    if (s->room == 0)
        return false;
    for (size_t at = hash & (s->room - 1); s->hashes[at]; at = (at + 1) & (s->room - 1)) {
        if (s->hashes[at] == hash)
            return true;
    }
    return false;
}

static void put(uint64_t *hashes, size_t room, uint64_t hash)
{
    size_t at = hash & (room - 1);
    while (hashes[at] && hashes[at] != hash)
        at = (at + 1) & (room - 1);
    hashes[at] = hash;
}

int snapshot_add(struct snapshot *s, const char *key)
{
    uint64_t hash = hash_of(key);
    if (has(s, hash))
        return 0;
    if (s->count * 2 >= s->room) {
        size_t room = s->room ? s->room * 2 : 1024;
        uint64_t *more = calloc(room, sizeof *more);
        if (!more)
            return -1;
        for (size_t i = 0; i < s->room; i++) {
            if (s->hashes[i])
                put(more, room, s->hashes[i]);
        }
        free(s->hashes);
        s->hashes = more;
        s->room = room;
    }
    put(s->hashes, s->room, hash);
    s->count++;
    return 0;
}

void snapshot_done(struct snapshot *s)
{
    free(s->hashes);
    *s = (struct snapshot){.total = -1};
}

/* ---- the end ---- */

struct missing {
    const struct snapshot *shown;
    struct missing_key {
        char *key;
        struct job_id job;
    } *keys;
    int count, room;
    int64_t known;  /* keys that were there before */
    char *last;     /* of the page */
    bool failed;
};

static int gather(void *arg, const char *key, struct job_id job)
{
    struct missing *m = arg;
    m->known++;
    free(m->last);
    m->last = strdup(key);
    if (!m->last)
        m->failed = true;
    if (has(m->shown, hash_of(key)))
        return 0;
    if (m->count == m->room) {
        int room = m->room ? m->room * 2 : 64;
        struct missing_key *more = realloc(m->keys, (size_t)room * sizeof *more);
        if (!more) {
            m->failed = true;
            return -1;
        }
        m->keys = more;
        m->room = room;
    }
    m->keys[m->count] = (struct missing_key){strdup(key), job};
    if (!m->keys[m->count].key)
        m->failed = true;
    else
        m->count++;
    return m->failed ? -1 : 0;
}

static void missing_done(struct missing *m)
{
    for (int i = 0; i < m->count; i++)
        free(m->keys[i].key);
    free(m->keys);
    free(m->last);
}

static int find_missing(struct flow *f, struct missing *m, struct koppel_error *err)
{
    for (int n = PAGE_KEYS; n == PAGE_KEYS && !flow_stopping(f);) {
        char *after = m->last ? strdup(m->last) : NULL;
        int rc = f->store->ops->seen(f->store, f->conf->name, after, PAGE_KEYS, gather, m, &n, err);
        free(after);
        if (rc != 0)
            return m->failed ? err_set(err, KOPPEL_E_BUG, "out of memory") : -1;
    }
    return 0;
}

/* How many a person has said may be gone; 0: nobody was asked. */
static int64_t accepted(struct flow *f, char name[NOTE_BYTES], struct koppel_error *err)
{
    char *text = NULL;
    snprintf(name, NOTE_BYTES, SNAPSHOT_ACCEPTED "%.180s", f->conf->name);
    if (f->store->ops->note_get(f->store, name, &text, err) != 0)
        return -1;
    int64_t n = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return n;
}

static int check_shrunk(struct flow *f, const struct snapshot *s, const struct missing *m,
                        struct koppel_error *err)
{
    char name[NOTE_BYTES], count[32];
    bool short_of = s->total > s->records;
    bool shrunk = m->count > f->conf->shrink_records &&
                  (int64_t)m->count * 100 > m->known * f->conf->shrink_percent;
    bool empty = s->records == 0 && m->known > 0;
    if (m->count == 0 || (!short_of && !shrunk && !empty))
        return 0;
    int64_t may = accepted(f, name, err);
    if (may < 0)
        return -1;
    if (may >= m->count)
        return f->store->ops->note_put(f->store, name, NULL, err);
    snprintf(name, sizeof name, SNAPSHOT_SHRUNK "%.180s", f->conf->name);
    snprintf(count, sizeof count, "%d", m->count);
    if (f->store->ops->note_put(f->store, name, count, err) != 0)
        return -1;
    return err_reason(err, KOPPEL_E_CONFIG, "list.shrunk",
                      "%s %d of %lld records that were there before%s; nothing was called gone. If "
                      "that is right, run: koppel resume %s",
                      short_of ? "the list is not whole: it lacks" : "the list lacks", m->count,
                      (long long)m->known, empty ? ": it is empty" : "", f->conf->name);
}

/* Pages shift while they are read, so a record may have slipped between two of them. Takes those
 * that are still there from the list. */
static int drop_those_there(struct flow *f, struct missing *m, struct koppel_error *err)
{
    struct koppel_results results;
    int n = f->source->batch_find > 0 ? f->source->batch_find : 1, left = 0;
    bool by_key = catalogue_finds(f->source, f->source->key);
    const char **keys = by_key && m->count > 0 ? calloc((size_t)n, sizeof *keys) : NULL;
    if (!by_key || m->count == 0)
        return 0;
    int rc = keys ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int at = 0; rc == 0 && at < m->count; at += n) {
        int some = m->count - at < n ? m->count - at : n;
        if (flow_stopping(f))
            rc = err_set(err, KOPPEL_E_CANCELLED, "stopped");
        else if (results_init(&results, (uint32_t)some) != 0)
            rc = err_set(err, KOPPEL_E_BUG, "out of memory");
        if (rc != 0)
            break;
        for (int i = 0; i < some; i++)
            keys[i] = m->keys[at + i].key;
        rc = connection_find(f->from, f->source->name, f->source->key, keys, NULL, some, &results,
                             NULL, err);
        for (int i = 0; rc == 0 && i < some; i++) {
            const struct result_entry *entry = &results.entries[i];
            struct missing_key one = m->keys[at + i];
            if (entry->err.kind) {
                *err = entry->err;
                rc = -1;
                break;
            }
            m->keys[at + i] = m->keys[left];
            m->keys[left] = one;
            if (entry->hit_count == 0)
                left++;
        }
        results_done(&results);
    }
    free(keys);
    if (rc == 0) {
        for (int i = left; i < m->count; i++)
            free(m->keys[i].key);
        m->count = left;
    }
    return rc;
}

/* The record's last form once more, marked: JSON text, the caller's. NULL and err. */
static char *last_form(struct flow *f, struct job_id id, struct koppel_error *err)
{
    struct store_job_row row = {0};
    char *payload = NULL;
    int found = 0;
    if (f->store->ops->job(f->store, id, &row, &payload, &found, err) != 0)
        return NULL;
    if (found)
        store_job_row_done(&row);
    json_t *record = payload ? json_read(payload, strlen(payload), NULL, NULL) : NULL;
    if (!record)
        record = json_object(); /* erased by retention: its key is all that is known */
    json_object_set_new(record, FLOW_GONE, json_true());
    char *text = json_text(record, false, NULL);
    json_decref(record);
    free(payload);
    if (!text)
        err_set(err, KOPPEL_E_BUG, "out of memory");
    return text;
}

static int append_some(struct flow *f, struct store_reader *reader, const struct missing_key *keys,
                       int count, int *lost, struct koppel_error *err)
{
    struct store_record *records = calloc((size_t)count + 1, sizeof *records);
    int rc = records ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; rc == 0 && i < count; i++) {
        struct job_id id = keys[i].job;
        id.flow = f->conf->name;
        char *text = last_form(f, id, err);
        if (!text)
            rc = -1;
        else
            records[i] = (struct store_record){
                .key = keys[i].key, .payload = text, .payload_bytes = strlen(text), .digest = ""};
    }
    if (rc == 0)
        rc = f->store->ops->append(f->store, reader, records, count, NULL, NULL, lost, err);
    for (int i = 0; records && i < count; i++)
        free((char *)records[i].payload);
    free(records);
    return rc;
}

int snapshot_end(struct flow *f, struct snapshot *s, struct store_reader *reader, int *gone,
                 int *lost, struct koppel_error *err)
{
    struct missing m = {.shown = s};
    *gone = 0;
    int rc = find_missing(f, &m, err);
    if (rc == 0 && s->unnamed && m.count > 0) {
        log_warning(LOG_ABOUT(.event = "list", .flow = f->conf->name),
                    "nothing is called gone: a record was read without its key");
        missing_done(&m);
        return 0;
    }
    if (rc == 0)
        rc = check_shrunk(f, s, &m, err);
    if (rc == 0)
        rc = drop_those_there(f, &m, err);
    for (int at = 0; rc == 0 && !*lost && at < m.count && !flow_stopping(f); at += APPEND_KEYS) {
        int some = m.count - at < APPEND_KEYS ? m.count - at : APPEND_KEYS;
        rc = append_some(f, reader, m.keys + at, some, lost, err);
        *gone += rc == 0 && !*lost ? some : 0;
    }
    if (*gone > 0)
        log_info(LOG_ABOUT(.event = "list", .flow = f->conf->name, .count = *gone),
                 "%d records are gone at %s", *gone, f->conf->from->name);
    missing_done(&m);
    return rc;
}
