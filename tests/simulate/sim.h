/* SPDX-License-Identifier: MIT
 * A model of several hosts on one store: leases, clocks, announcements, lost answers, take-overs, a
 * server that crashes. What the program decides by is the program's own (flow/knowledge.c,
 * store/unseen.c, held_good_ms); who acts when is drawn.
 *
 * Everything happens at a moment of one true time, in ms. A call of the store is sent, applied and
 * answered at three of them; a request of the peer too, and it may be applied long after nobody
 * waits for it any more. */
#ifndef KOPPEL_TESTS_SIM_H
#define KOPPEL_TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/knowledge.h"

#define SIM_HOSTS 3
#define SIM_WORKERS 2 /* of each host */
#define SIM_KEYS 4
#define SIM_PARTS 2
#define SIM_CHANGES 10 /* at the source, at most */
#define SIM_JOBS 32
#define SIM_BATCH 4
#define SIM_REQUESTS 64
#define SIM_DOCS 32
#define SIM_NEVER INT64_MAX

#define SIM_LEASE_MS 15000
#define SIM_TIMEOUT_MS 8000 /* of a request */
#define SIM_QUIET_MS 5000   /* how much later it may still be applied */
#define SIM_LAG_MS 1000     /* how old a look-up's answer may be */

/* What the program does right and the model can be told to do wrong. */
enum sim_hole {
    HOLE_NONE,
    HOLE_ANNOUNCE_LATE,  /* the announcement is written after the request left */
    HOLE_DEADLINE_LATE,  /* a lease is good from the answer on, not from before the question */
    HOLE_NO_TAKEOVER,    /* a take-over begins no quiet time */
    HOLE_NEWEST,         /* what may be there is resolved by the newest version */
    HOLE_EPOCH_AGAIN,    /* a number that a crash took back is given again */
    HOLE_NO_QUIET,       /* what had no answer is looked up at once */
    HOLE_NO_FENCE,       /* links and outcomes are written without looking at the lease */
    HOLE_NO_TIME_LEFT,   /* a request leaves, however little is left of the lease */
    HOLE_READERS,        /* a page is appended without looking at the cursor */
    HOLE_TWICE,          /* an outcome that is settled again counts again */
    HOLE_OWN_CLOCK,      /* times are those of the host's own clock */
    HOLE_BEAT_SOFT,      /* a crash may take back that a lease was renewed */
    HOLE_SETTLED,        /* what failed gives its lease back as if all were settled */
    HOLE_STALE_LOOK,     /* a write that waited leaves by what was seen of its lease before */
    HOLE_STOP,           /* what a stop cut off counts from its announcement */
    HOLE_COUNT
};

/* ---- the store ---- */

struct sim_link {
    enum link_state state;
    int id;       /* of the document; 0: none */
    int content;  /* that is known to stand there; 0: unknown */
    enum link_write write;
    int begun;    /* the content that was sent; 0: none */
    int job;      /* whose, which names the idempotency key */
    int64_t unseen, epoch;
    int part;
};

struct sim_lease {
    int owner; /* 0: it was given back */
    int64_t epoch, until, taken;
    int cursor; /* of the partition's jobs */
};

struct sim_job {
    int key, content;
    enum job_state end; /* NEW: none yet */
};

struct sim_aside {
    int job; /* -1: nothing of this key */
    bool parked;
    int64_t due;
};

struct sim_db {
    int64_t epoch; /* the last that was given */
    struct sim_lease lease[SIM_PARTS], source;
    struct sim_link link[SIM_KEYS];
    struct sim_aside aside[SIM_KEYS];
    struct sim_job jobs[SIM_JOBS];
    int job_count;
    int heads[SIM_PARTS], log[SIM_PARTS][SIM_JOBS]; /* job numbers by partition */
    int tally; /* ends that were counted */
};

/* ---- the peer ---- */

struct sim_doc {
    int key, content, id, job; /* job: whose idempotency key made it */
    int64_t at;
};

struct sim_request {
    bool used;
    int key, content, id, job;
    enum link_write write;
    int64_t arrives;
    /* the worker that waits; its life is over where lives differ */
    int worker, life, ticket;
    int64_t answers; /* SIM_NEVER: it is lost */
    bool refuses;    /* it is refused, and did nothing */
};

/* ---- hosts ---- */

enum sim_state {
    W_FREE, W_LEASE, W_READ, W_LINKS, W_LOOK, W_ANNOUNCE, W_SEND, W_WAIT, W_SETTLE, W_RELEASE
};

struct sim_work {
    int job, key;
    struct store_link link, known; /* known: before the announcement */
    enum asked asked;
    int found, found_content;
    bool settled, put, planned, sent;
    bool waited, seen; /* it waited for its turn at the peer; what was seen of the lease before */
    enum job_state end;
    int64_t retry_in;
    const char *complaint; /* what is wrong, if this is settled so; NULL: nothing */
    enum link_write write;
    int send_content, send_job;
};

