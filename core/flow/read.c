/* SPDX-License-Identifier: MIT
 * Read: source -> journal. A page of raw records and the cursor that follows it are one
 * transaction; nothing is filtered or mapped here, so nothing can be lost between the two.
 *
 * A source that lists everything each time (a snapshot) has no cursor that outlives the run. Of
 * what it shows only records that differ from the last one of their key enter the journal, and
 * after a complete reading the keys that it no longer shows enter it once more, marked as gone. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "flow/flow.h"
#include "flow/keylock.h"

/* ---- the keys of a snapshot ---- */

static uint64_t key_hash(const char *key)
{
    uint64_t h = 1469598103934665603u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h ? h : 1;
}

/* Open addressing; 0 is a free place. */
static bool shown_has(const struct flow_shown *s, uint64_t hash)
{
    if (s->room == 0)
        return false;
    for (size_t at = hash & (s->room - 1); s->hashes[at]; at = (at + 1) & (s->room - 1)) {
        if (s->hashes[at] == hash)
            return true;
    }
    return false;
}

static void shown_put(uint64_t *hashes, size_t room, uint64_t hash)
{
    size_t at = hash & (room - 1);
    while (hashes[at] && hashes[at] != hash)
        at = (at + 1) & (room - 1);
    hashes[at] = hash;
}

static int shown_add(struct flow_shown *s, const char *key)
{
    uint64_t hash = key_hash(key);
    if (shown_has(s, hash))
        return 0;
    if (s->count * 2 >= s->room) {
        size_t room = s->room ? s->room * 2 : 1024;
        uint64_t *more = calloc(room, sizeof *more);
        if (!more)
            return -1;
        for (size_t i = 0; i < s->room; i++) {
            if (s->hashes[i])
                shown_put(more, room, s->hashes[i]);
        }
        free(s->hashes);
        s->hashes = more;
        s->room = room;
    }
    shown_put(s->hashes, s->room, hash);
    s->count++;
    return 0;
}

void flow_shown_done(struct flow_shown *s)
{
    pages_close(s->pages);
    free(s->hashes);
    free(s->cursor);
    *s = (struct flow_shown){0};
}

/* ---- a page ---- */

/* The raw form together with the configuration's version: what is read after a change of the
 * mapping is looked at again. */
static void raw_digest(const struct flow *f, const char *text, char out[FLOW_DIGEST_BYTES])
{
    unsigned char hash[16];
    crypto_generichash_state state;
    const char *version = f->conf->version ? f->conf->version : "";
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)version, strlen(version));
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, FLOW_DIGEST_BYTES, hash, sizeof hash);
}

static int append_page(struct flow *f, const struct koppel_batch *batch, int *added,
                       struct koppel_error *err)
{
    bool snapshot = f->source->snapshot;
    struct store_record *records = calloc((size_t)batch->count + 1, sizeof *records);
    char(*digests)[FLOW_DIGEST_BYTES] =
        snapshot ? calloc((size_t)batch->count + 1, sizeof *digests) : NULL;
    int rc = -1;
    if (!records || (snapshot && !digests)) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        goto out;
    }
    for (int i = 0; i < batch->count; i++) {
        size_t bytes = 0;
        char *text = json_text(batch->records[i].record, false, &bytes);
        if (!text) {
            err_set(err, KOPPEL_E_BUG, "record %s cannot be written as JSON",
                    batch->records[i].key);
            goto out;
        }
        records[i] = (struct store_record){.key = batch->records[i].key,
                                           .version = batch->records[i].version,
                                           .payload = text,
                                           .payload_bytes = bytes};
        if (!snapshot)
            continue;
        raw_digest(f, text, digests[i]);
        records[i].digest = digests[i];
        if (shown_add(&f->shown, batch->records[i].key) != 0) {
            err_set(err, KOPPEL_E_BUG, "out of memory");
            goto out;
        }
    }
    rc = f->store->ops->append(f->store, f->conf->name, records, batch->count,
                               snapshot ? NULL : batch->next_cursor, added, err);
out:
    for (int i = 0; records && i < batch->count; i++)
        free((char *)records[i].payload);
    free(records);
    free(digests);
    return rc;
}

/* ---- what is gone ---- */

struct gone {
    struct flow *flow;
    struct koppel_error *err;
    int count;
};

/* Pages shift while they are read, so a record may have slipped between two of them: where the
 * source can be asked for one key, it is asked before anything is called gone. */
static int really_gone(struct flow *f, const char *key, bool *gone, struct koppel_error *err)
{
    struct koppel_results results;
    bool by_key = false;
    *gone = true;
    for (int i = 0; i < f->source->find_count; i++)
        by_key = by_key || strcmp(f->source->find[i], f->source->key) == 0;
    if (!by_key)
        return 0;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(f->from, f->source->name, f->source->key, &key, NULL, 1, &results,
                             NULL, err);
    if (rc == 0 && results.entries[0].err.kind) {
        *err = results.entries[0].err;
        rc = -1;
    }
    *gone = rc == 0 && results.entries[0].hit_count == 0;
    results_done(&results);
    return rc;
}

