/* SPDX-License-Identifier: MIT
 * Orders to read again on purpose, beside the cursor of a flow, which they never move. An order
 * stands in the store until it is carried out: an entry "again" of its log holds what was ordered,
 * the note "again/FLOW" its number, and "again.at/FLOW" how far the reading came, so that the next
 * run goes on where the last one was cut short. A flow has one; a newer one takes its place. */
#ifndef KOPPEL_FLOW_AGAIN_H
#define KOPPEL_FLOW_AGAIN_H

#include <jansson.h>

#include "base/date.h"
#include "store/store.h"

/* A member of a raw record that was read again: AGAIN_LOOK asks the destination what stands there,
 * where its link would say that nothing has changed; AGAIN_MAKE besides makes anew what is not
 * there. */
#define AGAIN_MARK "_again"
#define AGAIN_LOOK "look"
#define AGAIN_MAKE "make"

#define AGAIN_NAMED 1000 /* unknown keys that are named; more are only counted */

/* What is ordered; all borrowed. */
struct again_order {
    const char *since;  /* records of that day or later, as date_format_day; NULL: of any day */
    const json_t *keys; /* list of texts: these only; NULL: all */
    const char *how;    /* AGAIN_LOOK, AGAIN_MAKE; NULL: a link is taken at its word */
};

/* Leaves an order for the next run of the flow; the same one again goes on where it is. */
int again_put(struct store *s, const char *flow, const char *who, const struct again_order *order,
              struct koppel_error *err);
/* The order that waits or is under way. *order: as it was given, an object with "since", "keys" and
 * "how"; NULL: there is none. *at: {"id", "place", "looked", "taken", "total" (null: unknown),
 * "unknown", "names" (of unknown keys), "over"}. The caller's. */
int again_get(struct store *s, const char *flow, json_t **order, json_t **at,
              struct koppel_error *err);
/* Keeps how far it came. */
int again_keep(struct store *s, const char *flow, const json_t *at, struct koppel_error *err);
/* Is this still the order of the flow? */
int again_is(struct store *s, const char *flow, json_int_t id, bool *is, struct koppel_error *err);
/* How it stands, without what it holds: {"looked","taken","total","unknown","names","over"}; null:
 * nothing was ever ordered. The caller's. */
int again_state(struct store *s, const char *flow, json_t **out, struct koppel_error *err);

#endif
