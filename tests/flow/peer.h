/* SPDX-License-Identifier: MIT
 * A destination in memory, with books of its own: what stands there, under which reference, and
 * whether anything was ever made twice. It knows nothing of Koppel but the requests. */
#ifndef KOPPEL_TESTS_FLOW_PEER_H
#define KOPPEL_TESTS_FLOW_PEER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define PEER_DOCS 64
#define PEER_REQUESTS 16

struct peer_doc {
    char id[16];
    bool card;      /* a customer's, by its number; else a document */
    json_t *record; /* as it stands there */
    char key[256];  /* the idempotency key it was made under; "": none is kept */
    bool foreign;   /* somebody else's */
    bool removed;
    int64_t shown_ms; /* from when a look-up shows it, by clock_now_ms */
};

struct peer_request {
    uint32_t verb; /* KOPPEL_VERB_*; 0: the place is free */
    bool card;
    char id[16], key[256], version[32];
    json_t *record;
    /* Nobody waits for it any more: when it is applied; INT64_MAX: when the test says so. */
    int64_t at_ms;
    int life;            /* ticks of a schedule after which such a one is lost */
};

struct peer {
    const char *by;   /* the field that names a record: "reference", "number" */
    bool keyed;       /* keeps idempotency keys and the answers */
    bool upserts;     /* a create writes over what has the same name */
    bool unique;      /* a second document of one name is refused: it exists */
    bool replays;     /* answers every create with the first document it has */
    bool conditional; /* an update made for another "version" is refused */
    int64_t lag_ms;   /* of its look-ups behind its writes */
    struct peer_doc docs[PEER_DOCS];
    int count;
    struct peer_request late[PEER_REQUESTS]; /* under way, and nobody waits for them */
    int writes;                              /* that were applied */
    char broken[200];                        /* what must never happen and did; "": nothing */
};

void peer_clear(struct peer *p);
/* Somebody else books a document. */
void peer_foreign(struct peer *p, const char *name, const char *customer, const char *total);

/* Applies a request. 0: *doc is what came of it; else the kind of error, *reason its code. */
int peer_apply(struct peer *p, const struct peer_request *r, struct peer_doc **doc,
               const char **reason);
/* It goes on without its sender. Copies it. */
void peer_orphan(struct peer *p, const struct peer_request *r, int64_t at_ms);
/* Applies what is due by now of it. */
void peer_tick(struct peer *p);
/* Applies, or loses, the oldest one that nobody waits for. false: there is none. */
bool peer_orphan_apply(struct peer *p, bool lose);
/* Schedules: a tick has passed, so that what has no life left is lost; the first one that would be
 * lost next outlives that. */
void peer_age(struct peer *p);
void peer_delay(struct peer *p);

/* The n-th record (from 0) that a look-up shows; NULL: there are no more. */
struct peer_doc *peer_find(struct peer *p, bool card, const char *field, const char *value, int n);

#endif
