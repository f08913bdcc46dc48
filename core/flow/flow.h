/* SPDX-License-Identifier: MIT
 * A flow at work: what the steps of a record's way share. core/README tells the way. */
#ifndef KOPPEL_FLOW_FLOW_H
#define KOPPEL_FLOW_FLOW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "behaviour/behaviour.h"
#include "config/conf.h"
#include "connection/connection.h"
#include "flow/knowledge.h"
#include "flow/outcomes.h"
#include "flow/young.h"
#include "mapping/map.h"
#include "mapping/told.h"
#include "store/store.h"

#define FLOW_SCOPE_BYTES 256
#define FLOW_GONE "_gone" /* member of a raw record that its snapshot no longer shows */

struct hold;

#define FLOW_NO_ROOM "disk.low" /* the store's disk is almost full */

struct flow {
    const struct conf_flow *conf;
    const struct cat_entity *source, *dest;
    const struct behaviour *behaviour;
    struct means means;    /* of dest */
    struct connection *from, *to;
    struct store *store;
    int64_t run;           /* number of this run; 0: it is none (a preview) */
    const char *trigger;   /* why it runs: "schedule", "hand" ...; NULL: it is no run */
    int64_t begun_ms;      /* since 1970 UTC */
    bool silent;           /* what it does is told to whoever asked, never logged */
    const char *language;  /* of words that Koppel itself writes; NULL: English */
    char scope[FLOW_SCOPE_BYTES]; /* of the links it makes: "till/order>books/sales-invoice" */
    int64_t quiet_ms;      /* after a write whose outcome nobody saw */
    int64_t lag_ms;        /* of a look-up behind a write */

    atomic_bool *stop;     /* set from outside: finish the record at hand, start nothing new */
    atomic_bool halted;    /* a person is needed, or the lease of the reader is lost; `why` says */
    pthread_mutex_t lock;  /* guards what follows, and goes with changed and over */
    pthread_cond_t changed; /* something was appended, settled, or is to stop; monotonic */
    pthread_cond_t over;    /* a thread of it ended, or it is to stop; monotonic */
    struct koppel_error why;
    struct koppel_error store_why; /* deliveries wait for the store; kind 0: it works */
    int64_t changes, ends; /* how often these were signalled */
    struct job_refused {   /* jobs that were refused alike, none done in between */
        struct job_refused *next;
        int part;
        int64_t off;
    } *refused;

    atomic_llong read, settled; /* of this run, for the progress bar */
    /* of an order to read again: records looked at, and of how many (-1: unknown) */
    atomic_llong again_looked, again_total;
    /* Of a run that delivers what is pushed: how often something was, and whether it stays for
     * more, which changes under the engine's lock only. */
    atomic_llong pushed;
    atomic_bool lingers;
    atomic_bool looked;      /* the first page of this run was read, or could not be */
    atomic_llong call_us;    /* about what a write takes at the destination; 0: not known yet */
    atomic_bool worked;      /* something was done in this run */
    atomic_bool any_refused; /* `refused` is not empty */
    atomic_bool all_refused; /* everything is refused alike: none of it is parked for itself */
    atomic_bool noticed;   /* what is left out was said once in this run */
    struct outcomes outcomes; /* of this run, for the log */
    struct told *told;     /* what was told once in this run */
    struct young young;    /* what was read and not delivered yet */
    struct hold *hold;     /* NULL: nothing can hold this flow; of who called hold_by */
    /* Of one that another flow reads up: may more be read? KOPPEL_E_RETRY, FLOW_NO_ROOM: not now.
     * NULL: always. */
    int (*room)(void *arg, struct koppel_error *err);
    void *room_arg;
};

/* The scope of the links that a flow makes; its length, as snprintf. */
int flow_scope(const struct conf_flow *conf, char out[FLOW_SCOPE_BYTES]);
/* connections, store and stop are borrowed. */
int flow_init(struct flow *f, const struct conf_flow *conf, struct connection *from,
              struct connection *to, struct store *store, atomic_bool *stop,
              struct koppel_error *err);
/* Makes the store know it; whoever reads or delivers does this first. */
int flow_declare(struct flow *f, struct koppel_error *err);
/* What its mappings tell besides their outcome: a default row is told once per run, with its
 * value, and in notes. recorder: NULL, or what gets their explanation. */
struct map_tell flow_tell(struct flow *f, json_t *notes, struct map_recorder *recorder);
/* Takes what flow_init made, or did not. */
void flow_done(struct flow *f);

/* Stops the flow with a reason that a person must see; the first one stays. */
void flow_halt(struct flow *f, const struct koppel_error *why);
/* Asks it to stop, from any thread: whoever sleeps for it or for one of its systems wakes. */
void flow_stop(struct flow *f);
bool flow_stopping(const struct flow *f); /* asked to stop, or halted */
/* Wakes whoever waits for this flow or its peers: something was appended or settled, or it is to
 * stop. */
void flow_signal(struct flow *f);
/* The same, and whoever waits for its threads: one of them ended, or it is to stop. */
void flow_signal_end(struct flow *f);
/* Sleeps until the flow was signalled after `seen` (what the last call gave, 0 at first), at most
 * so long (-1: as long as it takes). Gives the new count. */
int64_t flow_wait(struct flow *f, int64_t seen, int64_t at_most_ms);
/* The same for flow_signal_end alone. */
int64_t flow_wait_end(struct flow *f, int64_t seen, int64_t at_most_ms);
/* Sleeps so long, or until it is to stop, whatever happens meanwhile. */
void flow_sleep(struct flow *f, int64_t at_most_ms);

/* Waits until the destination may be called; false: stopping. */
bool flow_wait_turn(struct flow *f);
/* Would flow_wait_turn wait for the destination? */
bool flow_must_wait(const struct flow *f);
/* Does the destination rest, as it failed as a whole? */
bool flow_resting(const struct flow *f);

enum refusal {
    REFUSAL_OF_ONE,   /* this record is refused, others are taken */
    REFUSAL_ONCE_MORE, /* nothing of this flow was ever taken: one more try tells */
    REFUSAL_OF_ALL,   /* several were refused alike, or one twice, and none was taken in between */
};

/* The destination refused a record as it would refuse every one (403, 405): is it the record? */
enum refusal flow_refused(struct flow *f, const struct store_job *job,
                          const struct koppel_error *err);
/* A record was done: what was refused before it was refused for itself. */
void flow_worked(struct flow *f);

#define FLOW_PAUSED "paused/" /* the note of that name holds the reason */
/* Is the flow paused, and why? *why: NULL: it is not (caller frees). -1: the store does not say, so
 * nobody may go on as if it were not. */
int flow_paused(struct store *s, const char *flow, char **why, struct koppel_error *err);

#endif
