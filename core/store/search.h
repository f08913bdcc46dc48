/* SPDX-License-Identifier: MIT
 * Jobs that are found by words, newest first: from the index, and from what it does not hold
 * yet. */
#ifndef KOPPEL_STORE_SEARCH_H
#define KOPPEL_STORE_SEARCH_H

#include "store/conn.h"
#include "store/tails.h"
#include "store/hashes.h"

/* Jobs in the order of time, the newest first. */
struct search_hits {
    struct tails_at *rows;
    int count, room, next;
};

struct search {
    struct conn *c;
    const struct hashes *words;
    struct tails_at before;
    int64_t from_ms;
    struct search_segment {
        int64_t id, high; /* high: when its newest was accepted */
    } *segments;          /* by high */
    int segment_count, opened; /* so many are looked through */
    struct search_hits *lists; /* of what is not in the index, and one of each that was opened */
    int list_count;
    struct tails_at last;
    bool any;
};

/* Jobs that have all of the words (borrowed; at least one), older than `before` and accepted at
 * from_ms or later. key (NULL: none): those of this key too. */
int search_begin(struct search *q, struct conn *c, const struct hashes *words, const char *key,
                 struct tails_at before, int64_t from_ms, struct koppel_error *err);
int search_next(struct search *q, struct tails_at *out, struct koppel_error *err);
void search_done(struct search *q); /* takes a zeroed one */

/* Does the row of a job with its hashes in a column have them all? */
bool search_has(struct conn_rows *st, int column, const struct hashes *words);

#endif
