/* SPDX-License-Identifier: MIT
 * Read: source -> journal. A page of raw records and the cursor that follows it are one
 * transaction; nothing is filtered or mapped here, so nothing can be lost between the two. */
#ifndef KOPPEL_FLOW_READ_H
#define KOPPEL_FLOW_READ_H

#include "connection/pages.h"
#include "flow/flow.h"
#include "flow/snapshot.h"

/* One reading of a source, from where the last one ended up to now. Of one thread. */
struct reading {
    struct flow *flow;
    struct store_reader reader;
    bool open;           /* the reader's lease is held */
    bool first;          /* the next page is the first of this reading */
    bool complete;       /* it came to its end */
    int64_t since_ms;    /* when it began, by the store's clock */
    struct snapshot shown; /* of a source that lists everything each time */
    char *cursor;        /* in such a list; NULL: at the beginning */
    struct pages *pages; /* where pages have numbers: those that are read ahead */
    uint32_t page;       /* the next one; 0: the first */
};

/* Takes the flow's reader. Another host, or another thread of this one, may be reading it: it is
 * waited for. KOPPEL_E_CANCELLED where the flow stops meanwhile. read_end in any case. */
int read_begin(struct reading *r, struct flow *f, struct koppel_error *err);
/* One page. *more: call again at once. */
int read_page(struct reading *r, bool *more, struct koppel_error *err);
#define READ_BUSY "source.read" /* somebody else reads it, and for long */

/* Appends records that were read again, each as the newest form of its key, whatever is known of
 * it; the flow's cursor stays. how: a mark of again.h that goes into them, NULL: none. */
int read_append_again(struct reading *r, const struct koppel_batch *batch, const char *how,
                      struct koppel_error *err);
/* Ends the requests that read ahead, and gives the reader back. */
void read_end(struct reading *r);
/* All of it: from read_begin to read_end, up to now. KOPPEL_E_RETRY where the source is to be given
 * back before that. */
int read_up(struct flow *f, struct koppel_error *err);
/* Appends records that the source sent by itself, once nobody reads; where somebody still does at
 * until_ms (clock_monotonic_ms), KOPPEL_E_RETRY READ_BUSY. The flow's cursor stays. What is
 * known of one is dropped, as in a reading. young (NULL: nobody wants it) is given each record with
 * its text before that, for the run that is to deliver it, and once more without where none
 * comes. */
int read_pushed(struct flow *f, const struct koppel_batch *batch, int64_t until_ms,
                void (*young)(void *arg, const struct store_record *text, json_t *record),
                void *arg, struct koppel_error *err);

#endif
