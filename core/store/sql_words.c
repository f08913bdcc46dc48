/* SPDX-License-Identifier: MIT
 * The index of words. Settling keeps the hashes of a job with it and does no more; this goes
 * behind, partition by partition up to its cursor, and takes along what was settled anew. A slice
 * and the mark behind it are one transaction, so that a crash makes it be done again, not twice.
 *
 * Jobs are indexed as they come, by segments: an insert stays in a tree that fits the cache however
 * many jobs there are. */
#include "store/sql_words.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENT_JOBS 100000
#define SLICE_JOBS 2000

/* What one slice puts into the index. */
struct slice {
    int pair_count, jobs;
    int64_t segment, seq, low, high; /* of the segment at hand; seq: its next place */
    bool changed;
    struct pair {
        int64_t word, seq;
    } pairs[]; /* room for SLICE_JOBS * STORE_WORDS */
};

static int by_word(const void *a, const void *b)
{
    const struct pair *one = a, *other = b;
    if (one->word != other->word)
        return one->word < other->word ? -1 : 1;
    return (one->seq > other->seq) - (one->seq < other->seq);
}

static int begin(struct conn *c, struct slice *x, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_WORD_SEGMENT, err, "");
    if (row < 0)
        return -1;
    *x = (struct slice){.low = INT64_MAX, .segment = 1}; /* its pairs stay as they are */
    if (row == 0)
        return 0;
    x->segment = conn_int64(st, 0);
    x->seq = conn_int64(st, 1);
    x->low = conn_int64(st, 2);
    x->high = conn_int64(st, 3);
    conn_reset(st);
    if (x->seq >= SEGMENT_JOBS)
        *x = (struct slice){.low = INT64_MAX, .segment = x->segment + 1};
    return 0;
}

static bool is_full(const struct slice *x)
{
    return x->jobs == SLICE_JOBS || x->seq >= SEGMENT_JOBS;
}

/* The row of a job with its hashes (column 1) and when it was accepted (2). */
static int take_job(struct conn *c, struct slice *x, struct conn_rows *st, struct koppel_error *err)
{
    const unsigned char *hashes = conn_blob(st, 1);
    size_t n = conn_bytes(st, 1) / HASHES_BYTES;
    int64_t at = conn_int64(st, 2);
    x->jobs++;
    if (!hashes || n == 0)
        return 0;
    if (n > STORE_WORDS)
        n = STORE_WORDS;
    for (size_t i = 0; i < n; i++)
        x->pairs[x->pair_count++] = (struct pair){hashes_at(hashes, i), x->seq};
    if (conn_run(c, SQL_WORD_JOB_PUT, err, "iii", x->segment << SQL_WORDS_SEQ_BITS | x->seq,
                 conn_int64(st, 0), at) != 0)
        return -1;
    x->seq++;
    x->low = at < x->low ? at : x->low;
    x->high = at > x->high ? at : x->high;
    x->changed = true;
    return 0;
}

/* The pairs of one word, as one row. */
static int put_word(struct conn *c, const struct slice *x, const struct pair *first, int count,
                    struct koppel_error *err)
{
    uint16_t more[SLICE_JOBS];
    for (int i = 1; i < count; i++)
        more[i - 1] = (uint16_t)(first[i].seq - first->seq);
    return conn_run(c, SQL_WORD_PUT, err, "iiib", x->segment, first->word, first->seq,
                    count > 1 ? more : NULL, (size_t)(count - 1) * sizeof more[0]);
}

/* Sorted, as neighbours share their pages. */
static int end(struct conn *c, struct slice *x, struct koppel_error *err)
{
    if (!x->changed)
        return 0;
    qsort(x->pairs, (size_t)x->pair_count, sizeof x->pairs[0], by_word);
    for (int i = 0, n; i < x->pair_count; i += n) {
        for (n = 1; i + n < x->pair_count && x->pairs[i + n].word == x->pairs[i].word; n++)
            ;
        if (put_word(c, x, &x->pairs[i], n, err) != 0)
            return -1;
    }
    return conn_run(c, SQL_WORD_SEGMENT_PUT, err, "iiii", x->segment, x->seq, x->low, x->high);
}

