/* SPDX-License-Identifier: MIT
 * What a record of the source comes to. */
#ifndef KOPPEL_RECONCILE_RECONCILE_SOURCE_H
#define KOPPEL_RECONCILE_RECONCILE_SOURCE_H

#include "flow/work.h"
#include "reconcile/reconcile.h"

/* Fills standing, why and all of p->source but its key, from a work that preview_shape has made
 * (its core record is there); why: what that failed with, kind 0: nothing. -1: no memory. */
int reconcile_source_measure(struct reconcile *r, struct work *w, struct koppel_error *why,
                             struct reconcile_pair *p);

#endif
