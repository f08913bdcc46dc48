/* SPDX-License-Identifier: MIT
 * A flow at work: what the steps of a record's way share. core/README tells the way. */
#ifndef KOPPEL_FLOW_FLOW_H
#define KOPPEL_FLOW_FLOW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "config/config.h"
#include "plugin/host.h"
#include "store/store.h"

#define FLOW_SCOPE_BYTES 256

struct flow {
    const struct conf_flow *conf;
    const struct cat_entity *source, *dest;
    struct connection *from, *to;
    struct store *store;
    char scope[FLOW_SCOPE_BYTES]; /* of the links this flow makes: "till/order>books/sales-invoice" */
    atomic_bool *stop;            /* set from outside: finish the record at hand, start nothing new */
    atomic_llong hold_until_ms;   /* the destination asked for rest, or is down: nobody sends before */
    atomic_int failures;          /* of the destination as a whole, in a row */
    atomic_bool halted;           /* CONFIG or AUTH: a person is needed; `why` says which */
    pthread_mutex_t why_lock;
    struct koppel_error why;
    atomic_llong read, settled;   /* of this run, for the progress bar */
};

int flow_init(struct flow *f, const struct conf_flow *conf, struct connection *from,
              struct connection *to, struct store *store, atomic_bool *stop, struct koppel_error *err);
void flow_done(struct flow *f);

/* Stops the flow with a reason that a person must see; the first one stays. */
void flow_halt(struct flow *f, const struct koppel_error *why);
bool flow_stopping(const struct flow *f); /* asked to stop, or halted */
/* Waits until the destination may be called again; false: stopping. */
bool flow_wait_turn(struct flow *f);
/* The destination failed as a whole, or answered again. */
void flow_peer_failed(struct flow *f, const struct koppel_error *err);
void flow_peer_works(struct flow *f);

/* read.c: source -> journal, one page. *more: call again at once. Nothing is filtered or mapped. */
int flow_read_page(struct flow *f, bool *more, struct koppel_error *err);

/* deliver.c: leases partitions and settles what is in them until there is no work (once) or the flow
 * stops. `reading` (may be NULL) tells whether more may still arrive. Runs on each worker thread. */
void flow_deliver(struct flow *f, const char *owner, const atomic_bool *reading);

/* references.c: makes sure that what the core record refers to exists at the destination and writes
 * the aliases into it (customer.ref, lines[].ref). steps receives what was done. */
int flow_resolve(struct flow *f, json_t *core, json_t *steps, json_t *trace, struct koppel_error *err);

/* digest.c: 32 hex digits over a record's canonical text. -1: no memory. */
#define FLOW_DIGEST_BYTES 33
int flow_digest(const json_t *record, char out[FLOW_DIGEST_BYTES]);

/* remedy.c: what a person can do about a reason code, one sentence; "" where nothing general helps. */
const char *flow_remedy(const char *reason);

/* preview: source -> core -> destination of up to `limit` records, nothing written. visit receives
 * {"key","source","core","destination","outcome","reason"}. */
int flow_preview(struct flow *f, int limit, int (*visit)(void *arg, json_t *row), void *arg,
                 struct koppel_error *err);

#endif
