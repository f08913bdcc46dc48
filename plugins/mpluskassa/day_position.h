/* SPDX-License-Identifier: MIT
 * How far the reading of day totals is: the cursor "MARKER|TODO|OPEN|SEEN".
 *
 * MARKER is the highest sync marker of a receipt that was seen. TODO and OPEN are lists of days, in
 * order; "2026-11-12/1" beside a day wants a record of branch 1 even where nothing is left of it.
 * SEEN holds the markers of the last receipts as distances from MARKER, so that one which becomes
 * visible behind it is told from those that are read once more. */
#ifndef MPLUSKASSA_DAY_POSITION_H
#define MPLUSKASSA_DAY_POSITION_H

#include "call.h"

#define DAY_POSITION_SEEN 128 /* markers that are remembered; more than a run reads again */

struct day_position {
    int64_t marker;                  /* -1: none */
    json_t *todo, *open;             /* arrays of texts, owned */
    int64_t seen[DAY_POSITION_SEEN]; /* the newest receipts, the newest first */
    int seen_count;
};

/* -1: the cursor is none. Free with day_position_done(), also then. */
int day_position_read(struct mplus *m, const char *cursor, struct day_position *p,
                      struct koppel_error *err);
void day_position_done(struct day_position *p);
/* Ends the batch there. */
int day_position_end(struct mplus *m, const struct day_position *p, bool more,
                     struct koppel_batch *out, struct koppel_error *err);

/* Adds a day, or day and branch, to a list in its place. */
void day_position_add(json_t *days, const char *day);
/* A receipt with that marker came: whether it is news. Moves the marker on. before: the marker when
 * its page was asked for, as the receipts of a page come in no order. */
bool day_position_see(struct day_position *p, int64_t before, int64_t marker);

#endif