struct sim_worker {
    enum sim_state state;
    int64_t at;       /* it acts; SIM_NEVER: it waits for an answer */
    int64_t apply_at; /* the call of the store that it made is applied; 0: none */
    bool failed;      /* what it hears of that call */
    int64_t asked_at; /* when it left */
    int part;
    int64_t epoch, deadline; /* of its lease; epoch 0: it has none */
    bool lost;
    bool unsettled; /* what it sent could not be settled */
    struct sim_work work[SIM_BATCH];
    int count, next, cursor;
    /* what the answer of the request under way says: 0 none, 1 done, 2 refused, 3 a stop cut it */
    int sent_ok;
    bool stopping;
    int sent_id;
    int ticket;       /* of the request that it waits for */
};

struct sim_reader {
    int step; /* 0 free, 1 leasing, 2 appending */
    int64_t at, apply_at, epoch;
    int from, count, cursor;
    bool failed;
};

struct sim_host {
    int owner, life;
    int64_t back;      /* it was killed, and begins again then; 0: it lives */
    int64_t frozen;    /* until */
    int64_t cut;       /* until then it does not reach the store */
    int64_t clock;     /* what it takes the store's time for, less the true one */
    int64_t known;     /* the highest epoch that it was given */
    bool doomed;       /* its next beat is its last for a while */
    int64_t harried;   /* until then what it sends to the peer likes to arrive at the very last */
    int64_t beat_at, beat_apply, beat_sent;
    int64_t beat_epoch[SIM_WORKERS];
    bool beat_stands[SIM_WORKERS], beat_failed;
    struct sim_worker workers[SIM_WORKERS];
    struct sim_reader reader;
};

struct sim {
    enum sim_hole hole;
    bool told; /* print every step */
    uint64_t random;
    int64_t now;
    struct means means;
    int parts;
    int lost_percent, late_percent, slow_percent;
    int nasty_percent; /* a fault strikes where it hurts most */
    struct { int key, content; int64_t at; } changes[SIM_CHANGES];
    int change_count;
    struct sim_db db, durable; /* durable: what a crash leaves */
    int64_t db_back, flush_at, crash_at; /* it is down until db_back */
    struct sim_doc docs[SIM_DOCS];
    int doc_count, doc_last, newest[SIM_KEYS];
    struct sim_request requests[SIM_REQUESTS];
    struct sim_host hosts[SIM_HOSTS];
    int owners, tickets;
    int64_t fault_at, chaos_ends;
    int faults;
    char wrong[160]; /* "": nothing is */
};

uint32_t sim_draw(struct sim *s, uint32_t below);
bool sim_chance(struct sim *s, int percent);
int64_t sim_between(struct sim *s, int64_t low, int64_t high);
void sim_wrong(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_tell(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* sim_db.c: what a transaction does. hard: it is on the disk with all before it. */
void sim_db_commit(struct sim *s, bool hard);
void sim_db_crash(struct sim *s);
bool sim_db_lease(struct sim *s, struct sim_host *h, struct sim_worker *w);
bool sim_db_fenced(struct sim *s, const struct sim_host *h, const struct sim_worker *w);
void sim_db_read(struct sim *s, const struct sim_host *h, struct sim_worker *w);
void sim_db_links(struct sim *s, const struct sim_host *h, struct sim_worker *w);
void sim_db_put(struct sim *s, const struct sim_host *h, const struct sim_worker *w,
                const struct store_link *l, int key, int job);
void sim_db_settle(struct sim *s, const struct sim_host *h, struct sim_worker *w);
void sim_db_append(struct sim *s, struct sim_host *h, struct sim_reader *r);
bool sim_db_read_begin(struct sim *s, struct sim_host *h, struct sim_reader *r);
bool sim_db_work(const struct sim *s, int part, int64_t now);
int64_t sim_db_now(const struct sim *s, const struct sim_host *h);

/* sim_peer.c */
void sim_peer_send(struct sim *s, struct sim_host *h, int worker, const struct sim_work *k);
void sim_peer_arrive(struct sim *s, struct sim_request *r);
void sim_peer_find(struct sim *s, struct sim_work *k);

/* sim_host.c */
void sim_host_begin(struct sim *s, struct sim_host *h);
void sim_host_kill(struct sim *s, struct sim_host *h);
/* The next moment at which anything of it happens; and does it. */
int64_t sim_host_next(const struct sim_host *h);
void sim_host_act(struct sim *s, struct sim_host *h);
/* sim_worker.c: a worker's next step, and the one that the store does for it. */
void sim_worker_act(struct sim *s, struct sim_host *h, struct sim_worker *w);
void sim_worker_apply(struct sim *s, struct sim_host *h, struct sim_worker *w);
void sim_worker_clear(struct sim_worker *w);

#endif
