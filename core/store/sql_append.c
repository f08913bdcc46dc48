/* SPDX-License-Identifier: MIT
 * Move 1: records and the cursor behind them. */
#include "store/sql_append.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"
#include "store/sql_history.h"
#include "store/sql_publish.h"
#include "store/sql_source.h"
#include "store/twice.h"

/* How far the clock may be set back while the order of time is kept all the same. */
#define CLOCK_BACK_MS 3600000

struct append_record {
    int part;
    int old; /* it is what was last read of its key */
    struct seal text;
};

struct part_head {
    bool used;
    int64_t next, at;
};

struct append_arg {
    const char *flow;
    const struct store_reader *reader; /* NULL: what is pushed has none */
    int64_t run;
    const char *cursor;
    const struct store_record *records;
    struct append_record *own;
    bool *again; /* the key stands in this page before */
    int count, added;
    int64_t doubt;
    bool lost, repeated; /* of what is pushed, lost: somebody reads */
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Is it what was last read of this key? 1, 0, or -1 and err. */
static int seen_before(struct conn *c, int64_t flow, const struct store_record *r, bool asked,
                       struct koppel_error *err)
{
    struct conn_rows *st;
    int row = asked ? conn_answer(c, &st, SQL_SEEN_GET, err, "it", flow, r->key)
                    : conn_row(c, &st, SQL_SEEN_GET, err, "it", flow, r->key);
    if (row != 1)
        return row;
    bool known = strcmp(conn_peek(st, 0), r->digest) == 0;
    conn_reset(st);
    return known;
}

/* What is known of every key, as far as this page itself does not change it: a key that stands
 * twice is asked for again. */
static int look_at_seen(struct conn *c, const struct names_flow *f, struct append_arg *a,
                        struct koppel_error *err)
{
    for (int i = 0; i < a->count; i++) {
        if (a->records[i].digest && !a->again[i] &&
            conn_ask(c, SQL_SEEN_GET, err, "it", f->id, a->records[i].key) != 0)
            return -1;
    }
    for (int i = 0; i < a->count; i++) {
        if (!a->records[i].digest || a->again[i])
            continue;
        int old = seen_before(c, f->id, &a->records[i], true, err);
        if (old < 0)
            return -1;
        a->own[i].old = old;
    }
    return 0;
}

/* Where the partition's next job goes, and its time. */
static int take_head(struct conn *c, int64_t flow, int part, struct part_head *h,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    if (conn_answer(c, &st, SQL_HEAD_GET, err, "ii", flow, (int64_t)part) != 1)
        return -1;
    int64_t before = conn_int64(st, 1);
    *h = (struct part_head){.used = true, .next = conn_int64(st, 0), .at = conn_now_ms(c)};
    conn_reset(st);
    /* lists look for a time by halves */
    if (h->at < before && before - h->at < CLOCK_BACK_MS)
        h->at = before;
    return 0;
}

static int append_one(struct conn *c, const struct names_flow *f, struct append_arg *a, int i,
                      struct part_head *h, struct koppel_error *err)
{
    const struct store_record *r = &a->records[i];
    int old = r->digest && a->again[i] ? seen_before(c, f->id, r, false, err) : a->own[i].old;
    if (old != 0)
        return old < 0 ? -1 : 0;
    int64_t job = sql_job_number(f->id, a->own[i].part, h->next);
    if (conn_run(c, SQL_LOG_PUT, err, "iiiitib", job, h->at, r->version, a->run, r->key,
                 a->doubt, a->own[i].text.data, a->own[i].text.bytes) != 0 ||
        (r->digest && conn_run(c, SQL_SEEN_PUT, err, "ittii", f->id, r->key, r->digest, job,
                               (int64_t)r->listed) != 0))
        return -1;
    h->next++;
    a->added++;
    return 0;
}

static int append_all(struct conn *c, const struct names_flow *f, struct append_arg *a,
                      struct koppel_error *err)
{
    struct part_head heads[STORE_PARTS_MAX] = {{0}};
    if (look_at_seen(c, f, a, err) != 0)
        return -1;
    for (int i = 0; i < a->count; i++) {
        int part = a->own[i].part = store_partition(a->records[i].key, f->parts);
        if (!heads[part].used &&
            conn_ask(c, SQL_HEAD_GET, err, "ii", f->id, (int64_t)part) != 0)
            return -1;
        heads[part].used = true;
    }
    bool taken[STORE_PARTS_MAX] = {false};
    for (int i = 0; i < a->count; i++) {
        int part = a->own[i].part;
        if (!taken[part] && take_head(c, f->id, part, &heads[part], err) != 0)
            return -1;
        taken[part] = true;
    }
    for (int i = 0; i < a->count; i++) {
        if (append_one(c, f, a, i, &heads[a->own[i].part], err) != 0)
            return -1;
    }
    for (int part = 0; part < f->parts; part++) {
        if (heads[part].used && conn_run(c, SQL_HEAD_SET, err, "iiii", f->id, (int64_t)part,
                                         heads[part].next, heads[part].at) != 0)
            return -1;
    }
    return 0;
}

/* What is pushed goes in where nobody reads. A reader whose time is over may still hold a page that
 * is older: it holds the source no more. */
static int fence_push(struct sql_store *s, struct conn *c, int64_t flow, struct append_arg *a,
                      struct conn_rows *st, struct koppel_error *err)
{
    unsigned char owner[sizeof s->owner];
    const void *held = conn_blob(st, 1);
    int64_t epoch = conn_int64(st, 2);
    bool may;
    a->lost = sql_source_read(s, c, st);
    if (held)
        memcpy(owner, held, sizeof owner);
    conn_reset(st);
    if (sql_publish_may(s, c, &may, err) != 0)
        return -1;
    if (!may)
        return sql_publish_refuse(a->flow, err);
    if (a->lost || !held)
        return 0;
    return conn_run(c, SQL_SOURCE_FREE, err, "ibi", flow, owner, sizeof owner, epoch);
}

/* Does the reader still hold the source, and has this page been written before? */
static int fence(struct sql_store *s, struct conn *c, int64_t flow, struct append_arg *a,
                 struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_SOURCE_LOCK, err, "i", flow);
    if (row != 1)
        return row < 0 ? -1 : err_set(err, KOPPEL_E_BUG, "flow %s has no source", a->flow);
    a->doubt = conn_int64(st, 4);
    a->repeated = false;
    if (!a->reader)
        return fence_push(s, c, flow, a, st, err);
    const char *stands = conn_peek(st, 0);
    const void *owner = conn_blob(st, 1);
    a->lost = !owner || memcmp(owner, s->owner, sizeof s->owner) != 0 ||
              conn_int64(st, 2) != a->reader->epoch;
    bool expected = same(stands, a->reader->cursor);
    a->repeated = !expected && a->cursor && same(stands, a->cursor);
    conn_reset(st);
    if (!a->lost && !expected && !a->repeated)
        return err_set(err, KOPPEL_E_BUG, "flow %s: its source stands at another cursor",
                       a->flow);
    return 0;
}

