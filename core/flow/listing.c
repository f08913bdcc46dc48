/* SPDX-License-Identifier: MIT
 * A list of one side, page by page. */
#include "flow/listing.h"

#include <stdlib.h>
#include <string.h>

#include "connection/connection_read.h"
#include "connection/pages.h"
#include "flow/backoff.h"

#define TRIES 4 /* of one page */

struct place {
    const struct listing *of;
    char *cursor;        /* owned; NULL: at the beginning */
    struct pages *ahead; /* where pages have numbers */
    uint32_t page;
};

static int next_numbered(struct place *l, struct koppel_batch *out, struct koppel_error *err)
{
    if (!l->ahead)
        l->ahead = pages_open(l->of->from, l->of->entity->name, l->of->options, l->page, err);
    if (!l->ahead)
        return -1;
    if (pages_next(l->ahead, out, err) == 0) {
        l->page++;
        return 0;
    }
    pages_close(l->ahead);
    l->ahead = NULL;
    return -1;
}

static int next_page(struct place *l, struct koppel_batch *out, struct koppel_error *err)
{
    struct koppel_read_request request = {
        .entity = l->of->entity->name, .cursor = l->cursor, .options = l->of->options};
    if (l->of->entity->numbered)
        return next_numbered(l, out, err);
    if (connection_read(l->of->from, &request, out, NULL, err) != 0)
        return -1;
    if (l->cursor && strcmp(l->cursor, out->next_cursor) == 0)
        out->more = false; /* a page that does not move ends the list */
    char *cursor = strdup(out->next_cursor);
    if (!cursor)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    free(l->cursor);
    l->cursor = cursor;
    return 0;
}

/* The next page, asked for again where the peer may give it then. */
static int some_page(struct place *l, struct koppel_batch *out, struct koppel_error *err)
{
    for (int tries = 1;; tries++) {
        *err = (struct koppel_error){0};
        *out = (struct koppel_batch){0};
        if (next_page(l, out, err) == 0)
            return 0;
        batch_done(out);
        if (err->kind != KOPPEL_E_RETRY || tries == TRIES || flow_stopping(l->of->flow))
            return -1;
        flow_sleep(l->of->flow, backoff_ms(tries, err->retry_after_ms));
    }
}

int listing_read(const struct listing *l, int64_t *read, struct koppel_error *err)
{
    struct place at = {.of = l, .page = 1};
    const char *side = connection_conf(l->from)->name;
    int64_t total = -1;
    bool more = true;
    int rc = 0;
    *read = 0;
    while (rc == 0 && more) {
        struct koppel_batch page;
        if (flow_stopping(l->flow)) {
            rc = err_set(err, KOPPEL_E_CANCELLED, "stopped");
            break;
        }
        rc = some_page(&at, &page, err);
        if (rc != 0)
            break;
        more = page.more;
        *read += page.count;
        total = page.total_told ? page.total : total;
        rc = l->take(l->arg, &page, err);
        batch_done(&page);
        if (rc == 0 && l->tell && l->tell(l->arg, side, *read, total) != 0)
            rc = err_set(err, KOPPEL_E_CANCELLED, "nobody waits any more");
    }
    pages_close(at.ahead);
    free(at.cursor);
    if (rc == 0 && total > *read)
        rc = err_set(err, KOPPEL_E_RETRY,
                     "%s tells of %lld %s and gave %lld, so nothing can be said", side,
                     (long long)total, l->entity->name, (long long)*read);
    return rc;
}
