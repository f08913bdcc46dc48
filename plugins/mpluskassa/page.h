/* SPDX-License-Identifier: MIT
 * Pages of lists with sync markers: where they begin, and what follows them. */
#ifndef MPLUSKASSA_PAGE_H
#define MPLUSKASSA_PAGE_H

#include "call.h"

#define PAGE_LIMIT_MAX 1000 /* the service gives no more records than this in one answer */

/* A page of a list with sync markers. */
struct page {
    const char *cursor; /* as the request has it, or its marker part; NULL: the beginning */
    int64_t seen;       /* the marker in it; -1: none yet */
    int64_t asked;      /* where this page begins */
    int64_t limit;      /* records that it may hold */
    int64_t count;      /* records that came */
    int64_t highest;    /* the highest marker that came; -1: none */
};

/* Where a page begins: behind the cursor, or so many markers before that as the request wants to
 * have read once more. -1: the cursor is no number. */
int page_begin(struct mplus *m, const char *cursor, const struct koppel_read_request *request,
               struct page *page, struct koppel_error *err);
/* Notes the marker of a record that came. */
void page_saw(struct page *page, int64_t marker);
/* The request's members that ask for it: {syncMarker, syncMarkerLimit}; NULL: no memory. */
json_t *page_params(const struct page *page);
/* The marker that follows the page; *more: whether another page may follow. A page that only
 * repeats what was seen does not move. */
int64_t page_next(const struct page *page, bool *more);
/* Ends the batch with that marker as its cursor. */
int page_end(struct mplus *m, const struct page *page, struct koppel_batch *out,
             struct koppel_error *err);

#endif