/* What was settled of a partition since. *mark: up to where it is done. */
static int take_part(struct conn *c, struct slice *x, int64_t from, int64_t to, int64_t *mark,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_WORD_NEXT, err, "iii", from, to, (int64_t)SLICE_JOBS);
    *mark = from;
    for (; row == 1 && !is_full(x); row = conn_step(c, st, err)) {
        *mark = conn_int64(st, 0) + 1;
        if (take_job(c, x, st, err) != 0) {
            row = -1;
            break;
        }
    }
    if (row == 0 && !is_full(x))
        *mark = to;
    if (st)
        conn_reset(st);
    return row < 0 ? -1 : 0;
}

static int take_settled(struct conn *c, struct slice *x, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = 1;
    while (row == 1 && !is_full(x)) {
        row = conn_row(c, &st, SQL_WORD_BEHIND, err, "");
        if (row != 1)
            break;
        int64_t flow = conn_int64(st, 0), mark;
        int part = conn_int(st, 1);
        int64_t from = conn_int64(st, 2), to = conn_int64(st, 3);
        conn_reset(st);
        if (take_part(c, x, sql_job_number(flow, part, from), sql_job_number(flow, part, to),
                      &mark, err) != 0 ||
            conn_run(c, SQL_WORD_INDEXED, err, "iii", flow, (int64_t)part,
                     sql_job_off(mark)) != 0)
            return -1;
    }
    return row < 0 ? -1 : 0;
}

