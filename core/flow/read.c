/* SPDX-License-Identifier: MIT
 * Reading. A source that tells what changed is read on from its cursor, and from a few markers
 * before it, as a record may have become visible behind it; what is known of that is dropped
 * without a job.
 *
 * A source that lists everything each time (a snapshot) has no cursor that outlives the reading. Of
 * what it shows only records that differ from the last one of their key enter the journal, and
 * after a complete reading the keys that it no longer shows enter it once more, marked as gone. */
#include "flow/read.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "base/log.h"
#include "connection/batch.h"
#include "connection/connection_read.h"
#include "flow/again.h"
#include "flow/digest.h"
#include "flow/hold.h"

#define READER_WAIT_MS 50 /* between questions whether another reading is over; doubled up to */
#define READER_WAIT_MAX_MS 1000

/* ---- a page ---- */

/* What a record looks like. Of a list also the configuration's version: it is read as a whole, and
 * what is read after a change of the mapping is looked at again. */
static void raw_digest(const struct flow *f, const char *text, size_t bytes, char out[DIGEST_BYTES])
{
    unsigned char hash[16];
    crypto_generichash_state state;
    const char *version = f->source->snapshot && f->conf->version ? f->conf->version : "";
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)version, strlen(version));
    crypto_generichash_update(&state, (const unsigned char *)text, bytes);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, DIGEST_BYTES, hash, sizeof hash);
}

struct page {
    struct store_record *records;
    char (*digests)[DIGEST_BYTES];
    int count;
};

static void page_done(struct page *p)
{
    for (int i = 0; p->records && i < p->count; i++)
        free((char *)p->records[i].payload);
    free(p->records);
    free(p->digests);
}

/* A record that the source says is gone has no form any more. */
static char *text_of(const struct batch_record *record, const char *how, size_t *bytes)
{
    if (record->kind != BATCH_GONE) {
        if (how && json_object_set_new(record->record, AGAIN_MARK, json_string(how)) != 0)
            return NULL;
        return json_text(record->record, false, bytes);
    }
    char *text = strdup("{\"" FLOW_GONE "\":true}");
    *bytes = text ? strlen(text) : 0;
    return text;
}

/* What tells that nothing is new: a document's version; of what is no document also what it looks
 * like, as it may show what others are called by now. NULL: nothing tells. */
static const char *known_by(const struct reading *r, const struct batch_record *record,
                            const char *text, size_t bytes, char out[DIGEST_BYTES])
{
    const struct flow *f = r->flow;
    if (!f->source->snapshot &&
        (f->conf->overlap == 0 || record->version == 0 || record->kind == BATCH_GONE))
        return NULL;
    if (!f->source->snapshot && f->behaviour->document)
        snprintf(out, DIGEST_BYTES, "%d.%lld", (int)record->kind, (long long)record->version);
    else
        raw_digest(f, text, bytes, out);
    return out;
}

static int page_fill(struct page *p, struct reading *r, const struct koppel_batch *batch,
                     struct koppel_error *err)
{
    p->records = calloc((size_t)batch->count + 1, sizeof *p->records);
    p->digests = calloc((size_t)batch->count + 1, sizeof *p->digests);
    if (!p->records || !p->digests)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < batch->count; i++) {
        const struct batch_record *record = &batch->records[i];
        size_t bytes = 0;
        char *text = text_of(record, NULL, &bytes);
        if (!text)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        p->records[p->count++] = (struct store_record){
            .key = record->key,
            .version = record->version,
            .payload = text,
            .payload_bytes = bytes,
            .digest = known_by(r, record, text, bytes, p->digests[i]),
            .listed = r->flow->source->snapshot};
        r->shown.unnamed = r->shown.unnamed || (record->kind == BATCH_UNREADABLE_RECORD &&
                                                strncmp(record->key, "hash:", 5) == 0);
        if (r->flow->source->snapshot && snapshot_add(&r->shown, record->key) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return 0;
}

static void keep_young(struct flow *f, const struct page *p, const struct koppel_batch *batch)
{
    for (int i = 0; i < p->count; i++) {
        const struct store_record *r = &p->records[i];
        if (batch->records[i].record)
            young_keep(&f->young, r->key, r->payload, r->payload_bytes, batch->records[i].record);
    }
}

static void drop_young(struct flow *f, const struct page *p)
{
    for (int i = 0; i < p->count; i++)
        json_decref(young_take(&f->young, p->records[i].key, NULL, 0));
}

static int lost_reader(const struct reading *r, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "flow %s is read by another host now", r->flow->conf->name);
}