static int append(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct append_arg *a = arg;
    const struct names_flow *f = names_flow_need(&s->names, c, a->flow, err);
    a->added = 0;
    if (!f || fence(s, c, f->id, a, err) != 0)
        return -1;
    if (a->lost || a->repeated)
        return 0;
    if (append_all(c, f, a, err) != 0)
        return -1;
    if (a->added > 0 &&
        (sql_history_add(c, f->id, &(struct store_bucket){.read = a->added}, err) != 0 ||
         conn_run(c, SQL_FLOW_CHANGED, err, "i", f->id) != 0))
        return -1;
    if (!a->cursor || same(a->cursor, a->reader->cursor))
        return 0;
    return conn_run(c, SQL_SOURCE_CURSOR, err, "it", f->id, a->cursor);
}

static int seal_all(struct sql_store *s, struct append_arg *a, struct koppel_error *err)
{
    for (int i = 0; i < a->count; i++) {
        const struct store_record *r = &a->records[i];
        size_t n = r->key ? strlen(r->key) : 0;
        if (n == 0 || n >= STORE_KEY_BYTES)
            return err_reason(err, KOPPEL_E_BUG, "store.key_length",
                              "flow %s: a record's key must have 1 to %d bytes", a->flow,
                              STORE_KEY_BYTES - 1);
        if (seal_text(s->key, r->payload, r->payload_bytes, &a->own[i].text, err) != 0)
            return -1;
    }
    return 0;
}

static const char *key_of(const void *records, int i)
{
    const char *key = ((const struct store_record *)records)[i].key;
    return key ? key : "";
}

static int write_all(struct sql_store *s, struct append_arg *a, struct koppel_error *err)
{
    a->own = calloc((size_t)a->count + 1, sizeof *a->own);
    a->again = calloc((size_t)a->count + 1, sizeof *a->again);
    int rc = a->own && a->again && twice_mark(a->records, a->count, key_of, a->again) == 0
                 ? 0
                 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0)
        rc = seal_all(s, a, err);
    if (rc == 0)
        rc = sql_change(s, SQL_HARD, append, a, err);
    for (int i = 0; a->own && i < a->count; i++)
        free(a->own[i].text.data);
    free(a->own);
    free(a->again);
    return rc;
}

int sql_append(struct store *base, struct store_reader *reader,
                  const struct store_record *records, int count, const char *cursor, int *added,
                  int *lost, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct append_arg a = {.flow = reader->flow, .reader = reader, .run = reader->run,
                           .cursor = cursor, .records = records, .count = count};
    char *next = cursor ? strdup(cursor) : NULL;
    int rc = next || !cursor ? write_all(s, &a, err)
                             : err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0) {
        *lost = a.lost;
        if (added)
            *added = a.added;
        if (a.lost && reader->hold)
            held_until(&s->holds, reader->epoch, 0);
        if (!a.lost && next) {
            free(reader->cursor);
            reader->cursor = next;
            next = NULL;
        }
    }
    free(next);
    return rc;
}

int sql_append_pushed(struct store *base, const char *flow, const struct store_record *records,
                      int count, int *added, int *none, struct koppel_error *err)
{
    struct append_arg a = {.flow = flow, .records = records, .count = count};
    if (write_all(sql_of(base), &a, err) != 0)
        return -1;
    *none = a.lost;
    *added = a.added;
    return 0;
}
