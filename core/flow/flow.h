/* SPDX-License-Identifier: MIT
 * A flow at work: what the steps of a record's way share. core/README tells the way. */
#ifndef KOPPEL_FLOW_FLOW_H
#define KOPPEL_FLOW_FLOW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "config/conf.h"
#include "connection/host.h"
#include "connection/pages.h"
#include "store/store.h"

#define FLOW_SCOPE_BYTES 256
#define FLOW_GONE "_gone" /* member of a raw record that its snapshot no longer shows */

/* The keys that this run's reading of a snapshot has shown, by hash, and how far it is. */
struct flow_shown {
    uint64_t *hashes;
    size_t count, room;
    char *cursor; /* NULL: at the beginning */
    struct pages *pages; /* where pages have numbers: those that are read ahead */
    uint32_t page;       /* the next one */
};

/* Which articles are held, and why (hold.c). */
struct flow_held {
    struct flow *const *feeders; /* the flows that bring the till's sales to the books; borrowed */
    int count;
    pthread_mutex_t lock;   /* guards what follows */
    json_t *articles;       /* number -> reason; NULL: not looked yet */
    char *all;              /* every article is held, and why; NULL: not so */
    int64_t looked_ms;      /* monotonic; 0: not yet */
    struct koppel_error
        why; /* kind 0: the look succeeded; else it is not repeated for every article */
};

struct flow {
    const struct conf_flow *conf;
    const struct cat_entity *source, *dest;
    struct connection *from, *to;
    struct store *store;
    char scope[FLOW_SCOPE_BYTES]; /* of the links this flow makes: "till/order>books/sales-invoice"
                                   */
    atomic_bool *stop; /* set from outside: finish the record at hand, start nothing new */
    atomic_llong
        hold_until_ms; /* the destination asked for rest, or is down: nobody sends before */
    atomic_int failures;          /* of the destination as a whole, in a row */
    atomic_bool halted;           /* CONFIG or AUTH: a person is needed; `why` says which */
    pthread_mutex_t why_lock;
    struct koppel_error why;
    atomic_llong read, settled;   /* of this run, for the progress bar */
    atomic_bool noticed;          /* what is left out was said once in this run */
    struct flow_shown shown;      /* the reading thread's */
    struct flow_held *held;       /* NULL: nothing can hold this flow; of who called flow_hold_by */
};

/* The scope of the links that a flow makes; its length, as snprintf. */
int flow_scope(const struct conf_flow *conf, char out[FLOW_SCOPE_BYTES]);
int flow_init(struct flow *f, const struct conf_flow *conf, struct connection *from,
              struct connection *to, struct store *store, atomic_bool *stop,
              struct koppel_error *err);
void flow_done(struct flow *f);

/* Stops the flow with a reason that a person must see; the first one stays. */
void flow_halt(struct flow *f, const struct koppel_error *why);
bool flow_stopping(const struct flow *f); /* asked to stop, or halted */
/* Waits until the destination may be called again; false: stopping. */
bool flow_wait_turn(struct flow *f);
/* The destination failed as a whole, or answered again. */
void flow_peer_failed(struct flow *f, const struct koppel_error *err);
void flow_peer_works(struct flow *f);

#define FLOW_PAUSED "paused/" /* the note of that name holds the reason */
/* Why a flow is paused, NULL: it is not (caller frees). */
char *flow_paused(struct store *s, const char *flow);

/* direction.c: claims the way of products between two connections; KOPPEL_E_CONFIG where they
 * travel the other way. Nothing for other models. */
int flow_claim_direction(const struct flow *f, struct koppel_error *err);
/* Gives a flow's claim back. */
int flow_release_direction(struct store *s, const char *flow, struct koppel_error *err);

/* hold.c: this flow waits for the sales of the feeders (borrowed for its life). f->held is the
 * caller's to free, when no thread uses the flow any more. */
int flow_hold_by(struct flow *f, struct flow *const *feeders, int count, struct koppel_error *err);
void flow_held_free(struct flow_held *h);

/* read.c: source -> journal, one page. *more: call again at once. Nothing is filtered or mapped. */
int flow_read_page(struct flow *f, bool *more, struct koppel_error *err);
/* Ends the requests that read ahead; before the thread that reads ends. */
void flow_read_end(struct flow *f);
void flow_shown_done(struct flow_shown *s);

/* deliver.c: leases partitions and settles what is in them until there is no work (once) or the
 * flow stops. `reading` (may be NULL) tells whether more may still arrive. Runs on each worker
 * thread. */
void flow_deliver(struct flow *f, const char *owner, const atomic_bool *reading);

/* references.c: makes sure that what the core record refers to exists at the destination and writes
 * the aliases into it (customer.ref, lines[].ref). steps receives what was done. */
int flow_resolve(struct flow *f, json_t *core, json_t *steps, json_t *trace,
                 struct koppel_error *err);

/* digest.c: 32 hex digits over a record's canonical text. -1: no memory. */
#define FLOW_DIGEST_BYTES 33
int flow_digest(const json_t *record, char out[FLOW_DIGEST_BYTES]);

/* remedy.c: what a person can do about a reason code, one sentence; "" where nothing general helps.
 */
const char *flow_remedy(const char *reason);

/* preview.c: source -> core -> destination of up to `limit` records, nothing written. visit
 * receives
 * {"key","source","core","destination","outcome","reason"}. */
int flow_preview(struct flow *f, int limit, int (*visit)(void *arg, json_t *row), void *arg,
                 struct koppel_error *err);

#endif
