/* SPDX-License-Identifier: MIT
 * Numbers that nobody has: between the first and the last document of a period, and among the
 * markers of a source. */
#ifndef KOPPEL_RECONCILE_RECONCILE_GAPS_H
#define KOPPEL_RECONCILE_RECONCILE_GAPS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Zeroed is empty. */
struct reconcile_gaps {
    struct reconcile_series {
        char *prefix;    /* what stands before the number: "2026-" */
        int64_t *list;   /* every number that is there, whenever it is dated */
        int count, room;
        int64_t first, last; /* of the period; last < first: none is in it */
    } *series;
    int count;
    bool many;           /* too many prefixes to be series */
    int64_t *markers;
    int marker_count, marker_room;
};

/* A document of the source. inside: it is dated in the period. version: 0: it has no marker. -1: no
 * memory. */
int reconcile_gaps_add(struct reconcile_gaps *g, const char *reference, bool inside,
                       int64_t version);
/* {"numbers":[{"prefix","first","last","count"}], "number_count", "markers":{"first","last",
 * "unseen"} or null}; at most `limit` rows. NULL: no memory. */
json_t *reconcile_gaps_report(struct reconcile_gaps *g, int limit);
void reconcile_gaps_done(struct reconcile_gaps *g);

#endif
