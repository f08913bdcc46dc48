/* SPDX-License-Identifier: MIT
 * Searching by words. A segment of the index is looked through as a whole, once nothing newer can
 * come from elsewhere: what is common in many segments costs only those that the page needs. */
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

#include "store/sql.h"
#include "store/sql_words.h"

#define DENSE 8 /* hits stand so close that walking past what is between costs less than asking */

struct seqs {
    int64_t *at;
    int count, room;
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

bool search_has(struct conn_rows *st, int column, const struct hashes *words)
{
    const unsigned char *hashes = conn_blob(st, column);
    size_t bytes = hashes ? conn_bytes(st, column) : 0;
    for (size_t i = 0; i < words->bytes; i += HASHES_BYTES) {
        size_t at = 0;
        while (at < bytes && memcmp(hashes + at, words->data + i, HASHES_BYTES) != 0)
            at += HASHES_BYTES;
        if (at >= bytes)
            return false;
    }
    return true;
}

/* ---- hits ---- */

static bool is_wanted(const struct search *q, struct tails_at at)
{
    return at.at >= q->from_ms && tails_compare(at, q->before) < 0;
}

static int add_hit(struct search *q, struct search_hits *l, struct tails_at at,
                   struct koppel_error *err)
{
    if (!is_wanted(q, at))
        return 0;
    if (l->count == l->room) {
        int room = l->room ? l->room * 2 : 64;
        struct tails_at *more = realloc(l->rows, (size_t)room * sizeof *more);
        if (!more)
            return no_memory(err);
        l->rows = more;
        l->room = room;
    }
    l->rows[l->count++] = at;
    return 0;
}

static int newest_first(const void *a, const void *b)
{
    return tails_compare(*(const struct tails_at *)b, *(const struct tails_at *)a);
}

static struct search_hits *new_list(struct search *q, struct koppel_error *err)
{
    struct search_hits *more = realloc(q->lists, ((size_t)q->list_count + 1) * sizeof *more);
    if (!more) {
        (void)no_memory(err);
        return NULL;
    }
    q->lists = more;
    q->lists[q->list_count] = (struct search_hits){0};
    return &q->lists[q->list_count++];
}

static void sort_hits(struct search_hits *l)
{
    if (l->count > 1)
        qsort(l->rows, (size_t)l->count, sizeof l->rows[0], newest_first);
}

/* ---- a segment ---- */

static int add_seq(struct seqs *s, int64_t seq, struct koppel_error *err)
{
    if (s->count == s->room) {
        int room = s->room ? s->room * 2 : 256;
        int64_t *more = realloc(s->at, (size_t)room * sizeof *more);
        if (!more)
            return no_memory(err);
        s->at = more;
        s->room = room;
    }
    s->at[s->count++] = seq;
    return 0;
}

static int load_word(struct search *q, int64_t segment, int64_t word, struct seqs *out,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(q->c, &st, SQL_WORD_SEQS, err, "ii", segment, word);
    out->count = 0;
    for (; row == 1; row = conn_step(q->c, st, err)) {
        int64_t seq = conn_int64(st, 0);
        const unsigned char *more = conn_blob(st, 1);
        int n = (int)conn_bytes(st, 1) / (int)sizeof(uint16_t);
        int rc = add_seq(out, seq, err);
        for (int i = 0; rc == 0 && i < n; i++) {
            uint16_t on;
            memcpy(&on, more + (size_t)i * sizeof on, sizeof on);
            rc = add_seq(out, seq + on, err);
        }
        if (rc != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

/* Leaves in a what is in b too; both rise. */
static void intersect(struct seqs *a, const struct seqs *b)
{
    int kept = 0;
    for (int i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->at[i] == b->at[k]) {
            a->at[kept++] = a->at[i++];
            k++;
        } else if (a->at[i] < b->at[k]) {
            i++;
        } else {
            k++;
        }
    }
    a->count = kept;
}

/* One by one, or all of the span that they stand in. */
static int load_jobs(struct search *q, int64_t segment, const struct seqs *seqs,
                     struct koppel_error *err)
{
    struct search_hits *l = new_list(q, err);
    int64_t base = segment << SQL_WORDS_SEQ_BITS;
    int64_t span = seqs->at[seqs->count - 1] - seqs->at[0] + 1;
    int step = span < (int64_t)seqs->count * DENSE ? seqs->count : 1;
    for (int i = 0, k = 0; l && i < seqs->count; i += step) {
        struct conn_rows *st;
        int row = conn_row(q->c, &st, SQL_WORD_JOBS, err, "ii", base | seqs->at[i],
                           base | seqs->at[i + step - 1]);
        for (; row == 1; row = conn_step(q->c, st, err)) {
            int64_t seq = conn_int64(st, 2) - base;
            struct tails_at at = {.job = conn_int64(st, 0),
                                  .at = conn_int64(st, 1)};
            while (k < seqs->count && seqs->at[k] < seq)
                k++;
            if (k < seqs->count && seqs->at[k] == seq && add_hit(q, l, at, err) != 0) {
                conn_reset(st);
                return -1;
            }
        }
        if (row < 0)
            return -1;
    }
    if (!l)
        return -1;
    sort_hits(l);
    return 0;
}

static int open_segment(struct search *q, int64_t segment, struct koppel_error *err)
{
    struct seqs all = {0}, one = {0};
    int rc = load_word(q, segment, hashes_at(q->words->data, 0), &all, err);
    for (size_t i = 1; rc == 0 && all.count > 0 && i < q->words->bytes / HASHES_BYTES; i++) {
        rc = load_word(q, segment, hashes_at(q->words->data, i), &one, err);
        if (rc == 0)
            intersect(&all, &one);
    }
    if (rc == 0 && all.count > 0)
        rc = load_jobs(q, segment, &all, err);
    free(all.at);
    free(one.at);
    return rc;
}

/* ---- what is not in the index ---- */

/* Rows of job, hashes and time. */
static int take_rows(struct search *q, struct search_hits *l, struct conn_rows *st, int row,
                     struct koppel_error *err)
{
    for (; row == 1; row = conn_step(q->c, st, err)) {
        struct tails_at at = {.job = conn_int64(st, 0),
                              .at = conn_int64(st, 2)};
        if (search_has(st, 1, q->words) && add_hit(q, l, at, err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

static int take_settled(struct search *q, struct search_hits *l, struct koppel_error *err)
{
    struct conn_rows *parts, *st;
    int row = conn_row(q->c, &parts, SQL_WORD_BEHIND, err, "");
    for (; row == 1; row = conn_step(q->c, parts, err)) {
        int64_t flow = conn_int64(parts, 0);
        int part = conn_int(parts, 1);
        int one = conn_row(q->c, &st, SQL_WORD_NEXT, err, "iii",
                           sql_job_number(flow, part, conn_int64(parts, 2)),
                           sql_job_number(flow, part, conn_int64(parts, 3)),
                           INT64_MAX);
        if (take_rows(q, l, st, one, err) != 0) {
            conn_reset(parts);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

static int take_key(struct search *q, struct search_hits *l, const char *key,
                    struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(q->c, &st, SQL_PAGE_KEY, err, "iit", q->before.at, q->before.job, key);
    for (; row == 1; row = conn_step(q->c, st, err)) {
        struct tails_at at = {.job = conn_int64(st, 0),
                              .at = conn_int64(st, 1)};
        if (add_hit(q, l, at, err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

static int take_rest(struct search *q, const char *key, struct koppel_error *err)
{
    struct conn_rows *st;
    struct search_hits *l = new_list(q, err);
    if (!l || take_settled(q, l, err) != 0)
        return -1;
    int row = conn_row(q->c, &st, SQL_WORD_AGAIN, err, "i", INT64_MAX);
    if (take_rows(q, l, st, row, err) != 0 || (key && take_key(q, l, key, err) != 0))
        return -1;
    sort_hits(l);
    return 0;
}

/* ---- all of it ---- */

static int load_segments(struct search *q, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(q->c, &st, SQL_WORD_SEGMENTS, err, "ii", q->before.at, q->from_ms);
    for (; row == 1; row = conn_step(q->c, st, err)) {
        struct search_segment *more =
            realloc(q->segments, ((size_t)q->segment_count + 1) * sizeof *more);
        if (!more) {
            conn_reset(st);
            return no_memory(err);
        }
        q->segments = more;
        q->segments[q->segment_count++] = (struct search_segment){
            .id = conn_int64(st, 0), .high = conn_int64(st, 1)};
    }
    return row < 0 ? -1 : 0;
}

int search_begin(struct search *q, struct conn *c, const struct hashes *words, const char *key,
                 struct tails_at before, int64_t from_ms, struct koppel_error *err)
{
    *q = (struct search){.c = c, .words = words, .before = before, .from_ms = from_ms};
    return load_segments(q, err) == 0 ? take_rest(q, key, err) : -1;
}

/* The list whose next one is the newest; NULL: nothing is left. */
static struct search_hits *newest_list(struct search *q)
{
    struct search_hits *best = NULL;
    for (int i = 0; i < q->list_count; i++) {
        struct search_hits *l = &q->lists[i];
        if (l->next < l->count &&
            (!best || tails_compare(l->rows[l->next], best->rows[best->next]) > 0))
            best = l;
    }
    return best;
}

int search_next(struct search *q, struct tails_at *out, struct koppel_error *err)
{
    for (;;) {
        struct search_hits *l = newest_list(q);
        while (q->opened < q->segment_count &&
               (!l || q->segments[q->opened].high >= l->rows[l->next].at)) {
            if (open_segment(q, q->segments[q->opened++].id, err) != 0)
                return -1;
            l = newest_list(q);
        }
        if (!l)
            return 0;
        *out = l->rows[l->next++];
        /* one that was settled anew stands in two segments */
        if (q->any && tails_compare(*out, q->last) == 0)
            continue;
        q->any = true;
        q->last = *out;
        return 1;
    }
}

void search_done(struct search *q)
{
    for (int i = 0; i < q->list_count; i++)
        free(q->lists[i].rows);
    free(q->lists);
    free(q->segments);
    *q = (struct search){0};
}
