/* SPDX-License-Identifier: MIT
 * A world for flow tests: a source, the fake peer, and hosts that run the real flow code on one
 * shared store. Every call that leaves the flow code (of the store, of the peer) passes a gate,
 * where a test can let it go, fail it, lose its answer, or end the host. The clock is the
 * test's. */
#ifndef KOPPEL_TESTS_FLOW_WORLD_H
#define KOPPEL_TESTS_FLOW_WORLD_H

#include <pthread.h>
#include <stdbool.h>

#include "flow/flow.h"
#include "peer.h"

#define WORLD_HOSTS 2
#define WORLD_VERSIONS 64

/* How the destination lets a write be found or repeated. */
enum world_way {
    WAY_LOOKUP,     /* documents with our reference, updated and removed */
    WAY_DIFFERENCE, /* the same, corrected by credit and whole */
    WAY_SINGLE,     /* the same, corrected by one difference */
    WAY_MATCH,      /* records by a match key */
    WAY_KEYED,      /* idempotency keys, no look-up */
    WAY_KEYED_SUM,  /* idempotency keys; documents that are corrected by credit and whole */
    WAY_UPSERT,     /* a create writes over */
    WAY_NEVER,      /* neither */
    WAY_REFERENCE,  /* documents by look-up, whose customer is made and kept up to date first */
    WORLD_WAYS
};
const char *world_way_name(enum world_way way);

/* What else is special about the destination. */
enum world_mood {
    MOOD_PLAIN,
    MOOD_UNIQUE,      /* it refuses a second document of one reference */
    MOOD_LAGS,        /* its look-ups lag, as its catalogue says */
    MOOD_CONDITIONAL, /* it takes conditional writes */
    MOOD_TAKEN,       /* somebody else has booked something under the reference */
    MOOD_EQUAL,       /* somebody else has booked just what we would */
    WORLD_MOODS
};
const char *world_mood_name(enum world_mood mood);

enum world_gate {
    GATE_LEASE,
    GATE_READ,
    GATE_ASIDE,
    GATE_FIND,
    GATE_ANNOUNCE,
    GATE_ANNOUNCED,
    GATE_SEND,
    GATE_ANSWER,
    GATE_KEEP,
    GATE_SETTLE,
    GATE_RELEASE,
    WORLD_GATES
};
const char *world_gate_name(enum world_gate gate);

enum world_do {
    DO_GO,
    DO_FAIL,   /* store: an error, nothing done; peer: 503 */
    DO_REJECT, /* peer */
    DO_LOSE,   /* peer: the request never arrives, and nobody knows. Store: as DO_LOSE_ANSWER */
    DO_LOSE_ANSWER, /* it is done, and the answer is lost */
    DO_LATE,        /* peer: no answer; it is applied later */
    DO_KILL,        /* the host ends before it */
    DO_KILL_AFTER,  /* and after it */
    DO_KILL_LATE,   /* peer: the host ends, and the request is applied later */
    WORLD_DOS
};
const char *world_do_name(enum world_do what);

struct world;

struct world_host {
    struct store base; /* what the flow code sees: every call passes the gate */
    struct store_ops ops;
    struct store *real;
    struct world *world;
    int number;
    bool dead; /* nothing that it does has an effect any more */
    struct connection *from, *to;
    struct flow flow;
    bool open;
    atomic_bool stop;
};

struct world_version {
    char key[32];
    int64_t version;
    int content;    /* total in whole euros; 0: cancelled, or gone */
    bool cancelled; /* content 0: it is shown as cancelled, though its kind would be gone */
    int customer;   /* 0: of its own; else that of the key number customer - 1 */
};

struct world {
    enum world_way way;
    enum world_mood mood;
    bool batched; /* the destination takes many in a call */
    struct peer peer;
    struct world_host *hosts[WORLD_HOSTS], *reader;
    struct world_version versions[WORLD_VERSIONS];
    int version_count, read_count;
    char flow_name[32];
    /* When a late request arrives after it was sent; -1: when the test says so, within late_life
     * ticks of its schedule. */
    int64_t late_ms;
    int late_life;
    bool set;                                /* world_set was called */
    const char *reject_reason, *fail_reason; /* of the peer's refusals and failures */
    int reject_kind;                         /* of its refusals; 0: KOPPEL_E_REJECTED */
    /* Asked at every gate; NULL: all go. In the host's thread. */
    enum world_do (*gate)(void *arg, struct world_host *h, enum world_gate gate);
    void *arg;
};

/* Once per program; folder of the store's file is made and removed. */
void world_start(void);
void world_stop(void);

/* A fresh world: other keys, an empty peer, live hosts. */
struct world *world_new(enum world_way way, bool batched, enum world_mood mood);
void world_free(struct world *w);
/* The key number n of this world. */
const char *world_key(const struct world *w, int n, char buf[32]);
/* The source has a new version of the key. */
void world_emit(struct world *w, const char *key, int content);
/* Another setting of the flow, in this world. */
void world_set(struct world *w, const char *name, const char *value);
/* Reads the source up to now, by a host of its own that nothing happens to. */
void world_read(struct world *w);
/* Delivers what is due on this host until nothing is, the flow halts or the host dies. */
void world_deliver(struct world *w, int host);
/* In the thread of world_deliver. */
void world_kill(struct world_host *h);
/* A new process in the place of this host: nothing of it but the store. */
void world_restart(struct world *w, int host);
/* Time passes: leases of living hosts are renewed (but for that of `paused`, -1: none), late
 * requests arrive. */
void world_pass(struct world *w, int64_t ms, int paused);
/* No faults any more: until everything is settled. false: it comes to no end. */
bool world_drain(struct world *w);
/* A person asks for all that is parked again. */
void world_retry(struct world *w);
/* The store was lost, and comes back from a backup. All hosts are new. */
void world_backup(struct world *w);
void world_restore(struct world *w);

/* What became of the newest version of the key: its state, its reason and words; content: what
 * should stand there. */
struct world_end {
    enum job_state state;
    int attempt;
    char reason[48], detail[300];
};
void world_end_of(struct world *w, const char *key, struct world_end *out);
/* Do the peer's books hold what the source says of this key? Else why says what they hold. */
bool world_right(struct world *w, const char *key, char *why, size_t room);
/* What the source says of the key now; -1: nothing. */
int world_content(const struct world *w, const char *key);

#endif
