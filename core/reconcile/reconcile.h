/* SPDX-License-Identifier: MIT
 * Do both systems agree? The documents of a flow in a period, asked of its source and of its
 * destination, never of the journal; compared by the reference that both know them by. */
#ifndef KOPPEL_RECONCILE_RECONCILE_H
#define KOPPEL_RECONCILE_RECONCILE_H

#include "flow/flow.h"
#include "reconcile/reconcile_document.h"
#include "reconcile/reconcile_gaps.h"

#define RECONCILE_DAYS_MAX 3660
#define RECONCILE_DIGEST_BYTES 16

/* Whether a document of the source should stand at the destination. */
enum reconcile_standing {
    RECONCILE_EXPECTED,
    RECONCILE_UNMAPPED,  /* it should, and cannot be brought into that shape; why says so */
    RECONCILE_LEFT_OUT,  /* the flow leaves it out; why is the reason */
    RECONCILE_CANCELLED, /* at the source: what stands there comes to nothing */
};

/* A document of the source that is dated in the period, and what the destination has of it. */
struct reconcile_pair {
    struct reconcile_document source;
    unsigned char digest[RECONCILE_DIGEST_BYTES]; /* of its reference */
    enum reconcile_standing standing;
    char *why;   /* owned; NULL: nothing */
    int there;   /* the first of its documents there, a place in `theres`; -1: none */
    int order;   /* in which it was read */
    bool shared; /* another document of the source has the same reference */
};

struct reconcile_there {
    struct reconcile_document document;
    int next;     /* of the same pair; -1 */
    bool chained; /* it corrects the first one: "REF/2" */
};

/* A document of the source that is dated elsewhere. */
struct reconcile_elsewhere {
    unsigned char digest[RECONCILE_DIGEST_BYTES];
    int day;
};

/* What is compared. Memory is for what is in the period; of all else a few bytes are kept. */
struct reconcile {
    struct flow *flow;   /* borrowed; its store is one in memory, so that nothing is remembered */
    int from, to;        /* days since 1970, both included */
    /* Told after each page: which side, how many records, of how many (-1: unknown). -1: nobody
     * waits any more. May be NULL. */
    int (*tell)(void *arg, const char *side, int64_t read, int64_t total);
    void *arg;

    struct reconcile_codes codes;
    struct reconcile_gaps gaps;
    struct reconcile_pair *pairs; /* by digest, once the source is read */
    int pair_count, pair_room;
    struct reconcile_there *theres;
    int there_count, there_room;
    struct reconcile_elsewhere *elsewhere;
    int elsewhere_count, elsewhere_room;
    bool one_by_one;     /* the destination gives no list: each document was looked for */
    json_t *unreadable;  /* [{"side","key","text"}] */
    json_t *outside;     /* documents there of the period whose source is dated elsewhere */
    json_t *others;      /* documents there that are none of the source's */
    int64_t other_count;
    struct decimal other_incl;
    int64_t source_read, there_read; /* records of both lists */
};

void reconcile_pair_done(struct reconcile_pair *p);
void reconcile_done(struct reconcile *r);

#endif
