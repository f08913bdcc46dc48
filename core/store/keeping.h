/* SPDX-License-Identifier: MIT
 * How long a store keeps what it knows, and how large it is. */
#ifndef KOPPEL_STORE_KEEPING_H
#define KOPPEL_STORE_KEEPING_H

#include <stddef.h>
#include <stdint.h>

#define KEEPING_EVER INT64_MAX /* an age that nothing comes to */

/* Ages in milliseconds, counted from a job's end. What has not ended is kept however old it is. */
struct keeping {
    int64_t done_ms, skipped_ms; /* what was read and done of a job: payload, steps, words */
    int64_t rows_ms;             /* the job itself: key, version, outcome, remote id */
};

/* What was erased, or would be. */
struct keeping_sum {
    int64_t contents;  /* jobs of which no more than the row is left */
    int64_t rows;      /* jobs that went as a whole */
    int64_t documents; /* of writes whose outcome nobody saw and nobody waits for */
    int64_t bytes;     /* of all these, sealed */
};

enum keeping_phase {
    KEEPING_SKIPPED,
    KEEPING_DONE,
    KEEPING_ROWS,
    KEEPING_LATE,      /* those that ended after the others of their time were looked at */
    KEEPING_DOCUMENTS,
    KEEPING_END,
};

/* How far a look over the whole store has come; {0}: it begins. */
struct keeping_place {
    enum keeping_phase phase;
    int64_t at; /* the store's */
};

/* How far making the files smaller has come. */
enum keeping_shrunk {
    KEEPING_SHRUNK, /* nothing of what was erased is left in any file */
    KEEPING_MORE,   /* there are more pages to give back */
    KEEPING_BUSY,   /* somebody reads an older state: again a while later */
};

struct keeping_size {
    int64_t file_bytes, wal_bytes; /* on the disk; 0 in memory */
    int64_t free_bytes;            /* of the file: left by what was erased, used again first */
    int64_t disk_free_bytes;       /* for the store; -1: nobody can say */
};

/* A text that the store keeps. All borrowed. */
struct keeping_text {
    const char *what; /* "source", "words", "activity", "edited", "document", "link" */
    const char *flow, *key; /* whose; of a link: who wrote it, its source key */
    const char *scope;      /* of a link, else NULL */
    int part;               /* of a job, as off */
    int64_t off;
    const char *text;
    size_t bytes;
};

/* How far a look at all texts has come; {0}: it begins. */
struct keeping_texts {
    enum { KEEPING_JOBS, KEEPING_ATTEMPTS, KEEPING_LINKS, KEEPING_ALL } phase;
    int64_t at;   /* the store's, as is the key */
    char key[256];
    int64_t jobs; /* that were looked at so far */
};

#endif
