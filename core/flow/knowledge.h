/* SPDX-License-Identifier: MIT
 * What may be there, and what follows from it: the one decision table of delivery. Pure: it looks
 * at a link, at how the destination lets a write be repeated, and at what a look-up gave; who asks
 * carries it out and asks again. Every rule here keeps a record from being doubled, lost or taken
 * for another's under some order of crashes, lost answers and late requests (tests/flow). */
#ifndef KOPPEL_FLOW_KNOWLEDGE_H
#define KOPPEL_FLOW_KNOWLEDGE_H

#include <stdbool.h>

#include "catalogue/catalogue.h"
#include "store/store.h"

/* How the destination lets a write be found or repeated whose outcome nobody saw. */
struct means {
    bool find;   /* by a reference of ours, or by match keys */
    bool upsert; /* a create writes over what is there under the record's own key */
    bool keyed;  /* an idempotency key: the same request twice is done once */
    /* What is found under our reference was made for this record, or is a stranger's; else
     * (customers, articles) it is the record itself, whoever made it. */
    bool owned;
};
struct means knowledge_means(const struct cat_entity *destination);

/* What the look-up that was asked for gave. */
enum asked {
    ASKED_NOT,
    ASKED_NOTHING,
    /* One record, equal in customer and total to what it is compared with: to what was begun where
     * a write is in doubt, else to what is to be written. */
    ASKED_EQUAL,
    ASKED_OTHER, /* one record that is not */
};

enum verdict {
    VERDICT_QUIET,  /* too early: nothing may be sent and nothing believed in the quiet time */
    VERDICT_FIND,   /* look it up */
    VERDICT_BEFORE, /* what was begun did not happen: knowledge_before(), then ask again */
    VERDICT_AFTER,  /* it did: knowledge_after(), then ask again */
    /* Whether what was begun happened cannot be asked, and need not be: what is written next is
     * written over it. knowledge_open(), then ask again. */
    VERDICT_OPEN,
    VERDICT_STANDS, /* what stands there is taken as it is: knowledge_stands(), then ask again */
    VERDICT_REPEAT, /* send exactly what was begun once more, under its key */
    VERDICT_UNSURE, /* nobody can tell: a person */
    VERDICT_TAKEN,  /* the reference is another document's: a person */
    VERDICT_ADOPT,  /* somebody else made what we would have made: link it, send nothing */
    VERDICT_CREATE, /* announce and create */
    VERDICT_CHANGE, /* it stands there: compare, and change by the policy */
};

/* quiet_ms: what is left of the quiet time of a LINK_MAYBE. */
enum verdict knowledge_decide(const struct store_link *link, const struct means *means,
                              enum asked asked, int64_t quiet_ms);

/* The link once it is known that what was begun did not happen: what was certain before. */
void knowledge_before(struct store_link *link);
/* The link of what stands there with the one or the other content: with none that is known, so that
 * nothing is taken for unchanged, were the next write refused or never sent. */
void knowledge_open(struct store_link *link);
/* The link once it is known that what was begun was done. id: of the record it made or changed
 * (NULL: as before); copied. last: what was begun brings the record to its end; else its digest
 * stays unknown, as more follows. -1: no memory. */
int knowledge_after(struct store_link *link, const char *id, bool last);
/* The link for what was found under its reference without being known: its content is unknown, so
 * that it is compared with what should stand there. -1: no memory. */
int knowledge_stands(struct store_link *link, const char *id, int chain);

#endif