static int take_again(struct conn *c, struct slice *x, struct koppel_error *err)
{
    struct conn_rows *st;
    int64_t last = INT64_MAX; /* none is left: rows of jobs that are gone go too */
    int row = conn_row(c, &st, SQL_WORD_AGAIN, err, "i", (int64_t)SLICE_JOBS);
    for (; row == 1; row = conn_step(c, st, err)) {
        if (is_full(x)) {
            conn_reset(st);
            break;
        }
        last = conn_int64(st, 0);
        if (take_job(c, x, st, err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    if (row < 0)
        return -1;
    if (row == 0)
        last = INT64_MAX;
    else if (last == INT64_MAX)
        return 0; /* the slice was full before */
    return conn_run(c, SQL_WORD_AGAIN_DONE, err, "i", last);
}

int sql_words_index(struct sql_store *s, struct conn *c, int64_t *again_ms,
                       struct koppel_error *err)
{
    struct slice *x = malloc(sizeof *x + SLICE_JOBS * STORE_WORDS * sizeof x->pairs[0]);
    (void)s;
    if (!x)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = conn_run(c, SQL_GUARD, err, "") != 0 || begin(c, x, err) != 0 ||
                     take_settled(c, x, err) != 0 || take_again(c, x, err) != 0 ||
                     end(c, x, err) != 0
                 ? -1
                 : 0;
    *again_ms = is_full(x) ? 0 : -1;
    free(x);
    return rc;
}

/* ---- forgetting ---- */

/* Rewrites a row without one of its jobs. */
static int drop_from_row(struct conn *c, int64_t segment, int64_t word, int64_t first,
                         const uint16_t *more, int count, int64_t seq, struct koppel_error *err)
{
    uint16_t left[SLICE_JOBS];
    int n = 0;
    int64_t head = first;
    if (seq == first && count > 0)
        head = first + more[0];
    for (int i = seq == first ? 1 : 0; i < count; i++) {
        if (first + more[i] != seq)
            left[n++] = (uint16_t)(first + more[i] - head);
    }
    if (conn_run(c, SQL_WORD_DROP, err, "iii", segment, word, first) != 0)
        return -1;
    if (seq == first && count == 0)
        return 0;
    return conn_run(c, SQL_WORD_PUT, err, "iiib", segment, word, head, n > 0 ? left : NULL,
                    (size_t)n * sizeof left[0]);
}

static int forget_word(struct conn *c, int64_t segment, int64_t word, int64_t seq,
                       struct koppel_error *err)
{
    struct conn_rows *st;
    uint16_t more[SLICE_JOBS];
    int row = conn_row(c, &st, SQL_WORD_ROW, err, "iii", segment, word, seq);
    if (row != 1)
        return row;
    int64_t first = conn_int64(st, 0);
    size_t bytes = conn_bytes(st, 1);
    if (bytes > sizeof more)
        bytes = sizeof more;
    if (bytes > 0)
        memcpy(more, conn_blob(st, 1), bytes);
    conn_reset(st);
    int count = (int)(bytes / sizeof more[0]);
    bool there = seq == first;
    for (int i = 0; i < count && !there; i++)
        there = first + more[i] == seq;
    return there ? drop_from_row(c, segment, word, first, more, count, seq, err) : 0;
}

/* Is this the place of the job? 1, 0, or -1 and err. */
static int is_place(struct conn *c, int64_t segment, int64_t seq, int64_t job,
                    struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_WORD_JOB, err, "i", segment << SQL_WORDS_SEQ_BITS | seq);
    if (row != 1)
        return row;
    bool is = conn_int64(st, 0) == job;
    conn_reset(st);
    return is;
}

/* Where the job stands in a segment, by one of its words: 1, 0, or -1 and err. */
static int find_place(struct conn *c, int64_t segment, int64_t word, int64_t job, int64_t *seq,
                      struct koppel_error *err)
{
    struct conn_rows *st;
    int is = 0;
    int row = conn_row(c, &st, SQL_WORD_SEQS, err, "ii", segment, word);
    for (; row == 1 && is == 0; row = is ? row : conn_step(c, st, err)) {
        int64_t first = conn_int64(st, 0);
        int count = (int)conn_bytes(st, 1) / (int)sizeof(uint16_t);
        is = is_place(c, segment, *seq = first, job, err);
        for (int i = 0; i < count && is == 0; i++) {
            uint16_t on;
            memcpy(&on, (const char *)conn_blob(st, 1) + (size_t)i * sizeof on,
                   sizeof on);
            is = is_place(c, segment, *seq = first + on, job, err);
        }
    }
    if (is != 0)
        conn_reset(st);
    return row < 0 ? -1 : is;
}

static int forget_in(struct conn *c, int64_t segment, const unsigned char *hashes, size_t n,
                     int64_t job, struct koppel_error *err)
{
    int64_t seq = 0;
    int found = find_place(c, segment, hashes_at(hashes, 0), job, &seq, err);
    if (found != 1)
        return found;
    for (size_t i = 0; i < n; i++) {
        if (forget_word(c, segment, hashes_at(hashes, i), seq, err) != 0)
            return -1;
    }
    return conn_run(c, SQL_WORD_JOB_DROP, err, "i", segment << SQL_WORDS_SEQ_BITS | seq) != 0
               ? -1
               : conn_run(c, SQL_WORD_SEGMENT_DROP, err, "i", segment);
}

int sql_words_forget(struct conn *c, int64_t job, struct koppel_error *err)
{
    struct conn_rows *st, *segments;
    unsigned char hashes[STORE_WORDS * HASHES_BYTES];
    int row = conn_row(c, &st, SQL_WORD_OF, err, "i", job);
    if (row != 1)
        return row;
    size_t bytes = conn_bytes(st, 0);
    if (bytes > sizeof hashes)
        bytes = sizeof hashes;
    if (bytes > 0)
        memcpy(hashes, conn_blob(st, 0), bytes);
    int64_t at = conn_int64(st, 1);
    conn_reset(st);
    if (bytes == 0)
        return 0;
    row = conn_row(c, &segments, SQL_WORD_SEGMENTS, err, "ii", at, at);
    for (; row == 1; row = conn_step(c, segments, err)) {
        if (forget_in(c, conn_int64(segments, 0), hashes, bytes / HASHES_BYTES, job,
                      err) < 0) {
            conn_reset(segments);
            return -1;
        }
    }
    return row < 0 ? -1 : conn_run(c, SQL_WORD_AGAIN_DROP, err, "i", job);
}
