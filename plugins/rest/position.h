/* SPDX-License-Identifier: MIT
 * Where a reading stands: what a cursor holds. */
#ifndef PLUGINS_REST_POSITION_H
#define PLUGINS_REST_POSITION_H

#include "since.h"

struct position {
    bool walking;           /* a list is read that was begun before */
    char since[SINCE_BYTES]; /* what the list is asked for; "": from the beginning */
    char max[SINCE_BYTES];  /* the latest change that was seen in it */
    int64_t page, offset;   /* from 0 */
    char *next;             /* the system's own cursor, or the address of the next page; NULL */
    /* Of the keys that were seen with one and the same time, and of the walk before through them:
     * until both are the same, none may have slipped to another page meanwhile. */
    uint64_t sum, before;
};

/* Reads a cursor; one that is none of these begins anew. -1: no memory. */
int position_read(struct rest *r, const char *cursor, struct position *out);
/* The cursor's text, new; NULL: no memory. */
char *position_text(const struct position *p);
void position_done(struct position *p);

#endif