/* Appends the record's last form once more, marked. */
static int append_gone(void *arg, const char *key, struct job_id id)
{
    struct gone *g = arg;
    struct flow *f = g->flow;
    struct store_job_row row = {0};
    char *payload = NULL;
    int found = 0, rc = -1;
    bool gone = true;
    if (shown_has(&f->shown, key_hash(key)))
        return 0;
    if (really_gone(f, key, &gone, g->err) != 0)
        return -1;
    if (!gone)
        return 0;
    if (f->store->ops->job(f->store, id, &row, &payload, &found, g->err) != 0)
        return -1;
    json_t *record = payload ? json_read_text(payload, NULL) : NULL;
    if (!record)
        record = json_object(); /* erased by retention: its key is all that is known */
    json_object_set_new(record, FLOW_GONE, json_true());
    char *text = json_text(record, false, NULL);
    if (text) {
        struct store_record last = {
            .key = key, .payload = text, .payload_bytes = strlen(text), .digest = ""};
        rc = f->store->ops->append(f->store, f->conf->name, &last, 1, NULL, NULL, g->err);
    } else {
        err_set(g->err, KOPPEL_E_BUG, "out of memory");
    }
    g->count++;
    free(text);
    json_decref(record);
    free(payload);
    if (found)
        store_job_row_done(&row);
    return rc;
}

static int end_snapshot(struct flow *f, struct koppel_error *err)
{
    struct gone g = {.flow = f, .err = err};
    if (f->store->ops->seen(f->store, f->conf->name, append_gone, &g, err) != 0)
        return -1;
    if (g.count > 0)
        log_info("flow=%s %d records are gone at %s", f->conf->name, g.count, f->conf->from->name);
    atomic_fetch_add(&f->read, g.count);
    return 0;
}

void flow_read_end(struct flow *f)
{
    pages_close(f->shown.pages);
    f->shown.pages = NULL;
}

/* Several pages are under way at a time. A page that failed is asked for again by the next call. */
static int read_numbered(struct flow *f, bool *more, struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    struct flow_shown *s = &f->shown;
    int added = 0;
    if (!s->pages)
        s->pages =
            pages_open(f->from, f->conf->from_entity, f->conf->options, s->page ? s->page : 1, err);
    if (!s->pages)
        return -1;
    s->page = pages_number(s->pages);
    int rc = pages_next(s->pages, &batch, err);
    if (rc == 0 && batch.count > 0)
        rc = append_page(f, &batch, &added, err);
    *more = batch.more;
    if (rc != 0 || !*more)
        flow_read_end(f);
    if (rc == 0) {
        s->page = *more ? s->page + 1 : 0;
        atomic_fetch_add(&f->read, added);
    }
    batch_done(&batch);
    return rc == 0 && !*more ? end_snapshot(f, err) : rc;
}

static int read_page(struct flow *f, bool *more, struct koppel_error *err)
{
    bool snapshot = f->source->snapshot;
    char *cursor = NULL;
    int added = 0;
    if (f->source->numbered)
        return read_numbered(f, more, err);
    if (snapshot)
        cursor = f->shown.cursor ? strdup(f->shown.cursor) : NULL;
    else if (f->store->ops->cursor_get(f->store, f->conf->name, &cursor, err) != 0)
        return -1;
    struct koppel_batch batch = {0};
    int limit = snapshot ? 0 : f->conf->batch; /* 0: as many as the entity gives */
    int rc = connection_read(f->from, f->conf->from_entity, cursor, limit, f->conf->options, &batch,
                             NULL, err);
    if (rc == 0 && !batch.next_cursor)
        rc = err_set(err, KOPPEL_E_BUG, "%s: a page of %s ended without a cursor",
                     f->conf->from->name, f->conf->from_entity);
    if (rc == 0) {
        bool moved = !cursor || strcmp(cursor, batch.next_cursor) != 0;
        if (batch.count > 0 || moved)
            rc = append_page(f, &batch, &added, err);
        /* A page that neither moves nor brings anything ends the reading, whatever it says. */
        *more = batch.more && moved;
    }
    if (rc == 0 && snapshot) {
        free(f->shown.cursor);
        f->shown.cursor = *more ? strdup(batch.next_cursor) : NULL;
        if (!*more)
            rc = end_snapshot(f, err);
    }
    if (rc == 0)
        atomic_fetch_add(&f->read, added);
    batch_done(&batch);
    free(cursor);
    return rc;
}

int flow_read_page(struct flow *f, bool *more, struct koppel_error *err)
{
    char lock[FLOW_SCOPE_BYTES];
    snprintf(lock, sizeof lock, "read %.200s", f->conf->name);
    keylock_take(lock); /* a stock flow reads its feeders too */
    int rc = read_page(f, more, err);
    keylock_give(lock);
    return rc;
}