static int append(struct reading *r, const struct koppel_batch *batch, const char *cursor,
                  struct koppel_error *err)
{
    struct flow *f = r->flow;
    struct page page = {0};
    int added = 0, lost = 0;
    int rc = page_fill(&page, r, batch, err);
    if (rc == 0) {
        /* before the append: once that is done they may be delivered */
        keep_young(f, &page, batch);
        rc = f->store->ops->append(f->store, &r->reader, page.records, page.count, cursor, &added,
                                   &lost, err);
        if (rc != 0 || lost || added < page.count) /* of what was known, nobody comes for it */
            drop_young(f, &page);
    }
    page_done(&page);
    if (rc == 0 && lost)
        return lost_reader(r, err);
    if (rc == 0) {
        r->shown.records += batch->count;
        if (batch->total_told)
            r->shown.total = batch->total;
        atomic_fetch_add(&f->read, added);
        if (added > 0)
            flow_signal(f);
    }
    return rc;
}

int read_append_again(struct reading *r, const struct koppel_batch *batch, const char *how,
                      struct koppel_error *err)
{
    struct flow *f = r->flow;
    struct page page = {.records = calloc((size_t)batch->count + 1, sizeof *page.records)};
    int added = 0, lost = 0, rc = page.records ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; rc == 0 && i < batch->count; i++) {
        const struct batch_record *record = &batch->records[i];
        size_t bytes = 0;
        char *text = text_of(record, how, &bytes);
        if (!text)
            rc = err_set(err, KOPPEL_E_BUG, "out of memory");
        else
            page.records[page.count++] = (struct store_record){.key = record->key,
                                                               .version = record->version,
                                                               .payload = text,
                                                               .payload_bytes = bytes};
    }
    if (rc == 0)
        rc = f->store->ops->append(f->store, &r->reader, page.records, page.count, NULL, &added,
                                   &lost, err);
    page_done(&page);
    if (rc == 0 && lost)
        return lost_reader(r, err);
    if (rc == 0) {
        atomic_fetch_add(&f->read, added);
        flow_signal(f);
    }
    return rc;
}

static int end_list(struct reading *r, struct koppel_error *err)
{
    int gone = 0, lost = 0;
    if (snapshot_end(r->flow, &r->shown, &r->reader, &gone, &lost, err) != 0)
        return -1;
    if (lost)
        return lost_reader(r, err);
    atomic_fetch_add(&r->flow->read, gone);
    hold_read(r->flow);
    return 0;
}

/* Several pages are under way at a time. A page that failed is asked for again by the next call. */
static int read_numbered(struct reading *r, bool *more, struct koppel_error *err)
{
    struct koppel_batch batch = {0};
    struct flow *f = r->flow;
    if (!r->pages)
        r->pages = pages_open(f->from, f->conf->from_entity, f->conf->options,
                              r->page ? r->page : 1, err);
    if (!r->pages)
        return -1;
    r->page = pages_number(r->pages);
    int rc = pages_next(r->pages, &batch, err);
    if (rc == 0)
        rc = append(r, &batch, NULL, err);
    *more = rc == 0 && batch.more;
    if (!*more) {
        pages_close(r->pages);
        r->pages = NULL;
    }
    if (rc == 0)
        r->page = *more ? r->page + 1 : 0;
    batch_done(&batch);
    return rc == 0 && !*more ? end_list(r, err) : rc;
}

static int read_on(struct reading *r, bool *more, struct koppel_error *err)
{
    struct flow *f = r->flow;
    bool snapshot = f->source->snapshot;
    const char *cursor = snapshot ? r->cursor : r->reader.cursor;
    struct koppel_batch batch = {0};
    struct koppel_read_request request = {
        .entity = f->conf->from_entity,
        .cursor = cursor,
        .limit = snapshot ? 0 : (uint32_t)f->conf->batch, /* 0: as many as the entity gives */
        .overlap = r->first && cursor && !snapshot ? (uint32_t)f->conf->overlap : 0,
        .options = f->conf->options,
    };
    int rc = connection_read(f->from, &request, &batch, NULL, err);
    if (rc == 0) {
        bool moved = !cursor || strcmp(cursor, batch.next_cursor) != 0;
        bool ends = !batch.more || !moved; /* a page that does not move ends the reading */
        char *next = snapshot && !ends ? strdup(batch.next_cursor) : NULL;
        if (batch.count > 0 || moved)
            rc = append(r, &batch, snapshot ? NULL : batch.next_cursor, err);
        if (rc == 0 && snapshot && !ends && !next)
            rc = err_set(err, KOPPEL_E_BUG, "out of memory");
        if (rc == 0 && snapshot) {
            free(r->cursor);
            r->cursor = next;
            next = NULL;
        }
        free(next);
        *more = rc == 0 && !ends;
        if (rc == 0 && snapshot && ends)
            rc = end_list(r, err);
    }
    batch_done(&batch);
    return rc;
}

