/* SPDX-License-Identifier: MIT
 * What a store shows of its jobs: rows, filters, causes, history. Texts of rows are their own. */
#ifndef KOPPEL_STORE_STORE_LOOK_H
#define KOPPEL_STORE_STORE_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

/* A row for `koppel jobs`. */
struct store_job_row {
    char *flow;
    int part;
    int64_t off;
    char *key;
    int64_t version;
    enum job_state state;
    int attempt;
    int64_t at_ms, finished_ms;
    int64_t due_ms;     /* WAITING: by the store's clock, since 1970 UTC */
    int64_t cause;      /* where it stands aside; 0: none */
    bool edited;        /* a person changed the record; `edited` of struct store_ops tells it */
    int64_t read_run, run; /* of its flow: which read it, and which settled it last; 0: none */
    char *reason, *detail, *facts, *brief, *remote_id; /* NULL where none */
};

/* Which jobs are meant; what is NULL or 0 (state: -1) means any. */
struct store_job_filter {
    const char *flow;
    int state;          /* enum job_state */
    const char *reason;
    int64_t cause;      /* of those that stand aside */
    const char *key;
    int64_t from_ms, to_ms; /* accepted at from_ms or later, and before to_ms */
    /* Words that it is found by, all of them, as fold_name() makes them; a job that has not been
     * delivered yet has none. */
    const char *const *words;
    int word_count;
    const char *or_key; /* with words: jobs of this key too, whatever they are found by */
};

/* Where a page ends, so that the next one begins behind it. */
struct store_place {
    int64_t at_ms;
    char job[JOB_ID_BYTES]; /* "": in front of the newest */
};

/* One page of jobs, newest first. */
struct store_page {
    struct store_place after; /* jobs that were accepted before it; need not exist any more */
    int limit;                /* rows at most; 0: 100 */
    /* How long it may take; what is rare is not searched for to the end. 0: 50 ms */
    int64_t budget_ms;
    /* What came of it: more: there may be others, after `next`; looked_to_ms: everything that was
     * accepted since then was looked at (0: all there is); stepped: how many jobs were. */
    bool more;
    struct store_place next;
    int64_t looked_to_ms, stepped;
};

/* A job that a filter means; its texts are borrowed. */
struct store_pick {
    struct job_id id;
    const char *key;
    enum job_state state;
    const char *reason;
    int64_t cause;
};

/* Counts for `koppel status`. */
struct store_counts {
    int64_t read, done, skipped, parked, waiting, pending; /* pending = read - settled - aside */
};

/* Since when things stand, by the store's clock; 0: nothing does. */
struct store_standing {
    int64_t accepted_ms;    /* when the newest record was */
    int64_t undelivered_ms; /* when the oldest one was that has not ended and is not parked */
    int64_t parked_ms;      /* when the oldest one was that is parked */
    int64_t causes;         /* how many different things parked jobs wait for */
};

/* One entry of a job's history, oldest first. */
struct store_activity {
    int64_t at_ms;
    int attempt;
    char *steps; /* JSON text; NULL where retention erased it */
};

/* What several jobs of a flow wait for alike, for a person or for what they lack. */
struct store_cause {
    int64_t id; /* 48 bits; the same for ever */
    char *flow, *reason;
    int64_t parked, waiting;   /* jobs that stand aside for it */
    int64_t first_ms, last_ms; /* when the first of them came, and the last one */
    struct store_job_row example; /* one of them: its detail and facts tell the cause */
};

#define STORE_BUCKET_MS 900000 /* the finest span: a quarter of an hour */

/* What happened in a span of time. */
struct store_bucket {
    const char *flow;
    int64_t at_ms, step_ms; /* when it begins, and how long it is */
    int64_t read, done, skipped, parked; /* records that were read, jobs that came to this */
};

#endif
