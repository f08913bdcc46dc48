/* SPDX-License-Identifier: MIT
 * Pages of lists with sync markers: see page.h. */
#include "page.h"

#include <inttypes.h>
#include <stdio.h>

#include "soap_value.h"

int page_begin(struct mplus *m, const char *cursor, const struct koppel_read_request *request,
               struct page *page, struct koppel_error *err)
{
    *page = (struct page){.cursor = cursor, .seen = -1, .highest = -1};
    if (cursor && (!call_is_number(cursor) || !soap_value_parse_integer(cursor, &page->seen) ||
                   page->seen == INT64_MAX))
        return m->host->fail(err, KOPPEL_E_CONFIG,
                             "the cursor \"%s\" is no sync marker; set it to a number, 0 for all",
                             cursor);
    page->asked = page->seen + 1 - (cursor ? request->overlap : 0);
    if (page->asked < 0)
        page->asked = 0;
    page->limit = (int64_t)request->limit + (cursor ? request->overlap : 0);
    if (page->limit > PAGE_LIMIT_MAX)
        page->limit = PAGE_LIMIT_MAX;
    return 0;
}

void page_saw(struct page *page, int64_t marker)
{
    page->count++;
    if (marker > page->highest)
        page->highest = marker;
}

json_t *page_params(const struct page *page)
{
    char marker[24];
    snprintf(marker, sizeof marker, "%" PRId64, page->asked);
    return json_pack("{s:s, s:I}", "syncMarker", marker, "syncMarkerLimit",
                     (json_int_t)page->limit);
}

int64_t page_next(const struct page *page, bool *more)
{
    /* what was seen may fill a page by itself: then the next one begins behind it */
    *more = page->highest > page->seen || (page->highest >= 0 && page->count >= page->limit);
    return *more ? page->highest : page->seen;
}

int page_end(struct mplus *m, const struct page *page, struct koppel_batch *out,
             struct koppel_error *err)
{
    bool more;
    char next[24];
    int64_t marker = page_next(page, &more);
    snprintf(next, sizeof next, "%" PRId64, marker < 0 ? 0 : marker);
    return m->host->batch_end(out, next, more, err);
}