/* ---- a reading ---- */

/* Waits, each time longer, for who reads it now. */
static int await_reader(struct flow *f, int64_t *wait, struct koppel_error *err)
{
    flow_sleep(f, *wait);
    if (flow_stopping(f))
        return err_set(err, KOPPEL_E_CANCELLED, "stopped");
    *wait = *wait * 2 > READER_WAIT_MAX_MS ? READER_WAIT_MAX_MS : *wait * 2;
    return 0;
}

int read_begin(struct reading *r, struct flow *f, struct koppel_error *err)
{
    int64_t wait = READER_WAIT_MS;
    *r = (struct reading){.flow = f, .first = true, .shown = {.total = -1}};
    for (;;) {
        int none = 0;
        if (f->store->ops->read_begin(f->store, f->conf->name, &r->reader, &none, err) != 0)
            return -1;
        if (!none)
            break;
        if (await_reader(f, &wait, err) != 0)
            return -1;
    }
    r->open = true;
    r->reader.run = f->run;
    r->since_ms = f->store->ops->now_ms(f->store);
    hold_reading(f, r->since_ms);
    return 0;
}

int read_page(struct reading *r, bool *more, struct koppel_error *err)
{
    *more = false;
    int rc = r->flow->source->numbered ? read_numbered(r, more, err) : read_on(r, more, err);
    if (!atomic_exchange(&r->flow->looked, true))
        flow_signal(r->flow);
    if (rc == 0) {
        r->first = false;
        r->complete = !*more;
    }
    return rc;
}

void read_end(struct reading *r)
{
    pages_close(r->pages);
    r->pages = NULL;
    if (r->open)
        r->flow->store->ops->read_end(r->flow->store, &r->reader, r->complete);
    r->open = false;
    snapshot_done(&r->shown);
    free(r->cursor);
    r->cursor = NULL;
}

int read_up(struct flow *f, struct koppel_error *err)
{
    struct reading r;
    bool more = true;
    int rc = read_begin(&r, f, err);
    while (rc == 0 && more && !flow_stopping(f)) {
        rc = f->room ? f->room(f->room_arg, err) : 0;
        if (rc == 0)
            rc = read_page(&r, &more, err);
        /* what is not read to its end may not pass for it */
        if (rc == 0 && more && store_wanted(r.reader.hold))
            rc = err_set(err, KOPPEL_E_RETRY, "its source is given back before it was read up, as "
                         "another configuration is published");
    }
    read_end(&r);
    return rc;
}

/* ---- what is pushed ---- */

static int push(struct flow *f, const struct page *p, int64_t until_ms, int *added,
                struct koppel_error *err)
{
    int64_t wait = READER_WAIT_MS;
    for (;;) {
        int none = 0;
        if (f->store->ops->push(f->store, f->conf->name, p->records, p->count, added, &none,
                                err) != 0)
            return -1;
        if (!none)
            return 0;
        if (clock_monotonic_ms() >= until_ms)
            return err_reason(err, KOPPEL_E_RETRY, READ_BUSY,
                              "flow %s: its source is being read for long", f->conf->name);
        if (await_reader(f, &wait, err) != 0)
            return -1;
    }
}

int read_pushed(struct flow *f, const struct koppel_batch *batch, int64_t until_ms,
                void (*young)(void *arg, const struct store_record *text, json_t *record),
                void *arg, struct koppel_error *err)
{
    struct reading r = {.flow = f};
    struct page page = {0};
    int added = 0;
    int rc = page_fill(&page, &r, batch, err);
    for (int i = 0; rc == 0 && young && i < page.count; i++) {
        if (batch->records[i].record)
            young(arg, &page.records[i], batch->records[i].record);
    }
    bool filled = rc == 0;
    if (rc == 0)
        rc = push(f, &page, until_ms, &added, err);
    for (int i = 0; filled && young && (rc != 0 || added < page.count) && i < page.count; i++)
        young(arg, &page.records[i], NULL);
    page_done(&page);
    snapshot_done(&r.shown);
    return rc;
}
