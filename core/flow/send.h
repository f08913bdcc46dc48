/* SPDX-License-Identifier: MIT
 * The one way to write at the destination: announce it on the link, send it while the lease has
 * time left, and bring the link up to date by the answer. Records and what they refer to, creates,
 * updates, corrections and withdrawals, one at a time or many in a call: all go this way. */
#ifndef KOPPEL_FLOW_SEND_H
#define KOPPEL_FLOW_SEND_H

#include "flow/flow.h"
#include "flow/links.h"

#define SEND_VERSION_BYTES 32
#define SEND_LEFT_MS 500 /* what a lease must be good for when a request leaves */
#define SEND_KEY_BYTES 251 /* as the contract says of a job, NUL included */

/* One write. */
struct send {
    /* given; borrowed */
    const struct cat_entity *entity;
    const char *scope, *key;   /* of the link */
    struct store_link *link;   /* what is known; in the batch's links */
    enum link_write write;
    const char *id;            /* UPDATE, REMOVE, and an upsert of what stands there */
    const char *ref;           /* the document's own reference, as it stands in record; NULL */
    json_t *record;
    const json_t *previous;    /* what stands there, where it was looked up; NULL */
    const char *digest;        /* of the core record that is whole with this; NULL: more follows */
    int64_t version;           /* of the source record */
    json_t *trace, *notes;     /* receive the exchanges, and the connector's steps; may be NULL */
    char job_key[SEND_KEY_BYTES]; /* the idempotency key */

    /* result */
    bool begun;                /* announced: what is in `known` is what the link knew before */
    bool sent;                 /* a request may have left */
    bool done;
    bool put;                  /* the link has changed and the store does not know yet */
    char *new_id;              /* done: the destination's id; the caller's to free by send_done */
    json_t *answer;            /* done: what the destination says of it; NULL: nothing */
    struct koppel_error err;   /* not done; kind 0: it was not sent at all */
};
void send_done(struct send *s);

/* The idempotency key of a job: names the store and the acceptance, so that no other order ever
 * meets its answer. what: which of the job's writes, "" for its first. */
void send_job_key(const struct flow *f, const struct store_job *job, const char *what,
                  char out[SEND_KEY_BYTES]);

uint32_t send_verb(const struct send *s); /* KOPPEL_VERB_* */
/* The write as the connector gets it. Borrows from s and buf. */
struct koppel_write_item send_item(const struct send *s, char buf[SEND_VERSION_BYTES]);

/* Announces all of them in one step of the store. On failure nothing may be sent. */
int send_announce(struct links *l, struct send **sends, int count, struct koppel_error *err);
/* Sends those that were announced, as many in a call as the entity takes, and takes the answers. A
 * write that was refused gives back what its link knew; one whose outcome nobody saw leaves the
 * link in doubt, from now on; one that was done makes it certain. What is not sent, as the flow
 * stops or the lease runs out, be it behind the client's waits, is as if it had not been
 * announced. */
void send_all(struct flow *f, struct links *l, struct send **sends, int count);

#endif
