/* SPDX-License-Identifier: MIT
 * One page of a list. A row that is no JSON does not take the others with it. */
#ifndef ASPERION_PAGE_H
#define ASPERION_PAGE_H

#include "api.h"

/* A row of a page that is no JSON. */
struct page_bad {
    /* The row's place on the page, from 0. */
    size_t index;
    /* Its id, as far as that can be read; "": it cannot. */
    char id[API_ID_BYTES];
    char place[ANSWER_PLACE_BYTES];
};

/* One page of a list. */
struct page {
    /* An array; null stands where a row is no JSON. */
    json_t *rows;
    struct page_bad *bad;
    size_t bad_count;
    /* How many pages follow, 1 where only the next one is known. */
    int more;
    /* How many rows the list has in all, as the service tells; -1: it does not. */
    int64_t total;
    /* The answer as it came. */
    char *text;
    size_t text_bytes;
};

/* Asks for page `number`, from 1; freed with page_done(), also on failure. Fails where the answer
 * is not of the administration that is set, unless r->any_tenant. */
int page_get(struct asperion *a, struct api_request *r, int64_t number, struct page *page,
             struct koppel_error *err);
void page_done(struct page *page);
/* The list of rows as it came, for answer_next(); borrowed. */
struct answer_text page_list_text(const struct page *page);
/* One row as it came; index from 0. A walk over all before it. */
struct answer_text page_row_text(const struct page *page, size_t index);

#endif
