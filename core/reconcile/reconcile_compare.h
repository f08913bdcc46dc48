/* SPDX-License-Identifier: MIT
 * One document of the source against what the destination has of it. */
#ifndef KOPPEL_RECONCILE_RECONCILE_COMPARE_H
#define KOPPEL_RECONCILE_RECONCILE_COMPARE_H

#include "reconcile/reconcile.h"

enum reconcile_outcome {
    RECONCILE_SAME,
    RECONCILE_NOT_MEANT, /* it is left out or cancelled, and does not stand there */
    RECONCILE_MISSING,
    RECONCILE_DOUBLE,    /* several documents there, or at the source, have its reference */
    RECONCILE_DIFFERENT,
    RECONCILE_OUTSIDE,   /* there it is dated outside the period */
};

struct reconcile_verdict {
    enum reconcile_outcome outcome;
    bool counts;    /* it is one of the documents that should stand there */
    json_t *fields; /* DIFFERENT: [{"field","source","destination"}] */
    struct reconcile_document sum; /* of all there; it has no key, reference or day */
    int first;      /* there, in `theres`: the document itself, not a correction; -1: none */
    int documents;  /* there, without corrections */
};

/* -1: no memory, or sums beyond what a decimal holds. reconcile_compare_done in any case. */
int reconcile_compare(const struct reconcile *r, const struct reconcile_pair *p,
                      struct reconcile_verdict *out);
void reconcile_compare_done(struct reconcile_verdict *v);
/* An amount as text in a JSON value. */
json_t *reconcile_compare_amount(struct decimal amount);
/* A day as text; null: none. */
json_t *reconcile_compare_day(int day);

#endif
