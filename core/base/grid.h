/* SPDX-License-Identifier: MIT
 * Rows that are found by one key or several, in which "*" stands for anything: the most specific
 * row that fits wins. Of two with as many keys written out, the one whose first keys are.
 *
 * Keys are joined with '|' where there are several. Filled once, then read-only, for any number of
 * threads.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_GRID_H
#define KOPPEL_BASE_GRID_H

#include <jansson.h>
#include <stdbool.h>

#define GRID_KEYS 8 /* most keys of a row */

struct grid;

struct grid_row {
    const char *key; /* "NL|*" */
    json_t *value;   /* a string */
    int line;        /* where it stands, as grid_add was told */
    bool any;        /* has a "*" among its keys */
};

/* columns: how many keys every row has; 0: as many as its key's '|' tell, and a row "*" is for all
 * of them. NULL: no memory. */
struct grid *grid_new(int columns);
void grid_free(struct grid *g); /* takes NULL */

/* 0; 1: a row with this key is there; -1: key or value is no UTF-8, or there is no memory. key has
 * as many keys as the grid has columns. */
int grid_add(struct grid *g, const char *key, const char *value, int line);

/* The row that a key takes; NULL: none fits. Borrowed. Keys that it lacks are blank. */
const struct grid_row *grid_find(const struct grid *g, const char *key);
/* The rows in the order in which they were added; NULL behind the last. */
const struct grid_row *grid_at(const struct grid *g, int index);
int grid_count(const struct grid *g);

/* Calls tell for each two rows that some key fits equally well, unless that key has a row of its
 * own: both is that key, with "*" where anything goes; taken is the row that wins. It stops when
 * tell gives something else than 0, and looks at GRID_PAIRS pairs at most. */
#define GRID_PAIRS 4000000
void grid_overlaps(const struct grid *g,
                   int (*tell)(void *arg, const struct grid_row *taken,
                               const struct grid_row *other, const char *both),
                   void *arg);

#endif
